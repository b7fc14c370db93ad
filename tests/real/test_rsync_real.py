"""Real rsync daemons: what is open to strangers is shown to the last entry, what is not says so, no file is read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from rsync_servers import Daemon, daemon

from scanner.model import Access, Ask, Asked, Batch, Endpoint, Observation, Reason
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import PROBES
from tests.fakes import FakeScope
from tests.scan.scans import QUICK, scan

pytestmark = pytest.mark.real

FILES = (b"1.wav", b"a/2.wav", b"a/sub/3.wav", b"b/4.wav", b"z/zz/zzz/5.wav", b"li\nne/6.wav", b"\x1b[31m.wav",
         b"\xff\xfe.wav", "kundsamtal åäö.wav".encode(), b"-x/7.wav", b"st*r[1]?/8.wav", b"st*r[1]?/\\b/9.wav",
         b"back\\slash/10.wav", b"m calls/11.wav", b"sp ace/12.wav", b"long/" + b"0701740634-" * 20 + b".wav")
EMPTY = (b"empty", b"a/sub/empty", b"zz-last")
SHUT = b"shut"
CLOSED = (b"closed.wav", b"huge.wav")       # mode 000
HUGE = 8 << 30
Kind = tuple[int, int]                      # size and time; -1 where it is no file


def make(root: Path) -> dict[bytes, Kind]:
    """A tree with what servers stumble over, and what lies in it: path to size and time, folders end with a slash."""
    for number, name in enumerate((*FILES, *CLOSED)):
        path = root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.truncate(HUGE if name == b"huge.wav" else number * 160)
        os.utime(path, (1550480000 + number, 1550480000 + number))
    for name in (*EMPTY, SHUT):
        (root / os.fsdecode(name)).mkdir()
    (root / "link").symlink_to("1.wav")
    os.mkfifo(root / "pipe")
    for name in (*CLOSED, SHUT):
        (root / os.fsdecode(name)).chmod(0)
    return dict(_lying(root, b""))


def _lying(top: Path, below: bytes) -> Iterator[tuple[bytes, Kind]]:
    with os.scandir(top / os.fsdecode(below)) as entries:
        for entry in entries:
            here, path = entry.stat(follow_symlinks=False), below + os.fsencode(entry.name)
            if stat.S_ISDIR(here.st_mode):
                yield path + b"/", (-1, -1)
                if here.st_mode & 0o777:
                    yield from _lying(top, path + b"/")
            else:
                yield path, (here.st_size if stat.S_ISREG(here.st_mode) else -1, int(here.st_mtime))


@pytest.fixture
def lies(world: Path) -> Iterator[dict[bytes, Kind]]:
    yield make(world)
    (world / os.fsdecode(SHUT)).chmod(0o755)


@pytest.fixture
def running(ground: Path, world: Path, lies: dict[bytes, Kind]) -> Iterator[Daemon]:
    log = ground / "daemon"
    log.mkdir()
    path = str(world)
    modules = {
        "calls": {"path": path, "comment": "Call recordings"}, "two words": {"path": path, "comment": "tab\tand more"},
        "hidden": {"path": path, "list": "no"}, "login": {"path": path, "auth users": "somebody"},
        "denied": {"path": path, "hosts deny": "*"}, "gone": {"path": f"{path}/nowhere"},
        "full": {"path": path, "max connections": "-1"}, "flat": {"path": path, "refuse options": "recursive"},
        "drop": {"path": path, "write only": "yes", "read only": "no"}}
    with daemon(log, modules) as started:
        yield started


def network() -> Net:
    return Net(FakeScope(), pace=Pace(1e4, 1e4, 100, 100), ledger=Ledger(), limits=Limits(), identity=None)


class Shown:
    """What one ask gave."""

    def __init__(self) -> None:
        self.entries: dict[bytes, Kind] = {}
        self.asks: list[Ask] = []
        self.passed: list[bytes] = []        # folders that need not be asked for
        self.seen: Observation | None = None

    def take(self, thing: object) -> None:
        if isinstance(thing, Batch):
            under = unquote_to_bytes(thing.under)
            self.passed += [under] if under else []
            assert not self.entries.keys() & {under + name for name in thing.names}
            self.entries |= {under + name: (size, time) for name, size, time in
                             zip(thing.names, thing.sizes or (), thing.times or (), strict=True)}
            self.entries |= {under + name + b"/": (-1, -1) for name in thing.directories}
        elif isinstance(thing, Ask):
            self.asks.append(thing)
        elif isinstance(thing, Observation):
            self.seen = thing

    @property
    def doubt(self) -> Reason | None:
        assert self.seen is not None
        return self.seen.doubt[0] if self.seen.doubt else None


async def show(running: Daemon, *paths: str) -> list[Shown]:
    """What each of these asks gives, at one door."""
    probe = next(probe for probe in PROBES if probe.name == "rsync")
    shown = []
    async with probe.open(Endpoint(address=ip_address("127.0.0.1"), port=running.port), network()) as door:
        for path in paths:
            one = Shown()
            async for thing in door.list(Ask(path, Asked.SHARE)):
                one.take(thing)
            shown.append(one)
    return shown


def errors(running: Daemon) -> list[str]:
    """What went wrong with talks that listed, by the daemon's log, but for folders that it may not read (code 23)."""
    listers = set(re.findall(r"\[(\d+)\] rsync on ", running.log))
    said = re.findall(r"\[(\d+)\] (rsync error.*)", running.log)
    return [words for process, words in said if process in listers and "(code 23)" not in words]


