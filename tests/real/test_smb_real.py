"""SMB as real servers speak it: Samba in its ways of being open and closed, and a server that is not Samba.

Samba has names that SMB forbids mangled; here it does not (`mangled names = no`), so that every name is seen. A name
that is not UTF-8 it passes over.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import aclosing
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from smb_servers import Served, Shared, impacket, samba
from tree import Tree, numbers, recordings, shelf

from scanner.model import Access, Ask, Asked, Batch, Endpoint, Kind, Observation, Reason
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes.smb import Smb, SmbDoor
from scanner.probes.smb.command import Command
from tests.fakes import FakeScope

pytestmark = pytest.mark.real
CLOSED = Shared(Path("/"), {"guest ok": "no", "valid users": "root"})
ROOT = os.geteuid() == 0
READING = {"read", "pread", "pread_send", "pread_recv", "sendfile", "recvfile", "write", "pwrite", "pwrite_send",
           "offload_read_send", "offload_write_send", "copy_chunk_send", "fget_compression", "lock", "linux_setlease"}
"""What Samba's full_audit calls reading and writing of files (vfs_full_audit(8))."""


def net() -> Net:
    return Net(FakeScope(), pace=Pace(1e6, 1e6, 100, 2), ledger=Ledger(), limits=Limits(), identity="x@example.org")


def at(server: Served) -> Endpoint:
    return Endpoint(address=ip_address(server.address), port=server.port)


Found = tuple[Kind, int | None, int | None]


class Walk:
    """Everything that a door shows, and what was said on the way."""

    def __init__(self) -> None:
        self.entries: dict[bytes, Found] = {}
        self.seen: dict[str, Observation] = {}

    async def run(self, server: Served, hidden: tuple[str, ...] = ()) -> Walk:
        async with Smb().open(at(server), net()) as door:
            asks = await self._list(door, Ask("/", Asked.ROOT))
            asks += door.hidden(hidden)
            while asks:
                asks += await self._list(door, asks.pop(0))
        return self

    async def _list(self, door: SmbDoor, ask: Ask) -> list[Ask]:
        asks, above = list[Ask](), unquote_to_bytes(ask.path)
        async with aclosing(door.list(ask)) as shown:
            async for thing in shown:
                if isinstance(thing, Batch):
                    self.entries |= {above + one.name: (one.kind, one.size, one.modified) for one in thing.entries()}
                    asks += [Ask(f"{ask.path}{quote(name, safe='')}/", Asked.LINK) for name in thing.directories]
                elif isinstance(thing, Ask):
                    asks.append(thing)
                else:
                    self.seen[ask.path] = thing
        return asks


def on_disk(tree: Tree, share: str) -> Mapping[bytes, Found]:
    """What a true listing of the share shows."""
    return {f"/{share}/".encode() + node.path: (node.kind, *((node.size, node.modified) if node.kind is Kind.FILE
                                                           else (None, None)))
            for node in tree.nodes.values() if _is_utf8(node.path)}


def _is_utf8(path: bytes) -> bool:
    try:
        return bool(path.decode())
    except UnicodeDecodeError:
        return False


def unreadable(tree: Tree) -> Tree:
    """With a file of 8 GiB, and none of them readable by anybody."""
    tree.add("eight-gib.wav", 8 << 30)
    for node in tree.nodes.values():
        if node.kind is Kind.FILE:
            (tree.root / os.fsdecode(node.path)).chmod(0)
    return tree


async def test_every_entry_of_a_samba_share_is_seen_and_no_file_is_read(ground, world):
    tree = unreadable(recordings(world))
    audited = Shared(world, {"guest ok": "yes", "comment": "Call recordings", "vfs objects": "full_audit",
                             "full_audit:success": "all", "full_audit:failure": "all", "full_audit:syslog": "false"})
    shares = {"calls": audited, "hr": CLOSED, "old$": Shared(world)}
    with samba(ground, shares, settings={"log level": "1 vfs:1"}) as server:
        walk = await Walk().run(server)
    assert {**on_disk(tree, "calls"), **on_disk(tree, "old$")} == walk.entries
    root, calls, closed = (walk.seen[path] for path in ("/", "/calls/", "/hr/"))
    assert (Access.NONE, None, "3 disk, 1 ipc") == (root.access, root.doubt, root.facts["smb.shares"])
    assert (Access.ANONYMOUS, "Call recordings") == (calls.access, calls.facts["smb.comment"])
    assert (Access.LOGIN, Reason.LOGIN) == (closed.access, closed.doubt[0])
    assert "null accepted, guest accepted as guest" == root.facts["smb.session"]
    done = {line.split("|")[2].strip() for line in server.log().splitlines() if line.count("|") >= 3}
    assert {"connect", "openat", "readdir", "close"} <= done
    assert set() == READING & done


