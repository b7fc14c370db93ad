"""Real SSH servers: what they greet with, what they refuse, and every entry of a tree that they let a stranger see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest
from ssh_servers import Running, dropbear, openssh
from tree import Node, Tree, recordings

from scanner.model import Access, Ask, Asked, Batch, Endpoint, Entry, Kind, Observation, Reason
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Door, Ssh
from tests.fakes import FakeScope

pytestmark = pytest.mark.real
HUGE = 8 << 30


@asynccontextmanager
async def opened(running: Running, user: str | None = "anonymous") -> AsyncIterator[tuple[Door, Net]]:
    net = Net(FakeScope(), pace=Pace(1e6, 1e6, 100, 4), ledger=Ledger(), limits=Limits(),
              identity="security@example.org", ssh_user=lambda _: user)
    async with Ssh().open(Endpoint(address=ip_address("127.0.0.1"), port=running.port), net) as door:
        yield door, net


async def listed(door: Door, path: str = "/") -> tuple[dict[bytes, Entry], Observation]:
    found: dict[bytes, Entry] = {}
    async for shown in door.list(Ask(path, Asked.ROOT)):
        if isinstance(shown, Batch):
            found |= {entry.name: entry for entry in shown.entries()}
    assert isinstance(shown, Observation)
    return found, shown


def below(path: bytes, start: str = "/") -> str:
    return start + "".join(f"{quote(part, safe='')}/" for part in path.split(b"/") if part)


def as_listed(nodes: dict[bytes, Node]) -> dict[bytes, Entry]:
    return {name: Entry(name, node.kind, node.size, 0, node.modified, 1) if node.kind is Kind.FILE
            else Entry(name, node.kind) for name, node in nodes.items()}


def unreadable(root: Path) -> Tree:
    """Everything that is hard to print, one file of 8 GiB, and nobody may read any of them."""
    tree = recordings(root)
    tree.add("huge.wav", HUGE)
    for path in root.rglob("*"):
        if path.is_file():
            path.chmod(0)
    return tree.settle()


async def test_openssh_is_named_and_nothing_is_said_to_it(world: Path, ground: Path) -> None:
    with openssh(world, ground) as running:
        async with opened(running, None) as (door, net):
            _, seen = await listed(door)
        assert seen.facts["ssh.software"].startswith("OpenSSH_")
        assert seen.doubt is not None
        assert (Access.NONE, Reason.RECOGNISED) == (seen.access, seen.doubt[0])
        assert 0 == net.ledger.bytes_sent
        assert "user" not in running.log().lower()


@pytest.mark.parametrize(("methods", "left"), [("any", "publickey, keyboard-interactive, password"),
                                               ("publickey", "publickey")])
async def test_openssh_refuses_and_tells_what_it_would_take(
        world: Path, ground: Path, methods: str, left: str) -> None:
    with openssh(world, ground, methods=methods) as running:
        async with opened(running) as (door, _):
            _, seen = await listed(door)
        log = running.log()
    assert (Access.LOGIN, (Reason.LOGIN, f"wants a login ({left})")) == (seen.access, seen.doubt)
    assert "no" == seen.facts["ssh.none"]
    assert not re.search(r"Failed (?!none)|Accepted", log)


async def test_openssh_with_an_empty_password_shows_every_entry(world: Path, ground: Path) -> None:
    tree = unreadable(world)
    with openssh(world, ground, empty=True) as running:
        async with opened(running) as (door, _):
            for folder in tree.folders():
                assert as_listed(tree.children(folder)) == (await listed(door, below(folder)))[0]
            found, seen = await listed(door)
        log = running.log()
    assert HUGE == found[b"huge.wav"].size
    assert (Access.ANONYMOUS, None) == (seen.access, seen.doubt)
    assert 1 == log.count("Accepted none for anonymous") == log.count("Accepted")


async def test_the_record_of_openssh_shows_folders_and_no_file(world: Path, ground: Path) -> None:
    tree = unreadable(world)
    (ground / "closed").mkdir(mode=0)
    with openssh(world, ground, empty=True, whole=True) as running:
        async with opened(running) as (door, _):
            for folder in tree.folders():
                assert as_listed(tree.children(folder)) == (
                    await listed(door, below(folder, below(bytes(world)))))[0]
            closed, seen = await listed(door, below(bytes(ground / "closed")))
    asked = (ground / "asked.log").read_text(errors="replace")
    requests = set(re.findall(r"debug[13]: request \d+: (?!sent)(\w+)", asked))
    assert {"realpath", "opendir", "readdir", "close"} == requests, asked[-3000:]
    assert not re.search(r"^(open|read|stat|lstat) ", asked, re.MULTILINE)
    assert ({}, Access.NONE, (Reason.FORBIDDEN, "the folder is closed to this user")) == (
        closed, seen.access, seen.doubt)


async def test_dropbear_with_an_empty_password_leads_home(world: Path, ground: Path) -> None:
    tree = unreadable(world)
    with dropbear(world, ground) as running:
        async with opened(running) as (door, _):
            home = below(bytes(world))
            assert str(world) == (await door.look()).facts["ssh.home"]
            for folder in (b"", b"odd", b"bytes", b"many"):
                assert as_listed(tree.children(folder)) == (await listed(door, below(folder, home)))[0]
            _, seen = await listed(door)
    assert seen.facts["ssh.software"].startswith("dropbear_")
    assert Access.ANONYMOUS == seen.access
