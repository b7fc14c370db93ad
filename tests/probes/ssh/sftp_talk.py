"""The other side of SFTP: a folder tree that answers packets, writes down which came, and may be told to misbehave."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncssh

from tests import witness
from tests.ports import listen
from tests.probes.ssh.ssh_inside import Asked
from tests.probes.ssh.test_ssh_sftp import names, row, text
from tests.witness_commands import unfit_sftp

INIT, CLOSE, OPENDIR, READDIR, REALPATH = 1, 4, 11, 12, 16
STATUS, HANDLE, NAME = 101, 102, 104
Answer = Callable[[int, int, bytes], "bytes | None"]
"""Kind, number, first string of a request; the packet in answer, None for silence."""


def packet(kind: int, number: int, rest: bytes) -> bytes:
    return struct.pack(">IBI", 5 + len(rest), kind, number) + rest


def status(number: int, code: int) -> bytes:
    return packet(STATUS, number, struct.pack(">I", code) + text(b"in words") + text(b"en"))


class Tree:
    """Folders by path: rows, in packets of so many."""

    def __init__(self, folders: dict[bytes, list[bytes]], *, home: bytes = b"/", each: int = 100) -> None:
        self.folders = folders
        self.home = home
        self.each = each
        self.open: dict[bytes, list[bytes]] = {}
        self.asked: list[int] = []
        self.paths: list[bytes] = []

    def answer(self, kind: int, number: int, about: bytes) -> bytes | None:
        self.asked.append(kind)
        match kind:
            case 1:
                return packet(2, 3, text(b"posix-rename@openssh.com") + text(b"1"))
            case 16:
                return packet(NAME, number, names(row(self.home)))
            case 11:
                return self._opened(number, about)
            case 12:
                rows, self.open[about] = self.open[about][:self.each], self.open[about][self.each:]
                return packet(NAME, number, names(*rows)) if rows else status(number, 1)
            case 4:
                del self.open[about]
                return status(number, 0)
        return status(number, 8)

    def _opened(self, number: int, path: bytes) -> bytes:
        self.paths.append(path)
        rows = self.folders.get(path)
        if rows is None:
            return status(number, 3)
        handle = b"h%d" % number
        self.open[handle] = list(rows)
        return packet(HANDLE, number, text(handle))


class Session(asyncssh.SSHServerSession[bytes]):
    """A session whose SFTP subsystem answers so, one packet for one."""

    def __init__(self, answer: Answer, chatter: bytes, heard: list[str | None]) -> None:
        self._answer = answer
        self._heard = heard
        self._chatter = chatter
        self._come = b""

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._chan = chan

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp"

    def session_started(self) -> None:
        self._chan.write(self._chatter)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        self._come += data
        while len(self._come) >= 4 and len(self._come) >= (end := 4 + int.from_bytes(self._come[:4], "big")):
            asked, self._come = self._come[4:end], self._come[end:]
            self._heard.append(unfit_sftp(asked[0]))
            told = self._answer(asked[0], int.from_bytes(asked[1:5], "big"), asked[9:])
            if told is not None:
                self._chan.write(told)


class Server(Asked):
    """Lets `anonymous` in, to such sessions."""

    def __init__(self, tried: list[str], answer: Answer, chatter: bytes, heard: list[str | None]) -> None:
        super().__init__(frozenset({"anonymous"}), tried)
        self._session = (answer, chatter, heard)

    def session_requested(self) -> Session:
        return Session(*self._session)


@asynccontextmanager
async def talking(answer: Answer, *, chatter: bytes = b"") -> AsyncIterator[tuple[int, list[str]]]:
    """A server whose SFTP subsystem answers so; `chatter` is said before the first answer."""
    tried: list[str] = []
    heard: list[str | None] = []
    sock = listen()
    acceptor = await asyncssh.listen(
        sock=sock, server_factory=lambda: Server(tried, answer, chatter, heard), encoding=None,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")])
    try:
        yield int(sock.getsockname()[1]), tried
    finally:
        acceptor.close()
        await asyncio.wait_for(acceptor.wait_closed(), 5)
    witness.judge(heard)
