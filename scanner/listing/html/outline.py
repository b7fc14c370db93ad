"""The outline of a page: what stands around its rows, without the path, numbers, dates and scripts. It reads no rows.

Two listings of one server have one outline, however many rows they hold. Tags count by name, attributes and classes,
texts by their words, links by where they lead, but for those to the directory itself and above it. What comes again
counts once, so that a trail of the directories above makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from scanner.listing import dates
from scanner.listing.hrefs import entities, undotted
from scanner.listing.html.markup import Tag, attributes, tags

LONGEST = 192 * 1024                         # bytes of a page around its rows
MOST = 1_000                                 # tags in them
_FLOW = re.compile(rb"\n|<(?:br|hr|p|/p|pre|body|/h[1-6])\b[^>]{0,999}>", re.IGNORECASE)
_FLOWS_ON = re.compile(rb"\n|<br\b[^>]{0,999}>|(?=<(?:hr|p|/p|/pre|/body)\b)", re.IGNORECASE)
_BEGINS = {b"tr": re.compile(rb"<tr\b", re.IGNORECASE), b"li": re.compile(rb"<li\b", re.IGNORECASE),
           b"dt": re.compile(rb"<dt\b", re.IGNORECASE)}
_ENDS = {b"tr": re.compile(rb"</tr\s{0,9}>|(?=<tr\b|</t(?:able|body)\b)", re.IGNORECASE),
         b"li": re.compile(rb"</li\s{0,9}>|(?=<li\b|</[uo]l\b)", re.IGNORECASE),
         b"dt": re.compile(rb"(?=<dt\b|</dl\b)", re.IGNORECASE)}
_KEPT = frozenset({b"class", b"id", b"type", b"name", b"method", b"rel"})
_HOLDERS = frozenset({b"pre", b"table", b"tbody", b"ul", b"ol", b"dl", b"title", b"h1", b"h2"})
_NUMBERS = re.compile(rb"\d[\d.,:]*")
_SPACES = re.compile(rb"\s+")
_MUTE = frozenset({b"/a", b"script", b"style"})

_REMEMBERED = 16 * 1024                      # bytes of a piece that is remembered
_PIECES = 32                                 # that are remembered

Tokens = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What stands before the first row and after the last one."""

    head: Tokens
    tail: Tokens

    @property
    def empty(self) -> Tokens:
        """What such a page is without any rows."""
        return tuple(dict.fromkeys(self.head + self.tail))

    @property
    def holds(self) -> bool:
        """Whether there is something in it that rows stand in: nothing at all is no outline."""
        return any(token.lstrip(b"<").split(b" ", 1)[0] in _HOLDERS for token in self.head)


def begin(data: bytes, kind: bytes, first: int) -> int:
    """Where the row begins that has its link, or its pattern, at `first`."""
    found = -1
    for mark in _BEGINS.get(kind, _FLOW).finditer(data, max(0, first - LONGEST), first):
        found = mark.start() if kind in _BEGINS else mark.end()
    return first if found < 0 else found


def end(data: bytes, kind: bytes, last: int) -> int:
    """Where the row ends whose link, or pattern, ends at `last`."""
    mark = _ENDS.get(kind, _FLOWS_ON).search(data, last, last + LONGEST)
    return last if mark is None else mark.end()


def tokens(data: bytes, asked: str) -> Tokens | None:
    """What a piece of a page around its rows consists of; None where that is too much to compare.

    `asked` is the quoted path of the directory.
    """
    if len(data) > LONGEST:
        return None
    found = tags(data, MOST + 1)
    if len(found) > MOST or any(tag.name == b"base" for tag in found):
        return None
    return tuple(dict.fromkeys(_tokens(data, found, unquote_to_bytes(asked))))


def remembered(known: dict[bytes, Tokens | None], data: bytes, asked: str) -> Tokens | None:
    """The same, kept in `known`: what stands around the rows of a server's pages mostly differs by the path alone."""
    path = asked.rstrip("/").encode("ascii", "replace")
    if len(data) > _REMEMBERED or b"\0" in data or b"\1" in data:
        return tokens(data, asked)
    piece = data.replace(path, b"\0") if path else data
    piece = piece.replace(b'"' + path[:path.rfind(b"/") + 1] + b'"', b'"\1"')
    if piece not in known:
        if len(known) >= _PIECES:
            known.clear()
        known[piece] = tokens(data, asked)
    return known[piece]


def _tokens(data: bytes, found: list[Tag], own: bytes) -> Iterator[bytes]:
    places = frozenset(part for part in own.split(b"/") if part)
    at = 0
    for tag in found:
        if text := _text(data[at:tag.start], own, places):
            yield text
        at = tag.end
        if tag.name == b"a":
            if link := _link(data, tag, own):
                yield link
        elif tag.name and tag.name not in _MUTE:
            yield _tag(data[tag.start:min(tag.end, tag.start + 512)], tag.name)
    if text := _text(data[at:], own, places):
        yield text


def _text(raw: bytes, own: bytes, places: frozenset[bytes]) -> bytes:
    """A text without numbers, and without the path, the one above, or a directory of it."""
    if not raw or raw.isspace():
        return b""
    text = _SPACES.sub(b" ", entities(raw)).strip(b" /")
    if text in places:
        return b""
    if places:
        path = own.rstrip(b"/")
        for form in (path, path[:path.rfind(b"/")]):
            text = text.replace(form, b"") if form else text
        text = text.removesuffix(path[1:])
    if (date := dates.find(text)) is not None:
        text = (text[:date.start] + b"0" + text[date.end:]).strip()
    return _NUMBERS.sub(b"0", text.replace(b"/", b"").strip())


def _link(data: bytes, tag: Tag, own: bytes) -> bytes:
    """A link by where it leads; to the directory itself and to those above it all do alike."""
    span = attributes(data, tag).get(b"href")
    href = entities(data[slice(*span)]).strip() if span else b""
    path = unquote_to_bytes(re.split(rb"[?#]", href, maxsplit=1)[0])
    full = undotted(path).rstrip(b"/") + b"/"    # some print `//calls/` for `/calls/`, and `/calls/..` for `/`
    above = own.startswith(full) if path.startswith(b"/") else not path.strip(b"./")
    return b"" if above else b"<a " + href


@lru_cache(512)
def _tag(raw: bytes, name: bytes) -> bytes:
    """A tag by its name and what tells it from others of that name."""
    if name.startswith(b"/"):
        return b"<" + name
    kept = []
    for attribute, (start, end) in attributes(raw, Tag(0, len(raw), name)).items():
        kept.append(attribute + b"=" + raw[start:end] if attribute in _KEPT else attribute)
    return b"<" + b" ".join([name, *(_NUMBERS.sub(b"0", one) for one in kept)])
