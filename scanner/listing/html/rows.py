"""A block of HTML as rows: each link with the piece of markup around it that is its own. It reads no columns.

Rows are told apart by what stands between two links: a table row, a list item, a term of a list, a line break that is
not inside a row, the lowest nesting, a new line, whichever comes first in that order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scanner.listing.hrefs import Base, Link, Where, entities, shows
from scanner.listing.html.markup import HEADINGS, VOID, attributes, tags
from scanner.listing.html.space import FLOW, Space, fall, level, nest, parted
from scanner.listing.layout import Key

_BREAKS = (frozenset({b"tr", b"/tr"}), frozenset({b"li", b"/li"}), frozenset({b"dt"}))
_PARTS = frozenset({b"tr", b"li", b"dt", b"br", b"hr", b"p"})
_IDLE = (b"#", b"javascript:")               # links of buttons
_BLANK = re.compile(rb"(?:\s|\xc2\xa0|\xe2\x80[\x80-\x8a\xaf])+")
_VALUES = re.compile(rb"datetime|title|sort.*|value|order|abbr|data-.*")
_TELLING = re.compile(rb"datetime|title|sort|value|order|abbr|data-", re.IGNORECASE)
_HINTS = re.compile(rb"class|alt|src|xlink:href|data-type|data-kind|data-icon|aria-label|data-icon-name")
HINT = re.compile(rb"\b(?:dir|directory|folder|parentdir)s?\b", re.IGNORECASE)
_FOLDER_CELL = re.compile(
    rb"\[?<?(?:directory|dir|folder|file folder)>?\]?$|\(?d[r-][w-][xs-][rwxst+.@-]{6,8}\)?(?:\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One link and what belongs to it. Positions are offsets into the block, `first` to `close` indexes of tags."""

    link: Link
    start: int
    end: int
    first: int                               # first tag at or after start
    anchor: int
    close: int                               # the closing tag of the link, or the one before which it ends
    last: int                                # after the last tag that begins before end
    value: tuple[int, int]                   # where the href's value stands
    kind: bytes                              # what tells rows apart here: tr, li, br, nest, line, or nothing
    parent: bytes                            # the tag that the link stands directly in, within the row
    heading: bool = False                    # stands in a heading: a breadcrumb, never a row

    @property
    def shape(self) -> tuple[bytes, bytes]:
        """What rows of one listing have in common."""
        return self.kind, self.parent


