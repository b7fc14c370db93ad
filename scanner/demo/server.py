"""The replica as a process: `python -m scanner.demo.server`. Serves on loopback; contacts nobody.

Prints one line of JSON when it is ready (`{"address": …, "store": PORT, "mirror": PORT, "website": PORT}`) and one
when it ends: for each of the three the fields of `serve.Tally`.
It ends on SIGTERM or SIGINT, and with `--until-stdin-closes` when its standard input does: that is when whoever
started it is gone, however that came about.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import os
import random
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict

from scanner.demo.mirror import Mirror
from scanner.demo.serve import Clock, Door, listen
from scanner.demo.store import Store
from scanner.demo.website import Website
from scanner.demo.world import NOW, World

ADDRESS = "127.0.0.1"
MEANT_FOR_TLS = (8443, 4443, 9443, 5001, 5006, 443, 990, 993, 995)     # those that need no privilege first
MIRROR = (8080, 8081, 8088, 8090)
WEBSITE = (8000, 8008, 8888, 8200)
_FREE = range(18_000, 32_000)                # below what systems hand out to clients (Linux from 32768, others 49152)
_TRIES = 50


async def _open(door: Door, wanted: Iterable[int]) -> tuple[asyncio.Server, int]:
    """Listen at the first port that is free: of those wanted, else of some that nobody has a use for."""
    spare = random.sample(_FREE, _TRIES)     # drawn, so that two replicas do not fight for one port
    for port in (*wanted, *spare):
        try:
            return await listen(door, ADDRESS, port), port
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EPERM}:
                raise
    raise OSError(errno.EADDRINUSE, "no free port")


async def serve(stop: asyncio.Event, *, full: bool) -> None:
    """Open the three doors, say where, wait for `stop`, say what was asked."""
    clock = Clock(NOW)
    doors = {"store": Door(Store(World(full=full)), clock), "mirror": Door(Mirror(), clock),
             "website": Door(Website(), clock)}
    wanted: Mapping[str, Iterable[int]] = {"store": MEANT_FOR_TLS, "mirror": MIRROR, "website": WEBSITE}
    opened = {name: await _open(door, wanted[name]) for name, door in doors.items()}
    _say({"address": ADDRESS, **{name: port for name, (_, port) in opened.items()}})
    await stop.wait()
    for server, _ in opened.values():
        server.close()
    _say({name: asdict(door.tally) for name, door in doors.items()})


def _say(value: object) -> None:
    with suppress(BrokenPipeError):          # whoever asked may be gone
        sys.stdout.write(json.dumps(value) + "\n")
        sys.stdout.flush()


def _until_stdin_closes(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(0, 4_096):
        pass
    with suppress(RuntimeError):             # the loop has ended already
        loop.call_soon_threadsafe(stop.set)


async def run(arguments: argparse.Namespace) -> None:
    """Serve until told to stop."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: closing standard input is enough
            loop.add_signal_handler(told, stop.set)
    if arguments.until_stdin_closes:
        threading.Thread(target=_until_stdin_closes, args=(loop, stop), daemon=True).start()
    await serve(stop, full=arguments.full)


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m scanner.demo.server", description="The founding case on loopback.")
    parser.add_argument("--full", action="store_true", help="2,700,000 recordings instead of 27,000")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input ends")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
