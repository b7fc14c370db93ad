"""A bare run of digits: a time, a telephone number, an identity number, or a number of which nothing is known.

Decided by one pattern per length and list of regions, so that a column of a million runs costs one pass. Times own
their digits before people do, and no national number is read without its trunk prefix unless its region has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from scanner.filenames import abroad, identity, phones
from scanner.filenames.clock import LOOSE, RUNS, is_loose, month_day
from scanner.model import Certainty

SHORTEST, LONGEST = 7, 17                    # digits; fewer are an extension, a time of day, a counter
_FOREIGN = 11                                # with 00, country code and number; fewer are a counter filled with zeros
_USUAL = 10
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
        self._later: dict[str, re.Pattern[str]] = {}
        self._alike: dict[str, re.Pattern[str]] = {}
        if plus:
            self._abroad(length, "", skip=0, plus=True)
            self._add("foreign", "[0-9]+", _NUMBER, checked=True)
        elif length <= LONGEST:
            self._bare(length)
        self._compile()

    def _compile(self) -> None:
        groups = [f"(?P<{name}>{pattern})" for name, pattern in self._patterns] + ["(?P<number>[0-9]+)"]
        self._runs["number"] = _NUMBER
        self._line = re.compile(f"(?m)^(?:{'|'.join(groups)})$")
        self._one = re.compile("|".join(groups))

    def _add(self, name: str, pattern: str | None, run: Run, *, checked: bool = False) -> None:
        if pattern and all(name != known for known, _ in self._patterns):
            self._patterns.append((name, pattern))
            self._runs[name] = run
            if checked:
                self._checked.add(name)

    def _bare(self, length: int) -> None:
        times = dict(RUNS.get(length, {}))
        if length == 12:
            self._add("swedish_long", _SWEDISH_LONG, _NUMBER, checked=True)
        self._patterns += times.items()
        if length > _PERSON_MAX + 2:
            return
        self._trunk(length)
        if length == 11:
            self._own_countries(length)
            self._add("norwegian", _NORWEGIAN, _NUMBER, checked=True)
        self._own_countries(length)
        if length < 10:                      # eight digits that begin with 45 are a number at home before one abroad
            self._without_trunk(length)
        self._abroad(length, "", skip=0)
        self._abroad(length, "00", skip=2)
        if length >= _FOREIGN:
            self._add("foreign", "00[1-9][0-9]+", _NUMBER, checked=True)
        for region in self._regions:
            scheme = abroad.SCHEMES.get(region)
            self._add(f"id_{region}", scheme.bare.get(length) if scheme else None, _NUMBER, checked=True)
        if length == 10:                     # more often a time than a number of someone
            self._add("loose", LOOSE[length], _NUMBER)
        if length == 10 and "SE" in self._regions:
            self._add("swedish", _SWEDISH_SHORT, _NUMBER, checked=True)
        self._without_trunk(length)

    def _phone(self, name: str, pattern: str | None, run: Run, length: int) -> None:
        """Digits that may be a time as well are a number possibly, where otherwise probably, or else not at all.

        Of ten digits the column decides, or who reads them alone: most numbers have as many.
        """
        if pattern and length in LOOSE and length != _USUAL:
            doubtful = run if run.certainty == Certainty.POSSIBLE else replace(run, certainty=Certainty.POSSIBLE)
            doubtful = doubtful if run.skip or run != doubtful else _NUMBER
            self._add(f"loose_{name}", f"(?={LOOSE[length]}){pattern}", doubtful)
        self._add(name, pattern, run)

    def _trunk(self, length: int) -> None:
        certainty = Certainty.PROBABLE if self._regions else Certainty.POSSIBLE
        for region in self._regions or phones.GUESSED:
            run = Run("phone", certainty, f"+{phones.country(region)}", 1)
            self._phone(f"trunk_{region}", phones.trunk(region, length), run, length)

    def _own_countries(self, length: int) -> None:
        for code in dict.fromkeys(phones.country(region) for region in self._regions):
            if code in phones.COUNTRIES:
                run = Run("phone", Certainty.PROBABLE, "+")
                self._phone(f"code_{code}", phones.international(code, length), run, length)

    def _abroad(self, length: int, lead: str, *, skip: int, plus: bool = False) -> None:
        """Numbers with their country code; without + or 00 before it only a few countries are read."""
        for code in dict.fromkeys([*phones.COUNTRIES, *map(phones.country, self._regions)]):
            pattern = phones.international(code, length - len(lead)) if code else None
            told = plus or lead or code in map(phones.country, self._regions)
            run = Run("phone", Certainty.PROBABLE if told else Certainty.POSSIBLE, "+", skip)
            self._phone(f"code{lead}_{code}", pattern and lead + pattern, run, 0 if plus or lead else length)

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
        label = first.lastgroup if first and first.lastgroup else "number"
        if label not in self._checked and self._all(label, joined, len(runs)):
            return [self._runs[label]] * len(runs)
        labels = [found.lastgroup or "number" for found in self._line.finditer(joined)]
        if self._checked.isdisjoint(labels):
            known = self._runs
            return [known[label] for label in labels]
        return [self._settled(label, digits) for label, digits in zip(labels, runs, strict=True)]

    def _all(self, label: str, joined: str, count: int) -> bool:
        """Whether all runs have this label; quicker than asking each for its own."""
        pattern = self._alike.get(label)
        if pattern is None:
            pattern = self._alike[label] = self._only(label)
        return len(pattern.findall(joined)) == count

    def _only(self, label: str) -> re.Pattern[str]:
        names = [name for name, _ in self._patterns]
        place = names.index(label) if label in names else len(names)
        before = "|".join(pattern for _, pattern in self._patterns[:place])
        own = self._patterns[place][1] if place < len(names) else "[0-9]+"
        return re.compile(f"(?m)^(?!(?:{before})$)(?:{own})$" if before else f"(?m)^(?:{own})$")

    def _settled(self, label: str, digits: str) -> Run:
        if label not in self._checked:
            return self._runs[label]
        run = self._check(label, digits)
        if run is not None:
            return run
        found = self._after(label).fullmatch(digits)
        return self._settled(found.lastgroup or "number", digits) if found else _NUMBER

    def _after(self, label: str) -> re.Pattern[str]:
        """What is asked when the check of `label` has failed."""
        pattern = self._later.get(label)
        if pattern is None:
            names = [name for name, _ in self._patterns]
            groups = [f"(?P<{name}>{text})" for name, text in self._patterns[names.index(label) + 1:]]
            pattern = self._later[label] = re.compile("|".join([*groups, "(?P<number>[0-9]+)"]))
        return pattern

    def _check(self, label: str, digits: str) -> Run | None:
        if label == "foreign":
            return _foreign(digits)
        if label == "swedish_long":
            return self._swedish_long(digits)
        if label == "swedish":
            return _run(identity.swedish(digits), Certainty.POSSIBLE)
        if label == "norwegian":
            sure = "NO" in self._regions and not is_loose(digits)
            return _run(identity.norwegian(digits), Certainty.PROBABLE if sure else Certainty.POSSIBLE)
        region = label.removeprefix("id_")
        sure = abroad.SCHEMES[region].strong and not is_loose(digits)
        return _run(abroad.kind(region, digits), Certainty.PROBABLE if sure else Certainty.POSSIBLE)

    def _swedish_long(self, digits: str) -> Run | None:
        kind = identity.swedish_bare(digits)
        home = not self._regions or "SE" in self._regions
        return _run(kind, Certainty.CERTAIN if kind == "timestamp" else
                    Certainty.PROBABLE if home else Certainty.POSSIBLE)


def _foreign(digits: str) -> Run | None:
    """A number of a country that is not compiled."""
    skip = 2 if digits.startswith("00") else 0
    sure = phones.written_abroad(digits[skip:])
    if sure is None:
        return None
    certainty = Certainty.POSSIBLE if skip and sure == 1 else Certainty.PROBABLE
    return _run("phone", certainty, "+", skip)


@lru_cache(maxsize=256)
def _run(kind: str | None, certainty: Certainty, lead: str = "", skip: int = 0) -> Run | None:
    """Equal runs are one object, so that columns are grouped by identity."""
    return None if kind is None else Run(kind, Certainty.POSSIBLE if kind == "undecided" else certainty, lead, skip)


@lru_cache(maxsize=512)
def reader(length: int, regions: tuple[str, ...], *, plus: bool = False) -> RunReader:
    """The reader for runs of `length` digits. `plus`: a + stands before them."""
    return RunReader(min(length, LONGEST + 1), regions, plus=plus)
