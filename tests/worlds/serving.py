"""A world on loopback: `async with shown(world) as there`, in the loop of the test. Contacts nobody.

    there.address, there.ports           # one port a door
    there.scope()                        # the text of the scope file that its owner would write
    there.tallies                        # what each door was asked
"""

from __future__ import annotations

import errno
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from scanner.demo.serve import Clock, Door, Tally, listen
from tests import ports
from tests.scan.sites import place
from tests.worlds.pages import site
from tests.worlds.world import Behind, World

_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES, errno.EPERM})


@dataclass(frozen=True, slots=True)
class There:
    """Where a world is shown."""

    world: World
    address: str
    ports: Sequence[int]
    tallies: Sequence[Tally]

    @property
    def hosts(self) -> Mapping[str, str]:
        """What its host names resolve to."""
        return {host: self.address for door in self.world.doors for host in door.hosts}

    def scope(self) -> str:
        """A scope file with one target."""
        return scope(self.world, self.address, self.ports)


@asynccontextmanager
async def shown(world: World, address: str | None = None) -> AsyncIterator[There]:
    """Serve every door of a world, at an address that no other test uses."""
    at, clock = address or place(), Clock(world.clock)
    doors = [Door(site(door), clock) for door in world.doors]
    servers, taken = [], []
    for door, behind in zip(doors, world.doors, strict=True):
        server, port = await _open(door, at, behind)
        servers.append(server)
        taken.append(port)
    try:
        yield There(world, at, taken, [door.tally for door in doors])
    finally:
        for server in servers:
            server.close()


def scope(world: World, address: str, taken: Sequence[int]) -> str:
    """The text of a scope file for a world that is shown at an address."""
    hosts = [f"{host}:{port}" for door, port in zip(world.doors, taken, strict=True) for host in door.hosts]
    target: dict[str, Any] = {"what": [address, *hosts], "ports": list(taken), **world.target}
    return "\n".join(_lines(target))


def _lines(target: Mapping[str, Any]) -> Iterator[str]:
    yield "[[target]]"
    for key, value in target.items():
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}"       # strings and lists of them are TOML as well


async def _open(door: Door, address: str, behind: Behind) -> tuple[Any, int]:
    for port in (*behind.ports, *(ports.free(address) for _ in range(3))):
        try:
            return await listen(door, address, port), port
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
    raise OSError(errno.EADDRINUSE, "no free port")
