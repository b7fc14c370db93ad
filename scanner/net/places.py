"""Places: how many connections may be open at once. Several can be taken together or not at all, so that two who need
a second one never wait for each other. Knows no rate and no host.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Places:
    """First come, first served."""

    __slots__ = ("_free", "_total", "_waiting")

    def __init__(self, total: int) -> None:
        self._total = self._free = total
        self._waiting = list[tuple[asyncio.Future[None], int]]()    # no deque: an empty one, as most are, has 600 bytes

    async def take(self, many: int = 1) -> int:
        """Wait until so many are free, at most all there are; how many they were is what to give back."""
        many = min(many, self._total)
        if not self._waiting and self._free >= many:
            self._free -= many
            return many
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, many))
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.give(many)          # it was ours already
            else:
                with suppress(ValueError):    # passed over already
                    self._waiting.remove((turn, many))
                self._wake()
            raise
        return many

    def give(self, many: int) -> None:
        """So many are free again."""
        self._free += many
        self._wake()

    def _wake(self) -> None:
        while self._waiting and self._free >= self._waiting[0][1]:
            turn, many = self._waiting.pop(0)
            if not turn.done():
                self._free -= many
                turn.set_result(None)
