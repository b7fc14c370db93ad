"""Places that cannot be written: said before the scan where it can be, else what is safe is kept and told."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.listing import CALLS, STORE, Listing
from tests.cli.program import FAST, Place

DEEP = {"/": [f"{n:03}/" for n in range(150)], **{f"/{n:03}/": CALLS for n in range(150)}}
DISK = 12 << 20
AS_ROOT = os.geteuid() == 0


@pytest.mark.parametrize(("words", "says"), [
    (("-o", "file/r.html"), "-o file/r.html: cannot be written"),
    (("-o", "/proc/r.html"), "-o /proc/r.html: cannot be written"),
    (("-o", "log:file/contacts"), "file/contacts: cannot be written"),
    (("-o", "folder.json"), "-o folder.json: this is a folder"),
    (("-o", "json:" + "x" * 300), "cannot be written"),
    (("--state", "file/s.sqlite"), "file/s.sqlite: the state file cannot be used"),
    (("--state", "folder.json"), "folder.json: the state file cannot be used"),
    (("--state", "/proc/s.sqlite"), "/proc/s.sqlite: the state file cannot be used"),
    (("--state", "odd.sqlite"), "odd.sqlite: the state file cannot be used"),
    (("-o", "/dev/full/r.json"), "cannot be written"),
])
def test_a_place_that_cannot_be_written_is_said_before_anything_is_sent(
    place: Place, store: Listing, words: tuple[str, ...], says: str) -> None:
    place.write("file", "")
    place.write("odd.sqlite", "no database " * 500)
    (place.folder / "folder.json").mkdir()
    ended = place.run("scan", store.door, *words)
    assert (2, 0, {"file", "odd.sqlite"}) == (ended.code, store.connections, place.files())
    assert says in ended.mistake


def test_the_folder_of_the_usual_reports_is_tried_as_well(place: Place, store: Listing) -> None:
    place.write("reports", "in the way")
    ended = place.run("scan", store.door)
    assert (2, 0, {"reports"}) == (ended.code, store.connections, place.files())


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere; /proc stands in for such a place above")
def test_a_folder_of_somebody_else(place: Place, store: Listing) -> None:
    (place.folder / "shut").mkdir(mode=0o500)
    assert place.run("scan", store.door, "-o", "shut/r.json").code == 2


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of twelve mebibytes: what a database writes beside itself may take four."""
    folder = tmp_path / "small"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(folder)]
    mounted = subprocess.run(words, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr.decode().strip()}; the limit on file sizes stands in")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_full_before_the_scan(place: Place, store: Listing, small: Path) -> None:
    with (small / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        while True:
            ballast.write(bytes(65536))
    for words in (("-o", "small/r.json"), ("--state", "small/s.sqlite"), ("-o", "log:small/contacts")):
        ended = place.run("scan", store.door, *words)
        assert (ended.code, store.connections) == (2, 0), ended.err


def test_a_disk_that_fills_up_during_the_scan(place: Place, small: Path) -> None:
    (small / "r.json").write_text("the old report")
    with Listing(DEEP) as deep:
        words = ("scan", deep.door, *FAST, "--state", "small/s.sqlite", "-o", "small/r.json", "-o", "safe.json")
        (small / "ballast").write_bytes(bytes(DISK - 260_000))
        full = place.run(*words)
        assert full.code == 3
        assert re.search(r"^small/s\.sqlite: .*cannot be written \(.*disk is full\)", full.err, re.MULTILINE), full.err
        assert re.search(r"^to go on: .* scan ", full.err, re.MULTILINE)
        assert False is json.loads((place.folder / "safe.json").read_text())["scan"]["complete"]
        assert (small / "r.json").read_text().startswith(("the old report", "{\n"))
        assert [path for path in small.iterdir() if path.name.startswith(".r.json")] == []
        (small / "ballast").unlink()
        assert place.run(*words).code == 0, full.err
    assert len(DEEP) * 25 - 25 == json.loads((small / "r.json").read_text())["findings"][0]["store"]["files"]


def test_a_report_that_finds_no_room_leaves_the_old_one(place: Place, store: Listing, small: Path) -> None:
    (small / "r.html").write_text("the old report")
    (small / "ballast").write_bytes(bytes(DISK - 24_000))
    ended = place.run("scan", store.door, *FAST, "--state", "s.sqlite", "-o", "small/r.html", "-o", "r.json")
    assert (ended.code, (small / "r.html").read_text()) == (3, "the old report")
    assert {"r.html", "ballast"} == {path.name for path in small.iterdir()}
    assert len(json.loads((place.folder / "r.json").read_text())["findings"]) == 1
    kept = re.search(r"^the scan is kept: earshot (report \S+) -o FILE$", ended.err, re.MULTILINE)
    assert kept
    assert place.run(*kept[1].split(), "--state", "s.sqlite", "-o", "again.html").code == 0


def limited(size: int, *words: str) -> list[str]:
    """The program, with no file larger than so many bytes."""
    script = (f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
              "os.execv(sys.argv[1], sys.argv[1:])")
    return [sys.executable, "-c", script]


@pytest.mark.parametrize("size", [150_000, 400_000])
def test_files_that_may_not_grow_are_like_a_full_disk(place: Place, size: int) -> None:
    place.write("r.html", "the old report")
    with Listing(DEEP) as deep:
        words = ("scan", deep.door, *FAST, "--state", "s.sqlite", "-o", "r.html")
        ended = place.run(*words, prefix=limited(size))
        assert ended.code == 3, ended.err
        assert "cannot be written" in ended.err or "could not be written" in ended.err
        assert place.run(*words).code == 0
    assert "3,750" in (place.folder / "r.html").read_text()


def test_a_contact_log_that_finds_no_room_ends_the_scan(place: Place) -> None:
    with Listing(DEEP) as deep:
        words = ("scan", deep.door, *FAST, "--state", ":memory:", "-o", "json:-", "-o", "log:contacts")
        ended = place.run(*words, prefix=limited(8192))
    assert (ended.code, json.loads(ended.out)["scan"]["complete"]) == (3, False)
    assert "the contact log cannot be written" in ended.err
    assert (place.folder / "contacts").stat().st_size <= 8192


def test_nothing_is_left_of_trying_a_place(place: Place, store: Listing) -> None:
    with Listing(STORE) as other:
        place.run("scan", other.door, "-o", "new/r.json", "--profile", "reckless")
        place.run("scan", other.door, "-o", "new/r.json", "-o", "none/r.pdf")
    assert set() == place.files()
    assert not (place.folder / "new").exists()
