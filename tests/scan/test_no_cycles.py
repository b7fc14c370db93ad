"""What a scan has done with goes at once: nothing of it waits for the garbage collector, which would stop the loop."""

from __future__ import annotations

import gc
from collections import Counter
from typing import Any

from tests.scan.scans import finish, scope_of, session_of
from tests.scan.sites import Cut, Gone, Page, Status, calls

OURS = ("scanner.probes", "scanner.scan.inquiry", "scanner.net", "scanner.listing", "httptools", "pyexpat")
KEPT = frozenset({"scanner.net.pace", "scanner.net.rate"})       # a session's own, not a door's


def left_to_the_collector() -> Counter[str]:
    """What of a visit only the collector could let go, by type."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        kinds = [type(one) for one in gc.garbage]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    return Counter(f"{kind.__module__}.{kind.__qualname__}" for kind in kinds
                   if kind.__module__.startswith(OURS) and kind.__module__ not in KEPT)


async def test_a_door_is_let_go_when_its_visit_ends(serve: Any) -> None:
    multistatus = b"<?xml version='1.0'?><multistatus><response><href>/x/</href>"
    tree = {"calls": calls(30), "shut": Status(403), "gone": Gone(), "cut": Cut(calls(40)), "page": Page(["/calls/"]),
            "rows": Status(207, body=multistatus, kind="text/xml"), "file": Status(200, body=b"RIFF" * 999)}
    site = await serve(tree)
    address = f"http://{site.address}:8080/"
    await finish(session_of(scope_of(address)))          # what is loaded once
    gc.collect()
    gc.disable()
    try:
        done = await finish(session_of(scope_of(address)))
        found = left_to_the_collector()
    finally:
        gc.enable()
    assert 1 == len(done.findings)
    assert {} == dict(found)
