"""What real rsync daemons have said, played back: 3.2.7 and 3.5.0, with a module of each kind."""

from __future__ import annotations

from pathlib import Path
from struct import pack

import pytest

from scanner.errors import Reset
from scanner.model import Access, Asked, Batch, Reason
from scanner.probes.rsync import Rsync
from tests.fakes import FakeNet, Step, Talk, endpoint
from tests.probes.rsync.rsync_lists import OK
from tests.probes.rsync.rsync_talks import NO_FILE, ask, put

WIRE = Path(__file__).parents[3] / "fixtures" / "wire" / "rsync"
VERSIONS = ("3.2.7", "3.5.0")
TREE = [
    Batch(names=[b"Call 070-1740605.wav", b"huge.wav", b"link"], sizes=[8044, 8 << 30, -1], times=[1550480000] * 3,
          grain=1, directories=[b"2019", b"shut", b"empty"]),
    Batch(names=[b"Call 070-1740606.wav"], sizes=[4000], times=[1550483600], grain=1, directories=[b"02"],
          under="2019/"),
    Batch(names=[b"\xe5\xe4\xf6\nline.wav"], sizes=[4001], times=[1550480000], grain=1, under="2019/02/"),
    Batch(names=[], under="shut/"), Batch(names=[], under="empty/")]


def recorded(version: str, name: str, *asked: bytes) -> Talk:
    """A talk as it was: a greeting, what `asked` is answered with, a number, rows; or only a refusal."""
    hello, line, rest = (WIRE / f"{version}-{name}.bin").read_bytes().partition(b"\n")
    head, ok, rows = rest.partition(OK)
    steps: list[Step] = [hello + line, (asked[0], head + ok)]
    if ok:
        steps += [(asked[1], rows[:4]), (pack("<i", 0), rows[4:])]
        steps += [Reset("cut off")] if name == "flat-refused" else [] if name == "drop" else [(NO_FILE * 4, b"")]
    return Talk(steps)


def of_module(version: str, name: str, path: bytes, *, how: bytes = b"-r") -> Talk:
    """A talk about a module."""
    module = path.partition(b"/")[0]
    return recorded(version, name, b"\n" + module + b"\n", how + b"\n.\n" + path + b"\n\n")


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_modules(version: str) -> None:
    _, asks, seen = await ask([recorded(version, "modules", b"#list\n")], "/")
    assert ["/calls/", "/login/", "/denied/", "/flat/", "/gone/", "/full/", "/drop/"] == [one.path for one in asks]
    assert ("32.0", "Welcome to the archive\nOpening\thours: none") == (
        seen[0].facts["rsync.version"], seen[0].facts["rsync.motd"])


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_open_module_with_a_folder_that_is_shut(version: str) -> None:
    batches, _, seen = await ask([of_module(version, "open", b"calls/")], "/calls/")
    assert sorted(TREE, key=str) == sorted((ordered(batch) for batch in batches), key=str)
    assert (Access.ANONYMOUS, None, "1") == (seen[0].access, seen[0].doubt, seen[0].facts["rsync.unreadable"])


def ordered(batch: Batch) -> Batch:
    """As the tree has it: a folder's order is the file system's."""
    truth = next(one for one in TREE if one.under == batch.under)
    rows = sorted(zip(batch.names, batch.sizes or (), batch.times or (), strict=True),
                  key=lambda row: truth.names.index(row[0])) if batch.names else []
    folders = sorted(batch.directories, key=truth.directories.index)
    if batch.sizes is None:
        return batch
    names, sizes, times = ([row[column] for row in rows] for column in range(3))
    return Batch(names=names, sizes=sizes, times=times, grain=1, directories=folders,     # type: ignore[arg-type]
                 under=batch.under)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("name", "path", "sent", "reason"), [
    ("login", "/login/", b"login/", Reason.LOGIN), ("denied", "/denied/", b"denied/", Reason.FORBIDDEN),
    ("full", "/full/", b"full/", Reason.SLOW_DOWN), ("gone", "/gone/", b"gone/", Reason.SERVER_ERROR),
    ("unknown", "/nope/", b"nope/", Reason.NOT_A_LISTING), ("drop", "/drop/", b"drop/", Reason.FORBIDDEN),
    ("shut", "/calls/shut/", b"calls/./shut/", Reason.FORBIDDEN),
    ("absent", "/calls/nowhere/", b"calls/./nowhere/", Reason.NOT_A_LISTING)])
async def test_what_is_not_open(version: str, name: str, path: str, sent: bytes, reason: Reason) -> None:
    batches, _, seen = await ask([of_module(version, name, sent)], path, Asked.TARGET)
    assert ([], reason) == (batches, seen[0].doubt[0] if seen[0].doubt else None)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_module_that_refuses_recursion_is_asked_without_it(version: str) -> None:
    talks = [of_module(version, "flat-refused", b"flat/"), of_module(version, "flat", b"flat/", how=b"-d")]
    async with Rsync().open(endpoint(873), FakeNet(talks=talks)) as door:
        batches, _, seen = await put(door, "/flat/")
    assert TREE[:1] == [ordered(batch) for batch in batches]
    assert (Access.ANONYMOUS, None) == (seen[0].access, seen[0].doubt)
