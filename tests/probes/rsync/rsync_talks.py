"""Scripted talks with an rsync daemon, and a door in front of them."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

from scanner.errors import NetError
from scanner.model import Ask, Asked, Batch, Observation
from scanner.net import Limits
from scanner.probes import Door
from scanner.probes.rsync import Rsync
from tests.fakes import FakeNet, Step, Talk, endpoint
from tests.probes.rsync.rsync_lists import HELLO, OK, SEED

WHOLE, FLAT = b"-r", b"-d"
NO_FILE = pack("<i", -1)
MODULES = (b"Welcome\nOpening\thours\n\ncalls          \tCall recordings\nsecret         \t\n@RSYNCD: EXIT\n")


def listing(replied: bytes = MODULES) -> Talk:
    """The list of modules."""
    return Talk([HELLO, (b"@RSYNCD: 29\n#list\n", replied)])


def refused(module: bytes, line: bytes) -> Talk:
    """A module that lets nobody in."""
    return Talk([HELLO, (b"@RSYNCD: 29\n" + module + b"\n", b"Welcome\n" + line)])


def entered(path: bytes, *said: Step, how: bytes = WHOLE) -> Talk:
    """A module that is entered and asked for a path."""
    module = path.partition(b"/")[0]
    return Talk([HELLO, (b"@RSYNCD: 29\n" + module + b"\n", b"Welcome\n" + OK),
                 (b"--server\n--sender\n" + how + b"\n.\n" + path + b"\n\n", SEED), *said])


def shown(path: bytes, wire: bytes, *, how: bytes = WHOLE) -> Talk:
    """A module that shows a list."""
    return entered(path, (pack("<i", 0), wire), (NO_FILE * 4, b""), how=how)


Got = tuple[list[Batch], list[Ask], list[Observation]]


async def put(door: Door, path: str, reason: Asked = Asked.SHARE) -> Got:
    """What a door gives for one ask. Each fact is one that the probe declares."""
    given = [thing async for thing in door.list(Ask(path, reason))]
    assert not {fact for thing in given if isinstance(thing, Observation) for fact in thing.facts} - Rsync.facts
    batches = [thing for thing in given if isinstance(thing, Batch)]
    asks = [thing for thing in given if isinstance(thing, Ask)]
    return batches, asks, [thing for thing in given if isinstance(thing, Observation)]


async def ask(talks: Sequence[Talk], path: str, reason: Asked = Asked.SHARE, limits: Limits | None = None) -> Got:
    """What a daemon with these talks gives for one ask."""
    net = FakeNet(talks=talks, limits=limits)
    async with Rsync().open(endpoint(873), net) as door:
        return await put(door, path, reason)


async def failed(talks: Sequence[Talk], path: str) -> tuple[list[Batch], NetError]:
    """The batches that came before it went wrong, and how it went wrong."""
    batches: list[Batch] = []
    try:
        async with Rsync().open(endpoint(873), FakeNet(talks=talks)) as door:
            async for thing in door.list(Ask(path, Asked.SHARE)):
                assert isinstance(thing, Batch)
                batches.append(thing)
    except NetError as error:
        return batches, error
    raise AssertionError("nothing went wrong")
