"""Times as machines write them (RFC 3339, RFC 9110 §5.6.7, numbers) -> seconds since 1970. It reads no columns."""

from __future__ import annotations

from scanner.listing import dates

_LONGEST = 64
_LATEST = 10**15                             # as a number, in whatever part of a second


def moment(value: object) -> int:
    """Seconds since 1970 of one time, a text or a number; -1 where it is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return dates.epoch(int(value)) if 0 <= value < _LATEST else dates.UNKNOWN
    text = value.encode("utf-8", "replace") if isinstance(value, str) else value
    return _written(text.strip()[:_LONGEST]) if isinstance(text, bytes) else dates.UNKNOWN


def _written(text: bytes) -> int:
    if text.isdigit():
        return dates.epoch(int(text)) if 9 <= len(text) <= 13 else dates.UNKNOWN
    shown = dates.find(text)
    if shown is None:
        return dates.UNKNOWN
    day, clock = dates.days(shown.day, shown.form), dates.seconds(shown.clock)
    return dates.UNKNOWN if day is None or clock is None else max(day * dates.DAY + clock, dates.UNKNOWN)


class Moments(dict[object, int]):
    """Remembers times that it has read: many files of a folder share theirs."""

    def __missing__(self, value: object) -> int:
        if len(self) > 50_000:
            self.clear()
        found = self[value] = moment(value)
        return found
