"""Which days the names of a column say: the earliest and the latest that can have been. A few numbers a column."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scanner.census.forms import DAY, head, readings

Ends = tuple[int, int] | None
EPOCHS = frozenset({"epoch", "uniqueid"})


class Named:
    """Times that stand at one place of a shape, all of one kind."""

    __slots__ = ("_day_first", "_either", "_lived", "_month_first", "_plain", "files")

    def __init__(self, tomorrow: int) -> None:
        self.files = 0
        self._lived = range(tomorrow + 1)             # seconds since 1970: later days were not lived
        self._plain: Ends = None                         # where the year is first
        self._day_first: Ends = None                     # where it is last, and the day first
        self._month_first: Ends = None
        self._either = [True, True]                      # whether all others can have the day first, the month

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """Seconds since 1970 of the beginning of the earliest day that was lived, and of the latest.

        Americans write the month first: a column does where one of its days is none otherwise.
        """
        last = self._day_first if self._either[0] else self._month_first if self._either[1] else None
        return _wider(self._plain, last or ()) or (None, None)

    def add(self, kind: str, texts: Sequence[str]) -> None:
        """Take in what names say, in whatever forms."""
        if kind in EPOCHS:
            self.files += len(texts)
            self._plain = _wider(self._plain, self._epochs(texts))
        else:
            self.add_heads({text[:head(text)] for text in texts}, len(texts))

    def add_heads(self, heads: Collection[str], files: int) -> None:
        """Take in the different beginnings of dates and timestamps of `files` names."""
        self.files += files
        least, most = min(heads), max(heads)
        low, high = readings(least)[0], readings(most)[0]
        if self._of(low) and self._of(high) and _sorts(least, most):
            self._plain = _wider(self._plain, (*self._of(low), *self._of(high)))
            return
        for plain, day, month in map(readings, heads):
            self._plain = _wider(self._plain, self._of(plain))
            self._day_first, self._month_first = (
                _wider(self._day_first, self._of(day)), _wider(self._month_first, self._of(month)))
            if plain is None and (day is None) != (month is None):
                self._either[day is not None] = False

    def _of(self, day: int | None) -> tuple[int, ...]:
        return () if day is None or day not in self._lived else (day,)

    def _epochs(self, texts: Sequence[str]) -> list[int]:
        least, most = min(texts), max(texts)
        low, high = _second(least), _second(most)
        if high not in self._lived or (most[:1] == "9" and least[:1] != "9"):       # nine digits end in 2001
            return [second // DAY * DAY for second in map(_second, texts) if second in self._lived]
        return [low // DAY * DAY, high // DAY * DAY]


def _sorts(*heads: str) -> bool:
    """Whether dates are in order as text: the year is first, and the month is a number."""
    return all(head[:4].isdecimal() and not any(map(str.isalpha, head)) for head in heads)


def _wider(known: Ends, days: Sequence[int]) -> Ends:
    if not days:
        return known
    low, high = min(days), max(days)
    return (low, high) if known is None else (min(low, known[0]), max(high, known[1]))


def _second(text: str) -> int:
    return int(text.partition(".")[0][:10])
