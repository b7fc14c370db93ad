"""Times as file names write them: patterns for text, and the one list of what machines write. Knows no clock.

The years that count as plausible are fixed, 1990 to 2039, instead of derived from today: a name says the same
tomorrow. Epochs are ten digits that begin with 1 (2001 to 2033), which no telephone number in use does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

YEAR = "(?:199[0-9]|20[0-3][0-9])"
_LONG, _SHORT = "(?:0[13578]|1[02])", "(?:0[469]|11)"
_HOUR, _SIXTY = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
HOUR_MINUTE = _HOUR + _SIXTY
CLOCK = HOUR_MINUTE + _SIXTY
_MONTHS = "(?:Jan|Feb|Mar|Apr|May|Maj|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez)"


def month_day(separator: str = "") -> str:
    """Pattern of a month and a day that it has; 29 February always counts."""
    return (
        f"(?:{_LONG}{separator}(?:0[1-9]|[12][0-9]|3[01])|{_SHORT}{separator}(?:0[1-9]|[12][0-9]|30)"
        f"|02{separator}(?:0[1-9]|[12][0-9]))"
    )


def day_month(separator: str = "") -> str:
    """The other way round."""
    return (
        f"(?:(?:0[1-9]|[12][0-9]|3[01]){separator}{_LONG}|(?:0[1-9]|[12][0-9]|30){separator}{_SHORT}"
        f"|(?:0[1-9]|[12][0-9]){separator}02)"
    )


DATE = YEAR + month_day()
REVERSED = f"(?:{day_month()}|{month_day()}){YEAR}"      # DDMMYYYY, and as Americans write it
_DECADES = "[1-3][0-9]"                      # years 2010 to 2039 in two digits
SHORT_DATE = f"(?:{_DECADES}{month_day()}|(?:{day_month()}|{month_day()}){_DECADES})"
"""Six digits that may be a date; so may many that are none."""

LOOSE = {10: SHORT_DATE + HOUR_MINUTE, 11: SHORT_DATE + HOUR_MINUTE + "[0-5]", 12: SHORT_DATE + CLOCK}
"""Digits that may be a time with a year of two digits, by length. Too many numbers look so to take them for one."""

RUNS = {                                     # bare runs that are times, by length
    8: {"date": f"{DATE}|{REVERSED}"},
    10: {"epoch": "1[0-9]{9}", "timestamp": DATE + _HOUR},
    12: {"timestamp": f"(?:{DATE}|{REVERSED}){HOUR_MINUTE}"},
    13: {"epoch": "1[0-9]{12}"},
    14: {"timestamp": f"(?:{DATE}|{REVERSED}){CLOCK}"},
    16: {"epoch": "1[0-9]{15}", "timestamp": DATE + CLOCK + "[0-9]{2}"},
    17: {"timestamp": DATE + CLOCK + "[0-9]{3}"},
}

_UUIDS = "|".join(f"[{x}]{{8}}(?:-[{x}]{{4}}){{3}}-[{x}]{{12}}" for x in ("0-9a-f", "0-9A-F"))
_HEX = "|".join(f"(?=[0-9]{{0,127}}[{x}])[0-9{x}]{{24,128}}" for x in ("a-f", "A-F"))     # digits alone are no hash
_WORD_EDGES = "(?<![0-9A-Za-z])(?:{})(?![0-9A-Za-z])"
_ZONE = "(?:Z|[+-](?:0[0-9]|1[0-4]):?(?:00|15|30|45)(?![0-9]))?"
_END = rf"(?:[.,][0-9]{{1,6}}|[0-9]{{3}})?{_ZONE}(?![0-9])"             # with a fraction or without
_PARTED = f"(?:{CLOCK}|{_HOUR}[-:._]{_SIXTY}[-:._]{_SIXTY})"


def _dates(separator: str) -> str:
    named = f"{day_month(separator)}|{month_day(separator)}"
    return f"{YEAR}{separator}{month_day(separator)}|(?:{named}){separator}{YEAR}"


_DATES = "(?:" + "|".join(map(_dates, ("-", "[.]", "_"))) + ")"


@dataclass(frozen=True, slots=True)
class Written:
    """Something that machines write: what it is, how it looks, and how its shape does (see `skeleton`)."""

    kind: str
    pattern: str                             # of the name
    shape: bytes                             # of the skeleton; what has it and not the pattern is read whole
    marks: str                               # characters of which a name needs one
    digits: int                              # that a name has at least


_DATE_SHAPE = rb"(?<![0.-])(?:0000([-._])00(?:\1)00|00([-._])00(?:\2)0000)"
_NO_MORE = rb"(?![0,])(?!\.0)(?![+-]00:?00(?!0))(?!A(?![0Aab]))"       # no fraction and no zone behind it

MACHINE = (
    Written("uuid", _WORD_EDGES.format(_UUIDS), rb"u{8}-u{4}-u{4}-u{4}-u{12}", "-", 0),
    Written("hash", _WORD_EDGES.format(_HEX), rb"h{24,128}", "abcdefABCDEF", 0),
    # Asterisk: epoch since 2000, counter. None begins with 2 before 2033, American numbers do.
    Written("uniqueid", r"(?<![0-9])(?:9(?:46(?:68[5-9]|69[0-9]|[7-9][0-9]{2})|4[7-9][0-9]{3}|[5-9][0-9]{4})[0-9]{3}"
            r"|1[0-9]{9})\.[0-9]{1,9}(?![0-9])", rb"(?<!0)0{9,10}\.0{1,9}(?!0)", ".", 10),
    Written("timestamp", f"(?<![0-9]){_DATES}(?:[T _-]| at ){_PARTED}{_END}",
            _DATE_SHAPE + rb"(?:[A _-]| aa )00(?:0000|[-:._]00[-:._]00)" + _NO_MORE, "-._", 12),
    Written("timestamp", f"(?<![0-9]){DATE}[T _-]{CLOCK}{_END}",
            rb"(?<!0)00000000[A _-]000000(?:000)?" + _NO_MORE, "T _-", 14),
    Written("ipv4", r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])",
            rb"(?<![0.])(?:0{1,3}\.){3}0{1,3}(?![0.])", ".", 4),
    Written("date", f"(?<![0-9]){_DATES}(?![0-9])", _DATE_SHAPE + rb"(?!0)", "-._", 8),
    Written("date", f"(?<![0-9])(?:(?:19|20)[0-9]{{2}}([-_ ]?){_MONTHS}\\1(?:0[1-9]|[12][0-9]|3[01])"
            f"|(?:0[1-9]|[12][0-9]|3[01])([-_ ]?){_MONTHS}\\2(?:19|20)[0-9]{{2}})(?![0-9])", b"", "bnrylgptvcijz", 6),
    Written("timestamp", f"(?<![0-9]){RUNS[14]['timestamp']}(?:[0-9]{{3}})?{_ZONE}(?![0-9])", b"", "0123456789", 14),
)
"""In the order in which they own their digits. Those without a shape are runs, or hold none that is long."""

ALONE = {length: re.compile(pattern) for length, pattern in LOOSE.items()}


def is_loose(digits: str) -> bool:
    """Whether `digits` may be a time with a year of two digits."""
    pattern = ALONE.get(len(digits))
    return pattern is not None and pattern.fullmatch(digits) is not None
