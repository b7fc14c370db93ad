"""Foreign text on a screen: nothing of it acts, nothing of it is silently lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.show import encodable, show

ANY_TEXT = st.text(st.characters())          # with lone surrogates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, with a space", "plain, with a space"),
        ("Åsa 通話 Ω", "Åsa 通話 Ω"),
        ("[/red]", "[/red]"),
        ("\x1b[31mred", r"\u{1b}[31mred"),
        ("\x1b]52;c;aGk=\x07", r"\u{1b}]52;c;aGk=\u{7}"),
        ("\x9b31m", r"\u{9b}31m"),
        ("a\u202egpj.exe", r"a\u{202e}gpj.exe"),
        ("\u2066x\u2069\u200f", r"\u{2066}x\u{2069}\u{200f}"),
        ("cr\rlf\nend\t", r"cr\u{d}lf\u{a}end\u{9}"),
        ("nul\0", r"nul\u{0}"),
        ("\udcff", r"\u{dcff}"),
        ("no\u00a0break", r"no\u{a0}break"),
        ("line\u2028end", r"line\u{2028}end"),
        ("", ""),
    ],
)
def test_what_is_not_printable_stands_as_a_visible_escape(text: str, expected: str) -> None:
    assert expected == show(text)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("ab\x1bcd", 6, "ab…"),
        ("ab\x1b", 8, r"ab\u{1b}"),
        ("ab\x1b", 7, "ab…"),
        ("x" * 65_536, 10, "xxxxxxxxx…"),
        ("\x1b" * 65_536, 10, r"\u{1b}…"),
    ],
)
def test_long_text_is_cut_and_says_so_without_cutting_an_escape(text: str, limit: int, expected: str) -> None:
    assert expected == show(text, limit)


@given(ANY_TEXT, st.integers(1, 50))
def test_whatever_comes_is_printable_and_within_the_limit(text: str, limit: int) -> None:
    shown = show(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit
    shown.encode()


@given(ANY_TEXT)
def test_printable_text_is_left_as_it_is(text: str) -> None:
    assert (show(text, len(text) + 1) == text) == text.isprintable()


@given(ANY_TEXT)
def test_encodable_text_differs_only_in_lone_surrogates(text: str) -> None:
    made = encodable(text)
    assert made.encode().decode() == made
    assert (made == text) == all(not "\ud800" <= char <= "\udfff" for char in text)
    assert json.loads(json.dumps(made)) == made
