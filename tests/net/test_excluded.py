"""Exclusion at the wire: what a scope names and excludes is never dialled, whatever asks for it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from scanner.errors import OutOfScope
from scanner.model import Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from tests.net.hostile import Server, say
from tests.scan.scans import scope_of


@pytest.mark.parametrize("written", ["127.0.0.1", "127.0.0.0/8", "::ffff:127.0.0.1"])
async def test_what_is_excluded_is_never_dialled(written: str) -> None:
    with Server(say(b"x"), asks=False) as server:
        scope = scope_of(f"127.0.0.1:{server.port}", exclude=[written])
        net = Net(scope, pace=Pace(1e6, 1e6, 100, 100), ledger=Ledger(), limits=Limits(connect=2), identity=None)
        for address in ("127.0.0.1", "::ffff:127.0.0.1"):
            with pytest.raises(OutOfScope, match="excluded by"):
                await net.connect(Endpoint(address=ip_address(address), port=server.port))
            with pytest.raises(OutOfScope, match="excluded by"):
                await net.knock(ip_address(address), server.port, 1)
        server.settled()
    assert ([], 0) == (server.requests, net.ledger.contacts)
