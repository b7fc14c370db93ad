"""No name leaves the program: numbers, addresses, identities and names planted in every place of an answer are looked
for in every byte that it writes: state, reports, logs, standard output and error. With --show-names they are there.
"""

from __future__ import annotations

import json
import re
import shlex
import signal
import sqlite3
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from zlib import compress

import pytest

from tests.cli.program import FAST, Place
from tests.worlds.canaries import Canaries
from tests.worlds.planted import SITES, Doors, Site, folder, people

OUTPUTS = ("-o", "r.html", "-o", "r.json", "-o", "r.jsonl", "-o", "r.csv", "-o", "log:contacts.jsonl",
           "-o", "incident:pack.html", "-o", "incident:pack.md")
SCOPE = """[[target]]
what = ["127.0.0.1"]
ports = {ports}
controller = "Region Example"
context = ["health"]
region = ["SE", "GB"]
"""


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def doors(canaries: Canaries) -> Iterator[Doors]:
    sites = [site(canaries) for site in SITES]
    server = f"nginx/1.18.0 ({canaries.phone('the Server header')})"
    more = {"X-Powered-By": canaries.mail("a header"), "X-Owner": canaries.phone("an unknown header")}
    with Doors(sites, server, more) as running:
        yield running


def scope(doors: Doors, more: str = "") -> str:
    return SCOPE.format(ports=doors.ports) + more


def written(place: Place) -> dict[str, bytes]:
    """Every byte that was put on the disk, by file; the scope file is the owner's own."""
    found = {str(path.relative_to(place.folder)): path for path in place.folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "scope.toml"}


def leaks(canaries: Canaries, place: Place, **said: str | bytes) -> dict[str, list[str]]:
    """Which canaries show, and in what."""
    heard = {name: text.encode() if isinstance(text, str) else text for name, text in said.items()}
    texts = {**written(place), **heard}
    found = {name: canaries.seen_in(data) for name, data in texts.items()}
    return {name: seen for name, seen in found.items() if seen}


@pytest.mark.parametrize("loud", [(), ("-v",), ("-vv",)], ids=["plain", "-v", "-vv"])
def test_nothing_that_is_written_shows_a_name(
        place: Place, doors: Doors, canaries: Canaries, loud: tuple[str, ...]) -> None:
    place.write("scope.toml", scope(doors))
    done = place.run("scan", "--scope", "scope.toml", *FAST, "--state", "s.sqlite", *OUTPUTS, *loud)
    assert 0 == done.code, done.err
    assert len(SITES) <= len(json.loads((place.folder / "r.json").read_text())["findings"]) + 1
    again = place.run("report", "--state", "s.sqlite", "-o", "again.html", "-o", "again.json", "-o", "again.csv",
                      "-o", "incident:again.md", "--by", "owner")
    past = place.run("history", "--state", "s.sqlite")
    second = place.run("scan", "--scope", "scope.toml", *FAST, "--state", "s.sqlite", "-o", "second.json", *loud)
    said = {"out": done.out, "err": done.err, "report": again.out + again.err, "history": past.out + past.err,
            "second": second.out + second.err}
    assert {} == leaks(canaries, place, **said)


@pytest.mark.parametrize("form", ["html", "json", "jsonl", "csv"])
def test_nothing_shows_on_standard_output_in_any_format(
        place: Place, doors: Doors, canaries: Canaries, form: str) -> None:
    place.write("scope.toml", scope(doors))
    done = place.run("scan", "--scope", "scope.toml", *FAST, "--state", ":memory:", "-o", f"{form}:-", "-v")
    assert {} == leaks(canaries, place, out=done.out, err=done.err)


def test_names_show_where_they_are_asked_for_so_that_this_test_can_fail(
        place: Place, doors: Doors, canaries: Canaries) -> None:
    place.write("scope.toml", scope(doors))
    done = place.run("scan", "--scope", "scope.toml", *FAST, "--state", "s.sqlite", *OUTPUTS,
                     "--show-names", "wanted by the data officer")
    assert 0 == done.code, done.err
    seen = leaks(canaries, place)
    files = {f"{one.where}: {one.text}" for one in canaries.planted if one.where in SHOWN}
    assert set() == files - set(seen["r.json"])
    assert "wanted by the data officer" in (place.folder / "r.json").read_text()
    assert "contacts.jsonl" not in seen


def test_a_path_that_the_owner_wrote_is_masked_where_it_is_told_again(place: Place, canaries: Canaries) -> None:
    caller = canaries.phone("a path of a target")
    names = people(canaries, "a file there", 1)
    with Doors([{f"/{caller}/": folder(f"/{caller}/", names)}]) as doors:
        target = f"http://127.0.0.1:{doors.ports[0]}/{caller}/"
        done = place.run("scan", target, *FAST, "--state", "s.sqlite", *OUTPUTS, "-vv")
    past = place.run("history", "--state", "s.sqlite")
    assert len(names) == json.loads((place.folder / "r.json").read_text())["findings"][0]["store"]["files"]
    assert {} == leaks(canaries, place, out=done.out, err=done.err, history=past.out + past.err)


