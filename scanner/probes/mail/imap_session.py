"""One connection to an IMAP server. It can send what `Command` holds and nothing else: no command selects a mailbox.

Responses are read one at a time, bounded in length and number; what was not asked for is passed over.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncGenerator
from enum import Enum

from scanner.errors import ProtocolError, Reset
from scanner.net import Stream
from scanner.net.ledger import COMMAND
from scanner.probes.mail import imap_response as responses
from scanner.probes.mail.contact import secured, whole_line
from scanner.probes.mail.imap_response import Result
from scanner.probes.mail.mailbox import quoted
from scanner.probes.mail.messages import Count

LINE = 8192                               # bytes; as long as the longest command ought to be (RFC 7162 §4)
LITERAL = 4096                            # bytes of a mailbox's name
LITERALS = 8                              # of one response


class Command(Enum):
    """Everything that is ever sent, `%b` being a mailbox (RFC 3501 §6, RFC 5819, RFC 8438)."""

    CAPABILITY = b"CAPABILITY"
    STARTTLS = b"STARTTLS"
    ANONYMOUS = b"AUTHENTICATE ANONYMOUS"
    LIST = b'LIST "" "*"'
    LIST_STATUS = b'LIST "" "*" RETURN (STATUS (MESSAGES))'
    LIST_STATUS_SIZE = b'LIST "" "*" RETURN (STATUS (MESSAGES SIZE))'
    STATUS = b"STATUS %b (MESSAGES)"
    STATUS_SIZE = b"STATUS %b (MESSAGES SIZE)"
    LOGOUT = b"LOGOUT"

    @property
    def verb(self) -> str:
        """As the account calls it."""
        return f"IMAP {self.value.split()[0].decode()}"


class Session:
    """A connection whose greeting has been read."""

    def __init__(self, stream: Stream, greeting: responses.Greeting) -> None:
        self.stream = stream
        self.greeting = greeting
        self.capabilities = frozenset(greeting.capabilities)
        self.inside = greeting.word == "PREAUTH"     # a stranger may look around
        self.result = Result(b"", "OK", b"", ())     # of the last command
        self._leaving = False
        self._tag = 0

    @property
    def waits(self) -> bool:
        """Whether it waits for a login."""
        return self.greeting.word == "OK"

    async def learn(self) -> None:
        """Hear what it can do, where it has not said so."""
        if not self.capabilities:
            await self._hear()

    async def secure(self) -> None:
        """STARTTLS, and what it can do from there; nothing where it refuses. `TlsError` where the handshake fails."""
        await self.stream.again()
        await self._finish(Command.STARTTLS)
        if self.result.word != "OK":
            return
        await secured(self.stream)
        await self.stream.again()
        await self._hear()                           # what was said in clear counts no longer (RFC 3501 §6.2.1)

    async def enter(self, trace: bytes) -> bool:
        """Log in as nobody, leaving `trace` behind; whether that is allowed (RFC 4505)."""
        await self.stream.again()
        tag = await self._send(Command.ANONYMOUS)
        before = self.capabilities
        async for response in self._until(tag, continued=b64encode(trace) + b"\r\n"):
            self._note(response)
        self.inside = self.result.word == "OK"
        if self.inside and self.result.capabilities:
            self.capabilities = frozenset(self.result.capabilities)
        elif self.inside and self.capabilities is before:
            await self.stream.again()
            await self._hear()
        return self.inside

    async def mailboxes(self) -> AsyncGenerator[responses.Box | tuple[bytes, Count] | None, None]:
        """The mailboxes, and their counts where one command tells both; None for a row that cannot be read."""
        command = Command.LIST
        if "LIST-STATUS" in self.capabilities:
            command = Command.LIST_STATUS_SIZE if "STATUS=SIZE" in self.capabilities else Command.LIST_STATUS
        await self.stream.again()
        async for response in self._until(await self._send(command)):
            word = responses.kind(response)
            if word in ("LIST", "STATUS"):
                self.stream.approve()
                self.stream.grant(len(response))
                yield responses.box(response) if word == "LIST" else responses.status(response)

    async def count(self, mailbox: bytes) -> Count | None:
        """How many messages a mailbox holds; None where it is not told. `ValueError` where no command can hold it."""
        command = Command.STATUS_SIZE if "STATUS=SIZE" in self.capabilities else Command.STATUS
        argument = quoted(mailbox)
        await self.stream.again()
        count = None
        async for response in self._until(await self._send(command, argument)):
            if responses.kind(response) == "STATUS":
                said = responses.status(response)
                count = said[1] if said is not None else count
        return count if self.result.word == "OK" else None

    async def leave(self) -> None:
        """Say goodbye, and hear the answer."""
        self._leaving = True
        await self._finish(Command.LOGOUT)

    async def _hear(self) -> None:
        """CAPABILITY."""
        self.capabilities = frozenset()
        await self._finish(Command.CAPABILITY)

    async def _finish(self, command: Command) -> None:
        async for response in self._until(await self._send(command)):
            self._note(response)

    def _note(self, response: bytes) -> None:
        if responses.kind(response) == "CAPABILITY":
            self.capabilities = frozenset(responses.capabilities(response))

    async def _send(self, command: Command, argument: bytes = b"") -> bytes:
        self._tag += 1
        tag = b"e%d" % self._tag
        self.stream.note(command.verb, COMMAND)
        await self.stream.send(b"%b %b\r\n" % (tag, command.value.replace(b"%b", argument)))
        return tag

    async def _until(self, tag: bytes, *, continued: bytes | None = None) -> AsyncGenerator[bytes, None]:
        """Untagged responses up to the tagged one, which becomes `result`. `continued` is sent where it is waited for.
        """
        where = self.stream.endpoint.authority
        while True:
            response = await self._response()
            if response[:1] == b"+" and continued is not None:
                await self.stream.send(continued)
                continued = None
            elif response[:1] == b"*":
                if responses.kind(response) == "BYE" and not self._leaving:
                    raise Reset(f"{where}: says goodbye in the middle")
                yield response
            else:
                self.result = responses.result(response)
                if self.result.tag != tag:
                    raise ProtocolError(f"{where}: an answer to what was not asked")
                return

    async def _response(self) -> bytes:
        """One response with its literals."""
        where = self.stream.endpoint.authority
        response = line = await whole_line(self.stream, LINE)
        data = responses.may_hold_literals(response)
        for _ in range(LITERALS):
            size = responses.literal(line) if data else None
            if size is None:
                return response
            if size > LITERAL:
                raise ProtocolError(f"{where}: a name of {min(size, 10**12)} bytes")
            name, line = await self.stream.read_exactly(size), await whole_line(self.stream, LINE)
            response += name + line
        raise ProtocolError(f"{where}: an answer in more than {LITERALS} pieces")
