"""Ways in which digits write a time, each with the seconds it means. The order of the digits, no clock.

A form says how likely digits at random have it: nearly every folder of numbers has one that looks like a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

DAY = 86_400                                 # seconds
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_YEAR, _LAST_YEAR = 1990, 2039         # as `filenames.clock` has it
_EPOCHS = range(946_684_800, 2_000_000_000)  # 2000 to 2033: a 2 begins numbers of people
_MONTHS = {name: f"{i:02}" for i, names in enumerate(
    ("jan", "feb", "mar", "apr", "may maj mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), start=1)
    for name in names.split()}
_NAMED = re.compile(r"([0-9]{2,4})[-_ ]?([A-Za-z]{3})[-_ ]?([0-9]{2,4})")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a time in so many digits."""

    kind: str                                # timestamp, date or epoch
    chance: float                            # share of random digits that have the form
    read: Callable[[str], int | None]        # seconds since 1970 of the day at least; None: not this form
    sure: bool = False                       # no other number looks like it: not to be proved by other times


@lru_cache(maxsize=8_192)
def _day(year: str, month: str, day: str) -> int | None:
    """Seconds since 1970 of a day; 29 February always counts."""
    if len(year) == 2:
        year = ("19" if year >= "90" else "20") + year
    y, m, d = int(year), int(month), int(day)
    if not (_FIRST_YEAR <= y <= _LAST_YEAR and 1 <= m <= 12 and 1 <= d <= 31):
        return None
    leap = m == 2 and d == 29
    try:
        return (date(y, m, 28 if leap else d).toordinal() + leap - _EPOCH) * DAY
    except ValueError:
        return None


def _clock(text: str) -> bool:
    """Whether `text` is HHMM or HHMMSS with anything behind it."""
    return text[:2] < "24" and text[2:4] < "60" and text[4:6] < "60"


def _then_clock(day: Callable[[str], int | None], length: int) -> Callable[[str], int | None]:
    return lambda t: day(t[:length]) if _clock(t[length:]) else None


def _year_first(t: str) -> int | None:
    return _day(t[:-4], t[-4:-2], t[-2:])


def _day_first(t: str) -> int | None:
    return _day(t[4:], t[2:4], t[:2])


def _month_first(t: str) -> int | None:
    return _day(t[4:], t[:2], t[2:4])


def _seconds(t: str) -> int | None:
    return value if (value := int(t[:10])) in _EPOCHS else None


def second(text: str) -> int | None:
    """Seconds since 1970 of a unique id or an epoch; None where it is none."""
    digits = text.partition(".")[0][:10]
    return _seconds(digits) if digits.isdecimal() else None


_EIGHT, _SIX, _HMS, _HM = 50 * 365.25 / 1e8, 50 * 365.25 / 1e6, 0.0864, 0.144
_ORDERS = (_year_first, _day_first, _month_first)


def _dated(length: int, chance: float) -> tuple[Form, ...]:
    """Dates of so many digits with a time of day behind them."""
    return tuple(Form("timestamp", chance, _then_clock(day, length), sure=length == 8 and day is _year_first)
                 for day in _ORDERS)


FORMS: Mapping[int, tuple[Form, ...]] = {    # by number of digits, likeliest first
    6: tuple(Form("date", _SIX, day) for day in _ORDERS),
    8: tuple(Form("date", _EIGHT, day, sure=day is _year_first) for day in _ORDERS),
    9: (Form("epoch", 0.06, _seconds),),
    10: (Form("epoch", 0.13, _seconds), Form("timestamp", _EIGHT / 4, lambda t: _year_first(t[:8]), sure=True),
         *_dated(6, _SIX * _HM)),
    12: (*_dated(8, _EIGHT * _HM), *_dated(6, _SIX * _HMS)),
    13: (Form("epoch", 0.13, _seconds),),
    14: _dated(8, _EIGHT * _HMS),
    16: (Form("epoch", 0.13, _seconds), *_dated(8, _EIGHT * _HMS)),
    17: _dated(8, _EIGHT * _HMS),
}
CLOCKS: Mapping[int, float] = {4: _HM, 6: _HMS}          # digits of a time of day -> chance


def is_clock(text: str) -> bool:
    """Whether four or six digits are a time of day."""
    return _clock(text)


def head(text: str) -> int:
    """How many characters of a date or timestamp say the day."""
    if text[:8].isdecimal():
        return 8
    return 11 if _NAMED.match(text) else 10


Readings = tuple[int | None, int | None, int | None]


@lru_cache(maxsize=8_192)
def readings(text: str) -> Readings:
    """Seconds since 1970 of the day that a date or timestamp begins with: as it is; if not, day first; month first."""
    if named := _NAMED.match(text):
        first, month, last = named.groups()
        year, day = (first, last[:2]) if len(first) == 4 else (last, first)
        return (_day(year, _MONTHS.get(month.lower(), "00"), day) if len(year) == 4 else None), None, None
    digits = "".join(filter(str.isdecimal, text[:10]))[:8]
    if len(digits) < 8:
        return None, None, None
    plain = _year_first(digits) if text[2:3].isdecimal() else None
    return (plain, None, None) if plain is not None else (None, _day_first(digits), _month_first(digits))


def days(texts: Sequence[str]) -> list[int | None]:
    """Seconds since 1970 of the days that dates or timestamps of one column begin with, None where there is none.

    Americans write the month first: a column does where one of its days is none otherwise.
    """
    width = head(texts[0])
    read = [readings(text[:width]) for text in texts]
    american = any(day is None and month is not None for _, day, month in read)
    return [plain if plain is not None else month if american else day for plain, day, month in read]
