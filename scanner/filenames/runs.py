"""A bare run of digits: a time, a telephone number, an identity number, or a number of which nothing is known.

Decided by one pattern per length and list of regions, so that a column of a million runs costs one pass. Times own
their digits before people do, and no national number is read without its trunk prefix unless its region has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scanner.filenames import identity, phones
from scanner.filenames.clock import CLOCK, DATE, month_day
from scanner.model import Certainty

SHORTEST, LONGEST = 7, 17                    # digits; fewer are an extension, a time of day, a counter
_FOREIGN = 11                                # with 00, country code and number; fewer are a counter filled with zeros
_PERSON_MAX = 15                             # digits of an international number at most (E.164)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is, and how its digits become the normalised value: `lead` and the digits after `skip`."""

    kind: str
    certainty: Certainty
    lead: str = ""
    skip: int = 0

    def value(self, digits: str) -> str:
        """The normalised value: E.164 of a telephone number, the digits of all others."""
        return self.lead + digits[self.skip:]


_SURE = {kind: Run(kind, Certainty.CERTAIN) for kind in ("date", "epoch", "timestamp")}
_NUMBER = Run("number", Certainty.POSSIBLE)
_TIMES = {8: ("date", DATE), 10: ("epoch", "1[0-9]{9}"), 13: ("epoch", "1[0-9]{12}"), 14: ("timestamp", DATE + CLOCK),
          17: ("timestamp", DATE + CLOCK + "[0-9]{3}")}
_SWEDISH_DAY = f"(?:{month_day()}|(?:0[1-9]|1[0-2])(?:6[1-9]|[78][0-9]|9[01]))"
_SWEDISH_LONG = f"(?:18|19|20)[0-9]{{2}}{_SWEDISH_DAY}[0-9]{{4}}"
_SWEDISH_SHORT = f"[0-9]{{2}}{_SWEDISH_DAY}[0-9]{{4}}"
_NORWEGIAN = "(?:[04][1-9]|[1256][0-9]|[37][01])[0-9]{9}"


