"""Sites that are stopped and judged after each test: whatever a test is about, nothing but listings was asked for."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.net.hostile import server_context
from tests.scan.sites import Site, place

Serve = Callable[..., Awaitable[Site]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """`await serve(tree, port=8080, address=None, **knobs)`; `site.address` and `site.port` say where."""
    started: list[Site] = []

    async def one(tree: Any, *, port: int = 8080, address: str | None = None, **knobs: Any) -> Site:
        site = Site(tree, **knobs)
        site.address, site.port = address or place(), port
        started.append(await site.start(site.address, port))
        return site

    yield one
    for site in started:
        await site.stop()
        site.judge()


@pytest.fixture
def tls() -> ssl.SSLContext:
    return server_context()
