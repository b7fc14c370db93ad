"""Directories with their truth: which files name whom, by what kind of number. Knows nothing of the reader."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One number in one name that belongs to somebody."""

    column: str                              # its place in the product's template: "caller", "patient"
    kind: str                                # phone, personnummer, samordningsnummer, cpr, fodselsnummer, hetu …
    who: str                                 # the same for the same person, however it is written


@dataclass(frozen=True, slots=True)
class Row:
    """One file of a directory."""

    name: str
    moment: int                              # Unix seconds: when it was written
    people: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """One column of numbers that are people: how many files have it filled, how many different people."""

    column: str
    kind: str
    files: int
    distinct: int


@dataclass(frozen=True, slots=True)
class Directory:
    """What one product left in one directory, and what the listing of it shows."""

    product: str
    region: str
    path: str
    rows: tuple[Row, ...]
    times: tuple[int, ...] | None            # as listed; a copy shows the day of copying, a bare list none

    def names(self) -> list[bytes]:
        """The names as a listing gives them."""
        return [row.name.encode() for row in self.rows]

    def people(self) -> tuple[People, ...]:
        """The columns of people, in the order in which the template has them."""
        who: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.rows:
            for said in row.people:
                who[said.column, said.kind].append(said.who)
        return tuple(People(column, kind, len(seen), len(set(seen))) for (column, kind), seen in who.items())
