"""Columns of text -> batches of entries. Here times are worked out, and whether day or month comes first.

Dates such as 03/10/2026 can be read two ways. The whole column decides: one number above 12 is enough. Until there is
one, batches are held back, at most `HELD` rows of them. Where none comes, upper-case AM or PM without leading zeros
means month first (that is how en-US prints); anything else is read day first with a grain of a year, for it is not
known better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import add

from scanner.listing import dates
from scanner.listing.dates import Clocks, Days
from scanner.listing.layout import Layout
from scanner.listing.sizes import Size
from scanner.model import Batch

HELD = 100_000
_FIRST_TWO = re.compile(rb"(\d+)\D(\d+)")
_AMERICAN = re.compile(rb"\b(?:AM|PM)\b")


@dataclass(slots=True)
class Part:
    """Rows of one block, still as text. Columns have one length."""

    names: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    slacks: list[int] = field(default_factory=list)        # empty: all exact
    days: list[bytes] = field(default_factory=list)        # empty where none is shown
    clocks: list[bytes] = field(default_factory=list)
    directories: list[bytes] = field(default_factory=list)
    hrefs: dict[bytes, str] = field(default_factory=dict)
    under: str = ""                                        # see Batch; parts that are joined have the same

    def __len__(self) -> int:
        return len(self.names) + len(self.directories)

    def file(self, name: bytes, size: Size, day: bytes, clock: bytes) -> None:
        """Add one file."""
        self.names.append(name)
        self.sizes.append(size[0])
        self.slacks.append(size[1])
        self.days.append(day)
        self.clocks.append(clock)

    def join(self, other: Part) -> None:
        """Add the rows of another part."""
        if other.slacks and not self.slacks:
            self.slacks = [0] * len(self.names)
        self.names += other.names
        self.sizes += other.sizes
        self.slacks += other.slacks if self.slacks else []
        self.days += other.days
        self.clocks += other.clocks
        self.directories += other.directories
        self.hrefs.update(other.hrefs)

    def lines(self) -> Iterator[tuple[bytes, ...] | tuple[bytes, int, int, bytes, bytes]]:
        """The rows one by one, to compare."""
        slacks = self.slacks or [0] * len(self.names)
        days = [b" ".join(day.split()) for day in self.days]
        yield from zip(self.names, self.sizes, slacks, days, self.clocks, strict=True)
        yield from ((name,) for name in self.directories)


class Outbox:
    """Turns parts into batches, in their order."""

    def __init__(self, now: int | None, clocks: Clocks | None = None) -> None:
        self.now = now
        self.clocks = clocks or Clocks()
        self.first: str | None = None        # what stands first in a slashed date: d or m
        self.certain = True                  # whether that is known
        self._layout = Layout()
        self._days = Days(0, None, now)
        self._held: list[Part] = []
        self._rows = 0

    def learn(self, layout: Layout) -> None:
        """From here on rows have these columns."""
        if layout != self._layout:
            self._layout = layout
            self._days = Days(layout.form, self.first, self.now)

    def add(self, part: Part) -> list[Batch]:
        """Take the rows of one block; give the batches that are certain."""
        if not part:
            return []
        if not self._open():
            return [self._batch(part)]
        self._held.append(part)
        self._rows += len(part)
        self._decide(part.days)
        return self._release() if self.first is not None or self._rows > HELD else []

    def close(self) -> list[Batch]:
        """Nothing more comes: give what is held back."""
        return self._release() if self._held else []

    def _open(self) -> bool:
        return self._layout.form == dates.SLASHED and self._layout.date is not None and self.first is None

    def _decide(self, days: Iterable[bytes]) -> None:
        for day in set(days):
            pair = _FIRST_TWO.match(day)
            if pair is not None and (int(pair[1]) > 12) != (int(pair[2]) > 12):
                self.first = "d" if int(pair[1]) > 12 else "m"
                return

    def _release(self) -> list[Batch]:
        if self.first is None:
            american = any(_AMERICAN.search(clock) and not clock.startswith(b"0")
                           for part in self._held for clock in part.clocks[:100])
            dotted = any(b"." in day for part in self._held for day in part.days[:1])
            self.first, self.certain = "m" if american else "d", american or dotted
        self._days = Days(self._layout.form, self.first, self.now)
        held, self._held = self._held, []
        return [self._batch(part) for part in held]

    def _batch(self, part: Part) -> Batch:
        layout = self._layout
        exact = not part.slacks or not any(part.slacks)
        return Batch(
            names=part.names,
            sizes=part.sizes if layout.size is not None else None,
            slacks=None if exact or layout.size is None else part.slacks,
            times=self._times(part) if layout.date is not None else None,
            grain=layout.grain if self.certain else dates.YEAR,
            directories=part.directories,
            hrefs=part.hrefs,
            under=part.under)

    def _times(self, part: Part) -> list[int]:
        times = list(map(add, self._days.of(part.days), self.clocks.of(part.clocks)))
        if times and min(times) < 0:
            times = [time if time >= 0 else dates.UNKNOWN for time in times]
        return times
