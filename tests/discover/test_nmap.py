"""Nmap is told literals and numbers, nothing else; whatever goes wrong with it is one line and never the target's."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.discover.knock import Knock
from scanner.discover.nmap import Nmap, Run, find, runs, state, states
from scanner.errors import EarshotError, LocalFault, UsageError
from scanner.model import Address
from scanner.net.dial import State

VERSION = "Nmap version 7.93 ( https://nmap.org )"
A, B, SIX = ip_address("192.0.2.1"), ip_address("192.0.2.2"), ip_address("2001:db8::1")


@dataclass(frozen=True)
class Pair:
    address: Address
    port: int


def pairs(*wanted: tuple[str, int]) -> list[tuple[int, Pair]]:
    return [(i, Pair(ip_address(address), port)) for i, (address, port) in enumerate(wanted)]


async def all_of(engine: Nmap, wanted: Iterable[tuple[int, Pair | None]]) -> list[Knock]:
    return [knock async for knock in engine.sweep(wanted)]


# what is asked


@given(st.lists(st.tuples(st.sampled_from([A, B, SIX, *(ip_address(f"198.51.100.{i}") for i in range(99))]),
                          st.integers(1, 65535)), unique=True, max_size=300))
def test_exactly_the_pairs_are_asked(wanted: list[tuple[Address, int]]) -> None:
    asked = [(address, port) for run in runs(wanted) for address in run.addresses for port in run.ports]
    assert sorted(asked, key=str) == sorted(wanted, key=str)


@given(st.lists(st.tuples(st.ip_addresses(), st.integers(0, 65535)), min_size=1, max_size=200, unique=True),
       st.integers(1, 10_000))
def test_whatever_the_pairs_the_words_are_literals_and_numbers(wanted: list[tuple[Address, int]], rate: int) -> None:
    for run in runs(wanted):
        plan = run.plan("nmap", rate)
        assert [ip_address(word) for word in plan["hosts"].split(" ")] == list(run.addresses)
        assert [int(word) for word in plan["ports"].split(",")] == list(run.ports)
        assert plan["seconds"] > 0
        assert len(run.ports) <= 25


def test_a_range_shares_one_run() -> None:
    wanted = [(ip_address(f"192.0.2.{i}"), port) for i in range(1, 33) for port in (443, 80)]
    assert list(runs(wanted)) == [Run(tuple(ip_address(f"192.0.2.{i}") for i in range(1, 33)), (80, 443))]


class Spoken(str):
    """An address as nobody's constructor would let it be: the last wall is the literal's own shape."""

    __slots__ = ()
    version = 4


@pytest.mark.parametrize("host", [
    "-iL", "192.0.2.1 -oN x", "192.0.2.1-9", "192.0.2.*", "192.0.2.0/24", "192.0.2.1,2", "fe80::1%eth0",
    "files.example.org", "", "192.0.2.1\n", "--script=x", "１９２.0.2.1", "$(id)", "';'",
])
def test_what_is_no_literal_never_reaches_nmap(host: str) -> None:
    with pytest.raises(ValueError, match="no plain address"):
        Run((Spoken(host),), (80,)).plan("nmap", 10)  # type: ignore[arg-type]


def test_an_address_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="fe80::1%eth0"):
        Run((ip_address("fe80::1%eth0"),), (80,)).plan("nmap", 10)


# what is made of the answer


@pytest.mark.parametrize(("word", "reason", "seen"), [
    ("open", "syn-ack", State.OPEN), ("closed", "conn-refused", State.CLOSED), ("closed", "reset", State.CLOSED),
    ("filtered", "no-response", State.SILENT), ("filtered", "host-unreach", State.UNREACHABLE),
    ("filtered", "net-unreach", State.UNREACHABLE), ("filtered", "admin-prohibited", State.UNREACHABLE),
    ("filtered", "host-timeout", State.SILENT), ("unheard-of", "", State.SILENT),
])
def test_each_word_of_nmap_has_one_of_ours(word: str, reason: str, seen: State) -> None:
    assert state(word, reason) is seen


def test_a_host_that_nmap_gave_up_is_silent() -> None:
    result = {"scan": {"192.0.2.1": {"80": ["open", "syn-ack"]}, "192.0.2.2": {}}}
    assert states(Run((A, B), (80,)), result) == {(A, 80): State.OPEN, (B, 80): State.SILENT}


@pytest.mark.parametrize(("result", "words"), [
    ({"error": "it did not end in time"}, "did not end in time"),
    ({}, "no reason given"),
    ({"scan": {}, "said": ""}, "left out 192.0.2.1 and 1 more"),
    ({"scan": {"192.0.2.1": {}, "192.0.2.2": {}}, "said": "read error (99 - 'Cannot assign requested address')"},
     "Cannot assign"),
])
def test_a_failure_is_one_line_and_this_machines(result: dict[str, Any], words: str) -> None:
    with pytest.raises(LocalFault, match=words) as caught:
        states(Run((A, B), (80,)), result)
    assert len(str(caught.value).splitlines()) == 1


# with a program that stands in for nmap


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that comes first in PATH, for an nmap of our own making."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("NMAPDIR", "/elsewhere")
    monkeypatch.setenv("NMAP_PRIVILEGED", "1")
    return tmp_path


def install(folder: Path, does: str, version: str = f"echo '{VERSION}'") -> None:
    program = folder / "nmap"
    program.write_text(f'#!/bin/sh\nif [ "$1" = -V ]; then {version}; exit; fi\n{does}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


XML = """<nmaprun args="nmap"><host><address addr="192.0.2.1" addrtype="ipv4"/><ports>
<port protocol="tcp" portid="80"><state state="open" reason="syn-ack"/></port>
<port protocol="tcp" portid="443"><state state="closed" reason="conn-refused"/></port></ports></host>
<runstats><finished timestr="x" elapsed="1"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>"""


async def test_nmap_sees_this_command_line_and_a_clean_environment(fake: Path) -> None:
    install(fake, f"""printf '%s\\n' "$@" > {fake}/argv; env > {fake}/environment
