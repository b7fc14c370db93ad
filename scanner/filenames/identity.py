"""Identity numbers: shape, date and check digits of one value. Knows nothing of its neighbours.

Sources: Skatteverket SKV 704 (SE), the CPR office's "Personnummeret i CPR" (DK), Skatteetaten (NO), the Digital and
Population Data Services Agency (FI), NHS Data Dictionary (UK), SSA Publication 05-10064 (US).
"""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.fi import hetu
from stdnum.gb import nhs
from stdnum.no import fodselsnummer

from scanner.filenames.clock import CLOCK, HOUR_MINUTE, YEAR, day_month, month_day

BORN = re.compile(month_day())
_BORN_REVERSED = re.compile(day_month())
_HOUR_MINUTE = re.compile(HOUR_MINUTE)
_MODERN = re.compile(YEAR)
_CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_TOO_YOUNG = "2040"                          # as in clock: no year later than this is one of birth


def swedish(ten: str) -> str | None:
    """`personnummer` or `samordningsnummer` (day + 60) for YYMMDDNNNC that passes Luhn, else None.

    An organisation's number has a month of 20 or more and falls through.
    """
    day = int(ten[4:6])
    coordination = 61 <= day <= 91
    date = f"{ten[2:4]}{day - 60:02}" if coordination else ten[2:6]
    if BORN.fullmatch(date) is None or not luhn.is_valid(ten):
        return None
    return "samordningsnummer" if coordination else "personnummer"


def swedish_long(century: str, ten: str) -> str | None:
    """As `swedish` for a number with its century, and `timestamp` or `undecided` where it can be a time as well."""
    year = century + ten[:2]
    kind = swedish(ten) if "1840" <= year < _TOO_YOUNG else None
    if BORN.fullmatch(ten[2:6]) and _MODERN.fullmatch(year) and year >= "2000" and _HOUR_MINUTE.fullmatch(ten[6:]):
        return "undecided" if kind else "timestamp"
    if kind is None and _MODERN.fullmatch(year) and BORN.fullmatch(ten[2:6]) and _HOUR_MINUTE.fullmatch(ten[6:]):
        return "timestamp"
    return kind


def danish(ten: str) -> bool:
    """Whether DDMMYYNNNN has a day and a month. Since 2007 nothing more is promised; day + 60: a replacement."""
    day = int(ten[:2])
    date = f"{day - 60:02}{ten[2:4]}" if 61 <= day <= 91 else ten[:4]
    return _BORN_REVERSED.fullmatch(date) is not None


def danish_checked(ten: str) -> bool:
    """Whether it passes the check that held until 2007: in a column a sign, alone a chance of one in eleven."""
    return sum(w * int(d) for w, d in zip(_CPR_WEIGHTS, ten, strict=True)) % 11 == 0


def norwegian(eleven: str) -> str | None:
    """`fodselsnummer`, or `synthetic` for a test person (month + 80 or + 65), else None. D- and H-numbers count."""
    if not _norwegian_checks(eleven):
        return None
    month, day = int(eleven[2:4]), int(eleven[:2])
    if 81 <= month <= 92 or 66 <= month <= 77:
        return "synthetic" if 1 <= day <= 31 else None
    return "fodselsnummer" if bool(fodselsnummer.is_valid(eleven)) else None


def _norwegian_checks(eleven: str) -> bool:
    first = sum(w * int(d) for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), eleven, strict=False))
    second = sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), eleven, strict=True))
    return first % 11 == 0 and second % 11 == 0


def finnish(text: str) -> bool:
    """Whether DDMMYY, century sign, NNN and check character agree; the temporary numbers 900 to 999 count."""
    return bool(hetu.is_valid(text, allow_temporary=True))


def british(ten: str) -> bool:
    """Whether an NHS number's check digit is right."""
    return bool(nhs.is_valid(ten))


def american(text: str) -> bool:
    """Whether AAA-GG-SSSS lies in an area, group and serial that can be given out: no check digit exists."""
    area, group, serial = text[:3], text[4:6], text[7:]
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"


def is_clock(six: str) -> bool:
    """Whether six digits are a time of the day."""
    return re.fullmatch(CLOCK, six) is not None
