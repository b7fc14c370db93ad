"""Taking leave of a server: what is still said then, and for how long. Whatever goes wrong is nobody's loss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from scanner.errors import NetError


@asynccontextmanager
async def parting(seconds: float = 1.0) -> AsyncIterator[None]:
    """What is done in here ends in time, and raises no NetError. Closing the connection is the caller's."""
    with suppress(NetError, TimeoutError):
        async with asyncio.timeout(seconds):
            yield
