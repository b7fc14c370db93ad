"""A server of FTP as a door: what it says of itself, and its folders, listed one after the other. No file is asked for.

At most two control connections are open at once, each with one for data.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from scanner.errors import BudgetError, ConnectRefused, ConnectTimeout, ProtocolError, Unreachable
from scanner.listing.text.ftp import Asking, FtpList
from scanner.model import Access, Ask, Asked, Batch, Doubt, Endpoint, Observation, Reason
from scanner.net import Net, Stream
from scanner.net.gates import noise
from scanner.net.stream import PORTION
from scanner.probes.base import Door, Shown
from scanner.probes.ftp import telling
from scanner.probes.ftp.commands import Command, holds
from scanner.probes.ftp.ladder import Rung, step
from scanner.probes.ftp.pool import Pool
from scanner.probes.ftp.replies import Let, Reply
from scanner.probes.ftp.session import Session
from scanner.probes.ftp.told import Leaving, Mode
from scanner.probes.paths import UNSAYABLE, is_plain, names_of, path_of

_UNKNOWN = frozenset({500, 501, 502, 503, 504, 522})   # a command that is not known here, or not so
_PORTION = 16_384                            # bytes read between two turns of others: lines of one letter are dear
Manner = tuple[Command, bytes]
_WITH_HIDDEN: Manner = (Command.LIST, b"-a")
_MANNERS: tuple[Manner, ...] = ((Command.MLSD, b""), _WITH_HIDDEN, (Command.LIST, b""), (Command.NLST, b""))
_ASKING = {Command.MLSD: Asking.MLSD, Command.LIST: Asking.LIST, Command.NLST: Asking.NLST}


class FtpDoor(Door):
    """One server, by one name."""

    protocol: ClassVar[str] = "ftp"

    def __init__(self, endpoint: Endpoint, net: Net, rung: Rung) -> None:
        implicit = rung.mode is Mode.IMPLICIT
        self.endpoint = replace(endpoint, tls=rung.mode is not Mode.CLEAR, scheme="ftps" if implicit else "ftp")
        self.looks = rung.dials
        self._net = net
        self._rung = rung
        self._facts = telling.facts(rung)
        self._pool = Pool(self._opened, rung.session)
        known = rung.told.features.keys() & {"MLST", "MLSD"}
        self._manners = list(_MANNERS[0 if known else 1:])

    async def look(self) -> Observation:
        """What it says of itself. Asks for nothing."""
        return self._seen("/", telling.access(self._rung.let), doubt=telling.refused(self._rung.let))

    async def close(self) -> None:
        """Say goodbye on all connections."""
        await self._pool.close()

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Door.list`."""
        names = names_of(ask.path)
        if not all(is_plain(name) and holds(name) for name in names):
            yield self._seen(ask.path, Access.NONE, doubt=UNSAYABLE)
            return
        try:
            session = await self._pool.take()
        except Leaving as left:
            yield self._seen(ask.path, Access.NONE, doubt=telling.refused(left.let))
            return
        if session is None:
            yield self._seen(ask.path, telling.access(self._rung.let), doubt=telling.refused(self._rung.let))
            return
        async with aclosing(self._kept(session, ask, names)) as answer:
            async for shown in answer:
                yield shown

    def _shut(self, ask: Ask, session: Session, refusal: Reply) -> Sequence[Shown]:
        """A folder that is refused. Where it is the root, the login may still lead to a folder below it."""
        home = session.told.home or b""
        if ask.path == "/" and home.startswith(b"/") and home.strip(b"/") and holds(home):
            return [Ask(path_of(home.split(b"/")), Asked.SHARE, ask.depth + 1), self._seen(ask.path, Access.NONE)]
        return [self._seen(ask.path, Access.NONE, doubt=telling.closed(refusal))]

    async def _opened(self, second: bool) -> Session | None:
        """One more session, logged in as the first was; None where nobody is let in."""
        if self._rung.let not in (Let.IN, Let.BUSY):
            return None                      # it has said so: it is not asked again
        rung = await step(self.endpoint, self._net, self._rung.mode)
        if not second:
            self._rung, self._facts = rung, telling.facts(rung)
        return rung.session

    async def _kept(self, session: Session, ask: Ask, names: Sequence[bytes]) -> AsyncGenerator[Shown, None]:
        """The answer; the session is kept where it ended in good order."""
        useful = False
        try:
            refusal = await _enter(session, names)
            if refusal is not None:
                for shown in self._shut(ask, session, refusal):
                    yield shown
            else:
                async with aclosing(self._listed(session, ask)) as answer:
                    async for shown in answer:
                        yield shown
            useful = session.useful
        except Leaving as left:
            yield self._seen(ask.path, Access.NONE, doubt=telling.refused(left.let))
        except (ConnectRefused, ConnectTimeout, Unreachable):
            yield self._seen(ask.path, Access.NONE, doubt=telling.NO_DATA)
        finally:
            if useful:
                self._pool.give(session)
            else:
                self._pool.drop(session)

    async def _listed(self, session: Session, ask: Ask) -> AsyncGenerator[Shown, None]:
        """By the first manner that is known here. One that shows nothing, and may be misread, goes before another."""
        reply: Reply | None
        shut, why = False, None
        for manner in tuple(self._manners):
            reader = FtpList(_ASKING[manner[0]], int(datetime.now(UTC).timestamp()))
            reply, data = await session.transfer(*manner)
            if data is not None:
                async with aclosing(_rows(data, reader)) as batches:
                    async for batch in batches:
                        yield batch
                reply = reply if reply.kind == 2 else await session.last_word()
            why = telling.doubt(reply, begun=data is not None)
            if why is not None and why[0] is Reason.SERVER_ERROR and shut:
                why = telling.CLOSED         # said by the manner before; this one is only not known here
            shut = why == telling.CLOSED
            forbidden = shut and ask.path == "/" and manner[0] is Command.LIST and data is None
            if not self._goes_on(manner, reply, reader) and not forbidden:     # where LIST is, NLST may not be
                break
        yield self._told(ask, reader, why)

    def _goes_on(self, manner: Manner, reply: Reply | None, reader: FtpList) -> bool:
        """Whether the next manner is worth asking. Learns which ones are."""
        if reply is None:
            return False
        if reply.code in _UNKNOWN and not reader.rows and len(self._manners) > 1:
            self._manners.remove(manner)
            return True
        if reader.rows and manner in self._manners:          # whatever stood before it shows less
            del self._manners[:self._manners.index(manner)]
        return manner == _WITH_HIDDEN and not reader.rows and not reader.itself

    def _told(self, ask: Ask, reader: FtpList, why: Doubt | None) -> Observation:
        facts = {"ftp.format": reader.form, "listing.dialect": telling.lines(reader.form),
                 "listing.columns": "name" if reader.form == "names" else "name,date,size",
                 "listing.rows": str(reader.rows)}
        if reader.unreadable:
            facts["listing.unreadable"] = str(reader.unreadable)
        if reader.writable:
            facts["ftp.writable"] = "yes"
        why = why or (telling.VAGUE if reader.vague else None)
        shut = why is not None and why[0] is Reason.FORBIDDEN and not reader.rows
        return self._seen(ask.path, Access.NONE if shut else Access.ANONYMOUS, facts, doubt=why)

    def _seen(self, path: str, access: Access, more: Mapping[str, str] | None = None, *,
              doubt: Doubt | None = None) -> Observation:
        return self.observed(path, access, {**self._facts, **(more or {})}, doubt)


