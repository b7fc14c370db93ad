"""A connection to an SMB server with one login on it: its shares, what is open in them, pages. It decides nothing."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from time import time
from uuid import uuid4

from scanner.errors import ProtocolError, Reset
from scanner.net import Stream
from scanner.probes.parting import parting
from scanner.probes.smb import frame, ntlm, old, packet, reply, spnego
from scanner.probes.smb.command import GONE, Command, Status, told
from scanner.probes.smb.exchange import Exchange
from scanner.probes.smb.ntlm import Challenge, Login
from scanner.probes.smb.packet import CREDIT, SMB1, Reply
from scanner.probes.smb.reply import Negotiated, Setup, Tree

_TREES = 16                               # shares that are kept connected
_PARTING = 0.5                            # seconds


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a login."""

    status: int
    setup: Setup | None                   # None: refused
    challenge: Challenge | None           # None: refused before the server said anything of itself


@dataclass(frozen=True, slots=True)
class Denied:
    """What was not opened, and why."""

    status: int
    encrypted: bool = False               # the share wants every message encrypted


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder or pipe that is open."""

    tree: Tree
    handle: bytes


class Line:
    """`negotiate`, then `log_in`. All errors rise as NetError; after one the line is to be dropped.

    `host`: the server, as the paths of its shares begin.
    """

    def __init__(self, stream: Stream, host: str) -> None:
        self.host = host
        self.login: Login | None = None   # as whom it is logged in
        self._exchange = Exchange(stream)
        self._session = 0
        self._trees: OrderedDict[str, Tree] = OrderedDict()

    @property
    def in_step(self) -> bool:
        """Nothing waits for an answer."""
        return self._exchange.in_step

    async def greet(self) -> None:
        """Port 139: what comes before SMB. ProtocolError where the server does not answer to that name."""
        kind, data = await self._exchange.first("SESSION_REQUEST", frame.session_request())
        if kind == frame.NEGATIVE:
            raise ProtocolError(f"refuses a session for *SMBSERVER, code 0x{data[:1].hex()}")
        if kind != frame.POSITIVE:
            raise ProtocolError("no session for *SMBSERVER; leads elsewhere, which is not followed")

    async def negotiate(self) -> Negotiated | None:
        """Agree on a dialect; None where the answer is in SMB 1. NotThisProtocol."""
        asked = packet.request(Command.NEGOTIATE, packet.negotiate(uuid4().bytes, os.urandom(32)), message=0)
        _, data = await self._exchange.first(Command.NEGOTIATE.name, frame.framed(asked))
        if data.startswith(SMB1):
            return None
        answer = packet.parse_reply(data)
        if answer.status:
            raise ProtocolError(f"agrees on no dialect: {told(answer.status)}")
        agreed = reply.parse_negotiated(answer)
        self._exchange.begun(answer)
        self._exchange.most = agreed.most // CREDIT if agreed.large else 0
        return agreed

    async def speaks_smb1(self) -> bool:
        """Ask in SMB 1, and nothing after it. NotThisProtocol."""
        _, data = await self._exchange.first("NEGOTIATE_SMB1", frame.framed(old.question()))
        return old.speaks_smb1(data)

    async def log_in(self, login: Login) -> Entered:
        """Try a login, once."""
        hello = packet.session_setup(spnego.first(ntlm.negotiate()))
        answer = await self._exchange.call(Command.SESSION_SETUP, hello)
        if answer.status != Status.MORE_PROCESSING:
            return Entered(answer.status or Status.NOT_SUPPORTED, None, None)
        challenge = ntlm.parse_challenge(spnego.unwrapped(reply.parse_setup(answer).token))
        token = ntlm.authenticate(login, challenge, seconds=time(), nonce=os.urandom(8))
        proof = packet.session_setup(spnego.further(token))
        last = await self._exchange.call(Command.SESSION_SETUP, proof, answer.session)
        if last.status:
            return Entered(last.status, None, challenge)
        self.login, self._session = login, last.session
        return Entered(0, reply.parse_setup(last), challenge)

    async def open(self, share: str, kind: int, body: bytes) -> Opened | Denied:
        """Connect to a share of that `kind` and open what `body` asks for there."""
        tree = await self._tree(share)
        if isinstance(tree, int):
            return Denied(tree)
        if tree.kind != kind:             # opening something on a printer would print
            return Denied(Status.BAD_DEVICE_TYPE)
        answer = await self._call(Command.CREATE, body, tree)
        if answer.status:
            return Denied(_alive(answer.status), tree.encrypted)
        return Opened(tree, reply.parse_handle(answer))

    async def _tree(self, share: str) -> Tree | int:
        """Connect to a share, or the status that refuses it."""
        known = self._trees.get(share)
        if known is not None:
            self._trees.move_to_end(share)
            return known
        path = f"\\\\{self.host}\\{share}".encode("utf-16-le", "surrogatepass")
        answer = await self._call(Command.TREE_CONNECT, packet.tree_connect(path))
        if answer.status:
            return _alive(answer.status)
        if len(self._trees) >= _TREES:
            await self._call(Command.TREE_DISCONNECT, packet.tree_disconnect(), self._trees.popitem(last=False)[1])
        tree = self._trees[share] = reply.parse_tree(answer)
        return tree

    async def close(self, opened: Opened) -> None:
        """Close what was opened."""
        await self._call(Command.CLOSE, packet.close(opened.handle), opened.tree)

    async def transceive(self, opened: Opened, data: bytes) -> bytes | int:
        """Say something to a pipe: its answer, or the status that refuses it."""
        answer = await self._call(Command.IOCTL, packet.transceive(opened.handle, data), opened.tree)
        if answer.status not in (Status.OK, Status.BUFFER_OVERFLOW):
            return _alive(answer.status)
        return reply.parse_output(answer)

    async def page(self, opened: Opened, form: int) -> bytes | int:
        """The next entries of a directory, or the status that ends them."""
        charge = self._exchange.page
        asked = packet.query_directory(opened.handle, form, charge * CREDIT)
        self._exchange.stream.approve()   # a directory is open, so what comes are its entries
        answer = await self._call(Command.QUERY_DIRECTORY, asked, opened.tree, charge)
        if answer.status:
            return _alive(answer.status)
        self._exchange.stream.grant(len(answer.data))
        return reply.parse_rows(answer)

    async def again(self) -> None:
        """Before the next ask on a line that is kept."""
        await self._exchange.stream.again()

    async def leave(self) -> None:
        """Log off where that is quick, and close."""
        async with parting(_PARTING):
            if self.in_step and self.login is not None:
                await self.again()
                await self._call(Command.LOGOFF, packet.logoff())
                self._exchange.stream.close()
        self.drop()

    def drop(self) -> None:
        """Close at once."""
        self._exchange.stream.abort()

    async def _call(self, command: Command, body: bytes, tree: Tree | None = None, charge: int = 1) -> Reply:
        number = 0 if tree is None else tree.number
        return await self._exchange.call(command, body, self._session, number, charge)


def _alive(status: int) -> int:
    if status in GONE:
        raise Reset(f"the session is gone: {told(status)}")
    return status
