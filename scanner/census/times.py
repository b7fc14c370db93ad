"""A column read as times, beside the times of its files and the date in its folder's path. Numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scanner.census.forms import DAY

MONTH = 31 * DAY
RARE = 1e-6
_ALL, _MOST = 0.95, 0.8                      # shares that count as all, and that must lie near
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Times:
    """As what a column is best read, and what speaks for it."""

    kind: str                                # timestamp, date or epoch
    read: int                                # values that are a time of the form
    moments: Sequence[int | None]            # of each value; seconds since 1970, of the day at least
    shown: int                               # values whose file has a time
    near: int                                # of them, those within 31 days of it
    ordered: bool                            # as their files are by time; asked where nothing else proves it
    path: bool                               # as the folder's path has it
    unlikely: bool                           # that so many numbers at random could be read so
    sure: bool                               # by its form alone
    spread: bool                             # unproved, though the files' times lie more than 31 days apart

    @property
    def looked(self) -> int:
        """Values."""
        return len(self.moments)

    @property
    def whole(self) -> bool:
        """Whether all of it can be read."""
        return self.read >= _ALL * len(self.moments)

    @property
    def proved(self) -> bool:
        """Whether other times say the same."""
        return (self.shown >= _ENOUGH and self.near >= _MOST * self.shown) or self.ordered or self.path

    @property
    def told(self) -> bool:
        """Whether it is taken for a time. Numbers of another kind grow with time as well, but far from it."""
        if not self.whole or not (self.sure or self.proved or self.unlikely):
            return False
        return self.sure or self.proved or not self.spread

    def beside(self, dates: Times) -> tuple[int, int]:
        """Of epochs with a date beside them: those within a day of it, and how many were looked at."""
        gaps = [epoch - day for epoch, day in zip(self.moments, dates.moments, strict=True)
                if epoch is not None and day is not None]
        return sum([-DAY <= gap < 2 * DAY for gap in gaps]), len(gaps)


def read(kind: str, chance: float, moments: Sequence[int | None], shown: Sequence[int], month: int | None, *,
         sure: bool) -> Times:
    """What speaks for `moments`. `chance`: share of random digits of the form; `shown`: times of the files, -1 without;
    `month`: a moment that the path names."""
    gaps = [time - moment for time, moment in zip(shown, moments, strict=True) if moment is not None and time > DAY]
    known = len(moments) - moments.count(None)
    days = len({moment // DAY for moment in moments if moment is not None})      # the same again says nothing
    near = sum([-MONTH <= gap <= MONTH for gap in gaps])
    path = month is not None and _around(moments, month)
    proved = path or (len(gaps) >= _ENOUGH and near >= _MOST * len(gaps))
    ordered = not proved and kind != "epoch" and _ordered(moments, shown)
    return Times(kind, known, moments, len(gaps), near, ordered, path, chance**days < RARE, sure,
                 not (proved or sure) and _spread(shown))


def _around(moments: Sequence[int | None], month: int) -> bool:
    near = sum([moment is not None and -MONTH <= moment - month <= MONTH for moment in moments])
    return near >= max(1, _MOST * len(moments))


def _spread(shown: Sequence[int]) -> bool:
    times = [time for time in shown if time > DAY]
    return bool(times) and max(times) - min(times) > MONTH


def _ordered(moments: Sequence[int | None], shown: Sequence[int]) -> bool:
    """Whether later files have later moments, all of them, and there are enough of both to tell."""
    pairs = [(time, moment) for time, moment in zip(shown, moments, strict=True) if moment is not None and time > DAY]
    if len({time for time, _ in pairs}) < _ENOUGH or len({moment for _, moment in pairs}) < _ENOUGH:
        return False
    return all(a <= b for (_, a), (_, b) in pairwise(sorted(pairs)))
