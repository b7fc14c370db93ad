"""What the doors of IMAP and POP3 share: one connection at a time, TLS only where all hides behind it, and leaving.

It asks for nothing that is shown: that is each protocol's own.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar, Generic, Protocol, TypeVar

from scanner.errors import DeadlineError, NetError, Reset, TlsError
from scanner.model import Access, Doubt, Endpoint, Observation
from scanner.net import Net, Stream
from scanner.probes.base import Door
from scanner.probes.mail.contact import Called, called
from scanner.probes.mail.ladder import Offer, Tls
from scanner.probes.parting import parting


class Talked(Protocol):
    """A session, as far as its door's beginning and end go. All raise NetError."""

    stream: Stream

    @property
    def capabilities(self) -> Collection[str]:
        """What it can do; empty where it does not say."""

    @property
    def waits(self) -> bool:
        """Whether it waits for a login: it neither refused to talk nor let us in."""

    async def secure(self) -> None:
        """Go on in TLS; in clear as before where the server refuses."""

    async def leave(self) -> None:
        """Say goodbye, and hear the answer."""


S = TypeVar("S", bound=Talked)


class MailDoor(Door, Generic[S]):
    """One mail server. `begin` before anything else, `leave` at the end."""

    tls_ports: ClassVar[frozenset[int]]

    def __init__(self, endpoint: Endpoint, net: Net) -> None:
        self.endpoint = endpoint
        self.looks = 0
        self._net = net
        self._lock = asyncio.Lock()
        self._session: S | None = None
        self._first: Collection[str] = ()             # what it can do, as it said first
        self._offer = Offer(Tls.UNKNOWN, password=False, mechanisms=frozenset())
        self._shut = False                            # nothing shows before TLS, and that fails
        self._in_tls = False                          # when a stranger was let in
        self._anonymous = ""                          # what came of asking to be let in as nobody

    async def begin(self) -> None:
        """The first contact. Raises NetError."""
        session = await self._connected()
        self._first = session.capabilities
        try:
            await self._secured(session)
        except (TlsError, DeadlineError, Reset):
            self._drop()                              # what it offers in clear is known
            self._shut = True
        except BaseException:
            self._drop()
            raise

    async def leave(self) -> None:
        """Take leave within a second."""
        session, self._session = self._session, None
        if session is not None:
            async with parting():
                await session.leave()
            session.stream.close()

    async def look(self) -> Observation:
        """See `Door.look`."""
        return self._seen("/", Access.NONE)

    @abstractmethod
    def _seen(self, path: str, access: Access, doubt: Doubt | None = None) -> Observation:
        """What is told of it, now."""

    @abstractmethod
    def _turned_away(self) -> Doubt | None:
        """Why it refused to talk; None: it did not."""

    @abstractmethod
    async def _hello(self, call: Called) -> S:
        """Hear the greeting and what the server can do; `_offer` says so then. NotThisProtocol, NetError."""

    def _closed(self, path: str) -> Observation:
        """Nobody is let in without a password, if at all."""
        if (away := self._turned_away()) is not None:
            return self._seen(path, Access.NONE, away)
        return self._seen(path, Access.LOGIN, self._offer.doubt(refused=self._anonymous == "refused",
                                                                broken=self._shut))

    async def _secured(self, session: S) -> None:
        """Go on in TLS, where what may be done shows after that only."""
        if session.waits and self._offer.hides:
            await session.secure()

    async def _connected(self) -> S:
        """A new connection, greeted and told what it can do."""
        self.looks += 1
        self._session = session = await called(self._net, self.endpoint, self.tls_ports, self._greeted)
        return session

    async def _greeted(self, call: Called) -> S:
        session = await self._hello(call)
        self.endpoint = replace(self.endpoint, tls=call.tls, scheme=f"{self.protocol}s" if call.tls else self.protocol)
        return session

    def _drop(self, error: NetError | None = None) -> None:
        """Cut the connection off: what may still come on it is not wanted."""
        session, self._session = self._session, None
        if session is not None:
            if error is not None:
                session.stream.outcome = error.reason.value
            session.stream.abort()


@asynccontextmanager
async def opened(door: MailDoor[S]) -> AsyncIterator[Door]:
    """A door from its first contact to its goodbye. See `Probe.open`."""
    await door.begin()
    try:
        yield door
    finally:
        await door.leave()
