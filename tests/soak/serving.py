"""The fleet on loopback, in processes of its own: `with Serving(fleet) as there`. Each endpoint has its own address.

    there.targets                        # the range of addresses, as a target is written
    there.port
    there.end()                          # what each process was asked
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import os
import random
import resource
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from tests import ports, witness
from tests.scan.sites import Site
from tests.soak.fleet import Fleet, Kind
from tests.soak.place import Place

SPARE = 200                                  # files of a process that are not sockets which listen
_LISTENING = 4_000                           # sockets of one process, so that the usual limits of files do
_RESET = struct.pack("ii", 1, 0)


class Serving:
    """All of a fleet, ready once entered."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.place = Place(random.randrange(130, 240), ports.free("127.0.0.1"))
        self._parts: list[subprocess.Popen[str]] = []

    @property
    def port(self) -> int:
        """The one port of all of them."""
        return self.place.port

    @property
    def targets(self) -> str:
        """The addresses, as a target."""
        return f"{self.place.address(0)}-{self.place.address(self.fleet.endpoints - 1)}"

    def __enter__(self) -> Self:
        parts = max(1, -(-self.fleet.endpoints // _LISTENING))
        for part in range(parts):
            about = {"fleet": asdict(self.fleet), "place": asdict(self.place), "part": part, "parts": parts}
            self._parts.append(subprocess.Popen(
                [sys.executable, "-m", "tests.soak.serving", json.dumps(about)], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, text=True))
        for process in self._parts:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise SystemExit("the fleet could not be served")
        return self

    def end(self) -> list[dict[str, Any]]:
        """Serve no more; what was asked of each part."""
        told, self._parts = [process.communicate()[0] for process in self._parts], []
        return [json.loads(text) for text in told]

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for process in self._parts:
            process.kill()
            process.wait()


class Resets(asyncio.Protocol):
    """Cuts a connection off at once, or after the first bytes; by turns."""

    _turns = itertools.count()

    def connection_made(self, transport: Any) -> None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        if next(self._turns) % 2:
            transport.abort()
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.abort()


async def serve(fleet: Fleet, place: Place, numbers: range) -> dict[str, Any]:
    """These endpoints, until standard input ends."""
    loop, sites = asyncio.get_running_loop(), []
    for number in numbers:
        kind, address = fleet.kind(number), place.address(number)
        if kind is Kind.HANG:
            await loop.create_server(asyncio.Protocol, address, place.port)
        elif kind is Kind.RESET:
            await loop.create_server(Resets, address, place.port)
        else:
            sites.append(await Site(fleet.tree(number)).start(address, place.port))
    gc.freeze()
    print("ready", flush=True)
    await loop.run_in_executor(None, _until_stdin_closes)
    asked = [one for site in sites for one in site.asked]
    unfit = sorted({why for one in asked if (why := witness.unfit(one.verb, one.path, one.body)) is not None})
    return {"asked": len(asked), "unfit": unfit[:10]}


def _until_stdin_closes() -> None:
    while os.read(0, 4_096):
        pass


def main(about: dict[str, Any]) -> None:
    """One part of a fleet."""
    fleet, place = Fleet(**about["fleet"]), Place(**about["place"])
    with suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)      # clients that reset are no news
    told = loop.run_until_complete(serve(fleet, place, range(about["part"], fleet.endpoints, about["parts"])))
    print(json.dumps(told), flush=True)
    os._exit(0)                                      # thousands of sockets need no farewell


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
