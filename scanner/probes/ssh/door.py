"""One SSH server: what it says first; with leave, whether it lets a stranger in without a password, and its folders.

Without leave nothing is said to it at all. Leave is for one attempt a connection, for one user, by `none`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from scanner.errors import LocalFault, NetError, OutOfScope, ProtocolError, Reset
from scanner.model import Access, Ask, Asked, Doubt, Endpoint, Observation, Reason
from scanner.net import Net, Stream
from scanner.net.relay import Relay
from scanner.probes.base import Door, Shown
from scanner.probes.paths import UNSAYABLE, is_plain, names_of, path_of
from scanner.probes.ssh import kernel, said
from scanner.probes.ssh.banner import Banner
from scanner.probes.ssh.folders import Denied, Folders
from scanner.probes.ssh.sftp import Status

if TYPE_CHECKING:
    from scanner.probes.ssh.login import Login

_DENIED: dict[int, Doubt] = {
    Status.NO_SUCH_FILE: (Reason.NOT_A_LISTING, "there is no such folder"),
    Status.PERMISSION_DENIED: (Reason.FORBIDDEN, "the folder is closed to this user"),
}
_MOST_LOGINS = 8                          # connections of one door that were lost and made anew


@dataclass(slots=True, kw_only=True)
class Inside:
    """A login that succeeded, with its SFTP session, where it has one."""

    login: Login
    folders: Folders
    held: AsyncExitStack

    @property
    def usable(self) -> bool:
        """Whether more can be asked for on it."""
        return not self.login.relay.ended and not self.folders.broken


@dataclass(slots=True)
class Found:
    """What came of the attempt to be let in."""

    doubt: Doubt | None = None            # None: folders are listed
    access: Access = Access.NONE
    facts: dict[str, str] = field(default_factory=dict)


class SshDoor(Door):
    """A greeting and, where `user` is not None, at most one user that is tried by `none`."""

    protocol: ClassVar[str] = "ssh"
    idle: float = 5.0                     # seconds of rest after which a session is asked whether it is still there

    def __init__(self, endpoint: Endpoint, net: Net, banner: Banner, user: str | None) -> None:
        self.endpoint = replace(endpoint, tls=False, scheme="ssh")
        self._net = net
        self._banner = banner
        self._user = user
        self._found = Found(said.untried(banner))
        self._inside: Inside | None = None
        self._logins = 0
        self._rested = monotonic()
        self._lock = asyncio.Lock()
        self._home: bytes | None = None

    async def look(self) -> Observation:
        """What the greeting said, and what came of the attempt to be let in."""
        return self._seen("/", self._found.access, self._found.doubt)

    async def enter(self, stream: Stream, first: bytes) -> None:
        """Try to be let in on the connection that the greeting came on; what comes of it is the door's to tell.

        Raises what is no answer of the server's: LocalFault, OutOfScope.
        """
        try:
            self._inside = await self._log_in(stream, first)
        except (LocalFault, OutOfScope):
            raise
        except NetError as error:
            self._found.doubt = said.broken(self._banner, error)
        if self._inside is not None:
            self._inside.login.relay.rest()

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Door.list`."""
        if self._found.doubt is not None:
            yield self._seen(ask.path, self._found.access, self._found.doubt)
            return
        async with self._lock:
            names = names_of(ask.path)
            if not all(map(is_plain, names)):
                yield self._seen(ask.path, Access.NONE, UNSAYABLE)
                return
            async with aclosing(self._listed(ask, b"/" + b"/".join(names))) as listed:
                async for shown in listed:
                    yield shown

    async def close(self) -> None:
        """Say goodbye."""
        inside, self._inside = self._inside, None
        if inside is not None:
            await inside.held.aclose()

    async def _listed(self, ask: Ask, path: bytes) -> AsyncGenerator[Shown, None]:
        folders = await self._ready()
        doubt: Doubt | None = None
        try:
            async with aclosing(folders.list(path)) as batches:
                async for batch in batches:
                    if (named := kernel.made_up(path, batch)) is not None:
                        doubt = kernel.DOUBT
                        yield named
                        break
                    yield batch
        except Denied as denied:
            doubt = _DENIED.get(denied.code, (Reason.FORBIDDEN, f"the folder is refused (status {denied.code})"))
        finally:
            self._rested = monotonic()
            if self._inside is not None:
                self._inside.login.relay.rest()
        if doubt is not None and path == b"/" and self._home and self._home != b"/":
            yield Ask(path_of(self._home.split(b"/")), Asked.SHARE, ask.depth + 1)
        yield self._seen(ask.path, Access.ANONYMOUS if doubt in (None, kernel.DOUBT) else Access.NONE, doubt)

    async def _ready(self) -> Folders:
        """The session; a new one where the server has closed the last."""
        if self._inside is not None and self._inside.usable and await self._answers(self._inside):
            return self._inside.folders
        await self.close()
        if self._logins > _MOST_LOGINS:
            raise Reset("SSH: logins are lost again and again")
        self._inside = await self._log_in(await self._net.connect(self.endpoint), b"")
        if self._inside is None:
            raise Reset("SSH: not let in any more")
        return self._inside.folders

    async def _answers(self, inside: Inside) -> bool:
        """Whether a session goes on. One that has rested for some time may have been closed meanwhile, unnoticed."""
        await inside.login.relay.wake()
        if monotonic() - self._rested < self.idle:
            return True
        try:
            await _home(inside.folders)
        except NetError:
            return False
        return True

    async def _log_in(self, stream: Stream, first: bytes) -> Inside | None:
        """Be let in on a connection; None where not, with what was told. NetErrors; then the connection is closed."""
        from scanner.probes.ssh.login import Heard, Login, Refused  # asyncssh is an extra, and dear to import

        assert self._user is not None
        self._logins += 1
        async with AsyncExitStack() as held:
            await held.enter_async_context(stream)
            relay = await held.enter_async_context(Relay(stream, first))
            login = await held.enter_async_context(Login(relay, heard := Heard()))
            try:
                await login.enter(self._user, self._net.identity)
            except Refused:
                self._found = Found(*said.refused(heard.methods, heard.notice))
                return None
            try:
                folders = await self._begin(login)
            except NetError as error:     # what it did before is worth telling all the same
                self._found = Found(*said.let_in(self._user, heard.notice, None, without=error))
                return None
            self._found = Found(*said.let_in(self._user, heard.notice, self._home))
            self.endpoint = replace(self.endpoint, scheme="sftp")
            return Inside(login=login, folders=folders, held=held.pop_all())

    async def _begin(self, login: Login) -> Folders:
        """The SFTP session of a login. NetErrors; `ProtocolError` where there is none."""
        if not await login.files():
            raise ProtocolError("the subsystem is refused")
        folders = Folders(login, login.relay.stream)
        await folders.begin()
        self._home = await _home(folders)
        return folders

    def _seen(self, path: str, access: Access, doubt: Doubt | None) -> Observation:
        return self.observed(path, access, {**said.facts(self._banner), **self._found.facts}, doubt)


async def _home(folders: Folders) -> bytes | None:
    try:
        return await folders.home()
    except Denied:
        return None
