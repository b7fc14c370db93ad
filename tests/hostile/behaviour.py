"""A behaviour: one way in which a server means harm, and what a scan must say of it. Data; it starts nothing itself.

`host` starts the server on a free port of loopback and yields a `Host`. What is said of its doors must be `ends`, no
more and no less: the reasons of gaps (`scanner.model.Reason`), and `found` where a store of it is in the report.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from scanner.model import Gap
from scanner.scan.crawl import GUESSES
from tests import witness
from tests.scan.scans import Done

FOUND = "found"
Place = tuple[str, int]
"""Address and port."""
Judge = Callable[[bytes], str | None]
"""Why a scan must never send this; None where it is harmless."""


@dataclass(slots=True, kw_only=True)
class Host:
    """A hostile server that listens, and what it saw."""

    targets: tuple[str, ...]             # as an owner would write them
    doors: frozenset[Place]              # what is said of these is the result
    also: frozenset[Place] = frozenset()     # where else a scan may go for it: a resolver, a port of data
    seen: list[bytes] = field(default_factory=list)      # requests as they came
    unfit: Judge = witness.unfit_bytes
    session: Mapping[str, Any] = field(default_factory=dict)     # of `Session`: a resolver, limits; it then runs alone
    exclude: Sequence[str] = ()

    def complaints(self) -> Iterable[str]:
        """What a scan should not have sent."""
        return sorted({why for why in map(self.unfit, self.seen) if why is not None})


Hosting = Callable[[], AbstractAsyncContextManager[Host]]
Check = Callable[[Done, Host], str | None]
"""A complaint about the finished scan, or about what the server saw; None where all is well."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One row of the table. Several may share an id."""

    id: str                              # H-04
    title: str                           # what it does, in plain words
    ends: frozenset[str]                 # what a scan says of its doors, exactly: reasons of gaps, and `found`
    host: Hosting | None = None
    told: tuple[str, ...] = ()           # words that the details of its gaps, or the facts of its finding, have in them
    never: Check | None = None
    play: Callable[[], Awaitable[Iterable[str]]] | None = None   # in the place of `host`: a course of its own, which
                                                                 # gives what was said
    seconds: float = 30.0                # the budget of its wall time

    @property
    def expected(self) -> str:
        """For the table: `cut, found (3 files)`."""
        told = f" ({'; '.join(self.told)})" if self.told else ""
        return ", ".join(sorted(self.ends)) + told


def said(done: Done, doors: Iterable[Place]) -> frozenset[str]:
    """What a report says of these doors: the reasons of gaps, and `found`."""
    doors = frozenset(doors)
    found = {FOUND for finding in done.findings if doors & {(door.address, door.port) for door in finding.doors}}
    return frozenset(found | {gap.reason.value for gap in _gaps(done, doors)})


def facts(done: Done, doors: Iterable[Place]) -> tuple[str, ...]:
    """The same in words: details of gaps, and of findings `30 files`, `2 folders`, `cut by timeout`."""
    doors = frozenset(doors)
    lines = [f"{gap.reason.value}: {gap.detail}" for gap in _gaps(done, doors)]
    for finding in done.findings:
        if doors & {(door.address, door.port) for door in finding.doors}:
            store = finding.store
            lines += [f"{store.files} files", f"{store.directories} folders"]
            lines += [f"cut by {store.cut_by}"] if store.cut_by else []
    return tuple(lines)


def _gaps(done: Done, doors: Iterable[Place]) -> list[Gap]:
    """Those of these doors, but for what is said of every door: that not every guess was tried."""
    ports = {str(port) for _, port in doors}
    return [gap for gap in done.report.gaps if ports & set(gap.ports.split(",")) and gap.detail != GUESSES]
