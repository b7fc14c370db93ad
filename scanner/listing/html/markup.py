"""HTML as a flat row of tags, found in one linear pass. It builds no tree, closes nothing and forgives everything.

An unclosed quote, comment or script takes what follows it up to the end of the block, as it does in a browser, and is
never tried again: each byte is looked at a bounded number of times, whatever the page.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

_REST = rb"""(?:[^>"'=]++|=\s*+(?:"[^"]*+"?+|'[^']*+'?+)?+|["'])*+"""
_MARK = re.compile(
    rb"<!--(?:[^-]++|-(?!->))*+(?:-->)?+"
    rb"|<(?P<block>script|style|textarea|noframes|xmp)(?![\w:-])" + _REST + rb">?+"
    rb"(?:[^<]++|<(?!/(?:script|style|textarea|noframes|xmp)))*+"
    rb"|<(?P<name>/?[a-z][a-z0-9:-]*+)" + _REST + rb">?+"
    rb"|<[!?][^>]*+>?+", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([^\s=>"'/<]++)(?:\s*+=\s*+("[^"]*+"?+|'[^']*+'?+|[^\s>]*+))?+""")
_RAW = frozenset({b"script", b"style", b"textarea", b"noframes", b"xmp"})
VOID = frozenset({b"img", b"br", b"hr", b"input", b"meta", b"link", b"use", b"path", b"wbr", b"col", b"area", b"base",
                  b"source", b"embed", b"param", b"track"})
HEADINGS = frozenset({b"title", b"h1", b"h2", b"h3", b"h4", b"caption", b"legend"})


class Tag(NamedTuple):
    """One tag, or what is skipped whole: a script with its content, a comment (without a name)."""

    start: int
    end: int
    name: bytes                              # lower case; a closing tag begins with a slash


def tags(block: bytes, most: int | None = None) -> list[Tag]:
    """The tags of `block` in their order, the first `most` of them."""
    return [Tag(mark.start(), mark.end(), (mark["name"] or mark["block"] or b"").lower())
            for mark in islice(_MARK.finditer(block), most)]


def attributes(block: bytes, tag: Tag) -> dict[bytes, tuple[int, int]]:
    """Attribute names in lower case -> where their values stand in `block`, quotes left out. The first one counts."""
    found: dict[bytes, tuple[int, int]] = {}
    end = block.find(b">", tag.start, tag.end) + 1 if tag.name in _RAW else tag.end
    stop = end - (block[end - 1:end] == b">")
    for attribute in islice(_ATTRIBUTE.finditer(block, tag.start + 1 + len(tag.name), stop), 64):
        start, end = attribute.span(2)
        if start >= 0 and block[start:start + 1] in (b'"', b"'"):
            end -= end - start > 1 and block[end - 1] == block[start]
            start += 1
        found.setdefault(attribute[1].lower(), (max(start, 0), max(end, 0)))
    return found
