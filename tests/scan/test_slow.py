"""Listings that are long, slow or without end: counted to the last row, or cut and called "at least"; never a hang.

Limits are small where they would be minutes. No test looks at a clock: each ends because the scan lets the server go.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from scanner.net import Limits
from tests.scan.scans import QUICK, Done, finish, scan, scope_of, session_of
from tests.scan.sites import Stream, calls, listing

ROWS = 60_000
BRIEF = Limits(first_byte=1.0, total=0.5, slowest=64 * 1024)


def rows(of: Iterable[int]) -> Iterator[bytes]:
    for number in of:
        name = f"call-{number:07}.wav"
        yield f'<a href="{name}">{name}</a>{" " * 34}01-Feb-2019 10:00 {16_044 + number:>19}\r\n'.encode()


def begun(count: int) -> bytes:
    """A listing as nginx prints it, without an end."""
    return listing("/", {}).partition(b"</pre>")[0] + b"".join(rows(range(count)))


def dripped() -> Iterator[bytes]:
    """300 bytes a second, a hundred times as fast, as the limits are a hundred times as short."""
    yield begun(20)
    for row in rows(itertools.count(20)):
        yield from (row[:60], row[60:])


def endless() -> Iterator[bytes]:
    yield begun(20)
    for start in itertools.count(20, 1_000):
        yield b"".join(rows(range(start, start + 1_000)))


def stopped() -> Iterator[bytes]:
    yield begun(500)
    yield from itertools.repeat(b"")


def padded() -> Iterator[bytes]:
    """Rows, and from then on nothing but white space."""
    yield begun(500)
    yield from itertools.repeat(b" " * 64)


async def scan_of(site, **more) -> Done:
    return await finish(session_of(scope_of(f"{site.address}:8080"), **{"limits": BRIEF, **more}))


async def test_sixty_thousand_rows_of_one_page_are_counted_to_the_last(serve):
    site = await serve({"calls": calls(ROWS)})
    (finding,) = (await scan(f"{site.address}:8080")).findings
    store = finding.store
    assert (ROWS, sum(16_044 + i for i in range(ROWS)), True) == (store.files, store.bytes, store.complete)
    assert {"/": 1, "/calls/": 1}.items() <= site.paths().items()


async def test_sixty_thousand_folders_of_one_page_are_all_known(serve):
    site = await serve({f"d{i:05}": {} for i in range(ROWS)})
    done = await scan(f"{site.address}:8080", profile=replace(QUICK, directories=20))
    (finding,) = done.findings
    assert (ROWS, "directories", False) == (finding.store.directories, finding.store.cut_by, finding.store.complete)
    assert ROWS - 19 == done.gap("cut")


@pytest.mark.parametrize(
    ("pieces", "every", "cut_by", "least"),
    [(dripped, 0.002, "timeout", 20), (stopped, 0.01, "timeout", 500), (padded, 0.002, "timeout", 500)],
    ids=["300 bytes a second", "rows that stop", "rows that turn into nothing"],
)
async def test_a_listing_that_takes_too_long_is_counted_so_far_and_says_at_least(serve, pieces, every, cut_by, least):
    site = await serve(Stream(pieces, every))
    done = await scan_of(site)
    (finding,) = done.findings
    assert (cut_by, False) == (finding.store.cut_by, finding.store.complete)
    assert finding.store.files >= least
    assert finding.title.startswith("At least")
    assert 1 <= site.left
    assert 1 <= done.gap(cut_by)


async def test_rows_without_end_stop_at_the_bytes_of_a_listing(serve):
    site = await serve(Stream(endless))
    done = await scan_of(site, limits=Limits(), profile=replace(QUICK, listing_bytes=2 * 1024 * 1024))
    (finding,) = done.findings
    assert ("bytes", False) == (finding.store.cut_by, finding.store.complete)
    assert 1 <= site.left
    assert 10_000 < finding.store.files < 2 * 1024 * 1024 // 100
    assert finding.title.startswith("At least")


async def test_a_slow_folder_leaves_the_rest_of_its_store_exact(serve):
    site = await serve({"a": calls(30), "b": Stream(stopped, 0.01), "c": calls(40, first=1_000)})
    (finding,) = (await scan_of(site)).findings
    assert (570, 3, "timeout") == (finding.store.files, finding.store.directories, finding.store.cut_by)


async def test_a_page_that_never_begins_is_a_gap_and_no_hang(serve):
    site = await serve(Stream(lambda: itertools.repeat(b""), 0.01))
    done = await scan_of(site)
    assert ((), True) == (done.findings, done.gap("timeout") > 0)
