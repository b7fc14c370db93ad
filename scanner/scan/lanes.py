"""Lanes: how many open ports are in work at once.

Those that keep silent wait in a lane of their own, which is wider, so that they do not hold up those that answer:
silence costs a connection, and some 50 KiB while a TLS handshake waits.
"""

from __future__ import annotations

import asyncio

QUICK, SLOW = 512, 1536


class Lane:
    """One visit's place. `leave` it exactly once."""

    __slots__ = ("_lanes", "_slow")

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._slow = False

    def step_aside(self) -> None:
        """The port keeps silent: let another one have the place, if there is still room beside."""
        if not self._slow and self._lanes.beside < SLOW:
            self._slow = True
            self._lanes.beside += 1
            self._lanes.quick.release()

    def leave(self) -> None:
        """The visit has ended."""
        if self._slow:
            self._lanes.beside -= 1
        else:
            self._lanes.quick.release()


class Lanes:
    """All of a scan."""

    def __init__(self) -> None:
        self.quick = asyncio.Semaphore(QUICK)
        self.beside = 0                      # visits that have stepped aside

    async def enter(self) -> Lane:
        """A place among those that may yet answer, once there is one."""
        await self.quick.acquire()
        return Lane(self)
