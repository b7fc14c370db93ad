"""The desk: which stores are known at an address or host name, so that one behind several doors is crawled once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakValueDictionary

from scanner.model import Address
from scanner.state import Place

COMPARED = 3                             # folders below the root that must agree as well
TOPS = 128                               # folders of a root whose marks are kept
ENOUGH = 3                               # files with sizes or times that make two paths of one door the same store


@dataclass(frozen=True, slots=True)
class Marks:
    """What a store is told apart by: digests of the names in its root and first folders. No name can be read back."""

    root: str
    folders: Mapping[str, str] = field(default_factory=dict)   # digest of the path below the root -> mark, "" at first
    asks: Mapping[str, str] = field(default_factory=dict)      # the same digest -> that of the ask
    found: Mapping[str, str] = field(default_factory=dict)     # the same for folders that were found by searching
    told: bool = False                   # whether the comparison has been made
    below: str = ""                      # digest of the path below a twin's root, where the store lies under one
    wholes: Mapping[str, str] = field(default_factory=dict)    # as `folders`, "" for the root: with sizes and times
    weight: int = 0                      # files with a size or a time that `wholes` speak of
    tops: tuple[str, ...] = ()           # marks of folders in the root: another protocol may show one as a share
    hidden: int = 0                      # names with a dot before them in the folders compared, which not all show

    def with_top(self, mark: str) -> Marks:
        """The same with a folder directly in the root."""
        return self if len(self.tops) >= TOPS or mark in self.tops else replace(self, tops=(*self.tops, mark))

    def with_folder(self, ask: str, mark: str, whole: str = "", weight: int = 0, hidden: int = 0) -> Marks:
        """The same with the marks of the folder that `ask` (a digest) lists."""
        below = next((below for below, digest in self.asks.items() if digest == ask), None)
        if below is None:
            return self
        return replace(self, folders={**self.folders, below: mark}, wholes={**self.wholes, below: whole},
                       weight=self.weight + weight, hidden=self.hidden + hidden)

    def with_found(self, below: str, mark: str) -> Marks:
        """The same with a folder that no listing names."""
        return replace(self, found={**self.found, below: mark})

    def missing(self) -> list[str]:
        """Digests of the asks that have yet to be answered before stores can be compared."""
        return [self.asks[below] for below, mark in self.folders.items() if not mark]

    def shows(self, below: str, mark: str) -> bool:
        """Whether the store is known to show just this in the folder `below`."""
        return mark in (self.found.get(below), self.folders.get(below))

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"root": self.root, "folders": dict(self.folders), "asks": dict(self.asks), "found": dict(self.found),
                "told": self.told, "below": self.below, "wholes": dict(self.wholes), "weight": self.weight,
                "tops": list(self.tops), "hidden": self.hidden}

    def lies_in(self, other: Marks) -> bool:
        """Whether another store, of which a twin lies above this one, is known to show all of this."""
        return bool(self.below) and other.shows(self.below, self.root)

    @property
    def visible(self) -> str:
        """The same for stores whose visible names are the same, as far as they are compared; "" where they are not."""
        if not self.told or not self.root:
            return ""
        return _listed(self.root, self.folders)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Marks:
        """What `to_json` wrote."""
        return cls(value["root"], value["folders"], value["asks"], value["found"], value["told"], value["below"],
                   value.get("wholes", {}), value.get("weight", 0), tuple(value.get("tops", ())),
                   value.get("hidden", 0))


@dataclass(frozen=True, slots=True)
class Known:
    """A store that has been told apart: what others are compared with, as small as it goes, for as long as the scan."""

    door: int
    root: str
    controller: str | None               # who answers for it: never joined across
    names: bytes                         # digest of the marks of root and first folders
    wholes: bytes                        # the same with sizes and times
    weight: int                          # see Marks
    hidden: int

    @classmethod
    def of(cls, door: int, root: str, marks: Marks, controller: str | None) -> Known:
        """What of the marks is compared."""
        return cls(door, root, controller, _digest(marks.root, marks.folders), _digest("", marks.wholes), marks.weight,
                   marks.hidden)

    def same(self, other: Known) -> bool:
        """Whether another door shows the same, or this one under another path: root and first folders.

        Of one door names are not enough: folders that are filled alike have the same names. A door that shows hidden
        names besides is looked into on its own: who knows what lies in hidden folders.
        """
        if self.controller != other.controller or (self.door, self.root) == (other.door, other.root):
            return False
        if self.names != other.names:
            return False
        if self.door != other.door:
            return self.hidden >= other.hidden
        return self.root.casefold() == other.root.casefold() or self._copies(other)

    def _copies(self, other: Known) -> bool:
        """Whether all that is compared is the same to the size and the time, and enough to tell."""
        return min(self.weight, other.weight) >= ENOUGH and self.wholes == other.wholes


def _digest(root: str, folders: Mapping[str, str]) -> bytes:
    return hashlib.blake2b(_listed(root, folders).encode(), digest_size=16).digest()


def _listed(root: str, folders: Mapping[str, str]) -> str:
    return " ".join([root, *(f"{below}:{mark}" for below, mark in sorted(folders.items()))])


class Desk:
    """The stores of one place. Whoever compares or adds holds the lock."""

    __slots__ = ("__weakref__", "_known", "_place", "lock")

    def __init__(self, place: str, known: dict[str, list[Known]]) -> None:
        """`known`: the stores of all places."""
        self.lock = asyncio.Lock()
        self._place = place
        self._known = known

    def twin(self, store: Known) -> Known | None:
        """The store that is the same, seen another way."""
        return next((known for known in self._known.get(self._place, ()) if known.same(store)), None)

    def add(self, store: Known) -> None:
        """From here on others are compared with it."""
        self._known.setdefault(self._place, []).append(store)


class Desks:
    """A desk for every address; addresses that share a host name share a desk. It is there while somebody works at it,
    what is known there stays.
    """

    def __init__(self, names: Iterable[tuple[str, Address]] = ()) -> None:
        """`names`: each host name with each of its addresses."""
        self._desks: WeakValueDictionary[str, Desk] = WeakValueDictionary()
        self._known: dict[str, list[Known]] = {}
        self._leads: dict[str, str] = {}
        for host, address in names:
            self._leads[self._lead(host)] = self._lead(str(address))

    def at(self, address: Address) -> Desk:
        """The desk of an address."""
        place = self._lead(str(address))
        return self._desks.get(place) or self._desks.setdefault(place, Desk(place, self._known))

    def put_back(self, places: Iterable[Place]) -> None:
        """Stores that an earlier run of the scan has told apart."""
        for place in places:
            marks = Marks.from_json(place.row.marks)
            if marks.told and place.row.same_as is None:
                owner = place.row.seen.setting.owner
                known = Known.of(place.row.door, place.row.root, marks, owner.controller)
                self.at(place.address).add(known)

    def _lead(self, place: str) -> str:
        while place in self._leads and self._leads[place] != place:
            place = self._leads[place]
        return place
