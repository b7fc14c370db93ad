"""A knock: what a connect to one port of one address showed. No reading, no sending, no judgement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from scanner.model import Address
from scanner.net.dial import Knocked, State

ANSWERS = frozenset({State.OPEN, State.CLOSED})


class Pair(Protocol):
    """An address and a port that the scope has allowed."""

    @property
    def address(self) -> Address:
        """Where."""

    @property
    def port(self) -> int:
        """Which port."""


Knocker = Callable[[Address, int, float], Awaitable[Knocked]]
"""`await knocker(address, port, seconds)`. Raises LocalFault where this machine, not the target, was at fault."""


@dataclass(frozen=True, slots=True)
class Knock:
    """The outcome for one pair: each pair has one, however often it was tried."""

    index: int                               # as it came with the pair: a position that can be resumed from
    address: Address
    port: int
    state: State
    seconds: float                           # from the connect to the answer; 0.0 where the engine does not say
