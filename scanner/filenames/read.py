"""Reads a file name left to right into tokens; whoever comes first owns the digits, and spans never overlap.

The order is what keeps times from looking like people: 20190218 is a valid Danish number, 1902181234 has the shape
of a Danish identity number. It is: machine ids, full times, mail addresses, shaped identity numbers, numbers with +
or separators, bare runs of digits, and last words that look like a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scanner.filenames import clock, identity, persons
from scanner.filenames.runs import SHORTEST, Run, reader
from scanner.filenames.token import IDENTITIES, Token
from scanner.model import Certainty

READ_LIMIT = 512                             # characters of a name that are looked at; file systems stop at 255

_MACHINE = tuple(                            # kind, pattern, characters of which a name needs one, least digits
    (kind, re.compile(pattern), marks, digits)
    for kind, pattern, marks, digits in (
        ("uuid", clock.UUID, "-", 0), ("hash", clock.HASH, "0123456789abcdefABCDEF", 0),
        ("uniqueid", clock.UNIQUE, ".", 10), ("timestamp", clock.LONG_STAMP, "-", 14),
        ("timestamp", clock.STAMP, "T_-", 14), ("ipv4", clock.IPV4, ".", 4), ("date", clock.DASHED, "-.", 8),
        ("date", clock.MONTH_NAME, "bnrylgptvc", 6),
        ("timestamp", f"(?<![0-9]){clock.DATE}{clock.CLOCK}(?:[0-9]{{3}})?(?![0-9])", "0123456789", 14),
    )
)
_LEAST = 6                                   # digits of the shortest number that may be a person's
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])")
_NO_MAIL = re.compile(r"(?i)\.(?:png|jpe?g|gif|webp|svg|js|css|tgz)$")      # name@2x.png is a picture
_ADDRESS = re.compile(r"@[0-9.]+$")
_FINNISH = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y](?![0-9A-Za-z])")
_SPLIT = re.compile(r"(?<![0-9])(?:[0-9]{2})?[0-9]{6}[-+][0-9]{4}(?![0-9])")
_NORWEGIAN = re.compile(r"(?<![0-9])[0-9]{6}[ ][0-9]{5}(?![0-9])")
_AMERICAN = re.compile(r"(?<![0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9])")
_BRITISH = re.compile(r"(?<![0-9])[0-9]{3} [0-9]{3} [0-9]{4}(?![0-9])")
_PLUS = re.compile(r"(?:(?<=^)|(?<=[^0-9A-Za-z]))\+[0-9]{7,15}(?![0-9])")
_NANP = re.compile(r"(?<![0-9])(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-. ])[2-9][0-9]{2}[-. ][0-9]{4}(?![0-9])")
_SPACED = re.compile(                        # not one of several fields with dashes between them
    r"(?<![0-9])(?<![0-9]-)0[0-9]{1,3}(?:-[0-9]{5,8}(?!-[0-9])|[- ][0-9]{2,3}(?: [0-9]{2,3}){1,3})(?![0-9])"
)
_RUN = re.compile(r"(?<![0-9])[0-9]{7,}(?![0-9])")

Found = tuple[str, str, Certainty] | None


def tokens(name: str, regions: tuple[str, ...] = (), home: str | None = None) -> tuple[Token, ...]:
    """What `name`, a decoded base name, gives away, by position. Regions are ISO 3166 alpha-2, home first.

    The first 512 characters are read. `home` puts a region in front.
    """
    ordered = regions if home is None else (home, *(r for r in regions if r != home))
    return tuple(sorted(_Reading(name[:READ_LIMIT], ordered).run(), key=lambda token: token.start))


class _Reading:
    """One name being read."""

    def __init__(self, name: str, regions: tuple[str, ...]) -> None:
        self.name = name
        self.regions = regions
        self.digits = _digits(name)          # that no token has yet
        self.taken: list[tuple[int, int]] = []
        self.found: list[Token] = []

    def run(self) -> list[Token]:
        marks = set(self.name)
        for kind, pattern, wanted, least in _MACHINE:
            if self.digits < least or marks.isdisjoint(wanted):
                continue
            for match in pattern.finditer(self.name):
                self._take(match.start(), match.end(), (kind, match.group(), Certainty.CERTAIN))
        if "@" in marks:
            self._mails()
        if self.digits >= _LEAST:
            self._numbers(marks)
        self._names()
        return self.found

    def _mails(self) -> None:
        """An address at the end of a name has the extension behind it; where its host is an IP it is a call id."""
        for match in _MAIL.finditer(self.name):
            text = match.group()
            if match.end() == len(self.name) and text.partition("@")[2].count(".") > 1:
                text = text.rpartition(".")[0]
            if not _NO_MAIL.search(match.group()) and not _ADDRESS.search(text):
                self._take(match.start(), match.start() + len(text), ("email", text.lower(), Certainty.PROBABLE))

    def _numbers(self, marks: set[str]) -> None:
        for pattern, wanted, judge in (      # with characters of which a name needs one
            (_FINNISH, "-+ABCDEFUVWXY", self._finnish), (_SPLIT, "-+", self._split),
            (_NORWEGIAN, " ", self._norwegian), (_AMERICAN, "-", self._american), (_BRITISH, " ", self._british),
            (_PLUS, "+", self._plus), (_NANP, "-. ", self._nanp), (_SPACED, "- ", self._spaced),
        ):
            if not marks.isdisjoint(wanted):
                self._each(pattern, judge)
        for match in _RUN.finditer(self.name):
            self._take(match.start(), match.end(), _of_run(match.group(), self.regions))

    def _each(self, pattern: re.Pattern[str], judge: Callable[[str], Found]) -> None:
        for match in pattern.finditer(self.name):
            if self._free(match.start(), match.end()):
                self._take(match.start(), match.end(), judge(match.group()))

    def _free(self, start: int, end: int) -> bool:
        return all(end <= a or b <= start for a, b in self.taken)

    def _take(self, start: int, end: int, found: Found) -> None:
        if found is not None and self._free(start, end):
            self.taken.append((start, end))
            self.digits -= _digits(self.name[start:end])
            self.found.append(Token(found[0], start, end, found[1], found[2]))

    def _finnish(self, text: str) -> Found:
        """A digit at the end is ambiguous with Swedish and Danish numbers: only for those at home in Finland."""
        if text[-1].isdigit() and text[6] in "-+" and "FI" not in self.regions[:1]:
            return None
        return ("hetu", text, Certainty.PROBABLE) if identity.finnish(text) else None

    def _norwegian(self, text: str) -> Found:
        return _identity(identity.norwegian(text.replace(" ", "")), text)

    def _american(self, text: str) -> Found:
        return _identity("ssn" if identity.american(text) else None, text)

    def _british(self, text: str) -> Found:
        return _identity("nhs" if identity.british(text.replace(" ", "")) else None, text)

    def _plus(self, text: str) -> Found:
        return _of_run(text[1:], self.regions, plus=True)

    def _split(self, text: str) -> Found:
        """`YYYYMMDD-NNNN`, `YYMMDD-NNNN` or `DDMMYY-NNNN`: Swedish where Luhn agrees, else a time or Danish."""
        digits = text.replace("-", "").replace("+", "")
        if len(digits) == 12:
            kind = identity.swedish_long(digits[:2], digits[2:])
            sure = Certainty.POSSIBLE if kind == "undecided" else Certainty.PROBABLE
            return None if kind is None else (kind, digits, sure)
        kind, danish = identity.swedish(digits), identity.danish(digits)
        if kind and not (danish and self.regions[:1] == ("DK",)):
            return kind, digits, Certainty.PROBABLE if not danish else Certainty.POSSIBLE
        return ("cpr", digits, Certainty.POSSIBLE) if danish and "-" in text else None

    def _nanp(self, text: str) -> Found:
        digits = re.sub("[^0-9]", "", text)
        run = reader(10, ("US",)).read(digits)
        return ("phone", run.value(digits), Certainty.PROBABLE) if run.kind == "phone" else None

    def _spaced(self, text: str) -> Found:
        digits = re.sub("[^0-9]", "", text)
        if len(text.split("-")[-1]) == 8 and reader(8, ()).read(digits[-8:]).kind == "date":
            return None
        run = reader(len(digits), self.regions).read(digits)
        return ("phone", run.value(digits), run.certainty) if run.kind == "phone" else None

    def _names(self) -> None:
        company = bool(self.found)
        for start, end in persons.spans(self.name, company=company):
            if self._free(start, end):
                self._take(start, end, ("name", persons.normal(self.name[start:end]), Certainty.POSSIBLE))


def _digits(text: str) -> int:
    return sum(map(text.count, "0123456789"))


def _identity(kind: str | None, text: str) -> Found:
    if kind is None:
        return None
    sure = Certainty.PROBABLE if kind in IDENTITIES - {"ssn", "nhs"} else Certainty.POSSIBLE
    return kind, re.sub("[^0-9]", "", text), sure


def _of_run(digits: str, regions: tuple[str, ...], *, plus: bool = False) -> Found:
    if len(digits) < SHORTEST:
        return None
    run: Run = reader(len(digits), regions, plus=plus).read(digits)
    return run.kind, run.value(digits), run.certainty

