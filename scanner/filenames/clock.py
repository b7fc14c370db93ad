"""Times as file names write them: patterns for text. Knows no clock.

The years that count as plausible are fixed, 1990 to 2039, instead of derived from today: a name says the same
tomorrow. Epochs are ten digits that begin with 1 (2001 to 2033), which no telephone number in use does.
"""

from __future__ import annotations

YEAR = "(?:199[0-9]|20[0-3][0-9])"
_LONG, _SHORT = "(?:0[13578]|1[02])", "(?:0[469]|11)"
HOUR_MINUTE = "(?:[01][0-9]|2[0-3])[0-5][0-9]"
CLOCK = HOUR_MINUTE + "[0-5][0-9]"
_MONTHS = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"


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
ALONE = r"(?<![0-9])", r"(?![0-9])"          # no digit before, no digit after

_UUIDS = "|".join(f"[{x}]{{8}}(?:-[{x}]{{4}}){{3}}-[{x}]{{12}}" for x in ("0-9a-f", "0-9A-F"))
UUID = f"(?<![0-9A-Za-z])(?:{_UUIDS})(?![0-9A-Za-z])"
HASH = "(?<![0-9A-Za-z])(?:[0-9a-f]{24,64}|[0-9A-F]{24,64})(?![0-9A-Za-z])"
UNIQUE = r"(?<![0-9])(?:9(?:4[7-9]|[5-9][0-9])[0-9]{6}|1[0-9]{9})\.[0-9]{1,9}(?![0-9])"     # Asterisk: epoch, counter
LONG_STAMP = (
    f"(?<![0-9]){YEAR}-{month_day('-')}[T _-](?:[01][0-9]|2[0-3])[-:._][0-5][0-9][-:._][0-5][0-9]"
    r"(?:[.,][0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2}(?![0-9]))?(?![0-9])"
)
STAMP = f"(?<![0-9]){DATE}[T_-]{CLOCK}" r"(?:[.,][0-9]{1,6})?(?:[+-][0-9]{4}(?![0-9]))?(?![0-9])"
IPV4 = r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])"
DASHED = (
    f"(?<![0-9])(?:{YEAR}-{month_day('-')}|{day_month('-')}-{YEAR}|{day_month('[.]')}[.]{YEAR})(?![0-9])"
)
MONTH_NAME = f"(?<![0-9])(?:19|20)[0-9]{{2}}{_MONTHS}[0-9]{{2}}(?![0-9])"
