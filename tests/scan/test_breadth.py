"""A crawl that is cut short has counted the shallow folders first, and says "at least" and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scan.scans import QUICK, finish, scan, scope_of, session_of
from tests.scan.sites import Slow, Status, calls


def grown(breadth: int, depth: int, first: int = 0) -> dict[str, object]:
    """Folders in folders, two files of their own in each."""
    below = {f"d{i}": grown(breadth, depth - 1, first * breadth + i) for i in range(breadth)} if depth else {}
    return {**below, **calls(2, first=first * 10 + depth * 1000)}


def depth_of(path: str) -> int:
    return path.count("/") - 1


def levels(site) -> list[int]:
    """The depth of each folder of the store, in the order in which they were asked for."""
    return [depth_of(one.path) for one in site.asked[1:] if one.verb == "GET" and set(one.path) <= set("/d0123456789")]


@pytest.mark.parametrize("budget", [1, 2, 4, 5, 12, 13, 20, 39, 40, 41])
async def test_whatever_the_budget_of_folders_shallow_ones_are_counted_before_deep_ones(serve, budget):
    site = await serve(grown(3, 3))
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, directories=budget))
    (finding,) = done.findings
    asked = levels(site)
    assert asked == sorted(asked)
    assert (2 * min(budget, 40), budget >= 40) == (finding.store.files, finding.store.complete)
    assert (None if budget >= 40 else "directories") == finding.store.cut_by
    assert finding.title.startswith("At least") == (budget < 40)
    assert (budget < 40) == bool(done.gap("cut"))


@pytest.mark.parametrize(("depth", "count"), [(1, 4), (2, 13), (3, 40), (9, 40)])
async def test_whatever_the_limit_of_depth_all_above_it_is_counted(serve, depth, count):
    site = await serve(grown(3, 3))
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, depth=depth))
    (finding,) = done.findings
    assert (2 * count, count == 40) == (finding.store.files, finding.store.complete)
    assert (None if count == 40 else "depth") == finding.store.cut_by
    assert max(levels(site)) == min(depth, 3)


async def test_a_scan_that_is_stopped_has_counted_the_shallow_folders_and_says_so(serve):
    site = await serve(grown(3, 3), delay=0.05)
    session = session_of(scope_of(f"{site.address}:8080"), profile=replace(QUICK, open_host=2, silent_requests=2))
    site.after(9, session.stop.set)
    done = await finish(session)
    (finding,) = done.findings
    assert 2 * 4 <= finding.store.files < 80
    assert levels(site) == sorted(levels(site))
    assert (False, True) == (done.outcome.complete, bool(done.gap("interrupted")))


@pytest.mark.parametrize(
    ("code", "reason", "cut_by"),
    [(500, "server-error", "server-error"), (502, "server-error", "server-error"), (403, "forbidden", None),
     (401, "login", None), (404, "not-a-listing", "not-a-listing"),
     (410, "not-a-listing", "not-a-listing")],
)
async def test_a_folder_that_fails_is_unknown_and_one_that_refuses_is_closed(serve, code, reason, cut_by):
    site = await serve({"odd": Status(code), "fine": {"x": calls(2)}, "slow": Slow(0.1, calls(1, first=9))})
    done = await scan(f"{site.address}:8080")
    store = done.findings[0].store
    assert (3, cut_by, cut_by is None) == (store.files, store.cut_by, store.complete)
    (gap,) = [gap for gap in done.gaps(reason) if gap.detail.startswith("/odd/: ")]
    assert 1 == gap.count
    assert ("wants a login" if code == 401 else f"status {code}") in gap.detail
