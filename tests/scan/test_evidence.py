"""The evidence of a finding: the page, the shape of its rows, the count, masked names, the control's answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scanner.model import Access, Asked, Observation, Reason
from scanner.report.words import ANSWERS
from scanner.scan.doubts import is_closed, of_answer, worth_a_gap
from scanner.scan.evidence import masked_url, rows, way
from tests.fakes import endpoint
from tests.scan.scans import scan, scope_of
from tests.scan.sites import Status, calls


async def test_the_evidence_says_page_shape_count_names_and_control(serve):
    site = await serve({f"0701740{number}.wav": 16_044 for number in range(605, 612)})
    (finding,) = (await scan(f"{site.address}:8080")).findings
    first, shape, control = finding.evidence
    url = f"http://{site.address}:8080/"
    assert (url, "7 files and 0 folders listed without a key (status 200, the root)") == (first.url, first.fact)
    assert 3 == len(first.excerpt.split("; "))
    assert "0701740" not in first.excerpt
    assert (url, "rows of one shape: preformatted text with name, date and size in each") == (
        shape.url,
        shape.fact.partition(", 7 rows")[0],
    )
    assert shape.excerpt.startswith('<a href="N">N</a>')
    assert (url, "a random directory was answered with status 404") == (control.url, control.fact)


async def test_names_are_quoted_from_a_folder_where_the_root_shows_folders_only(serve):
    site = await serve({"a": {"x": calls(4)}, "b": calls(5)})
    (finding,) = (await scan(f"{site.address}:8080")).findings
    lower = [one for one in finding.evidence if "folder of it" in one.fact]
    assert [f"http://{site.address}:8080/b/"] == [one.url for one in lower]
    assert 3 == len(lower[0].excerpt.split("; "))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"listing.dialect": "table", "listing.columns": "name,size"}, "a table with name and size in each"),
        ({"listing.dialect": "json", "listing.rows": "1200"}, "JSON with name in each, 1,200 rows"),
        ({"listing.row": "<N>"}, "the answer with name in each"),
        ({"listing.dialect": "odd", "listing.columns": ",", "listing.rows": "x"}, "odd with name in each"),
    ],
)
def test_the_shape_of_rows_is_told_in_words(facts, words):
    assert (f"rows of one shape: {words}" if words else "") == rows(facts)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", ""),
        ("hostless", ", asked without a host name"),
        ("dav", ", asked by PROPFIND (WebDAV)"),
        ("s3:/minio/", ", asked as a bucket (S3)"),
        ("copyparty", ", asked by the list endpoint of copyparty"),
    ],
)
def test_the_way_is_told_in_words(name, words):
    assert words == way(name)


def test_no_name_of_a_person_stands_in_an_address():
    assert "0701740605" not in masked_url(endpoint(80), "/calls/0701740605/")


# ---- what was rejected

def rejected(**facts: str) -> Observation:
    facts = {"http.status": "200", "http.control": "404", "listing.why": "3 links among 90 words", **facts}
    return Observation(endpoint=endpoint(80), protocol="http", path="/x/", access=Access.NONE, facts=facts,
                       seen_at=datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.parametrize("asked", [Asked.ROOT, Asked.LINK, Asked.SIGNATURE, Asked.SITEMAP])
def test_what_looked_like_a_listing_and_was_rejected_is_told_and_leaves_nothing_open(asked):
    seen = rejected(**{"listing.near": "yes"})
    reason, why = of_answer(seen, scope_of("127.0.0.1"))
    assert (Reason.NOT_A_LISTING, "looked like a listing: 3 links among 90 words") == (reason, why)
    assert worth_a_gap(reason, asked, seen, listed=False)
    assert reason in ANSWERS
    assert not is_closed(reason, seen)       # in a store, what it holds may be open


def test_an_ordinary_page_is_not_told():
    seen = rejected()
    assert "3 links among 90 words" == of_answer(seen, scope_of("127.0.0.1"))[1]
    assert not worth_a_gap(Reason.NOT_A_LISTING, Asked.LINK, seen, listed=False)


async def test_each_ask_is_told_with_its_way_and_what_came_of_it_and_names_are_masked(serve):
    site = await serve({"0701740605": calls(2), "shut": Status(403)}, robots="Disallow: /x/\n")
    done = await scan(f"{site.address}:8080")
    told = [line.removeprefix(f"http://{site.address}:8080") for line in done.watching.asks]
    assert "/: a listing, 0 files and 2 folders" in told
    assert "/shut/: forbidden: status 403" in told
    assert "/robots.txt: status 200" in [line.partition(":")[0] + ": status 200" for line in told]
    assert not [line for line in told if "0701740605" in line]
