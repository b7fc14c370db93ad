"""Interrupted once: drained, kept, and the printed command goes on. Twice: at once, and still nothing lost."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from scanner.cli import exits
from tests.cli.listing import CALLS, Listing
from tests.cli.program import Place, command, stoppable

FOLDERS = {f"/{n:02}/": CALLS for n in range(12)}
DEEP = {"/": [path[1:] for path in FOLDERS], **FOLDERS}
PACE = ("--rate", "500", "--host-rate", "500")


@pytest.fixture
def slow() -> Iterator[Listing]:
    with Listing(DEEP, delay=0.25) as server:
        yield server


def begun(place: Place, slow: Listing, *words: str) -> subprocess.Popen[bytes]:
    """A scan that has read some folders, and has others left."""
    running = place.begin("scan", slow.door, *PACE, "-o", "r.json", "--state", "s.sqlite", *words)
    deadline = time.monotonic() + 90
    while sum(path in FOLDERS for path in list(slow.paths)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    return running


def finding(place: Place) -> dict[str, Any]:
    """What does not depend on when it was scanned."""
    (found,) = json.loads((place.folder / "r.json").read_text())["findings"]
    return {key: value for key, value in found.items() if key not in {"status", "first_seen", "last_seen"}}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_once_it_drains_and_the_printed_command_ends_with_the_same(
    place: Place, slow: Listing, number: int, code: int) -> None:
    running = begun(place, slow, "--fresh")
    running.send_signal(number)
    _, err = running.communicate(timeout=120)
    assert code == running.returncode, err
    again = re.search(r"^to go on: (.*)$", err.decode(), re.MULTILINE)
    assert again
    assert "--fresh" not in again[1]
    assert "report: r.json" in err.decode()
    cut = json.loads((place.folder / "r.json").read_text())
    assert (cut["scan"]["complete"], cut["scan"]["finished"]) == (False, None)
    assert 300 > cut["findings"][0]["store"]["files"] > 0

    slow.delay, before = 0, list(slow.paths)
    done = subprocess.run(shlex.split(again[1]), cwd=place.folder, env=place.environment(), capture_output=True,
                          check=False)
    assert (done.returncode, done.stderr if b"Traceback" in done.stderr else b"") == (0, b"")
    whole = finding(place)
    assert whole["store"]["files"] == 300
    assert set(FOLDERS) > {path for path in slow.paths[len(before):] if path in FOLDERS}
    assert place.run("scan", slow.door, *PACE, "-o", "r.json", "--state", "other.sqlite").code == 0
    undisturbed = finding(place)
    undisturbed["evidence"], whole["evidence"] = [], []
    assert undisturbed == whole


def test_interrupted_twice_it_ends_at_once_and_nothing_is_lost(place: Place, slow: Listing) -> None:
    running = begun(place, slow)
    slow.delay = 300
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    assert running.stderr is not None
    while b"once more stops at once" not in running.stderr.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 130
    assert "stopped at once" in err.decode()
    assert "to go on: " in err.decode()
    assert "Traceback" not in err.decode()
    slow.delay = 0
    assert place.run("scan", slow.door, *PACE, "-o", "r.json", "--state", "s.sqlite").code == 0
    assert finding(place)["store"]["files"] == 300


def test_a_door_that_hangs_does_not_hold_up_the_end(place: Place, slow: Listing) -> None:
    running = begun(place, slow)
    slow.delay = 300
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 130, err


def test_a_scan_in_memory_has_no_command_that_goes_on(place: Place, slow: Listing) -> None:
    running = begun(place, slow, "--state", ":memory:")
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    assert (130, False, {"r.json"}) == (running.returncode, "to go on" in err.decode(), place.files())


def test_two_scans_never_share_a_state(place: Place, slow: Listing) -> None:
    running = begun(place, slow)
    slow.delay = 300
    second = place.run("scan", slow.door, "--state", "s.sqlite", "-o", "r2.json")
    running.kill()
    running.communicate(timeout=120)
    assert (second.code, "r2.json" in place.files()) == (2, False)
    assert "another scan uses this state" in second.mistake


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("later", [0, 0.02, 0.1, 0.3, 1.5])          # from its first lines of code on until it reads
def test_a_command_that_waits_for_input_ends_without_a_word(place: Place, number: int, later: float) -> None:
    running = subprocess.Popen(command("scan", "-l", "-"), cwd=place.folder, env=place.environment(),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    stoppable(running)
    time.sleep(later)
    running.send_signal(number)
    running.wait(timeout=90)
    with running:
        assert (128 + number, b"") == (running.returncode, running.stderr.read() if running.stderr else None)


@pytest.mark.parametrize(("inner", "code"), [(KeyboardInterrupt(), 130), (SystemExit(143), 143), (ValueError(), None)])
def test_an_error_that_only_wraps_a_signal_ends_as_the_signal(inner: BaseException, code: int | None) -> None:
    wrapped = RuntimeError("Error calling __set_name__")
    wrapped.__cause__ = inner
    assert code == exits._signalled(wrapped)
