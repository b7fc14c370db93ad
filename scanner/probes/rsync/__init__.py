"""rsync daemons: the modules, who is let in, and the names in those that are open. No file is ever asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from scanner.model import Ask, Endpoint
from scanner.net import Net
from scanner.probes.base import Probe
from scanner.probes.rsync.door import FACTS, RsyncDoor
from scanner.probes.rsync.talk import talk


class Rsync(Probe):
    """The daemon protocol of rsync, as a stranger."""

    name = "rsync"
    ports: ClassVar[frozenset[int]] = frozenset({873})
    facts = FACTS
    asks = "the list of modules; of each that lets strangers in the list of its files"
    never = "a password, a block or a checksum of a file, anything that is written"
    tries = "modules that are not on the list"

    @asynccontextmanager
    async def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AsyncIterator[RsyncDoor]:  # noqa: ARG002
        """See `Probe.open`."""
        async with talk(net, endpoint) as greeted:
            yield RsyncDoor(endpoint, net, greeted)
