"""What real servers said first, as it came, and what is told of it. Nothing is said in return."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model import Access, Ask, Asked, Observation, Reason
from scanner.probes import Ssh
from scanner.signature import load
from tests.fakes import FakeNet, Talk, endpoint

WIRE = Path(__file__).parents[3] / "fixtures" / "wire" / "ssh"


@pytest.mark.parametrize(("name", "software", "products"), [
    ("openssh", "OpenSSH_9.2p1 Debian-2+deb12u10", []),
    ("dropbear", "dropbear_2022.83", ["product/dropbear-ssh"]),
])
async def test_a_recorded_greeting(name: str, software: str, products: list[str]) -> None:
    net = FakeNet(talks=[Talk([(WIRE / f"{name}.bin").read_bytes()])])
    async with Ssh().open(endpoint(22), net) as door:
        shown = [one async for one in door.list(Ask("/", Asked.ROOT))]
    assert 1 == len(shown)
    seen = shown[0]
    assert isinstance(seen, Observation)
    assert (Access.NONE, (Reason.RECOGNISED, f"SSH: {software}; logins are not tried")) == (seen.access, seen.doubt)
    assert products == [one.id for one in load().products(seen.facts)]
    assert {"ssh.banner", "ssh.software", "ssh.protocol", "door.software"} == seen.facts.keys()
    assert 0 == net.ledger.bytes_sent
