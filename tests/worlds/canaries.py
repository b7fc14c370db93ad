"""Canaries: telephone numbers, mail addresses, identities and names, each different, that say where they were planted.

All are fictional. `seen_in` finds them in whatever a program wrote: plain, in any letter case, with separators between
digits, percent-encoded, as escapes of JSON, HTML and Python, in UTF-16, and packed as base64.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

import re2

from scanner.demo.recording import NUMBERS

_BEGINNINGS = ("Qvarn", "Zing", "Wrang", "Bjelk", "Drakt", "Flask", "Gnist", "Humpf", "Jolst", "Klurv", "Mjugg",
               "Njurst", "Plask", "Rylt", "Skrov", "Tvagg", "Ullk", "Vrist", "Yrst", "Zwerk")
_ENDINGS = tuple(f"{made}{place}" for made in ("test", "prov", "exempel", "fiktiv")
                 for place in ("sson", "berg", "lund", "gren", "holm"))
_BETWEEN = re.compile(rb"(?<=\d)[ .()/_-]{1,2}(?=\d)")
_HASHES = re.compile(rb"(?<=[\[, ])\d{15,20}(?=[,\]])")         # of a sketch: random, and by chance like a canary
_PACKED = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")


@dataclass(frozen=True, slots=True)
class Canary:
    """One that was planted."""

    where: str
    text: str                                # as it was planted
    core: str                                # what no report may show: the part that names one person

    def forms(self) -> Iterator[bytes]:
        """The core as programs write text, all in lower case."""
        yield self.core.lower().encode()
        yield self.core.lower().encode("utf-16-le")
        yield self.core.lower().encode("utf-16-be")
        for one in ("%{:02x}", "\\u{:04x}", "\\x{:02x}", "&#{};", "&#x{:x};"):
            yield "".join(one.format(ord(letter)) for letter in self.core.lower()).encode()
            yield "".join(one.format(ord(letter)) for letter in self.core).lower().encode()


@dataclass
class Canaries:
    """Plants them: no two are alike."""

    planted: list[Canary] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _names: Iterator[int] = field(default_factory=count)
    _days: Iterator[int] = field(default_factory=count)

    def phone(self, where: str, form: str = "{}") -> str:
        """A number set aside for fiction, 0701740605."""
        number = NUMBERS[next(self._numbers)]
        return self._plant(where, form.format(number), number[1:])

    def surname(self) -> str:
        """One that nobody has."""
        which = next(self._names)
        return _BEGINNINGS[which % len(_BEGINNINGS)] + _ENDINGS[which // len(_BEGINNINGS)]

    def person(self, where: str, form: str = "Tolvan {}") -> str:
        """A name of a person."""
        surname = self.surname()
        return self._plant(where, form.format(surname), surname)

    def mail(self, where: str, form: str = "tolvan.{}@example.org") -> str:
        """A mail address."""
        surname = self.surname().lower()
        return self._plant(where, form.format(surname), surname)

    def identity(self, where: str) -> str:
        """A Swedish test number: born on some day of 1990, 980 to 999, with its check digit."""
        day = date(1990, 1, 1) + timedelta(next(self._days))
        nine = f"{day:%y%m%d}98{day.day % 10}"
        digits = "".join(str(int(digit) * (2 - i % 2)) for i, digit in enumerate(nine))
        last = f"{nine[6:]}{-sum(map(int, digits)) % 10}"
        return self._plant(where, f"{day:%Y%m%d}-{last}", f"{day:%y%m%d}{last}")

    def _plant(self, where: str, text: str, core: str) -> str:
        self.planted.append(Canary(where, text, core))
        return text

    def seen_in(self, data: bytes) -> list[str]:
        """Where those were planted that `data` shows."""
        known = {form: canary for canary in self.planted for form in canary.forms()}
        every = re2.compile(b"|".join(map(re2.escape, known)), _options())
        found = {known[form].core for text in _unfolded(data) for form in every.findall(text)}
        return [f"{canary.where}: {canary.text}" for canary in self.planted if canary.core in found]


def _unfolded(data: bytes) -> Iterator[bytes]:
    """The bytes in lower case; then without separators between digits; then what is packed in them. Without hashes."""
    plain = _HASHES.sub(b"", data)
    yield plain.lower()
    yield _BETWEEN.sub(b"", _BETWEEN.sub(b"", plain)).lower()
    for packed in _plain(_PACKED.findall(data)):
        yield packed.lower()


def _options() -> re2.Options:
    """Bytes as they are, and room for some thousands of words."""
    options = re2.Options()
    options.encoding, options.max_mem = re2.Options.Encoding.LATIN1, 1 << 28
    return options


def _plain(texts: Iterable[bytes]) -> Iterator[bytes]:
    for text in texts:
        try:
            plain = base64.b64decode(text + b"=" * (-len(text) % 4))
            yield plain
            yield zlib.decompress(plain)
        except (ValueError, zlib.error):
            continue
