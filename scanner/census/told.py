"""What the digits of a folder's names were taken for, column by column, and why: people, times, counters, the rest.

Tells; decides nothing about people: that is the verdict of `column`, and the numbers that it was given are said with
it. No digit of a name leaves, only its shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from scanner.census import because
from scanner.census.column import Column as Counted
from scanner.census.fields import Field
from scanner.census.named import Named
from scanner.census.shape import Shape
from scanner.census.sketch import Distinct
from scanner.filenames.runs import LONGEST, SHORTEST, reader
from scanner.model import Certainty, Column

_RUN = 5                                     # values that make a counter
_STEPS = 0.9                                 # share of steps by one that makes a counter
_SHARE = 0.05                                # of different values: fewer are the company's own
_OFTEN = 0.3                                 # share of names with a time from which it is told beside others
_SHAPE = 120                                 # characters

Belief = tuple[str, Certainty] | None


@dataclass(frozen=True, slots=True)
class Around:
    """What a column's words need to know beside it."""

    path: str                                # masked
    shape: str                               # as it is shown
    regions: tuple[str, ...]
    agreeing: tuple[int, int]                # epochs within a day of the date beside them, and those looked at
    ends: Mapping[int, int]                  # where what is written in groups ends, by its start


@lru_cache(maxsize=4096)
def shown(skeleton: bytes, extension: str) -> str:
    """A shape as a report prints it: digits 0, letters A and a, bytes beyond ASCII b; a short extension as it is."""
    text = skeleton.decode("latin-1")
    if extension and len(extension) <= 5:
        text = text[:-len(extension)] + extension
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= _SHAPE else text[:_SHAPE] + "…"


def told(shape: Shape, fields: Sequence[Field], beliefs: Sequence[Belief], around: Around) -> Iterator[Column]:
    """The columns of a shape that has enough names, from left to right."""
    taken, ends = 0, around.ends
    by_start = {field.span.start: field for field in fields}
    for start in sorted({*by_start, *(s for s, place in shape.places.items() if place.columns and s >= 0)}):
        if start < taken:                    # inside a number that is written in groups
            continue
        field = by_start.get(start)
        column = _Place(shape, start, field, beliefs, around)
        yield from column.told()
        taken = max(start + 1, field.span.end if field else 0, ends.get(start, 0))


