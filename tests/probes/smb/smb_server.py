"""A small SMB server for tests: it speaks just enough, and each of its answers may be another one.

    async with Scripted(shares=[("calls", 0, "Recordings")], rows={"": [row("a.wav", 5)]}) as server:
        async with server.door() as door: …
    server.heard                             # (command, message) as they came

`on[command]` is a function of the message that gives a message, bytes to be sent as they are in a `Raw`, or None:
nothing is answered. It is written from MS-SMB2, and shares nothing with the client.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

from scanner.model import Ask, Asked, Batch, Endpoint, Observation
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes.smb import Smb, SmbDoor
from tests import ports, witness
from tests.fakes import FakeScope
from tests.witness_commands import unfit_smb

OK, MORE_PROCESSING, NO_MORE_FILES = 0, 0xC0000016, 0x80000006
ACCESS_DENIED, LOGON_FAILURE, PENDING = 0xC0000022, 0xC000006D, 0x103
NEGOTIATE, SETUP, LOGOFF, TREE, LEAVE, CREATE, CLOSE, IOCTL, QUERY = 0, 1, 2, 3, 4, 5, 6, 11, 14
WROTE = 1_550_473_628                        # 2019-02-18 07:07:08 UTC


class Raw(bytes):
    """Sent as it is: no frame around it."""


Answer = bytes | Raw | None
Rule = Callable[[bytes], Answer]


def framed(message: bytes) -> bytes:
    return struct.pack(">I", len(message)) + message


def answer(asked: bytes, body: bytes = b"\x09\0\0\0\0\0\0\0\0", status: int = OK, *, session: int | None = None,
           tree: int | None = None, command: int | None = None, message: int | None = None) -> bytes:
    """A message that answers `asked`."""
    heard, number, its_tree, its_session = (*struct.unpack_from("<H10xQ", asked, 12),
                                            *struct.unpack_from("<IQ", asked, 36))
    return struct.pack(
        "<4sHHIHHIIQIIQ16s", b"\xfeSMB", 64, 1, status, heard if command is None else command, 32, 1, 0,
        number if message is None else message, 0xFEFF, its_tree if tree is None else tree,
        its_session if session is None else session, b"") + body


def negotiated(asked: bytes, *, dialect: int = 0x0311, mode: int = 1, most: int = 1 << 20) -> bytes:
    body = struct.pack("<HHHH16sIIIIQQHHI", 65, mode, dialect, 0, b"g" * 16, 4, most, most, most,
                       (WROTE + 11_644_473_600) * 10_000_000, 0, 128, 0, 0)
    return answer(asked, body)


def pairs(*of: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", number, len(value)) + value for number, value in of)


TARGET = pairs((2, "EXAMPLE".encode("utf-16-le")), (1, "FILES".encode("utf-16-le")),
               (3, "files.example.org".encode("utf-16-le")), (0, b""))


VERSION = struct.pack("<BBH4s", 10, 0, 20348, b"\0\0\0\x0f")


def challenge(info: bytes = TARGET, version: bytes = VERSION) -> bytes:
    return (b"NTLMSSP\0" + struct.pack("<IHHII", 2, 0, 0, 56, 0xA2898205) + b"01234567" + bytes(8)
            + struct.pack("<HHI", len(info), len(info), 56) + version + info)


def setup(asked: bytes, token: bytes = b"", status: int = OK, *, flags: int = 0, session: int | None = None) -> bytes:
    return answer(asked, struct.pack("<HHHH", 9, flags, 72, len(token)) + token, status, session=session)


def login_of(asked: bytes) -> str | None:
    """The user of an NTLM type 3 message; None where it is not the last word."""
    at = asked.find(b"NTLMSSP\0\x03")
    if at < 0:
        return None
    size, _, offset = struct.unpack_from("<HHI", asked, at + 36)
    return asked[at + offset:at + offset + size].decode("utf-16-le")


def row(name: str | bytes, size: int = 0, *, attributes: int = 0x20, tag: int = 0, wrote: int = WROTE) -> bytes:
    """One entry, without the offset of the next."""
    raw = name if isinstance(name, bytes) else name.encode("utf-16-le", "surrogatepass")
    ticks = (wrote + 11_644_473_600) * 10_000_000
    return struct.pack("<IIQQQQqQIII", 0, 0, 0, 0, ticks, 0, size, 0, attributes, len(raw), tag) + raw


def folder(name: str, *, attributes: int = 0x10, tag: int = 0) -> bytes:
    return row(name, attributes=attributes, tag=tag)


def page(rows: Sequence[bytes]) -> bytes:
    """Rows, chained."""
    padded = [one + b"\0" * (-len(one) % 8) for one in rows[:-1]]
    return b"".join(struct.pack("<I", len(one)) + one[4:] for one in padded) + (rows[-1] if rows else b"")


def rows_answer(asked: bytes, data: bytes, status: int = OK) -> bytes:
    return answer(asked, struct.pack("<HHI", 9, 72, len(data)) + data, status)


def pipe_answer(asked: bytes, said: bytes, status: int = OK) -> bytes:
    fixed = struct.pack("<HHI16sIIIIII", 49, 0, 0x11C017, b"", 112, 0, 112, len(said), 0, 0)
    return answer(asked, fixed + said, status)


def pdu(kind: int, body: bytes, flags: int = 3) -> bytes:
    return struct.pack("<BBBB4sHHI", 5, 0, kind, flags, b"\x10\0\0\0", 16 + len(body), 0, 2) + body


def text(value: str) -> bytes:
    raw = (value + "\0").encode("utf-16-le")
    raw = struct.pack("<III", len(raw) // 2, 0, len(raw) // 2) + raw
    return raw + b"\0" * (-len(raw) % 4)


def share_list(shares: Sequence[tuple[str, int, str]], code: int = 0, resume: int = 0) -> bytes:
    rows = b"".join(struct.pack("<III", 1, kind, 1) for _, kind, _ in shares)
    texts = b"".join(text(name) + text(comment) for name, _, comment in shares)
    stub = struct.pack("<IIIIII", 1, 1, 1, len(shares), 1, len(shares)) + rows + texts
    return pdu(2, struct.pack("<IHH", 0, 0, 0) + stub + struct.pack("<IIII", len(shares), 1, resume, code))


class Scripted:
    """One server on loopback. Its rules may be replaced: `server.on[QUERY] = lambda asked: …`."""

    def __init__(self, shares: Sequence[tuple[str, int, str]] = (("calls", 0, "Recordings"),),
                 rows: Mapping[str, Sequence[bytes]] | None = None, on: Mapping[int, Rule] | None = None,
                 greeting: bytes = b"") -> None:
        self.shares = shares
        self.rows = dict(rows or {"": [row("a.wav", 5)]})
        self.heard: list[tuple[int, bytes]] = []
        self.raw = b""                       # all that came
        self.connections = 0
        self.closed = 0
        self.on: dict[int, Rule] = {
            NEGOTIATE: negotiated, SETUP: self._setup, LOGOFF: answer, TREE: self._tree, LEAVE: answer,
            CREATE: self._create, CLOSE: self._close, IOCTL: self._pipe, QUERY: self._query, **(on or {})}
        self.old: Callable[[bytes], Answer] = lambda asked: None    # to a message of SMB 1
        self._greeting = greeting
        self._handles: dict[bytes, list[bytes]] = {}
        self._opened = 0
        self.logins: list[str] = []          # by session, from 1
        self._talks: list[Any] = []

    @asynccontextmanager
    async def door(self, **limits: Any) -> AsyncIterator[SmbDoor]:
        async with Smb().open(self.endpoint, self.net(**limits)) as door:
            yield door

    def net(self, **limits: Any) -> Net:
        self.ledger = Ledger()
        return Net(FakeScope(), pace=Pace(1e6, 1e6, 1000, 4), ledger=self.ledger, limits=Limits(**limits),
                   identity="security@example.org")

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(address=ip_address("127.0.0.1"), port=self.port)

    async def __aenter__(self) -> Self:
        listening = ports.listen()
        self.port = listening.getsockname()[1]
        self._server = await asyncio.start_server(self._converse, sock=listening)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        self._server.close()
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        if kind is None:
            witness.judge(unfit_smb(asked) for _, asked in self.heard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._talks.append(asyncio.current_task())
        writer.write(self._greeting)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readexactly(4)
                asked = await reader.readexactly(int.from_bytes(head[1:], "big"))
                self.raw += head + asked
                said = self._answer(asked)
                if said == b"":
                    break
                if said is not None:
                    writer.write(said if isinstance(said, Raw) else framed(said))
                    await writer.drain()
        self.closed += 1
        writer.transport.abort()

    def _answer(self, asked: bytes) -> Answer:
        if asked[:4] == b"\xffSMB":
            self.heard.append((-1, asked))
            return self.old(asked)
        command = struct.unpack_from("<H", asked, 12)[0]
        self.heard.append((command, asked))
        return self.on[command](asked)

    def commands(self) -> list[int]:
        return [command for command, _ in self.heard]

    def _setup(self, asked: bytes) -> bytes:
        name = login_of(asked)
        if name is not None:
            self.logins[struct.unpack_from("<Q", asked, 40)[0] - 1] = name
            return setup(asked)
        self.logins.append("?")
        return setup(asked, challenge(), MORE_PROCESSING, session=len(self.logins))

    def login(self, asked: bytes) -> str:
        """Who asks."""
        return self.logins[struct.unpack_from("<Q", asked, 40)[0] - 1]

    def _tree(self, asked: bytes) -> bytes:
        offset, size = struct.unpack_from("<HH", asked, 68)
        name = asked[offset:offset + size].decode("utf-16-le", "surrogatepass").rpartition("\\")[2]
        kinds = {share: 3 if kind == 1 else 1 for share, kind, _ in self.shares} | {"IPC$": 2}
        if name not in kinds:
            return answer(asked, status=0xC00000CC)
        return answer(asked, struct.pack("<HBBIII", 16, kinds[name], 0, 0, 0, 0x1F01FF), tree=len(self.heard))

    def _create(self, asked: bytes) -> bytes:
        offset, size = struct.unpack_from("<HH", asked, 108)
        name = asked[offset:offset + size].decode("utf-16-le", "surrogatepass")
        if name != "srvsvc" and name not in self.rows:
            return answer(asked, status=0xC0000034)
        self._opened += 1
        handle = self._opened.to_bytes(16, "little")
        self._handles[handle] = list(self.rows.get(name, ()))
        return created(asked, handle)

    def _query(self, asked: bytes) -> bytes:
        rows = self._handles[asked[72:88]]
        if not rows:
            return answer(asked, status=NO_MORE_FILES)
        now, self._handles[asked[72:88]] = rows[:500], rows[500:]
        return rows_answer(asked, page(now))

    def _close(self, asked: bytes) -> bytes:
        del self._handles[asked[72:88]]
        return answer(asked)

    def _pipe(self, asked: bytes) -> bytes:
        said = asked[120:]
        if said[2] == 11:
            return pipe_answer(asked, pdu(12, bytes(24)))
        return pipe_answer(asked, share_list(self.shares))


def created(asked: bytes, handle: bytes = b"h" * 16) -> bytes:
    return answer(asked, struct.pack("<HBBI32xQQI4x16sII", 89, 0, 0, 1, 0, 0, 0x10, handle, 0, 0))


async def shown(door: SmbDoor, path: str = "/") -> tuple[list[Ask], Batch, Observation]:
    """What an ask is answered by; its batches joined."""
    asks, whole, seen = list[Ask](), Batch(names=[], sizes=[], times=[], grain=1), None
    async for thing in door.list(Ask(path, Asked.ROOT)):
        if isinstance(thing, Ask):
            asks.append(thing)
        elif isinstance(thing, Batch):
            whole.names.extend(thing.names)
            whole.sizes.extend(thing.sizes or [])
            whole.times.extend(thing.times or [])
            whole.directories.extend(thing.directories)
        else:
            seen = thing
    assert seen is not None
    return asks, whole, seen
