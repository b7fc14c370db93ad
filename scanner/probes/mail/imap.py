"""IMAP: how a server takes passwords, and where it lets a stranger in, mailboxes by name and number (RFC 3501, 9051).

No mailbox is ever selected, and no message asked for: `imap_session.Command` holds all that can be sent.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from typing import ClassVar

from scanner.errors import NetError, NotThisProtocol
from scanner.model import Access, Ask, Asked, Doubt, Endpoint, Observation, Reason
from scanner.net import Net
from scanner.probes.base import Door, Probe, Shown
from scanner.probes.mail import imap_response as responses
from scanner.probes.mail.contact import Called, first_line, text, trace
from scanner.probes.mail.door import MailDoor, opened
from scanner.probes.mail.imap_session import Session
from scanner.probes.mail.ladder import ANONYMOUS, Offer, Tls
from scanner.probes.mail.mailbox import path_of, raw_of
from scanner.probes.mail.messages import MOST, Count, cut, mark, numbered
from scanner.probes.paths import UNSAYABLE

TLS_PORTS = frozenset({993})
MOST_BOXES = 10_000                       # mailboxes of one server
_MOST_ROWS = 4 * MOST_BOXES               # of its list: counts, and what cannot be looked into
_ALL = 20_000_000                         # messages of one server that are counted
_SIGNS = frozenset({b"* "})
_BUSY = re.compile(rb"(?i)too many|limit|busy|\[INUSE\]|\[UNAVAILABLE\]")
_IDLE = 0.005                             # seconds in which a connection that was closed shows it


class Imap(Probe):
    """IMAP4, in clear or in TLS."""

    name = "imap"
    ports: ClassVar[frozenset[int]] = frozenset({143}) | TLS_PORTS
    asks = ("what it can do, in TLS where that alone shows it; ANONYMOUS where that is offered, and where nobody need "
            "log in the names of mailboxes and how much lies in them")
    never = "a password, opening a mailbox, a message or a line of one"
    facts = frozenset({"door.how", "door.software", "imap.greeting", "imap.capabilities", "imap.tls", "imap.login",
                       "imap.anonymous", "imap.messages", "imap.octets", "listing.unreadable"})

    def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AbstractAsyncContextManager[Door]:  # noqa: ARG002
        """See `Probe.open`."""
        return opened(ImapDoor(endpoint, net))


class ImapDoor(MailDoor[Session]):
    """One IMAP server, spoken to on one connection at a time."""

    protocol = "imap"
    tls_ports = TLS_PORTS

    def __init__(self, endpoint: Endpoint, net: Net) -> None:
        super().__init__(endpoint, net)
        self._said = responses.Greeting("", b"", ())  # the latest
        self._counts: dict[str, Count] = {}           # paths of mailboxes whose counts came with their names
        self._left = _ALL

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """The root gives the mailboxes as shares; a mailbox its messages, numbered."""
        async with self._lock:
            shown = self._mailboxes(ask) if ask.path == "/" else self._messages(ask)
            try:
                async with aclosing(shown):
                    async for thing in shown:
                        yield thing
            except NetError as error:
                self._drop(error)
                raise

    # ---- answers

    async def _mailboxes(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        session = await self._inside()
        if session is None:
            yield self._closed(ask.path)
            return
        shown, unreadable, heard, whole = 0, 0, 0, False
        try:
            async with aclosing(session.mailboxes()) as rows:
                async for row in rows:
                    path = self._taken(row)
                    unreadable += path is None
                    heard += 1
                    if (path and shown == MOST_BOXES) or heard > _MOST_ROWS:
                        yield self._seen(ask.path, Access.NONE, unreadable=unreadable, doubt=(
                            Reason.CUT, f"shows more than {MOST_BOXES} mailboxes: the rest is not looked at"))
                        return
                    if path:
                        shown += 1
                        yield Ask(path, Asked.SHARE, ask.depth + 1)
            whole = True
        finally:
            if not whole:
                self._drop()                          # the rest of the answer is still on its way
        doubt = None if session.result.word == "OK" else (Reason.FORBIDDEN, "lets a stranger in and shows no mailboxes")
        yield self._seen(ask.path, Access.NONE, unreadable=unreadable, doubt=doubt)

    def _taken(self, row: responses.Box | tuple[bytes, Count] | None) -> str | None:
        """The path of a mailbox that may be looked into; empty for other rows, None for one that cannot be read."""
        if isinstance(row, responses.Box):
            return path_of(row.name) if row.selectable else ""
        if row is None:
            return None
        path = path_of(row[0])
        if path is not None and len(self._counts) < MOST_BOXES:
            self._counts[path] = row[1]
        return ""

    async def _messages(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        mailbox = raw_of(ask.path)
        if mailbox is None:
            yield self._seen(ask.path, Access.NONE, doubt=UNSAYABLE)
            return
        count = self._counts.get(ask.path)
        if count is None:
            session = await self._inside()
            if session is None:
                yield self._closed(ask.path)
                return
            count = await session.count(mailbox)
        if count is None:
            yield self._seen(ask.path, Access.NONE, doubt=(
                Reason.FORBIDDEN, "a mailbox that is not shown to strangers"))
            return
        most = min(MOST, self._left)
        self._left -= min(most, count.messages)
        for batch in numbered(mark(self.endpoint, mailbox), count.messages, most):
            yield batch
            await asyncio.sleep(0)                    # others may go on
        yield self._seen(ask.path, Access.ANONYMOUS, doubt=cut(count.messages, most), count=count)

    def _turned_away(self) -> Doubt | None:
        if self._said.word != "BYE":
            return None
        reason = Reason.SLOW_DOWN if _BUSY.search(self._said.text) else Reason.SERVER_ERROR
        return reason, "says goodbye at once"

    def _seen(self, path: str, access: Access, doubt: Doubt | None = None, *, count: Count | None = None,
              unreadable: int = 0) -> Observation:
        said = text(self._said.text)
        facts = {"imap.greeting": said, "door.software": said, "imap.capabilities": " ".join(sorted(self._first))[:500],
                 "imap.anonymous": self._anonymous}
        if self._offer.tls is not Tls.UNKNOWN or self._first:
            facts |= {"imap.tls": self._offer.tls.value, "imap.login": self._offer.login.value}
        if self._anonymous in _HOW:
            facts["door.how"] = self._offer.how(_HOW[self._anonymous], tls=self._in_tls)
        if count is not None:
            facts["imap.messages"] = str(count.messages)
            facts["imap.octets"] = "" if count.octets is None else str(count.octets)
        if unreadable:
            facts["listing.unreadable"] = str(unreadable)
        return self.observed(path, access, facts, doubt)

    # ---- the connection

    async def _inside(self) -> Session | None:
        """A connection that a stranger may look around on; None where there is none. Each way in is tried once."""
        if self._shut or self._anonymous == "refused":
            return None
        session = await self._alive()
        if session.greeting.word == "BYE":
            self._drop()
            return None
        if not session.inside and f"AUTH={ANONYMOUS}" in session.capabilities:
            self.looks += 1
            self._anonymous = "allowed" if await session.enter(trace(self._net.identity)) else "refused"
        elif session.inside and not self._anonymous:
            self._anonymous = "preauth"
        self._in_tls = session.stream.tls is not None
        return session if session.inside else None

    async def _alive(self) -> Session:
        """The connection, or another one where the server has closed it meanwhile."""
        session = self._session
        if session is not None and not await session.stream.speaks(_IDLE):
            return session
        self._drop()
        session = await self._connected()
        await self._secured(session)
        return session

    async def _hello(self, call: Called) -> Session:
        line = await first_line(call.stream, _SIGNS, "IMAP")
        greeting = responses.greeting(line)
        if greeting is None:
            raise NotThisProtocol(f"{self.endpoint.authority}: not IMAP", line)
        self._said = greeting
        session = Session(call.stream, greeting)
        if greeting.word != "BYE":
            await session.learn()
            self._offer = offer(session.capabilities, tls=call.tls, misplaced=call.misplaced)
        return session


_HOW = {"allowed": "logged in as anonymous", "preauth": "let in without a login"}


def offer(capabilities: frozenset[str], *, tls: bool, misplaced: bool = False) -> Offer:
    """What a server offers, by its capabilities (RFC 3501 §7.2.1); LOGIN works unless it says otherwise (§6.2.3)."""
    mechanisms = frozenset(word[5:] for word in capabilities if word.startswith("AUTH="))
    clear = Tls.OFFERED if "STARTTLS" in capabilities else Tls.NONE if capabilities else Tls.UNKNOWN
    where = Tls.IMPLICIT if tls else clear
    return Offer(where, "LOGINDISABLED" not in capabilities, mechanisms, misplaced)
