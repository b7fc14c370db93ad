"""Identity numbers of the north, Britain and America: shape, date and check digits of one value. Knows no neighbour.

Own rules where python-stdnum differs: it refuses co-ordination and synthetic numbers and asks today's date.
Sources: Skatteverket SKV 704 and SKV 707 (SE), the CPR office's "Personnummeret i CPR" (DK), Skatteetaten (NO), the
Digital and Population Data Services Agency (FI), NHS Data Dictionary (UK), SSA Publication 05-10064 (US).
"""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.fi import hetu
from stdnum.gb import nhs

from scanner.filenames.clock import CLOCK, HOUR_MINUTE, YEAR, day_month, month_day

BORN = re.compile(month_day())
_BORN_REVERSED = re.compile(day_month())
_HOUR_MINUTE = re.compile(HOUR_MINUTE)
_CLOCK = re.compile(CLOCK)
_MODERN = re.compile(YEAR)
_CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_TOO_YOUNG = "2040"                          # as in clock: no year later than this is one of birth
_LEAP, _LEAP_REVERSED = "0229", "2902"


def swedish(ten: str) -> str | None:
    """`personnummer` or `samordningsnummer` (day + 60) for YYMMDDNNNC that passes Luhn, else None.

    An organisation's number has a month of 20 or more and falls through.
    """
    day = int(ten[4:6])
    coordination = 61 <= day <= 91
    date = f"{ten[2:4]}{day - 60:02}" if coordination else ten[2:6]
    if BORN.fullmatch(date) is None or (date == _LEAP and int(ten[:2]) % 4) or not luhn.is_valid(ten):
        return None
    return "samordningsnummer" if coordination else "personnummer"


def organisation(ten: str) -> bool:
    """Whether it is a Swedish organisation's number: a month of 20 or more, and Luhn."""
    return ten[0] not in "04" and ten[2] >= "2" and bool(luhn.is_valid(ten))


def swedish_long(century: str, ten: str) -> str | None:
    """As `swedish` for a number with its century, and `timestamp` or `undecided` where it can be a time as well."""
    year = century + ten[:2]
    kind = swedish(ten) if "1840" <= year < _TOO_YOUNG else None
    dated = BORN.fullmatch(ten[2:6]) is not None and _MODERN.fullmatch(year) is not None
    if dated and _HOUR_MINUTE.fullmatch(ten[6:]):
        return "timestamp" if kind is None else "undecided" if year >= "2000" else kind
    return kind


def swedish_bare(twelve: str) -> str | None:
    """As `swedish_long` for digits alone, which may be a YYMMDDHHMMSS of 2018 to 2020 as well."""
    kind = swedish_long(twelve[:2], twelve[2:])
    timed = kind is not None and BORN.fullmatch(twelve[2:6]) is not None and _CLOCK.fullmatch(twelve[6:]) is not None
    return "undecided" if timed and kind != "timestamp" else kind


def danish(ten: str) -> bool:
    """Whether DDMMYYNNNN is a day since 1900. Since 2007 nothing more is promised; day + 60: a replacement.

    The seventh digit tells the century: 5 to 8 with a year from 58 on is the nineteenth.
    """
    day = int(ten[:2])
    date = f"{day - 60:02}{ten[2:4]}" if 61 <= day <= 91 else ten[:4]
    if ten[6] in "5678" and ten[4:6] >= "58":
        return False
    return _BORN_REVERSED.fullmatch(date) is not None and not (date == _LEAP_REVERSED and int(ten[4:6]) % 4)


def danish_checked(ten: str) -> bool:
    """Whether it passes the check that held until 2007: in a column a sign, alone a chance of one in eleven."""
    return sum(w * int(d) for w, d in zip(_CPR_WEIGHTS, ten, strict=True)) % 11 == 0


def norwegian(eleven: str) -> str | None:
    """`fodselsnummer`, or `synthetic` for a test person (month + 80 or + 65), else None.

    D-numbers (day + 40) and H-numbers (month + 40) count.
    """
    if not _norwegian_checks(eleven):
        return None
    day, month = int(eleven[:2]), int(eleven[2:4])
    day -= 40 if 41 <= day <= 71 else 0
    if 81 <= month <= 92 or 66 <= month <= 77:
        return "synthetic" if 1 <= day <= 31 else None
    month -= 40 if 41 <= month <= 52 else 0
    real = _BORN_REVERSED.fullmatch(f"{day:02}{month:02}") and _norwegian_century(int(eleven[6:9]), int(eleven[4:6]))
    return "fodselsnummer" if real else None


def _norwegian_century(serial: int, year: int) -> bool:
    """Whether a serial was given out for a year of birth."""
    return serial < 500 or year < 40 or serial >= 900 or (serial < 750 and year >= 54)


def _norwegian_checks(eleven: str) -> bool:
    first = sum(w * int(d) for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), eleven, strict=False))
    second = sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), eleven, strict=True))
    return first % 11 == 0 and second % 11 == 0


def finnish(text: str) -> bool:
    """Whether DDMMYY, century sign, NNN and check character agree; the temporary numbers 900 to 999 count."""
    return bool(hetu.is_valid(text, allow_temporary=True))


def british(ten: str) -> str | None:
    """`nhs` where the check digit is right, `synthetic` for the range 999 that is never given out, else None."""
    if not nhs.is_valid(ten):
        return None
    return "synthetic" if ten.startswith("999") else "nhs"


def american(text: str) -> bool:
    """Whether AAA-GG-SSSS lies in an area, group and serial that can be given out: no check digit exists."""
    area, group, serial = text[:3], text[4:6], text[7:]
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"