@pytest.mark.parametrize("settings", [
    {"server max protocol": "SMB2_02"},
    {"server max protocol": "SMB2_10"},
    {"server min protocol": "SMB3"},
    {"server signing": "mandatory"},
    {"map to guest": "Never"},
    {"map to guest": "Never", "access based share enum": "yes"},
], ids=lambda settings: ", ".join(f"{name} = {value}" for name, value in settings.items()))
async def test_samba_is_listed_however_it_is_set_up(ground, world, settings):
    tree = shelf(world, 7)
    with samba(ground, {"calls": Shared(world)}, settings=settings) as server:
        walk = await Walk().run(server)
    assert on_disk(tree, "calls") == walk.entries
    facts = walk.seen["/calls/"].facts
    guest = "refused" if "map to guest" in settings else "accepted as guest"
    assert f"null accepted, guest {guest}" == facts["smb.session"]
    assert ("required" if "server signing" in settings else "offered") == facts["smb.signing"]
    assert {"SMB2_02": "2.0.2", "SMB2_10": "2.1.0"}.get(settings.get("server max protocol", ""), "3.1.1") == facts[
        "smb.dialect"]


async def test_a_list_of_shares_that_is_refused_hides_a_share_that_is_open(ground, world):
    tree = shelf(world, 8)
    with samba(ground, {"calls": Shared(world)}, settings={"restrict anonymous": "2"}) as server:
        walk = await Walk().run(server, hidden=("public", "calls"))
    assert on_disk(tree, "calls") == walk.entries
    assert Reason.FORBIDDEN is walk.seen["/"].doubt[0]
    assert (Reason.NOT_A_LISTING, "no such share") == walk.seen["/public/"].doubt


async def test_a_samba_that_wants_logins_shows_its_shares_and_nothing_in_them(ground, world):
    shelf(world, 9)
    shares = {"calls": Shared(world, {"guest ok": "no"}), "hr": Shared(world, {"valid users": "root"})}
    with samba(ground, shares) as server:
        walk = await Walk().run(server)
    assert {} == walk.entries
    assert [Reason.LOGIN, Reason.LOGIN] == [walk.seen[path].doubt[0] for path in ("/calls/", "/hr/")]


async def test_a_samba_that_wants_encryption_says_so(ground, world):
    shelf(world, 10)
    with samba(ground, {"calls": Shared(world)}, settings={"server smb encrypt": "required"}) as server:
        walk = await Walk().run(server)
    seen = walk.seen["/"]
    assert ({}, "required", Reason.LOGIN) == (walk.entries, seen.facts["smb.encryption"], seen.doubt[0])


async def test_a_share_that_wants_encryption_is_closed_and_its_neighbour_is_open(ground, world):
    tree = shelf(world, 11)
    secret = Shared(world, {"guest ok": "yes", "smb encrypt": "required"})
    with samba(ground, {"secret": secret, "calls": Shared(world)}) as server:
        walk = await Walk().run(server)
    seen = walk.seen["/secret/"]
    assert on_disk(tree, "calls") == walk.entries
    assert (Access.LOGIN, Reason.LOGIN) == (seen.access, seen.doubt[0])


async def test_a_samba_of_smb_1_is_recognised_and_asked_nothing(ground, world):
    with samba(ground, {"calls": Shared(world)}, settings={
            "server min protocol": "NT1", "server max protocol": "NT1"}) as server:
        walk = await Walk().run(server)
    seen = walk.seen["/"]
    assert ("1", Reason.RECOGNISED) == (seen.facts["smb.dialect"], seen.doubt[0])


async def test_a_folder_that_is_closed_leaves_the_share_around_it_open(ground, world):
    (world / "a.wav").touch()
    (world / "closed").mkdir(mode=0)
    (world / "open").mkdir()
    with samba(ground, {"calls": Shared(world)}) as server:
        walk = await Walk().run(server)
    (world / "closed").chmod(0o700)
    assert {b"/calls/a.wav", b"/calls/closed", b"/calls/open"} == set(walk.entries)
    assert (Access.NONE, Reason.FORBIDDEN) == (walk.seen["/calls/closed/"].access, walk.seen["/calls/closed/"].doubt[0])
    assert (Access.ANONYMOUS, None) == (walk.seen["/calls/open/"].access, walk.seen["/calls/open/"].doubt)


