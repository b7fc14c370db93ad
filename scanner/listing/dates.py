"""Dates as listings print them -> seconds since 1970. It reads the forms and remembers the parts; it knows no clock:
a year that is not shown is worked out from the `now` that is handed in, or stays unknown.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

UNKNOWN = -1
_SHORT = 64                                  # bytes of a text that is remembered
NEVER = -(10**15)                            # a part that is no date: any sum with it is negative
DAY = 86_400
YEAR = 366 * DAY
_EPOCH = date(1970, 1, 1).toordinal()

_NAMES = (
    "jan ene gen tam sty", "feb fév fev hel lut", "mar mär mrz maa", "apr avr abr huh kwi", "may maj mai mag tou",
    "jun juin giu kes cze", "jul juil lug hei lip", "aug aoû ago elo sie", "sep set syy wrz", "oct okt ott out lok",
    "nov lis", "dec dez des déc dic jou gru")
_MONTHS = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a day. In the pattern SEP is a separator and SAME the same one again."""

    name: str
    pattern: str
    order: str                               # the fields in the order written: y, m, d; ? is not told by its place


_WORD = r"[A-Za-z\x80-\xff]{3,12}"
_SIGNED = r"\d{4}(?:年|년[ ]?)\d{1,2}(?:月|월[ ]?)\d{1,2}(?:日|일)".encode().decode("latin-1")
FORMS = (
    Form("year-month-day", r"\d{4}SEP\d{1,2}SAME\d{1,2}", "ymd"),
    Form("year-word-day", rf"\d{{4}}SEP{_WORD}SAME\d{{1,2}}", "ymd"),
    Form("day-word-year", rf"\d{{1,2}}(?:SEP{_WORD}\.?SAME(?:\d{{4}}|\d\d)|[ ]{_WORD}\.?[ ]\d{{4}}"
         r"|[A-Z][a-z]{2}\d{4})", "dmy"),
    Form("numbers", r"\d{1,2}SEP\d{1,2}SAME(?:\d{4}|\d\d)", "??y"),
    Form("word-day-year", rf"{_WORD}\.?[ ]{{1,2}}\d{{1,2}},?[ ]{{1,2}}\d{{4}}", "mdy"),
    Form("word-day", rf"{_WORD}[ ]{{1,2}}\d{{1,2}}", "md"),
    Form("year-sign-month-sign-day-sign", _SIGNED, "y?m?d?"),
)
_YEARLESS = 5                                # the one before it is the same with the year
_WEEKDAY = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ]$")
_LAST_YEAR = re.compile(rb"[ ](?:[A-Z]{3,5}[ ])?((?:19|20)\d\d)(?!\w)")
SLASHED = 3                                  # the one in which day and month may stand either way
_ANY = "|".join(
    f"(?P<f{i}>{form.pattern.replace('SEP', f'(?P<s{i}>[-/.])').replace('SAME', f'(?P=s{i})')})"
    for i, form in enumerate(FORMS))
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[ ]?[AaPp]\.?[Mm]\b\.?)?"
_ZONE = r"(?:[ ]?(?:Z|GMT|UTC)\b|[ ]?[+-]\d\d:?\d\d(?:[ ]UTC)?)?"
_SEARCH = re.compile(
    rf"(?<![\w.:/-])(?:{_ANY})(?![\d:]|-\d)(?:(?:,?[ ]{{1,3}}|T)(?:at[ ]|kl\.?[ ]|klo[ ])?(?P<clock>{_CLOCK}{_ZONE}))?"
    .encode("latin-1"))
