"""One identifier at one place of names: how many names carry it, and whether the column is believed.

A single name says little: one in ten random numbers passes Luhn, most eight digits are a Danish number. The column
says more: what share passes, against chance; whether it counts upwards; whether it is one company's own number.
What is counted here is of people; `trace` holds what speaks for other things.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from scanner.census.sketch import Distinct, Hashing
from scanner.census.trace import Trace
from scanner.filenames.identity import danish_checked
from scanner.filenames.masking import shown
from scanner.filenames.token import Token
from scanner.model import Certainty

ENOUGH = 5                                   # names that make a column
EXAMPLES = 5
OWN = 96                                     # columns of a folder with a sketch of their own
_CHANCE = {"personnummer": 0.1, "samordningsnummer": 0.1, "undecided": 0.1, "fodselsnummer": 0.01, "hetu": 0.04,
           "nhs": 0.1, "cpr": 1 / 11, "kennitala": 0.1, "isikukood": 0.1, "asmens-kodas": 0.1, "personas-kods": 0.1,
           "pesel": 0.1, "bsn": 0.1, "dni": 0.05, "nir": 0.02, "rijksregisternummer": 0.02, "steuer-id": 0.02,
           "kvnr": 0.1, "codice-fiscale": 0.04}        # share of random digits of the right shape that pass
_VALID = {"45": 0.7, "47": 0.55, "1": 0.4}   # share of random digits of their length that are valid, by country
_SHARE = 0.6                                 # of a column that must be people
_NEARLY = 0.9                                # of a column that must be; two in three random digits behind a 0 or + are
_VARIED = 0.3                                # share of different ones; fewer are products, or few people
_FEW = 20                                    # numbers that one company has
_DATES = 3                                   # Danish numbers whose births spread: a day and a month are 4 % of chance
_SURE, _LIKELY, _HARDLY = 1e-6, 1e-3, 1e-2   # chance that random digits pass as often

Belief = tuple[str, Certainty] | None


@dataclass(slots=True)
class Beside:
    """What the column's verdict depends on beside the column."""

    names: int                               # of the shape
    times: int = 0                           # of them, those that have a time at this place
    only: bool = False                       # the number is all that names the file
    field: bool = False                      # a product's grammar says that people stand here
    widest: int = 0                          # most distinct numbers in another column of the same kind
    sound: bool = False                      # the files are recordings
    plus: bool = False                       # a + stands before it


