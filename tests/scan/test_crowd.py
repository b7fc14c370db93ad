"""An address with very many open ports holds up no other address."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from ipaddress import ip_address

from scanner.model import DoorSeen
from scanner.net import Limits
from scanner.scan.crowd import Crowd
from scanner.scan.lanes import QUICK
from scanner.state import StoreRow
from tests.scan.scans import Watching, finish, scope_of, session_of
from tests.scan.sites import calls, place

ONE, OTHER = ip_address("192.0.2.7"), ip_address("192.0.2.8")
HEALTHY = 24
PATIENT = Limits(connect=30, first_byte=90, total=90)


@dataclass
class Counting(Watching):
    """Says when all that is healthy has been found."""

    all_found: asyncio.Event = field(default_factory=asyncio.Event)

    def store(self, row: StoreRow, also: list[DoorSeen]) -> None:
        super().store(row, also)
        if len(self.stores) >= HEALTHY:
            self.all_found.set()


def test_so_many_ports_of_an_address_are_in_work_and_the_others_stand_in_line() -> None:
    crowd = Crowd(2)
    assert [True, True, False, False] == [crowd.admits(ONE, port) for port in (80, 81, 82, 83)]
    assert crowd.admits(OTHER, 80)
    assert [82, 83, None, None] == [crowd.next(ONE) for _ in range(4)]
    assert [True, True, False] == [crowd.admits(ONE, port) for port in (84, 85, 86)]
    assert None is crowd.next(OTHER)


async def test_an_address_with_more_silent_ports_than_there_are_lanes_holds_up_no_other(serve) -> None:
    loop, tarpit, first = asyncio.get_running_loop(), place(), 20_000
    ports = range(first, first + QUICK + 200)
    async with AsyncExitStack() as stack:
        for port in ports:
            await stack.enter_async_context(await loop.create_server(asyncio.Protocol, tarpit, port))
        sites = [await serve({"calls": calls(3)}, port=first) for _ in range(HEALTHY)]
        targets = [f"{site.address}:{first}" for site in sites]
        watching = Counting()
        scope = scope_of(*(f"{tarpit}:{port}" for port in ports), *targets)
        session = session_of(scope, limits=PATIENT, watcher=watching)
        scanning = loop.create_task(finish(session))
        try:
            await asyncio.wait_for(watching.all_found.wait(), 80)
        finally:
            scanning.cancel()
            await asyncio.gather(scanning, return_exceptions=True)
