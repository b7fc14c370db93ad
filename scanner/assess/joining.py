"""Joining: what shows the same is one store, whatever doors it was met behind. Pure; judges nothing.

A shallower root takes in the deeper ones of the same door. The rest is joined by the sketch of the names, where there
are enough of them to tell, and never across different controllers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scanner.census import StoreSeen
from scanner.filenames import mask_quoted
from scanner.model import DoorSeen

ENOUGH = 20                              # files without which a sketch says nothing
ALIKE = 0.9                              # share of names that must be the same
_BUCKETS = 8                             # smallest values of a sketch that candidates must share one of


def joined(stores: Sequence[StoreSeen]) -> list[StoreSeen]:
    """The stores, each once, doors in canonical order."""
    merged: list[StoreSeen] = []
    buckets: dict[int, list[int]] = {}
    for store in _below_taken_in(stores):
        keys = store.census.sketch[:_BUCKETS] if store.census.files >= ENOUGH else ()
        near = sorted({i for key in keys for i in buckets.get(key, ())})
        twin = next((i for i in near if _same(merged[i], store)), None)
        if twin is not None:
            merged[twin] = _with_doors(merged[twin], store)
            continue
        for key in keys:
            buckets.setdefault(key, []).append(len(merged))
        merged.append(store)
    return [replace(store, doors=tuple(sorted(store.doors, key=canonical))) for store in merged]


def canonical(door: DoorSeen) -> tuple[object, ...]:
    """The order of doors: a host name before an address, then the lowest port. The first names the finding."""
    there = door.endpoint
    return (there.host is None, there.host or "", there.port, there.address.version, int(there.address), door.root)


def _below_taken_in(stores: Sequence[StoreSeen]) -> list[StoreSeen]:
    """Stores of one door that lie below an open one of the same door join it, with the doors that it has not."""
    whole: dict[tuple[object, ...], list[StoreSeen]] = {}
    for store in sorted(stores, key=_shallow_first):
        beside = whole.setdefault(_place(store.doors[0]), [])
        above = next((i for i, other in enumerate(beside) if _lies_below(store, other)), None)
        if above is None:
            beside.append(store)
        else:
            beside[above] = _taken_in(beside[above], store)
    return [store for beside in whole.values() for store in beside]


def _shallow_first(store: StoreSeen) -> tuple[object, ...]:
    first = store.doors[0]
    return (*_place(first), len(first.root), first.root)


def _lies_below(store: StoreSeen, other: StoreSeen) -> bool:
    """By what a report can show of the two: masked."""
    return mask_quoted(store.doors[0].root).startswith(mask_quoted(other.doors[0].root))


def _taken_in(upper: StoreSeen, store: StoreSeen) -> StoreSeen:
    known = {_place(door) for door in upper.doors}
    more = tuple(door for door in store.doors if _place(door) not in known)
    return StoreSeen(doors=(*upper.doors, *more), census=upper.census.merge(store.census))


def _place(door: DoorSeen) -> tuple[str, str, int, str]:
    there = door.endpoint
    return (there.host or "", str(there.address), there.port, door.protocol)


def _same(one: StoreSeen, other: StoreSeen) -> bool:
    controllers = {store.doors[0].setting.owner.controller for store in (one, other)}
    if len(controllers) > 1 or min(one.census.files, other.census.files) < ENOUGH:
        return False
    return one.census.similar(other.census) >= ALIKE


def _with_doors(one: StoreSeen, other: StoreSeen) -> StoreSeen:
    """The fuller count stands for both."""
    fuller = max(one, other, key=lambda store: (not store.census.cut_by, store.census.files, -_rank(store.doors)))
    return StoreSeen(doors=(*one.doors, *other.doors), census=fuller.census)


def _rank(doors: Iterable[DoorSeen]) -> int:
    return min(door.endpoint.port for door in doors)