class Column:
    """Values of one kind and certainty at one place."""

    def __init__(self, kind: str, certainty: Certainty, hashing: Hashing) -> None:
        self.kind = kind
        self.certainty = certainty           # of single names
        self.files = 0
        self.told = 0                        # of them, those that are more than possible on their own
        self.distinct = Distinct()
        self.examples: list[str] = []
        self.shared = False                  # by many shapes: no share can be told
        self.trace = Trace(kind)
        self._hashing = hashing
        self._checked = 0                    # pass the Danish check

    def add(self, values: Sequence[bytes], texts: Iterable[str]) -> None:
        """Take in normalised values, in the order of the listing; `texts` are what was written."""
        texts = list(texts)
        if len(self.examples) < EXAMPLES:
            self._show(texts)
        self.distinct.add(values, self._hashing)
        if self.kind == "cpr":
            self._checked += sum(danish_checked(value.decode()) for value in values)
        self.trace.add(values, texts)
        self.files += len(values)
        self.told += len(values) if self.certainty > Certainty.POSSIBLE else 0

    def _show(self, texts: Iterable[str]) -> None:
        for text in texts:
            masked = shown(Token(self.kind, 0, len(text), text, self.certainty), text)
            if masked not in self.examples:
                self.examples.append(masked)
            if len(self.examples) == EXAMPLES:
                return

    def joined(self, others: Iterable[Column]) -> Column:
        """This and others of its kind as one, for a verdict."""
        one = Column(self.kind, self.certainty, self._hashing)
        for column in (self, *others):
            one._take(column)
        return one

    def _take(self, other: Column) -> None:
        self.files += other.files
        self.told += other.told
        self.distinct = self.distinct.union(other.distinct)
        self.shared |= other.shared
        self.trace = self.trace.joined(other.trace)
        self._checked += other._checked
        self.certainty = max(self.certainty, other.certainty)

    def verdict(self, beside: Beside) -> Belief:
        """Kind and certainty with which the column is believed, or None: no people."""
        if self.shared:
            return None if self.kind == "undecided" else (self.kind, Certainty.POSSIBLE)
        if self.kind == "undecided":
            return self._undecided(beside)
        if beside.names < ENOUGH or not self.files:
            return self.kind, Certainty.POSSIBLE if self.trace.may_be_time() else self.certainty
        if self.kind == "phone":
            return self._phone(beside)
        if self.kind == "name":
            return ("name", self.certainty) if self.distinct.count() >= _VARIED * self.files else None
        if self.kind == "ssn":
            return self._shaped(beside)
        return self._identity(_CHANCE[self.kind], beside) if self.kind in _CHANCE else (self.kind, self.certainty)

    def _identity(self, chance: float, beside: Beside) -> Belief:
        """By the share that passes the check, each number counted once; births spread over decades, times do not."""
        names = beside.names - beside.times
        if self.trace.is_time():
            return None
        passed = self._checked if self.kind == "cpr" else self.files
        few, many = passed < _SHARE * names, passed > 3 * chance * names
        if self.trace.is_recent():
            return None if few or names > self.files else (self.kind, Certainty.POSSIBLE)
        distinct = self.distinct.count()
        luck = _luck(round(passed * distinct / self.files), distinct + max(0, names - self.files), chance)
        if luck < _SURE and not few:
            return self.kind, Certainty.CERTAIN
        if (luck < _LIKELY or self.told >= _SHARE * names) and not few:
            return self.kind, Certainty.PROBABLE
        if self.kind == "cpr":               # no check since 2007: days and months of all, 4 % of chance, count as well
            dated = self.files >= 0.9 * names and distinct > _DATES and many
            return self.kind, Certainty.PROBABLE if dated else Certainty.POSSIBLE
        return (self.kind, Certainty.POSSIBLE) if many else None

    def _shaped(self, beside: Beside) -> Belief:
        """Numbers without a check: their written shape, in nearly all of a column and different, is all there is."""
        varied = self.distinct.count() >= _VARIED * self.files and not self._runs()
        likely = varied and self.files >= 0.9 * beside.names
        return self.kind, max(self.certainty, Certainty.PROBABLE if likely else Certainty.POSSIBLE)

    def _undecided(self, beside: Beside) -> Belief:
        """Twelve digits that are a time and pass Luhn: people only where nearly all of a column do."""
        passed, names = self.distinct.count(), beside.names - self.files + self.distinct.count()
        few = beside.names < ENOUGH or self.files < _SHARE * beside.names
        if few or self.trace.is_recent() or _luck(passed, names, _CHANCE[self.kind]) >= _SURE:
            return None
        return "personnummer", Certainty.PROBABLE

    def _phone(self, beside: Beside) -> Belief:
        """A caller's column: most values are numbers of people, and they are different ones.

        Numbers that count, that are all times in some form or that all pass the check of a barcode or a book are
        none. A column of one number, or of few beside a column of many, is the company's own.
        """
        names = beside.names - beside.times
        if self.trace.is_time() or self.trace.is_thing():
            return None
        if self._own(beside):
            return ("phone", Certainty.POSSIBLE) if beside.only else None
        sure = self._callers(beside, names)
        if sure is None:
            return None
        if (self._runs() or self.trace.counts(self.files)) and (beside.only or not beside.field):
            return self._counted_out(sure, beside, names)
        return "phone", sure

    def _counted_out(self, sure: Certainty, beside: Beside, names: int) -> Belief:
        """Numbers that lie side by side: a block of telephone numbers where they are written as such and name sound."""
        if self.told >= _SHARE * names and (beside.sound or beside.plus):
            return "phone", sure if beside.only else min(sure, Certainty.PROBABLE)
        return None if self.trace.counts(self.files) else ("phone", Certainty.POSSIBLE)

    def _callers(self, beside: Beside, names: int) -> Certainty | None:
        """By the share of valid numbers, and by what else says that they are numbers.

        Most digits after a 0 are valid somewhere, two in three of them: certain is only a column that nearly all are
        of, with a +, in a grammar's field, or of recordings. Without any prefix nearly all must be valid, and more
        often than chance.
        """
        told, share = self.told / max(1, names), self.files / max(1, names)
        distinct = self.distinct.count()
        if told >= _SHARE:
            varied = distinct > _VARIED * self.files or distinct > _FEW
            said = beside.field or beside.sound or beside.plus
            return Certainty.CERTAIN if varied and said and told >= _NEARLY else Certainty.PROBABLE
        if beside.field and share >= _SHARE:
            return Certainty.PROBABLE
        if share >= 0.9:
            said = beside.only or beside.sound or self._bare(names) < _HARDLY
            return Certainty.PROBABLE if said else Certainty.POSSIBLE
        return Certainty.POSSIBLE if told >= _VARIED else None

    def _bare(self, names: int) -> float:
        """How likely random digits without a prefix would be valid so often, each number counted once."""
        distinct = self.distinct.count()
        return _luck(distinct, distinct + names - self.files, _VALID.get(self.trace.country(), 1.0))

    def _runs(self) -> bool:
        return self.trace.runs(self.distinct.count(), self.files)

    def _own(self, beside: Beside) -> bool:
        distinct = self.distinct.count()
        few = distinct <= _FEW or beside.widest >= 10 * distinct
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


def _luck(passed: int, names: int, chance: float) -> float:
    """How likely random digits would pass so often or more: the binomial tail."""
    if names > 200:                          # as of the first two hundred
        passed, names = 200 * passed // names, 200
    return sum(comb(names, i) * chance**i * (1 - chance)**(names - i) for i in range(passed, names + 1))