cat <<'END'
{XML}
END""")
    declared: list[int] = []
    knocks = await all_of(Nmap(500.9, declared.append), [*pairs(("192.0.2.1", 443), ("192.0.2.1", 80)), (9, None)])
    assert (fake / "argv").read_text().splitlines() == [
        "-oX", "-", "192.0.2.1", "-p", "80,443", "-sT", "-n", "-Pn", "--max-rate", "500", "--host-timeout", "60s",
    ]
    assert "NMAP" not in (fake / "environment").read_text()
    assert {knock.index: (knock.port, knock.state) for knock in knocks} == {0: (443, State.CLOSED), 1: (80, State.OPEN)}
    assert declared == [2]


@pytest.mark.parametrize(("does", "words"), [
    ("echo garbage", "nmap failed: garbage"),
    ("echo '<nmaprun>'; echo 'no such option\nmore' >&2; exit 1", "nmap failed: no such option more"),
    ("echo '<nmaprun/>'", "cannot be read"),                     # python-nmap: 'NoneType' has no attribute 'get'
    ("printf '\\033]0;owned\\007' >&2", r"nmap failed: \]0;owned"),
    ("exit 3", "nmap failed"),
    (f"echo '{XML.replace('192.0.2.1', '192.0.2.99')}'", "nmap left out 192.0.2.1"),
])
async def test_garbage_is_one_line(fake: Path, does: str, words: str) -> None:
    install(fake, does)
    with pytest.raises(LocalFault, match=words) as caught:
        await all_of(Nmap(10, print), pairs(("192.0.2.1", 80)))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("version", ["echo 'another program'", "exit 1"])
async def test_a_program_that_is_no_nmap_is_told(fake: Path, version: str) -> None:
    install(fake, "true", version)
    with pytest.raises(EarshotError, match="not found in path"):
        await all_of(Nmap(10, print), pairs(("192.0.2.1", 80)))


HANG = "echo $$ > {folder}/pid; exec sleep 300"


@pytest.mark.parametrize("version", [f"echo '{VERSION}'", HANG])
async def test_a_hanging_nmap_ends_with_the_scan(fake: Path, version: str) -> None:
    install(fake, HANG.format(folder=fake), version.format(folder=fake))
    sweep = asyncio.ensure_future(all_of(Nmap(10, print), pairs(("192.0.2.1", 80))))
    pid = await asyncio.to_thread(written, fake / "pid")
    sweep.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sweep
    await asyncio.to_thread(gone, pid)


def written(path: Path) -> int:
    while not path.exists() or not path.read_text().strip():
        time.sleep(0.05)
    return int(path.read_text())


def gone(pid: int) -> None:
    """Wait until a process has ended; as nobody here is its parent, a zombie counts as ended."""
    status = Path(f"/proc/{pid}/stat")
    while status.exists() and status.read_text().split(") ")[1][0] != "Z":
        time.sleep(0.05)


async def test_without_nmap_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="install it, or leave out"):
        await all_of(Nmap(10, print), pairs(("192.0.2.1", 80)))


@pytest.mark.real
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_the_real_nmap_tells_open_from_closed(host: str) -> None:
    if shutil.which("nmap") is None:
        if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1":
            pytest.fail("nmap is not installed")
        pytest.skip("nmap is not installed")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as left:
        closed = left.getsockname()[1]
    with socket.create_server((host, 0), family=family) as server:
        opened = server.getsockname()[1]
        wanted = pairs((host, opened), (host, closed))
        knocks = await all_of(Nmap(1000, print), wanted)
    assert sorted((knock.index, knock.state.value) for knock in knocks) == [(0, "open"), (1, "closed")]
    assert find()
