"""POP3: what a server says of logging in, and where it lets a stranger in, how many messages it holds (RFC 1939).

No message is asked for, and none can be deleted: `pop3_session.Command` holds all that can be sent.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import ClassVar

from scanner.errors import NetError
from scanner.model import Access, Ask, Asked, Doubt, Endpoint, Observation, Reason
from scanner.net import Net
from scanner.probes.base import Door, Probe, Shown
from scanner.probes.mail import pop3_response as responses
from scanner.probes.mail.contact import Called, first_line, text, trace
from scanner.probes.mail.door import MailDoor, opened
from scanner.probes.mail.ladder import ANONYMOUS, Offer, Tls
from scanner.probes.mail.messages import Count, cut, mark, numbered
from scanner.probes.mail.pop3_session import Session

TLS_PORTS = frozenset({995})
INBOX = "/INBOX/"                         # the one mailbox, named as IMAP names it
_SIGNS = frozenset({b"+O", b"-E", b"+o", b"-e"})
_BUSY = re.compile(rb"(?i)too many|limit|busy|\[IN-USE\]|\[LOGIN-DELAY\]|\[SYS/TEMP\]")


class Pop3(Probe):
    """POP3, in clear or in TLS."""

    name = "pop3"
    ports: ClassVar[frozenset[int]] = frozenset({110}) | TLS_PORTS
    asks = ("what it can do, in TLS where that alone shows it; ANONYMOUS where that is offered, then how many messages "
            "there are")
    never = "a password, a message or a line of one"
    facts = frozenset({"door.how", "door.software", "pop3.greeting", "pop3.capabilities", "pop3.implementation",
                       "pop3.tls", "pop3.login", "pop3.anonymous", "pop3.messages", "pop3.octets"})

    def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AbstractAsyncContextManager[Door]:  # noqa: ARG002
        """See `Probe.open`."""
        return opened(Pop3Door(endpoint, net))


class Pop3Door(MailDoor[Session]):
    """One POP3 server. A session locks the mailbox for others (RFC 1939 §4), so each ends as soon as it has counted."""

    protocol = "pop3"
    tls_ports = TLS_PORTS

    def __init__(self, endpoint: Endpoint, net: Net) -> None:
        super().__init__(endpoint, net)
        self._said = responses.Answer(good=False, text=b"")      # the latest greeting
        self._count: Count | None = None

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """The root gives the one mailbox as a share, where a stranger may see it; that its messages, numbered."""
        async with self._lock:
            try:
                let_in = self._count is not None or await self._counted()
            except NetError as error:
                self._drop(error)
                raise
        if ask.path not in ("/", INBOX):
            yield self._seen(ask.path, Access.NONE, doubt=(Reason.NOT_A_LISTING, "no such mailbox"))
        elif not let_in:
            yield self._closed(ask.path)
        elif self._count is None:
            yield self._seen(ask.path, Access.NONE, doubt=(
                Reason.FORBIDDEN, "lets a stranger in and does not say what lies there"))
        elif ask.path == "/":
            yield Ask(INBOX, Asked.SHARE, ask.depth + 1)
            yield self._seen("/", Access.NONE)
        else:
            for batch in numbered(mark(self.endpoint, b"INBOX"), self._count.messages):
                yield batch
                await asyncio.sleep(0)                # others may go on
            yield self._seen(INBOX, Access.ANONYMOUS, doubt=cut(self._count.messages), count=self._count)

    # ---- answers

    def _turned_away(self) -> Doubt | None:
        if self._said.good:
            return None
        reason = Reason.SLOW_DOWN if _BUSY.search(self._said.text) else Reason.SERVER_ERROR
        return reason, "refuses to talk"

    def _seen(self, path: str, access: Access, doubt: Doubt | None = None, *, count: Count | None = None,
              ) -> Observation:
        said = text(self._said.text)
        made = [line.partition(" ")[2] for line in self._first if line.startswith("IMPLEMENTATION ")]
        facts = {"pop3.greeting": said, "pop3.implementation": "".join(made)[:200], "pop3.anonymous": self._anonymous,
                 "door.software": "".join(made)[:200] or said, "pop3.capabilities": ", ".join(self._first)[:500]}
        if self._said.good:
            facts |= {"pop3.tls": self._offer.tls.value, "pop3.login": self._offer.login.value}
        if self._anonymous == "allowed":
            facts["door.how"] = self._offer.how("logged in as anonymous", tls=self._in_tls)
        if count is not None:
            facts |= {"pop3.messages": str(count.messages), "pop3.octets": str(count.octets)}
        return self.observed(path, access, facts, doubt)

    # ---- the connection

    async def _counted(self) -> bool:
        """Log in as nobody, count, and leave; whether that is allowed. It is tried once."""
        if self._shut or self._anonymous == "refused":
            return False
        session = self._session
        if session is None:
            session = await self._connected()
            await self._secured(session)
        if not session.greeting.good:
            self._drop()
            return False
        if ANONYMOUS not in responses.mechanisms(session.capabilities):
            return False
        self.looks += 1
        let_in = await session.enter(trace(self._net.identity))
        self._anonymous = "allowed" if let_in else "refused"
        self._in_tls = session.stream.tls is not None
        if let_in:
            self._count = await session.count()
        await self.leave()
        return let_in

    async def _hello(self, call: Called) -> Session:
        line = await first_line(call.stream, _SIGNS, "POP3")
        self._said = responses.greeting(line, self.endpoint.authority)
        session = Session(call.stream, self._said)
        if self._said.good:
            await session.learn()
            self._offer = offer(session.capabilities, tls=call.tls, misplaced=call.misplaced)
        return session


def offer(capabilities: tuple[str, ...], *, tls: bool, misplaced: bool = False) -> Offer:
    """What a server offers, by its capabilities (RFC 2449 §6.2, RFC 2595 §4). Without any, USER is what there is."""
    clear = Tls.OFFERED if "STLS" in capabilities else Tls.NONE if capabilities else Tls.UNKNOWN
    user = not capabilities or any(line.split()[:1] == ["USER"] for line in capabilities)
    return Offer(Tls.IMPLICIT if tls else clear, user, responses.mechanisms(capabilities), misplaced)
