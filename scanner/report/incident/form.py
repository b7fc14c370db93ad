"""What an incident pack is made of: sections of a few shapes, drawn alike as a page and as text. Knows no finding.

A cell is text of ours with what it counts, `Machine` for what a machine wrote (an address, a name, a command), or
`Blank` for what is not known and should be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """Text to be taken letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Not recorded, not known: for somebody to fill in."""

    text: str


Cell = str | Machine | Blank


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with one or more cells each."""

    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list; numbered where the order counts."""

    items: tuple[Cell, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; each row has a cell for each head."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to be copied into a shell."""

    lines: tuple[str, ...]


Block = Words | Facts | Points | Grid | Commands


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]
    sections: Iterable[Section] = ()         # read once: drafts are made as they are written
    level: str = ""                          # label of a severity, where the heading carries one


@dataclass(frozen=True, slots=True)
class Document:
    """A pack: its title, what every reader must know first, and its sections."""

    title: str
    notices: tuple[str, ...]
    sections: Iterable[Section]              # read once


def machines(texts: tuple[str, ...]) -> tuple[Machine, ...]:
    """Cells of what machines wrote."""
    return tuple(Machine(text) for text in texts)


def known(text: str | None, blank: str = "not recorded") -> Cell:
    """The text, or a blank."""
    return text if text and text.strip() else Blank(blank)
