"""SMB 2 and 3: whether they are spoken at a port, and how a stranger is let in. What a door then does is `door`'s."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from scanner.model import Ask, Endpoint
from scanner.net import Net
from scanner.probes.base import Probe
from scanner.probes.smb.door import SmbDoor
from scanner.probes.smb.telling import FACTS

__all__ = ["Smb", "SmbDoor"]


class Smb(Probe):
    """SMB 2.0.2 to 3.1.1, over TCP alone or in a NetBIOS session."""

    name = "smb"
    ports: ClassVar[frozenset[int]] = frozenset({139, 445})
    facts = FACTS
    asks = ("a session without a name and one as Guest; the list of shares; the names in folders; in SMB 1 only "
            "whether it is spoken")
    never = "a password that is not empty, a name of this machine, opening or reading a file, where a referral leads"
    tries = "shares where the list of them is refused"
    silent = True

    @asynccontextmanager
    async def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AsyncIterator[SmbDoor]:  # noqa: ARG002  what the owner wrote is asked for as anything else
        """See `Probe.open`."""
        door = SmbDoor(endpoint, net)
        try:
            await door.open()
            yield door
        finally:
            await door.close()
