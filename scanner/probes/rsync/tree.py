"""A tree as its rows come: entries by folder, which folders are known to be empty, and where one may stop. Pure.

A daemon shows a folder whole, then what lies in its folders, one after the other in the order in which it named them.
So where a later folder is shown, the folders named before it beside it (and beside those above it) hold nothing, or
cannot be read. Servers that mix the two orders are read to their end, where the same is known of every folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.errors import BudgetError, ProtocolError
from scanner.model import Batch
from scanner.probes.paths import path_of
from scanner.probes.rsync.rows import Row

BATCH = 5000                             # rows of a batch, or of several small ones together
HEAVY = 1024 * 1024                      # bytes of names in it, at most
REMEMBERED = 24 * 1024 * 1024            # bytes, about, of folders that are kept in mind
_EACH = 150                              # bytes of one beside its path
_ODD = frozenset({b"", b".", b".."})


class _Columns:
    """The rows of one folder that have not been handed out."""

    __slots__ = ("folders", "names", "sizes", "times")

    def __init__(self) -> None:
        self.names: list[bytes] = []
        self.sizes: list[int] = []
        self.times: list[int] = []
        self.folders: list[bytes] = []

    def batch(self, under: bytes) -> Batch:
        """As they are handed out."""
        return Batch(names=self.names, sizes=self.sizes, times=self.times, grain=1, directories=self.folders,
                     under=quoted(under))


class Tree:
    """Takes rows, gives batches. `full`: it stopped before the next folder, which was not taken.

    From `most` rows on it stops where the walk comes back up; from twice as many on before any folder, and so where
    the folders are too many to be kept in mind. Where these come in no order either, BudgetError rises.
    """

    def __init__(self, most: int, *, whole: bool = True) -> None:
        """`whole`: what lies in folders below is shown as well."""
        self.full = False
        self.rows = 0
        self._most = most
        self._whole = whole
        self._mixed = False              # a folder was gone back to
        self._here = b""
        self._order: dict[bytes, int] = {}       # folders in the order in which they were named
        self._shown = {b""}
        self._columns: dict[bytes, _Columns] = {}
        self._held = 0                   # rows that have not been handed out
        self._weight = 0                 # bytes of the names in these
        self._mind = 0                   # bytes of the folders kept in mind

    def take(self, rows: Iterable[Row]) -> Iterator[Batch]:
        """The next rows. ProtocolError where a path leads out of the folder asked for."""
        for row in rows:
            if row.path == b".":         # the folder asked for
                continue
            above, _, name = row.path.rpartition(b"/")
            if above != self._here:
                self._enter(above)
                if self.full:
                    return
            self._add(name, row)
            if self._held >= BATCH or self._weight >= HEAVY:
                yield from self.flush()

    def flush(self) -> Iterator[Batch]:
        """What has not been handed out."""
        for under, columns in self._columns.items():
            yield columns.batch(under)
        self._columns = {}
        self._held = self._weight = 0

    def empty(self) -> Iterator[Batch]:
        """An empty batch for each folder that is known to hold nothing, once the list has ended or was stopped."""
        for folder in self._order if self._whole else ():
            if folder not in self._shown and (not self.full or self._passed(folder)):
                yield Batch(names=[], under=quoted(folder))

    def _add(self, name: bytes, row: Row) -> None:
        if name in _ODD:
            raise ProtocolError("a name in the list that leads out of the folder")
        columns = self._columns.get(self._here)
        if columns is None:
            columns = self._columns[self._here] = _Columns()
        if row.folder:
            columns.folders.append(name)
            if self._mind < REMEMBERED:
                self._mind += len(row.path) + _EACH
                self._order.setdefault(row.path, len(self._order))
        else:
            columns.names.append(name)
            columns.sizes.append(row.size)
            columns.times.append(row.time)
        self.rows += 1
        self._held += 1
        self._weight += len(name)

    def _enter(self, folder: bytes) -> None:
        if any(segment in _ODD for segment in folder.split(b"/")) and folder:
            raise ProtocolError("a path in the list that leads out of the folder")
        self._mixed |= folder in self._shown
        upwards = folder.count(b"/") < self._here.count(b"/")        # few folders are left half shown there
        much = self._mind >= REMEMBERED
        if (much or self.rows >= (self._most if upwards else 2 * self._most)) and not self._mixed:
            self.full = True
        elif much:
            raise BudgetError("a tree in no order, of more folders than are kept in mind")
        else:
            self._mind += len(folder) + _EACH
            self._shown.add(folder)
        self._here = folder

    def _passed(self, folder: bytes) -> bool:
        """Whether the walk that stopped before `_here` has been where this folder's entries would have come."""
        mine, there = folder.split(b"/"), self._here.split(b"/")
        same = 0
        while same < min(len(mine), len(there)) and mine[same] == there[same]:
            same += 1
        if same in (len(mine), len(there)):
            return False                 # the one lies in the other
        orders = [self._order.get(b"/".join(path[:same + 1]), -1) for path in (mine, there)]
        return 0 <= orders[0] < orders[1]


def quoted(folder: bytes) -> str:
    """A path below the folder asked for, as `Batch.under` holds it."""
    return path_of(folder.split(b"/"))[1:]
