"""What a crawl of one door counts, asks, leaves out and says of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.scan.scans import QUICK, files, scan
from tests.scan.sites import Cut, Front, Growing, Hidden, Loop, Page, Redirect, Slow, Status, calls


async def test_a_store_is_counted_to_the_last_file_and_each_folder_asked_once(serve):
    site = await serve({"a": {"x": calls(3), "y": calls(4)}, "b": calls(5), "readme.txt": 9})
    done = await scan(f"{site.address}:8080")
    (finding,) = done.findings
    assert (13, 4, True) == (finding.store.files, finding.store.directories, finding.store.complete)
    assert (True, ()) == (done.outcome.complete, done.outcome.why)
    folders = ["/", "/a/", "/a/x/", "/a/y/", "/b/"]
    assert dict.fromkeys(folders, 1) == {path: site.paths()[path] for path in folders}


async def test_a_cut_store_is_counted_breadth_first_and_says_at_least(serve):
    tree = {f"d{i}": {"deep": calls(1), **calls(2)} for i in range(10)}
    site = await serve(tree)
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, directories=6))
    (finding,) = done.findings
    assert (10, "directories", False) == (finding.store.files, finding.store.cut_by, finding.store.complete)
    assert finding.title.startswith("At least")
    assert "at-least" in finding.tags
    assert not [path for path in site.paths() if "deep" in path]
    assert 5 + 5 == done.gap("cut")  # five siblings and the five folders below those that were read


async def test_the_budget_of_folders_is_kept_to_the_folder(serve):
    site = await serve({f"d{i:03}": calls(1) for i in range(300)})
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, directories=50, open_host=16))
    assert 49 == done.findings[0].store.files
    assert 300 == done.findings[0].store.directories
    assert 50 == sum(bool(count) for path, count in site.paths().items() if re.fullmatch(r"/(d\d+/)?", path))
    assert 251 == done.gap("cut")


async def test_a_store_is_not_followed_below_its_depth(serve):
    site = await serve({"1": {"2": {"3": calls(2), "2.txt": 1}, "1.txt": 1}})
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, depth=2))
    assert (2, "depth") == (done.findings[0].store.files, done.findings[0].store.cut_by)
    assert 1 == done.gap("cut")


async def test_folders_without_end_end_at_the_depth(serve):
    site = await serve({"grow": Growing(), "a.txt": 1})
    done = await scan(f"{site.address}:8080")
    assert "depth" == done.findings[0].store.cut_by
    assert max(path.count("/") for path in site.paths()) <= QUICK.depth + 2


@pytest.mark.parametrize("tree", [Status(404), Page(), {}], ids=["nothing", "page", "empty"])
async def test_a_silent_door_gets_twenty_five_requests_in_all(serve, tree):
    site = await serve(tree)
    done = await scan(f"{site.address}:8080")
    assert 25 == len(site.asked)
    asks = len(set(site.paths())) - 1  # the control is not on it
    assert done.gap("not-tried") > 50
    assert 24 >= asks


async def test_links_of_a_page_and_of_robots_are_asked_before_guesses(serve):
    tree = Front(Page(["/pub/", "/about"]), {"pub": calls(3), "private": calls(4), "calls": calls(5)})
    site = await serve(tree, robots="User-agent: *\nDisallow: /private/\n")
    done = await scan(f"{site.address}:8080")
    assert [5, 4, 3] == sorted(files(done.findings), reverse=True)
    order = list(dict.fromkeys(one.path for one in site.asked[1:]))
    assert order.index("/pub/") < order.index("/private/") < order.index("/calls/")


async def test_a_loop_is_cut_and_counted_once(serve):
    site = await serve({"a": {"back": Loop(1), **calls(4)}, "self": Loop(), **calls(3, first=100)})
    done = await scan(f"{site.address}:8080")
    assert 7 == done.findings[0].store.files
    assert 2 == done.gap("loop")
    assert len(site.asked) < 60


async def test_a_loop_of_folders_alone_is_cut_too(serve):
    site = await serve({"a": {"back": Loop(1), "b": calls(4)}, "c": calls(2)})
    done = await scan(f"{site.address}:8080")
    assert 6 == done.findings[0].store.files
    assert 1 == done.gap("loop")


@pytest.mark.parametrize(
    ("tree", "count"),
    [
        ({"a": {"a": {"a": calls(3)}}}, 3),
        ({"org": {"org": {"example": {"example": calls(2)}}}}, 2),
        ({x: {y: calls(1) for y in "0123"} for x in "0123"}, 16),
        ({x: {y: {z: calls(1) for z in "01"} for y in "01"} for x in "01"}, 8),
        ({"in": {"in": calls(1), "out": calls(1)}, "out": {"in": calls(1), "out": calls(1)}}, 4),
    ],
    ids=["single children", "a package", "two letters", "three letters", "legs"],
)
async def test_folders_that_honestly_look_like_those_above_them_are_no_loop(serve, tree, count):
    site = await serve(tree)
    done = await scan(f"{site.address}:8080")
    assert (count, 0) == (done.findings[0].store.files, done.gap("loop"))


async def test_a_server_that_lists_for_every_path_is_one_finding_of_its_root(serve):
    site = await serve(None, everything={"sub": {}, **calls(30)})
    done = await scan(f"{site.address}:8080")
    (finding,) = done.findings
    assert (30, True) == (finding.store.files, "catch-all" in finding.tags)
    assert {"/"} == set(site.paths())


async def test_a_page_at_the_root_and_one_listing_for_all_else_is_one_finding(serve):
    site = await serve(Front(Page(), {}, every=calls(30)))
    done = await scan(f"{site.address}:8080")
    assert [30] == files(done.findings)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wall_before_everything_is_asked_no_further(serve, status):
    site = await serve(None, everything=Status(status))
    done = await scan(f"{site.address}:8080")
    asked = [("GET", "/")] if status == 401 else [("GET", "/"), ("PROPFIND", "/")]
    assert ((), asked) == (done.findings, [(one.verb, one.path) for one in site.asked[1:]])
    assert {"login" if status == 401 else "forbidden": 1} == dict(done.report.coverage.gaps)


async def test_one_page_for_every_path_is_no_finding_and_asked_no_further(serve):
    site = await serve(None, everything=Page(["/a/", "/b/"]))
    done = await scan(f"{site.address}:8080")
    assert ((), {"/": 1}) == (done.findings, dict(site.paths()))


@pytest.mark.parametrize(
    ("thing", "gap", "cut_by"),
    [
        (Status(500), "server-error", "server-error"),
        (Status(403), "forbidden", None),
        (Status(401), "login", None),
        (Page(), "not-a-listing", None),
        (Status(404), "not-a-listing", "not-a-listing"),
        (Status(429), "slow-down", "slow-down"),
    ],
)
async def test_a_folder_that_is_closed_is_known_and_one_that_fails_is_not(serve, thing, gap, cut_by):
    site = await serve({"open": calls(3), "odd": thing})
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, silent_requests=2))
    assert (3, cut_by) == (done.findings[0].store.files, done.findings[0].store.cut_by)
    assert ({gap: 1} if gap else {}) == {
        name: n for name, n in done.report.coverage.gaps.items() if name != "not-tried"
    }


async def test_a_server_that_wants_time_gets_it_and_loses_nothing(serve):
    slow = Status(429, {"Retry-After": "1"}, times=2, then=calls(4))
    site = await serve({"a": slow, "b": calls(3)})
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, silent_requests=2))
    assert (7, True, {}) == (
        done.findings[0].store.files,
        done.findings[0].store.complete,
        {k: v for k, v in done.report.coverage.gaps.items() if k != "not-tried"},
    )
    assert 3 == site.paths()["/a/"]


async def test_a_listing_that_is_cut_off_is_asked_again(serve):
    site = await serve({"a": Cut(calls(50), times=1), "b": calls(3)})
    done = await scan(f"{site.address}:8080")
    assert (53, True) == (done.findings[0].store.files, done.findings[0].store.complete)


async def test_a_listing_that_is_always_cut_off_counts_at_least(serve):
    site = await serve({"a": Cut(calls(50)), "b": calls(3)})
    done = await scan(f"{site.address}:8080")
    store = done.findings[0].store
    assert (False, "reset") == (store.complete, store.cut_by)
    assert 20 < store.files < 53
    assert 1 == done.gap("reset")


async def test_a_redirect_on_the_door_is_followed_and_one_elsewhere_noted(serve):
    other = await serve(calls(9), port=8080)
    site = await serve({"old": Redirect("/new/"), "away": Redirect(f"http://{other.address}:8080/"), "new": calls(4)})
    done = await scan(f"{site.address}:8080")
    assert [4] == files(done.findings)
    assert 0 == other.dialled
    (gap,) = done.gaps("out-of-scope")
    assert other.address in gap.detail


async def test_a_folder_that_redirects_to_its_path_without_a_slash_is_not_known_and_said(serve):
    site = await serve({"2018": Redirect("/2018"), "p\u00e5 g": Redirect("/p%C3%A5%20g"), "in": Redirect("/login"),
                        "same": Redirect("/same/"), **calls(4)})
    done = await scan(f"{site.address}:8080")
    assert ([4], False, "not-tried") == (files(done.findings), done.findings[0].store.complete,
                                         done.findings[0].store.cut_by)
    assert 2 == sum("without a slash" in gap.detail for gap in done.gaps("not-tried"))
    assert not any(path in ("/2018", "/p%C3%A5%20g", "/login") for path in (one.path for one in site.asked))


async def test_a_root_that_leads_away_is_noted_and_never_dialled(serve):
    other = await serve(calls(9))
    site = await serve(None, everything=Redirect(f"http://{other.address}:8080{{path}}"))
    done = await scan(f"{site.address}:8080")
    assert ((), 0, 1) == (done.findings, other.dialled, done.gap("out-of-scope"))


@pytest.mark.parametrize(
    "location",
    [
        "/caf\xe9/",
        "/a b/",
        "http://[::1/",
        "javascript:alert(1)",
        "//",
        "/x/../../y/",
        "/" + "a" * 9000 + "/",
        "http://:99999/",
        "\\\\evil\\x\\",
        "/a/#b",
        "/a/?b=/",
    ],
)
async def test_no_redirect_breaks_the_probe(serve, location):
    site = await serve({"x": Redirect(location.replace("{", "")), **calls(3)})
    done = await scan(f"{site.address}:8080")
    assert (0, 3) == (done.gap("internal-error"), done.findings[0].store.files)


async def test_names_that_no_request_can_say_are_counted_and_left_out(serve):
    site = await serve({"a": {"b" * 3500: {"c" * 3600: calls(1)}}, "n" * 3000: calls(1), "x": calls(2)})
    done = await scan(f"{site.address}:8080")
    assert (3, "path-length") == (done.findings[0].store.files, done.findings[0].store.cut_by)
    assert (0, 1) == (done.gap("internal-error"), done.gap("cut"))


async def test_a_hidden_folder_belongs_to_the_store_around_it(serve):
    site = await serve(Hidden({"open": calls(3)}, {"calls": {"2019": calls(7, first=50)}}))
    done = await scan(f"{site.address}:8080")
    assert [10] == files(done.findings)


async def test_a_server_that_ignores_letter_case_is_counted_once(serve):
    site = await serve({"Recordings": {"MP3": calls(30), **calls(3, first=90)}, "monitor": calls(4)}, fold=True)
    done = await scan(f"{site.address}:8080")
    assert [37] == files(done.findings)


async def test_a_slow_folder_holds_up_no_other(serve):
    site = await serve({"slow": Slow(0.5, calls(2)), "b": calls(3)})
    done = await scan(f"{site.address}:8080")
    assert [5] == files(done.findings)
