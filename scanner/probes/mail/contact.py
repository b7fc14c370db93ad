"""The first contact with a mail server: in TLS at the ports that are for it, in clear elsewhere and where TLS fails.

It hands out an open connection on which nothing has been said. What a greeting means is its caller's.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from scanner.errors import (
    ClientCertificateWanted,
    DeadlineError,
    NetError,
    NotThisProtocol,
    ProtocolError,
    Reset,
    TlsError,
)
from scanner.model import Endpoint
from scanner.net import Net, Stream
from scanner.net.dial import server_name
from scanner.probes.foreign import first_words

T = TypeVar("T")
_LONGEST = 500                            # characters of what a server says of itself
_CLEAR = frozenset({110, 143})            # where nothing but clear is usual
_SIGN = 2                                 # bytes that tell another protocol
_UNSEEN = re.compile(r"\s+")


class SilentError(DeadlineError):
    """Connected, and not greeted."""


@dataclass(frozen=True, slots=True)
class Called:
    """An open connection and how it came about."""

    stream: Stream
    tls: bool
    misplaced: bool                       # TLS was tried first, as the port is for it, and failed


async def called(net: Net, endpoint: Endpoint, tls_ports: frozenset[int],
                 spoken: Callable[[Called], Awaitable[T]]) -> T:
    """What `spoken` makes of the connection. Where TLS fails it is called again, with one in clear.

    At a port that is for neither, what is silent in clear may wait for TLS. Where neither way is the protocol, the
    error says what came in clear, else why the first failed.
    """
    first = endpoint.tls if endpoint.tls is not None else endpoint.port in tls_ports
    try:
        return await _with(net, replace(endpoint, tls=first), spoken, misplaced=False)
    except (ClientCertificateWanted, NotThisProtocol):
        raise
    except (TlsError, Reset, SilentError) as failed:
        silent = isinstance(failed, SilentError)
        other_way = not silent if first else silent and endpoint.port not in _CLEAR
        if endpoint.tls is not None or not other_way:
            raise
        tried = failed
    try:
        return await _with(net, replace(endpoint, tls=not first), spoken, misplaced=first)
    except NotThisProtocol as other:
        if other.said:
            raise
        raise tried from other
    except (ProtocolError, TlsError, DeadlineError, Reset) as other:
        raise tried from other


async def _with(net: Net, endpoint: Endpoint, spoken: Callable[[Called], Awaitable[T]], *, misplaced: bool) -> T:
    stream = await net.connect(endpoint)
    try:
        return await spoken(Called(stream, bool(endpoint.tls), misplaced))
    except BaseException as error:
        if isinstance(error, NetError):
            stream.outcome = error.reason.value
        stream.abort()
        raise


async def first_line(stream: Stream, signs: frozenset[bytes], what: str) -> bytes:
    """The greeting, whose first two bytes are one of `signs`. `NotThisProtocol` as soon as they are not."""
    where = stream.endpoint.authority
    said = b""
    while len(said) < _SIGN:
        try:
            more = await stream.read(_SIGN - len(said))
        except DeadlineError as error:
            raise error if said else SilentError(str(error)) from error
        if not more and said:
            raise NotThisProtocol(f"{where}: not {what}", said)
        if not more:
            raise Reset(f"{where}: closed without a word")
        said += more
    if said in signs:
        return said + await stream.read_line(_LONGEST * 2)
    raise NotThisProtocol(f"{where}: not {what}", await first_words(stream, said))


async def whole_line(stream: Stream, most: int) -> bytes:
    """A line with its end, of at most so many bytes. NetError; `Reset` where the connection ends before it."""
    line = await stream.read_line(most)
    if not line.endswith(b"\n"):
        raise Reset(f"{stream.endpoint.authority}: closed in the middle of an answer")
    return line


async def secured(stream: Stream) -> None:
    """Go on in TLS, now that the server has agreed to it. `TlsError` and its kinds."""
    await stream.start_tls(server_name(stream.endpoint.host))


def text(said: bytes) -> str:
    """What a server says of itself, as a fact: white space squeezed."""
    return _UNSEEN.sub(" ", said[:_LONGEST].decode(errors="replace")).strip()


def trace(identity: str | None) -> bytes:
    """What an anonymous login leaves behind, so that the owner can ask back (RFC 4505 §2): an address, or nothing."""
    return (identity or "").encode("ascii", "ignore")[:255]