def sent(running: Daemon) -> list[int]:
    """Bytes of each talk that ended as a transfer does, by the daemon's log."""
    return [int(found) for found in re.findall(r"sent (\d+) bytes", running.log)]


async def test_all_modules_on_the_list_are_told(running: Daemon) -> None:
    shown, = await show(running, "/")
    assert ["/calls/", "/two%20words/", "/login/", "/denied/", "/gone/", "/full/", "/flat/", "/drop/"] == [
        ask.path for ask in shown.asks]
    assert shown.seen is not None
    assert "Welcome to the archive" in shown.seen.facts["rsync.motd"]


@pytest.mark.parametrize("module", ["/calls/", "/hidden/", "/two%20words/"])
async def test_an_open_module_is_shown_to_the_last_entry(
        running: Daemon, lies: dict[bytes, Kind], module: str) -> None:
    shown, = await show(running, module)
    assert lies == shown.entries
    assert (HUGE, 5) == (shown.entries[b"huge.wav"][0], len(str(shown.entries[b"closed.wav"][0])) + 1)
    assert sorted(path for path in lies if path.endswith(b"/")) == sorted(shown.passed)
    assert shown.seen is not None
    assert (Access.ANONYMOUS, None) == (shown.seen.access, shown.doubt)


async def test_the_daemon_tells_of_names_sent_and_of_no_file(running: Daemon, lies: dict[bytes, Kind]) -> None:
    await show(running, "/calls/")
    assert [count for count in sent(running) if count > sum(map(len, lies)) + 100 * len(lies)] == []
    assert 1 == len(sent(running))
    assert [] == errors(running)             # it ends as every transfer does


@pytest.mark.parametrize(("module", "access", "reason"), [
    ("/login/", Access.LOGIN, Reason.LOGIN), ("/denied/", Access.NONE, Reason.FORBIDDEN),
    ("/gone/", Access.NONE, Reason.SERVER_ERROR), ("/full/", Access.NONE, Reason.SLOW_DOWN),
    ("/drop/", Access.NONE, Reason.FORBIDDEN), ("/nobody-knows/", Access.NONE, Reason.NOT_A_LISTING)])
async def test_a_module_that_is_not_open_says_why(
        running: Daemon, module: str, access: Access, reason: Reason) -> None:
    shown, = await show(running, module)
    assert {} == shown.entries
    assert shown.seen is not None
    assert (access, reason) == (shown.seen.access, shown.doubt)


