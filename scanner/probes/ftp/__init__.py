"""FTP and FTPS: whether it is spoken at a port, and how a stranger gets in. What a door then does is `door`'s."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from scanner.model import Ask, Endpoint
from scanner.net import Net
from scanner.probes.base import Probe
from scanner.probes.ftp.door import FtpDoor
from scanner.probes.ftp.ladder import IMPLICIT_PORT, climb
from scanner.probes.ftp.telling import FACTS


class Ftp(Probe):
    """FTP (RFC 959), in clear or over TLS (RFC 4217)."""

    name = "ftp"
    ports: ClassVar[frozenset[int]] = frozenset({21, 2121, IMPLICIT_PORT})
    facts = FACTS
    asks = "a login as anonymous with the contact as password, in TLS where the server wants that; the names in folders"
    never = "another login, a file, anything that is stored, data from or to another host"

    @asynccontextmanager
    async def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AsyncIterator[FtpDoor]:  # noqa: ARG002  a scope of buckets names no FTP
        """See `Probe.open`."""
        door = FtpDoor(endpoint, net, await climb(endpoint, net))
        try:
            yield door
        finally:
            await door.close()
