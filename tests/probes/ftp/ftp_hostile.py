"""An FTP server on loopback that answers whatever a test wants, and what a stranger gets from it.

    async with Nasty({"EPSV": b"229 (|||22|)"}) as server: await server.walk("/")
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from scanner.errors import NetError
from scanner.model import Ask, Asked, Batch, Endpoint, Entry, Observation
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Ftp
from tests import witness
from tests.fakes import FakeScope
from tests.ports import listen
from tests.witness_commands import unfit_line

Says = Callable[[asyncio.StreamWriter], Awaitable[None]]
QUICK = Limits(connect=5.0, first_byte=2.0, total=5.0, page_bytes=64 * 1024, listing_bytes=256 * 1024)
USUAL = {
    "": "220 ready", "USER": "331 password", "PASS": "230 in", "FEAT": "211-F\r\n MLST type*;\r\n211 End",
    "SYST": "215 UNIX", "PWD": '257 "/"', "CWD": "250 there", "MLSD": "150 here", "LIST": "150 here",
    "NLST": "150 here", "QUIT": "221 bye", "OPTS": "200 on", "PBSZ": "200 ok", "PROT": "200 ok"}
ROWS = b"type=file;size=1; a.wav\r\ntype=file;size=2; b.wav\r\n"


@dataclass
class Got:
    """What came of one ask."""

    entries: list[Entry] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    answer: Observation | None = None
    error: NetError | None = None

    @property
    def names(self) -> list[bytes]:
        return [entry.name for entry in self.entries]


async def forever(writer: asyncio.StreamWriter, piece: bytes, pause: float = 0.0) -> None:
    """The same again and again, until the other side has had enough."""
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


class Nasty:
    """`answers` by verb ("" greets): text, bytes, or what writes them; `data` is what a list is, `final` ends it."""

    def __init__(self, answers: Mapping[str, str | bytes | Says] | None = None, *, data: bytes | Says = ROWS,
                 final: str | Says | None = "226 done", limits: Limits = QUICK) -> None:
        self.answers: dict[str, str | bytes | Says] = {**USUAL, **(answers or {})}
        self.data, self.final, self.limits = data, final, limits
        self.told: list[bytes] = []
        self.greeted, self._talking = 0, 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        sock, self._data_sock = listen(), listen()
        self.port, self.data_port = sock.getsockname()[1], self._data_sock.getsockname()[1]
        self.answers.setdefault("EPSV", f"229 Extended (|||{self.data_port}|)")
        self.answers.setdefault("PASV", f"227 Passive (10,9,8,7,{self.data_port >> 8},{self.data_port & 255})")
        self._accepted: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
        self._servers = [await asyncio.start_server(self._control, sock=sock),
                         await asyncio.start_server(self._accept, sock=self._data_sock)]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while not self._accepted.empty():                    # nobody asked for a list over it
            self._accepted.get_nowait().transport.abort()
        if kind is None:
            witness.judge(unfit_line("ftp", line) for line in self.told)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._accepted.put(writer)

    async def _control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.greeted += 1
        self._talking += 1
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._say(writer, self.answers[""])
            while line := await reader.readline():
                if line.startswith(b"\x16\x03"):             # TLS, which is not spoken here
                    break
                self.told.append(line.removesuffix(b"\r\n"))
                verb = line.split()[0].decode("latin-1")
                while verb == "EPSV" and self._talking == 1 and not self._accepted.empty():
                    self._accepted.get_nowait().close()      # of a list that was refused; of others nobody knows whose
                await self._say(writer, self.answers.get(verb, "502 unknown"))
                if verb in ("MLSD", "LIST", "NLST") and str(self.answers[verb]).startswith("150"):
                    await self._list(writer)
                if verb == "QUIT":
                    break
        self._talking -= 1
        writer.close()

    async def _list(self, writer: asyncio.StreamWriter) -> None:
        data = await self._accepted.get()
        try:
            with contextlib.suppress(OSError):
                if isinstance(self.data, bytes):
                    data.write(self.data)
                    await data.drain()
                else:
                    await self.data(data)
        finally:
            data.close()
        if self.final is not None:
            await self._say(writer, self.final)

    async def _say(self, writer: asyncio.StreamWriter, what: str | bytes | Says) -> None:
        if callable(what):
            await what(writer)
        else:
            writer.write(what.encode() + b"\r\n" if isinstance(what, str) else what)
            await writer.drain()

    @contextlib.asynccontextmanager
    async def door(self, *, tls: bool | None = None, places: int = 4):
        net = Net(FakeScope(), pace=Pace(1e6, 1e6, 100, places), ledger=Ledger(), limits=self.limits, identity=None)
        there = Endpoint(address=ip_address("127.0.0.1"), port=self.port, hint="ftp", tls=tls)
        async with Ftp().open(there, net) as door:
            yield door

    async def walk(self, *paths: str) -> list[Got]:
        """What comes of asking for each path in turn, at one door."""
        async with self.door() as door:
            return [await asked(door, path) for path in paths]

    def verbs(self) -> Sequence[str]:
        """What was told, without arguments."""
        return [line.split(b" ")[0].decode("latin-1") for line in self.told]


async def asked(door, path: str) -> Got:
    """What comes of one ask."""
    got = Got()
    try:
        async with contextlib.aclosing(door.list(Ask(path, Asked.ROOT))) as answer:
            async for shown in answer:
                if isinstance(shown, Batch):
                    got.entries += shown.entries()
                elif isinstance(shown, Ask):
                    got.asks.append(shown)
                else:
                    got.answer = shown
    except NetError as error:
        got.error = error
    return got
