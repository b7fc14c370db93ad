"""What hostile servers of TLS do: courses of a session, and raw records in the place of a handshake."""

from __future__ import annotations

from tests.hostile.behaviour import Hosting
from tests.hostile.serving import Talk, hosting
from tests.hostile.tls_door import PAGE, page
from tests.hostile.tls_null import DATA, HANDSHAKE, Course, Null, message, record

AUDIO = bytes(range(128, 256)) * 128                     # 16 KiB, the most that a record holds
HELLO = record(HANDSHAKE, message(2, bytes(200)))        # the beginning of an answer


def raw(*parts: bytes | float, again: bytes = b"", every: float = 0.0) -> Hosting:
    """A server that says this to the first byte of TLS and hangs up on clear text; then a piece again and again."""
    async def answer(talk: Talk) -> None:
        if await talk.reader.read(1) != b"\x16":
            return
        for part in parts:
            await (talk.say(part) if isinstance(part, bytes) else talk.idle(part))
        while again:
            await talk.say(again)
            if every:
                await talk.idle(every)

    return hosting(answer, greets=True, target="https://{}/")


def after(kind: int = DATA, data: bytes = b"", *, endless: bool = False, then: bytes = PAGE) -> Course:
    """A request, then this record, once or without end, then the page."""
    async def course(there: Null) -> None:
        path = await there.asked()
        await there.say(kind, data)
        while endless:
            await there.say(kind, data, 100)
        await there.say(DATA, then if path == "/" else page(path))

    return course


async def unasked(there: Null) -> None:
    """Pours audio into the session before anything was asked."""
    while True:
        await there.say(DATA, AUDIO)
