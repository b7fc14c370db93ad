"""One message out, its answer in, on one connection to an SMB server. It counts messages; it knows no login.

It is in step as long as no message waits for its answer; else the connection is of no more use.
"""

from __future__ import annotations

from dataclasses import replace

from scanner.errors import NotThisProtocol, ProtocolError
from scanner.net import Stream
from scanner.net.ledger import COMMAND
from scanner.probes.foreign import first_words
from scanner.probes.smb import frame, packet
from scanner.probes.smb.command import Command, Status
from scanner.probes.smb.packet import CREDIT, Reply

_OVERHEAD = 4096                          # bytes of an answer beyond what its credits pay for
_INTERIM = 32                             # messages that may come before the answer: "pending", and what nobody asked
_PAGE_CREDITS = 4                         # of one page: 256 KiB
_SAID = 128                               # bytes of what is no message that are kept


class Exchange:
    """Begin with `first`, then `call`. All errors rise as NetError; after one the connection is to be dropped."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.in_step = True               # nothing waits for an answer
        self.most = 0                     # credits that one answer may cost; 0: the dialect knows no such thing
        self._message = 0
        self._credits = 1

    async def first(self, verb: str, message: bytes) -> tuple[int, bytes]:
        """Send the first message and give the kind and the bytes of the first answer, whatever dialect it is in.

        NotThisProtocol where it is no message at all.
        """
        self.stream.note(f"SMB {verb}", COMMAND)
        self.in_step = False
        await self.stream.send(message)
        head = await self.stream.read_exactly(frame.HEAD)
        while head[0] == frame.KEEP_ALIVE:
            head = await self.stream.read_exactly(frame.HEAD)
        if not frame.known(head):
            raise NotThisProtocol("answers in no form of SMB", await first_words(self.stream, head))
        kind, size = frame.parse_head(head, CREDIT + _OVERHEAD)
        data = await self.stream.read_exactly(min(size, packet.HEADER))
        if kind == frame.MESSAGE and not packet.is_smb(data):
            raise NotThisProtocol("answers in no form of SMB", (head + data)[:_SAID])
        data += await self.stream.read_exactly(size - len(data))
        self.in_step = True
        return kind, data

    def begun(self, answer: Reply) -> None:
        """The first message of SMB 2 was answered."""
        self._message = 1
        self._credits = max(1, answer.credits)

    @property
    def page(self) -> int:
        """Credits that a page may cost."""
        return max(1, min(_PAGE_CREDITS, self._credits, self.most))

    async def call(self, command: Command, body: bytes, session: int = 0, tree: int = 0, charge: int = 1) -> Reply:
        """Send one message and wait for its answer, of at most `charge` credits."""
        self.stream.note(f"SMB {command.name}", COMMAND)
        asked = self._message
        self._message += charge
        self.in_step = False
        message = packet.request(command, body, message=asked, session=session, tree=tree,
                                 charge=charge if self.most else 0)
        await self.stream.send(frame.framed(message))
        answer = await self._answer(command, asked, charge * CREDIT + _OVERHEAD)
        self._credits = max(1, self._credits - charge + answer.credits)
        self.in_step = True
        return answer

    async def _answer(self, command: Command, asked: int, most: int) -> Reply:
        for _ in range(_INTERIM):
            kind, size = frame.parse_head(await self.stream.read_exactly(frame.HEAD), most)
            if kind == frame.KEEP_ALIVE and not size:
                continue
            answer = packet.parse_reply(await self.stream.read_exactly(min(size, packet.HEADER)))
            unasked = answer.message == packet.UNSOLICITED
            if not unasked and (answer.message != asked or answer.command != command):
                raise ProtocolError("an answer to something else than was asked")
            answer = replace(answer, data=answer.data + await self.stream.read_exactly(size - len(answer.data)))
            if not unasked and answer.status != Status.PENDING:
                return answer
        raise ProtocolError("says over and over that the answer is still to come")
