"""What nfs-ganesha answered, as it came, and what is told of it. A line is `port > sent` or `port < received`, in hex.

Of version 4.1 only the head of a call is kept: the client's name for itself is another each time. The server's host
name is overwritten.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.probes.nfs import Nfs
from scanner.signature import load
from tests.fakes import FakeNet, Talk, endpoint

WIRE = Path(__file__).parents[3] / "fixtures" / "wire" / "nfs"
CALLS = {b"Call 070-1740605.wav": 20, b"line\nfeed.wav": 13, b"\xff\xfe latin.wav": 12, b"huge.wav": 8 << 30,
         b"link": None, b"2019": None}
KERBEROS = (Reason.LOGIN, "wants Kerberos")
PORT = (Reason.FORBIDDEN, "exported, but it wants a source port below 1024, which a scan does not use")
PROOF = (Reason.LOGIN, "wants another proof of who asks, such as Kerberos")


def talks(name: str) -> list[Talk]:
    """The connections of a recorded conversation."""
    lines = (WIRE / f"{name}.talk").read_text().splitlines()
    found = []
    for empty, connection in groupby(lines, lambda line: not line):
        if not empty:
            parts = [line.split(" ") for line in connection]
            steps = [(bytes.fromhex(sent), bytes.fromhex(got))
                     for (_, _, sent), (_, _, got) in zip(parts[::2], parts[1::2], strict=True)]
            found.append(Talk(steps, int(parts[0][0])))
    return found


@pytest.mark.parametrize(("name", "version", "asked"), [
    ("ganesha-3", "3", {"/srv/calls/": CALLS, "/srv/calls/2019/": {b"a.wav": 0}, "/srv/kerberos/": KERBEROS,
                        "/srv/port/": PORT}),
    ("ganesha-4.0", "4.0", {"/calls/": CALLS, "/calls/2019/": {b"a.wav": 0}, "/kerberos/": PROOF}),
    ("ganesha-4.1", "4.1", {"/calls/": CALLS, "/calls/2019/": {b"a.wav": 0}}),
    ("ganesha-both", "3, 4.0", {"/srv/calls/": CALLS}),
])
async def test_a_recorded_conversation_word_for_word(name, version, asked):
    net = FakeNet(talks=talks(name))
    async with Nfs(xid=0).open(endpoint(2049), net) as door:
        *_, root = [thing async for thing in door.list(Ask("/", Asked.ROOT))]
        assert (version, Access.NONE, None) == (root.facts["nfs.versions"], root.access, root.doubt)
        for path, expected in asked.items():
            entries, seen = {}, None
            async for thing in door.list(Ask(path, Asked.SHARE)):
                if isinstance(thing, Batch):
                    entries |= {entry.name: entry.size for entry in thing.entries()}
                else:
                    seen = thing
            assert isinstance(seen, Observation)
            assert expected == (entries or seen.doubt)
    assert [] == net.talks


async def test_an_open_export_is_told_by_its_signatures():
    async with Nfs(xid=0).open(endpoint(2049), FakeNet(talks=talks("ganesha-both"))) as door:
        [thing async for thing in door.list(Ask("/", Asked.ROOT))]
        *_, seen = [thing async for thing in door.list(Ask("/srv/calls/", Asked.SHARE))]
    assert {"access/nfs-export", "access/nfs-nobody"} <= {
        one.id for one in load().signatures if one.id.startswith("access/") and one.match(seen.facts) is not None}
