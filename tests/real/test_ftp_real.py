"""Real FTP servers, walked as a stranger: what they show is what lies on disk, and nobody was asked for a file."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ftp_servers import CLOSED, LOGIN, OPEN, RECIPES, Server, serving
from tree import BYTES, Tree, recordings

from scanner.model import Access, Ask, Asked, Batch, Endpoint, Entry, Kind, Observation, Reason
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Ftp
from scanner.probes.ftp.commands import Command
from tests.fakes import FakeScope

pytestmark = pytest.mark.real

HUGE = 8 * 1024**3
VERBS = {command.value for command in Command}


@dataclass
class Walked:
    """What a walk saw."""

    door: Observation
    endpoint: Endpoint
    entries: dict[bytes, list[Entry]] = field(default_factory=dict)         # by folder, no slash at either end
    answers: dict[bytes, Observation] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)


def net() -> Net:
    return Net(
        FakeScope(), pace=Pace(1e6, 1e6, 100, 4), ledger=Ledger(), limits=Limits(), identity="security@example.org")


async def _walk(port: int, *, implicit: bool = False) -> Walked:
    own = net()
    there = Endpoint(address=ip_address("127.0.0.1"), port=port, hint="ftp", tls=True if implicit else None)
    async with Ftp().open(there, own) as door:
        seen = Walked(await door.look(), door.endpoint)
        todo = [b""]
        while todo:
            folder = todo.pop()
            path = "/" + "".join(quote(part, safe="") + "/" for part in folder.split(b"/") if part)
            seen.entries[folder] = []
            async for shown in door.list(Ask(path, Asked.ROOT)):
                if isinstance(shown, Observation):
                    seen.answers[folder] = shown
                elif isinstance(shown, Batch):
                    seen.entries[folder] += shown.entries()
                    todo += [(folder + b"/" + name).strip(b"/") for name in shown.directories]
    seen.requests = own.ledger.totals()["requests"]
    return seen


def walk(server: Server, *, implicit: bool = False) -> Walked:
    return asyncio.run(_walk(server.port, implicit=implicit))


@pytest.fixture
def tree(world: Path) -> Tree:
    """Recordings; one of eight GiB, and some that nobody but root may read."""
    made = recordings(world)
    made.add("locked/huge.wav", HUGE)
    made.add("locked/070-1740640.wav", 4_000)
    for name in ("huge.wav", "070-1740640.wav", ):
        (world / "locked" / name).chmod(0)
    return made.settle()


def differs(tree: Tree, walked: Walked, without: Sequence[bytes] = ()) -> list[object]:
    """What was shown and does not lie on disk, or the other way round; sizes and times with it. A link is no entry."""
    found: list[object] = []
    for folder, entries in walked.entries.items():
        if walked.answers[folder].doubt is not None:
            continue
        true = {name: node for name, node in tree.children(folder).items() if name not in without}
        shown = {entry.name: entry for entry in entries if entry.name not in without}
        found += [(folder, name) for name in true.keys() ^ shown.keys()]
        for name in true.keys() & shown.keys():
            node, entry = true[name], shown[name]
            if node.kind is Kind.FILE and (node.size != entry.size or not _same_time(node.modified, entry)):
                found.append((folder, name, node, entry))
            if node.kind is not entry.kind:
                found.append((folder, name, node, entry))
    return found


def _same_time(true: int, entry: Entry) -> bool:
    return entry.modified is not None and entry.modified <= true < entry.modified + entry.grain


# Names that a server does not show as they are: pure-ftpd leaves out those with control characters, pyftpdlib puts
# question marks for what is no UTF-8.
UNSHOWN = {"vsftpd": (), "proftpd": (), "pure-ftpd": (b"new\nline.wav", b"tab\there.wav"),
           "pyftpdlib": (BYTES[0], b"latin1_???.wav")}


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.kind == OPEN])
def test_an_open_server_shows_what_lies_on_disk(name, tree, world, ground):
    recipe = RECIPES[name]
    with serving(name, world, ground) as server:
        seen = walk(server, implicit=recipe.tls == "implicit")
    assert [] == differs(tree, seen, UNSHOWN[recipe.product])
    assert (Access.ANONYMOUS, None) == (seen.door.access, seen.door.doubt)
    refused = {b".hidden"} if recipe.product == "pure-ftpd" else set()       # shown, and not to be entered
    assert refused == {folder for folder, answer in seen.answers.items() if answer.doubt is not None}
    shown = {entry.name: entry for entry in seen.entries[b"locked"]}
    assert HUGE == shown[b"huge.wav"].size
    assert {verb for verb in seen.requests if verb.removeprefix("FTP ") not in VERBS} == set()
    told = server.commands()
    assert recipe.product == "pure-ftpd" or told != []
    assert [] == [line for line in told if line.split(" ")[0] not in VERBS]
    transfers = server.folder / "transfers.log"
    assert not transfers.exists() or "" == transfers.read_text()


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.kind == LOGIN])
def test_a_server_that_wants_a_login_is_told_apart(name, tree, world, ground):
    with serving(name, world, ground) as server:
        seen = walk(server)
    assert (Access.LOGIN, Reason.LOGIN) == (seen.door.access, (seen.door.doubt or ("",))[0])
    assert ({b""}, []) == (seen.entries.keys(), seen.entries[b""])
    assert 1 == seen.requests["FTP USER"] >= seen.requests.get("FTP PASS", 0)


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.kind == CLOSED])
def test_a_server_that_is_closed_shows_nothing_and_says_so(name, tree, world, ground):
    if name == "pure-ftpd-closed":
        world.chmod(0o711)
    with serving(name, world, ground) as server:
        seen = walk(server)
    world.chmod(0o755)
    answer = seen.answers[b""]
    assert (Access.NONE, Reason.FORBIDDEN) == (answer.access, (answer.doubt or ("",))[0])
    assert [] == seen.entries[b""]


@pytest.mark.parametrize(("name", "tls", "scheme"), [
    ("vsftpd-open", "none", "ftp"), ("vsftpd-tls", "required", "ftp"), ("vsftpd-implicit", "implicit", "ftps"),
    ("proftpd-tls", "required", "ftp"), ("pure-ftpd-tls", "required", "ftp"), ("pure-ftpd-open", "offered", "ftp"),
    ("pyftpdlib-tls", "required", "ftp")])
def test_how_a_server_protects_its_sessions_is_told(name, tls, scheme, tree, world, ground):
    with serving(name, world, ground) as server:
        seen = walk(server, implicit=tls == "implicit")
    assert (tls, scheme) == (seen.door.facts["ftp.tls"], seen.endpoint.scheme)


def test_a_server_that_cuts_its_lists_is_believed_that_it_does(world, ground):
    for i in range(12_000):
        (world / f"0701740{605 + i % 90}_{i:05}.wav").touch()
    with serving("pure-ftpd-open", world, ground) as server:
        seen = walk(server)
    # the folder itself and the one above are among the ten thousand
    assert (9_998, (Reason.CUT, "the server ends lists after 10000 names"), Access.ANONYMOUS) == (
        len(seen.entries[b""]), seen.answers[b""].doubt, seen.answers[b""].access)


def scan(server: Server, folder: Path) -> dict[str, Any]:
    report = folder / "report.json"
    ended = subprocess.run(
        [sys.executable, "-m", "scanner", "scan", f"127.0.0.1:{server.port}", "--state", ":memory:", "-o", report,
         "--no-progress", "--rate", "5000", "--host-rate", "5000", "--show-names", "a test"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=160)
    assert (0, False) == (ended.returncode, "Traceback" in ended.stderr), ended.stderr
    return json.loads(report.read_text())


@pytest.mark.parametrize("name", ["vsftpd-open", "proftpd-tls"])
def test_a_whole_scan_of_a_port_of_any_number_finds_the_store(name, tree, world, ground, tmp_path):
    with serving(name, world, ground) as server:
        report = scan(server, tmp_path)
        told = server.commands()
    (finding,) = report["findings"]
    store, true = finding["store"], [node for node in tree.nodes.values() if node.kind is Kind.FILE]
    assert (len(true), sum(node.size for node in true), True) == (store["files"], store["bytes"], store["complete"])
    assert ("ftp", "anonymous") == (finding["doors"][0]["protocol"], finding["doors"][0]["access"])
    assert [] == report["gaps"]
    assert (0, 0) == (report["conduct"]["file_contents_requested"], report["conduct"]["refused_bodies"])
    verbs = {line.split(" ")[0] for line in told}        # among them lines of HTTP: it was not known what speaks there
    assert {"USER", "CWD"} <= verbs
    assert set() == verbs & {"RETR", "STOR", "STOU", "APPE", "DELE", "RNFR", "REST", "MKD", "RMD", "SITE"}


def test_a_whole_scan_of_a_server_that_wants_a_login_says_so(tree, world, ground, tmp_path):
    with serving("vsftpd-login", world, ground) as server:
        report = scan(server, tmp_path)
    assert ([], [("ftp", "login")]) == (report["findings"], [(gap["probe"], gap["reason"]) for gap in report["gaps"]])
