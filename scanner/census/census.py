"""A store, counted. Some kilobytes however large the store; no name is in it that is not masked or hashed.

Censuses merge in any order and grouping to the same census: all sums are of whole numbers, all lists keep what sorts
first. `folder` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from scanner.census import sketch
from scanner.census.hours import Seconds
from scanner.census.sketch import Distinct
from scanner.model import Certainty, DoorSeen, Hours

PARTS = 32
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """Files whose names carry identifiers of one kind."""

    files: int = 0
    sketch: Distinct = field(default_factory=Distinct)
    certainty: Certainty = Certainty.POSSIBLE              # that at least half of the files have
    examples: tuple[str, ...] = ()                         # masked
    levels: tuple[int, int, int] = (0, 0, 0)               # files by certainty

    def __post_init__(self) -> None:
        if self.files and not any(self.levels):
            levels = tuple(self.files if level == self.certainty else 0 for level in Certainty)
            object.__setattr__(self, "levels", levels)

    def merge(self, other: PeopleCount) -> PeopleCount:
        """Both together."""
        possible, probable, certain = (a + b for a, b in zip(self.levels, other.levels, strict=True))
        return PeopleCount(
            self.files + other.files, self.sketch.union(other.sketch), _median(possible, probable, certain),
            _first(self.examples, other.examples), (possible, probable, certain),
        )

    @property
    def distinct(self) -> int:
        """How many different ones, estimated."""
        return self.sketch.count()

    def to_json(self) -> list[Any]:
        """Plain values."""
        return [self.files, self.sketch.to_json(), int(self.certainty), list(self.examples), list(self.levels)]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """The other way."""
        files, text, certainty, examples, (possible, probable, certain) = data
        levels = (possible, probable, certain)
        return cls(files, Distinct.from_json(text), Certainty(certainty), tuple(examples), levels)


def _median(possible: int, probable: int, certain: int) -> Certainty:
    if 2 * certain >= possible + probable + certain:
        return Certainty.CERTAIN
    return Certainty.PROBABLE if certain + probable >= possible else Certainty.POSSIBLE


@dataclass(frozen=True, slots=True, order=True)
class PartKey:
    """A class of files that scores apart.

    Without an identifier, the certainty says how sure it is that sound files are recordings of people: certain where
    a product's name grammar was recognised, probable where the folder is like a recorder's.
    """

    kind: str                                # class of files, such as `audio`
    identifier: str = ""                     # the strongest that the name carries, such as `phone`
    certainty: Certainty = Certainty.POSSIBLE


@dataclass(frozen=True, slots=True)
class PartCount:
    """One class of files."""

    files: int = 0
    bytes: int = 0
    path: tuple[str, ...] = ()               # masked segments of the folder above all of them
    people: Mapping[str, PeopleCount] = field(default_factory=dict)
    seconds: Seconds = field(default_factory=Seconds)

    @property
    def hours(self) -> Hours | None:
        """Hours of sound, where there is any."""
        return self.seconds.hours({}) if self.seconds else None

    @property
    def folder(self) -> str:
        """`path` with a slash at both ends."""
        return "/" + "".join(f"{segment}/" for segment in self.path)

    def merge(self, other: PartCount) -> PartCount:
        """Both together."""
        shared = 0
        for one, two in zip(self.path, other.path, strict=False):
            if one != two:
                break
            shared += 1
        return PartCount(self.files + other.files, self.bytes + other.bytes, self.path[:shared],
                         _people(self.people, other.people), self.seconds + other.seconds)

    def to_json(self) -> list[Any]:
        """Plain values."""
        people = {kind: count.to_json() for kind, count in sorted(self.people.items())}
        return [self.files, self.bytes, list(self.path), people, _seconds(self.seconds)]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """The other way."""
        files, size, path, people, seconds = data
        counts = {kind: PeopleCount.from_json(count) for kind, count in people.items()}
        return cls(files, size, tuple(path), counts, Seconds(*seconds))


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
    odd_times: int = 0                       # times that no clock can have meant; not in first and last
    kinds: Mapping[str, list[int]] = field(default_factory=dict)        # kind -> [files, bytes]
    seconds: Seconds = field(default_factory=Seconds)
    methods: Mapping[str, int] = field(default_factory=dict)            # how durations were estimated -> files
    empty_recordings: int = 0                # sound files of less than a second
    voices: int = 0                          # sound files in folders that look like a recorder's, product unknown
    people: Mapping[str, PeopleCount] = field(default_factory=dict)
    parts: Mapping[PartKey, PartCount] = field(default_factory=dict)
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

    def merge(self, other: Census) -> Census:
        """Both together. Commutative and associative."""
        sums = {n: getattr(self, n) + getattr(other, n) for n in _SUMS}
        return Census(
            **sums,
            first=min((t for t in (self.first, other.first) if t is not None), default=None),
            last=max((t for t in (self.last, other.last) if t is not None), default=None),
            kinds={k: [a + b for a, b in zip(self.kinds.get(k, (0, 0)), other.kinds.get(k, (0, 0)), strict=True)]
                   for k in {**self.kinds, **other.kinds}},
            methods=_counts(self.methods, other.methods),
            people=_people(self.people, other.people),
            parts=_parts(self.parts, other.parts),
            signatures=_counts(self.signatures, other.signatures),
            hints=_counts(self.hints, other.hints),
            words={k: self.words.get(k, frozenset()) | other.words.get(k, frozenset())
                   for k in {**self.words, **other.words}},
            sample=_first(self.sample, other.sample),
            sketch=sketch.merged(self.sketch, other.sketch),
            cut_by=self.cut_by | other.cut_by,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values that JSON takes, keys sorted: equal censuses give equal text."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return plain | {
            "kinds": _sorted(self.kinds), "methods": _sorted(self.methods), "signatures": _sorted(self.signatures),
            "hints": _sorted(self.hints), "seconds": _seconds(self.seconds),
            "people": {kind: count.to_json() for kind, count in sorted(self.people.items())},
            "parts": [[k.kind, k.identifier, int(k.certainty), *c.to_json()] for k, c in sorted(self.parts.items())],
            "words": {group: sorted(words) for group, words in sorted(self.words.items())},
            "sample": list(self.sample), "sketch": list(self.sketch), "cut_by": sorted(self.cut_by),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The other way: `from_json(to_json(c)) == c`."""
        return cls(**{
            **data,
            "seconds": Seconds(*data["seconds"]),
            "people": {kind: PeopleCount.from_json(count) for kind, count in data["people"].items()},
            "parts": {PartKey(k, i, Certainty(c)): PartCount.from_json(rest) for k, i, c, *rest in data["parts"]},
            "words": {group: frozenset(words) for group, words in data["words"].items()},
            "sample": tuple(data["sample"]), "sketch": tuple(data["sketch"]), "cut_by": frozenset(data["cut_by"]),
        })


