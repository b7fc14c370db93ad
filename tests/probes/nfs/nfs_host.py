"""A host for tests with a portmapper, mountd, NFS 3 and NFS 4, on loopback: healthy but for what a test sets wrong.

    async with serving(Host(exports=[(b"/srv/calls", [b"*"])], tree=TREE)) as net:
        async with Nfs().open(endpoint(2049, address="127.0.0.1"), net) as door: …

Whatever port is dialled leads to the one port where all of it listens; `host.calls` says what was called.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

from scanner.errors import OutOfScope
from scanner.model import Endpoint
from scanner.net import Ledger, Limits, Net, Pace, Stream
from tests import witness
from tests.fakes import FakeScope
from tests.ports import listen
from tests.witness_commands import unfit_rpc

PORTMAP, MOUNT, NFS = 100000, 100005, 100003
DIRECTORY, FILE, LINK = 2, 1, 5
PROGRAMS = [(PORTMAP, 2, 6, 111), (MOUNT, 3, 6, 20048), (NFS, 3, 6, 2049), (NFS, 4, 6, 2049)]
Tree = dict[bytes, "Tree | int | None"]      # a folder, a file of so many bytes, or a link


def word(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def opaque(data: bytes) -> bytes:
    return word(len(data)) + data + bytes(-len(data) % 4)


def record(data: bytes) -> bytes:
    return word(0x80000000 | len(data)) + data


class Args:
    """Arguments of a call."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def word(self) -> int:
        return int.from_bytes(self.fixed(4))

    def fixed(self, size: int) -> bytes:
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def opaque(self) -> bytes:
        size = self.word()
        return self.fixed(size + -size % 4)[:size]


@dataclass
class Raw:
    """Bytes sent in place of a reply; `{xid}` in them is the call's. `hold`: the connection is left open, silent."""

    data: bytes
    hold: bool = False


@dataclass
class StatusError(Exception):
    """A status in place of a result."""

    code: int


Handler = Callable[[Args], "bytes | Raw"]