SHOWN = frozenset({
    "folder", "a file", "a file of a caller", "a file further down", "a file of a client", "a file of a mailbox",
    "a file behind a link", "a file in JSON", "a folder in JSON", "a key", "a prefix", "a collection", "a resource",
    "a line of text", "a name alone", "a folder of names",
})
"""Where a name stands that a listing shows as the name of a file or a folder."""


class TestInterrupted:
    """A scan that was cut: folders that wait are in the state, and nothing else is, and only for as long."""

    @pytest.fixture
    def deep(self, canaries: Canaries) -> Iterator[Doors]:
        callers = [canaries.phone("a folder that waits") for _ in range(12)]
        root = {"/": folder("/", [*(f"{caller}/" for caller in callers), *people(canaries, "a file beside", 1)])}
        site: Site = {**root, **{f"/{caller}/": folder(f"/{caller}/", people(canaries, "a file within", 1))
                                 for caller in callers}}
        with Doors([site], delay=0.25) as running:
            yield running

    def test_only_folders_that_wait_are_on_disk_and_none_once_it_has_ended(
            self, place: Place, deep: Doors, canaries: Canaries) -> None:
        place.write("scope.toml", scope(deep))
        running = place.begin("scan", "--scope", "scope.toml", "--state", "s.sqlite", "-vv", *OUTPUTS)
        _until(lambda: sum(path.count("/") == 2 and path[1] == "0" for _, path in list(deep.asked)) > 2)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=120)
        assert 130 == running.returncode, err

        waiting = {canary.text for canary in canaries.planted if canary.where == "a folder that waits"}
        cut = leaks(canaries, place, out=out, err=err)
        kept = cut.pop("s.sqlite", []) + cut.pop("s.sqlite-wal", [])
        assert {} == cut
        assert {text.partition(": ")[2] for text in kept} <= waiting
        assert _asked(place.folder / "s.sqlite") & waiting

        deep.delay = 0.0
        again = re.search(r"^to go on: (.*)$", err.decode(), re.MULTILINE)
        assert again
        done = subprocess.run(shlex.split(again[1]), cwd=place.folder, env=place.environment(), capture_output=True,
                              timeout=40, check=False)
        assert 0 == done.returncode, done.stderr
        assert {} == leaks(canaries, place, out=done.stdout, err=done.stderr)

    def test_a_killed_scan_leaves_nothing_else_either(self, place: Place, deep: Doors, canaries: Canaries) -> None:
        place.write("scope.toml", scope(deep))
        running = place.begin("scan", "--scope", "scope.toml", "--state", "s.sqlite", *OUTPUTS)
        _until(lambda: sum(path.count("/") == 2 and path[1] == "0" for _, path in list(deep.asked)) > 2)
        running.kill()
        out, err = running.communicate(timeout=120)
        waiting = {canary.text for canary in canaries.planted if canary.where == "a folder that waits"}
        cut = leaks(canaries, place, out=out, err=err)
        kept = cut.pop("s.sqlite", []) + cut.pop("s.sqlite-wal", []) + cut.pop("s.sqlite-shm", [])
        assert ({}, True) == (cut, {text.partition(": ")[2] for text in kept} <= waiting)


def _asked(state: Path) -> set[str]:
    with sqlite3.connect(state) as db:
        rows = db.execute("SELECT path FROM ask WHERE path IS NOT NULL").fetchall()
    db.close()
    return {path.strip("/") for path, in rows}


def _until(holds: object) -> None:
    deadline = time.monotonic() + 90
    while not holds() and time.monotonic() < deadline:      # type: ignore[operator]
        time.sleep(0.02)


NUMBER = "0701740605"


ESCAPES = ("%{:02X}", "\\u{:04x}", "&#{};", "\\x{:x}")


@pytest.mark.parametrize("form", [
    NUMBER.encode(), b"+46701740605", b"070-174 06 05", NUMBER.encode("utf-16-le"), NUMBER.encode("utf-16-be"),
    *("".join(one.format(ord(digit)) for digit in NUMBER).encode() for one in ESCAPES),
    b64encode(compress(b'{"name": "0701740605.wav", "size": 480044}')),
])
def test_a_number_is_known_in_every_form(form: bytes) -> None:
    canaries = Canaries()
    canaries.phone("here")
    assert ["here: 0701740605"] == canaries.seen_in(b"before " + form + b" after")


def test_what_is_masked_is_not_taken_for_it() -> None:
    canaries = Canaries()
    for plant in (canaries.phone, canaries.mail, canaries.person, canaries.identity):
        plant("here")
    masked = "0701•••605 t•••@e•••.org T••••• Q••••• 19900101-•••• 20190218_083012"
    assert [] == canaries.seen_in(masked.encode())
