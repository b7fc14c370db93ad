"""What a reader makes of an answer's bytes: at once where it is little, else in a thread beside the event loop."""

from __future__ import annotations

import asyncio

from scanner.aside import aside
from scanner.listing import LITTLE, Reader
from scanner.model import Batch


async def fed(reader: Reader, data: bytes) -> list[Batch]:
    """See `Reader.feed`. Others have had their turn before: a piece may take milliseconds."""
    if reader.takes_long(len(data)):
        return await aside(reader.feed, data)
    if len(data) > LITTLE:
        await asyncio.sleep(0)
    return reader.feed(data)


async def closed(reader: Reader) -> list[Batch]:
    """See `Reader.close`."""
    return await aside(reader.close) if reader.held > LITTLE else reader.close()
