"""Folders over SFTP: one request at a time on something that carries bytes. Opens no file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from scanner.errors import NetError, ProtocolError
from scanner.model import Batch
from scanner.net import Stream
from scanner.net.ledger import COMMAND, DIRECTORY
from scanner.probes.ssh import sftp
from scanner.probes.ssh.sftp import Hear, Say, Status

_BATCH = 4096                             # rows handed on at a time
_FAIR = 512                               # rows between two turns of others
_FRAME = 128                              # bytes of an answer that are no row: its head, those of SSH, padding, code
_PARTING = 0.5                            # seconds to give a handle back
_MOST_NUMBERS = 1 << 32


class Carrier(Protocol):
    """A channel of bytes to an SFTP server."""

    async def say(self, packet: bytes) -> None:
        """All of `packet`. NetErrors."""

    async def hear(self, size: int) -> bytes:
        """So many bytes. NetErrors."""


class Denied(Exception):  # noqa: N818  no error: an answer
    """The server said no. `code`: its status code (section 7)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"status {code}")
        self.code = code


class Folders:
    """An SFTP session. Used by one task at a time; `broken` once it is not known what the server says next."""

    def __init__(self, carrier: Carrier, stream: Stream) -> None:
        self.broken = False
        self._carrier = carrier
        self._stream = stream
        self._number = 0

    async def begin(self) -> int:
        """Agree on a version: the server's. `ProtocolError` where it is older than what is spoken here."""
        await self._carrier.say(sftp.init())
        told = await self._hear()
        if told.kind != Hear.VERSION or told.number < sftp.VERSION:
            raise ProtocolError("SFTP: the server does not speak version 3")
        return told.number

    async def home(self) -> bytes:
        """The path that a login begins in (section 6.11). `Denied`."""
        told = await self._ask(Say.REALPATH, b".", COMMAND)
        if told.kind != Hear.NAME:
            raise self._other(told)
        for row in sftp.rows(told.rest):
            return row.name
        raise ProtocolError("SFTP: a path without a name")

    async def list(self, path: bytes) -> AsyncGenerator[Batch, None]:
        """The entries of a folder. `Denied` where it may not be read; NetErrors: batches given before stand."""
        told = await self._ask(Say.OPENDIR, path, DIRECTORY)
        if told.kind != Hear.HANDLE:
            raise self._other(told)
        handle = sftp.handle(told.rest)
        self._stream.approve()
        try:
            async with aclosing(self._rows(handle)) as batches:
                async for batch in batches:
                    yield batch
        finally:
            await self._give_back(handle)

    async def _rows(self, handle: bytes) -> AsyncGenerator[Batch, None]:
        columns = sftp.Columns()
        while (told := await self._ask(Say.READDIR, handle, DIRECTORY)).kind == Hear.NAME:
            weight = 0
            held = len(columns)
            for row in sftp.rows(told.rest):
                columns.add(row)
                weight += row.weight
                if not len(columns) % _FAIR:
                    await asyncio.sleep(0)
            self._stream.grant(weight + (_FRAME if len(columns) > held else 0))
            if len(columns) >= _BATCH:
                yield columns.batch()
                columns = sftp.Columns()
        error = self._other(told)
        if len(columns):
            yield columns.batch()
        if not (isinstance(error, Denied) and error.code == Status.EOF):
            raise error

    async def _give_back(self, handle: bytes) -> None:
        """Close the handle (section 6.3), if that is quick; after what broke, or a request half answered, nothing."""
        if self.broken:
            return
        try:
            await asyncio.wait_for(self._ask(Say.CLOSE, handle, DIRECTORY), _PARTING)
        except (NetError, TimeoutError):
            self.broken = True

    async def _ask(self, kind: Say, text: bytes, path_class: str) -> sftp.Reply:
        """Ask, and hear the answer to it. Until that is whole, nothing else can be asked."""
        whole, self.broken = self.broken, True
        if whole:
            raise ProtocolError("SFTP: asked after it broke")
        self._number = (self._number + 1) % _MOST_NUMBERS
        self._stream.note(f"SFTP {kind.name}", path_class)
        await self._carrier.say(sftp.request(kind, self._number, text))
        told = await self._hear()
        if told.number != self._number:
            raise ProtocolError("SFTP: an answer to another request")
        self.broken = False
        return told

    async def _hear(self) -> sftp.Reply:
        return sftp.reply(await self._carrier.hear(sftp.size_of(await self._carrier.hear(4))))

    def _other(self, told: sftp.Reply) -> Denied | ProtocolError:
        if told.kind == Hear.STATUS:
            return Denied(sftp.status(told.rest))
        return ProtocolError(f"SFTP: an answer of kind {told.kind}")
