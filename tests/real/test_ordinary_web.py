"""No false alarm on ordinary web sites: more than two hundred pages, each the start page of an address of its own."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from ordinary import LIST, Ordinary, Web, installed
from ordinary_made import made

from scanner.listing import Verdict, reader
from scanner.net.gates import sniff
from tests.ports import free
from tests.scan.scans import QUICK, Done, scan

pytestmark = pytest.mark.real
LEAST = 200
PLAIN = {"blog", "shop", "login", "application", "under construction", "not found", "forum", "gallery", "dashboard"}


@pytest.fixture(scope="module")
def pages() -> list[Ordinary]:
    """All of them; without the packages the tests are skipped, or fail where they are required."""
    found = [*installed(), *made()]
    if len(found) < LEAST:
        why = f"{len(found)} of {LEAST} pages are there: packages of {LIST.name} are not installed"
        if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return found


async def scanned(pages: list[Ordinary]) -> tuple[Done, Web]:
    """A scan of all pages at once."""
    async with Web(pages, free()) as web:
        done = await scan(*(f"{address}:{web.port}" for address in web.pages), profile=replace(QUICK, directories=40))
        return done, web


@pytest.mark.timeout(300)
async def test_a_scan_of_ordinary_web_sites_finds_nothing(pages: list[Ordinary]) -> None:
    done, web = await scanned(pages)
    found = [(finding.severity.name, finding.title, web.pages[str(urlsplit(door.url).hostname)].name)
             for finding in done.findings for door in finding.doors]
    assert [] == found
    assert len(web.pages) <= web.asked


async def test_the_same_scan_sees_a_listing_among_ordinary_pages() -> None:
    rows = "".join(f'<a href="{i}.wav">{i}.wav</a>  03-Oct-2026 14:30  {i}00\n' for i in range(9))
    body = f"<html><title>Index of /</title><h1>Index of /</h1><pre>{rows}</pre>"
    store = Ordinary("listing", "store", body.encode())
    done, web = await scanned([*made()[:3], store])
    assert ["store"] == [web.pages[str(urlsplit(door.url).hostname)].name for finding in done.findings
                         for door in finding.doors]


def test_no_kind_of_page_is_missing(pages: list[Ordinary]) -> None:
    kinds = Counter(page.kind for page in pages)
    assert len(kinds) >= 12, kinds


@pytest.mark.parametrize("name", [page.name for page in made()])
def test_a_generated_page_is_no_listing_and_a_plain_one_is_not_near_one(name: str) -> None:
    (body,) = (page.body for page in made() if page.name == name)
    kind = sniff(body[:1024]).kind
    if kind is None:
        return
    one = reader(kind, "/", host="www.example.org")
    batches = one.feed(body) + one.close()
    assert (Verdict.NOT, []) == (one.verdict, batches)
    assert not (one.near and name in PLAIN), one.why
