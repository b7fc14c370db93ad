"""Identity numbers with right check digits: of the ranges kept for tests where there are such, else drawn at run time.

Sweden: serials 980 to 999 (the tax agency's test numbers). Finland: serials 900 to 999 (temporary). Norway: month + 80
(synthetic) or drawn. Great Britain: the 999 range of NHS numbers, which is nobody's, or drawn. Denmark, United States,
Germany: drawn at run time and never written down. The sums are those that the issuing authorities publish.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def born(rng: Random) -> date:
    """A day of birth, spread as a population's: 1931 to 2012."""
    return date(1931, 1, 1) + timedelta(rng.randrange(82 * 365))


def luhn(digits: str) -> str:
    """The check digit that follows these digits."""
    twice = (int(digit) * (2 - i % 2) for i, digit in enumerate(reversed(digits)))
    return str(-sum(n // 10 + n % 10 for n in twice) % 10)


def swedish(rng: Random, *, coordination: bool = False) -> str:
    """Twelve digits; a coordination number has 60 added to the day."""
    day = born(rng)
    short = f"{day:%y%m}{day.day + 60 * coordination:02d}{rng.randint(980, 999)}"
    return f"{day:%Y}"[:2] + short + luhn(short)


def danish(rng: Random) -> str:
    """Ten digits; the sum of eleven holds for nearly all who were born before October 2007, for others by chance."""
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    day = born(rng)
    while True:
        seventh = rng.choice("0123" if day.year < 2000 else "4567")
        digits = f"{day:%d%m%y}{seventh}{rng.randrange(1000):03d}"
        if day >= date(2007, 10, 1) or sum(map(int.__mul__, weights, map(int, digits))) % 11 == 0:
            return digits


def norwegian(rng: Random, *, synthetic: bool = False) -> str:
    """Eleven digits with both check digits; a synthetic person has 80 added to the month."""
    day = born(rng)
    while True:
        serial = rng.randint(0, 499) if day.year < 2000 else rng.randint(500, 999)
        nine = [*map(int, f"{day:%d}{day.month + 80 * synthetic:02d}{day:%y}{serial:03d}")]
        first = -sum(map(int.__mul__, (3, 7, 6, 1, 8, 9, 4, 5, 2), nine)) % 11
        second = -sum(map(int.__mul__, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), [*nine, first])) % 11
        if first < 10 and second < 10:
            return "".join(map(str, [*nine, first, second]))


def finnish(rng: Random) -> str:
    """Eleven characters with the sign of the century."""
    day, serial = born(rng), rng.randint(900, 999)
    return f"{day:%d%m%y}{'-' if day.year < 2000 else 'A'}{serial}{HETU[int(f'{day:%d%m%y}{serial}') % 31]}"


def mod11(nine: str) -> int:
    """The check figure that an NHS number and an ISBN of ten digits share: 0 to 10."""
    return -sum(map(int.__mul__, range(10, 1, -1), map(int, nine))) % 11


def british(rng: Random, *, test: bool = False) -> str:
    """Ten digits; issued are numbers that begin with 4, 6 or 7, never those with 999."""
    while True:
        nine = f"999{rng.randrange(10 ** 6):06d}" if test else f"{rng.choice('467')}{rng.randrange(10 ** 8):08d}"
        if mod11(nine) < 10:
            return f"{nine}{mod11(nine)}"


def american(rng: Random) -> str:
    """Nine digits: area, group, serial; none of them nought."""
    area = rng.choice((rng.randint(1, 665), rng.randint(667, 899)))
    return f"{area:03d}{rng.randint(1, 99):02d}{rng.randint(1, 9999):04d}"


def german(rng: Random) -> str:
    """Eleven digits: one of the first ten digits comes twice, one not at all; ISO 7064 mod 11, 10."""
    digits = rng.sample("0123456789", 9)
    digits.insert(rng.randrange(2, 9), digits[0])
    if digits[0] == "0":
        return german(rng)
    rest = 10
    for digit in digits:
        rest = ((int(digit) + rest) % 10 or 10) * 2 % 11
    return "".join(digits) + str((11 - rest) % 10)
