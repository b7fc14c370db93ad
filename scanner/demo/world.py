"""The founding case as data: which recordings there are, how large, from when. No socket, no clock, nothing random.

27,000 recordings stand for the 2,700,000 of the case; `full=True` has them all, one hundred times as many in each
folder. They last 1,700 (170,000) hours together. 570 (57,000) of them lie in a forgotten folder in which the
caller's telephone number is the file's name; the numbers are those set aside for fiction in Sweden. All others are
named by time and a recorder's tracking id, so that no other folder says who called.

New recordings arrive while one looks, and yet for `STILL` seconds the number of files stays what it is: three calls
are being recorded when the clock starts, their files grow, and the next call comes in only after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate

from scanner.demo.recording import (
    FORMATS,
    LENGTHS,
    LONGEST,
    NUMBERS,
    Recording,
    even,
    finished,
    kind_of,
    seconds_of,
    size_of,
    stamp,
    tracking,
    wav_size,
)

FIRST = date(2013, 4, 12)
LAST = date(2019, 2, 18)
NOW = int(datetime(2019, 2, 18, 14, 30, tzinfo=UTC).timestamp())    # what the server's clock says at its start
STILL = 600                                                         # seconds in which no file is added
FORGOTTEN = "gammalt"
CALLS = 27_000
NUMBERED = 570
FULL = 100

_DAY = 86_400
_DAYS = (LAST - FIRST).days + 1
_MIDNIGHT = int(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC).timestamp())
_FORGOTTEN_DAYS = 600                # the old system was left at the end of 2014
_QUIET = LONGEST + 60                # no call ends in the first seconds of a day, so that none begins on the day before
_GAP = 180                           # seconds between the last finished call and NOW
_RUNNING = (330, 170, 50)            # seconds for which the calls now being recorded have lasted
_EVERY = 60                          # seconds between calls, once they come in again


class World:
    """All folders and recordings. Paths are absolute and end with a slash."""

    def __init__(self, *, full: bool = False) -> None:
        self.scale = FULL if full else 1
        self.calls = CALLS * self.scale
        self.numbered = NUMBERED * self.scale

    def folders(self) -> tuple[str, ...]:
        """Every directory, each before those within it."""
        return tuple(self._tree)

    def children(self, path: str) -> tuple[str, ...] | None:
        """Names of the directories in `path`, sorted; None where there is no such directory."""
        names = self._tree.get(path)
        return None if names is None else tuple(sorted(names))

    def modified(self, path: str) -> int:
        """When something was last added to the directory `path`, in seconds since 1970."""
        return self._modified[path]

    def recordings(self, path: str, *, elapsed: float = 0.0) -> list[Recording]:
        """The files in `path`, sorted by name, `elapsed` seconds after NOW. Empty where there are none."""
        if path == f"/{FORGOTTEN}/":
            return sorted(self._forgotten())
        day = self._days.get(path)
        if day is None:
            return []
        return sorted(self._today(elapsed) if day == _DAYS - 1 else self._day(day))

    def _day(self, day: int) -> Iterator[Recording]:
        first, count = self._share(day)
        midnight = _MIDNIGHT + day * _DAY
        step = (_DAY - 1 - _QUIET) / count
        for j in range(count):
            yield finished(first + j, day, j, midnight + _QUIET + int(step * (j + 1)))

    def _today(self, elapsed: float) -> Iterator[Recording]:
        first, count = self._share(_DAYS - 1)
        day, over = _DAYS - 1, count - len(_RUNNING)
        midnight = _MIDNIGHT + day * _DAY
        step = (NOW - _GAP - midnight - _QUIET) / over
        for j in range(over):
            yield finished(first + j, day, j, midnight + _QUIET + int(step * (j + 1)))
        for i, (start, end) in enumerate(self._arrivals(elapsed)):
            size = wav_size(min(end, NOW + int(elapsed)) - start)
            yield Recording(f"{stamp(start)}_{tracking(day, over + i)}.wav", size, min(end, NOW + int(elapsed)))

    @staticmethod
    def _arrivals(elapsed: float) -> Iterator[tuple[int, int]]:
        """Start and end of the calls that the clock has seen being recorded."""
        for i, lasted in enumerate(_RUNNING):
            yield NOW - lasted, NOW + STILL + 20 * i
        for k in range(1 + int(elapsed - STILL) // _EVERY if elapsed >= STILL else 0):
            start = NOW + STILL + k * _EVERY
            yield start, start + int(seconds_of(CALLS * FULL + k))

    def _forgotten(self) -> Iterator[Recording]:
        first = self.calls - self.numbered
        for i in range(self.numbered):
            again, which = divmod(i, len(NUMBERS))
            suffix = f"_{again + 1}" if again else ""
            seconds, kind = seconds_of(first + i), kind_of(first + i)
            written = _MIDNIGHT + _QUIET + int(even(i + 1, FORMATS) * _FORGOTTEN_DAYS * _DAY)
            yield Recording(f"{NUMBERS[which]}{suffix}.{kind}", size_of(seconds, kind), written)

    def _share(self, day: int) -> tuple[int, int]:
        """Number of the first recording of a day, and how many it has."""
        first = self._before[day]
        return first * self.scale, (self._before[day + 1] - first) * self.scale

    @cached_property
    def _before(self) -> list[int]:
        """How many recordings lie before each day: fewer at weekends, otherwise up and down a little."""
        weights = [(70 if (FIRST.weekday() + d) % 7 > 4 else 100) + int(25 * even(d, LENGTHS)) for d in range(_DAYS)]
        total, dated = sum(weights), CALLS - NUMBERED
        return [seen * dated // total for seen in accumulate(weights, initial=0)]

    @cached_property
    def _days(self) -> dict[str, int]:
        return {f"/{FIRST + timedelta(day):%Y/%m/%d}/": day for day in range(_DAYS)}

    @cached_property
    def _tree(self) -> dict[str, list[str]]:
        tree: dict[str, list[str]] = {"/": [FORGOTTEN], f"/{FORGOTTEN}/": []}
        for path in self._days:
            at = "/"
            for name in path.strip("/").split("/"):
                below = f"{at}{name}/"
                if below not in tree:
                    tree[below] = []
                    tree[at].append(name)
                at = below
        return tree

    @cached_property
    def _modified(self) -> dict[str, int]:
        """A day's folder changes until its evening, every other when the last folder within it was made."""
        times = {f"/{FORGOTTEN}/": _MIDNIGHT + _QUIET + _FORGOTTEN_DAYS * _DAY}
        made: set[str] = set()
        for path, day in self._days.items():
            midnight = _MIDNIGHT + day * _DAY
            times[path] = min(midnight + _DAY - 1, NOW)
            month, year = path[:9], path[:6]
            for parent, child in ((month, path), (year, month), ("/", year)):
                if child not in made:
                    made.add(child)
                    times[parent] = midnight
        return times
