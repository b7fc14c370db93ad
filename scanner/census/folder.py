"""Folds the batches of one directory's listing into its census. Memory is bounded, whatever the names are.

Names live as long as their batch, some of them as long as the folder is being read: what is kept is counted, masked
or hashed with the key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter
from zlib import crc32

from scanner.census.census import Census
from scanner.census.column import Columns
from scanner.census.days import DAY
from scanner.census.glimpse import LONGEST, Glimpse
from scanner.census.memory import Memory
from scanner.census.shape import Setting, Shape
from scanner.census.sketch import Bottom
from scanner.census.summary import Listed, Summary
from scanner.census.verdict import Judge, Knowledge, decoded
from scanner.filenames.masking import mask_file
from scanner.filenames.skeleton import canonical, coarse, plan, skeletons, tail
from scanner.model import Batch

FINE, SHAPES = 384, 512                      # shapes kept apart by length, and in all
_ENDINGS = 64                                # shapes left for endings alone
_GLIMPSES = 96                               # shapes whose columns are told
_LEGS = frozenset({"in", "out", "all", "mix", "rx", "tx"})
_LARGEST = 2**63 - 1                         # bytes of a file
_LONGEST = 4096                              # bytes of a name that are looked at


class Folder:
    """One directory. Give it every batch of its listing, then `close` it once."""

    def __init__(self, knowledge: Knowledge, *, regions: tuple[str, ...] = (), key: bytes, path: str = "/",
                 now: int = 4_102_444_800, memory: Memory | None = None, beside: tuple[int, ...] = ()) -> None:
        """`path`: decoded, relative to the store. `now`: seconds since 1970; later times than tomorrow are odd.

        `memory`, of the same knowledge, makes many folders quicker and changes no census. `beside`: the sketch of
        the census that this one is merged into, which is the same with it, and cheaper.
        """
        self._path = "/" + "".join(f"{segment}/" for segment in path.split("/") if segment)
        self._memory = memory or Memory(knowledge)
        self._judge = Judge(self._memory.opinions, self._path)
        self._tomorrow = now + DAY
        self._setting = Setting(self._judge, regions, Columns(key).made, self._tomorrow)
        self._shapes: dict[tuple[bytes, str, str], Shape] = {}
        parent = self._path.rstrip("/").rpartition("/")[2]
        self._bottom = Bottom(key, parent.encode("utf-8", "surrogateescape"), beside)
        self._listed = Listed()

    def add(self, batch: Batch) -> None:
        """Take in the next piece of the listing."""
        self._listed.directories += len(batch.directories)
        self._bottom.add([name + b"/" for name in batch.directories])
        if not batch.names:
            return
        names = batch.names if max(map(len, batch.names)) <= _LONGEST else [_cut(name) for name in batch.names]
        self._bottom.add(names)
        if batch.times:
            self._listed.days.add(batch.times, self._tomorrow)
        self._listed.exact &= batch.slacks is None or not any(batch.slacks)
        if self._memory.siblings:
            self._listed.siblings.add(names)
        known = _credible(batch.sizes)
        for shape, rows in self._grouped(names):
            whole = len(rows) == len(names)
            some = names if whole else [names[i] for i in rows]
            sizes, slacks, times = known, batch.slacks, batch.times
            if not whole:
                sizes, slacks = sizes and [sizes[i] for i in rows], slacks and [slacks[i] for i in rows]
                times = times and [times[i] for i in rows]
            shape.add(some, sizes, slacks, times)

    def _grouped(self, names: list[bytes]) -> Iterator[tuple[Shape, list[int]]]:
        """Rows by shape and ending, shapes in the order of their first name."""
        parted = [(rows, skeleton, ending) for skeleton, all_rows in _alike(skeletons(names)).items()
                  for ending, rows in _endings(skeleton, names, all_rows)]
        groups: dict[tuple[bytes, str, str], list[int]] = {}
        for rows, skeleton, ending in sorted(parted):
            groups.setdefault(self._place(canonical(skeleton), ending, names[rows[0]]), []).extend(rows)
        for place, rows in groups.items():
            rows.sort()
            yield self._shapes[place], rows

    def _place(self, skeleton: bytes, ending: str, name: bytes) -> tuple[bytes, str, str]:
        """Where names of this shape are counted: apart, or with others alike when there are too many shapes."""
        leg, extension = _leg(ending)
        place = (skeleton, leg, extension)
        if place in self._shapes:
            return place
        if len(self._shapes) < FINE:
            stem = len(skeleton) - len(ending) if leg else 0
            self._shapes[place] = self._shape(skeleton, extension, name, fixed=True, stem=stem)
            return place
        for place in ((b"~" + coarse(skeleton), "", extension), (b"~", "", extension)):
            if place not in self._shapes and len(self._shapes) < (SHAPES if place[0] == b"~" else SHAPES - _ENDINGS):
                self._shapes[place] = self._shape(skeleton, extension, name, fixed=False)
            if place in self._shapes:
                return place
        place = (b"~", "", "")
        if place not in self._shapes:
            self._shapes[place] = self._shape(skeleton, "", name, fixed=False)
        return place

    def _shape(self, skeleton: bytes, extension: str, name: bytes, *, fixed: bool, stem: int = 0) -> Shape:
        if len(self._listed.sample) < SHAPES:
            self._listed.sample.add(mask_file(decoded(name), self._setting.regions))
        made = plan(skeleton) if fixed else None
        looked = fixed and len(skeleton) <= LONGEST and len(self._shapes) < _GLIMPSES
        return Shape(made, self._setting, fixed=fixed, second=self._memory.second(extension), stem=stem,
                     glimpse=Glimpse() if looked else None)

    def close(self, *, complete: bool = True, cut_by: str | None = None) -> Census:
        """The census. Not `complete`: counts are "at least", because of `cut_by`."""
        for shape in self._shapes.values():
            shape.sizes.sort()               # they are asked for their median more than once
        summary = Summary(self._shapes, self._judge, self._memory, self._listed, self._setting.regions, self._path)
        return summary.census(self._bottom.values(), None if complete else cut_by or "cut")


def _cut(name: bytes) -> bytes:
    """A hostile name, cut, with its hash, so that it stays one of its own."""
    return name if len(name) <= _LONGEST else name[:_LONGEST] + b"~%08x" % crc32(name)


def _credible(sizes: list[int] | None) -> list[int] | None:
    """Sizes that a file can have; others count as not shown."""
    if not sizes or max(sizes) <= _LARGEST:
        return sizes
    return [size if size <= _LARGEST else -1 for size in sizes]


def _alike(found: list[bytes]) -> dict[bytes, list[int]]:
    """Rows by skeleton."""
    if found.count(found[0]) == len(found):
        return {found[0]: list(range(len(found)))}
    rows: defaultdict[bytes, list[int]] = defaultdict(list)
    for i, skeleton in enumerate(found):
        rows[skeleton].append(i)
    return rows


def _endings(skeleton: bytes, names: list[bytes], rows: list[int]) -> Iterator[tuple[str, list[int]]]:
    """Rows of one shape by how their names end: leg and extension."""
    dot, leg = tail(skeleton)
    if dot == len(skeleton):
        yield "", rows
        return
    found = list(map(itemgetter(slice(leg, None)), map(names.__getitem__, rows)))
    if found.count(found[0]) == len(found):
        yield found[0].decode("ascii"), rows
        return
    groups: dict[str, list[int]] = {}
    for ending, i in zip(found, rows, strict=True):
        text = ending.decode("ascii")
        groups.setdefault(text if _leg(text)[0] else text[dot - leg:], []).append(i)
    yield from groups.items()


def _leg(ending: str) -> tuple[str, str]:
    """`-in.wav` is `in` and `wav`."""
    leg, _, extension = ending.rpartition(".")
    leg = leg.lstrip("-_").lower()
    return (leg, extension) if leg in _LEGS else ("", extension)
