"""A media server's description of itself, on the published list: where its content can be listed. It lists nothing.

Form: UPnP Device Architecture 1.0 section 2.1. Only a control path on this very door is used.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from scanner.errors import NetError
from scanner.listing.xml.device import description
from scanner.model import Access, Ask, Asked, Observation
from scanner.net import Accept, Answer
from scanner.probes.base import Shown
from scanner.probes.telling import clock_of, facts_of, observation
from scanner.probes.ways import Talk

DESCRIPTIONS = ("/rootDesc.xml", "/description.xml", "/DeviceDescription.xml")
"""Where they lie, likeliest first."""

_MOST = 64 * 1024                        # bytes of one


async def device(talk: Talk, ask: Ask) -> AsyncGenerator[Shown, None]:
    """The ask that lists its content, where it has any; last what it says of itself."""
    async with talk.ask(ask.path, accept=Accept.XML) as answer:
        text = await _text(answer) if answer.status == 200 else b""
        control, facts = description(text, ask.path, talk.authority)
        seen = _seen(talk, ask, answer, facts)
    if control is not None and "?" not in control:
        yield Ask("/", Asked.PRODUCT, ask.depth, f"dlna:{control}")
    yield seen


async def _text(answer: Answer) -> bytes:
    """The document, as much of it as is read; what is cut off cannot be used, and is no loss."""
    text = bytearray()
    try:
        async for chunk in answer.chunks():
            text += chunk
            if len(text) >= _MOST:
                break
    except NetError:
        return b""
    return bytes(text)


def _seen(talk: Talk, ask: Ask, answer: Answer, facts: dict[str, str]) -> Observation:
    said = {**facts_of(answer, talk.endpoint), **facts}
    return observation(talk.endpoint, ask.path, Access.NONE, said, clock_of(answer))
