"""Where the digits stand in names of one shape, and what they would be as times: read, and held against what is known.

A column of digits is a time where all of it can be read as one and it goes with the times that the listing shows, or
with the date in the folder's path. That is final: no number of a person does either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scanner.census.forms import CLOCKS, FORMS, days, is_clock, second
from scanner.census.glimpse import Glimpse
from scanner.census.times import RARE, Times, read
from scanner.filenames.skeleton import plan, tail

_LOOKED = 32                                 # values that are read as times
_FIELD = re.compile(                         # digits; those of a date with its month's name, of an identity number
    rb"(?<!0)(?:0000[-_ ]?Aaa[-_ ]?00|00[-_ ]?Aaa[-_ ]?0000|(?:00)?0{6}[-+]0{4})(?!0)|0+")
_YEAR, _CALENDAR = 4, ("1990", "2039")   # digits, and years as the values of a field
_SAYS = frozenset({"uniqueid", "timestamp", "date"})
_PARTED = str.maketrans("", "", "-+")
_PATH_DATE = re.compile(r"(?:19|20)\d\d[/._-]?(?:0[1-9]|1[0-2])(?:[/._-]?(?:0[1-9]|[12]\d|3[01]))?(?=/)")


@dataclass(frozen=True, slots=True)
class Span:
    """Digits at one place of a shape."""

    start: int
    end: int
    kind: str = ""                           # that all names which fit the shape's plan have there


@lru_cache(maxsize=4096)
def spans(skeleton: bytes) -> tuple[Span, ...]:
    """All places of digits in a canonical shape but those in the extension, from left to right."""
    made = plan(skeleton)
    known = [Span(c.start, c.end, c.kind) for c in made.checks if c.kind in _SAYS] if made else []
    rest = skeleton
    for check in made.checks if made else ():
        rest = rest[:check.start] + b"\0" * (check.end - check.start) + rest[check.end:]
    found = (Span(m.start(), m.end()) for m in _FIELD.finditer(rest, 0, tail(skeleton)[0]))
    return tuple(sorted([*known, *found], key=lambda span: span.start))


class Looked:
    """Names of one shape as text, spread over the listing, and fewer of them with their times."""

    __slots__ = ("_glimpse", "_names", "few", "month", "times")

    def __init__(self, glimpse: Glimpse, path: str) -> None:
        self._glimpse = glimpse
        self._names: list[str] = []
        step = -(-len(glimpse.names) // _LOOKED)
        self.few, self.times = _texts(glimpse.names[::step]), glimpse.times[::step]
        self.month = path_date(path)

    @property
    def names(self) -> list[str]:
        """Spread over the listing."""
        if not self._names:
            self._names = _texts(self._glimpse.names)
        return self._names

    @property
    def first(self) -> list[str]:
        """One after another."""
        return _texts(self._glimpse.first)


def _texts(names: list[bytes]) -> list[str]:
    """Byte for byte, so that places stay what they are."""
    texts = b"/".join(names).decode("latin-1").split("/")
    return texts if len(texts) == len(names) else [name.decode("latin-1") for name in names]


class Field:
    """The digits at one place of a shape. What is asked is read then, and kept."""

    __slots__ = ("_looked", "_read", "_times", "span")

    def __init__(self, span: Span, looked: Looked) -> None:
        self.span = span
        self._looked = looked
        self._read = False
        self._times: Times | None = None

    @property
    def values(self) -> list[str]:
        """Spread over the listing."""
        a, b = self.span.start, self.span.end
        return [name[a:b] for name in self._looked.names]

    @property
    def run(self) -> list[str]:
        """Of the first names, one after another."""
        a, b = self.span.start, self.span.end
        return [name[a:b] for name in self._looked.first]

    @property
    def times(self) -> Times | None:
        """As what time they are best read."""
        if not self._read:
            self._read, self._times = True, self._best()
        return self._times

    @property
    def clock(self) -> bool:
        """Whether they are times of day."""
        length = self.span.end - self.span.start
        if length not in CLOCKS or self.span.kind:
            return False
        values = self.values
        if length == _YEAR and all(_CALENDAR[0] <= value <= _CALENDAR[1] for value in values):
            return False                     # 2013 to 2026 are years, until a quarter past eight says otherwise
        return CLOCKS[length]**len(values) < RARE and all(map(is_clock, values))

    @property
    def final(self) -> bool:
        """Whether it is a time, whatever else it looks like."""
        times = self.times
        return times is not None and times.whole and times.proved

    @property
    def few(self) -> list[str]:
        """Some of the values: those that are read as times."""
        a, b = self.span.start, self.span.end
        return [name[a:b] for name in self._looked.few]

    def _best(self) -> Times | None:
        """The form that all of the values have and other times agree with, or that most have."""
        length, values, looked = self.span.end - self.span.start, self.few, self._looked
        if self.span.kind == "uniqueid":
            return read("epoch", 0.0, list(map(second, values)), looked.times, looked.month, sure=True)
        if self.span.kind or any(map(str.isalpha, values[0])):
            return read("date", 0.0, days(values), looked.times, looked.month, sure=True)
        parted = not values[0].isdecimal()
        if parted:
            values, length = [value.translate(_PARTED) for value in values], length - 1
        best: Times | None = None
        for form in FORMS.get(length, ()):
            if (parted and form.kind == "epoch") or all(form.read(value) is None for value in values[:3]):
                continue
            moments = list(map(form.read, values))
            times = read(form.kind, form.chance, moments, looked.times, looked.month, sure=form.sure)
            if times.whole and (times.sure or times.proved):
                return times
            if best is None or (times.whole, times.read) > (best.whole, best.read):
                best = times
        return best


def fields(skeleton: bytes, glimpse: Glimpse, path: str) -> list[Field]:
    """The columns of digits in names of one shape. `path`: of their folder, decoded."""
    found = spans(skeleton)
    if not found:
        return []
    looked = Looked(glimpse, path)
    return [Field(span, looked) for span in found]


@lru_cache(maxsize=1024)
def path_date(path: str) -> int | None:
    """Seconds since 1970 of the last date that a path names, of the month's middle where it has no day; else None."""
    found = _PATH_DATE.findall(path)
    digits = re.sub(r"\D", "", found[-1]) if found else ""
    return days([digits if len(digits) == 8 else digits + "15"])[0] if digits else None


def agreement(found: Sequence[Field]) -> tuple[int, int]:
    """Of a shape's names with a unique id and a date: those whose id is within a day of the date, and how many."""
    epochs = next((field.times for field in found if field.span.kind == "uniqueid"), None)
    if epochs is None:
        return 0, 0
    dates = next((field.times for field in found if field.span.kind != "uniqueid" and field.times is not None
                  and field.times.sure and field.times.whole), None)
    return epochs.beside(dates) if dates is not None else (0, 0)
