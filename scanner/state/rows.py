"""The rows of the state, as values. Nothing is read or written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scanner.census import Census
from scanner.model import Ask, DoorSeen, Endpoint


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One scan as it is kept."""

    id: str
    identity: str
    started: datetime
    finished: datetime | None
    complete: bool
    facts: Mapping[str, Any]             # authorisation, targets, pins, profile, signatures: what a report needs later
    key: bytes | None                    # of the sketches; dropped when the scan ends
    seed: int
    totals: Mapping[str, Any]            # of the ledger
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One door and how far it has come.

    `new`; `alike` (the root is answered like every other path); `open` (looked at, asks waiting); `done`.
    """

    id: int
    endpoint: Endpoint
    stage: str
    protocol: str = ""                   # the probe that opened it; "" while that is not known


@dataclass(frozen=True, slots=True)
class AskRow:
    """An ask that waits, with the store it belongs to and the marks of the folders above it."""

    digest: bytes
    ask: Ask
    root: str | None                     # None: it searches
    trail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store as counted so far."""

    door: int
    root: str
    seen: DoorSeen
    census: Census
    marks: Mapping[str, Any]             # what it is told apart by, as plain values
    same_as: tuple[int, str] | None = None   # (door, root) of the store that this one shows as well
    folders: int = 0                     # asks that were spent on it: what its budget is measured by
