"""All pages of a world printed once into one file, and shown from there: `python -m tests.bench.album FILE ADDRESS`.

Printing 2,700,000 rows takes longer than reading them, so it is done before anything is measured. The server prints
its port on a line, and ends when its standard input does. It contacts nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from scanner.demo.reply import Reply, Site
from scanner.demo.serve import Clock, Door, listen
from scanner.demo.store import Store
from tests import ports
from tests.worlds.pages import site
from tests.worlds.world import Behind, World

_PIECE = 256 * 1024
Index = dict[str, tuple[int, int]]               # folder -> where its page begins, how long it is


def printed(world: World, file: Path) -> Path:
    """Every folder of the world's first door, page after page, and beside it where each lies."""
    door, = world.doors
    shown, index = site(door), Index()
    with file.open("wb") as pages:
        for path in door.folders():
            begun = pages.tell()
            for piece in shown.page(path, 0.0).body:
                pages.write(piece)
            index[path] = (begun, pages.tell() - begun)
    about = {"clock": world.clock, "product": door.product, "ports": list(door.ports), "pages": index}
    file.with_suffix(".json").write_text(json.dumps(about))
    return file


class Album:
    """The printed pages as a site; what is no folder is answered as the world's own product does."""

    def __init__(self, file: Path, own: Site, index: Index) -> None:
        self.product = own.product
        self._own, self._index = own, index
        with file.open("rb") as pages:
            self._pages = mmap.mmap(pages.fileno(), 0, access=mmap.ACCESS_READ)

    def page(self, path: str, elapsed: float, /) -> Reply:
        """A printed page, or the product's 404."""
        if path not in self._index:
            return self._own.error(404)
        begun, length = self._index[path]
        return Reply(200, self._pieces(begun, begun + length), "text/html;charset=UTF-8")

    def error(self, status: int) -> Reply:
        """The product's page for `status`."""
        return self._own.error(status)

    def options(self) -> Reply:
        """What the product says it allows."""
        return self._own.options()

    def _pieces(self, begun: int, end: int) -> Iterator[bytes]:
        for at in range(begun, end, _PIECE):
            yield self._pages[at:min(at + _PIECE, end)]


async def show(file: Path, address: str) -> None:
    """Serve until standard input ends; then say what was asked."""
    about = json.loads(file.with_suffix(".json").read_text())
    own = Store(Behind(product=about["product"], page="apache", ports=()), about["product"])
    door = Door(Album(file, own, {path: tuple(where) for path, where in about["pages"].items()}), Clock(about["clock"]))
    server, port = await _open(door, address, about["ports"])
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, _until_stdin_closes)
    server.close()
    print(json.dumps({"directories": door.tally.directories, "files": door.tally.files}), flush=True)


async def _open(door: Door, address: str, wanted: list[int]) -> tuple[asyncio.Server, int]:
    for port in (*wanted, ports.free(address)):
        with contextlib.suppress(OSError):
            return await listen(door, address, port), port
    raise OSError("no free port")


def _until_stdin_closes() -> None:
    while os.read(0, 4_096):
        pass


if __name__ == "__main__":
    asyncio.run(show(Path(sys.argv[1]), sys.argv[2]))
