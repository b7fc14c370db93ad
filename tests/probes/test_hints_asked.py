"""What a door makes of robots.txt and sitemap.xml: asks for directories, and nothing else of them."""

from __future__ import annotations

import pytest

from scanner.model import Ask, Asked
from tests.fakes import FakeNet, endpoint
from tests.probes.test_probe_http import answer, shown

HERE = "http://192.0.2.7:8080"
MAP = f'<?xml version="1.0"?><urlset><url><loc>{HERE}/papers/a.pdf</loc></url><url><loc>{HERE}/b/</loc></url></urlset>'


async def test_a_sitemap_gives_directories_in_one_request():
    net = FakeNet({"GET /sitemap.xml": answer(MAP, Content_Type="application/xml")})
    assert "192.0.2.7" == str(endpoint(8080).address)
    batches, asks, seen = await shown(net, "/sitemap.xml", port=8080)
    assert ([], ["/papers/", "/b/"], "/sitemap.xml") == (batches, [ask.path for ask in asks], seen.path)
    assert {Asked.SITEMAP} == {ask.reason for ask in asks}
    assert 1 == sum(line == "GET /sitemap.xml" for line in net.asked)


@pytest.mark.parametrize(
    "reply",
    [
        answer(MAP, "404 Not Found", Content_Type="application/xml"),
        answer("<html><body>" + MAP + "</body></html>"),
        answer(MAP, Content_Type="application/zip"),
        answer("RIFF....WAVE"),
        answer(""),
    ],
)
async def test_what_is_no_sitemap_names_nothing(reply):
    assert [] == (await shown(FakeNet({"GET /sitemap.xml": reply}), "/sitemap.xml", port=8080))[1]


async def test_a_sitemap_longer_than_is_read_is_taken_as_far_as_it_goes():
    long = MAP.replace("</urlset>", "<url></url>" * 100_000 + "</urlset>")
    net = FakeNet({"GET /sitemap.xml": answer(long, Content_Type="text/xml")})
    assert ["/papers/", "/b/"] == [ask.path for ask in (await shown(net, "/sitemap.xml", port=8080))[1]]


@pytest.mark.parametrize(("named", "depth"), [(f"{HERE}/sitemap.xml", 0), ("http://www.example.org/sitemap.xml", 1)])
async def test_the_sitemap_is_asked_after_robots_and_sooner_where_that_names_it(named, depth):
    text = f"Sitemap: {named}\nDisallow: /private/\n"
    net = FakeNet({"GET /robots.txt": answer(text, Content_Type="text/plain")})
    _, asks, _ = await shown(net, "/robots.txt", port=8080)
    assert [Ask("/sitemap.xml", Asked.SITEMAP, depth), Ask("/private/", Asked.ROBOTS)] == asks
