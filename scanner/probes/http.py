"""HTTP: whether it is spoken at a port, in clear or over TLS. What a door then does is `door`'s.

On a port where TLS fails plain HTTP is tried, and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

from scanner.errors import (
    ClientCertificateWanted,
    DeadlineError,
    NetError,
    NotThisProtocol,
    ProtocolError,
    Reset,
    TlsError,
)
from scanner.model import Ask, Endpoint, Observation
from scanner.net import Net
from scanner.probes.base import Probe
from scanner.probes.door import HttpDoor
from scanner.probes.telling import FACTS
from scanner.probes.ways import WAYS
from scanner.scope import TLS_PORTS

_ALERT = re.compile(rb"\x15\x03[\x00-\x04]")  # RFC 8446 section 6: TLS is spoken here, and it minds plain text


class Http(Probe):
    """HTTP/1.1, in clear or over TLS."""

    name = "http"
    ports: ClassVar[frozenset[int]] = frozenset()
    asks = ("GET of directories; PROPFIND where pages are refused or WebDAV is told of; HEAD where a name may be a "
            "folder; OPTIONS once where a folder is open; a Browse (POST) at media servers")
    never = "a file, a form, a password, anything that changes what lies there"
    facts = frozenset({
        "http.title", "http.head", "http.catch-all", "http.control", "listing.dialect", "listing.title", "listing.head",
        "listing.row", "listing.columns", "listing.tail", "listing.sort", "listing.rows", "listing.why", "listing.last",
        "listing.broken", "xml.root", "store.code", "store.endpoint", "store.region", "store.name",
    }).union(FACTS, *(way.facts for way in WAYS))

    @asynccontextmanager
    async def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AsyncIterator[HttpDoor]:
        """See `Probe.open`."""
        yield await _find_door(endpoint, net, only)


async def _find_door(endpoint: Endpoint, net: Net, only: Ask | None) -> HttpDoor:
    """The door with `tls` decided: each way is tried where the other fails."""
    if endpoint.tls is not None:
        door = HttpDoor(endpoint, net, only)
        await door.look()
        return door
    failed = list[NetError]()
    try:
        return await _first_door(endpoint, net, only, failed)
    finally:
        failed.clear()                   # what was raised would hold its own frame, and all that was read: a cycle


async def _first_door(endpoint: Endpoint, net: Net, only: Ask | None, failed: list[NetError]) -> HttpDoor:
    """The way that is a door; where none is, the most telling of what `failed`."""
    first = endpoint.port in TLS_PORTS
    fallback: HttpDoor | None = None
    looks = 0
    for tls in (first, not first):
        door = HttpDoor(replace(endpoint, tls=tls), net, only)
        door.looks = looks
        try:
            seen = await door.look()
        except ClientCertificateWanted:
            raise
        except (TlsError, ProtocolError, Reset, DeadlineError) as error:
            failed.append(error)
            continue
        finally:
            looks = door.looks
        if tls or first or not _wants_tls(seen):
            return door
        fallback = door
    if fallback is not None:
        fallback.looks = looks
        return fallback
    raise _most_telling(failed)


def _wants_tls(seen: Observation) -> bool:
    """A TLS port that was asked in clear answers 400, and nothing else anywhere (nginx, Apache, Go and others)."""
    return seen.facts["http.status"] in ("400", "426", "497")


def _most_telling(failed: list[NetError]) -> NetError:
    """What something else said; what went wrong in TLS, where that is spoken; else what went wrong in clear."""
    heard = [error for error in failed if isinstance(error, NotThisProtocol)]
    if any(_ALERT.match(error.said) for error in heard):
        return next((error for error in failed if isinstance(error, TlsError)), heard[0])
    heard += [NotThisProtocol(str(error), error.said) for error in failed
              if isinstance(error, TlsError) and not error.said.startswith(b"HTTP/")]
    heard = [error for error in heard if error.said]
    spoken = [error for error in failed if error.in_tls]
    plain = [error for error in failed if not isinstance(error, TlsError)]
    return (heard or spoken or plain or failed)[0]
