"""Pages made to hurt: work grows as the page does, and nothing rises.

Work is counted in calls made, Python's and C's. What one call of a pattern costs is kept linear by its making; the time
limit of each test would not do for a quadratic one over a megabyte.
"""

from __future__ import annotations

import sys
from types import FrameType
from urllib.parse import quote

import pytest

from scanner.listing import Verdict, reader
from tests.listing.recorded import entries, read

LISTING = b"<html><title>Index of /c/</title><h1>Index of /c/</h1><pre>" + b"".join(
    b'<a href="%d.wav">%d.wav</a>  18-Feb-2019 10:00  %d\n' % (i, i, i * i) for i in range(1500))

HURTS = {
    "open tags": b"<a ", "open quotes": b'<a b="', "open links": b'<a href="', "comments": b"<!--",
    "scripts": b"<script>",
    "links without end": b'<a href="x.wav">', "bare links": b"<a href=x>", "tags": b"<b>", "closing tags": b"</a>",
    "cells": b"<tr><td>", "nothing": b"\0", "entities": b"&#x41;", "quotes": b"\"'", "equals": b'="',
    "headings": b"<h1>",
    "titles": b"<title>", "dates": b"18-Feb-2019 10:00 ", "numbers": b"1 ", "spaces": b" ", "new lines": b"\n",
    "less than": b"<", "times": b'<time datetime="', "percents": b"%", "words": b"aaaa ", "empty li"
                                                                                          "nks": b"<a href></a>",
}


def work(body: bytes) -> int:
    """Calls made while a body is read."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read("html", "/c/", body, step=65_536)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.timeout(120)
@pytest.mark.parametrize("hurt", HURTS)
def test_work_grows_no_faster_than_a_page_that_is_no_listing(hurt: str) -> None:
    unit = HURTS[hurt]
    half, whole = work(unit * (30_000 // len(unit))), work(unit * (60_000 // len(unit)))
    assert whole < 3 * half + 2000
    assert work(unit * ((1 << 20) // len(unit))) < 600_000


@pytest.mark.timeout(180)
@pytest.mark.parametrize("hurt", HURTS)
def test_work_grows_no_faster_than_what_follows_a_listing(hurt: str) -> None:
    unit = HURTS[hurt]
    once, twice, thrice = (work(LISTING + unit * (size // len(unit))) for size in (30_000, 60_000, 90_000))
    assert thrice - twice < 2 * abs(twice - once) + 50_000


@pytest.mark.parametrize("hurt", HURTS)
def test_rows_before_what_hurts_are_kept(hurt: str) -> None:
    one, batches = read("html", "/c/", LISTING + HURTS[hurt] * 2000)
    assert Verdict.LISTING is one.verdict
    names = {entry.name for entry in entries(batches)}
    assert {b"%d.wav" % i for i in range(1499)} <= names


def test_a_hundred_megabytes_in_one_line_pass_through_in_little_memory() -> None:
    one, line = reader("html", "/c/"), b"x" * (1 << 20)
    one.feed(LISTING)
    for _ in range(100):
        one.feed(line)
    one.close()
    assert isinstance(one.row_bytes, int)
    assert one.row_bytes < len(LISTING) + (1 << 10)


@pytest.mark.parametrize("length", [255, 65_536])
def test_a_long_name_is_kept(length: int) -> None:
    long = b"a" * length + b".wav"
    row = b'<a href="%b">%b..&gt;</a>  18-Feb-2019 10:00  17\n' % (long, long[:47])
    _, batches = read("html", "/c/", LISTING[:2000].rpartition(b"\n")[0] + b"\n" + row)
    assert (long, 17) in [(entry.name, entry.size) for entry in entries(batches)]


@pytest.mark.parametrize("name", [
    b"<script>alert(1)<script>.wav", b"[red].wav", b"\x1b[2J.wav", b"=cmd().wav", b"{{7*7}}.wav",
    "\u202egpj.wav".encode(),
    b"a\r\nb.wav", b"\xed\xa0\x80.wav", b"%s%n.wav", b"..%00.wav", b"'\"--.wav"])
def test_a_hostile_name_is_a_name(name: bytes) -> None:
    row = b'<a href="%b">x</a>  18-Feb-2019 10:00  17\n' % quote(name, safe="").encode()
    _, batches = read("html", "/c/", LISTING[:2000].rpartition(b"\n")[0] + b"\n" + row)
    assert name in [entry.name for entry in entries(batches)]


@pytest.mark.parametrize("href", ["../../etc/passwd", "/etc/passwd", "..%2f..%2fetc", "//evil.example.org/x.wav", ".",
                                  "..", "%2e%2e", "./../x.wav", "..%2F"])
def test_a_link_that_climbs_is_no_row(href: str) -> None:
    row = f'<a href="{href}">{href}</a>  18-Feb-2019 10:00  17\n'.encode()
    _, batches = read("html", "/c/", LISTING[:2000].rpartition(b"\n")[0] + b"\n" + row)
    assert not [entry.name for entry in entries(batches) if b"/" in entry.name or entry.name in (b".", b"..")]
