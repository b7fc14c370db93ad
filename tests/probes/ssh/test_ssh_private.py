"""Nothing of this machine or its user is read or sent: a home full of bait, an agent, a name; one login, watched."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.probes.ssh.login import version
from tests.probes.ssh.ssh_inside import server

ROOT = Path(__file__).parents[3]
WATCHED = """
import asyncio, json, sys
from ipaddress import ip_address

home, port, seen = sys.argv[1], int(sys.argv[2]), []
from scanner.model import Ask, Asked, Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes.ssh import Ssh, login
from tests.fakes import FakeScope

def watch(event, args):
    if event in ("open", "os.listdir", "os.scandir", "socket.connect", "socket.getaddrinfo", "socket.gethostname",
                 "subprocess.Popen", "os.exec", "os.posix_spawn") and not str(args[0]).endswith((".py", ".pyc")):
        seen.append([event, *map(str, args)])

async def main():
    net = Net(FakeScope(), pace=Pace(1e6, 1e6, 100, 4), ledger=Ledger(), limits=Limits(),
              identity="security@example.org", ssh_user=lambda _: "anonymous")
    async with Ssh().open(Endpoint(address=ip_address("127.0.0.1"), port=port), net) as door:
        last = [shown async for shown in door.list(Ask("/", Asked.ROOT))][-1]
    return last.facts["ssh.none"]

sys.addaudithook(watch)
told = asyncio.run(main())
print(json.dumps([told, seen]))
"""


def bait(home: Path) -> None:
    """What a client might look for, each of it enough to be noticed."""
    folder = home / ".ssh"
    folder.mkdir(parents=True)
    for name in ("config", "known_hosts", "id_rsa", "id_ed25519", "id_ed25519.pub", "ca-bundle.crt", "authorized_keys"):
        (folder / name).write_text("bait\n")
    (folder / "crt").mkdir()
    for name in (".netrc", ".gitconfig", ".bashrc"):
        (home / name).write_text("bait\n")


async def watched(home: Path, port: int, *before: str) -> tuple[str, list[list[str]]]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "USER": "canary", "LOGNAME": "canary",
                   "SSH_AUTH_SOCK": str(home / "agent"), "KRB5CCNAME": str(home / "krb"), "DISPLAY": ":7",
                   "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *before, sys.executable, "-s", "-c", WATCHED, str(home), str(port), env=environment, cwd=home.parent,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    told, seen = json.loads(out)
    return told, seen


@pytest.mark.parametrize("let_in", [True, False])
async def test_a_login_looks_at_nothing_of_this_machine_and_says_nothing_of_it(tmp_path: Path, let_in: bool) -> None:
    home, tree = tmp_path / "home", tmp_path / "tree"
    bait(home)
    tree.mkdir()
    async with server(tree, open_to=frozenset({"anonymous"} if let_in else ())) as (port, tried):
        told, seen = await watched(home, port)
    assert told == ("yes" if let_in else "no")
    assert [] == [event for event in seen if str(home) in " ".join(event)]
    outward = [event for event in seen if event[0].startswith(("socket", "subprocess", "os.exec", "os.posix"))]
    assert [("socket.connect", f"('127.0.0.1', {port})")] == [(event[0], event[-1]) for event in outward]
    assert [f"user anonymous of SSH-2.0-{version('security@example.org')}"] == tried


async def test_no_system_call_names_anything_in_the_home(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1":
            pytest.fail("strace is not installed")
        pytest.skip("strace is not installed")
    home, calls = tmp_path / "home", tmp_path / "calls"
    bait(home)
    async with server(None) as (port, _):
        await watched(home, port, strace, "-f", "-s", "4096", "-e", "trace=%file,connect", "-o", str(calls))
    found = calls.read_text().splitlines()
    assert any("connect(" in line for line in found)
    assert [] == [line for line in found if f'"{home}/' in line]


def test_the_name_that_is_given_to_servers_is_one_of_the_standard() -> None:
    assert version(None).startswith("earshot_")
    assert "-" not in version("security@example.org").split()[0]
    assert version("x" * 300).isprintable()
    assert len(version("x" * 300)) <= 245
