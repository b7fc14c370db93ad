"""Strangers' text in a pack: never markup, neither in the page nor in the text."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from packs import page, plain
from sample import REPORT
from strangers import hostile

from scanner.report.incident import text

OPENING = re.compile(r"<(script|img|svg|iframe|object|embed|link|base|form|a)\b", re.IGNORECASE)


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
