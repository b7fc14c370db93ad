"""Lines to the services of one host: RPC over TCP (RFC 5531 §11), one call at a time.

NFS, mountd and the portmapper listen on ports of their own. The connection to the door's own port stays; one other is
open beside it at a time, at the same address, on a place that was taken with the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import SystemRandom

from scanner.errors import BudgetError, NotThisProtocol, OutOfScope, ProtocolError, Reset
from scanner.model import Endpoint
from scanner.net import Net, Stream
from scanner.net.ledger import COMMAND
from scanner.probes.foreign import first_words
from scanner.probes.nfs import rpc
from scanner.probes.nfs.portmap import PORT as PORTMAPPER
from scanner.probes.nfs.procedures import NFS, Procedure
from scanner.probes.nfs.rpc import Credential, StrangeError
from scanner.probes.nfs.xdr import Reader

RECORD = 480 * 1024                      # bytes of a reply: less than what a stream lets through unasked
_ROWS = 288 * 1024                       # the same of NFS itself, which is asked for 256 KiB at most
_FRAGMENTS = 1024                        # of a reply
_RESERVED = 1024                         # ports below belong to services that everybody knows


class Line:
    """Calls at one address, whatever the port. Use as an async context manager: leaving it hangs up."""

    def __init__(self, net: Net, there: Endpoint, xid: int | None = None) -> None:
        """`xid`: the number of the call before the first; by chance where none is given."""
        self.dials = 0                   # connections made so far
        self._net = net
        self._there = there
        self._open: dict[int, Stream] = {}       # by port: the door's own, and one other
        self._spoken = set[int]()        # ports of these at which RPC was heard
        self._lock = asyncio.Lock()
        self._xid = SystemRandom().getrandbits(31) if xid is None else xid

    async def call(self, port: int, procedure: Procedure, arguments: bytes = b"",
                   credential: Credential = Credential.NONE, said: Sequence[str] = ()) -> Reader:
        """The results of a call; `said` is what the account calls it, if not by the procedure's name.

        Raises:
            NotThisProtocol: what answers on a fresh connection is not RPC.
            UnavailableError, DeniedError: RPC says no.
            NetError: the contact went wrong.
        """
        async with self._lock:
            xid, record = await self._asked(port, procedure, arguments, credential, said or (procedure.said,))
            try:
                return rpc.reply(record, xid)
            except StrangeError:
                self._hang_up(port)
                raise

    async def __aenter__(self) -> Line:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hang_up(self._there.port)

    def _hang_up(self, port: int) -> None:
        """Close the connection to a port; with the first one goes the other, which has its place from that."""
        for closing in [*self._open] if port == self._there.port else [port]:
            self._spoken.discard(closing)
            if (stream := self._open.pop(closing, None)) is not None:
                stream.abort()

    async def _asked(self, port: int, procedure: Procedure, arguments: bytes, credential: Credential,
                     said: Sequence[str]) -> tuple[int, bytes]:
        kept = port in self._open
        try:
            return await self._once(port, procedure, arguments, credential, said)
        except Reset:
            if not kept:
                raise                    # a kept connection may have been closed for being idle
        return await self._once(port, procedure, arguments, credential, said)

    async def _once(self, port: int, procedure: Procedure, arguments: bytes, credential: Credential,
                    said: Sequence[str]) -> tuple[int, bytes]:
        try:
            stream = await self._at(port)
            self._xid = (self._xid + 1) & 0xFFFFFFFF
            for verb in said:
                stream.note(verb, COMMAND)
            await stream.send(rpc.call(self._xid, procedure, arguments, credential))
            most = _ROWS if procedure.value[0] == NFS else RECORD
            return self._xid, await self._record(stream, port, most)
        except BaseException:
            self._hang_up(port)          # what comes late would be taken for the next answer
            raise

    async def _at(self, port: int) -> Stream:
        if (stream := self._open.get(port)) is not None:
            await stream.again()
            return stream
        if port == self._there.port:
            return await self._dial(port, None)
        for other in [other for other in self._open if other != self._there.port]:
            self._hang_up(other)
        return await self._dial(port, self._open.get(self._there.port) or await self._dial(self._there.port, None))

    async def _dial(self, port: int, beside: Stream | None) -> Stream:
        """A service that a portmapper names is permitted with the door; one of a reserved port needs more."""
        there = replace(self._there, port=port, tls=False)
        if beside is not None and port < _RESERVED and port != PORTMAPPER:
            decided = self._net.scope.decide(there.address, port)
            if not decided.allowed:
                raise OutOfScope(f"{there.authority}: {decided.reason}")
        self.dials += 1
        stream = self._open[port] = await self._net.connect(there, places=1 if beside else 2, beside=beside)
        return stream

    async def _record(self, stream: Stream, port: int, most: int) -> bytes:
        """A reply of so many bytes at most: its fragments, put together."""
        record = bytearray()
        for _ in range(_FRAGMENTS):
            header = await stream.read_exactly(4)
            last, length = rpc.fragment(header)
            if len(record) + length > most:
                await self._too_long(stream, port, header, most)
            record += await self._fragment(stream, port, length)
            if last:
                return bytes(record)
        raise ProtocolError(f"an answer in more than {_FRAGMENTS} fragments")

    async def _fragment(self, stream: Stream, port: int, length: int) -> bytes:
        """Of the first one on a connection so much first as tells that it is a reply to us."""
        first = b"" if port in self._spoken else await stream.read_exactly(min(length, rpc.BEGINNING))
        if first and not rpc.begins(first, self._xid):
            raise NotThisProtocol("what came is no reply to what was asked", first)
        self._spoken.add(port)
        stream.approve()
        return first + await stream.read_exactly(length - len(first))

    async def _too_long(self, stream: Stream, port: int, header: bytes, most: int) -> None:
        if port not in self._spoken:
            said = await first_words(stream, header)
            if not rpc.begins(said[len(header):][:rpc.BEGINNING], self._xid):
                raise NotThisProtocol("what answers is not RPC", said)
        raise BudgetError(f"an answer of more than {most} bytes")
