"""Both engines give the same to their caller."""

from __future__ import annotations

import socket
from collections import Counter
from ipaddress import ip_address

import pytest

from scanner.discover import KnockState, Order, Tempo, connect_sweep
from scanner.net import Ledger, Limits, Net, Pace
from tests.fakes import FakeScope


class Pair:
    def __init__(self, host: int, port: int) -> None:
        self.address, self.port = ip_address(0x7F000001 + host), port


@pytest.fixture
def net() -> Net:
    pace = Pace(10_000, 10_000, 500, 500)
    return Net(FakeScope(), pace=pace, ledger=Ledger(), limits=Limits(), identity="a@example.org")


async def test_a_sweep_through_the_net_is_in_its_account(net: Net) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        port = server.getsockname()[1]
        order = Order(300, seed=1)
        wanted = ((i, Pair(order.at(i), port)) for i in range(300))
        knocks = [knock async for knock in connect_sweep(net, in_flight=100, tempo=Tempo(ceiling=2))(wanted)]
    assert Counter(knock.state for knock in knocks) == {KnockState.OPEN: 1, KnockState.CLOSED: 299}
    assert sorted(knock.index for knock in knocks) == list(range(300))
    assert net.ledger.conduct().addresses_contacted == 300
