"""What is asked of a door before anything is listed: which hints are used, in which order, and what they cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model import Ask, Asked
from scanner.scan import order
from tests.scan.scans import QUICK, files, finish, scan, scope_of, session_of
from tests.scan.sites import Front, Hidden, Page, Redirect, Status, calls

NAMED = "files.example.org"
GENTLE = replace(QUICK, silent_requests=6)


def asked(site) -> list[str]:
    """Paths in the order in which they came, each once, the control left out."""
    return list(dict.fromkeys(one.path for one in site.asked[1:]))


def sitemap(site_or_address: str, *paths: str) -> str:
    named = "".join(f"<url><loc>http://{site_or_address}:8080{path}</loc></url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</urlset>'


async def test_a_directory_that_only_a_sitemap_names_is_found(serve):
    from tests.scan.sites import place

    address = place()
    site = await serve(Front(Page(), {"minutes": {"2019": calls(4)}}), address=address,
                       sitemap=sitemap(address, "/about.html", "/minutes/2019/a.pdf"))
    done = await scan(f"{address}:8080")
    assert ([4], 1) == (files(done.findings), site.paths()["/sitemap.xml"])
    assert "sitemap" in done.findings[0].evidence[0].fact


async def test_no_source_of_paths_uses_up_the_budget_of_all(serve):
    links = [f"/l{i}/" for i in range(100)]
    robots = "User-agent: *\n" + "".join(f"Disallow: /r{i}/\n" for i in range(100))
    site = await serve(Front(Page(links), {}), robots=robots)
    await scan(f"{site.address}:8080")
    paths = asked(site)
    of = {kind: [path for path in paths if path.startswith(f"/{kind}")] for kind in "lr"}
    guesses = [path for path in paths if path not in [*links, "/", "/robots.txt", "/sitemap.xml", *of["r"]]]
    assert 25 == len(site.asked)
    assert (6, 8, 7) == (len(of["l"]), len(of["r"]) - 1, len(guesses))


async def test_six_requests_go_to_what_is_likeliest(serve):
    site = await serve(Front(Page(["/l0/", "/l1/", "/l2/"]), {}), robots="Disallow: /r0/\nDisallow: /r1/\n")
    await scan(f"{site.address}:8080", profile=GENTLE)
    assert (6, ["/", "/l0/", "/l1/", "/robots.txt", "/r0/"]) == (len(site.asked), asked(site))


async def test_directories_of_a_product_that_the_root_shows_go_first():
    known = ["/recordings/"]
    asks = order.named_by_signatures(["/recordings/", "/backup/", "/files/"], known)
    assert [("/recordings/", order.KNOWN), ("/backup/", 6), ("/files/", 6)] == [(ask.path, ask.depth) for ask in asks]


@pytest.mark.parametrize(("asks", "turns"), [
    ([Ask("/a/", Asked.LINK)] * 8, [3, 3, 5, 5, 5, 5, 11, 11]),
    ([Ask("/a/", Asked.ROBOTS)] * 10, [4, 4, 4, 4, 6, 6, 6, 6, 10, 10]),
    ([Ask("/sitemap.xml", Asked.SITEMAP, 3), Ask("/sitemap.xml", Asked.SITEMAP, 4)], [5, 7]),
    ([Ask("/a/", Asked.SITEMAP)] * 4, [8, 8, 8, 13]),
    ([Ask("/", Asked.PRODUCT, 0, "dav"), Ask("/a/", Asked.LINK)], [0, 3]),
])
def test_each_source_has_a_few_turns_before_any_has_many(asks, turns):
    assert turns == [ask.depth for ask in order.in_turn(asks)]


def test_where_a_redirect_leads_is_asked_at_once_and_links_of_links_later():
    assert [order.LED] == [ask.depth for ask in order.in_turn([Ask("/a/", Asked.LINK)], moved=True)]
    assert [6] == [ask.depth for ask in order.in_turn([Ask("/a/", Asked.LINK)], after=5)]
    assert [31] == [ask.depth for ask in order.in_turn([Ask("/a/", Asked.LINK)], after=99)]


# ---- without a Host header


async def test_a_tree_that_is_shown_only_without_a_host_is_found_and_said_so(serve):
    site = await serve(Status(404), hosts={"": {"a": calls(3), "b": calls(4)}})
    done = await scan(f"{site.address}:8080")
    (finding,) = done.findings
    assert (7, True) == (finding.store.files, finding.store.complete)
    assert {"", site.address} == {one.host.partition(":")[0] for one in site.asked}
    assert {"/a/", "/b/"} <= {one.path for one in site.asked if not one.host}
    assert "without a host name" in finding.evidence[0].fact


async def test_six_requests_suffice_to_ask_without_a_host_where_the_name_decides(serve):
    site = await serve(Status(400), hosts={"": calls(3)}, everything=None)
    assert [3] == files((await scan(f"{site.address}:8080", profile=GENTLE)).findings)


async def test_without_a_host_is_asked_once_and_only_at_the_bare_address(serve):
    site = await serve(Front(Page(["/pub/"]), {}))
    done = await finish(session_of(scope_of(f"{site.address}:8080", f"{NAMED}:8080"), names={NAMED: site.address}))
    assert ((), 1) == (done.findings, sum(not one.host for one in site.asked))
    assert (25, 25) == (sum(one.host.startswith(NAMED) for one in site.asked),
                        sum(not one.host.startswith(NAMED) for one in site.asked))


async def test_where_something_is_listed_nothing_is_asked_without_a_host(serve):
    site = await serve(calls(3), hosts={"": {**calls(3), "more": calls(5, first=50)}})
    done = await scan(f"{site.address}:8080")
    assert ([3], 0) == (files(done.findings), sum(not one.host for one in site.asked))


async def test_links_of_a_page_that_is_shown_only_without_a_host_are_asked_so(serve):
    site = await serve(Status(404), hosts={"": Front(Page(["/pub/"]), {"pub": calls(5)})})
    assert [5] == files((await scan(f"{site.address}:8080")).findings)


async def test_a_redirect_to_a_name_may_end_without_one(serve):
    site = await serve(None, everything=Redirect("http://www.example.org{path}"))
    await scan(f"{site.address}:8080")
    assert ["/", "/"] == [one.path for one in site.asked[1:]]
    assert [True, False] == [bool(one.host) for one in site.asked[1:]]


# ---- a hidden folder of a store


async def test_searching_goes_before_a_store_is_looked_into(serve):
    tree = Hidden({f"d{i}": {"x": calls(1)} for i in range(30)}, {"secret": calls(2, first=90)})
    site = await serve(tree, robots="Disallow: /secret/\n")
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, directories=20))
    assert "/secret/" in site.paths()
    order_ = asked(site)
    assert order_.index("/secret/") < min(order_.index(path) for path in order_ if path == "/d11/")
    assert done.findings[0].store.cut_by == "directories"
