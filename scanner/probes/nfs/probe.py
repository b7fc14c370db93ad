"""The probe of NFS 3 and 4: at its own port it finds the exports, at the portmapper's it finds where NFS is.

Own client, TCP only, as nobody, from whatever port the system gives: nothing here is ever read, written or followed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from scanner.errors import OutOfScope
from scanner.model import Access, Ask, Doubt, Endpoint, Observation, Reason
from scanner.net import Net
from scanner.probes.base import Door, Probe, Shown
from scanner.probes.nfs import portmap
from scanner.probes.nfs.door import NfsDoor
from scanner.probes.nfs.found import PORT, find
from scanner.probes.nfs.line import Line
from scanner.probes.nfs.portmap import Program
from scanner.probes.nfs.portmapper import programs
from scanner.probes.nfs.procedures import NFS


class Nfs(Probe):
    """Opens NFS at an endpoint, as a stranger."""

    name = "nfs"
    ports = frozenset({portmap.PORT, PORT})
    asks = "programs of a portmapper; exports and who may mount them; the names in folders, as uid and gid 65534"
    never = "another user, a port of ours below 1024, opening or reading a file"
    facts = frozenset({
        "door.how", "door.software", "listing.unreadable", "nfs.clients", "nfs.export", "nfs.flavors", "nfs.mount",
        "nfs.programs", "nfs.versions",
    })

    def __init__(self, xid: int | None = None) -> None:
        """`xid`: where the numbers of calls begin; by chance where none is given."""
        self._xid = xid

    @asynccontextmanager
    async def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AsyncIterator[Door]:  # noqa: ARG002
        """The door, or a portmapper's that says where it is. `NetError`."""
        there = replace(endpoint, tls=False, scheme="nfs")
        async with Line(net, there, self._xid) as line:
            if endpoint.port == portmap.PORT:
                told = await programs(line)
                door = await _by_portmapper(line, there, net, told)
            else:
                door = NfsDoor(there, await find(line, endpoint.port), net.limits)
            door.looks = line.dials
            try:
                yield door
            finally:
                await door.leave()


class PortmapperDoor(Door):
    """A portmapper that leads to no door of its own: it is named, and what it says is kept."""

    protocol = "nfs"

    def __init__(self, endpoint: Endpoint, told: list[Program], doubt: Doubt | None) -> None:
        self.endpoint = endpoint
        self._facts = {"nfs.programs": portmap.said(told)} if told else {}
        self._doubt = doubt

    async def look(self) -> Observation:
        """Its programs."""
        return self._seen("/")

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """No list of files."""
        yield self._seen(ask.path)

    async def leave(self) -> None:
        """Nothing was begun."""

    def _seen(self, path: str) -> Observation:
        return self.observed(path, Access.NONE, self._facts, self._doubt)


async def _by_portmapper(line: Line, there: Endpoint, net: Net, told: list[Program]) -> NfsDoor | PortmapperDoor:
    """The door where the portmapper says that NFS is; at NFS's own port the scan asks by itself."""
    port = portmap.port_of(told, NFS, 4) or portmap.port_of(told, NFS, 3)
    if port is None:
        named = f" ({portmap.said(told)})" if told else ""
        none = "NFS over UDP alone, which is not asked" if any(one.number == NFS for one in told) else "no NFS"
        return PortmapperDoor(there, told, (Reason.RECOGNISED, f"portmapper: {none}{named}"))
    if not portmap.is_port(port):
        doubt = Reason.PROTOCOL, f"the portmapper tells port {port} for NFS, which is none"
        return PortmapperDoor(there, told, doubt)
    if port == PORT:
        permitted = net.scope.decide(there.address, PORT).allowed
        elsewhere = Reason.OUT_OF_SCOPE, f"NFS is at port {PORT}, not in the scope"
        return PortmapperDoor(there, told, None if permitted else elsewhere)
    try:
        found = await find(line, port, told)
    except OutOfScope:
        return PortmapperDoor(there, told, (Reason.OUT_OF_SCOPE, f"NFS is at port {port}, not in the scope"))
    return NfsDoor(replace(there, port=port), found, net.limits)
