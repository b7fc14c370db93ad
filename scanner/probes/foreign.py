"""What speaks where another protocol was looked for: its first words, from which `recognised` may tell it."""

from __future__ import annotations

from contextlib import suppress

from scanner.errors import NetError
from scanner.net import Stream

_MOST = 128                              # bytes beyond what was heard
_AT_ONCE = 0.2                           # seconds that they may take: the rest of a line is there already


async def first_words(stream: Stream, heard: bytes) -> bytes:
    """`heard`, and what came with it. Raises nothing: a connection that ends has said its all."""
    with suppress(NetError):
        if await stream.speaks(_AT_ONCE):
            return heard + await stream.read(_MOST)
    return heard