def test_a_scan_finds_the_open_share_and_says_how_strangers_are_let_in(ground, world):
    tree = numbers(world)
    with samba(ground, {"calls": Shared(world), "hr": CLOSED}) as server:
        target = f"smb://{server.address}:{server.port}/"
        command = [sys.executable, "-m", "scanner", "scan", target, "--state", ":memory:",
                   "--authorised-by", "Chief information security officer", "-o", f"json:{ground / 'report.json'}"]
        subprocess.run(command, check=True, capture_output=True, timeout=160, stdin=subprocess.DEVNULL)
    report = json.loads((ground / "report.json").read_text())
    finding, = report["findings"]
    door, = finding["doors"]
    assert len(tree.nodes) == finding["store"]["files"]
    assert ("smb", "anonymous", f"{target}calls/") == (door["protocol"], door["access"], door["url"])
    assert [("login", "/hr/: this share wants a login")] == [(gap["reason"], gap["detail"]) for gap in report["gaps"]]
    assert 0 == report["conduct"]["file_contents_requested"]


async def test_a_dfs_root_leads_nowhere(ground, world):
    (world / "elsewhere").symlink_to("msdfs:192.0.2.7\\calls")
    (world / "a.wav").touch()
    with samba(ground, {"dfs": Shared(world, {"guest ok": "yes", "msdfs root": "yes"})},
               settings={"host msdfs": "yes"}) as server:
        walk = await Walk().run(server)
    assert [b"/dfs/a.wav"] == [*walk.entries]
    assert "1" == walk.seen["/dfs/"].facts["listing.strays"]


async def test_more_shares_than_one_answer_holds_are_all_told(ground, world):
    shelf(world, 12)
    names = [f"recordings {number:03}" for number in range(300)]
    shared = Shared(world, {"guest ok": "yes", "comment": "Recordings of a telephone exchange"})
    with samba(ground, dict.fromkeys(names, shared)) as server:
        async with Smb().open(at(server), net()) as door:
            shown = [thing async for thing in door.list(Ask("/", Asked.ROOT))]
    assert names == sorted(unquote_to_bytes(ask.path).decode().strip("/") for ask in shown if isinstance(ask, Ask))
    assert "300 disk, 1 ipc" == shown[-1].facts["smb.shares"]


@pytest.mark.skipif(not ROOT, reason="ports below 1024 are for root")
@pytest.mark.parametrize("port", [139, 445])
async def test_both_ports_of_smb_are_spoken(ground, world, port):
    tree = shelf(world, 13)
    address = f"127.{os.getpid() >> 16 & 255}.{os.getpid() >> 8 & 255}.{(os.getpid() & 127) + 100}"
    with samba(ground, {"calls": Shared(world)}, address=address, port=port) as server:
        walk = await Walk().run(server)
    assert on_disk(tree, "calls") == walk.entries


@pytest.mark.parametrize(("whom", "access", "session"), [
    ("null", Access.ANONYMOUS, "null accepted as null, guest accepted as guest"),
    ("guest", Access.GUEST, "null refused, guest accepted as guest"),
])
async def test_a_server_that_is_not_samba_is_listed(ground, world, whom, access, session):
    tree = unreadable(shelf(world, 14))
    with impacket(ground, world, whom) as server:
        walk = await Walk().run(server)
    assert {**on_disk(tree, "CALLS"), **on_disk(tree, "HIDDEN$")} == walk.entries
    calls = walk.seen["/CALLS/"]
    assert (access, "Call recordings", "2.0.2") == (
        calls.access, calls.facts["smb.comment"], calls.facts["smb.dialect"])
    assert session == calls.facts["smb.session"]


async def test_its_closed_twin_lets_nobody_in(ground, world):
    shelf(world, 15)
    with impacket(ground, world, "login") as server:
        walk = await Walk().run(server)
    assert ({}, Reason.LOGIN) == (walk.entries, walk.seen["/"].doubt[0])
    assert "null refused, guest refused" == walk.seen["/"].facts["smb.session"]


async def test_the_account_names_commands_that_read_nothing(ground, world):
    shelf(world, 16)
    with samba(ground, {"calls": Shared(world)}) as server:
        mine = net()
        async with Smb().open(at(server), mine) as door:
            for path in ("/", "/calls/"):
                async for _ in door.list(Ask(path, Asked.ROOT)):
                    pass
    asked = mine.ledger.conduct()
    assert set(asked.requests) <= {f"SMB {command.name}" for command in Command}
    assert 0 == asked.file_contents_requested
