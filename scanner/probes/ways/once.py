"""Items and containers of one media server that were listed before, under another path: they are counted once.

An item is what its id says, or what it refers to (its `refID`): that is exact, and servers that have views mostly say
it. Of a server that has shown no reference, items of one title, one size and one date in different containers are
taken for one. Kept are digests that are good for this process only.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Protocol

from scanner.listing.sizes import UNKNOWN
from scanner.model import Batch

_MOST = 500_000                          # items remembered: about 100 bytes each


class Rows(Protocol):
    """What one answer shows."""

    batches: Sequence[Batch]
    items: Sequence[bytes]               # the identity of each file, in the order of the names
    references: int                      # how many of them are references


class Once:
    """Remembers where each thing was shown first; there it is shown again."""

    def __init__(self) -> None:
        self.refers = False              # the server is known to say which items are references
        self._where: dict[int, int] = {}

    def begins(self, identity: bytes, path: str) -> bool:
        """Whether a container is listed for the first time, or again under the path of the first time."""
        return self._first(("container", identity), hash(path))

    def fresh(self, rows: Rows, path: str) -> list[Batch]:
        """The batches without the files that were shown under another path."""
        self.refers = self.refers or rows.references > 0
        where, at, found = hash(path), 0, list[Batch]()
        for batch in rows.batches:
            names = range(len(batch.names))
            items = rows.items[at:at + len(names)]
            found.append(_only(batch, [i for i in names if self._new(batch, i, items[i], where)]))
            at += len(names)
        return found

    def _new(self, batch: Batch, i: int, item: bytes, where: int) -> bool:
        by_identity = not item or self._first(("item", item), where)
        size = batch.sizes[i] if batch.sizes is not None else UNKNOWN
        if size == UNKNOWN:
            return by_identity
        by_look = self._first((batch.names[i], size, batch.times[i] if batch.times is not None else UNKNOWN), where)
        return by_identity and (by_look or self.refers)

    def _first(self, thing: Hashable, where: int) -> bool:
        key = hash(thing)
        known = self._where.get(key)
        if known is None and len(self._where) < _MOST:
            self._where[key] = where
        return known is None or known == where


def _only(batch: Batch, kept: Sequence[int]) -> Batch:
    """Some of the files of a batch, and all of its directories."""
    if len(kept) == len(batch.names):
        return batch
    sizes, slacks, times = batch.sizes, batch.slacks, batch.times
    return replace(batch, names=[batch.names[i] for i in kept],
                   sizes=[sizes[i] for i in kept] if sizes is not None else None,
                   slacks=[slacks[i] for i in kept] if slacks is not None else None,
                   times=[times[i] for i in kept] if times is not None else None)
