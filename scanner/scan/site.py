"""The site: the parts that everything in one scan shares, and what it reports as it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from scanner.census import Memory
from scanner.model import DoorSeen
from scanner.net import Net
from scanner.scan.journal import Journal
from scanner.scan.profile import Profile
from scanner.scope import Scope
from scanner.signature import Knowledge
from scanner.state import ScanRow, StoreRow


@dataclass(slots=True)
class Progress:
    """Counters for whoever watches. They decide nothing."""

    pairs: int = 0                       # (address, port) pairs in scope, excluded ones too
    knocked: int = 0
    open: int = 0
    doors: int = 0                       # doors that answered in a protocol
    folders: int = 0                     # listings read
    files: int = 0                       # names counted
    stores: int = 0
    waiting: int = 0                     # open ports not finished yet


class Watcher(Protocol):
    """Who is told while a scan runs."""

    def store(self, row: StoreRow, also: list[DoorSeen]) -> None:
        """A store has been counted as far as it will be; what is said of it now is provisional."""

    def warn(self, text: str) -> None:
        """Something that the user should know at once."""

    def asked(self, line: Callable[[], str]) -> None:
        """An ask has been answered: `line` says what was asked, in which way, and what came of it, names masked."""


@dataclass(slots=True, kw_only=True)
class Site:
    """Everything in one scan that is not a target."""

    scope: Scope
    net: Net
    journal: Journal
    knowledge: Knowledge
    profile: Profile
    scan: ScanRow
    watcher: Watcher
    show_names: bool = False
    stop: asyncio.Event = field(default_factory=asyncio.Event)   # set: begin nothing new
    opening: Callable[[], float] = lambda: 0.0                   # seconds until work is allowed (the window)
    pauses: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15)            # seconds, while this machine is at fault
    progress: Progress = field(default_factory=Progress)
    names_ready: bool = False                                    # knowledge has made what names are asked
    memory: Memory = field(init=False)                           # what the folders of the scan share

    def __post_init__(self) -> None:
        self.memory = Memory(self.knowledge)

    @property
    def key(self) -> bytes:
        """The key of this scan's sketches."""
        assert self.scan.key is not None
        return self.scan.key

    async def may_go_on(self) -> bool:
        """Wait for the window to open; False once the scan is to end."""
        while not self.stop.is_set() and (wait := self.opening()) > 0:
            try:
                await asyncio.wait_for(self.stop.wait(), min(wait, 60))
            except TimeoutError:
                continue
        return not self.stop.is_set()
