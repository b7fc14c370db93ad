"""What has names, sizes or dates and lists no files: in XML as in JSON, in JSON as in text."""

from __future__ import annotations

from typing import Literal

import pytest

from scanner.listing import Verdict, reader

PRODUCTS = "".join(f"<item><name>{name}</name><size>40</size><date>2019-02-18</date></item>"
                   for name in ("Chair", "Table"))
HOSTS = '["files.example.org", "mail.example.org", "www.example.org"]'
CASES: list[tuple[Literal["json", "xml"], str]] = [
    ("xml", f"<?xml version='1.0'?><list>{PRODUCTS}</list>"),
    ("json", HOSTS),
    ("json", f'{{"hosts": {HOSTS}}}'),
    ("json", '["1.0.rc1", "1.1.rc2", "2.0.beta"]'),
]


@pytest.mark.parametrize(("kind", "body"), CASES)
def test_products_hosts_and_versions_are_no_files(kind: Literal["json", "xml"], body: str) -> None:
    one = reader(kind, "/")
    batches = one.feed(body.encode()) + one.close()
    assert (one.verdict, batches) == (Verdict.NOT, [])
