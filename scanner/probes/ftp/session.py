"""One control connection of FTP: greeted, logged in as a stranger, asked for lists. It knows no folder's names.

Each command waits for its reply. A data connection goes back to the address that was dialled, whatever the server says.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from scanner.errors import (
    ConnectRefused,
    ConnectTimeout,
    NetError,
    NotThisProtocol,
    ProtocolError,
    Reset,
    TlsError,
    Unreachable,
)
from scanner.model import Endpoint
from scanner.net import Net, Stream
from scanner.net.dial import server_name
from scanner.net.ledger import COMMAND
from scanner.probes.ftp import replies
from scanner.probes.ftp.commands import IAC, Command, written
from scanner.probes.ftp.replies import Let, Reading, Reply
from scanner.probes.ftp.told import Leaving, Mode, Told

NOBODY = "anonymous@"                        # the password where no contact is given (RFC 1635)
LAST_WORD = 5.0                              # seconds for the reply after a listing
GOODBYE = 0.5                                # seconds for the answer to QUIT
PLACES = 2                                   # connections that a session needs: this and one for data


class Session:
    """A control connection. Use `greeted` to open one; `close` or `abort` it."""

    def __init__(self, control: Stream, net: Net, mode: Mode) -> None:
        self.control: Final = control
        self.mode: Final = mode
        self.told = Told()
        self.heard = b""                     # its first bytes
        self.at: bytes | None = None         # the folder it stands in; None: not known
        self.useful = True                   # its replies go with its commands
        self._net = net
        self._private = mode is Mode.IMPLICIT
        self._extended = True                # EPSV is worth asking

    @classmethod
    async def greeted(cls, endpoint: Endpoint, net: Net, mode: Mode) -> Session:
        """Connect and hear the greeting. `NotThisProtocol` where it is another's; `Leaving`; `NetError`."""
        there = replace(endpoint, tls=mode is Mode.IMPLICIT)
        session = cls(await net.connect(there, places=PLACES), net, mode)
        try:
            await session._greeting()
            if mode is Mode.EXPLICIT:
                await session._protect()
        except BaseException:
            session.abort()
            raise
        return session

    async def _greeting(self) -> None:
        first = self.heard = await self.control.peek(4)
        if not first:
            raise Reset(f"{self._peer}: closed without a word")
        if not replies.greets(first):
            raise NotThisProtocol(f"{self._peer}: greets, but not as an FTP server does", first)
        reply = await self.reply()
        if reply.code == 120:                # ready in some minutes: the greeting follows (RFC 959 §5.4)
            reply = await self.reply()
        if replies.is_mail(reply):
            raise NotThisProtocol(f"{self._peer}: a mail server greets", first)
        self.told.banner, self.told.software = reply.text, reply.title
        if reply.code != 220:
            raise self._left(reply, Let.BUSY if reply.code == 421 else Let.SHUT)

    async def _protect(self) -> None:
        reply = await self.ask(Command.AUTH, b"TLS")
        if reply.code not in (234, 334):
            raise TlsError(f"{self._peer}: wants TLS, and answers AUTH TLS with {reply.code}")
        await self.control.start_tls(server_name(self.control.endpoint.host))

    async def login(self, contact: str | None) -> Let:
        """As `anonymous`, with the contact as password; whatever it says of itself is in `told`."""
        await self._features()
        if self.mode is not Mode.CLEAR:
            await self.ask(Command.PBSZ, b"0")
            self._private = (await self.ask(Command.PROT, b"P")).kind == 2 or self._private
        reply = await self.ask(Command.USER, b"anonymous")
        let = replies.judged(reply)
        if let is Let.PASSWORD:
            reply = await self.ask(Command.PASS, (contact or NOBODY).encode())
            let = replies.judged(reply)
            let = {Let.PASSWORD: Let.LOGIN, Let.DEAF: Let.SHUT}.get(let, let)
        if let is Let.IN:
            self.told.welcome = reply.text
            await self._settle()
        else:
            self.told.refusal = reply.text
        return let

    async def _features(self) -> None:
        reply = await self.ask(Command.FEAT)
        self.told.asked = self.told.asked or reply.code == 211
        self.told.features = replies.features(reply)

    async def _settle(self) -> None:
        """What is worth knowing once one is in."""
        if not self.told.asked:
            await self._features()
        self.told.asked = True
        system = await self.ask(Command.SYST)
        self.told.system = system.text if system.code == 215 else ""
        if "UTF8" in self.told.features:
            await self.ask(Command.OPTS, b"UTF8 ON")
        self.told.home = self.at = replies.home(await self.ask(Command.PWD))

    async def enter(self, steps: tuple[bytes, ...], at: bytes) -> Reply | None:
        """Go to a folder by `steps`, which is then called `at`. The reply that refused it; None: one is there."""
        if self.at == at:
            return None
        self.at = None
        for step in steps:
            reply = await self.ask(Command.CWD, step)
            if reply.kind == 5 and IAC in step:
                reply = await self.ask(Command.CWD, step, doubled=False)
            if reply.kind != 2:
                return reply
        self.at = at
        return None

    async def transfer(self, command: Command, argument: bytes = b"") -> tuple[Reply, Stream | None]:
        """Ask for a list: the first reply, and the connection that it comes on; None where the reply is a refusal."""
        data = await self._dialled()
        try:
            reply = await self.ask(command, argument)
            if reply.kind not in (1, 2):
                data.abort()
                return reply, None
            if self._private:                # the server begins once it has said that it will: not before
                await data.start_tls(server_name(self.control.endpoint.host), like=self.control)
        except BaseException:
            data.abort()
            raise
        return reply, data

    async def _dialled(self) -> Stream:
        """The data connection. Where the port of EPSV does not answer, PASV's may: some firewalls know no other."""
        port = replies.extended(await self.ask(Command.EPSV)) if self._extended else None
        if port is not None:
            try:
                return await self._beside(port)
            except (ConnectRefused, ConnectTimeout, Unreachable):
                self.control.renew()
                port = replies.passive(await self.ask(Command.PASV))
                if port is None:
                    raise
        else:
            reply = await self.ask(Command.PASV)
            port = replies.passive(reply)
            if port is None:
                raise ProtocolError(f"{self._peer}: gives no port for data: {reply.code}")
        self._extended = False
        return await self._beside(port)

    async def _beside(self, port: int) -> Stream:
        return await self._net.connect(replace(self.control.endpoint, port=port, tls=False), beside=self.control)

    async def last_word(self) -> Reply | None:
        """The reply after a listing; None where it does not come in time, and the session is of no more use."""
        self.control.renew()
        if await self.control.speaks(min(LAST_WORD, self.control.limits.first_byte)):
            return await self.reply()
        self.useful = False
        return None

    async def ask(self, command: Command, argument: bytes = b"", *, doubled: bool = True) -> Reply:
        """Send one command, hear its first reply. `Leaving`, `NetError`."""
        line = written(command, argument, doubled=doubled)
        self.control.note(f"FTP {command.value}", COMMAND)
        await self.control.send(line)
        reply = await self.reply()
        if reply.code == 421 and replies.judged(reply) is not Let.TLS:
            raise self._left(reply, Let.BUSY)
        return reply

    def _left(self, reply: Reply, let: Let) -> Leaving:
        self.told.refusal = reply.text
        return Leaving(f"{self._peer}: ends the session with {reply.code}", let, self.told)

    async def reply(self) -> Reply:
        """The next reply. `ProtocolError` where what comes is none."""
        reading = Reading()
        while True:
            line = await self.control.read_line(replies.LONGEST)
            if not line.endswith(b"\n"):
                raise Reset(f"{self._peer}: closed within a reply" if line else f"{self._peer}: closed")
            if (reply := reading.add(line)) is not None:
                return reply

    async def close(self) -> None:
        """Say goodbye, and close."""
        with suppress(NetError):
            self.control.renew()
            self.control.note("FTP QUIT", COMMAND)
            await self.control.send(written(Command.QUIT))
            await self.control.speaks(GOODBYE)
        self.control.close()

    def abort(self) -> None:
        """Close by reset."""
        self.control.abort()

    @property
    def _peer(self) -> str:
        return self.control.endpoint.authority
