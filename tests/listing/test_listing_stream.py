"""However the bytes arrive, and whichever way rows are read, the entries are the same; memory and grants stay true."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.listing import Verdict, reader
from scanner.listing.html.page import Page
from scanner.model import Batch
from tests.bench.rows_parse import Parsed, expected
from tests.bench.rows_parse import page as chunks
from tests.listing.recorded import entries, load, read
from tests.listing.shapes import LISTINGS, OTHERS

COUNT = 3000


def name(number: int) -> str:
    """Mostly plain names; among them some that only careful reading gets right."""
    odd = {7: f"å b&c {number}.wav", 23: f"q?{number}#.wav", 41: f"colon:{number}:30.wav", 43: f"<b>{number}.wav"}
    return odd.get(number % 200, f"070-1740605_{number:05d}.{'wav' if number % 3 else 'mp3'}")


def size(number: int) -> int:
    """A size."""
    return number * 7919 % 3_000_000


Printer = Callable[[int, str, str], str]
PRINTERS: dict[str, Printer] = {
    "lines": lambda n, href, text: f'<a href="{href}">{text}</a>   18-Feb-2019 {n % 24:02}:{n % 60:02}  '
                                   f'{size(n):>19}\r\n',
    "table": lambda n, href, text: (
        f'<tr><td><img src="/icons/sound2.gif" alt="[SND]"></td><td><a href="{href}">{text}</a></td>'
        f'<td align="right">2019-02-18 {n % 24:02}:{n % 60:02}  </td><td align="right">{size(n)} </td><td>&nbsp;'
        f'</td></tr>\n'),
    "columns first": lambda n, href, text: (
        f'<tr class="{"even" if n % 2 else "odd"}"><td>18-Feb-2019 {n % 24:02}:{n % 60:02}</td><td class="size">'
        f'{size(n)}B</td>'
        f'<td><a href="./{href}">{text}</a></td></tr>\n'),
    "attributes": lambda n, href, text: (
        f'<tr>\n<td>\n<a href="./{href}">\n<svg w="{n}"></svg><span class="name">{text}</span></a></td>\n'
        f'<td data-order="{size(n)}">{size(n) / 1024:.1f} KiB</td>\n'
        f'<td><time datetime="2019-02-18T{n % 24:02}:{n % 60:02}:00Z">x</time></td></tr>\n'),
    "breaks": lambda n, href, text: (
        f' 2/18/2019 {n % 12 + 1:>2}:{n % 60:02} {"AM" if n % 2 else "PM"} {size(n):>12} <A HREF="/c/{href}">'
        f'{text}</A><br>'),
    "ls": lambda n, href, text: f'-rw-r--r-- 1 root {size(n):>9} Feb {n % 28 + 1:>2}  2019 <a href="{href}">'
                                f'{text}</a>\n',
    "icons": lambda n, href, text: (
        f'<tr><td><a href="{href}"><img alt="[SND]"></a></td><td><a href="{href}">{text}</a></td>'
        f'<td>2019-02-18 {n % 24:02}:{n % 60:02}</td><td>{size(n)}</td></tr>\n'),
}


def listing(printer: Printer, count: int = COUNT) -> bytes:
    """A long listing."""
    rows = "".join(printer(n, quote(name(n)), escape(name(n))) for n in range(count))
    return (f"<html><head><title>Index of /c/</title></head><body><h1>Index of /c/</h1><pre>\n{rows}</pre>"
            '<address><a href="https://example.org/">Server</a></address></body></html>').encode()


@pytest.mark.parametrize("printer", PRINTERS)
def test_a_long_listing_is_read_fast_and_exactly(printer: str) -> None:
    one, batches = read("html", "/c/", listing(PRINTERS[printer]))
    found = entries(batches)
    assert isinstance(one, Page)
    assert one._manner.fast is not None
    assert sorted(name(n).encode() for n in range(COUNT)) == sorted(entry.name for entry in found)
    assert {name(n).encode(): (size(n), 0) for n in range(COUNT)} == {
        entry.name: (entry.size, entry.slack) for entry in found}
    assert all(entry.modified is not None for entry in found)


@pytest.mark.parametrize("printer", PRINTERS)
def test_fast_reading_gives_what_careful_reading_gives(printer: str) -> None:
    body = listing(PRINTERS[printer])
    careful = Page("/c/")
    careful._manner.lessons = 0
    careful._manner._learn_pattern = lambda *_: None            # type: ignore[method-assign]
    batches = careful.feed(body) + careful.close()
    assert careful._manner.fast is None
    assert sorted(map(repr, entries(batches))) == sorted(map(repr, entries(read("html", "/c/", body)[1])))


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("step", [997, 65_536, 70_001])
def test_long_listings_are_the_same_in_any_pieces(printer: str, step: int) -> None:
    body = listing(PRINTERS[printer])
    whole, pieces = read("html", "/c/", body), read("html", "/c/", body, step=step)
    assert whole[1] == pieces[1]
    assert (whole[0].row_bytes, whole[0].facts) == (pieces[0].row_bytes, pieces[0].facts)


BODIES = [load(f"{product}-calls") for product in ("nginx", "apache-fancy", "nginx-json", "caddy-json", "python")]


@settings(max_examples=60)
@given(st.sampled_from(BODIES), st.lists(st.integers(1, 3000), min_size=1, max_size=12))
def test_recorded_answers_are_the_same_in_any_pieces(answer: object, steps: list[int]) -> None:
    assert isinstance(answer, type(BODIES[0]))
    one, batches, at = reader(answer.kind, answer.path), [], 0
    while at < len(answer.body):
        for step in steps:
            batches += one.feed(answer.body[at:at + step])
            at += step
    batches += one.close()
    whole, together = read(answer.kind, answer.path, answer.body)
    assert entries(together) == entries(batches)
    assert (whole.verdict, whole.facts, whole.links) == (one.verdict, one.facts, one.links)


@settings(max_examples=150)
@given(st.sampled_from(["html", "json", "xml", None]), st.binary(max_size=2000), st.integers(0, 5), st.integers(0, 400))
def test_random_bytes_never_raise(kind: str | None, noise: bytes, which: int, at: int) -> None:
    base = [*LISTINGS.values(), *(body for _, body in OTHERS.values()), *(answer.body for answer in BODIES)][which * 3]
    for body in (noise, base[:at] + noise + base[at:], base[at:] + noise):
        one, batches = read(kind or "html", "/calls/", body, step=333)
        assert one.verdict in (Verdict.LISTING, Verdict.NOT)
        assert all(len(batch.names) == len(batch.sizes or batch.names) == len(batch.times or batch.names)
                   for batch in batches)


@settings(max_examples=80)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=40)
                .filter(lambda text: text not in (".", "..")), min_size=3, max_size=20, unique=True))
def test_any_name_survives_a_server_that_escapes_as_it_should(names: list[str]) -> None:
    rows = "".join(f'<li><a href="./{quote(text, safe="")}">{escape(text)}</a></li>\n' for text in names)
    body = f"<title>Index of /c/</title><h1>Index of /c/</h1><ul>{rows}</ul>".encode()
    one, batches = read("html", "/c/", body)
    if one.verdict is Verdict.LISTING:
        assert sorted(text.encode() for text in names) == sorted(entry.name for entry in entries(batches))


def test_rows_stream_before_the_page_has_ended() -> None:
    one, body = reader("html", "/c/"), listing(PRINTERS["lines"])
    assert one.feed(body[:60_000]) == []
    assert Verdict.UNDECIDED is one.verdict
    assert one.feed(body[60_000:70_000]) != []
    assert Verdict.LISTING is one.verdict


@pytest.mark.parametrize("printer", PRINTERS)
def test_nearly_all_bytes_of_a_listing_are_granted(printer: str) -> None:
    body = listing(PRINTERS[printer])
    assert 0.9 < read("html", "/c/", body)[0].row_bytes / len(body) <= 1


@pytest.mark.parametrize("junk", [b"<p>" + b"x" * 4000 + b"</p>\n", b"\0" * 4096, b"RIFF" + bytes(range(256)) * 16])
def test_what_follows_the_rows_is_not_granted(junk: bytes) -> None:
    body = listing(PRINTERS["lines"])
    one, batches = read("html", "/c/", body + junk * 500)
    assert one.row_bytes <= len(body)
    assert len(entries(batches)) == COUNT


def test_a_cut_listing_keeps_the_rows_that_came() -> None:
    body = listing(PRINTERS["lines"])
    _, batches = read("html", "/c/", body[:len(body) // 2])
    assert COUNT // 2 - 40 < len(entries(batches)) < COUNT // 2 + 40


def test_a_huge_listing_is_counted_exactly_in_little_memory() -> None:
    rows = 30_000
    parsed = Parsed()
    tracemalloc.start()
    for chunk in chunks(rows):
        parsed.feed(chunk)
    sums = parsed.close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert expected(rows) == sums
    assert peak < 12 << 20


def test_batches_hold_one_length() -> None:
    batches: list[Batch] = read("html", "/c/", listing(PRINTERS["table"]))[1]
    for batch in batches:
        assert len(batch.names) == len(batch.sizes or []) == len(batch.times or [])
