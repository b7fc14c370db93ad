"""Telephone numbers as patterns, made from the numbering plans of the phonenumbers library.

The library's own verdict takes some thirty microseconds a number; its plans compiled into one pattern take half of
one, and a test holds them equal. What may be a company's number (toll-free, premium, shared cost) is left out.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata

GUESSED = ("SE", "FI", "GB")                 # trunk 0 read without being told a region
COUNTRIES = (45, 46, 47, 44, 49, 358, 353, 372, 1)      # read without + or 00 before them
_DRAMA = {("GB", 10): "(?:7700900|1632960|1154960)[0-9]{3}"}     # Ofcom keeps them for drama; the library has them not
_PERSONAL = ("mobile", "fixed_line", "voip", "personal_number")
BARE = frozenset({"DK", "NO", "US", "CA"})   # regions whose numbers are written without a trunk prefix
_COUNTRY = {"DK": 45, "NO": 47, "US": 1, "CA": 1}


def country(region: str) -> int:
    """Country calling code of an ISO 3166 alpha-2 region, 0 where it has none."""
    return int(phonenumbers.country_code_for_region(region))


@lru_cache(maxsize=4096)
def national(region: str, length: int) -> str | None:
    """Pattern of a region's significant numbers of `length` digits that people have, or None."""
    data = PhoneMetadata.metadata_for_region(region, None)
    if data is None or length < 5:
        return None
    found = [*(_plan(getattr(data, kind), length) for kind in _PERSONAL), _DRAMA.get((region, length))]
    plans = dict.fromkeys(p for p in found if p)
    return "(?:" + "|".join(plans) + ")" if plans else None


def _plan(plan: object, length: int) -> str | None:
    pattern: str | None = getattr(plan, "national_number_pattern", None)
    if not pattern or length not in getattr(plan, "possible_length", ()):
        return None
    return pattern.replace(r"\d", "[0-9]")


@lru_cache(maxsize=4096)
def trunk(region: str, length: int) -> str | None:
    """Pattern of `length` digits that begin with the region's trunk prefix 0, or None."""
    data = PhoneMetadata.metadata_for_region(region, None)
    if data is None or data.national_prefix != "0":
        return None
    pattern = national(region, length - 1)
    return f"0{pattern}" if pattern else None


@lru_cache(maxsize=4096)
def international(code: int, length: int) -> str | None:
    """Pattern of `length` digits that begin with a country code, or None."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code, ())
    rest = length - len(str(code))
    plans = dict.fromkeys(p for p in (national(region, rest) for region in regions) if p)
    return f"{code}(?:" + "|".join(plans) + ")" if plans else None


@lru_cache(maxsize=16_384)
def written_abroad(digits: str) -> int | None:
    """How sure `+digits` is a number somewhere: 2 valid, 1 possible, None neither. For the countries not compiled."""
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number):
        return 2
    return 1 if phonenumbers.is_possible_number(number) else None
