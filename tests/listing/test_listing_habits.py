"""Names in links that are not escaped, or not all of it: what other rows of the page tell decides how they are read."""

from __future__ import annotations

import pytest

from tests.listing.recorded import shown

PLAIN = [("070-1740605.wav", "070-1740605.wav"), ("070-1740606.wav", "070-1740606.wav")]
SPACED = ("samtal 070-1740607.wav", "samtal 070-1740607.wav")
QUOTED = ("samtal%20070-1740607.wav", "samtal 070-1740607.wav")
RAW = ("q&a.wav", "q&amp;a.wav")


def names(*links: tuple[str, str], path: str = "/in/", before: str = "") -> set[bytes]:
    """Of the rows of an invented product, each with its link as it is written and its text."""
    rows = "".join(f'<tr><td><a class="f" href="{before}{href}">{text}</a><td>2019-02-1{i} 10:00<td>{i + 20} KB</tr>'
                   for i, (href, text) in enumerate(links))
    body = f"<title>Hylla</title><table><tr><th>Namn<th>Datum<th>Storlek</tr>{rows}</table>"
    return {entry.name for entry in shown("html", path, body.encode())}


@pytest.mark.parametrize("before", ["", "/in/", "./"])
@pytest.mark.parametrize(("link", "name"), [
    (("070-1740608 ", "070-1740608 #2.wav"), b"070-1740608 #2.wav"),
    (("070-1740608", "070-1740608?.wav"), b"070-1740608?.wav"),
    (("rate 50 b.wav", "rate%2050 b.wav"), b"rate%2050 b.wav"),
])
def test_a_name_that_was_taken_for_a_link_is_read_from_its_text(
        link: tuple[str, str], name: bytes, before: str) -> None:
    assert name in names(*PLAIN, link, SPACED, before=before)


@pytest.mark.parametrize(("link", "name"), [
    (("070-1740608", "070-1740608?.wav"), b"070-1740608"),
    (("rate 50 b.wav", "rate%2050 b.wav"), b"rate 50 b.wav"),
])
def test_a_page_that_shows_no_such_habit_is_read_by_its_links(link: tuple[str, str], name: bytes) -> None:
    assert name in names(*PLAIN, link, QUOTED)


@pytest.mark.parametrize(("href", "text", "name"), [
    ("070-1740608%20#2.wav", "070-1740608 #2.wav", b"070-1740608 #2.wav"),
    ("p%C3%A5#2.wav", "på#2.wav", "på#2.wav".encode()),
    ("what%20now?.wav", "what now?.wav", b"what now?.wav"),
    ("070-1740608%20b.wav", "070-1740608%20b.wav", b"070-1740608%20b.wav"),
])
def test_a_name_of_which_a_part_is_escaped_is_read_whole(href: str, text: str, name: bytes) -> None:
    assert {b"070-1740605.wav", b"070-1740606.wav", name} == names(*PLAIN, (href, text))


@pytest.mark.parametrize(("others", "name"), [
    ([QUOTED], b"a & b.wav"), ([RAW, QUOTED], b"a &amp; b.wav"), ([RAW], b"a &amp; b.wav"), ([], b"a &amp; b.wav")])
def test_an_ampersand_that_is_escaped_twice_in_the_text_is_read_as_the_page_writes_its_links(
        others: list[tuple[str, str]], name: bytes) -> None:
    assert name in names(*PLAIN, *others, ("a &amp; b.wav", "a &amp;amp; b.wav"))


def test_the_name_of_a_folder_is_read_from_its_text_as_well() -> None:
    rows = [*PLAIN, SPACED, ("2019 ", "2019 #1/")]
    assert b"2019 #1" in names(*rows)
