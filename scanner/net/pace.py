"""How fast, and how many at once: all hosts together, and each host. Waits; never sends, never gives up."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from time import monotonic
from types import TracebackType
from typing import Self

from scanner.model import Address
from scanner.net.places import Places
from scanner.net.rate import Gate

LONGEST = 60.0                            # seconds: no server makes us wait longer at a time
_SLICE = 0.1                              # seconds: the longest burst of the whole scan
_HOST_SLICE = 0.02
_FAST = 20.0                              # a second: whoever is asked faster and objects goes down to half of this
_SLOWEST = 0.5                            # a second
_CONFIDENT = 40                           # usual answers after which a slowed host is asked half as often again
_IDLE = 2.0                               # seconds a host without connections is remembered, at least


class _Host:
    """What is known of one host's patience."""

    __slots__ = ("delay", "gate", "good", "idle_since", "not_before", "rate", "slots", "users")

    def __init__(self, rate: float, slots: int) -> None:
        self.gate = Gate(rate, _HOST_SLICE)
        self.rate = rate                  # a second, now
        self.good = 0                     # usual answers since the rate was last changed
        self.slots = Places(slots)
        self.users = 0
        self.idle_since = 0.0
        self.delay = 0.0                  # the last back-off, seconds
        self.not_before = 0.0             # time.monotonic()

    def set_rate(self, rate: float) -> None:
        """From here on, so many a second."""
        self.rate = rate
        self.good = 0
        self.gate = Gate(rate, _HOST_SLICE)


Key = int | Address                       # an IPv4 address as a number, which hashes ten times faster


def _key(address: Address) -> Key:
    return int(address) if address.version == 4 else address


class Turn:
    """Leave to open one connection, or several that are needed together. Holds its places until released."""

    __slots__ = ("_held", "_held_all", "_host", "_key", "_pace", "_places")

    def __init__(self, pace: Pace, key: Key, places: int = 1) -> None:
        self._pace = pace
        self._key = key
        self._places = places
        self._host: _Host | None = None
        self._held = 0                    # places at the host
        self._held_all = 0                # places of the scan

    async def take(self) -> None:
        """Wait for the host's place and rate first, then for the scan's, so that a slow host holds up no other."""
        pace = self._pace
        host = self._host = pace.enter(self._key)
        try:
            held = await host.slots.take(self._places)
            try:
                await pace.wait(host)
                held_all = await pace.slots.take(self._places)
                try:
                    await pace.gate.passage()
                except BaseException:
                    pace.slots.give(held_all)
                    raise
            except BaseException:
                host.slots.give(held)
                raise
        except BaseException:
            pace.leave(self._key, host)
            raise
        self._held, self._held_all = held, held_all

    async def again(self) -> None:
        """Wait for leave to send one more request on the same connection."""
        if self._host is not None:
            await self._pace.wait(self._host)
        await self._pace.gate.passage()

    def release(self) -> None:
        """The connection is closed. May be called twice."""
        if self._held and self._host is not None:
            self._pace.slots.give(self._held_all)
            self._host.slots.give(self._held)
            self._held = 0
            self._pace.leave(self._key, self._host)

    async def __aenter__(self) -> Self:
        await self.take()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        self.release()


class Beside(Turn):
    """Leave for a connection beside another, whose turn holds a place for it. Its rate is asked for all the same."""

    __slots__ = ("_first",)

    def __init__(self, first: Turn) -> None:
        self._first = first

    async def take(self) -> None:
        """Wait for the rate."""
        await self._first.again()

    async def again(self) -> None:
        """Wait for the rate."""
        await self._first.again()

    def release(self) -> None:
        """The place is given back with the first connection's."""


class Pace:
    """Rates in connections or requests a second, and open connections; for the scan and for each host."""

    def __init__(self, rate: float, host_rate: float, open_all: int, open_host: int, *,
                 longest: float = LONGEST) -> None:
        """`longest`: seconds that a server may make us wait at a time."""
        self.gate = Gate(rate, _SLICE)
        Gate(host_rate, _HOST_SLICE)                            # a bad rate is said now, not at the first host
        self.slots = Places(open_all)
        self.slowed = 0                                         # how often a server asked us to slow down
        self._longest = longest
        self._host_rate = host_rate
        self._open_host = open_host
        self._hosts: dict[Key, _Host] = {}
        self._idle: OrderedDict[Key, None] = OrderedDict()  # without connections, the longest first
        self._kept = max(_IDLE, 1.0 / host_rate)

    def turn(self, address: Address, places: int = 1) -> Turn:
        """Leave for one connection: `async with pace.turn(address): …`, or `take()` and `release()`.

        `places`: connections that are needed together; the further ones are opened `beside` the first.
        """
        return Turn(self, _key(address), places)

    def slow_down(self, address: Address, seconds: float | None = None) -> float:
        """The host said 429 or 503: wait `seconds`, or twice as long as the last time, then go at half the rate.

        What else comes back while it is being waited for was asked before, and says nothing new. Gives the seconds.
        """
        key = _key(address)
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = _Host(self._host_rate, self._open_host)
            self._rest(key, host)
        self.slowed += 1
        now = monotonic()
        if host.not_before > now and (seconds is None or seconds <= host.delay):
            return host.not_before - now
        wished = seconds if seconds is not None and seconds >= 0 else max(1.0, host.delay * 2)
        host.delay = min(self._longest, max(wished, 0.1))
        host.not_before = max(host.not_before, now + host.delay)
        host.set_rate(max(_SLOWEST, min(host.rate, _FAST) / 2))
        return host.delay

    def well(self, address: Address) -> None:
        """The host answered as usual: the next back-off starts small again, and its rate rises in a while."""
        host = self._hosts.get(_key(address))
        if host is None:
            return
        host.delay = 0.0
        if host.rate < self._host_rate:
            host.good += 1
            if host.good >= _CONFIDENT:
                host.set_rate(min(self._host_rate, host.rate * 1.5))

    def backoff(self, address: Address) -> float:
        """Seconds until that host is asked again; 0 where nothing holds it back."""
        host = self._hosts.get(_key(address))
        return max(0.0, host.not_before - monotonic()) if host is not None else 0.0

    def __len__(self) -> int:
        """Hosts remembered now."""
        return len(self._hosts)

    def enter(self, key: Key) -> _Host:
        """One more connection is meant for this host."""
        host = self._hosts.get(key)
        if host is None:
            self._forget()
            host = self._hosts[key] = _Host(self._host_rate, self._open_host)
        elif not host.users:
            self._idle.pop(key, None)
        host.users += 1
        return host

    def leave(self, key: Key, host: _Host) -> None:
        """One connection less."""
        host.users -= 1
        if not host.users:
            self._rest(key, host)

    async def wait(self, host: _Host) -> None:
        """The host's back-off, then its rate."""
        while (left := host.not_before - monotonic()) > 0:      # noqa: ASYNC110 - a time is waited for, not a state
            await asyncio.sleep(left)
        await host.gate.passage()

    def _rest(self, key: Key, host: _Host) -> None:
        host.idle_since = monotonic()
        self._idle[key] = None

    def _forget(self) -> None:
        now = monotonic()
        while self._idle:
            key = next(iter(self._idle))
            host = self._hosts[key]
            if now - host.idle_since < self._kept:
                return
            del self._idle[key]
            if host.not_before > now:                           # held back: look again later
                self._rest(key, host)
                return
            del self._hosts[key]
