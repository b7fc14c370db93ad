"""Doors of TLS: the page that all of them show, how briefly a scan searches them, and the names that they have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from scanner.net import Limits
from tests.hostile.behaviour import Host, Hosting
from tests.hostile.harness import LIMITS, PROFILE
from tests.hostile.serving import NOT_FOUND, folder, ok

PAGE = ok(folder(12), "Server: nginx/1.24.0", "Connection: close")
SEEN = frozenset({"found"})
STRANGER = SEEN | {"out-of-scope"}           # the certificate names somebody who is not in the scope
_FEW = replace(PROFILE, silent_requests=3)   # a door costs few handshakes
_PATIENT = Limits(connect=10, first_byte=20, total=20, page_bytes=64 * 1024)      # on a busy machine
_NAMES: dict[str, str] = {}                  # of all doors: it stands in the place of a resolver


def page(path: str) -> bytes:
    """The answer to a path: a listing at the root, and nothing else."""
    return PAGE if path == "/" else NOT_FOUND


def brief(hosting: Hosting, name: str | None = None, *, patient: bool = True) -> Hosting:
    """The same, searched briefly; where it has a name, asked by that as well. `patient`: with time for whatever comes.
    """
    @asynccontextmanager
    async def host() -> AsyncIterator[Host]:
        async with hosting() as made:
            made.session = {"profile": _FEW, "names": _NAMES, "limits": _PATIENT if patient else LIMITS}
            if name is not None:
                (address, port), = made.doors
                _NAMES[name] = address
                made.targets = (*made.targets, f"https://{name}:{port}/")
            yield made

    return host
