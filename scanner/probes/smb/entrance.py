"""How a stranger gets into an SMB server: one connection at a time, with one login on it. It asks for no share.

Two logins on one connection would be cheaper, but some servers keep only the last one and do not say so. Two
connections at a time could wait for each other where a host is granted few.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.errors import NetError, NotThisProtocol, ProtocolError, Reset
from scanner.model import Endpoint
from scanner.net import Net
from scanner.probes.smb.line import Entered, Line
from scanner.probes.smb.ntlm import Login
from scanner.probes.smb.reply import Negotiated

NETBIOS = 139                             # the port on which a session is asked for before SMB


@dataclass(slots=True)
class Entrance:
    """The way in. `open` first; then `line` gives a connection that is logged in. One user at a time."""

    endpoint: Endpoint
    net: Net
    agreed: Negotiated | None = None      # None: SMB 1 only
    entered: dict[Login, Entered] = field(default_factory=dict)
    dialled: int = 0                      # connections so far
    _line: Line | None = None

    async def open(self) -> None:
        """Find out what is spoken, and who is let in: Guest first, as the null session is kept. NetError."""
        self._line = await self._dial()
        if self._line is None:
            return
        failed = [error for login in reversed(Login) if (error := await self._try(login)) is not None]
        if not self.entered:
            raise failed[0]

    @property
    def let_in(self) -> list[Login]:
        """The logins that were accepted, a null session first."""
        return [login for login in Login if login in self.entered and not self.entered[login].status]

    async def line(self, login: Login) -> tuple[Line, bool]:
        """A connection that is logged in like this, and whether it is a new one."""
        if self._line is not None and self._line.login is login:
            await self._line.again()
            return self._line, False
        await self.leave()
        line = await self._standing()
        if (await line.log_in(login)).status:
            raise Reset("lets in nobody any more")
        return line, True

    async def leave(self) -> None:
        """Log off where that is quick, and close."""
        line, self._line = self._line, None
        if line is not None:
            await line.leave()

    def drop(self) -> None:
        """Close at once; the next ask makes a new connection."""
        line, self._line = self._line, None
        if line is not None:
            line.drop()

    def mend(self) -> None:
        """Close what is out of step."""
        if self._line is not None and not self._line.in_step:
            self.drop()

    async def _try(self, login: Login) -> NetError | None:
        """Try a login on a connection of its own; the error that ended it."""
        try:
            if self._line is not None and self._line.login is not None:
                await self.leave()
            line = await self._standing()
            self.entered[login] = await line.log_in(login)
        except (Reset, ProtocolError) as error:
            self.drop()
            return error
        if line.login is None:
            self.drop()
        return None

    async def _standing(self) -> Line:
        if self._line is None:
            self._line = await self._dial()
        if self._line is None:
            raise ProtocolError("has spoken SMB 2 before, and does no more")
        return self._line

    async def _dial(self) -> Line | None:
        """A connection on which a dialect is agreed; None where only SMB 1 is spoken."""
        line = await self._connected()
        try:
            agreed = await line.negotiate()
        except Reset:
            line.drop()
            if self.agreed is None and await self._speaks_smb1():
                return None
            raise
        except BaseException:
            line.drop()
            raise
        if agreed is not None:
            self.agreed = agreed
            return line
        line.drop()
        if await self._speaks_smb1():
            return None
        raise ProtocolError("answers in SMB 1, and agrees on no dialect of it")

    async def _speaks_smb1(self) -> bool:
        """Asked once, on a connection of its own."""
        line = await self._connected()
        try:
            return await line.speaks_smb1()
        except (Reset, NotThisProtocol):
            return False
        finally:
            line.drop()

    async def _connected(self) -> Line:
        self.dialled += 1
        line = Line(await self.net.connect(self.endpoint), spelled(self.endpoint))
        try:
            if self.endpoint.port == NETBIOS:
                await line.greet()
        except BaseException:
            line.drop()
            raise
        return line


def spelled(there: Endpoint) -> str:
    """The server as a share's path names it; an IPv6 address as Windows writes it there."""
    if there.host:
        return there.host
    if there.address.version == 6:
        return f"{there.address}".replace(":", "-").replace("%", "s") + ".ipv6-literal.net"
    return str(there.address)
