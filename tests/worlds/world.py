"""A world read from `fixtures/worlds/NAME.toml`: its clock, its owner, its doors and what lies behind each.

    world = load("1177", scale=100)          # a hundredth of each rule that says how many files it makes
    world.doors[0].recordings("/gammalt/")

No socket, no clock of this machine, nothing random. `serving` shows it, `pages` prints it.
"""

from __future__ import annotations

import tomllib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from scanner.demo.recording import Recording
from tests.worlds.rule import Rule

FOLDER = Path(__file__).parents[2] / "fixtures" / "worlds"


@dataclass(frozen=True, kw_only=True)
class Behind:
    """One door of a world: which product prints which pages, and the tree behind it."""

    product: str
    page: str                                # the way folders are printed: `apache` or `nginx`
    ports: Sequence[int]                     # the first that is free
    hosts: Sequence[str] = ()
    rules: Sequence[Rule] = ()
    folders_too: Sequence[str] = ()          # folders without a file
    pages: Mapping[str, str] = field(default_factory=dict)   # path -> page of `fixtures/worlds/pages`

    def children(self, path: str) -> tuple[str, ...] | None:
        """Names of the directories in `path`, sorted; None where there is no such directory."""
        names = self._tree.get(path)
        return None if names is None else tuple(sorted(names))

    def folders(self) -> tuple[str, ...]:
        """Every directory."""
        return tuple(self._tree)

    def modified(self, path: str) -> int:
        """When something was last added to `path` or below, in seconds since 1970."""
        return self._modified[path]

    def recordings(self, path: str, *, elapsed: float = 0.0) -> list[Recording]:
        """The files in `path`, sorted by name."""
        return sorted(self.rules[at].file(i) for at, numbers in self._holds.get(path, {}).items() for i in numbers)

    def files(self) -> Iterator[tuple[str, Recording]]:
        """Every file, with its folder."""
        for path in self._holds:
            for file in self.recordings(path):
                yield path, file

    @cached_property
    def _holds(self) -> dict[str, dict[int, array[int]]]:
        """Folder -> place of a rule -> numbers of its files: the files themselves would not fit."""
        holds: dict[str, dict[int, array[int]]] = {}
        for at, rule in enumerate(self.rules):
            for i in range(rule.count):
                holds.setdefault(rule.folder(i), {}).setdefault(at, array("L")).append(i)
        return holds

    @cached_property
    def _tree(self) -> dict[str, set[str]]:
        tree: dict[str, set[str]] = {} if self.pages else {"/": set()}
        for path in (*self._holds, *self.folders_too):
            at = "/"
            for name in path.strip("/").split("/"):
                tree.setdefault(at, set()).add(name)
                at = f"{at}{name}/"
                tree.setdefault(at, set())
        return tree

    @cached_property
    def _modified(self) -> dict[str, int]:
        times = dict.fromkeys(self._tree, min((rule.first for rule in self.rules), default=0))
        for path, held in self._holds.items():
            newest = max(self.rules[at].file(numbers[-1]).modified for at, numbers in held.items())
            for above in _upwards(path):
                times[above] = max(times[above], newest)
        return times


@dataclass(frozen=True, kw_only=True)
class World:
    """One of the founding cases, or a place where nothing is wrong."""

    name: str
    clock: int                               # what its servers' clocks say, in seconds since 1970
    target: Mapping[str, Any]                # as a scope file has it, but for `what` and `ports`
    doors: Sequence[Behind]


def load(name: str, *, scale: int = 1) -> World:
    """The world of that name, one `scale`th of it."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return World(name=name, clock=_seconds(table["clock"]), target=table["target"],
                 doors=[_door(door, table, scale) for door in table["door"]])


def _door(door: Mapping[str, Any], table: Mapping[str, Any], scale: int) -> Behind:
    rules: list[Rule] = []
    for each in door.get("files", ()):
        count = each["count"] // scale if "count" in each else len(each["names"])
        size = each["size"] if isinstance(each["size"], str) else tuple(each["size"])
        rules.append(Rule(paths=each["paths"], names=each["names"], count=count, first=_seconds(each["from"]),
                          last=_seconds(each["to"]), size=size, before=sum(rule.count for rule in rules),
                          people=table.get("people", 1), lists=table.get("lists", {})))
    return Behind(product=door["product"], page=door["page"], ports=door["ports"], hosts=door.get("hosts", ()),
                  rules=rules, folders_too=door.get("folders", ()), pages=door.get("pages", {}))


def _upwards(path: str) -> Iterator[str]:
    """A folder and all above it."""
    yield path
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        yield path


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
