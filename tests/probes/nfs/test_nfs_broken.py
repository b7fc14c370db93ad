"""A host whose answers are broken at random: whatever comes, it is an answer or an error of ours, and soon."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from scanner.errors import NetError
from scanner.model import Ask, Asked, Observation
from scanner.net import Limits
from scanner.probes.nfs import Nfs
from tests.fakes import endpoint
from tests.probes.nfs.nfs_host import Host, Raw, Tree, serving, word

TREE: Tree = {b"srv": {b"calls": {b"%d.wav" % i: i for i in range(120)}, b"other": {b"x": 1, b"d": {b"y": 2}}}}
LIMITS = Limits(first_byte=0.2, total=0.4, connect=1)


@dataclass
class Broken(Host):
    """Breaks one answer in four: bytes are changed, cut off, or said twice."""

    chance: random.Random = field(default_factory=random.Random)

    def answer(self, message: bytes) -> bytes | Raw:
        answer = super().answer(message)
        assert isinstance(answer, bytes)
        body = bytearray(answer[4:])
        match self.chance.randrange(12):
            case 0:
                for _ in range(self.chance.randrange(1, 6)):
                    body[self.chance.randrange(8, len(body))] = self.chance.choice((0, 1, 2, 127, 255))
            case 1:
                at = self.chance.randrange(0, len(body) // 4) * 4
                body[at:at + 4] = self.chance.choice((word(0xFFFFFFFF), word(0), word(1), word(70), word(10016)))
            case 2:
                del body[self.chance.randrange(len(body)):]
        return word(0x80000000 | len(body)) + bytes(body)


@pytest.mark.parametrize("minor", [0, 1])
@pytest.mark.parametrize("seed", range(12))
async def test_broken_answers_are_errors_of_ours(seed, minor):
    chance = random.Random(seed)
    exports = [(b"/srv/calls", [b"*"]), (b"/srv/other", [])]
    host = Broken(exports, TREE, minor=minor, versions=((3, 4), (3,), (4,))[seed % 3], chance=chance)
    async with serving(host, limits=LIMITS) as net:
        for _ in range(12):
            async with asyncio.timeout(60):
                await _walk(net)


async def _walk(net) -> None:
    try:
        async with Nfs().open(endpoint(2049, address="127.0.0.1"), net) as door:
            for path in ("/", "/srv/calls/", "/srv/other/d/", "/nowhere/"):
                try:
                    *_, last = [thing async for thing in door.list(Ask(path, Asked.ROOT))]
                except NetError:
                    continue
                assert isinstance(last, Observation)
    except NetError:
        return
