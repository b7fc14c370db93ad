"""All names of one shape in one folder, counted: verdicts, columns of identifiers, sizes. Keeps no name.

What a name carries is decided row by row and never by a sample; the shape only makes it quick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from zlib import crc32

from scanner.census.column import Column
from scanner.census.forms import head
from scanner.census.glimpse import Glimpse
from scanner.census.named import Named
from scanner.census.verdict import Agreement, Judge, Verdict, decoded
from scanner.filenames.read import tokens
from scanner.filenames.runs import Run, reader
from scanner.filenames.skeleton import Check, Digits, Plan, constant, fits
from scanner.filenames.token import PEOPLE, TIMES
from scanner.model import Certainty

SIZES = 512                                  # sizes and stems kept of a shape
COLUMNS = 8                                  # of a shape; a name with more identifiers is counted by its first
_STAMPED = frozenset({"timestamp", "epoch", "uniqueid"})
_EPOCHS = frozenset({"epoch", "uniqueid"})
_DATED = TIMES | {"uniqueid"}
_WANTED = PEOPLE | {"undecided"}


@dataclass(slots=True)
class Tally:
    """Files that share verdict and columns."""

    files: int = 0
    sized: int = 0
    size: int = 0                            # bytes
    spread: int = 0                          # squared rounding errors
    empty: int = 0                           # of less than a second

    def add(self, sizes: Sequence[int] | None, slacks: Sequence[int] | None, files: int, second: int) -> None:
        """Take in `files` with their sizes, -1 where not shown. `second`: bytes of a second, 0 where unknown."""
        self.files += files
        if sizes is None:
            return
        if min(sizes) < 0:
            slacks = slacks and [slack for slack, size in zip(slacks, sizes, strict=True) if size >= 0]
            sizes = [size for size in sizes if size >= 0]
        self.sized += len(sizes)
        self.size += sum(sizes)
        self.spread += sum(map(mul, slacks, slacks)) if slacks else 0
        self.empty += sum(map(second.__gt__, sizes)) if second else 0


class Place:
    """What stands at one position of the shape: columns by kind, and times."""

    __slots__ = ("columns", "times")

    def __init__(self) -> None:
        self.columns: dict[tuple[str, Certainty], int] = {}
        self.times = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What the shapes of a folder share."""

    judge: Judge
    regions: tuple[str, ...]
    column: Callable[[str, Certainty], Column]
    tomorrow: int = 2**62                    # seconds since 1970: no name tells of a later day