class _Place:
    """One place of a shape."""

    def __init__(self, shape: Shape, start: int, field: Field | None, beliefs: Sequence[Belief],
                 around: Around) -> None:
        self._shape = shape
        self._start = start
        self._field = field
        self._around = around
        columns = shape.places[start].columns if start in shape.places else {}
        self._people: dict[str, list[tuple[Counted, Certainty]]] = {}
        self._denied: list[Counted] = []
        for i in columns.values():
            belief = beliefs[i]
            if belief is None:
                self._denied.append(shape.columns[i])
            else:
                self._people.setdefault(belief[0], []).append((shape.columns[i], belief[1]))

    def told(self) -> Iterator[Column]:
        """People, times, and where it is neither the one thing that it is."""
        people = [self._of_people(kind, columns) for kind, columns in self._people.items()]
        yield from people
        times = self._times()
        if times is not None:
            yield times
        elif not people:
            yield self._rest()

    def _column(self, kind: str, certainty: Certainty, files: int, distinct: int, why: str) -> Column:
        return Column(path=self._around.path, shape=self._around.shape, place=self._start, kind=kind,
                      certainty=certainty, names=self._shape.files, files=files, distinct=distinct, because=why)

    def _of_people(self, kind: str, columns: list[tuple[Counted, Certainty]]) -> Column:
        files, sketch = sum(column.files for column, _ in columns), Distinct()
        for column, _ in columns:
            sketch = sketch.union(column.distinct)
        what = because.people(kind, self._numbers() if kind == "phone" else ())
        why = because.share(files, self._others(), what, sketch.count())
        return self._column(kind, max(sure for _, sure in columns), files, sketch.count(), why)

    def _others(self) -> int:
        """Names that have no time at this place."""
        place = self._shape.places.get(self._start)
        return self._shape.files - (place.times if place else 0)

    def _numbers(self) -> list[str]:
        """Normalised, of some of the values."""
        field = self._field
        if field is None or not SHORTEST <= field.span.end - field.span.start <= LONGEST:
            return []
        made = reader(field.span.end - field.span.start, self._around.regions)
        return [number for value in field.values[:because.LOOKED] if value.isdecimal()
                and (number := made.read(value).value(value)).startswith("+")]

    def _times(self) -> Column | None:
        """Where people stand as well, only times that were counted beside them."""
        field = self._field
        if field is None:
            return None
        times = field.times
        if field.clock and not self._denied and not self._people and not (times and times.told and times.proved):
            return self._column("timestamp", Certainty.PROBABLE, self._shape.files, self._distinct(field),
                                because.clock(len(field.values), self._shape.files))
        if times is not None and times.told and not self._people:
            kind = field.span.kind or times.kind
            named = self._shape.named.get((self._start, kind))
            files = self._shape.files * times.read // times.looked
            days = named.ends if named else because.ends(times.moments)
            return self._time(field, kind, max(files, named.files if named else 0), days)
        kind, named = self._most_named()
        if named is None or named.files < _OFTEN * self._shape.files or (times is not None and times.whole):
            return None
        return self._time(field, kind, named.files, named.ends)

    def _most_named(self) -> tuple[str, Named | None]:
        """The times that most names have here, of those that were counted."""
        found = [(kind, named) for (start, kind), named in self._shape.named.items() if start == self._start]
        return max(found, key=lambda one: (one[1].files, one[0]), default=("", None))

    def _time(self, field: Field, kind: str, files: int, days: tuple[int | None, int | None]) -> Column:
        near, looked = self._around.agreeing if kind == "uniqueid" else (0, 0)
        times = field.times
        if times is None:
            sure = files == self._shape.files
        else:
            sure = times.whole and (times.proved or times.sure) and 2 * near >= looked
        why = because.time(kind, files, self._shape.files, days, times) + because.agreement(near, looked)
        distinct = distinct_of(field.few, self._shape.files)
        return self._column(kind, Certainty.CERTAIN if sure else Certainty.PROBABLE, files, distinct, why)

    def _rest(self) -> Column:
        field, names = self._field, self._shape.files
        looked = len(field.values) if field else 0
        if field is not None and len(set(field.values)) == 1 and not self._denied:
            return self._column("constant", Certainty.CERTAIN, names, 1, because.constant(looked, names))
        if field is not None and counts(field.run):
            why = because.counter(max((column.files for column in self._denied), default=0))
            return self._column("counter", Certainty.CERTAIN, names, self._distinct(field), why)
        if self._denied:
            return self._rejected(max(self._denied, key=lambda column: (column.files, column.kind)))
        distinct = self._distinct(field) if field else 0
        why = because.number(distinct, looked, names, field.times if field else None)
        return self._column("number", Certainty.POSSIBLE, names, distinct, why)

    def _rejected(self, column: Counted) -> Column:
        """Digits that could be people's one by one, and as a column are not."""
        distinct, files = column.distinct.count(), column.files
        if column.kind == "phone" and (distinct == 1 or distinct < _SHARE * files):
            return self._column("own number", Certainty.PROBABLE, files, distinct, because.own(distinct, files))
        why = because.rejected(column.kind, files, self._others(), distinct)
        return self._column("number", Certainty.POSSIBLE, files, distinct, why)

    def _distinct(self, field: Field) -> int:
        return distinct_of(field.values, self._shape.files)


def distinct_of(values: Sequence[str], names: int) -> int:
    """How many different values all `names` have, from some of them; exact where `values` are all.

    The first-order jackknife: values seen once stand for others that were not seen (Haas et al., Sampling-Based
    Estimation of the Number of Distinct Values of an Attribute, 1995).
    """
    if len(values) >= names:
        return len(set(values))
    counted = list(Counter(values).values())
    unseen = counted.count(1) * (names - len(values))
    return min(len(counted) * len(values) * names // (len(values) * names - unseen), names)


def counts(run: Sequence[str]) -> bool:
    """Whether values that follow each other count by one, up or down, or are all of a range."""
    if len(run) < _RUN or not all(map(str.isdecimal, run)):
        return False
    numbers = list(map(int, run))
    steps = sum(abs(b - a) == 1 for a, b in pairwise(numbers))
    if steps >= _STEPS * (len(numbers) - 1):
        return True
    return len(set(numbers)) == len(numbers) and (max(numbers) - min(numbers)) * _STEPS < len(numbers)


