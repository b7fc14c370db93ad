"""One probe lists what one server shows: `python -m tests.bench.shown PROTOCOL PORT [traced]`. Prints JSON.

`entries`, `seconds`, `first` (seconds to the first batch), `grown` (MB of listing above the process with its door open;
`traced`: of Python's own objects), `stopped` (seconds from an early stop to where all connections are closed), `left`
(connections that are open even so).
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tracemalloc
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter

from scanner.model import Ask, Asked, Batch, Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import PROBES, Door
from tests.fakes import FakeScope


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one listing."""

    entries: int
    seconds: float
    first: float
    grown: float
    stopped: float
    left: int


def opened(protocol: str, port: int) -> AbstractAsyncContextManager[Door]:
    """The door of a server on loopback."""
    net = Net(FakeScope(), pace=Pace(1e5, 1e5, 100, 16), ledger=Ledger(), limits=Limits(), identity="bench@example.org")
    probe = next((probe for probe in PROBES if probe.name == protocol), None)
    if probe is None:
        raise LookupError(f"no probe is called {protocol}")
    return probe.open(Endpoint(address=ip_address("127.0.0.1"), port=port, hint=protocol), net)


async def folder_of(door: Door) -> Ask:
    """The root, or the first share that it names."""
    root = Ask("/", Asked.ROOT)
    async with aclosing(door.list(root)) as shown:
        async for thing in shown:
            if isinstance(thing, Batch):
                return root
            if isinstance(thing, Ask) and "IPC" not in thing.path:
                return thing
    return root


async def stopped(protocol: str, port: int) -> float:
    """Seconds from a stop after the first batch to where all is closed."""
    async with opened(protocol, port) as door:
        ask = await folder_of(door)
        async with aclosing(door.list(ask)) as shown:
            async for thing in shown:
                if isinstance(thing, Batch):
                    break
            stop = perf_counter()
    return perf_counter() - stop


async def measured(protocol: str, port: int) -> Measured:
    """List all, then list and stop early."""
    sockets = _sockets()
    async with opened(protocol, port) as door:
        ask = await folder_of(door)
        before, start = _peak(), perf_counter()
        entries, first = 0, 0.0
        async for thing in door.list(ask):
            if isinstance(thing, Batch):
                first = first or perf_counter() - start
                entries += len(thing)
        seconds, grown = perf_counter() - start, _peak() - before
    stop = await stopped(protocol, port)
    return Measured(entries, seconds, first, grown, stop, _sockets() - sockets)


def _peak() -> float:
    if tracemalloc.is_tracing():
        return tracemalloc.get_traced_memory()[1] / (1 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _sockets() -> int:
    handles = Path("/proc/self/fd")
    links = [str(handle.readlink()) for handle in handles.iterdir() if handle.is_symlink()] if handles.exists() else []
    return sum(link.startswith("socket:") for link in links)


if __name__ == "__main__":
    if "traced" in sys.argv:
        tracemalloc.start()
    print(json.dumps(asdict(asyncio.run(measured(sys.argv[1], int(sys.argv[2]))))))