_SUMS = ("files", "directories", "bytes", "spread", "unsized", "odd_times", "seconds", "empty_recordings", "voices")
_REST = PartKey("other")


def _parts(one: Mapping[PartKey, PartCount], other: Mapping[PartKey, PartCount]) -> dict[PartKey, PartCount]:
    """At most 32 classes. Which are kept depends on their keys alone, so that no order of merging matters."""
    both = {k: _joined(one.get(k), other.get(k)) for k in {**one, **other}}
    return folded(both)


def folded(parts: dict[PartKey, PartCount]) -> dict[PartKey, PartCount]:
    """The 31 classes that identify best, and the rest as one."""
    if len(parts) <= PARTS:
        return parts
    order = sorted((k for k in parts if k != _REST), key=lambda k: (not k.identifier, -k.certainty, k))
    kept = {k: parts[k] for k in order[:PARTS - 1]}
    rest = parts.get(_REST)
    for key in order[PARTS - 1:]:
        rest = _joined(rest, parts[key])
    return kept | ({_REST: replace(rest, people={})} if rest else {})


def _joined(one: PartCount | None, other: PartCount | None) -> PartCount:
    if one is None or other is None:
        return one or other or PartCount()
    return one.merge(other)


def _people(one: Mapping[str, PeopleCount], other: Mapping[str, PeopleCount]) -> dict[str, PeopleCount]:
    both = {**one, **other}
    return {k: one[k].merge(other[k]) if k in one and k in other else both[k] for k in both}


def _counts(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {k: one.get(k, 0) + other.get(k, 0) for k in {**one, **other}}


def _first(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*one, *other})[:EXAMPLES])


def _sorted(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(mapping.items()))


def _seconds(seconds: Seconds) -> list[int]:
    return [seconds.low, seconds.best, seconds.high, seconds.spread]


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """One store: its doors, first the one that it was crawled by, and what it holds."""

    doors: tuple[DoorSeen, ...]
    census: Census
