"""Whose telephone numbers a column holds, in words: by country code, and mobile where the country tells them apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_LOOKED = 64                                 # values
_NEARLY = 0.9
_NAMES = {"SE": "Swedish", "DK": "Danish", "NO": "Norwegian", "FI": "Finnish", "DE": "German", "GB": "British",
          "EE": "Estonian", "LV": "Latvian", "LT": "Lithuanian", "IS": "Icelandic", "NL": "Dutch", "FR": "French"}


def origin(numbers: Sequence[str]) -> str:
    """`Swedish mobile numbers` for E.164 numbers nearly all of which are, `telephone numbers` where they mix."""
    found = [code_of(number) for number in numbers[:_LOOKED]]
    code, count = Counter(found).most_common(1)[0] if found else (0, 0)
    if not code or count < _NEARLY * len(found):
        return "telephone numbers"
    region = COUNTRY_CODE_TO_REGION_CODE[code][0]
    rest = [number[len(str(code)) + 1:] for number, of in zip(numbers, found, strict=False) if of == code]
    mobile = sum(_mobile(region, each) for each in rest)
    what = "mobile numbers" if mobile >= _NEARLY * len(rest) else "telephone numbers"
    return f"{_NAMES[region]} {what}" if region in _NAMES else f"{what} of +{code}"


def code_of(number: str) -> int:
    """The country code that an E.164 number begins with, 0 where it has none."""
    found = (int(number[1:end]) for end in (2, 3, 4) if number[1:end].isdecimal())
    return next((code for code in found if code in COUNTRY_CODE_TO_REGION_CODE), 0)


@lru_cache(maxsize=4096)
def _mobile(region: str, number: str) -> bool:
    """A number that may be a fixed one as well, as in America, is none."""
    data = PhoneMetadata.metadata_for_region(region, None)
    plan, fixed = (getattr(data, kind, None) for kind in ("mobile", "fixed_line"))
    patterns = [getattr(each, "national_number_pattern", None) for each in (plan, fixed)]
    if not patterns[0] or patterns[0] == patterns[1]:
        return False
    return re.fullmatch(patterns[0], number) is not None
