"""Trees that lead back, across and ever deeper, and ordinary ones that only look so: what is counted and asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scan.scans import QUICK, Done, files, scan
from tests.scan.sites import Front, Growing, Hidden, Link, Loop, Page, Redirect, Status, calls


def crosswise(count: int, *, same_names: bool) -> dict[str, object]:
    """Folders of which each links to all the others."""
    return {
        f"d{i}": {
            **calls(3, first=i * 100),
            **{f"d{j}" if same_names else f"d{i}-to-{j}": Link(f"/d{j}/") for j in range(count) if j != i},
        }
        for i in range(count)
    }


async def test_folders_that_link_to_each_other_are_counted_once(serve):
    site = await serve(crosswise(8, same_names=True))
    done = await scan(f"{site.address}:8080")
    (finding,) = done.findings
    assert (24, True) == (finding.store.files, finding.store.complete)
    assert 56 == done.gap("loop")
    assert len(site.asked) < 200


async def test_folders_that_link_to_each_other_under_other_names_end_by_themselves(serve):
    site = await serve(crosswise(5, same_names=False))
    done = await scan(f"{site.address}:8080")
    assert done.findings[0].store.files >= 15
    assert len(site.asked) < 400
    assert done.gap("loop") > 0


async def test_a_link_to_a_sibling_is_counted_as_shown_looked_into_last_and_said(serve):
    tree = {"2019": {"01": calls(3), **calls(2, first=50)}, "latest": Link("/2019/"), "z": {"y": {"x": calls(1)}}}
    site = await serve(tree)
    done = await scan(f"{site.address}:8080")
    order = [one.path for one in site.asked]
    assert (11, 1) == (done.findings[0].store.files, done.gap("loop"))
    assert order.index("/z/y/x/") < order.index("/latest/01/")
    assert "counted, looked into last" in done.gaps("loop")[0].detail


async def test_every_folder_with_a_way_up_is_cut(serve):
    tree = {f"d{i}": {"all": Loop(1), "e": {"all": Loop(2), **calls(1)}, **calls(2, first=i * 10)} for i in range(4)}
    site = await serve({**tree, **calls(1, first=900)})
    done = await scan(f"{site.address}:8080")
    assert (4 * 3 + 1, True) == (done.findings[0].store.files, done.findings[0].store.complete)
    assert len(site.asked) < 120


@pytest.mark.parametrize(
    ("tree", "count"),
    [
        ({"home": {"a": calls(3), **calls(2)}, "backup": {"home": {"a": calls(3), **calls(2)}}}, 10),
        ({f"day{i}": {"in": calls(2), "out": calls(2), "readme.txt": 3} for i in range(12)}, 60),
        ({x: {y: {z: {"t.txt": 5, "deep": calls(1)} for z in "01"} for y in "01"} for x in "01"}, 16),
        ({x: {y: {z: {w: {v: calls(1) for v in "01"} for w in "01"} for z in "01"} for y in "01"} for x in "01"}, 32),
        ({"a": {"b": {"x": calls(2), **calls(1)}}, "b": {"x": calls(2), **calls(1)}}, 6),
    ],
    ids=["a copy of a home", "equal days", "equal shards", "five levels of two", "the same name twice"],
)
async def test_ordinary_folders_that_look_alike_are_counted_to_the_last_file(serve, tree, count):
    site = await serve(tree)
    done = await scan(f"{site.address}:8080")
    assert (count, True) == (done.findings[0].store.files, done.findings[0].store.complete)


async def test_a_circle_costs_a_few_requests_whatever_its_breadth(serve):
    site = await serve({f"d{i:02}": {"up": Loop(1), **calls(1, first=i)} for i in range(30)} | calls(1, first=99))
    done = await scan(f"{site.address}:8080")
    assert (31, 30) == (done.findings[0].store.files, done.gap("loop"))
    assert len(site.asked) < 1 + 25 + 30 + 30 + 60


# ---- a store that lies at two places of one door


async def test_another_path_to_the_root_is_no_second_count(serve):
    tree = {"a": calls(5), "b": calls(6, first=40), **calls(4, first=80)}
    site = await serve(Hidden(tree, {"pub": Link("/")}), robots="Disallow: /pub/\n")
    done = await scan(f"{site.address}:8080")
    assert [15] == files(done.findings)
    assert "/pub/" in site.paths()


async def test_two_searched_roots_that_show_the_same_are_one_finding(serve):
    tree = {"a": calls(5), "b": calls(6, first=40), **calls(4, first=80)}
    site = await serve(Front(Page(["/pub/", "/files/"]), {"pub": tree, "files": Link("/pub/")}))
    done = await scan(f"{site.address}:8080")
    assert [15] == files(done.findings)
    assert [2] == [len(finding.doors) for finding in done.findings]


async def test_two_searched_roots_that_only_look_alike_are_two(serve):
    one, two = {"2019": calls(3), **calls(2)}, {"2019": calls(3, first=50), **calls(2)}
    site = await serve(Front(Page(["/pub/", "/files/"]), {"pub": one, "files": two}))
    assert [5, 5] == files((await scan(f"{site.address}:8080")).findings)


async def test_folders_of_one_small_file_each_are_not_taken_for_one(serve):
    site = await serve(Front(Page(["/in/", "/out/"]), {"in": {"a.txt": 1}, "out": {"a.txt": 1}}))
    assert [1, 1] == files((await scan(f"{site.address}:8080")).findings)


# ---- ever deeper


async def test_a_page_that_links_deeper_into_itself_costs_the_budget_and_no_more(serve):
    site = await serve(Front(Page(["/a/"]), {}, every=Page(["a/"])))
    await scan(f"{site.address}:8080")
    assert 25 >= len(site.asked)


async def test_redirects_that_grow_end_and_are_said(serve):
    site = await serve({"grow": Redirect("{path}a/"), **calls(2)})
    done = await scan(f"{site.address}:8080")
    assert (2, False) == (done.findings[0].store.files, done.findings[0].store.complete)
    assert sum(path.startswith("/grow/") for path in site.paths()) < 10
    assert "/grow/" in done.gaps("loop")[0].detail


@pytest.mark.parametrize(("location", "reason"), [
    ("/ring/b/", "loop"), ("/ring/", "not-tried"), ("/elsewhere.wav", "not-tried"), ("javascript:x", "protocol"),
    ("http://[::1", "protocol"), ("", "not-tried")])
async def test_a_folder_that_redirects_to_nowhere_is_told_and_its_store_is_at_least(serve, location, reason):
    ring = Front(Redirect(location), {"b": Redirect("/ring/")})
    done = await scan(f"{(await serve({'ring': ring, **calls(2)})).address}:8080")
    assert (2, False, reason) == (*_counted(done), done.gaps(reason)[0].reason.value)
    assert "/ring/" in done.gaps(reason)[0].detail


def _counted(done: Done) -> tuple[int, bool]:
    return done.findings[0].store.files, done.findings[0].store.complete


async def test_folders_that_grow_among_others_leave_nothing_else_out(serve):
    tree = {"grow": Growing(), **{f"d{i}": {"x": calls(1)} for i in range(5)}}
    site = await serve(tree)
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, directories=30))
    paths = site.paths()
    assert {f"/d{i}/x/" for i in range(5)} <= set(paths)
    assert not done.findings[0].store.complete


@pytest.mark.parametrize("code", [500, 403, 404])
async def test_what_a_store_does_not_show_of_itself_is_told_by_its_folder(serve, code):
    site = await serve({"odd": Status(code), "open": calls(2)})
    done = await scan(f"{site.address}:8080")
    (gap,) = [gap for gap in done.report.gaps if gap.detail.startswith("/odd/")]
    assert f"status {code}" in gap.detail
    assert (code == 403) == done.findings[0].store.complete
