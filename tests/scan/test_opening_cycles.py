"""What failed keeps nothing alive: endpoints that cannot be read leave no frames for the garbage collector."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Iterator
from types import FrameType

import pytest

from scanner.net import Limits
from tests.ports import free
from tests.scan.scans import scan
from tests.scan.sites import place
from tests.soak.serving import Resets

LIMITS = Limits(connect=5.0, first_byte=0.3, total=0.6)


@pytest.fixture
def left() -> Iterator[list[object]]:
    """What only the garbage collector finds, from here on."""
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()


@pytest.mark.parametrize("behaviour", [asyncio.Protocol, Resets], ids=["hangs", "resets"])
async def test_a_port_without_a_door_leaves_no_frames_behind(left: list[object], behaviour: type[asyncio.Protocol]
                                                             ) -> None:
    address = place()
    port = free(address)
    server = await asyncio.get_running_loop().create_server(behaviour, address, port)
    done = await scan(address, ports=[port], limits=LIMITS)
    server.close()
    gc.collect()
    frames = (thing.f_code for thing in left if isinstance(thing, FrameType))
    assert [] == [code.co_qualname for code in frames if "scanner" in code.co_filename]
    assert not [thing for thing in left if isinstance(thing, socket.socket) and thing.fileno() >= 0]
    assert () == done.findings
