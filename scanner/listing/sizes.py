"""Sizes as listings print them -> bytes and how far off they may be. It reads one size; it never guesses a column."""

from __future__ import annotations

import re
from functools import lru_cache

UNKNOWN = -1
LARGEST = 2**63 - 1
_LONGEST = 64                                # bytes of a text that can be a size
_STEPS = {b"": 0, b"b": 0, b"o": 0, b"k": 1, b"m": 2, b"g": 3, b"t": 4, b"p": 5, b"e": 6}
_GAP = rb"(?:\s|\xc2\xa0|\xe2\x80[\x80-\x8a\xaf]|&nbsp;|&#160;)"
_UNIT = rb"(?:(?i:[kmgtpe](?:i?b|o|ib)?(?:ytes?)?|bytes?|octets?|b|o)\b)"
#: A whole size and nothing else. Groups: digits with separators, unit.
SIZE = re.compile(rb"(\d[\d.,'\x20]{0,30}?|\d{1,19})" + _GAP + rb"{0,2}(" + _UNIT + rb")?")
_NUMBER = re.compile(rb"\d{1,19}")
_GROUPED = re.compile(rb"\d{1,3}(?:([,.'\x20])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(rb"(\d{1,19})[.,](\d{1,9})")
_NOTHING = frozenset({b"", b"-", b"--", b"\xe2\x80\x94", b"\xe2\x80\x93", b"&mdash;", b"&ndash;", b"n/a", b"?"})

#: Units in other scripts -> as they are read here. What is not in it is no unit.
_SCRIPTS = {
    "байтов": "b", "байта": "b", "байт": "b", "б": "b", "к": "k", "м": "m", "г": "g", "т": "t",
    "字节": "b", "位元組": "b", "バイト": "b", "바이트": "b",
    "كيلوبايت": "k", "ميغابايت": "m", "ميجابايت": "m", "غيغابايت": "g", "جيجابايت": "g", "بايت": "b",
}
_SCRIPT = re.compile("|".join(sorted(_SCRIPTS, key=len, reverse=True)), re.IGNORECASE)
_LOOSE = re.compile(rb"[(\[](.+[A-Za-z])[)\]]", re.DOTALL)     # a size with its unit in brackets

Size = tuple[int, int]
"""Bytes and slack: the true size lies within bytes ± slack. (-1, 0) where none is shown."""


def is_blank(text: bytes) -> bool:
    """Whether a cell says that it shows no size: empty, a dash."""
    return text.strip().lower() in _NOTHING


def parse(text: bytes) -> Size | None:
    """Read `281`, `3,221,225,472 Bytes`, `1.5 MiB`, `977K`; None where the text is no size.

    K, M, G are powers of 1024 with or without the `i`. A rounded size may have been rounded to nearest (Apache,
    nginx) or cut (lighttpd, Tomcat), so its slack is one whole unit of the last digit shown. More than 2^63-1
    bytes is no size that a file can have: unknown.
    """
    text = text.strip()
    return _known(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _known(text: bytes) -> Size | None:
    """Cells are looked at more than once, and many say the same."""
    found = SIZE.fullmatch(text) or SIZE.fullmatch(_latin(text))
    if found is None:
        return None
    step = _STEPS[(found[2] or b"").lower()[:1]] if found[2] and not found[2].lower().startswith((b"by", b"oc")) else 0
    value = _number(found[1], unit=step > 0)
    if value is None:
        return None
    whole, places = value
    scale, digits = 1 << 10 * step, 10**places
    size = (whole * scale + digits // 2) // digits
    slack = 0 if step == 0 else -(-scale // digits)
    return (UNKNOWN, 0) if size > LARGEST else (size, slack)


def _latin(text: bytes) -> bytes:
    """A size without brackets around it, its unit in Latin letters."""
    bare = _LOOSE.fullmatch(text)
    text = bare[1] if bare is not None else text
    if text.isascii() or not text[:1].isdigit():
        return text
    return _SCRIPT.sub(lambda found: _SCRIPTS[found[0].lower()], text.decode("utf-8", "replace")).encode()


def exact(text: bytes) -> int | None:
    """The number in an attribute such as `data-order="281"`; None where it is no plain number."""
    text = text.strip()
    return int(text) if _NUMBER.fullmatch(text) and int(text) <= LARGEST else None


def _number(text: bytes, *, unit: bool) -> tuple[int, int] | None:
    """Digits without separators, and how many of them are decimals."""
    if _NUMBER.fullmatch(text):
        return int(text), 0
    grouped, decimal = _GROUPED.fullmatch(text), _DECIMAL.fullmatch(text)
    if grouped and not (unit and decimal and b"." in text):
        return int(re.sub(rb"\D", b"", text)), 0
    if decimal:
        if not unit and decimal[2].strip(b"0"):
            return None
        return int(decimal[1] + decimal[2]), len(decimal[2])
    return None


class Sizes(dict[bytes, Size]):
    """Remembers the sizes that it has read: a listing with rounded sizes has few of them."""

    def __missing__(self, text: bytes) -> Size:
        if len(self) > 50_000:
            self.clear()
        size = self[text] = parse(text) or (UNKNOWN, 0)
        return size
