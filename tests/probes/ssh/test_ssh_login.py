"""The `none` method and SFTP against asyncssh's own server, over a real network on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest

from scanner.model import Access, Ask, Asked, Batch, Endpoint, Observation, Reason
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Door, Shown
from scanner.probes.ssh import Ssh
from scanner.probes.ssh.said import refused
from tests.fakes import FakeScope
from tests.probes.ssh.ssh_inside import server


def network(user: str | None = "anonymous", limits: Limits | None = None) -> Net:
    return Net(FakeScope(), pace=Pace(1e6, 1e6, 100, 4), ledger=Ledger(), limits=limits or Limits(),
               identity="security@example.org", ssh_user=lambda _: user)


@asynccontextmanager
async def opened(port: int, net: Net) -> AsyncIterator[Door]:
    there = Endpoint(address=ip_address("127.0.0.1"), port=port, hint="ssh")
    async with Ssh().open(there, net) as door:
        yield door


async def all_of(door: Door, path: str = "/") -> tuple[dict[bytes, int], list[bytes], list[Shown], Observation]:
    files: dict[bytes, int] = {}
    folders: list[bytes] = []
    rest: list[Shown] = []
    async for shown in door.list(Ask(path, Asked.ROOT)):
        if isinstance(shown, Batch):
            files |= dict(zip(shown.names, shown.sizes or (), strict=True))
            folders += shown.directories
        else:
            rest.append(shown)
    last = rest.pop()
    assert isinstance(last, Observation)
    return files, sorted(folders), rest, last


async def test_without_leave_nothing_is_said_to_the_server(tmp_path: Path) -> None:
    async with server(tmp_path) as (port, tried), opened(port, net := network(None)) as door:
        files, folders, rest, seen = await all_of(door)
    assert ({}, [], []) == (files, folders, rest)
    assert seen.doubt is not None
    assert (Access.NONE, Reason.RECOGNISED) == (seen.access, seen.doubt[0])
    assert seen.facts["ssh.banner"].startswith("SSH-2.0-AsyncSSH_")
    assert ([], 0) == (tried, net.ledger.bytes_sent)


async def test_a_stranger_who_is_let_in_sees_the_tree(tmp_path: Path) -> None:
    (tmp_path / "calls" / "2019").mkdir(parents=True)
    (tmp_path / "note.txt").write_bytes(b"12345")
    (tmp_path / "calls" / "2019" / "a b.wav").write_bytes(b"1")
    async with server(tmp_path) as (port, tried), opened(port, network()) as door:
        top = await all_of(door)
        below = await all_of(door, "/calls/2019/")
    assert ({b"note.txt": 5}, [b"calls"]) == top[:2]
    assert {b"a b.wav": 1} == below[0]
    assert (Access.ANONYMOUS, None) == (top[3].access, top[3].doubt)
    assert "let in as `anonymous` without a password" == top[3].facts["door.how"]
    assert "sftp" == door.endpoint.scheme
    assert len(tried) == 1


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
async def test_a_server_that_knows_only_what_was_usual_long_ago_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"1")
    old = {"kex_algs": "diffie-hellman-group1-sha1", "encryption_algs": "aes128-cbc", "mac_algs": "hmac-md5"}
    async with server(tmp_path, **old) as (port, _), opened(port, network()) as door:
        assert {b"a.wav": 1} == (await all_of(door))[0]


async def test_a_refusal_tells_what_would_be_taken_and_nothing_of_it_is_tried() -> None:
    async with server(None, open_to=frozenset()) as (port, tried), opened(port, network()) as door:
        seen = (await all_of(door))[3]
    assert (Reason.LOGIN, "wants a login (publickey, keyboard-interactive, password)") == seen.doubt
    assert 1 == len(tried)


def test_a_way_in_that_nobody_knows_is_not_quoted() -> None:
    doubt, _, found = refused(["publickey", "0701740605", "x@example.org"], "")
    assert ((Reason.LOGIN, "wants a login (publickey, another)"), "no") == (doubt, found["ssh.none"])


async def test_what_is_said_before_a_login_is_told(tmp_path: Path) -> None:
    async with server(tmp_path, notice="Authorised staff only.\n" * 50) as (port, _), opened(port, network()) as door:
        seen = (await all_of(door))[3]
    assert seen.facts["ssh.notice"].startswith("Authorised staff only.")
    assert 200 == len(seen.facts["ssh.notice"])
    assert "yes" == seen.facts["ssh.none"]
