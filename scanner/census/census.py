"""A store, counted. Some kilobytes however large the store; no name is in it that is not masked or hashed.

Censuses merge in any order and grouping to the same census: all sums are of whole numbers, all lists keep what sorts
first. `folder` makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from scanner.census import sketch
from scanner.census.days import newest
from scanner.census.hours import Seconds
from scanner.census.part import (
    PartCount,
    PartKey,
    PeopleCount,
    first_of,
    joined_parts,
    joined_people,
    joined_words,
    listed,
    numbers,
    parts_json,
    parts_of,
    sets,
)
from scanner.filenames.token import PEOPLE
from scanner.model import Certainty, Column, DoorSeen, Hours

COLUMNS = 24                                 # columns of names that are told of


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What a directory or a store holds. Numbers are of what was listed: with `cut_by` they are "at least"."""

    files: int = 0
    directories: int = 0
    bytes: int = 0
    spread: int = 0                          # sum of squared rounding errors, square bytes
    unsized: int = 0                         # files whose size is not shown
    first: int | None = None                 # seconds since 1970, as shown
    last: int | None = None
    timed: int = 0                           # files with a time that a clock can have meant
    days: Mapping[int, int] = field(default_factory=dict)    # newest days shown (since 1970) -> files; at most 64
    named_first: int | None = None           # seconds since 1970: earliest and latest day that names say
    named_last: int | None = None
    odd_times: int = 0                       # times that no clock can have meant; not in first and last
    kinds: Mapping[str, list[int]] = field(default_factory=dict)        # kind -> [files, bytes]
    seconds: Seconds = field(default_factory=Seconds)
    methods: Mapping[str, int] = field(default_factory=dict)            # how durations were estimated -> files
    empty_recordings: int = 0                # sound files of less than a second
    looks: Mapping[str, int] = field(default_factory=dict)              # folders like a recorder's: why -> sound files
    people: Mapping[str, PeopleCount] = field(default_factory=dict)
    parts: Mapping[PartKey, PartCount] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()         # what digits in names were taken for, those of most names first
    signatures: Mapping[str, int] = field(default_factory=dict)         # id -> files
    hints: Mapping[str, int] = field(default_factory=dict)              # id -> files too few to be sure
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)   # word class -> listed words seen in paths
    sample: tuple[str, ...] = ()             # masked names
    sketch: tuple[int, ...] = ()             # bottom-k of keyed hashes of (parent, base name)
    cut_by: frozenset[str] = frozenset()

    @property
    def bytes_exact(self) -> bool:
        """Whether every size is shown, and to the byte."""
        return self.unsized == 0 and self.spread == 0

    @property
    def complete(self) -> bool:
        """Whether everything listed was read to its end."""
        return not self.cut_by

    @property
    def hours(self) -> Hours | None:
        """Hours of sound, where there is any."""
        return self.seconds.hours(self.methods) if self.seconds else None

    def distinct(self, kind: str) -> int:
        """How many different people of `kind` the names carry, estimated."""
        return self.people[kind].distinct if kind in self.people else 0

    def similar(self, other: Census) -> float:
        """Share of names that both have, estimated, 0 to 1."""
        return sketch.similarity(self.sketch, other.sketch)

    def lies_in(self, other: Census) -> tuple[int, float]:
        """How many names could be looked for in a larger store, and which share of these is there, 0 to 1."""
        return sketch.contained(self.sketch, other.sketch)

    def merge(self, other: Census) -> Census:
        """Both together. Commutative and associative."""
        sums = {n: getattr(self, n) + getattr(other, n) for n in _SUMS}
        return Census(
            **sums,
            first=_least(self.first, other.first), last=_most(self.last, other.last),
            named_first=_least(self.named_first, other.named_first),
            named_last=_most(self.named_last, other.named_last),
            days=newest(_numbers(self.days, other.days)),
            kinds={k: [a + b for a, b in zip(self.kinds.get(k, (0, 0)), other.kinds.get(k, (0, 0)), strict=True)]
                   for k in {**self.kinds, **other.kinds}},
            methods=_counts(self.methods, other.methods),
            looks=_counts(self.looks, other.looks),
            people=joined_people(self.people, other.people),
            parts=joined_parts(self.parts, other.parts),
            columns=foremost({*self.columns, *other.columns}),
            signatures=_counts(self.signatures, other.signatures),
            hints=_counts(self.hints, other.hints),
            words=joined_words(self.words, other.words),
            sample=first_of(self.sample, other.sample),
            sketch=sketch.merged(self.sketch, other.sketch),
            cut_by=self.cut_by | other.cut_by,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values that JSON takes, keys sorted: equal censuses give equal text."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return plain | {
            "kinds": _sorted(self.kinds), "methods": _sorted(self.methods), "looks": _sorted(self.looks),
            "signatures": _sorted(self.signatures), "hints": _sorted(self.hints), "seconds": numbers(self.seconds),
            "people": {kind: count.to_json() for kind, count in sorted(self.people.items())},
            "parts": parts_json(self.parts),
            "days": [[day, count] for day, count in sorted(self.days.items())],
            "columns": [_column(each) for each in self.columns],
            "words": listed(self.words),
            "sample": list(self.sample), "sketch": list(self.sketch), "cut_by": sorted(self.cut_by),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The other way: `from_json(to_json(c)) == c`. What an older version did not write is as in an empty census."""
        known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        return cls(**known | {
            "seconds": Seconds(*data["seconds"]),
            "people": {kind: PeopleCount.from_json(count) for kind, count in data["people"].items()},
            "parts": parts_of(data["parts"]),
            "days": dict(data.get("days", ())),
            "columns": tuple(Column(**{**each, "certainty": Certainty(each["certainty"])})
                             for each in data.get("columns", ())),
            "words": sets(data["words"]),
            "sample": tuple(data["sample"]), "sketch": tuple(data["sketch"]), "cut_by": frozenset(data["cut_by"]),
        })


_SUMS = ("files", "directories", "bytes", "spread", "unsized", "timed", "odd_times", "seconds", "empty_recordings")


def _counts(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {k: one.get(k, 0) + other.get(k, 0) for k in {**one, **other}}


def _numbers(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {k: one.get(k, 0) + other.get(k, 0) for k in {**one, **other}}


def foremost(columns: Iterable[Column]) -> tuple[Column, ...]:
    """At most 24: those of people first, then of most names. Shapes that many folders share are told of the largest."""
    largest: dict[tuple[str, int, str], Column] = {}
    for column in sorted(columns, key=_prominence):
        largest.setdefault((column.shape, column.place, column.kind), column)
    return tuple(largest.values())[:COLUMNS]


def _prominence(column: Column) -> tuple[Any, ...]:
    return (column.kind not in PEOPLE, -column.names, column.path, column.shape, column.place, column.kind,
            -column.files, -column.distinct, -column.certainty, column.because)


_COLUMN = tuple(f.name for f in fields(Column))


def _column(column: Column) -> dict[str, Any]:
    return {name: getattr(column, name) for name in _COLUMN} | {"certainty": int(column.certainty)}


def _least(one: int | None, other: int | None) -> int | None:
    return min((t for t in (one, other) if t is not None), default=None)


def _most(one: int | None, other: int | None) -> int | None:
    return max((t for t in (one, other) if t is not None), default=None)


def _sorted(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(mapping.items()))


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """One store: its doors, first the one that it was crawled by, and what it holds."""

    doors: tuple[DoorSeen, ...]
    census: Census
    root: str = ""                           # keyed digest of the names in its root; "" where it is not known
    tops: frozenset[str] = frozenset()       # the same of folders directly in it
    visible: str = ""                        # the same of its root with its first folders, hidden names aside
