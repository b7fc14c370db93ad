"""Asking a server for its shares, over an open pipe: as much as it takes, in few words. It reads no other pipe."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.errors import ProtocolError
from scanner.probes.smb import packet, srvsvc
from scanner.probes.smb.command import told
from scanner.probes.smb.line import Denied, Line, Opened
from scanner.probes.smb.reply import PIPE
from scanner.probes.smb.srvsvc import Share

_FRAGMENTS = 256                          # of one answer: a megabyte
_PORTION = 2048                           # bytes of shares, so that an answer is one fragment
_PORTIONS = 64


@dataclass(frozen=True, slots=True)
class Announced:
    """The shares that this login is told of; None: refused. `cut`: there are more. `why`: what the server said."""

    shares: tuple[Share, ...] | None
    cut: bool = False
    why: str = ""


async def announced(line: Line) -> Announced:
    """Ask for all shares at once, and where that does not work, portion by portion. NetError where the line breaks."""
    for most in (srvsvc.ALL, _PORTION):
        opened = await line.open("IPC$", PIPE, packet.open_pipe(srvsvc.PIPE.encode("utf-16-le")))
        if isinstance(opened, Denied):
            return Announced(None, why=told(opened.status))
        try:
            told_of = await _talk(line, opened, most)
        except ProtocolError as broken:   # what the pipe says; the line itself may be well
            if not line.in_step:
                raise
            told_of = Announced(None, why=str(broken))
        await line.close(opened)
        if told_of is not None:
            return told_of
    return Announced(None, why="told in a form that cannot be read")


async def _talk(line: Line, opened: Opened, most: int) -> Announced | None:
    """One conversation with the pipe. None: another way may work."""
    said = await line.transceive(opened, srvsvc.bind())
    if isinstance(said, int):
        return Announced(None, why=told(said))
    srvsvc.accepted(said)
    found: dict[Share, None] = {}
    resume = 0
    for _ in range(_PORTIONS):
        stub = await _asked(line, opened, srvsvc.share_enum(line.host, most=most, resume=resume))
        if stub is None:
            return None
        got = srvsvc.parse_shares(stub)
        if got.code not in (0, srvsvc.MORE_DATA):
            return Announced(None, why=f"error {got.code}")
        news = [share for share in got.shares if share not in found]
        found |= dict.fromkeys(news)
        if got.code == 0 or not news or got.resume == resume:
            return Announced(tuple(found), cut=got.code != 0)
        resume = got.resume
    return Announced(tuple(found), cut=True)


async def _asked(line: Line, opened: Opened, question: bytes) -> bytes | None:
    """The answer of the pipe, all fragments joined; None where the further ones cannot be fetched in this way."""
    stub = b""
    for _ in range(_FRAGMENTS):
        said = await line.transceive(opened, question)
        if isinstance(said, int):
            return None
        part, last = srvsvc.fragment(said)
        stub += part
        if last:
            return stub
        question = srvsvc.cancel()        # no READ exists: a word without an answer brings the next part
    return None
