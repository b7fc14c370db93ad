"""What is counted of one class of files, and of the people in their names. Merges in any order; judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from scanner.census.hours import Seconds
from scanner.census.sketch import Distinct
from scanner.model import Certainty, Hours

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
            first_of(self.examples, other.examples), (possible, probable, certain),
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

    Without an identifier, the certainty says how sure it is that sound files are recordings of people: as sure as the
    name grammar that they follow, probable where the folder is like a recorder's.
    """

    kind: str                                # class of files, such as `audio`
    identifier: str = ""                     # the strongest that the name carries, such as `phone`
    certainty: Certainty = Certainty.POSSIBLE
    context: tuple[str, ...] = ()            # word classes of its folders that raise or excuse, sorted


@dataclass(frozen=True, slots=True)
class PartCount:
    """One class of files."""

    files: int = 0
    bytes: int = 0
    path: tuple[str, ...] = ()               # masked segments of the folder above all of them
    people: Mapping[str, PeopleCount] = field(default_factory=dict)
    seconds: Seconds = field(default_factory=Seconds)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)    # word class -> listed words of its folders

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
                         joined_people(self.people, other.people), self.seconds + other.seconds,
                         joined_words(self.words, other.words))

    def to_json(self) -> list[Any]:
        """Plain values."""
        people = {kind: count.to_json() for kind, count in sorted(self.people.items())}
        return [self.files, self.bytes, list(self.path), people, numbers(self.seconds), listed(self.words)]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """The other way. Rows that were written before words were kept have none."""
        files, size, path, people, seconds, *rest = data
        counts = {kind: PeopleCount.from_json(count) for kind, count in people.items()}
        return cls(files, size, tuple(path), counts, Seconds(*seconds), sets(rest[0]) if rest else {})


_REST = PartKey("other")


def parts_json(parts: Mapping[PartKey, PartCount]) -> list[list[Any]]:
    """A row for each, sorted."""
    return [[k.kind, k.identifier, int(k.certainty), list(k.context), *count.to_json()]
            for k, count in sorted(parts.items())]


def parts_of(rows: list[list[Any]]) -> dict[PartKey, PartCount]:
    """The other way. Rows that were written before context was kept have their files in its place."""
    found: dict[PartKey, PartCount] = {}
    for kind, identifier, certainty, *rest in rows:
        context = tuple(rest.pop(0)) if isinstance(rest[0], list) else ()
        found[PartKey(kind, identifier, Certainty(certainty), context)] = PartCount.from_json(rest)
    return found


def joined_parts(one: Mapping[PartKey, PartCount], other: Mapping[PartKey, PartCount]) -> dict[PartKey, PartCount]:
    """At most 32 classes. Which are kept depends on their keys alone, so that no order of merging matters."""
    both = {k: _joined(one.get(k), other.get(k)) for k in {**one, **other}}
    return folded(both)


def folded(parts: dict[PartKey, PartCount]) -> dict[PartKey, PartCount]:
    """The 31 classes that identify best, and the rest as one."""
    if len(parts) <= PARTS:
        return parts
    order = sorted((k for k in parts if k != _REST), key=_prominence)
    kept = {k: parts[k] for k in order[:PARTS - 1]}
    rest = parts.get(_REST)
    for key in order[PARTS - 1:]:
        rest = _joined(rest, parts[key])
    return kept | ({_REST: replace(rest, people={}, words={})} if rest else {})


def _prominence(key: PartKey) -> tuple[Any, ...]:
    return not key.identifier, -key.certainty, not key.context, key


def _joined(one: PartCount | None, other: PartCount | None) -> PartCount:
    if one is None or other is None:
        return one or other or PartCount()
    return one.merge(other)


def joined_people(one: Mapping[str, PeopleCount], other: Mapping[str, PeopleCount]) -> dict[str, PeopleCount]:
    """Both together, by kind."""
    both = {**one, **other}
    return {k: one[k].merge(other[k]) if k in one and k in other else both[k] for k in both}


def joined_words(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Both together, by word class."""
    return {k: one.get(k, frozenset()) | other.get(k, frozenset()) for k in {**one, **other}}


def listed(words: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """Plain values, sorted."""
    return {group: sorted(listed) for group, listed in sorted(words.items())}


def sets(words: Mapping[str, list[str]]) -> dict[str, frozenset[str]]:
    """The other way."""
    return {group: frozenset(listed) for group, listed in words.items()}


def first_of(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The five that sort first."""
    return tuple(sorted({*one, *other})[:EXAMPLES])


def numbers(seconds: Seconds) -> list[int]:
    """Plain values."""
    return [seconds.low, seconds.best, seconds.high, seconds.spread]