@dataclass
class Host:
    """What it serves. `handlers` answer in place of the healthy ones, by (program, version, procedure)."""

    exports: list[tuple[bytes, list[bytes]]] = field(default_factory=list)
    tree: Tree = field(default_factory=dict)
    programs: list[tuple[int, int, int, int]] = field(default_factory=lambda: list(PROGRAMS))
    versions: tuple[int, ...] = (3, 4)
    minor: int = 0                           # of version 4
    session: int = 0                         # the sequence of the session, from 4.1 on; -1: there is none
    system: Callable[[bytes], int] | None = None     # which file system a path lies in, where exports are not all
    flavours: tuple[int, ...] = (1,)
    page: int = 50                           # rows of an answer
    handlers: dict[tuple[int, int, int], Handler] = field(default_factory=dict)
    operations: dict[int, Callable[[bytes, Args], tuple[bytes, bytes]]] = field(default_factory=dict)
    calls: list[tuple[int, int, int]] = field(default_factory=list)
    credentials: set[bytes] = field(default_factory=set)

    def answer(self, message: bytes) -> bytes | Raw:
        """The bytes of a reply to a call."""
        args = Args(message)
        xid, _, _, program, version, procedure = (args.word() for _ in range(6))
        self.calls.append((program, version, procedure))
        flavour = args.word()
        self.credentials.add(word(flavour) + args.opaque())
        args.fixed(8)
        head = word(xid, 1, 0, 0, 0)
        if program == NFS and version not in self.versions:
            return record(head + word(2, min(self.versions), max(self.versions)))
        handler = self.handlers.get((program, version, procedure)) or self._healthy(program, version, procedure)
        if handler is None:
            return record(head + word(3 if program in (PORTMAP, MOUNT, NFS) else 1))
        try:
            result = handler(args)
        except StatusError as status:
            result = word(status.code, 0) if program == NFS else word(status.code)
        if isinstance(result, Raw):
            return replace(result, data=result.data.replace(b"{xid}", word(xid)))
        return record(head + word(0) + result)

    def _healthy(self, *call: int) -> Handler | None:
        return {(PORTMAP, 2, 4): self._dump, (PORTMAP, 2, 3): self._getport, (MOUNT, 3, 5): self._export,
                (MOUNT, 3, 1): self._mnt, (MOUNT, 3, 3): lambda args: b"", (NFS, 3, 0): lambda args: b"",
                (NFS, 3, 1): self._getattr, (NFS, 3, 3): self._lookup, (NFS, 3, 16): self._readdir,
                (NFS, 3, 17): self._readdirplus, (NFS, 4, 1): self._compound}.get(call)  # type: ignore[call-overload]

    def at(self, path: bytes) -> Tree | int | None:
        """What lies at a path of the tree; `StatusError` NOENT where nothing does."""
        here: Tree | int | None = self.tree
        for name in filter(None, path.split(b"/")):
            if not isinstance(here, dict) or name not in here:
                raise StatusError(2)
            here = here[name]
        return here

    def _dump(self, args: Args) -> bytes:
        return b"".join(word(1, *program) for program in self.programs) + word(0)

    def _getport(self, args: Args) -> bytes:
        program, version = args.word(), args.word()
        return word(next((port for number, v, _, port in self.programs if (number, v) == (program, version)), 0))

    def _export(self, args: Args) -> bytes:
        return b"".join(
            word(1) + opaque(path) + b"".join(word(1) + opaque(client) for client in clients) + word(0)
            for path, clients in self.exports) + word(0)

    def _mnt(self, args: Args) -> bytes:
        path = args.opaque()
        if path not in [export for export, _ in self.exports]:
            raise StatusError(13)
        return word(0) + opaque(path) + word(len(self.flavours), *self.flavours)

    def _getattr(self, args: Args) -> bytes:
        path = args.opaque()
        return word(0) + attributes(self.at(path), path)

    def _lookup(self, args: Args) -> bytes:
        path = args.opaque() + b"/" + args.opaque()
        return word(0) + opaque(path) + word(1) + attributes(self.at(path), path) + word(0)

    def _rows(self, args: Args) -> tuple[list[tuple[int, bytes, Tree | int | None, bytes]], bool]:
        path = args.opaque()
        here = self.at(path)
        if not isinstance(here, dict):
            raise StatusError(20)
        args.fixed(4)
        begin = args.word()
        rows = [(i, name, value, path + b"/" + name) for i, (name, value) in enumerate(
            [(b".", here), (b"..", here), *here.items()], 1)]
        return rows[begin:begin + self.page], begin + self.page >= len(rows)

    def _readdir(self, args: Args) -> bytes:
        rows, last = self._rows(args)
        shown = b"".join(word(1, 0, i) + opaque(name) + word(0, i) for i, name, _, _ in rows)
        return word(0, 0) + bytes(8) + shown + word(0, last)

    def _readdirplus(self, args: Args) -> bytes:
        rows, last = self._rows(args)
        shown = b"".join(word(1, 0, i) + opaque(name) + word(0, i, 1) + attributes(value, path) + word(1) + opaque(path)
                         for i, name, value, path in rows)
        return word(0, 0) + bytes(8) + shown + word(0, last)

    def _compound(self, args: Args) -> bytes:
        args.opaque()
        if args.word() != self.minor:
            return word(10021) + opaque(b"") + word(0)
        path, done = b"", []
        for _ in range(args.word()):
            operation = args.word()
            try:
                path, result = self.operations.get(operation, self._operation(operation))(path, args)
            except StatusError as status:
                done.append(word(operation, status.code))
                return word(status.code) + opaque(b"") + word(len(done)) + b"".join(done)
            done.append(word(operation, 0) + result)
        return word(0) + opaque(b"") + word(len(done)) + b"".join(done)

    def _operation(self, operation: int) -> Callable[[bytes, Args], tuple[bytes, bytes]]:
        return {24: lambda path, args: (b"", b""), 22: lambda path, args: (args.opaque(), b""), 15: self._into,
                10: lambda path, args: (path, opaque(path)), 9: self._attributes4, 26: self._readdir4,
                42: self._known, 43: self._begin, 53: self._sequence, 44: self._end,
                57: lambda path, args: (b"", args.fixed(8)[:0])}[operation]

    def _known(self, path: bytes, args: Args) -> tuple[bytes, bytes]:
        args.fixed(8)
        assert args.opaque().startswith(b"earshot ")
        args.fixed(12)
        return b"", word(0, 9, 1, 0, 0, 0, 0) + opaque(b"major") + opaque(b"scope") + word(1) + opaque(
            b"example.org") + opaque(b"Filer 9") + bytes(12)

    def _begin(self, path: bytes, args: Args) -> tuple[bytes, bytes]:
        args.fixed(8 + 8 + 2 * 28 + 12)
        self.session = 0
        channel = word(0, 16384, 8192, 1024, 5, 1, 0)
        return b"", b"S" * 16 + word(1, 0) + channel * 2

    def _sequence(self, path: bytes, args: Args) -> tuple[bytes, bytes]:
        args.fixed(16)
        sequence = args.word()
        args.fixed(12)
        if self.session < 0:
            raise StatusError(10052)
        assert sequence == self.session + 1
        self.session = sequence
        return b"", b"S" * 16 + word(sequence, 0, 0, 0, 0)

    def _end(self, path: bytes, args: Args) -> tuple[bytes, bytes]:
        args.fixed(16)
        self.session = -1
        return b"", b""

    def _into(self, path: bytes, args: Args) -> tuple[bytes, bytes]:
        path += b"/" + args.opaque()
        if not isinstance(self.at(path), dict):
            raise StatusError(20)
        return path, b""

    def _attributes4(self, path: bytes, args: Args) -> tuple[bytes, bytes]:
        asked = [args.word() for _ in range(args.word())]
        return path, self.attributes4(path, asked)

    def attributes4(self, path: bytes, asked: list[int]) -> bytes:
        """fattr4. What lies in an export is of another file system than what leads there."""
        value = self.at(path)
        exported = any(path == export or path.startswith(export + b"/") for export, _ in self.exports)
        inside = self.system(path) if self.system else int(exported)
        known = {1: word(kind(value)), 4: struct.pack(">Q", value if isinstance(value, int) else 7),
                 8: struct.pack(">QQ", inside, 0), 11: word(0), 20: struct.pack(">Q", fileid(path)),
                 52: struct.pack(">qI", TIME, 2), 53: struct.pack(">qI", TIME, 1)}
        wanted = [n for n in sorted(known) if n // 32 < len(asked) and asked[n // 32] >> n % 32 & 1]
        bits = [sum(1 << n % 32 for n in wanted if n // 32 == at) for at in range(2)]
        return word(2, *bits) + opaque(b"".join(known[n] for n in wanted))

    def _readdir4(self, path: bytes, args: Args) -> tuple[bytes, bytes]:
        here = self.at(path)
        args.fixed(4)
        begin = args.word()
        args.fixed(16)
        asked = [args.word() for _ in range(args.word())]
        names = list(here) if isinstance(here, dict) else []
        rows = b"".join(word(1, 0, i) + opaque(name) + self.attributes4(path + b"/" + name, asked)
                        for i, name in enumerate(names[begin:begin + self.page], begin + 1))
        return path, bytes(8) + rows + word(0, begin + self.page >= len(names))


TIME = 1550478612


def kind(value: Tree | int | None) -> int:
    return DIRECTORY if isinstance(value, dict) else LINK if value is None else FILE


def fileid(path: bytes) -> int:
    return sum(path) + len(path) << 8


def attributes(value: Tree | int | None, path: bytes) -> bytes:
    """fattr3."""
    size = value if isinstance(value, int) else 7
    return word(kind(value), 0o644, 1, 0, 0) + struct.pack(">5Q", size, size, 0, 1, fileid(path)) + word(
        0, 0, TIME, 1, TIME, 2)


class Led(Net):
    """A Net whose dials all lead to one port, once the scope has allowed the one that was meant."""

    def __init__(self, port: int, scope: FakeScope, limits: Limits) -> None:
        super().__init__(scope, pace=Pace(1e6, 1e6, 1000, 4), ledger=Ledger(), limits=limits, identity=None)
        self.port = port
        self.dialled: list[int] = []

    async def connect(self, endpoint: Endpoint, *, protocol: str | None = None, places: int = 1,
                      beside: Stream | None = None) -> Stream:
        if beside is None and not self.scope.decide(endpoint.address, endpoint.port).allowed:
            raise OutOfScope(f"{endpoint.authority}: not in the scope")
        self.dialled.append(endpoint.port)
        return await super().connect(replace(endpoint, port=self.port), protocol=protocol, places=places, beside=beside)


@contextlib.asynccontextmanager
async def listening(host: Host, address: str = "127.0.0.1") -> AsyncIterator[int]:
    """Serve a host, all of it at one port, which is given."""
    sock = listen(address)
    tasks: set[asyncio.Task[None]] = set()
    heard: list[str | None] = []

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                size = int.from_bytes(await reader.readexactly(4)) & 0x7FFFFFFF
                message = await reader.readexactly(size)
                heard.append(unfit_rpc(message))
                answer = host.answer(message)
                writer.write(answer.data if isinstance(answer, Raw) else answer)
                await writer.drain()
                if isinstance(answer, Raw):
                    await asyncio.sleep(30 if answer.hold else 0)
                    break
        writer.close()

    server = await asyncio.start_server(client, sock=sock)
    try:
        yield sock.getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    witness.judge(heard)


@contextlib.asynccontextmanager
async def serving(host: Host, *, scope: FakeScope | None = None, limits: Limits | None = None) -> AsyncIterator[Led]:
    """Serve a host; gives the net that leads to it."""
    async with listening(host) as port:
        yield Led(port, scope or FakeScope(), limits or Limits())