class RunReader:
    """Reads runs of one length for a list of regions, home first. Made once by `reader`."""

    def __init__(self, length: int, regions: tuple[str, ...], *, plus: bool) -> None:
        self._regions = regions
        self._runs: dict[str, Run] = dict(_SURE)
        self._patterns: list[tuple[str, str]] = []
        self._checked: set[str] = set()
        self._alike: dict[str, re.Pattern[str]] = {}
        if plus:
            self._abroad(length, "", skip=0, plus=True)
            self._add("foreign", "[0-9]+", _NUMBER, checked=True)
        elif length <= LONGEST:
            self._bare(length)
        self._compile()

    def _compile(self) -> None:
        groups = [f"(?P<{name}>{pattern})" for name, pattern in self._patterns] + ["(?P<number>[0-9]+)"]
        rest = [f"(?P<{n}>{p})" for n, p in self._patterns if n not in self._checked or n == "foreign"]
        self._runs["number"] = _NUMBER
        self._line = re.compile(f"(?m)^(?:{'|'.join(groups)})$")
        self._one = re.compile("|".join(groups))
        self._rest = re.compile("|".join([*rest, "(?P<number>[0-9]+)"]))

    def _add(self, name: str, pattern: str | None, run: Run, *, checked: bool = False) -> None:
        if pattern and all(name != known for known, _ in self._patterns):
            self._patterns.append((name, pattern))
            self._runs[name] = run
            if checked:
                self._checked.add(name)

    def _bare(self, length: int) -> None:
        if length in _TIMES:
            self._patterns.append(_TIMES[length])
        if length == 12:
            self._add("swedish_long", _SWEDISH_LONG, _NUMBER, checked=True)
            self._patterns.append(("timestamp", DATE + "(?:[01][0-9]|2[0-3])[0-5][0-9]"))
        if length > _PERSON_MAX + 2:
            return
        self._trunk(length)
        if length == 11:
            self._own_countries(length)
            self._add("norwegian", _NORWEGIAN, _NUMBER, checked=True)
        self._own_countries(length)
        self._abroad(length, "", skip=0)
        self._abroad(length, "00", skip=2)
        if length >= _FOREIGN:
            self._add("foreign", "00[1-9][0-9]+", _NUMBER, checked=True)
        if length == 10 and "SE" in self._regions:
            self._add("swedish", _SWEDISH_SHORT, _NUMBER, checked=True)
        self._without_trunk(length)

    def _trunk(self, length: int) -> None:
        certainty = Certainty.PROBABLE if self._regions else Certainty.POSSIBLE
        for region in self._regions or phones.GUESSED:
            run = Run("phone", certainty, f"+{phones.country(region)}", 1)
            self._add(f"trunk_{region}", phones.trunk(region, length), run)

    def _own_countries(self, length: int) -> None:
        for code in dict.fromkeys(phones.country(region) for region in self._regions):
            if code in phones.COUNTRIES:
                self._add(f"code_{code}", phones.international(code, length), Run("phone", Certainty.PROBABLE, "+"))

    def _abroad(self, length: int, lead: str, *, skip: int, plus: bool = False) -> None:
        """Numbers with their country code; without + or 00 before it only a few countries are read."""
        for code in dict.fromkeys([*phones.COUNTRIES, *map(phones.country, self._regions)]):
            pattern = phones.international(code, length - len(lead)) if code else None
            told = plus or lead or code in map(phones.country, self._regions)
            certainty = Certainty.PROBABLE if told else Certainty.POSSIBLE
            self._add(f"code{lead}_{code}", pattern and lead + pattern, Run("phone", certainty, "+", skip))

    def _without_trunk(self, length: int) -> None:
        home = self._regions[:1]
        wanted = [r for r in self._regions if r in phones.BARE and (r in home or phones.country(r) == 1)]
        for region in wanted:
            run = Run("phone", Certainty.POSSIBLE, f"+{phones.country(region)}")
            self._add(f"bare_{region}", phones.national(region, length), run)

    def read(self, digits: str) -> Run:
        """What `digits`, of this reader's length, is."""
        found = self._one.fullmatch(digits)
        return self._settled(found.lastgroup or "number", digits) if found else _NUMBER

    def column(self, runs: Sequence[str]) -> list[Run]:
        """What each of `runs` is: all of this reader's length, digits only."""
        joined = "\n".join(runs)
        first = self._one.fullmatch(runs[0])
        usual = self._runs.get(first.lastgroup or "", _NUMBER) if first else _NUMBER
        if first and first.lastgroup not in self._checked and self._all(first.lastgroup or "", joined, len(runs)):
            return [usual] * len(runs)
        labels = [found.lastgroup or "number" for found in self._line.finditer(joined)]
        if self._checked.isdisjoint(labels):
            known = self._runs
            return [known[label] for label in labels]
        return [self._settled(label, digits) for label, digits in zip(labels, runs, strict=True)]

    def _all(self, label: str, joined: str, count: int) -> bool:
        """Whether all runs have this label; quicker than asking each for its own."""
        pattern = self._alike.get(label)
        if pattern is None:
            names = [name for name, _ in self._patterns]
            place = names.index(label) if label in names else len(names)
            before = "|".join(pattern for _, pattern in self._patterns[:place])
            own = self._patterns[place][1] if place < len(names) else "[0-9]+"
            pattern = re.compile(f"(?m)^(?!(?:{before})$)(?:{own})$" if before else f"(?m)^(?:{own})$")
            self._alike[label] = pattern
        return len(pattern.findall(joined)) == count

    def _settled(self, label: str, digits: str) -> Run:
        if label not in self._checked:
            return self._runs[label]
        run = self._check(label, digits)
        if run is not None:
            return run
        found = self._rest.fullmatch(digits) if label != "foreign" else None
        return self._settled(found.lastgroup or "number", digits) if found else _NUMBER

    def _check(self, label: str, digits: str) -> Run | None:
        if label == "swedish_long":
            kind = identity.swedish_long(digits[:2], digits[2:])
            return _run(kind, Certainty.CERTAIN if kind == "timestamp" else Certainty.PROBABLE)
        if label == "swedish":
            return _run(identity.swedish(digits), Certainty.POSSIBLE)
        if label == "norwegian":
            known = "NO" in self._regions
            return _run(identity.norwegian(digits), Certainty.PROBABLE if known else Certainty.POSSIBLE)
        skip = 2 if digits.startswith("00") else 0
        sure = phones.written_abroad(digits[skip:])
        if sure is None:
            return None
        certain = Certainty.POSSIBLE if digits.startswith("00") and sure == 1 else Certainty.PROBABLE
        return _run("phone", certain, "+", skip)


@lru_cache(maxsize=256)
def _run(kind: str | None, certainty: Certainty, lead: str = "", skip: int = 0) -> Run | None:
    """Equal runs are one object, so that columns are grouped by identity."""
    return None if kind is None else Run(kind, Certainty.POSSIBLE if kind == "undecided" else certainty, lead, skip)


@lru_cache(maxsize=512)
def reader(length: int, regions: tuple[str, ...], *, plus: bool = False) -> RunReader:
    """The reader for runs of `length` digits. `plus`: a + stands before them."""
    return RunReader(min(length, LONGEST + 1), regions, plus=plus)
