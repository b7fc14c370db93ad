"""One SMB server as a stranger sees it: its shares, and the folders in them. Names, sizes and times; never contents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import ClassVar, TypeVar

from scanner.errors import NetError, Reset
from scanner.model import Access, Ask, Asked, Doubt, Endpoint, Observation, Reason
from scanner.net import Net
from scanner.probes.base import Door, Shown
from scanner.probes.paths import UNSAYABLE, names_of, path_of
from scanner.probes.smb import meaning, telling
from scanner.probes.smb.announced import Announced, announced
from scanner.probes.smb.command import REFUSED
from scanner.probes.smb.directory import to_bytes, to_wire
from scanner.probes.smb.entrance import Entrance
from scanner.probes.smb.line import Denied, Line
from scanner.probes.smb.listing import Listing, listing
from scanner.probes.smb.ntlm import Login

T = TypeVar("T")
_GUESTS = 2                               # shares that only Guest may see, until Guest is asked for the next one first
_ACCESS = {Login.NULL: Access.ANONYMOUS, Login.GUEST: Access.GUEST}


class SmbDoor(Door):
    """`open` before anything else. Asks are answered one after the other, on one connection."""

    protocol: ClassVar[str] = "smb"

    def __init__(self, endpoint: Endpoint, net: Net) -> None:
        self.endpoint = replace(endpoint, tls=False, scheme="smb")
        self._entrance = Entrance(self.endpoint, net)
        self._lock = asyncio.Lock()
        self._facts: dict[str, str] = {}
        self._comments: dict[str, str] = {}            # share, in small letters -> what is said of it
        self._suits: dict[str, Login] = {}             # share, in small letters -> whom it lets in
        self._refused = False                          # the list of shares
        self._guests = 0                               # shares that only Guest may see; -1: a null session sees one too

    async def open(self) -> None:
        """Speak the protocol far enough to know it. NetError."""
        try:
            await self._entrance.open()
        finally:
            self.looks = self._entrance.dialled
        self._facts = telling.of_door(self._entrance.agreed, self._entrance.entered)

    async def close(self) -> None:
        """Log off, and leave."""
        await self._entrance.leave()

    async def look(self) -> Observation:
        """What it says of itself."""
        closed = self._closed()
        return self._seen("/", _closed_access(closed), doubt=closed)

    def hidden(self, names: Sequence[str]) -> Sequence[Ask]:
        """The published names, where the list of shares is refused."""
        return [_ask(name.encode(), 1) for name in names] if self._refused else ()

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Door.list`."""
        async with self._lock:
            try:
                async with aclosing(self._answer(ask)) as shown:
                    async for thing in shown:
                        yield thing
            except NetError:
                self._entrance.drop()
                raise
            finally:
                self._entrance.mend()

    def _answer(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        names = names_of(ask.path)
        closed = self._closed()
        if closed is not None:
            return self._told(ask, closed)
        if not names:
            return self._shares(ask)
        said = [to_wire(name) for name in names]
        if None in said:
            return self._told(ask, UNSAYABLE)
        share, *below = [name.decode("utf-16-le", "surrogatepass") for name in said if name is not None]
        return self._folder(ask, share, "\\".join(below).encode("utf-16-le", "surrogatepass"))

    def _closed(self) -> Doubt | None:
        """Why nothing at all is shown."""
        if self._entrance.agreed is None:
            return meaning.SMB1_ONLY
        if self._entrance.let_in:
            return None
        if "smb.encryption" in self._facts:
            return meaning.ENCRYPTED
        return meaning.of_logins(entered.status for entered in self._entrance.entered.values())

    async def _told(self, ask: Ask, doubt: Doubt) -> AsyncGenerator[Shown, None]:
        yield self._seen(ask.path, _closed_access(doubt), doubt=doubt)

    # ---- shares

    async def _shares(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        got = await self._announced()
        shares = got.shares or ()
        self._refused = got.shares is None
        self._facts |= telling.of_software(shares)
        self._comments = {share.name.lower(): share.comment for share in shares}
        for share in shares:
            name = to_bytes(share.name.encode("utf-16-le", "surrogatepass"))
            if share.disk and to_wire(name) is not None:
                yield _ask(name, ask.depth + 1)
        doubt = meaning.of_list(self._entrance.agreed, refused=self._refused, cut=got.cut)
        facts = {} if got.shares is None else telling.of_shares(shares)
        yield self._seen(ask.path, doubt=doubt, facts=facts)

    async def _announced(self) -> Announced:
        """What the first login that is told of shares is told."""
        got = Announced(None)
        for login in self._entrance.let_in:
            got = await self._as(login, announced)
            if got.shares is not None:
                break
        return got

    # ---- folders

    async def _folder(self, ask: Ask, share: str, path: bytes) -> AsyncGenerator[Shown, None]:
        login, got = await self._opened(share, path)
        facts = telling.of_share(share, self._comments.get(share.lower(), ""))
        if isinstance(got, Denied):
            doubt = meaning.of_folder(got) if path else meaning.of_share(got)
            access = Access.LOGIN if not path and got.status in REFUSED else Access.NONE
            yield self._seen(ask.path, access, facts | _encrypted(got), doubt=doubt)
            return
        async with aclosing(got.batches()) as batches:
            async for batch in batches:
                yield batch
        facts |= telling.of_listing(login, got.strays, got.unreadable)
        yield self._seen(ask.path, _ACCESS[login], facts)

    async def _opened(self, share: str, path: bytes) -> tuple[Login, Listing | Denied]:
        """The folder, by whoever is let in: who was let in there before, else a null session, then Guest."""
        tried = [*self._entrance.let_in]
        if share.lower() in self._suits:
            tried = [self._suits[share.lower()]]
        elif self._guests >= _GUESTS:
            tried.sort(key=[Login.GUEST, Login.NULL].index)
        for login in tried:
            got = await self._as(login, lambda line: listing(line, share, path))
            if not isinstance(got, Denied):
                self._let_in(share, login)
            if not isinstance(got, Denied) or got.status not in REFUSED:
                break
        return login, got

    def _let_in(self, share: str, login: Login) -> None:
        if share.lower() not in self._suits:
            self._suits[share.lower()] = login
            self._guests = self._guests + 1 if login is Login.GUEST and self._guests >= 0 else -1

    async def _as(self, login: Login, what: Callable[[Line], Awaitable[T]]) -> T:
        """Do it on a connection that is logged in like this; again, where that was closed while nothing was asked."""
        line, fresh = await self._entrance.line(login)
        try:
            return await what(line)
        except Reset:
            self._entrance.drop()
            if fresh:
                raise
        line, _ = await self._entrance.line(login)
        return await what(line)

    def _seen(self, path: str, access: Access = Access.NONE, facts: Mapping[str, str] | None = None, *,
              doubt: Doubt | None = None) -> Observation:
        agreed = self._entrance.agreed
        return self.observed(path, access, {**self._facts, **(facts or {})}, doubt,
                             clock=agreed.clock if agreed is not None else None)


def _closed_access(doubt: Doubt | None) -> Access:
    return Access.LOGIN if doubt is not None and doubt[0] is Reason.LOGIN else Access.NONE


def _encrypted(denied: Denied) -> dict[str, str]:
    return {"smb.encryption": "required"} if denied.encrypted else {}


def _ask(share: bytes, depth: int) -> Ask:
    return Ask(path_of([share]), Asked.SHARE, depth)
