"""An FTP server for tests that shows a tree: folders by CWD, lists by LIST over passive connections, nothing else.

    async with FtpTree({"calls": {"a.wav": 5}, "shut": "550 not for you"}) as server: …     # server.port, server.told
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from tests.ports import listen

Tree = Mapping[str, Any]                     # a folder, a file of so many bytes, or a reply that refuses


class FtpTree:
    """`delay`: seconds before each list. `banner`, `welcome` and `system` are said as they are."""

    def __init__(self, tree: Tree, *, delay: float = 0.0, banner: str = "files", welcome: str = "in",
                 system: str = "UNIX Type: L8", closed: bool = False) -> None:
        self.told: list[str] = []
        self.delay = delay
        self._tree, self._banner, self._welcome, self._system = tree, banner, welcome, system
        self._login = 530 if closed else 230
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        sock = listen()
        self.port = sock.getsockname()[1]
        self._server = await asyncio.start_server(self._control, sock=sock)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
            await _Talk(self, writer).run(reader)
        writer.close()

    def at(self, path: str) -> Any:
        """What lies there; None where nothing does."""
        here: Any = self._tree
        for name in filter(None, path.split("/")):
            here = here.get(name) if isinstance(here, Mapping) else None
        return here


class _Talk:
    """One connection."""

    def __init__(self, server: FtpTree, writer: asyncio.StreamWriter) -> None:
        self._server, self._writer = server, writer
        self._here = "/"
        self._data: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
        self._over = False
        self._passive: asyncio.Server | None = None
        self._does: dict[str, Callable[[str], str]] = {
            "USER": lambda _: "331 your mail address", "PASS": lambda _: f"{server._login} {server._welcome}",
            "SYST": lambda _: f"215 {server._system}", "PWD": lambda _: f'257 "{self._here}"', "CWD": self._into,
            "TYPE": lambda _: "200 so be it", "NOOP": lambda _: "200 here", "OPTS": lambda _: "200 so be it"}

    async def run(self, reader: asyncio.StreamReader) -> None:
        await self._say(f"220 {self._server._banner}")
        try:
            while line := await reader.readline():
                verb, _, rest = line.decode(errors="replace").strip().partition(" ")
                self._server.told.append(verb)
                if verb == "EPSV":
                    await self._listen()
                elif verb == "LIST":
                    await self._list()
                else:
                    await self._say(self._does.get(verb, lambda _: "502 unknown")(rest))
                if verb == "QUIT":
                    break
        finally:
            self._over = True
            if self._passive is not None:
                self._passive.close()
            while not self._data.empty():    # of a list that never came: the client has gone, or the test has ended
                self._data.get_nowait().transport.abort()

    def _into(self, path: str) -> str:
        there = path if path.startswith("/") else f"{self._here.rstrip('/')}/{path}"
        lies = self._server.at(there)
        if not isinstance(lies, Mapping):
            return lies if isinstance(lies, str) else "550 nothing there"
        self._here = there
        return "250 here"

    async def _listen(self) -> None:
        async def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._over:
                writer.transport.abort()
            else:
                self._data.put_nowait(writer)

        sock = listen()
        self._passive = await asyncio.start_server(accepted, sock=sock)
        await self._say(f"229 Entering (|||{sock.getsockname()[1]}|)")

    async def _list(self) -> None:
        await asyncio.sleep(self._server.delay)
        await self._say("150 here it comes")
        data, lies = await self._data.get(), self._server.at(self._here)
        rows = [_row(name, value) for name, value in lies.items()] if isinstance(lies, Mapping) else []
        data.write("".join(f"{row}\r\n" for row in rows).encode())
        data.close()
        await self._say("226 done")
        if self._passive is not None:
            self._passive.close()

    async def _say(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode())
        await self._writer.drain()


def _row(name: str, value: Any) -> str:
    folder = not isinstance(value, int)
    return f"{'d' if folder else '-'}rw-r--r-- 1 ftp ftp {0 if folder else value:>12} Feb 18 2019 {name}"
