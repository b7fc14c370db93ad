"""A page read as a known dialect has it: all its rows at once, or at least without judging it.

It decides nothing of its own: where the outline differs, a link is unaccounted for or it is not certain what is a
directory, the page is for the reader to judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.listing.batches import Part
from scanner.listing.dialect import Dialect
from scanner.listing.hrefs import Where
from scanner.listing.html import outline
from scanner.listing.html.fast import REST, Fast
from scanner.listing.html.outline import Outline
from scanner.listing.html.rows import HINT, Block, Row
from scanner.listing.html.verdict import shape, stranger
from scanner.listing.sizes import UNKNOWN

BESIDE = 160                                 # letters beside the name in a row of a page that is not judged
FEW = 40                                     # rows of a page that is looked at whole
SAMPLE = 8
_TAG = re.compile(rb"<[^>]*+>")
_SLASH = re.compile(rb"/(?:\s|&nbsp;)*+<", re.IGNORECASE)
_LINK = re.compile(rb"<(?:!|a\b|script\b|style\b|textarea\b|noframes\b|xmp\b)", re.IGNORECASE)
_RAW = re.compile(rb"<(?:!|script\b|style\b|textarea\b|noframes\b|xmp\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, or the beginning of one, whose rows were read at once."""

    part: Part
    start: int                               # where the rows begin and end
    end: int
    used: int                                # bytes that were rows
    fast: Fast


def read(dialect: Dialect, data: bytes, asked: str, *, whole: bool) -> Reading | None:
    """Read a page as `dialect` has it; None where its outline is another, or not all of its links are plain rows.

    Without `whole` the page goes on after `data`, which ends with a whole row.
    """
    if dialect.fast is None:
        return None
    fast = dialect.fast.at(asked)
    columns, gaps = fast.below(data, asked)
    if len(gaps) < 2:
        return None
    first, last = fast.length(gaps[0]), len(data) - fast.length(gaps[-1])
    start, end = outline.begin(data, dialect.kind, first), outline.end(data, dialect.kind, last)
    rows = data[start:end]
    if not _accounted(fast, rows, [data[start:first], *gaps[1:-1], data[last:end]]):
        return None
    if not _framed(dialect, data[:start], data[end:] if whole else None, asked):
        return None
    part = fast.part(columns) if _shown(columns["name"], rows) else None
    if part is None or not _certain(part, rows, dialect):
        return None
    return Reading(part, start, end, _used(gaps[1:-1], len(rows)), fast)


def ending(fast: Fast, kind: bytes, data: bytes) -> Reading | None:
    """Read the end of a page whose rows are known, up to where they end; None where it takes more care."""
    columns, gaps = fast.split(data)
    if len(gaps) < 2:
        return None
    last = len(data) - fast.length(gaps[-1])
    end = outline.end(data, kind, last)
    if not _accounted(fast, data[:end], [*gaps[:-1], data[last:end]]):
        return None
    part = fast.part(columns)
    return None if part is None else Reading(part, 0, end, _used(gaps[:-1], end), fast)


def children(dialect: Dialect, block: Block, links: Sequence[Row], asked: str) -> list[Row] | None:
    """The rows among the links of a page that has ended; None where it must be judged: its outline is another, or
    links stand among its rows that are none.
    """
    found = [row for row in links if row.link.where is Where.CHILD and not row.heading]
    if any(shape(row) not in dialect.shapes for row in found):
        return None
    if not found:
        around = outline.tokens(block.data, asked)
        return [] if around is not None and dialect.hollow(around) else None
    start, end = span(block, dialect.kind, found)
    if not _framed(dialect, block.data[:start], block.data[end:], asked):
        return None
    if sum(row.link.named for row in found) * 5 < len(found) * 3:
        return None
    paths = {(row.link.path or "").rstrip("/") for row in found}
    among = (row for row in links if start <= block.tags[row.anchor].start < end)
    return None if any(stranger(row, dialect.shapes, paths) for row in among) else found


def span(block: Block, kind: bytes, found: Sequence[Row]) -> tuple[int, int]:
    """From where to where a page's rows reach."""
    last = found[-1].close
    close = block.tags[last].end if last < len(block.tags) else len(block.data)
    return (outline.begin(block.data, kind, block.tags[found[0].anchor].start), outline.end(block.data, kind, close))


def parting(found: Sequence[Row]) -> bytes:
    """What parts these rows: the last of them may end with what ends the page."""
    kinds = Counter(row.kind for row in (found[:-1] or found))
    kind = kinds.most_common(1)[0][0] if kinds else b""
    return b"line" if len(found) == 1 and kind in (b"hr", b"p") else kind


def _accounted(fast: Fast, rows: bytes, gaps: Sequence[bytes]) -> bool:
    """Whether all links among the rows are rows' of the pattern, and nothing hides some of them; `gaps` is the rest."""
    if fast.links == 1:
        return not any(map(_LINK.search, set(gaps)))
    return fast.fills(len(gaps) - 1, rows) and not any(map(_RAW.search, set(gaps)))


def _used(gaps: Sequence[bytes], size: int) -> int:
    """How many bytes are rows: all but what is too long to be the rest of one."""
    if max(map(len, gaps), default=0) <= REST:
        return size
    return size - sum(len(gap) for gap in gaps if len(gap) > REST)


def _framed(dialect: Dialect, before: bytes, after: bytes | None, asked: str) -> bool:
    """Whether a page stands in an outline that was seen; `after` is None where it goes on."""
    head = outline.remembered(dialect.pieces, before, asked)
    tail = outline.remembered(dialect.pieces, after, asked) if after is not None else None
    if head is None:
        return False
    return dialect.begins(head) if after is None else tail is not None and dialect.knows(Outline(head, tail))


def _shown(names: Sequence[bytes], rows: bytes) -> bool:
    """Whether rows show the names of what they link to, and little else: some of them are looked at."""
    if len(names) <= FEW and len(b" ".join(_TAG.sub(b" ", rows).split())) > BESIDE * len(names) + sum(map(len, names)):
        return False
    some = [name.rstrip(b"/")[:40] for name in names[::len(names) // SAMPLE + 1]]
    plain = [name for name in some if b"%" not in name and b"&" not in name]
    return sum(_twice(name, rows) for name in plain) * 5 >= len(plain) * 3


def _twice(name: bytes, rows: bytes) -> bool:
    first = rows.find(name)
    return first >= 0 and rows.find(name, first + len(name)) >= 0


def _certain(part: Part, rows: bytes, dialect: Dialect) -> bool:
    """Whether it is certain what is a directory here: links say it, and nothing else does."""
    if len(_SLASH.findall(rows)) > len(part.directories):
        return False
    if dialect.slashed or part.directories:
        return True
    return not HINT.search(rows) and (dialect.layout.size is None or UNKNOWN not in part.sizes)
