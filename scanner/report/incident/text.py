"""A pack as text: Markdown that reads as well without being drawn. Foreign text never becomes markup in it.

What a machine wrote stands in code spans, in which nothing is interpreted; all other text has the signs of Markdown
and of bare links escaped. There are no tables: a row is a point, its cells are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.report.incident.form import (
    Blank,
    Block,
    Cell,
    Commands,
    Document,
    Facts,
    Grid,
    Machine,
    Points,
    Section,
    Words,
)
from scanner.report.show import show, uncut

LONG = 1_000                                 # characters of one cell
_SIGNS = re.compile(r"([\\`*_\[\]{}<>|&~#$!])")         # braces: of wikis and of templates that pages are made with
_LINKS = re.compile(r"(?<=:)/(?=/)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_LEAD = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[+=-]))")   # what begins a list or underlines a heading
_TICKS = re.compile(r"`+")


def chunks(document: Document) -> Iterator[str]:
    """The text in pieces, lines ended by a line feed."""
    yield f"# {inline(document.title)}\n"
    for notice in document.notices:
        yield f"\n**{inline(notice)}**\n"
    for section in document.sections:
        yield from _section(section, 2)


def _section(section: Section, depth: int) -> Iterator[str]:
    yield f"\n{'#' * min(depth, 6)} {inline(section.heading)}\n"
    for block in section.blocks:
        yield "\n"
        yield from (f"{line}\n" for line in _block(block))
    for inner in section.sections:
        yield from _section(inner, depth + 1)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Words(text):
            yield plain(text)
        case Facts(rows):
            yield from (f"- **{inline(label)}:** {_cells(cells)}" for label, cells in rows)
        case Points(items, numbered):
            yield from (f"{f'{i}.' if numbered else '-'} {_point(item)}" for i, item in enumerate(items, 1))
        case Grid(head, rows):
            yield from (f"- {_row(head, row)}" for row in rows)
        case Commands(lines):
            yield from _fenced(lines)


def _cells(cells: tuple[Cell, ...]) -> str:
    return "; ".join(map(cell, cells))


def _row(head: tuple[str, ...], row: tuple[Cell, ...]) -> str:
    return "; ".join(f"**{inline(label)}:** {cell(value)}" for label, value in zip(head, row, strict=True))


def _fenced(lines: tuple[str, ...]) -> Iterator[str]:
    shown = [show(line, uncut(line)) for line in lines]       # cut, a quote would stay open
    longest = max((len(run) for line in shown for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}sh"
    yield from shown
    yield fence


def cell(value: Cell) -> str:
    """One cell, on one line."""
    match value:
        case Machine(text):
            return code(text)
        case Blank(text):
            return f"**\\[{inline(text)}\\]**"
        case _:
            return inline(value)


def _point(value: Cell) -> str:
    return plain(value) if isinstance(value, str) else cell(value)


def plain(text: str) -> str:
    """The same as `inline`, at the start of a line: where it would begin a list or indented code, it does not."""
    return _LEAD.sub(r"\1\\", inline(text).lstrip(" "))


def inline(text: str) -> str:
    """Text in which nothing is markup and nothing becomes a link."""
    return _LINKS.sub(r"\\\g<0>", _SIGNS.sub(r"\\\1", show(text, LONG)))


def code(text: str) -> str:
    """A code span that holds the text letter by letter (CommonMark 6.1)."""
    shown = show(text, LONG)
    if not shown:
        return "–"
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    ticks = "`" * (longest + 1)
    room = " " if "`" in (shown[0], shown[-1]) or (shown[0] == shown[-1] == " ") else ""
    return f"{ticks}{room}{shown}{room}{ticks}"
