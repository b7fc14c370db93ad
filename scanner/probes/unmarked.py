"""Folders that a listing does not mark: some servers print `calls` for `calls/`, with no size, icon or type to tell.

Only asking with the slash tells. It is done for small listings of servers that have marked no folder so far, for names
without an extension or with digits for one (`v1.2`), and for few of them. Holds batches; asks nothing itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from scanner.model import Batch

MOST = 40                                # names of one listing that are asked for, while no name was a folder
DOOR = 1_000                             # names of one door: a server cannot make it ask for more
SMALL = 2_000                            # entries; a larger listing is not held back


class Unmarked:
    """The batches of one listing, held back until it is known which names are folders."""

    def __init__(self, *, marks: bool) -> None:
        """`marks`: the server has been seen to mark its folders, so that what is not marked is a file."""
        self.marks = marks
        self._held: list[Batch] = []

    def take(self, batch: Batch) -> list[Batch]:
        """The batches that may go on."""
        self.marks = self.marks or bool(batch.directories)
        self._held.append(batch)
        return self.rest(()) if self.marks or sum(map(len, self._held)) > SMALL else []

    def doubtful(self) -> list[bytes]:
        """Names that may be folders, of what is held: first those without an extension, then versions and dates."""
        names = [name for batch in self._held for name in batch.names if name]
        plain = [name for name in names if b"." not in name]
        return plain + [name for name in names if b"." in name and name.rpartition(b".")[2].isdigit()]

    def rest(self, folders: Collection[bytes]) -> list[Batch]:
        """What is held, the names in `folders` as folders."""
        held, self._held = self._held, []
        return [_parted(batch, frozenset(folders)) if folders else batch for batch in held]


def _parted(batch: Batch, folders: frozenset[bytes]) -> Batch:
    stay = [i for i, name in enumerate(batch.names) if name not in folders]

    def kept(column: list[int] | None) -> list[int] | None:
        return None if column is None else [column[i] for i in stay]

    return replace(batch, names=[batch.names[i] for i in stay], sizes=kept(batch.sizes), slacks=kept(batch.slacks),
                   times=kept(batch.times), directories=[*batch.directories, *(n for n in batch.names if n in folders)])