class Block:
    """A piece of markup with its tags found."""

    def __init__(self, data: bytes, most: int | None = None) -> None:
        self.data = data
        self.tags = tags(data, most)

    @classmethod
    def beginning(cls, data: bytes, count: int, links: int) -> Block:
        """The beginning of some markup, with at most so many tags and links."""
        block = cls(data, count + 1)
        anchors = [i for i, tag in enumerate(block.tags) if tag.name == b"a"][:links + 1]
        stop = min(count, anchors[links] if len(anchors) > links else count)
        return block if stop >= len(block.tags) else cls(data[:block.tags[stop].start])

    def text(self, tag: int, start: int = 0, end: int | None = None) -> bytes:
        """The raw text after tag number `tag` (-1: before the first), within start and end."""
        begin = self.tags[tag].end if tag >= 0 else 0
        stop = self.tags[tag + 1].start if tag + 1 < len(self.tags) else len(self.data)
        if begin == stop:
            return b""
        return self.data[max(begin, start):stop if end is None else min(stop, end)]

    def links(self, rows: Sequence[Row]) -> int:
        """How many links most rows hold: two where the icon is one."""
        counts = Counter(sum(tag.name == b"a" for tag in self.tags[row.first:row.last]) for row in rows)
        return counts.most_common(1)[0][0] if counts else 1

    def rows(self, base: Base) -> list[Row]:
        """All links of the block, each with its surroundings."""
        found = list(self._links(base))
        base.learn(row.link for row in found)
        return list(self._merged(replace(row, link=base.settle(row.link)) if row.link.other else row for row in found))

    def _links(self, base: Base) -> Iterator[Row]:
        anchors = list(self._anchors())
        space = self._space(0, anchors[0][0], 0) if anchors else Space(0, 0, b"")
        space = space if space.kind else Space(0, 0, b"")  # nothing tells rows apart before the first link: all its own
        for i, (anchor, close, heading) in enumerate(anchors):
            beyond = anchors[i + 1][0] if i + 1 < len(anchors) else len(self.tags)
            last = i + 1 == len(anchors)
            after = self._space(close, beyond, self._position(close), inner=not last, depth=space.depth if last else 0)
            row = self._row(base, anchor, close, space, after, heading)
            if row is not None:
                yield row
            space = after

    def _merged(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Links to one child that follow each other are one row, an icon and the name; and so are buttons beside it."""
        held: Row | None = None
        for row in rows:
            if held is not None and held.link.where is Where.CHILD and self._belongs(held, row):
                best = row if row.link.named and not held.link.named else held
                best = row if row.link.named and row.link.name == held.link.name else best
                held = replace(best, start=held.start, first=held.first, end=row.end, last=row.last, kind=row.kind,
                               link=replace(best.link, slash=held.link.slash or row.link.slash))
            else:
                if held is not None:
                    yield held
                held = row
        if held is not None:
            yield held

    def _belongs(self, held: Row, row: Row) -> bool:
        """Whether a link that follows a child's is to the same child, or does nothing but stand in its row."""
        if row.link.where is Where.CHILD:
            return row.link.name == held.link.name
        if row.link.path is not None and row.link.where is Where.ELSEWHERE:
            return row.link.path.rstrip("/") == (held.link.path or "").rstrip("/")
        idle = self.data[slice(*row.value)].strip().lower().startswith(_IDLE)
        return idle and not any(self.tags[i].name in _PARTS for i in range(held.close, row.anchor))

    def _anchors(self) -> Iterator[tuple[int, int, bool]]:
        """Opening tag, closing tag, and whether it stands in a heading."""
        heading, opened = False, -1
        for i, tag in enumerate(self.tags):
            if tag.name in HEADINGS or (tag.name[1:] in HEADINGS and tag.name[:1] == b"/"):
                heading = not tag.name.startswith(b"/")
            if tag.name in (b"a", b"/a") or (opened >= 0 and tag.name in (b"/tr", b"/table", b"/ul", b"/body")):
                if opened >= 0:
                    yield opened, i, heading
                opened = i if tag.name == b"a" else -1
        if opened >= 0:
            yield opened, len(self.tags), heading

    def _position(self, tag: int) -> int:
        return self.tags[tag].start if tag < len(self.tags) else len(self.data)

    def _space(self, first: int, beyond: int, begin: int, *, inner: bool = False, depth: int = 0) -> Space:
        """Find what tells rows apart between two links: tags first to beyond, bytes from begin.

        `inner`: a line break counts only where it stands in nothing that opens or ends between the links. `depth`: how
        far the nesting falls at the end of rows, after the last link.
        """
        between = self.tags[first:beyond]
        for names in _BREAKS:
            marks = [tag for tag in between if tag.name in names]
            if marks:
                return parted(marks)
        if depth and (fallen := fall(between, depth)) is not None:
            return fallen
        marks = level(between) if inner else [tag for tag in between if tag.name in FLOW]
        if marks:
            return parted(marks)
        stop = self._position(beyond)
        nested = nest(between)
        if nested is not None:
            return nested
        new = self.data.find(b"\n", begin, stop)
        if new >= 0:
            return Space(new, self.data.rfind(b"\n", begin, stop) + 1, b"line")
        return Space(stop, stop, b"")

    def _row(self, base: Base, anchor: int, close: int, before: Space, after: Space, heading: bool) -> Row | None:
        found = attributes(self.data, self.tags[anchor])
        if b"href" not in found:
            return None
        start, end = found[b"href"]
        texts = [self._clean(self.text(tag)) for tag in range(anchor, min(close, anchor + 24))]
        whole = entities(self.data[self.tags[anchor].end:self._position(close)]) if close == anchor + 1 else b""
        if len(whole) > end - start and self.data.startswith(whole, start):
            end = start + len(whole)         # a name with quotes in it, printed raw
        others = [entities(self.data[slice(*found[name])]) for name in (b"title", b"download") if name in found]
        link = base.link(self.data[start:end], whole or b"".join(texts), (*others, *(text for text in texts if text)))
        if close < len(self.tags) and link.named and self.text(close).startswith(b"/"):
            link = replace(link, slash=True, spelled=True)
        first = anchor
        while first > 0 and self.tags[first - 1].start >= before.start:
            first -= 1
        last = min(close, len(self.tags))
        while last < len(self.tags) and self.tags[last].start < after.end:
            last += 1
        parent = self._parent(first, anchor)
        ends = after.kind == b"nest" and before.kind in (b"li", b"tr")    # the last row: its list ends, no row begins
        kind = before.kind if ends else after.kind or before.kind
        return Row(link, min(before.start, self.tags[anchor].start), max(after.end, self._position(close)), first,
                   anchor, close, last, (start, end), kind, parent, heading)

    def _parent(self, first: int, anchor: int) -> bytes:
        """The tag that stands open at `anchor`, of those from `first` on."""
        closed: list[bytes] = []
        for i in range(anchor - 1, first - 1, -1):
            name = self.tags[i].name
            if name.startswith(b"/"):
                closed.append(name[1:])
            elif name in closed:
                closed.remove(name)
            elif name not in VOID:
                return name
        return b""

    @staticmethod
    def _clean(raw: bytes) -> bytes:
        return _BLANK.sub(b" ", entities(raw)).strip() if raw and not raw.isspace() else b""

    def cells(self, row: Row) -> dict[Key, bytes]:
        """What a row shows beside its name: texts and telling attributes, cleaned, by where they stand."""
        found: dict[Key, bytes] = {}
        for tag in range(row.first - 1, min(row.last, row.first + 200)):
            inside = row.anchor <= tag < row.close
            if tag >= row.first:
                self._values(tag, row, found)
            text = self._clean(self.text(tag, row.start, row.end)[:512])
            if text and not (inside and shows(text, row.link.name)):
                found[tag - row.anchor, b""] = text
        return found

    def _values(self, tag: int, row: Row, found: dict[Key, bytes]) -> None:
        if not _TELLING.search(self.data, self.tags[tag].start, self.tags[tag].end):
            return
        for name, (start, end) in attributes(self.data, self.tags[tag]).items():
            if 0 < end - start < 64 and _VALUES.fullmatch(name):
                value = self._clean(self.data[start:end])
                if not shows(value, row.link.name):
                    found[tag - row.anchor, name] = value

    def folder(self, row: Row, cells: dict[Key, bytes]) -> bool:
        """Whether icon, class, type or permissions of a row say that it is a directory."""
        if any(_FOLDER_CELL.match(text) for (_, name), text in cells.items() if not name):
            return True
        return any(self._hint(tag) for tag in range(row.first, min(row.last, row.first + 200)))

    def _hint(self, tag: int) -> bool:
        if not HINT.search(self.data, self.tags[tag].start, self.tags[tag].end):
            return False
        return any(HINT.search(self.data, *span) for name, span in attributes(self.data, self.tags[tag]).items()
                   if _HINTS.fullmatch(name))
