"""One identifier at one place of one shape of names: how many names carry it, and whether the column is believed.

A single name says little: one in ten random numbers passes Luhn, most eight digits are a Danish number. The column
says more: what share passes, against chance; whether it counts upwards; whether it is one company's own number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from scanner.census.sketch import Distinct, Hashing
from scanner.filenames.identity import danish_checked
from scanner.filenames.masking import shown
from scanner.filenames.token import Token
from scanner.model import Certainty

ENOUGH = 5                                   # names that make a column
EXAMPLES = 5
OWN = 96                                     # columns of a folder with a sketch of their own
_CHANCE = {"personnummer": 0.1, "samordningsnummer": 0.1, "undecided": 0.1, "fodselsnummer": 0.01, "hetu": 0.04,
           "nhs": 0.1}                       # share of random digits of the right shape that pass
_CHECKS = 1 / 11                             # of a Danish number's old check
_VARIED = 0.3                                # share of different ones; fewer are products, not people
_YEARS = 3
_KNOWN = 512                                 # values whose years are looked at


@dataclass(slots=True)
class Beside:
    """What the column's verdict depends on beside the column."""

    names: int                               # of the shape
    times: int = 0                           # of them, those that have a time at this place
    only: bool = False                       # the number is all that names the file
    field: bool = False                      # a product's grammar says that people stand here
    widest: int = 0                          # most distinct numbers in another column of the same kind


class Column:
    """Values of one kind and certainty at one place."""

    def __init__(self, kind: str, certainty: Certainty, hashing: Hashing) -> None:
        self.kind = kind
        self.certainty = certainty           # of single names
        self.files = 0
        self.distinct = Distinct()
        self.examples: list[str] = []
        self.shared = False                  # by many shapes: no share can be told
        self._hashing = hashing
        self._checked = 0                    # pass the Danish check
        self._years: Counter[int] = Counter()
        self._last: int | None = None
        self._steps = 0                      # values that are one more or less than the value before

    def add(self, values: Sequence[bytes], texts: Iterable[str]) -> None:
        """Take in normalised values, in the order of the listing; `texts` are what was written, for the examples."""
        if len(self.examples) < EXAMPLES:
            self._show(texts)
        self.distinct.add(values, self._hashing)
        if self.kind in ("undecided", "personnummer", "samordningsnummer") and self.files < _KNOWN:
            self._years.update(int(v[:4]) for v in values[:_KNOWN] if len(v) == 12)
        if self.kind == "cpr":
            self._checked += sum(danish_checked(value.decode()) for value in values)
        if self.certainty == Certainty.POSSIBLE and self.kind in ("phone", "undecided"):
            self._count_steps(values)
        self.files += len(values)

    def _show(self, texts: Iterable[str]) -> None:
        for text in texts:
            masked = shown(Token(self.kind, 0, len(text), text, self.certainty), text)
            if masked not in self.examples:
                self.examples.append(masked)
            if len(self.examples) == EXAMPLES:
                return

    def _count_steps(self, values: Sequence[bytes]) -> None:
        numbers = [int(value.lstrip(b"+")) for value in values]
        before = numbers[:1] if self._last is None else [self._last]
        self._steps += sum(abs(b - a) == 1 for a, b in zip([*before, *numbers], numbers, strict=False))
        self._last = numbers[-1]

    def verdict(self, beside: Beside) -> tuple[str, Certainty] | None:
        """Kind and certainty with which the column is believed, or None: no people."""
        if self.shared:
            return None if self.kind == "undecided" else (self.kind, Certainty.POSSIBLE)
        if self.kind == "undecided":
            return self._undecided(beside)
        if beside.names < ENOUGH or not self.files:
            return self.kind, self.certainty
        if self.kind == "phone":
            return self._phone(beside)
        if self.kind == "name":
            return ("name", self.certainty) if self.distinct.count() >= _VARIED * self.files else None
        if self.kind == "cpr":
            sure = _beats(self._checked, self.files, _CHECKS)
            return "cpr", Certainty.CERTAIN if sure else Certainty.POSSIBLE
        chance = _CHANCE.get(self.kind)
        return (self.kind, self.certainty) if chance is None else self._identity(chance, beside)

    def _identity(self, chance: float, beside: Beside) -> tuple[str, Certainty] | None:
        """By the share that passes the check; birth dates spread over decades, times do not."""
        shape = beside.names - beside.times
        if self._recent() and self.files >= ENOUGH and shape > self.files:
            return None
        if _beats(self.files, shape, chance):
            return self.kind, Certainty.CERTAIN
        if self.files >= 0.6 * shape:
            return self.kind, max(self.certainty, Certainty.PROBABLE)
        return (self.kind, Certainty.POSSIBLE) if self.files > 3 * chance * shape else None

    def _undecided(self, beside: Beside) -> tuple[str, Certainty] | None:
        """Twelve digits that are a time and pass Luhn: people only where nearly all of a column do."""
        if beside.names < ENOUGH or self._recent() or not _beats(self.files, beside.names, _CHANCE[self.kind]):
            return None
        return "personnummer", Certainty.PROBABLE

    def _recent(self) -> bool:
        """Nine of ten years lie within three, and after 2000."""
        years = self._years
        total = sum(years.values())
        late = [sum(years[y + i] for i in range(_YEARS)) for y in years if y > 2000]
        return total > 0 and max(late, default=0) > 0.9 * total

    def _phone(self, beside: Beside) -> tuple[str, Certainty] | None:
        """A caller's column: most values are numbers of people, and they are different ones.

        Numbers without any prefix must nearly all be valid and must not count upwards, for most digits are, unless
        a grammar has them there; and only a grammar makes them more than possible.
        A column of one number, or of few beside a column of many, is the company's own.
        """
        names = beside.names - beside.times
        share = self.files / names if names else 1.0
        if not beside.only and self._own(beside):
            return None
        if self.certainty == Certainty.POSSIBLE:
            believed = share >= 0.6 if beside.field else share >= 0.9 and self._steps < 0.9 * (self.files - 1)
            sure = Certainty.PROBABLE if beside.field or beside.only else Certainty.POSSIBLE
            return ("phone", sure) if believed else None
        if share >= 0.6:
            return "phone", Certainty.CERTAIN
        return ("phone", Certainty.POSSIBLE) if share >= 0.3 else None

    def _own(self, beside: Beside) -> bool:
        distinct = self.distinct.count()
        few = distinct <= 20 or beside.widest >= 10 * distinct
        return distinct == 1 or (distinct < 0.05 * self.files and few)


class Columns:
    """Makes the columns of one folder: each its own, and ones that many shapes share once there are too many."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._hashing: Hashing | None = None
        self._own = 0
        self._shared: dict[tuple[str, Certainty], Column] = {}

    def made(self, kind: str, certainty: Certainty) -> Column:
        """A column for values of one kind and certainty."""
        if self._hashing is None:
            self._hashing = Hashing(self._key)
        self._own += 1
        if self._own <= OWN:
            return Column(kind, certainty, self._hashing)
        shared = self._shared.get((kind, certainty))
        if shared is None:
            shared = self._shared[kind, certainty] = Column(kind, certainty, self._hashing)
            shared.shared = True
        return shared


def _beats(passed: int, names: int, chance: float) -> bool:
    """Whether at least 60 % passed, and chance would let so many pass less than once in a million."""
    if not names or passed < 0.6 * names:
        return False
    if names > 200:
        return True
    return sum(comb(names, i) * chance**i * (1 - chance)**(names - i) for i in range(passed, names + 1)) < 1e-6
