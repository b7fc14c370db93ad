"""Listings are known by their structure, whoever printed them; what only looks like one is left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scanner.listing import Verdict
from scanner.model import Kind
from tests.listing.recorded import entries, read
from tests.listing.shapes import LISTINGS, NAMES_ONLY, OTHERS, page

HOST = "files.example.org"


@pytest.mark.parametrize("shape", LISTINGS)
def test_a_listing_of_a_product_nobody_has_heard_of_is_read_whole(shape: str) -> None:
    one, batches = read("html", "/calls/", LISTINGS[shape], host=HOST)
    found = {entry.name: entry for entry in entries(batches)}
    assert Verdict.LISTING is one.verdict, one.why
    kinds = {name: entry.kind for name, entry in found.items()}
    assert kinds == {b"2013": Kind.DIRECTORY, b"070-1740605.wav": Kind.FILE, b"Anna call.wav": Kind.FILE}
    files = [found[name] for name in (b"070-1740605.wav", b"Anna call.wav")]
    assert [(entry.size, entry.slack) for entry in files] == [(8044, 0), (1024000, 0)]
    days = [datetime.fromtimestamp(entry.modified or 0, UTC).date().isoformat() for entry in files]
    assert days == ["2013-04-12", "2019-02-18"]


@pytest.mark.parametrize("shape", NAMES_ONLY)
def test_a_listing_that_shows_names_alone_is_read(shape: str) -> None:
    one, batches = read("html", "/calls/", NAMES_ONLY[shape], host=HOST)
    assert Verdict.LISTING is one.verdict, one.why
    assert [
        (entry.name, entry.kind) for entry in entries(batches)] == [(b"070-1740605."
                                                                     b"wav", Kind.FILE), (b"2013", Kind.DIRECTORY)]
    assert [(batch.sizes, batch.times) for batch in batches] == [(None, None)]


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_no_listing_gives_nothing(what: str) -> None:
    path, body = OTHERS[what]
    one, batches = read("html", path, body, host=HOST)
    assert (one.verdict, batches, one.row_bytes) == (Verdict.NOT, [], 0), one.why


def test_links_of_another_host_are_elsewhere_when_nobody_says_which_host_this_is() -> None:
    one, _ = read("html", "/calls/", NAMES_ONLY["links with their host"])
    assert Verdict.NOT is one.verdict


def test_a_readme_above_the_rows_does_not_hide_them() -> None:
    words = "<p>" + "This mirror is kept by volunteers. " * 200 + "</p>"
    rows = "".join(f'<tr><td><a href="{i}.iso">{i}.iso</a></td><td>2019-02-18 06:07</td><td>{i}M</td></'
                   f'tr>' for i in range(5))
    one, batches = read("html", "/iso/", page("Index of /iso/", f'{words}<a href="../">../</a><table>{rows}</table>'))
    assert (one.verdict, len(entries(batches))) == (Verdict.LISTING, 5)


@pytest.mark.parametrize("cell", ["-", "", "&nbsp;"])
def test_a_file_without_a_size_in_a_listing_with_sizes_is_minus_one(cell: str) -> None:
    rows = "".join(f'<tr><td><a href="{name}">{name}</a></td><td>{size}</td></tr>'
                   for name, size in (("d/", "-"), ("a.wav", "281"), ("b.wav", cell), ("c.wav", "40")))
    _, batches = read("html", "/c/", page("Index of /c/", f"<table>{rows}</table>"))
    assert [batch.sizes for batch in batches] == [[281, -1, 40]]


@pytest.mark.parametrize(("size", "expected"), [
    ("-1", -1), ("1e999", -1), ("9" * 40, -1), ("99999999999 TB", -1), ("281", 281)])
def test_a_size_that_cannot_be_is_unknown_and_its_row_is_kept(size: str, expected: int) -> None:
    rows = "".join(f'<tr><td><a href="{i}.wav">{i}.wav</a></td><td>2019-02-18 06:07</td><td>{shown}</td></tr>'
                   for i, shown in enumerate(["17", "23", "5", size]))
    _, batches = read("html", "/c/", page("Index of /c/", f"<table>{rows}</table>"))
    assert [[17, 23, 5, expected]] == [batch.sizes for batch in batches]


def test_directories_on_this_host_are_named_explicit_ones_first() -> None:
    body = page("Acme", '<a href="/recordings/">r</a><a href="/about">a</a><a href="/files/x.pdf?v=1">x</a>'
                '<a href="http://files.example.org/old recordings/#top">o</a><a href="//other.example.org/secret'
                '/">s</a>'
                '<a href="../../up/">u</a><a href="/recordings/">again</a><a href="mailto:x@example.org">m</a>'
                '<img src="/images/logo.png"><script src="/static/js/main.js"></script>')
    one, _ = read("html", "/", body, host=HOST)
    assert one.links == ["/recordings/", "/old%20recordings/", "/up/", "/files/", "/images/", "/static/js/", "/about/"]


def test_links_are_at_most_five_hundred() -> None:
    body = page("Acme", "".join(f'<a href="/d{i}/">Directory {i}</a>' for i in range(599)))
    assert len(read("html", "/", body)[0].links) == 500


def test_the_first_row_counts_though_it_stands_right_after_the_frame() -> None:
    rows = "".join(f'<a href="{i}.wav">{i}.wav</a>  18-Feb-2019 10:00  {i}\n' for i in range(40))
    _, batches = read("html", "/c/", page("Index of /c/", f"<pre>{rows}</pre>"))
    assert [f"{i}.wav".encode() for i in range(40)] == [entry.name for entry in entries(batches)]


def tiles(*more: str, size: str = "<small>24 B</small>", folder: str = "2019/", count: int = 15) -> bytes:
    """A page of tiles without a heading that says anything, and what stands beside them."""
    rows = "".join(f'<li><a class="w" href="{i}.wav">{i}.wav</a> {size}</li>' for i in range(count))
    return page(".", f'<ul><li><a class="w" href="{folder}">{folder}</a></li>{rows}</ul>' + "".join(more))


ONE, TWO = '<a href="https://example.org/">*</a>', '<a href="/help">?</a>'


@pytest.mark.parametrize("body", [tiles(), tiles(ONE), tiles(ONE, TWO)])
def test_a_page_that_is_all_but_filled_with_sized_rows_is_a_listing(body: bytes) -> None:
    one, batches = read("html", "/calls/", body)
    assert (Verdict.LISTING, 16) == (one.verdict, len(entries(batches))), one.why


@pytest.mark.parametrize("body", [
    tiles(ONE, size=""), tiles(ONE, folder="2019.wav"), tiles(ONE, count=6), tiles(ONE, TWO, '<a href="/a">!</a>'),
    tiles(ONE, "Our records of the garden, one track after the other, for you to hear or to buy."),
    tiles(ONE, '<ul><li><a href="about">about</a></li></ul>')])
def test_a_page_with_other_links_takes_sizes_a_folder_and_little_else(body: bytes) -> None:
    assert Verdict.NOT is read("html", "/calls/", body)[0].verdict
