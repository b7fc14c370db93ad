"""What a door shows is counted in portions and comes to the same census; what is left out is passed over one by one."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest

from scanner.census import Folder, Memory
from scanner.model import Batch, Endpoint
from scanner.scan.knocking import Knocking
from scanner.scan.profile import PROFILES
from scanner.scan.taking import Taking
from scanner.signature import Knowledge, load
from tests.scan.scans import scope_of

KEY = bytes(32)
THERE = Endpoint(address=ip_address("127.0.0.1"), port=80)


@dataclass
class Site:
    """As much of a site as counting needs."""

    knowledge: Knowledge
    key: bytes = KEY
    show_names: bool = False
    profile: Any = PROFILES["thorough"]
    scope: Any = field(default_factory=lambda: scope_of("127.0.0.1"))
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.knowledge)


def mixed(count: int) -> Batch:
    """Names of very many shapes, each with a size and a time."""
    drawn = random.Random(1177)
    parts = [[str(drawn.randrange(10 ** drawn.randrange(1, 9))) for _ in range(5)] for _ in range(count)]
    names = ["-".join(part) + drawn.choice((".wav", ".sql")) for part in parts]
    return Batch(names=[name.encode() for name in names], sizes=[drawn.randrange(10**6) for _ in names],
                 times=[1_550_000_000 + drawn.randrange(10**6) for _ in names], directories=[b"old", b"new"])


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_names_of_many_shapes_are_counted_in_portions_and_to_the_same_census(knowledge: Knowledge) -> None:
    batch = mixed(3_000)
    taking = Taking(Site(knowledge), THERE, "/")  # type: ignore[arg-type]
    portions = sum(1 for _ in taking.take(batch))
    at_once = Folder(knowledge, key=KEY, path="/", now=taking._now)
    at_once.add(batch)
    assert at_once.close() == taking.close(complete=True, cut_by=None)
    assert portions > 4
    assert (3_002, 2) == (taking.entries, len(taking.directories))


@pytest.mark.parametrize("names", [[], [b"a.wav"]])
def test_little_is_one_portion(knowledge: Knowledge, names: list[bytes]) -> None:
    taking = Taking(Site(knowledge), THERE, "/")  # type: ignore[arg-type]
    assert 1 == sum(1 for _ in taking.take(Batch(names=names, directories=[b"d"])))
    assert (len(names), 1) == (lambda census: (census.files, census.directories))(
        taking.close(complete=True, cut_by=None))


def test_each_excluded_pair_is_given_back_as_a_hole_so_that_millions_of_them_hold_nobody_up() -> None:
    scope = scope_of("10.0.0.0/8", exclude=["10.0.0.0/9", "10.128.0.0/9"], ports=[80])
    site = SimpleNamespace(scope=scope, scan=SimpleNamespace(seed=1), progress=SimpleNamespace(knocked=0),
                           stop=SimpleNamespace(is_set=lambda: False))
    knocking = Knocking(site, set(), lambda pairs: None)  # type: ignore[arg-type, return-value]
    assert [None] * 100 == [pair for _, pair in islice(knocking._upcoming(), 100)]
