"""Connections beside another: of its address, permitted with it, and without a place of their own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address

import pytest

from scanner.errors import OutOfScope
from scanner.model import Address, Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from tests.ports import listen


@dataclass(frozen=True)
class Said:
    allowed: bool
    reason: str = "port not in the scope"


@dataclass(frozen=True)
class OnePort:
    """Permits one port of loopback."""

    port: int

    def decide(self, address: Address, port: int | None = None) -> Said:
        return Said(port == self.port and str(address) == "127.0.0.1")


def net_for(port: int, places: int = 2) -> Net:
    return Net(OnePort(port), pace=Pace(1e6, 1e6, 10, places), ledger=Ledger(), limits=Limits(), identity=None)


def at(port: int, address: str = "127.0.0.1") -> Endpoint:
    return Endpoint(address=ip_address(address), port=port)


async def test_a_port_beside_a_permitted_one_is_permitted_with_it_and_only_so() -> None:
    with listen() as first, listen() as second:
        net = net_for(first.getsockname()[1])
        with pytest.raises(OutOfScope):
            await net.connect(at(second.getsockname()[1]))
        async with (await net.connect(at(first.getsockname()[1]), places=2) as control,
                    await net.connect(at(second.getsockname()[1]), beside=control) as data):
            assert data.endpoint.port == second.getsockname()[1]
    assert net.ledger.contacts == 2


async def test_another_address_is_never_beside() -> None:
    with listen() as first, listen("127.0.0.2") as second:
        async with await net_for(first.getsockname()[1]).connect(at(first.getsockname()[1])) as control:
            with pytest.raises(OutOfScope, match="another address than the one that it was named at"):
                await net_for(first.getsockname()[1]).connect(at(second.getsockname()[1], "127.0.0.2"), beside=control)


async def test_a_printer_is_never_beside() -> None:
    with listen() as first:
        port = first.getsockname()[1]
        async with await net_for(port).connect(at(port)) as control:
            for printer in (9100, 9103, 9107):
                with pytest.raises(OutOfScope, match="a port of printers"):
                    await net_for(port).connect(at(printer), beside=control)


async def test_two_sessions_of_two_connections_each_pass_one_after_the_other_where_two_places_are() -> None:
    with listen() as first, listen() as second:
        port, other = first.getsockname()[1], second.getsockname()[1]
        net = net_for(port, places=2)

        async def session() -> None:
            async with await net.connect(at(port), places=2) as control:
                await asyncio.sleep(0)
                async with await net.connect(at(other), beside=control):
                    await asyncio.sleep(0)

        await asyncio.wait_for(asyncio.gather(*(session() for _ in range(5))), 5)
    assert net.ledger.contacts == 10