_FIELDS = re.compile(rb"\d+|[A-Za-z\x80-\xff]{3,}")
_TIME = re.compile(rb"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?[ ]?(?:([AaPp])\.?[Mm]\.?)?(.*)", re.DOTALL)
_OFFSET = re.compile(rb"([+-])(\d\d):?(\d\d)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A date found in a text, still as written."""

    form: int                                # index into FORMS
    day: bytes
    clock: bytes                             # with its zone; empty where no time of day is shown
    start: int                               # where in the text
    end: int

    @property
    def grain(self) -> int:
        """Seconds: how exact it is."""
        if not self.clock:
            return DAY
        found = _TIME.match(self.clock)
        return 1 if found is not None and found[3] else 60


def find(text: bytes) -> Shown | None:
    """The first date in `text`, which must be free of markup; None where there is none."""
    return _short(text) if len(text) <= _SHORT else _find(text[:512])


@lru_cache(maxsize=4096)
def _short(text: bytes) -> Shown | None:
    """Cells are looked at more than once, and many say the same."""
    return _find(text)


def _find(text: bytes) -> Shown | None:
    for found in _SEARCH.finditer(text):
        form = next(i for i in range(len(FORMS)) if found[f"f{i}"] is not None)
        if form == _YEARLESS and (late := _asctime(text, found)) is not None:
            return late
        if _is_day(found[f"f{form}"], form):
            return Shown(form, found[f"f{form}"], found["clock"] or b"", found.start(), found.end())
    return None


def _asctime(text: bytes, found: re.Match[bytes]) -> Shown | None:
    """A date whose year stands last, `Fri Jun 28 03:49:58 2019` (RFC 9110 section 5.6.7), put in the usual order.

    Only behind a day of the week: in the output of `ls` what follows the time is a name.
    """
    year = _LAST_YEAR.match(text, found.end())
    if year is None or not found["clock"] or not _WEEKDAY.search(text[:found.start()]):
        return None
    form, day = _YEARLESS - 1, found[f"f{_YEARLESS}"] + b" " + year[1]
    return Shown(form, day, found["clock"], found.start(), year.end()) if _is_day(day, form) else None


@lru_cache(maxsize=4096)
def _is_day(text: bytes, form: int) -> bool:
    return days(text, form, now=0) is not None


def days(text: bytes, form: int, *, first: str | None = None, now: int | None = None) -> int | None:
    """Days since 1970 of a day part; None where it is no date of the calendar, or of no known year.

    `first` says what the first of two small numbers is, `d` or `m`; None takes either, day first where both fit.
    """
    fields = _FIELDS.findall(text)
    order = FORMS[form].order
    if form != SLASHED:
        return _ordinal(dict(zip(order, fields, strict=False)), now)
    for candidate in {"d": ("dmy",), "m": ("mdy",)}.get(first or "", ("dmy",) if b"." in text else ("dmy", "mdy")):
        day = _ordinal(dict(zip(candidate, fields, strict=False)), now)
        if day is not None:
            return day
    return None


def _ordinal(fields: dict[str, bytes], now: int | None) -> int | None:
    """Days since 1970 of a year, month and day as written."""
    number = int(fields["m"]) if fields["m"].isdigit() else month(fields["m"])
    day = int(fields["d"]) if fields["d"].isdigit() else 0
    if not 1 <= number <= 12 or not 1 <= day <= 31:
        return None
    year = _year(fields.get("y"), number, day, now)
    if year is None or day > monthrange(year, number)[1]:
        return None
    return date(year, number, day).toordinal() - _EPOCH


def month(word: bytes) -> int:
    """The month that a word names, in the languages known; 0 where it names none."""
    name = word.decode("utf-8", "replace").lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3]) or 0


def _year(text: bytes | None, number: int, day: int, now: int | None) -> int | None:
    """The year as written, two digits taken as 1970 to 2069; without one, the last year that had the day by `now`."""
    if text is not None:
        year = int(text) if text.isdigit() and len(text) <= 4 else 0
        year += 0 if len(text) > 2 else 2000 if year < 70 else 1900
        return year if 1970 <= year < 2200 else None
    if now is None:
        return None
    today = date.fromordinal(_EPOCH + now // DAY + 1)
    year = today.year if (number, day) <= (today.month, today.day) else today.year - 1
    return year - year % 4 if (number, day) == (2, 29) else year


def seconds(clock: bytes) -> int | None:
    """Seconds since midnight UTC of a time of day with its zone; None where there is no such time."""
    if len(clock) == 5 and clock[2:3] == b":" and clock[:2].isdigit() and clock[3:].isdigit() and clock < b"24:":
        return int(clock[:2]) * 3600 + int(clock[3:]) * 60 if clock[3:4] < b"6" else None
    found = _TIME.match(clock)
    if found is None:
        return 0 if not clock else None
    hour, minute, second, half = int(found[1]), int(found[2]), int(found[3] or 0), (found[4] or b"").lower()
    if hour > (12 if half else 23) or minute > 59 or second > 60:
        return None
    hour = hour % 12 + 12 * (half == b"p") if half else hour
    offset = _OFFSET.search(found[5])
    away = (int(offset[2]) * 60 + int(offset[3])) * (60 if offset[1] == b"+" else -60) if offset else 0
    return hour * 3600 + minute * 60 + second - away


def epoch(number: int) -> int:
    """Seconds since 1970 of a number that counts seconds or milliseconds, 1970 to 2100; else -1."""
    number = number // 1000 if number > 10**11 else number
    return number if 0 <= number < 4_102_444_800 else UNKNOWN


class Memory(ABC):
    """Remembers what the texts of one column stand for; NEVER where one stands for nothing."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}

    def of(self, texts: list[bytes]) -> list[int]:
        """What the texts stand for, in their order. Memory is bounded: what was known before may be forgotten."""
        if texts and texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):      # a folder of one day
            return self._of(texts[:1]) * len(texts)
        return self._of(texts)

    def _of(self, texts: list[bytes]) -> list[int]:
        try:
            return list(map(self._known.__getitem__, texts))
        except KeyError:
            if len(self._known) > 50_000:
                self._known.clear()
            for text in set(texts) - self._known.keys():
                self._known[text] = self._read(text)
        return list(map(self._known.__getitem__, texts))

    @abstractmethod
    def _read(self, text: bytes) -> int:
        """What one text says."""


class Days(Memory):
    """The seconds since 1970 at which the days of a column begin."""

    def __init__(self, form: int, first: str | None, now: int | None) -> None:
        super().__init__()
        self.form, self.first, self.now = form, first, now

    def _read(self, text: bytes) -> int:
        found = None
        if len(_FIELDS.findall(text)) == len(FORMS[self.form].order):
            found = days(text, self.form, first=self.first, now=self.now)
        elif (other := find(text)) is not None:
            found = days(other.day, other.form, first=self.first, now=self.now)
        return NEVER if found is None else found * DAY


class Clocks(Memory):
    """The times of day of a column, in seconds."""

    def _read(self, text: bytes) -> int:
        found = seconds(text)
        return NEVER if found is None else found
