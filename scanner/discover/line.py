"""The line of tries: what to knock at next. No network and no clock: `now` comes in, in seconds of any steady clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.discover.knock import Pair
from scanner.model import Address

_WAITING = 65_536                            # silent pairs waiting for their second try, at most: then early
_SKIPS = 1024                                # pairs that are None, passed over in one go


@dataclass(frozen=True, slots=True)
class Try:
    """One knock to come."""

    index: int
    address: Address
    port: int
    second: bool = False


class Line:
    """Reads pairs as they are wanted, and remembers only those that must be tried again."""

    __slots__ = ("_again", "_exhausted", "_pairs", "_waiting")

    def __init__(self, pairs: Iterable[tuple[int, Pair | None]]) -> None:
        self._pairs = iter(pairs)
        self._exhausted = False
        self._again: deque[Try] = deque()
        self._waiting: deque[tuple[float, Try]] = deque()        # (due, try): the delay is constant, so oldest first

    @property
    def empty(self) -> bool:
        """Nothing will ever come again, unless it is put back."""
        return self._exhausted and not self._again and not self._waiting

    def take(self, now: float) -> Try | None:
        """The next try. None: nothing is ready; ask again at `due`."""
        if self._again:
            return self._again.popleft()
        if self._waiting and (self._waiting[0][0] <= now or len(self._waiting) >= _WAITING):
            return self._waiting.popleft()[1]
        return None if self._exhausted else self._fresh()

    def due(self, now: float) -> float | None:
        """When something may be ready that is not yet. None: never."""
        if self._again or not self._exhausted:
            return now
        return self._waiting[0][0] if self._waiting else None

    def again(self, job: Try) -> None:
        """Put back what this machine spoilt: it goes first."""
        self._again.append(job)

    def later(self, job: Try, due: float) -> None:
        """Put a silent one back for its second try."""
        self._waiting.append((due, Try(job.index, job.address, job.port, second=True)))

    def _fresh(self) -> Try | None:
        for _ in range(_SKIPS):
            item = next(self._pairs, None)
            if item is None:
                self._exhausted = True
                return None
            index, pair = item
            if pair is not None:
                return Try(index, pair.address, pair.port)
        return None
