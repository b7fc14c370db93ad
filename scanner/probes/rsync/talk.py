"""A talk with an rsync daemon: one connection, on which one thing is asked. Knows no door and no scan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from scanner.errors import BudgetError, NotThisProtocol, ProtocolError, Reset
from scanner.model import Doubt, Endpoint, Reason
from scanner.net import Net, Stream
from scanner.net.ledger import COMMAND
from scanner.probes.foreign import first_words
from scanner.probes.parting import parting
from scanner.probes.rsync.asking import NO_MORE, NOTHING_LEFT_OUT
from scanner.probes.rsync.frames import Frames
from scanner.probes.rsync.lines import (
    LINE,
    LIST,
    MAGIC,
    MOST_BYTES,
    MOST_LINES,
    Greeting,
    Module,
    Said,
    Welcome,
    greeting,
    module,
    refusal,
    said,
)
from scanner.probes.rsync.rows import Row, Rows
from scanner.probes.rsync.trouble import Troubles

_GLANCE = 0.01                           # seconds
_PIECE = 65_536
_LAST = 1024                             # bytes of a daemon's last words: figures of a transfer that was none
_SEED = 4                                # bytes of a number that only transfers need


class Talk:
    """One connection, greeted."""

    def __init__(self, stream: Stream, hello: Greeting) -> None:
        self.greeting = hello
        self.welcome = Welcome()
        self.cut = False                 # lines went on beyond bounds
        self.refused: Doubt | None = None
        self.troubles = Troubles()
        self.rows = Rows(hello.spoken)
        self._stream = stream

    async def is_over(self) -> bool:
        """Whether it was closed while it was kept, or goes on unasked. If not, it may be gone on with now."""
        if await self._stream.speaks(_GLANCE):
            return True
        await self._stream.again()
        return False

    def abort(self) -> None:
        """Close by reset what is not closed."""
        self._stream.abort()

    async def modules(self) -> AsyncGenerator[Module, None]:
        """The list of modules. What else is said becomes `welcome`; where there is no list, `refused` says why."""
        self._stream.note("RSYNC LIST", COMMAND)
        await self._stream.send(self.greeting.reply + LIST)
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                match said(line):
                    case Said.END:
                        return
                    case Said.ERROR:
                        self.refused = refusal(line)
                        return
                    case _ if (found := module(line)) is not None:
                        yield found
                    case _:
                        self.welcome.take(line)
        if not self.cut:
            raise Reset("closed before its list was whole")

    async def enter(self, name: bytes) -> bool:
        """Go into a module; False: `refused` says why not."""
        self._stream.note("RSYNC MODULE", COMMAND)
        await self._stream.send(self.greeting.reply + name + b"\n")
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                match said(line):
                    case Said.OTHER:
                        self.welcome.take(line)
                        continue
                    case Said.OPEN:
                        return True
                    case Said.LOGIN:
                        self.refused = Reason.LOGIN, "wants a login"
                    case Said.END:
                        self.refused = Reason.FORBIDDEN, "ends the talk when it is asked for this module"
                    case Said.ERROR:
                        self.refused = refusal(line)
                return False
        raise ProtocolError("a welcome that does not end") if self.cut else Reset("closed before it answered")

    async def tree(self, arguments: bytes) -> AsyncGenerator[list[Row], None]:
        """The rows that these arguments ask for, as they come. What the server could not read becomes `troubles`.

        Where it says why, and ends without a row, the rows end too: `rows.ended` is False then.
        """
        stream = self._stream
        stream.note("RSYNC TREE", COMMAND)
        await stream.send(arguments)
        await stream.read_exactly(_SEED)
        await stream.send(NOTHING_LEFT_OUT)
        frames = Frames()
        self.troubles = frames.troubles
        while not self.rows.ended:
            data = await self._more()
            rows = self.rows.feed(frames.feed(data))
            if rows:
                stream.approve()
                stream.grant(len(data))
                yield rows
            elif not data:
                return
            await asyncio.sleep(0)       # others have their turn, whatever it was

    async def part(self) -> None:
        """Want no file, and let the daemon end as it does after every transfer: a second at most."""
        left = _LAST
        async with parting():
            await self._stream.send(NO_MORE * 4)
            while left and (said := await self._stream.read(left)):
                left -= len(said)
        if left:
            self._stream.close()
        else:
            self._stream.abort()

    async def _more(self) -> bytes:
        """The next bytes; none where the server has ended without a row."""
        try:
            data = await self._stream.read(_PIECE)
        except Reset:
            if self.rows.begun or not self.troubles.count:
                raise
            return b""
        if not data and self.rows.begun:
            raise Reset("closed before its list was whole")
        return data

    async def _lines(self) -> AsyncGenerator[bytes, None]:
        """What is said, line by line, to the end or as far as bounds reach: then `cut`."""
        read = 0
        for _ in range(MOST_LINES):
            try:
                line = await self._stream.read_line(LINE)
            except BudgetError:
                break
            if not line:
                return
            read += len(line)
            if read > MOST_BYTES:
                break
            yield line
        self.cut = True


@asynccontextmanager
async def talk(net: Net, endpoint: Endpoint) -> AsyncIterator[Talk]:
    """Connect, and hear the greeting. `NotThisProtocol` where something else speaks first."""
    async with await net.connect(endpoint) as stream:
        yield Talk(stream, await _hello(stream))


async def _hello(stream: Stream) -> Greeting:
    first = b""
    while len(first) < len(MAGIC) and MAGIC.startswith(first):
        more = await stream.read(len(MAGIC) - len(first))
        if not more:
            break
        first += more
    if first == MAGIC:
        return greeting(first + await stream.read_line(LINE))
    if not first:
        raise NotThisProtocol("closes without a word")
    raise NotThisProtocol("does not greet as rsync", await first_words(stream, first))
