"""SSH: what a server says first (RFC 4253 section 4.2); with leave, folders over SFTP for whoever asks (`door`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import ClassVar

from scanner.errors import NotThisProtocol, ProtocolError, Reset
from scanner.model import Ask, Endpoint
from scanner.net import Net, Stream
from scanner.probes.base import Door, Probe
from scanner.probes.ssh import banner
from scanner.probes.ssh.banner import Banner, Verdict
from scanner.probes.ssh.door import SshDoor

__all__ = ["Ssh"]

_MORE = 3.0                               # seconds that the next line may take, once a line has come that is no banner
_SHOWN = 200                              # bytes of what something else said
FACTS = frozenset({"ssh.banner", "ssh.home", "ssh.methods", "ssh.none", "ssh.notice", "ssh.protocol", "ssh.sftp",
                   "ssh.software", "ssh.user", "door.how", "door.software"})


class Ssh(Probe):
    """Reads the greeting and says nothing; tries `none` where `net.ssh_user` names a user for the door."""

    name: ClassVar[str] = "ssh"
    ports: ClassVar[frozenset[int]] = frozenset({22})
    facts: ClassVar[frozenset[str]] = FACTS
    asks = "its greeting is read; with --ssh-none one user without a password, and folders by SFTP where he is let in"
    never = "a password, a key, a command, opening or reading a file"

    def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AbstractAsyncContextManager[Door]:  # noqa: ARG002
        """See `Probe.open`."""
        return _opened(endpoint, net)


@asynccontextmanager
async def _opened(endpoint: Endpoint, net: Net) -> AsyncIterator[Door]:
    user = net.ssh_user(endpoint)
    async with await net.connect(endpoint) as stream:
        greeting, first = await greet(stream)
        door = SshDoor(endpoint, net, greeting, user)
        if user is None or not greeting.modern:
            stream.close()
        else:
            await door.enter(stream, first)
        try:
            yield door
        finally:
            await door.close()


async def greet(stream: Stream) -> tuple[Banner, bytes]:
    """The greeting, and all that was read so far. `NotThisProtocol` where something else is said, and NetErrors."""
    said, told = b"", Verdict.MORE
    while data := await _next(stream, said, told):
        said += data
        match banner.search(said):
            case Banner() as found:
                return found, said
            case Verdict.BROKEN:
                raise ProtocolError("SSH: a greeting that is not of the form SSH-protocol-software")
            case Verdict.NOT_SSH:
                break
            case told:
                continue
    if not said:
        raise Reset("SSH: closed before a greeting")
    raise NotThisProtocol("no SSH: what it says first is no SSH greeting", said[:_SHOWN])


async def _next(stream: Stream, said: bytes, told: Verdict) -> bytes:
    """What comes next; nothing where it will not: at the end, or some time after a line that is no greeting."""
    if said and told is Verdict.MORE and not await stream.speaks(_MORE):
        return b""
    return await stream.read()
