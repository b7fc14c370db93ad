"""The same hostile servers scanned again and again: nothing of a scan stays, however little of it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.hostile import (
    http_bodies,
    http_leading,
    http_names,
    http_pages,
    http_stores,
    tls_broken,
    tls_odd,
    tls_spoken,
)
from tests.hostile.harness import growth
from tests.scan import scans

GROUPS = [http_bodies, http_leading, http_names, http_pages, http_stores, tls_broken, tls_odd, tls_spoken]
LEAK = 0.1                               # MiB a scan: 3 KiB a server, where there are thirty; 0.02 is usual


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__.rpartition(".")[2])
async def test_no_scan_leaves_anything_in_use(group: ModuleType) -> None:
    """Not those that invent names by the thousand: patterns remember what they met, up to a bound."""
    assert await growth(group.BEHAVIOURS) < LEAK


async def test_what_every_scan_leaves_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, usual = [], scans.session_of

    def leaking(*args: Any, **options: Any) -> Any:
        kept.append(bytearray(2**18))
        return usual(*args, **options)

    monkeypatch.setattr("tests.hostile.harness.session_of", leaking)
    assert await growth(http_names.BEHAVIOURS, 3) > LEAK
