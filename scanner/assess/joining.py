"""Joining: what shows the same is one store, whatever doors it was met behind. Pure; judges nothing.

A shallower root takes in the deeper ones of the same door. The rest is joined by the sketch of the names, where there
are enough of them to tell, and never across different controllers: stores that show the same, and at one machine also a
store that lies in another, as a share lies in what FTP shows of all shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from scanner.census import StoreSeen
from scanner.filenames import mask_quoted
from scanner.model import DoorSeen

ENOUGH = 20                              # files without which a sketch says nothing
ROOT = 3                                 # entries without which two folders are alike by nature
SOUGHT = 8                               # names of a small store that the sketch of a large one must be able to show
ALIKE = 0.9                              # share of names that must be the same
_SMB = frozenset({139, 445})
_BUCKETS = 8                             # smallest values of a sketch that candidates must share one of
_COMMON = 64                             # stores that have a name which tells no more than that it is common


def joined(stores: Sequence[StoreSeen]) -> list[StoreSeen]:
    """The stores, each once, doors in canonical order."""
    merged: list[StoreSeen] = []
    buckets: dict[int, list[int]] = {}
    shares: dict[tuple[object, ...], int] = {}
    for store in _below_taken_in(stores):
        keys = store.census.sketch[:_BUCKETS] if store.census.files >= ENOUGH else ()
        near = sorted({i for key in keys for i in buckets.get(key, ())})
        share = _share(store)
        twin = next((i for i in near if _same(merged[i], store)), shares.get(share))
        if twin is not None:
            merged[twin] = _with_doors(merged[twin], store)
            continue
        for key in keys:
            _put(buckets.setdefault(key, []), len(merged))
        if share:
            shares[share] = len(merged)
        merged.append(store)
    return _within_others([replace(store, doors=tuple(sorted(store.doors, key=canonical))) for store in merged])


def canonical(door: DoorSeen) -> tuple[object, ...]:
    """The order of doors: a host name before an address, then the lowest port. The first names the finding."""
    there = door.endpoint
    return (there.host is None, there.host or "", there.port, there.address.version, int(there.address), door.root)


def _below_taken_in(stores: Sequence[StoreSeen]) -> list[StoreSeen]:
    """Stores of one door that lie below an open one of the same door join it, with the doors that it has not."""
    taken: dict[tuple[object, ...], dict[str, StoreSeen]] = {}       # place -> masked root -> store, shallow ones first
    for store in sorted(stores, key=_shallow_first):
        beside = taken.setdefault(_place(store.doors[0]), {})
        root = mask_quoted(store.doors[0].root)          # what a report can show
        above = next((part for part in _parts(root) if part in beside), None)
        if above is None:
            beside[root] = store
        else:
            beside[above] = _taken_in(beside[above], store)
    return [store for beside in taken.values() for store in beside.values()]


def _parts(root: str) -> Iterator[str]:
    """The root itself and what lies above it, from the top."""
    return (root[:end] for end, sign in enumerate(root, 1) if sign == "/" or end == len(root))


def _shallow_first(store: StoreSeen) -> tuple[object, ...]:
    first = store.doors[0]
    return (*_place(first), len(first.root), first.root)


def _taken_in(upper: StoreSeen, store: StoreSeen) -> StoreSeen:
    known = {_place(door) for door in upper.doors}
    more = tuple(door for door in store.doors if _place(door) not in known)
    return replace(upper, doors=(*upper.doors, *more), census=upper.census.merge(store.census))


def _place(door: DoorSeen) -> tuple[str, str, int, str]:
    there = door.endpoint
    return (there.host or "", str(there.address), there.port, door.protocol)


def _same(one: StoreSeen, other: StoreSeen) -> bool:
    if _controllers(one) != _controllers(other) or min(one.census.files, other.census.files) < ENOUGH:
        return False
    return one.census.similar(other.census) >= ALIKE


def _share(store: StoreSeen) -> tuple[object, ...]:
    """What tells a small share of SMB, that has too few names for a sketch: port 139 leads where 445 does.

    Empty for other stores.
    """
    there, census = store.doors[0].endpoint, store.census
    if store.doors[0].protocol != "smb" or there.port not in _SMB or census.files >= ENOUGH:
        return ()
    door = store.doors[0]
    return (there.address, door.root, store.root, door.setting.owner.controller, census.files, census.directories)


def _within_others(stores: Sequence[StoreSeen]) -> list[StoreSeen]:
    """Stores that lie in a larger one of the same machine join it: its doors and its count stand first."""
    showing: dict[tuple[str, object], list[int]] = {}       # machine and name or folder -> stores, larger ones first
    home: dict[int, int] = {}
    for i in sorted(range(len(stores)), key=lambda i: -stores[i].census.files):
        store, sketch = stores[i], stores[i].census.sketch
        machines = _machines(store)
        keys = product(machines, (*sketch[:_BUCKETS], store.root, store.visible))
        near = dict.fromkeys(j for key in keys for j in showing.get(key, ()))
        home[i] = next((home[j] for j in near if _lies_in(store, stores[j])), i)
        for key in product(machines, (*sketch, *store.tops, store.visible)):
            _put(showing.setdefault(key, []), i)
    guests: dict[int, list[DoorSeen]] = {}
    for i, j in home.items():
        if i != j:
            guests.setdefault(j, []).extend(stores[i].doors)
    return [replace(store, doors=(*store.doors, *sorted(guests.get(i, ()), key=canonical)))
            for i, store in enumerate(stores) if home[i] == i]


def _put(known: list[int], store: int) -> None:
    """One more that has a name, unless they are many: to compare all with all would take the square of the time."""
    if len(known) < _COMMON:
        known.append(store)


def _machines(store: StoreSeen) -> set[str]:
    """Addresses and host names of its doors."""
    there = [door.endpoint for door in store.doors]
    return {str(one.address) for one in there} | {one.host for one in there if one.host is not None}


def _lies_in(small: StoreSeen, large: StoreSeen) -> bool:
    """Whether it is the same but for hidden names, its root is one of the folders there, or all that can be looked for
    is there.

    Of one door nothing is joined, and of one protocol no part: folders may be filled alike.
    """
    protocols = [{door.protocol for door in store.doors} for store in (small, large)]
    if _controllers(small) != _controllers(large):
        return False
    if small.visible and small.visible == large.visible:
        return not {_place(door) for door in small.doors} & {_place(door) for door in large.doors}
    if protocols[0] & protocols[1]:
        return False
    if small.root in large.tops and small.census.files + small.census.directories >= ROOT:
        return True
    if small.census.files < ENOUGH:
        return False
    sought, share = small.census.lies_in(large.census)
    return sought >= SOUGHT and share >= ALIKE


def _controllers(store: StoreSeen) -> set[str | None]:
    return {door.setting.owner.controller for door in store.doors}


def _with_doors(one: StoreSeen, other: StoreSeen) -> StoreSeen:
    """The fuller count stands for both."""
    fuller = max(one, other, key=lambda store: (not store.census.cut_by, store.census.files, -_rank(store.doors)))
    return replace(fuller, doors=(*one.doors, *other.doors), tops=one.tops | other.tops)


def _rank(doors: Iterable[DoorSeen]) -> int:
    return min(door.endpoint.port for door in doors)