class Shape:
    """Names of one shape and ending."""

    def __init__(self, plan: Plan | None, setting: Setting, *, fixed: bool, second: int, stem: int = 0,
                 glimpse: Glimpse | None = None) -> None:
        self.files = 0
        self.fields: frozenset[int] = frozenset()      # where a grammar says that people stand
        self.stamped = 0                     # names with a time of day or an epoch
        self.epochs = 0                      # of these, names with an epoch or a unique id
        self.sizes: list[int] = []           # of the first some hundred
        self.columns: list[Column] = []
        self.places: dict[int, Place] = {}
        self.tallies: dict[tuple[Verdict, int], Tally] = {}
        self.named: dict[tuple[int, str], Named] = {}  # by place and kind: the days that times say
        self.glimpse = glimpse               # some of the names, where their columns are told
        self.agreement = Agreement(setting.judge)
        self._plan = plan
        self._setting = setting
        self._fixed = fixed                  # positions are the same in all names
        self._second = second                # bytes of a second of sound, 0 for other files
        self.stems: set[int] = set()         # of the first some hundred, where a leg stands behind them
        self._stem = stem                    # length of what is before the leg, 0 without one

    def add(self, names: list[bytes], sizes: list[int] | None, slacks: list[int] | None,
            times: list[int] | None = None) -> None:
        """Take in names of this shape, with their sizes and times."""
        if not self.files and self._fixed:
            self.fields = self._setting.judge.fields(decoded(names[0]))
        self.files += len(names)
        if self.glimpse is not None:
            self.glimpse.add(names, times)
        if self._stem and len(self.stems) < SIZES:
            self.stems.update(crc32(name[:self._stem]) for name in names[:SIZES - len(self.stems)])
        if sizes and len(self.sizes) < SIZES:
            self.sizes += [size for size in sizes[:SIZES - len(self.sizes)] if size >= 0]
        verdicts = self.agreement.of(names)
        masks = self._masks(names)
        if verdicts.count(verdicts[0]) == len(verdicts) and masks.count(masks[0]) == len(masks):
            self._tally(verdicts[0], masks[0]).add(sizes, slacks, len(names), self._second)
            return
        rows: dict[tuple[Verdict, int], list[int]] = {}
        if len(verdicts) == 1:
            verdicts = verdicts * len(names)
        if len(masks) == 1:
            masks = masks * len(names)
        for i, row in enumerate(zip(verdicts, masks, strict=True)):
            rows.setdefault(row, []).append(i)
        for (verdict, mask), picked in rows.items():
            self._tally(verdict, mask).add(_pick(sizes, picked), _pick(slacks, picked), len(picked), self._second)

    def _tally(self, verdict: Verdict, mask: int) -> Tally:
        return self.tallies.setdefault((verdict, mask), Tally())

    def _masks(self, names: list[bytes]) -> list[int]:
        """Which columns each name carries, as bits; one for all where they are alike."""
        if self._plan is None:
            return self._whole(names, range(len(names)), [0] * len(names))
        if not self._plan.checks and not self._plan.runs and not self._plan.words:
            return [0]
        joined = b"\n".join(names).decode("latin-1")
        rows = joined.split("\n")
        odd = list(fits(self._plan, rows, joined))
        masks = [0]
        if odd:
            masks = self._whole(names, odd, [0] * len(names))
        skip = set(odd)
        even = [i for i in range(len(rows)) if i not in skip] if skip else None
        if self._plan.checks and len(rows) > len(skip):
            fitting = rows if even is None else [rows[i] for i in even]
            self._stamp(self._plan.checks, fitting, joined if even is None else "\n".join(fitting))
        for digits in self._plan.runs:
            masks = self._run(digits, rows, even, masks)
        return masks

    def _stamp(self, checks: Iterable[Check], rows: list[str], joined: str) -> None:
        """Take in the times of rows that fit the plan. `joined`: the rows, newlines between them."""
        kinds = {check.kind for check in checks}
        self.stamped += 0 if kinds.isdisjoint(_STAMPED) else len(rows)
        self.epochs += 0 if kinds.isdisjoint(_EPOCHS) else len(rows)
        for check in checks:
            if check.kind == "uniqueid":
                a, b = check.start, check.end
                self._name(a, check.kind).add(check.kind, [row[a:b] for row in rows])
            elif check.kind in _DATED:
                a, b = check.start, check.start + head(rows[0][check.start:])
                some = rows[:1] if constant(joined, a, b, len(rows)) else rows     # mostly a folder has one day
                self._name(a, check.kind).add_heads({row[a:b] for row in some}, len(rows))

    def _name(self, start: int, kind: str) -> Named:
        named = self.named.get((start, kind))
        if named is None:
            named = self.named[start, kind] = Named(self._setting.tomorrow)
        return named

    def _run(self, digits: Digits, rows: list[str], even: list[int] | None, masks: list[int]) -> list[int]:
        """Read one column of digits of all rows, or of the `even` ones; add its bits to `masks`."""
        a, b = digits.start, digits.end
        texts = [row[a:b] for row in rows] if even is None else [rows[i][a:b] for i in even]
        if not texts:
            return masks
        runs = reader(b - a, self._setting.regions, plus=digits.plus).column(texts)
        if runs.count(runs[0]) == len(runs):
            bit = self._column(a, runs[0], texts)
            if even is None or not bit:
                return [mask | bit for mask in masks]
            masks = masks * len(rows) if len(masks) == 1 else masks
            for i in even:
                masks[i] |= bit
            return masks
        groups: dict[int, tuple[Run, list[int]]] = {}
        for i, run in enumerate(runs):
            groups.setdefault(id(run), (run, []))[1].append(i)
        masks = masks * len(rows) if len(masks) == 1 else masks
        for run, picked in groups.values():
            bit = self._column(a, run, [texts[i] for i in picked])
            for i in picked if bit else ():
                masks[i if even is None else even[i]] |= bit
        return masks

    def _column(self, start: int, run: Run, texts: list[str]) -> int:
        """Give `texts` to their column; its bit, 0 where they are no people."""
        lead, skip = run.lead, run.skip
        if run.kind in _STAMPED:
            self.stamped += len(texts)
            self.epochs += len(texts) if run.kind in _EPOCHS else 0
        if run.kind == "epoch":
            self._name(start, run.kind).add(run.kind, texts)
        elif run.kind in TIMES:
            self._name(start, run.kind).add_heads({text[:8] for text in texts}, len(texts))
        joined = "\n".join(texts)
        if skip and lead:                    # what is skipped is the same in all: 0, or 00
            joined = f"\n{joined}".replace("\n" + texts[0][:skip], f"\n{lead}")[1:]
        elif lead:
            joined = lead + joined.replace("\n", f"\n{lead}")
        values = joined.encode("utf-8", "surrogateescape").split(b"\n")
        return self._found(start, run.kind, run.certainty, values, texts)

    def _whole(self, names: list[bytes], picked: Iterable[int], masks: list[int]) -> list[int]:
        """Read whole names."""
        found: dict[tuple[int, str, Certainty], tuple[list[bytes], list[str], list[int]]] = {}
        for i in picked:
            name = decoded(names[i])
            read = tokens(name, self._setting.regions, alone=False)
            self.stamped += any(token.kind in _STAMPED for token in read)
            self.epochs += any(token.kind in _EPOCHS for token in read)
            for token in read:
                if token.kind in _DATED or token.kind in _WANTED:
                    first = token.start + (name[token.start] == "+")     # as a plan has it
                    start = len(name[:first].encode("utf-8", "surrogateescape")) if self._fixed else -1
                    group = found.setdefault((start, token.kind, token.certainty), ([], [], []))
                    group[0].append(token.value.encode("utf-8", "surrogateescape"))
                    group[1].append(name[first:token.end])
                    group[2].append(i)
        for (start, kind, certainty), (values, texts, rows) in found.items():
            if kind in _DATED:
                self._name(start, kind).add(kind, texts)
            bit = self._found(start, kind, certainty, values, texts)
            for i in rows if bit else ():
                masks[i] |= bit
        return masks

    def _found(self, start: int, kind: str, sure: Certainty, values: Sequence[bytes], texts: Sequence[str]) -> int:
        place = self.places.setdefault(start, Place())
        if kind in TIMES:
            place.times += len(values)
        if kind not in _WANTED:
            return 0
        index = place.columns.get((kind, sure))
        if index is None:
            if len(self.columns) == COLUMNS:
                return 0
            index = place.columns[kind, sure] = len(self.columns)
            self.columns.append(self._setting.column(kind, sure))
        self.columns[index].add(values, texts)
        return 1 << index


def _pick(column: list[int] | None, rows: list[int]) -> list[int] | None:
    return column and [column[i] for i in rows]
