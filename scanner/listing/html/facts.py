"""What a listing looks like, for signatures to match: the markup around its rows, and one row without its names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scanner.listing.hrefs import entities, shows
from scanner.listing.html.markup import attributes
from scanner.listing.html.rows import Block, Row
from scanner.listing.html.verdict import Judgement

HEAD = 2048
TAIL = 1024
_HUSH = re.compile(rb"(<(script|style)\b[^>]{0,512}>)(?:[^<]++|<(?!/(?:script|style)))*+", re.IGNORECASE)
_TITLE = re.compile(rb"<title\b[^>]{0,99}>([^<]{0,2000}+)</title", re.IGNORECASE)
_LASTING = ("listing.dialect", "listing.row", "listing.columns", "listing.sort")
_SPACES = re.compile(r"\s+")
_KEPT = frozenset({b"class", b"align", b"valign", b"alt", b"src", b"id", b"rel", b"width", b"height", b"xlink:href",
                   b"colspan", b"nowrap", b"viewbox", b"bgcolor", b"role"})
_PLAIN = re.compile(r"[\d\W_]*(?:[A-Za-z]{1,12}[\d\W_]*){0,4}")
_CONTAINERS = ((b"tr", "table"), (b"li", "list"))


def describe(block: Block, judgement: Judgement) -> dict[str, str]:
    """The facts that the beginning of a listing gives."""
    rows = judgement.rows
    facts = {
        "listing.title": judgement.frame.title,
        "listing.dialect": dialect(block, rows),
        "listing.head": head(block.data[:rows[0].start] if rows else block.data),
    }
    if judgement.frame.sorts:
        facts["listing.sort"] = judgement.frame.sorts[0]
    if rows:
        facts["listing.row"] = row(block, rows[0])
        facts["listing.columns"] = _columns(judgement)
    return facts


def dialect(block: Block, rows: Sequence[Row]) -> str:
    """What the rows are made of: table, list, pre, or plain links."""
    for kind, name in _CONTAINERS:
        if rows and rows[-1].kind == kind:
            return name
    first = rows[0].first if rows else len(block.tags)
    names = {tag.name for tag in block.tags[max(0, first - 400):first]}
    return "pre" if b"pre" in names else "links"


def page(data: bytes) -> dict[str, str]:
    """What the beginning of a page that is no listing says of itself: `http.title`, `http.head`."""
    found = _TITLE.search(data)
    title = " ".join(entities(found[1]).decode("utf-8", "replace").split())[:300] if found else ""
    said = {"http.title": title, "http.head": _squeezed(data)[:HEAD]}
    return {fact: text for fact, text in said.items() if text}


def again(known: Mapping[str, str], before: bytes) -> dict[str, str]:
    """The same of a page like one that was described before: what is `known` of that one, and what is its own."""
    found = _TITLE.search(before[:1 << 16])
    title = " ".join(entities(found[1]).decode("utf-8", "replace").split())[:300] if found else ""
    return {**known, "listing.title": title, "listing.head": head(before)}


def lasting(facts: Mapping[str, str]) -> dict[str, str]:
    """What of a page's facts holds for others of its kind."""
    return {fact: facts[fact] for fact in _LASTING if fact in facts}


def _columns(judgement: Judgement) -> str:
    """The columns from left to right."""
    layout = judgement.layout
    places = [((0, 0), "name")]
    places += [((layout.date[0], 1), "date")] if layout.date else []
    places += [((layout.size[0], 2), "size")] if layout.size else []
    return ",".join(name for _, name in sorted(places))


def head(data: bytes) -> str:
    """Markup before the first row, scripts and styles emptied: its beginning and its end."""
    text = _squeezed(data)
    return text if len(text) <= HEAD else text[:HEAD // 2 - 1] + " … "[:2] + text[-HEAD // 2 + 1:]


def tail(data: bytes) -> str:
    """Markup after the last row, scripts and styles emptied."""
    return _squeezed(data)[:TAIL]


def _squeezed(data: bytes) -> str:
    return _SPACES.sub(" ", _HUSH.sub(rb"\1", data[:1 << 19]).decode("utf-8", "replace")).strip()


def row(block: Block, first: Row) -> str:
    """A row without what is a stranger's: names become N, digits 9, other words T."""
    made = [_text(block.text(first.first - 1, first.start, first.end), first, inside=False)]
    for i in range(first.first, min(first.last, first.first + 80, len(block.tags))):
        made.append(_tag(block, i, first))
        made.append(_text(block.text(i, first.start, first.end), first, inside=first.anchor <= i < first.close))
    return _SPACES.sub(" ", "".join(made)).strip()[:1024]


def _tag(block: Block, index: int, first: Row) -> str:
    tag = block.tags[index]
    made = [f"<{tag.name.decode('latin-1')}"]
    for name, (start, end) in attributes(block.data, tag).items():
        value = block.data[start:end]
        if name == b"href":
            shown = first.link.prefix.decode("latin-1") + "N" + "/" * first.link.slash
        elif name in _KEPT and not _tells(value, first):
            shown = value.decode("utf-8", "replace")[:120]
        else:
            shown = "N" if _tells(value, first) else re.sub(r"\d", "9", value.decode("utf-8", "replace")[:40])
            shown = shown if shown == "N" or (_PLAIN.fullmatch(shown) and any(c == "9" for c in shown)) else "T"
        made.append(f' {name.decode("latin-1")[:40]}="{shown}"')
    return "".join(made) + ">"


def _tells(value: bytes, first: Row) -> bool:
    """Whether an attribute gives the name away."""
    name = first.link.name
    plain = entities(value)
    return shows(plain, name) or first.link.segment in plain or (len(name) > 2 and name in plain)


def _text(raw: bytes, first: Row, *, inside: bool) -> str:
    text = entities(raw).decode("utf-8", "replace").replace("\xa0", " ")
    if not text.strip():
        return " " if text else ""
    if inside and (first.link.named or not any(char.isdigit() for char in text)):
        return "N" if shows(entities(raw), first.link.name) or not _PLAIN.fullmatch(text) else _masked(text)
    return _masked(text) if len(text) < 200 else "T"


def _masked(text: str) -> str:
    """Sizes, dates, types and permissions with their digits as 9; anything longer is T."""
    return re.sub(r"\d", "9", text) if _PLAIN.fullmatch(text.strip()) and len(text.strip()) <= 64 else "T"
