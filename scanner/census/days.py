"""Which days a listing's times fall on: how many files each of the newest days brought. Knows no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

KEPT = 64                                    # newest days whose files are counted apart
DAY = 86_400                                 # seconds
_HELD = 4 * KEPT                             # days counted before the oldest are let go


class Days:
    """Times of one listing, by day since 1970."""

    __slots__ = ("_counts", "_since", "first", "last", "odd", "timed")

    def __init__(self) -> None:
        self.first: int | None = None        # seconds since 1970
        self.last: int | None = None
        self.timed = 0                       # files with a time that a clock can have meant
        self.odd = 0                         # with another
        self._counts = Counter[int]()
        self._since = 0                      # second that begins the oldest day still counted

    def add(self, times: list[int], tomorrow: int) -> None:
        """Take in times, seconds since 1970, -1 where none is shown; those beyond `tomorrow` or of 1970 are odd."""
        low, high = min(times), max(times)
        if low < DAY or high > tomorrow:
            shown = [time for time in times if time != -1]
            times = [time for time in shown if DAY <= time <= tomorrow]
            self.odd += len(shown) - len(times)
            if not times:
                return
            low, high = min(times), max(times)
        self.timed += len(times)
        self.first = low if self.first is None else min(low, self.first)
        self.last = high if self.last is None else max(high, self.last)
        if high >= self._since:
            self._count(times, low, high)

    def _count(self, times: list[int], low: int, high: int) -> None:
        if low < self._since:
            since = self._since
            times = [time for time in times if time >= since]
        first, last = low // DAY, high // DAY
        if last - first <= 1:                # as in most folders: calls of a day end the day after
            later = sum(map((last * DAY).__le__, times))
            self._counts[last] += later
            if later < len(times):
                self._counts[first] += len(times) - later
        else:
            self._counts.update([time // DAY for time in times])
        if len(self._counts) > _HELD:
            self._counts = Counter(newest(self._counts))
            self._since = min(self._counts) * DAY

    def newest(self) -> dict[int, int]:
        """The 64 newest days -> files."""
        return newest(self._counts)


def newest(days: Mapping[int, int]) -> dict[int, int]:
    """The 64 newest of them: which they are does not depend on the order in which days were met."""
    return {day: days[day] for day in sorted(days)[-KEPT:]}
