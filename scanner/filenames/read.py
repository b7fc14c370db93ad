"""Reads a file name left to right into tokens; whoever comes first owns the digits, and spans never overlap.

The order is what keeps times from looking like people: 20190218 is a valid Danish number, 1902181234 has the shape
of a Danish identity number. It is: machine ids, full times, mail addresses, shaped identity numbers, numbers with +
or separators, numbers that a word tells of, bare runs of digits, and last words that look like a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.filenames import clock, context, mail, persons, shaped, written
from scanner.filenames.runs import SHORTEST, Run, reader
from scanner.filenames.shaped import Around, Found, Shaped
from scanner.filenames.token import Token
from scanner.model import Certainty

READ_LIMIT = 512                             # characters of a name that are looked at; file systems stop at 255

_MACHINE = tuple((known, re.compile(known.pattern)) for known in clock.MACHINE)
_NUMBERS = (*shaped.SHAPES, *written.SHAPES)
_LEAST = 6                                   # digits of the shortest number that may be a person's
_RUN = re.compile(r"(?<![0-9])[0-9]{7,}(?![0-9])")
_REFERENCE = re.compile(                     # of three digits or more, with a year before it or without
    "[ _.:#-]{0,3}(?:(?:nr|no|id|num|nummer|number)[ _.:#-]{0,3})?((?:(?:19|20)[0-9]{2}[-_ ])?[0-9]{3,15})(?![0-9])",
    re.IGNORECASE)
_LAST_GROUP = re.compile("[^0-9]*[0-9]+$")
_YEAR = re.compile(clock.YEAR)


def tokens(name: str, regions: tuple[str, ...] = (), home: str | None = None, *,
           alone: bool = True) -> tuple[Token, ...]:
    """What `name`, a decoded base name, gives away, by position. Regions are ISO 3166 alpha-2, home first.

    The first 512 characters are read. `home` puts a region in front. Not `alone`: others of its folder will decide
    whether what looks like a telephone number is a time.
    """
    ordered = regions if home is None else (home, *(r for r in regions if r != home))
    return tuple(sorted(_Reading(name[:READ_LIMIT], ordered, alone=alone).run(), key=lambda token: token.start))


class _Reading:
    """One name being read."""

    def __init__(self, name: str, regions: tuple[str, ...], *, alone: bool) -> None:
        self.name = name
        self.alone = alone
        self.around = Around(regions)
        self.digits = _digits(name)          # that no token has yet
        self.taken: list[tuple[int, int]] = []
        self.found: list[Token] = []

    def run(self) -> list[Token]:
        marks = set(self.name)
        for known, pattern in _MACHINE:
            if self.digits < known.digits or marks.isdisjoint(known.marks):
                continue
            for match in pattern.finditer(self.name):
                self._take(match.start(), match.end(), (known.kind, match.group(), Certainty.CERTAIN))
        if "@" in marks:
            for start, end in mail.spans(self.name):
                self._take(start, end, ("email", self.name[start:end].lower(), Certainty.PROBABLE))
        if self.digits >= 3:
            self.around = Around(self.around.regions, context.words(self.name))
            self._numbers(marks)
        self._names()
        return self.found

    def _numbers(self, marks: set[str]) -> None:
        if self.digits >= _LEAST:
            for shape in _NUMBERS:
                if not marks.isdisjoint(shape.marks):
                    self._shaped(shape)
        references = list(self._references()) if self.around.words else []
        for match in _RUN.finditer(self.name) if self.digits >= SHORTEST else ():
            self._take(*match.span(), self._of_run(match, references))
        for start, end, sure in references:
            self._take(start, end, ("reference", self.name[start:end], sure))

    def _shaped(self, shape: Shaped) -> None:
        for match in shape.pattern.finditer(self.name):
            start, end = match.span()
            found = self._judged(shape, start, end)
            while found is None and shape.trims and end - start > SHORTEST:
                end = start + len(_LAST_GROUP.sub("", self.name[start:end]))
                found = self._judged(shape, start, end)
            self._take(start, end, found)

    def _judged(self, shape: Shaped, start: int, end: int) -> Found:
        return shape.judge(self.name[start:end], self.around) if start < end and self._free(start, end) else None

    def _of_run(self, match: re.Match[str], references: list[tuple[int, int, Certainty]]) -> Found:
        """Digits of which nothing is known are a reference where a word says so."""
        digits, (start, end) = match.group(), match.span()
        said = shaped.told(digits, self.around) if self.around.words else None
        if said is not None:
            return said
        run: Run = reader(len(digits), self.around.regions).read(digits)
        if run.kind == "number" and any(a <= start and end <= b for a, b, _ in references):
            return None
        vague = self.alone and run.kind == "phone" and clock.is_loose(digits)
        return run.kind, run.value(digits), Certainty.POSSIBLE if vague else run.certainty

    def _references(self) -> Iterator[tuple[int, int, Certainty]]:
        """Where numbers of cases, bookings and customers stand: behind a word that says so."""
        for group, sure in (("case", Certainty.POSSIBLE), ("register", Certainty.PROBABLE),
                            ("patient", Certainty.POSSIBLE)):
            match = _REFERENCE.match(self.name, self.around.words.get(group, len(self.name)))
            if match and not _YEAR.fullmatch(match[1]):
                yield *match.span(1), sure

    def _free(self, start: int, end: int) -> bool:
        return all(end <= a or b <= start for a, b in self.taken)

    def _take(self, start: int, end: int, found: Found) -> None:
        if found is not None and self._free(start, end):
            self.taken.append((start, end))
            self.digits -= _digits(self.name[start:end])
            self.found.append(Token(found[0], start, end, found[1], found[2]))

    def _names(self) -> None:
        """A contact's field may hold a number: what is left of it is the name."""
        for start, end in persons.spans(self.name, company=bool(self.found)):
            for a, b in self._gaps(start, end):
                text = self.name[a:b]
                if any(map(str.isalpha, text)):
                    self._take(a, b, ("name", persons.normal(text), Certainty.POSSIBLE))

    def _gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        at = start
        for a, b in sorted(self.taken):
            if a < end and b > at:
                if a > at:
                    yield at, a
                at = b
        if at < end:
            yield at, end


def _digits(text: str) -> int:
    return sum(map(text.count, "0123456789"))
