"""The audit: a vulnerability that is not explained fails it, a missing network does not, and nothing is silent."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.supply import audit

CLEAN: dict[str, Any] = {"name": "idna", "version": "3.20", "vulns": []}
SKIPPED = {"name": "rich", "skip_reason": "not found"}
HIT: dict[str, Any] = {"name": "jinja2", "version": "3.1.0", "vulns": [
    {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-0001"], "fix_versions": []}]}


@pytest.mark.parametrize(("packages", "code", "first"), [
    ([CLEAN], 0, "audit: 1 packages, 0 known vulnerabilities"),
    ([CLEAN, SKIPPED], 0, "audit: 1 packages, 0 known vulnerabilities, NOT ASKED: 1"),
    ([CLEAN, HIT], 1, "audit: 2 packages, 1 known vulnerabilities"),
    ([SKIPPED], 0, "audit: NOT DONE: the service knows none of 1 packages"),
    ([], 0, "audit: NOT DONE: the service knows none of 0 packages"),
])
def test_what_it_says_is_judged(packages: list[object], code: int, first: str) -> None:
    assert (code, first) == ((ended := audit.judged(json.dumps({"dependencies": packages})))[0], ended[1][0])


def test_an_explained_one_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(audit.EXPLAINED, "CVE-2026-0001", "no sandbox is used")
    assert (0, "  jinja2 3.1.0: CVE-2026-0001: no sandbox is used") == (
        (ended := audit.judged(json.dumps({"dependencies": [HIT]})))[0], ended[1][1])


@pytest.mark.parametrize("text", ["", "Traceback", "[]", "{}"])
def test_no_answer_fails_nothing_and_is_said(text: str) -> None:
    assert (0, ["audit: NOT DONE: pip-audit's service could not be reached"]) == audit.judged(text)


def test_a_program_that_is_not_there_or_breaks_says_nothing(tmp_path: Path) -> None:
    assert "" == audit.said(str(tmp_path / "nowhere"))
    broken = tmp_path / "broken"
    broken.write_text(f"#!{sys.executable}\nraise SystemExit(2)\n")
    broken.chmod(0o700)
    assert "" == audit.said(str(broken))


def test_every_explanation_says_something() -> None:
    assert {} == {name: why for name, why in audit.EXPLAINED.items() if len(why) < 20}
