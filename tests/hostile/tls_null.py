"""TLS 1.2 without encryption, by hand (RFC 5246, TLS_RSA_WITH_NULL_SHA256): it can say what no library would.

    async with null(course) as host: ...

`course` is what happens on one connection once the handshake is done; `Null.say` puts any record into the session.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from tests.hostile.behaviour import Host
from tests.hostile.serving import Talk, serve
from tests.hostile.tls_certificates import certificate, key

CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23          # RFC 5246 section 6.2.1
HELLO_REQUEST = b"\x00\x00\x00\x00"
WARNING, USER_CANCELLED, CLOSE_NOTIFY = b"\x01", b"\x5a", b"\x00"
_SERVER_HELLO, _CERTIFICATE, _DONE, _FINISHED = 2, 11, 14, 20
_VERSION = b"\x03\x03"
_NULL_SHA256 = b"\x00\x3b"
_NO_RENEGOTIATION = b"\xff\x01\x00\x01\x00"              # renegotiation_info, empty: RFC 5746 section 3.6
_ALPN = b"\x00\x10"


def record(kind: int, data: bytes) -> bytes:
    """A record in clear."""
    return bytes([kind]) + _VERSION + len(data).to_bytes(2) + data


def message(kind: int, data: bytes = b"") -> bytes:
    """A handshake message."""
    return bytes([kind]) + len(data).to_bytes(3) + data


class Null:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[bytes]) -> None:
        self.reader = reader
        self.writer = writer
        self._seen = seen
        self._spoken = b""                # handshake messages so far
        self._mac = b""                   # ours, once the ciphers have changed
        self._count = 0

    async def handshake(self, chain: Sequence[bytes], alpn: bytes | None) -> bool:
        """Whether there is a session; False where the client speaks in clear."""
        kind, hello = await self._record()
        if kind != HANDSHAKE:
            return False
        random = os.urandom(32)
        extensions = _NO_RENEGOTIATION + (b"" if alpn is None else _ALPN + _sized(_sized(_sized(alpn, 1), 2), 2))
        self._spoken += hello
        flight = [message(_SERVER_HELLO, _VERSION + random + b"\0" + _NULL_SHA256 + b"\0" + _sized(extensions, 2)),
                  message(_CERTIFICATE, _sized(b"".join(_sized(one, 3) for one in chain), 3)), message(_DONE)]
        for part in flight:
            self._spoken += part
            for at in range(0, len(part), 16384):
                await self.say(HANDSHAKE, part[at:at + 16384])
        await self._agree(hello[6:38], random)
        return True

    async def _agree(self, theirs: bytes, ours: bytes) -> None:
        _, exchange = await self._record()
        self._spoken += exchange
        secret = _prf(key().opened(exchange[6:], 48), b"master secret", theirs + ours, 48)
        await self._record()                                                 # ChangeCipherSpec
        self._spoken += (await self._record())[1][:16]                       # Finished, which needs not be true
        block = _prf(secret, b"key expansion", ours + theirs, 64)
        proof = _prf(secret, b"server finished", hashlib.sha256(self._spoken).digest(), 12)
        await self.say(CHANGE, b"\x01")
        self._mac, self._count = block[32:], 0
        await self.say(HANDSHAKE, message(_FINISHED, proof))

    async def say(self, kind: int, data: bytes, times: int = 1) -> None:
        """Put a record into the session, whatever the client expects; `times`: as many, in one piece."""
        self.writer.write(b"".join(self._sealed(kind, data) for _ in range(times)))
        await self.writer.drain()

    def _sealed(self, kind: int, data: bytes) -> bytes:
        if self._mac:
            head = self._count.to_bytes(8) + bytes([kind]) + _VERSION + len(data).to_bytes(2)
            data += hmac.digest(self._mac, head + data, "sha256")
            self._count += 1
        return record(kind, data)

    async def asked(self) -> str:
        """The path of the next request."""
        request = b""
        while b"\r\n\r\n" not in request:
            kind, data = await self._record()
            request += data[:-32] if kind == DATA else b""
        self._seen.append(request)
        return request.split(b" ")[1].decode()

    async def _record(self) -> tuple[int, bytes]:
        head = await self.reader.readexactly(5)
        if head[1:2] != b"\x03":
            return -1, head
        return head[0], await self.reader.readexactly(int.from_bytes(head[3:]))


Course = Callable[[Null], Awaitable[None]]


@asynccontextmanager
async def null(course: Course, *, chain: Sequence[bytes] = (), alpn: bytes | None = None, clear: bytes = b"",
               ) -> AsyncIterator[Host]:
    """A server with this course; `chain` is what it shows, `alpn` what it says is agreed, `clear` is said in clear."""
    shown, asked = chain or [certificate()], list[bytes]()

    async def converse(talk: Talk) -> None:
        there = Null(talk.reader, talk.writer, asked)
        if await there.handshake(shown, alpn):
            await course(there)
        else:
            await talk.say(clear)

    async with serve(converse, target="https://{}/", greets=True) as host:
        host.seen = asked
        yield host


def _sized(data: bytes, octets: int) -> bytes:
    return len(data).to_bytes(octets) + data


def _prf(secret: bytes, label: bytes, seed: bytes, size: int) -> bytes:
    """RFC 5246 section 5."""
    out, at = b"", label + seed
    while len(out) < size:
        at = hmac.digest(secret, at, "sha256")
        out += hmac.digest(secret, at + label + seed, "sha256")
    return out[:size]
