"""Ordinary pages of a Debian system: which ones the kept list names, and a server that shows each as a start page.

It lists no folder ever: what is asked for below a page is its neighbours' `index.html`, or 404.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

LIST = Path(__file__).with_name("ordinary_pages.txt")
UNPACKED = os.environ.get("EARSHOT_ORDINARY_ROOT", "/")      # where packages lie that are not installed
ROOTS = (Path(UNPACKED), Path("/"))
MOST = 4 << 20
NOTHING = b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Ordinary:
    """One page. `folder` is where its neighbours lie; None: it has none."""

    kind: str
    name: str
    body: bytes
    folder: Path | None = None

    @property
    def label(self) -> str:
        """What a server calls it."""
        head = self.body.lstrip()[:1]
        return "text/html" if head == b"<" else "application/json" if head in (b"{", b"[") else "text/plain"


def wanted() -> Iterator[tuple[str, int, str]]:
    """The lines of the list: kind, how many at most, pattern."""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, most, pattern = line[:11].strip(), *line[11:].split()
            yield kind, int(most), pattern


def installed() -> list[Ordinary]:
    """The pages of the list that are there."""
    found: dict[Path, Ordinary] = {}
    for kind, most, pattern in wanted():
        paths = next(filter(None, (_matches(root, pattern) for root in ROOTS)), [])
        for path in paths[::max(1, -(-len(paths) // most))]:
            found.setdefault(path, Ordinary(kind, str(path), path.read_bytes(), path.parent))
    return list(found.values())


def _matches(root: Path, pattern: str) -> list[Path]:
    return sorted(path for path in root.glob(pattern) if path.is_file() and 0 < path.stat().st_size < MOST)


class Web:
    """One server, each page at an address of its own."""

    def __init__(self, pages: Sequence[Ordinary], port: int) -> None:
        self.port = port
        self.pages = {f"127.91.{i >> 8}.{i & 255}": page for i, page in enumerate(pages, start=1)}
        self.asked = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Web:
        self._server = await asyncio.start_server(self._converse, list(self.pages), self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            path = head.split(b" ", 2)[1].decode("latin-1")
            page = self.pages[writer.get_extra_info("sockname")[0]]
            status, label, body = answer(page, path)
            writer.write(f"HTTP/1.1 {status}\r\nServer: web\r\nContent-Type: {label}\r\n"
                         f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
        with suppress(ConnectionError):
            writer.close()


def answer(page: Ordinary, path: str) -> tuple[str, str, bytes]:
    """Status, type and body of what is answered to a path."""
    if path == "/":
        return "200 OK", page.label, page.body
    if page.folder is not None and path.endswith("/"):
        place = (page.folder / unquote(path).strip("/") / "index.html").resolve()
        if place.is_relative_to(page.folder) and place.is_file() and place.stat().st_size < MOST:
            return "200 OK", "text/html", place.read_bytes()
    return "404 Not Found", "text/html", NOTHING
