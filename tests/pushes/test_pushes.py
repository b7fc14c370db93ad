"""The promise, counted at the server: however a file is pushed, at most 1 KiB of it is read, and little leaves.

TCP_INFO of the server's own socket says what TCP put on the wire, retransmissions included.
"""

from __future__ import annotations

import sys

import pytest

from tests.pushes.measured import measure, visit
from tests.pushes.servers import PUSHES, Push
from tests.pushes.ways import WAYS, Way

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what TCP has sent (TCP_INFO)")


@LINUX
@pytest.mark.parametrize("tls", [False, True], ids=["clear", "tls"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
async def test_a_file_that_is_pushed_stays_at_the_server(way: Way, tls: bool) -> None:
    seen = await measure(way, tls=tls)
    assert (None, tls) == (seen.complaint, seen.tls), seen


@LINUX
@pytest.mark.parametrize("push", PUSHES, ids=lambda push: f"{push.name}{', tls' * push.tls}")
async def test_a_file_server_that_pushes_is_left_as_soon_as_it_is_seen(push: Push) -> None:
    seen = await visit(push)
    assert (None, push.tls) == (seen.complaint, seen.tls), seen


def test_every_way_has_a_name_of_its_own() -> None:
    assert len({way.name for way in WAYS}) == len(WAYS)
