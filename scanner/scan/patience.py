"""Patience with this machine: what its files, ports or network keep from being done is tried again for a while.

It never says anything of a target.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from scanner.errors import LocalFault
from scanner.scan.site import Site

T = TypeVar("T")


async def patiently(site: Site, work: Callable[[], Awaitable[T]]) -> T:
    """Do `work`, again after each of the site's pauses. Raises LocalFault when it stays, or the scan is to end."""
    for pause in site.pauses:
        try:
            return await work()
        except LocalFault:
            if site.stop.is_set():
                raise
            await asyncio.sleep(pause)
    return await work()
