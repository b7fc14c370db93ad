"""One connection to a POP3 server. It can send what `Command` holds and nothing else: no command asks for a message."""

from __future__ import annotations

from base64 import b64encode
from enum import Enum

from scanner.errors import ProtocolError
from scanner.net import Stream
from scanner.net.ledger import COMMAND
from scanner.probes.mail import pop3_response as responses
from scanner.probes.mail.contact import secured, whole_line
from scanner.probes.mail.messages import Count
from scanner.probes.mail.pop3_response import Answer

LINE = 1024                               # bytes; RFC 2449 §4 allows 512
CAPABILITIES = 100                        # lines of CAPA


class Command(Enum):
    """Everything that is ever sent (RFC 1939, 2449, 2595, 5034)."""

    CAPA = b"CAPA"
    STLS = b"STLS"
    ANONYMOUS = b"AUTH ANONYMOUS"
    STAT = b"STAT"
    QUIT = b"QUIT"

    @property
    def verb(self) -> str:
        """As the account calls it."""
        return f"POP3 {self.value.split()[0].decode()}"


class Session:
    """A connection whose greeting has been read."""

    def __init__(self, stream: Stream, greeting: Answer) -> None:
        self.stream = stream
        self.greeting = greeting
        self.capabilities: tuple[str, ...] = ()      # none: it does not say what it can do

    @property
    def waits(self) -> bool:
        """Whether it waits for a login."""
        return self.greeting.good

    async def learn(self) -> None:
        """Hear what it can do. A server of RFC 1939 alone does not tell."""
        self.capabilities = ()
        if not (await self._ask(Command.CAPA)).good:
            return
        heard: list[str] = []
        while (line := await whole_line(self.stream, LINE)).rstrip(b"\r\n") != b".":
            if len(heard) == CAPABILITIES:
                raise ProtocolError(f"{self.stream.endpoint.authority}: more than {CAPABILITIES} capabilities")
            heard.append(responses.capability(line))
        self.capabilities = tuple(heard)

    async def secure(self) -> None:
        """STLS, and what it can do from there; nothing where it refuses. `TlsError` where the handshake fails."""
        await self.stream.again()
        if not (await self._ask(Command.STLS)).good:
            return
        await secured(self.stream)
        await self.stream.again()
        await self.learn()

    async def enter(self, trace: bytes) -> bool:
        """Log in as nobody, leaving `trace` behind; whether that is allowed (RFC 4505, RFC 5034 §4)."""
        await self.stream.again()
        await self._send(Command.ANONYMOUS)
        line = await whole_line(self.stream, LINE)
        if line[:1] == b"+" and line[:3].upper() != b"+OK":
            await self.stream.send(b64encode(trace) + b"\r\n")
            line = await whole_line(self.stream, LINE)
        return responses.answer(line).good

    async def count(self) -> Count | None:
        """What STAT says of the mailbox; None where it does not."""
        await self.stream.again()
        said = await self._ask(Command.STAT)
        return responses.count(said.text) if said.good else None

    async def leave(self) -> None:
        """Say goodbye, and hear the answer."""
        await self._ask(Command.QUIT)

    async def _ask(self, command: Command) -> Answer:
        await self._send(command)
        return responses.answer(await whole_line(self.stream, LINE))

    async def _send(self, command: Command) -> None:
        self.stream.note(command.verb, COMMAND)
        await self.stream.send(command.value + b"\r\n")