async def _rows(data: Stream, reader: FtpList) -> AsyncGenerator[Batch, None]:
    """What comes over a data connection, as long as rows come; it is closed then."""
    async with data:
        async for batch in _read(data, reader):
            yield batch
        data.close()


async def _read(data: Stream, reader: FtpList) -> AsyncGenerator[Batch, None]:
    granted = bare = 0
    await _beginning(data)
    while True:
        got = await data.read(_PORTION)
        for batch in reader.feed(got) if got else reader.close():
            yield batch
        if not got:
            return
        if reader.row_bytes:
            data.approve()
        bare += len(got)
        if reader.row_bytes > granted:
            data.grant(reader.row_bytes - granted)
            granted, bare = reader.row_bytes, 0
        if bare > data.limits.element_bytes:
            raise BudgetError(f"{bare} bytes of a list without a name")
        await asyncio.sleep(0)


async def _beginning(data: Stream) -> None:
    """Look at the first KiB of what should be a list. ProtocolError where it is a file: no line end, or no text."""
    first = await data.peek(PORTION)
    if noise(first) or (len(first) >= PORTION and b"\n" not in first):
        data.refused(len(first))
        raise ProtocolError("what comes as a list is none")


async def _enter(session: Session, names: Sequence[bytes]) -> Reply | None:
    """Go to the folder. Where the server has no root of that name, go by way of the folder that the login led to."""
    home = session.told.home or b"/"
    if home.startswith(b"/"):
        there = b"/" + b"/".join(names)
        return await session.enter((there,), there)
    return await session.enter((home, *names), b"\n".join((home, *names)))
