"""Object stores, scanned from end to end: what is counted, what is said of each bucket, and who is asked for what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.scan.buckets import Service, Shut, keys
from tests.scan.scans import QUICK, scan
from tests.scan.sites import place

PORT = 9000
DENIED = Shut("AccessDenied", 403)
Serving = Callable[..., Awaitable[Service]]


@pytest.fixture
async def store() -> AsyncIterator[Serving]:
    started: list[Service] = []

    async def one(buckets: Any, **knobs: Any) -> Service:
        started.append(await Service(buckets, **knobs).start(place(), PORT))
        return started[-1]

    yield one
    for service in started:
        await service.stop()
        service.judge()


def at(service: Service) -> str:
    return f"{service.address}:{PORT}"


async def test_a_service_is_one_store_and_each_bucket_that_is_not_open_a_gap_with_its_reason(store):
    service = await store({
        "one": keys(3), "two": keys(4, "2019/02/"), "three": {}, "shut": DENIED, "login": Shut("AccessDenied", 401),
        "far": Shut("PermanentRedirect", 301, "<Endpoint>s3.example.net</Endpoint>"),
        "gone": Shut("NoSuchBucket", 404), "ill": Shut("InternalError", 500)})
    done = await scan(at(service))
    (finding,) = done.findings
    assert (7, 8 + 2, "s3") == (finding.store.files, finding.store.directories, finding.doors[0].protocol)
    assert {
        ("forbidden", "/shut/: a bucket closed to strangers (AccessDenied)"),
        ("login", "/login/: a bucket closed to strangers (AccessDenied)"),
        ("out-of-scope", "/far/: a bucket that lies elsewhere, at s3.example.net: not contacted (PermanentRedirect)"),
        ("not-a-listing", "/gone/: there is no such bucket (NoSuchBucket)"),
        ("server-error", "/ill/: whether a bucket is open, it does not say (InternalError)"),
    } == {(gap.reason.value, gap.detail) for gap in done.report.gaps}
    assert "server-error" == finding.store.cut_by


async def test_a_service_that_lists_its_buckets_is_not_searched_for_others(store):
    service = await store({"one": keys(3)})
    await scan(at(service))
    assert 4 == len(service.asked)           # the random one, the root twice, the bucket


async def test_fifty_thousand_keys_are_counted_to_the_last_page(store):
    service = await store({"big": keys(50_000)}, shown=False)
    done = await scan(f"s3://big@{at(service)}")
    (finding,) = done.findings
    assert (50_000, True) == (finding.store.files, finding.store.complete)
    assert 50 + 1 == len(service.asked)


@pytest.mark.parametrize("knobs", [{}, {"old": True}, {"flat": True}, {"old": True, "flat": True}], ids=str)
async def test_keys_of_any_shape_are_counted_once(store, knobs):
    odd = {b"a/b c+d.wav": 1, b"a//x.wav": 2, b"/lead.wav": 3, b"./dot.wav": 4, b"../up.wav": 5, b"nl\nline.wav": 6,
           b"e%20f.wav": 7, b"\xc3\xb6/\xc3\xa5.wav": 8, b"mark/": 0, b"k" * 1024: 9, b"a/../b/./c.wav": 10,
           b"&<>.wav": 11, b"//": 0, "/".join(map(str, range(10))).encode() + b"/x.wav": 12}
    if not knobs.get("old"):                 # as XML without an encoding cannot hold them
        odd = {**odd, b"\xff/\xfe.wav": 13, b"\x01.wav": 14}
    service = await store({"odd": odd}, page=3, **knobs)
    done = await scan(f"s3://odd@{at(service)}", show_names="a test")
    (finding,) = done.findings
    assert (sum(size > 0 for size in odd.values()), True) == (finding.store.files, finding.store.complete)


async def test_a_store_that_puts_pages_off_is_waited_for(store):
    service = await store({"big": keys(2500)}, slow={2: 2, 3: 1})
    done = await scan(f"s3://big@{at(service)}")
    assert (2500, True) == (done.findings[0].store.files, done.findings[0].store.complete)


async def test_a_store_that_gives_its_first_page_for_ever_is_cut_with_a_reason(store):
    service = await store({"big": keys(40)}, page=20, circle=True)
    done = await scan(f"s3://big@{at(service)}")
    (finding,) = done.findings
    assert (20, False, "protocol") == (finding.store.files, finding.store.complete, finding.store.cut_by)
    (gap,) = done.gaps("protocol")
    assert "the same page again and again" in gap.detail
    assert len(service.asked) <= 4


async def test_a_listing_longer_than_its_budget_is_cut_and_says_at_least(store):
    service = await store({"big": keys(20_000)})
    done = await scan(f"s3://big@{at(service)}", profile=replace(QUICK, listing_bytes=400_000))
    (finding,) = done.findings
    assert "bytes" == finding.store.cut_by
    assert 2000 <= finding.store.files < 20_000
    assert finding.title.startswith("At least")


# ---- who is asked for what


async def test_where_only_buckets_are_named_nothing_else_is_asked_for(store):
    service = await store({"mine": keys(3, "2019/"), "yours": keys(5)})
    done = await scan(f"s3://mine@{at(service)}", f"s3://also@{at(service)}")
    assert 3 == sum(finding.store.files for finding in done.findings)
    assert {"/mine/", "/also/"} == {path.partition("?")[0] for path in service.paths}
    assert "/also/: there is no such bucket (NoSuchBucket)" in [gap.detail for gap in done.gaps("not-a-listing")]


async def test_a_closed_bucket_costs_one_request_beside_the_first_look(store):
    service = await store({"mine": DENIED})
    done = await scan(f"s3://mine@{at(service)}")
    assert ((), 2) == (done.findings, len(service.asked))
    assert ["/mine/: a bucket closed to strangers (AccessDenied)"] == [gap.detail for gap in done.gaps("forbidden")]


async def test_a_bucket_in_a_redirect_is_looked_at_and_never_followed(store):
    service = await store({"mine": Shut("TemporaryRedirect", 307, headers={"Location": "http://192.0.2.99/mine/"})})
    done = await scan(f"s3://mine@{at(service)}")
    (gap,) = done.gaps("out-of-scope")
    assert "http://192.0.2.99/mine/: not contacted" in gap.detail
    assert {"/mine/"} == {path.partition("?")[0] for path in service.paths}


async def test_a_service_that_shows_no_buckets_is_searched_for_likely_ones(store):
    service = await store({"recordings": keys(4, "2019/"), "calls": DENIED}, shown=False)
    done = await scan(at(service))
    (finding,) = done.findings
    assert (4, "/recordings/") == (finding.store.files, "/" + finding.doors[0].url.partition(str(PORT) + "/")[2])
    names = {path.partition("?")[0] for path in service.paths}
    assert {"/", "/recordings/", "/calls/"} <= names
    assert "/robots.txt" not in names


async def test_a_service_that_denies_everything_alike_is_searched_all_the_same(store):
    service = await store({"recordings": keys(4)}, shown=False, random=DENIED)
    done = await scan(at(service))
    assert [4] == [finding.store.files for finding in done.findings]


async def test_a_service_with_nothing_open_gets_twenty_five_requests_in_all(store):
    service = await store({}, shown=False)
    done = await scan(at(service))
    assert ((), 25) == (done.findings, len(service.asked))


async def test_a_service_without_a_bucket_to_show_is_no_finding(store):
    service = await store({})
    done = await scan(at(service))
    assert () == done.findings


async def test_a_bucket_behind_a_searched_path_is_counted_as_a_bucket(store):
    page = Shut("Welcome", 404)
    service = await store({"recordings": keys(1500, "2019/")}, root=page, random=page)
    done = await scan(at(service))
    assert [(1500, True)] == [(finding.store.files, finding.store.complete) for finding in done.findings]
