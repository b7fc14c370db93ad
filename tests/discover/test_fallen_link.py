"""A link that really falls, in a network namespace: no port is told otherwise than it is."""

from __future__ import annotations

import json
import sys

import pytest

from tests.bottle import Bottle, unavailable

SCAN = """
import asyncio, json, subprocess, sys
from collections import Counter
from ipaddress import IPv4Address
from types import SimpleNamespace
from scanner.discover import Tempo, connect_sweep
from scanner.net import Ledger, Limits, Net, Pace
from tests.fakes import FakeScope

FALL = "ip link set lo down; sleep 1; ip link set lo up"

async def main():
    net = Net(FakeScope(), pace=Pace(2000, 2000, 200, 200), ledger=Ledger(), limits=Limits(), identity=None)
    first = IPv4Address("198.51.0.0")
    pairs = ((i, SimpleNamespace(address=first + i // 2, port=(80, 81)[i % 2])) for i in range(4000))
    told, fall = [], None
    async for knock in connect_sweep(net, in_flight=100, tempo=Tempo(ceiling=3, retry_after=0.1))(pairs):
        told.append(knock)
        if len(told) == 1000:
            fall = subprocess.Popen(FALL, shell=True)
    fall.wait()
    states = Counter(f"{knock.port} {knock.state.value}" for knock in told)
    print(json.dumps([len(told), states, net.ledger.contacts > len(told) + 100]))

asyncio.run(main())
"""


@pytest.mark.namespace
def test_a_link_that_falls_and_comes_back_changes_nothing() -> None:
    if reason := unavailable():
        pytest.skip(reason)
    with Bottle({("*", 80): b""}) as bottle:
        ended = bottle.run([sys.executable, "-c", SCAN])
    assert (ended.status, ended.err) == (0, "")
    assert json.loads(ended.out) == [4000, {"80 open": 2000, "81 closed": 2000}, True]