async def test_a_module_that_refuses_recursion_is_shown_folder_by_folder(
        running: Daemon, lies: dict[bytes, Kind]) -> None:
    top, below = await show(running, "/flat/", "/flat/z/zz/")
    assert {path: kind for path, kind in lies.items() if b"/" not in path[:-1]} == top.entries
    assert [] == top.passed
    assert {b"zzz/": (-1, -1)} == below.entries


async def test_every_folder_can_be_asked_for_by_its_own_name_or_says_that_it_cannot(
        running: Daemon, lies: dict[bytes, Kind]) -> None:
    folders = [path for path in lies if path.endswith(b"/")]
    asked = ["/calls/" + "".join(f"{quote(name, safe='')}/" for name in path[:-1].split(b"/")) for path in folders]
    for path, shown in zip(folders, await show(running, *asked), strict=True):
        below = {name.removeprefix(path): kind for name, kind in lies.items() if name.startswith(path) and name != path}
        refused = path in (SHUT + b"/", b"li\nne/", b"m calls/")
        assert (refused, {} if refused else below) == (shown.doubt is Reason.FORBIDDEN, shown.entries), path


async def test_a_whole_scan_asks_each_module_once_and_counts_all(
        ground: Path, world: Path, lies: dict[bytes, Kind]) -> None:
    log = ground / "scanned"
    log.mkdir()
    modules = {"calls": {"path": str(world)}, "login": {"path": str(world), "auth users": "somebody"},
               "gone": {"path": f"{world}/nowhere"}}
    with daemon(log, modules) as running:
        done = await scan(f"127.0.0.1:{running.port}")
    files, folders = ([path for path in lies if path.endswith(b"/") is folder] for folder in (False, True))
    assert ["/calls/"] == [row.root for row in done.watching.stores]
    whole = done.watching.stores[0].census
    assert (len(files), len(folders), True) == (whole.files, whole.directories, whole.complete)
    assert ["/", "/calls/", "/gone/", "/login/"] == sorted(
        line.partition(": ")[0].partition(str(running.port))[2] for line in done.watching.asks)
    assert {"login": 1, "server-error": 1} == dict(done.report.coverage.gaps)


@pytest.mark.parametrize(("path", "stores"), [
    ("/calls/a/sub/", {"/calls/": 4}), ("/backup/", {"/backup/": 2, "/calls/": 4}),
    ("/backup/b/", {"/backup/b/": 1, "/calls/": 4})])
async def test_what_a_target_names_is_counted_once(
        ground: Path, world: Path, path: str, stores: dict[str, int]) -> None:
    for name in ("calls/1.wav", "calls/a/2.wav", "calls/a/sub/3.wav", "calls/a/sub/4.wav", "backup/5.wav",
                 "backup/b/6.wav"):
        (world / name).parent.mkdir(parents=True, exist_ok=True)
        (world / name).touch()
    log = ground / "scanned"
    log.mkdir()
    modules = {"calls": {"path": str(world / "calls")}, "backup": {"path": str(world / "backup"), "list": "no"}}
    with daemon(log, modules) as running:
        done = await scan(f"rsync://127.0.0.1:{running.port}{path}")
    assert stores == {row.root: row.census.files for row in done.watching.stores}
    assert [] == done.gaps()


async def test_hidden_modules_are_tried_by_published_names_where_the_profile_allows_it(
        ground: Path, world: Path) -> None:
    (world / "a").mkdir()
    (world / "a" / "1.wav").touch()
    (world / "2.wav").touch()
    log = ground / "scanned"
    log.mkdir()
    modules = {"calls": {"path": str(world)}, "backup": {"path": str(world / "a"), "list": "no"}}
    with daemon(log, modules) as running:
        shy = await scan(f"127.0.0.1:{running.port}")
        done = await scan(f"127.0.0.1:{running.port}", profile=replace(QUICK, names=True, silent_requests=500))
    assert ["/calls/"] == [row.root for row in shy.watching.stores]
    assert ["/backup/", "/calls/"] == sorted(row.root for row in done.watching.stores)
    assert {} == dict(done.report.coverage.gaps)         # names that are none say nothing
    assert 20 < len(done.watching.asks)
