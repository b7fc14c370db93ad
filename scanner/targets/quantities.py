"""Durations, sizes and times of day as people write them. Pure text; no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scanner.errors import UsageError
from scanner.targets.target import shown

_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s?)?", re.ASCII)
_SIZE = re.compile(r"(\d{1,15}) ?(?:([KMGT])(i?))?B?", re.ASCII)
_WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)


def duration(text: str | int) -> int:
    """Seconds of `90`, `45s`, `30m`, `2h30m` or `1d`. Raises UsageError."""
    found = _DURATION.fullmatch(str(text))
    numbers = found.groups(default="0") if found else ()
    seconds = sum(int(number) * unit for number, unit in zip(numbers, _UNITS.values(), strict=False))
    if not seconds:
        raise UsageError(f"{shown(str(text))} is no duration; write such as 45s, 30m, 2h30m or 1d")
    return seconds


def size(text: str | int) -> int:
    """Bytes of `1048576`, `64 MiB`, `2GiB` or `500KB`. Raises UsageError."""
    found = _SIZE.fullmatch(str(text))
    number, prefix, binary = found.groups() if found else ("0", None, None)
    count = int(number)
    for _ in range(" KMGT".index(prefix or " ")):
        count *= 1024 if binary else 1000
    if not count:
        raise UsageError(f"{shown(str(text))} is no size; write a number of bytes, or such as 64MiB or 2GiB")
    return count


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of the day in which the scan may send, `22:00-05:00`; outside them it pauses."""

    start: time
    end: time                                # not included; 00:00 is the end of the day
    zone: ZoneInfo | None = None             # None: the local time of this machine

    @classmethod
    def read(cls, text: str, zone: ZoneInfo | None = None) -> Window:
        """From `HH:MM-HH:MM`. Raises UsageError."""
        found = _WINDOW.fullmatch(text)
        if not found:
            raise UsageError(f"{shown(text)} is no window; write such as 22:00-05:00")
        first, minute, last, end = (int(part) for part in found.groups(default="0"))
        window = cls(time(first, minute), time(last, end), zone)
        if window.start == window.end:
            raise UsageError(f"{shown(text)} begins when it ends; leave the window out for the whole day")
        return window

    def is_open(self, moment: datetime) -> bool:
        """Whether it may be sent at `moment`, which carries its zone."""
        now = moment.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def wait(self, moment: datetime) -> timedelta:
        """How long until it may be sent; zero when it is open."""
        if self.is_open(moment):
            return timedelta(0)
        here = moment.astimezone(self.zone)
        opens = here.replace(hour=self.start.hour, minute=self.start.minute, second=0, microsecond=0)
        opens = opens if opens > here else opens + timedelta(days=1)
        if self.zone is None:                # a fixed offset would be wrong on the other side of a clock change
            opens = opens.replace(tzinfo=None).astimezone()
        return max(timedelta(seconds=1), timedelta(seconds=opens.timestamp() - here.timestamp()))
