"""Strangers' text in a pack: never markup, neither in the page nor in the text."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from packs import page, plain
from reading import Page
from sample import HOSTILE, REPORT, hostile

from scanner.report.incident import logs, text

OPENING = re.compile(r"<(script|img|svg|iframe|object|embed|link|base|form|a)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.strip()])
def test_hostile_text_adds_no_element_to_the_page(name: str) -> None:
    made = Page(page(hostile(name)))
    harmless = "harmless" if logs.prefix(hostile(name).findings[0].doors[0]) else "harml•ss"
    assert Page(page(hostile(harmless))).shape == made.shape
    assert [] == made.comments
    assert not OPENING.search(page(hostile(name)))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_no_markup_in_the_text(name: str) -> None:
    made = plain(hostile(name))
    assert all(char.isprintable() or char == "\n" for char in made)
    kinds = {token.type for outer in MarkdownIt("commonmark").parse(made) for token in (outer, *(outer.children or ()))}
    assert set() == kinds & {"html_block", "html_inline", "link_open", "image", "code_block", "blockquote_open"}
    headings = [line for line in made.splitlines() if line.startswith("#") and not line.startswith("# f")]
    harmless = plain(hostile("harmless" if "grep" in made else "harml•ss"))
    assert len([line for line in harmless.splitlines() if line.startswith("#") and not line.startswith("# f")]) == len(
        headings)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_reads_back_as_itself_and_nothing_more(name: str) -> None:
    for written in (text.plain(name), text.code(name), f"- {text.plain(name)}", f"- **x:** {text.inline(name)}"):
        tokens = [token for outer in MarkdownIt("commonmark").parse(written) for token in (outer.children or ())]
        assert {token.type for token in tokens} <= {"text", "code_inline", "strong_open", "strong_close"}
    assert "://" not in text.plain(name)


def test_a_controller_of_nothing_but_line_ends_is_a_blank() -> None:
    assert "Controller: nobody is recorded." in plain(hostile("\u2028\u2029"))


def test_the_page_runs_nothing_and_refers_to_nothing() -> None:
    made = page(REPORT)
    assert "script-src 'none'" in unescape(made)
    assert not OPENING.search(made)
    assert not re.search(r"url\(|@import|javascript:", made)
