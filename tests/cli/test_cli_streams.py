"""Standard output and standard error: who gets what, on a terminal and off it, and when whoever reads has gone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.listing import STORE, Listing
from tests.cli.program import FAST, Ended, Place, command
from tests.cli.terminal import on_terminal

FINDING = re.compile(r"[A-Z ]{9}  [\d.]+  25 call recordings open to anyone[^\n]*"
                     r"  http://127\.0\.0\.1:\d+/  26 files, [^\n]*\n")
BAR = "━"


def shown_beside(place: Place, *words: str, **env: str) -> str:
    """What a terminal is sent by standard error, while standard output is none."""
    code, shown, out = on_terminal(place, *words, **env)
    assert FINDING.fullmatch(out.decode())
    assert code == 0, shown
    return shown.decode()


def test_findings_go_to_standard_output_and_all_else_to_standard_error(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, *FAST, "-o", "r.json")
    assert FINDING.fullmatch(ended.out)
    assert "1 finding; 1 open port at 1 address" in ended.err
    assert "call recordings" not in ended.err


def test_quiet_leaves_the_findings(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, *FAST, "-o", "r.json", "-q")
    assert (ended.code, ended.out.count("\n"), ended.err) == (0, 1, "")


def test_quiet_still_says_what_went_wrong(place: Place) -> None:
    ended = place.run("scan", "nowhere.invalid", "--authorised-by", "the tests", "-o", "r.json", "-q")
    assert (ended.code, ended.err) == (3, "incomplete: nowhere.invalid never answered\n")


def test_verbose_says_more_and_twice_every_contact(place: Place, store: Listing) -> None:
    once = place.run("scan", store.door, *FAST, "-o", "r.json", "-v")
    assert "profile standard: 5000 a second" in once.err
    assert "GET directory" not in once.err
    store.connections = 0
    twice = place.run("scan", store.door, *FAST, "-o", "r.json", "-vv")
    assert store.connections == twice.err.count(f"\n127.0.0.1:{store.port}  ")


def test_a_bar_is_shown_on_a_terminal(place: Place) -> None:
    with Listing(STORE, delay=0.1) as slow:
        assert BAR in shown_beside(place, "scan", slow.door, *FAST, "-o", "r.json", TERM="xterm-256color")


@pytest.mark.parametrize(("words", "env"), [
    (("--no-progress",), {"TERM": "xterm"}), (("-q",), {"TERM": "xterm"}), ((), {"TERM": "dumb"}),
    ((), {"TERM": "xterm", "EARSHOT_NO_PROGRESS": "1"})])
def test_no_bar_where_it_was_not_wanted(place: Place, words: tuple[str, ...], env: dict[str, str]) -> None:
    with Listing(STORE, delay=0.1) as slow:
        shown = shown_beside(place, "scan", slow.door, *FAST, "-o", "r.json", *words, **env)
    assert (BAR in shown, "\x1b" in shown) == (False, False)


def test_no_bar_and_no_escape_byte_off_a_terminal(place: Place) -> None:
    with Listing(STORE, delay=0.1) as slow:
        ended = place.run("scan", slow.door, *FAST, "-o", "r.json", env={"TERM": "xterm-256color"})
    assert (BAR in ended.err, "\x1b" in ended.out + ended.err) == (False, False)


@pytest.mark.parametrize(("env", "coloured"), [
    ({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
    ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({"NO_COLOR": "1"}, False)])
def test_colours_are_forced_and_forbidden(place: Place, store: Listing, env: dict[str, str], coloured: bool) -> None:
    ended = place.run("scan", store.door, *FAST, "-o", "r.json", env=env)
    assert coloured == bool(re.match(r"\x1b\[3\dm[A-Z]+ ", ended.out))
    assert coloured == ended.out.endswith("\x1b[0m\n")
    if env.get("TERM") != "dumb":        # rich, which prints the help, believes TERM first
        assert coloured == ("\x1b[1;36m" in place.run("--help", env=env).out)


def closed(number: int) -> list[str]:
    """A wrapper that closes a descriptor before the program starts."""
    script = f"import os, sys; os.close({number}); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", script]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_stream_that_is_closed_from_the_start_is_no_matter(place: Place, store: Listing, number: int) -> None:
    words = ("scan", store.door, *FAST, "-o", "r.json", "-o", "log:contacts", "--fail-on", "low")
    ended = place.run(*words, prefix=closed(number))
    assert ended.code == 1
    assert {"r.json", "contacts"} == place.files()
    assert '"findings": [\n' in (place.folder / "r.json").read_text()


def broken(place: Place, *words: str) -> Ended:
    """Run with a standard output that nobody reads."""
    ours, its = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run(command(*words), cwd=place.folder, env=place.environment(), stdin=subprocess.DEVNULL,
                              stdout=its, stderr=subprocess.PIPE, timeout=160, check=False)
    finally:
        os.close(its)
    return Ended(done.returncode, "", done.stderr.decode())


def full(place: Place, *words: str) -> Ended:
    """Run with a standard output that has no room."""
    with Path("/dev/full").open("wb") as device:
        done = subprocess.run(command(*words), cwd=place.folder, env=place.environment(), stdin=subprocess.DEVNULL,
                              stdout=device, stderr=subprocess.PIPE, timeout=160, check=False)
    return Ended(done.returncode, "", done.stderr.decode())


@pytest.mark.parametrize("into", [broken, full])
def test_a_scan_outlives_its_reader(place: Place, store: Listing, into: Callable[..., Ended]) -> None:
    ended = into(place, "scan", store.door, *FAST, "-o", "r.json", "--fail-on", "low")
    assert (1, {"r.json"}, False) == (ended.code, place.files(), "Traceback" in ended.err)


@pytest.mark.parametrize("words", [("--help",), ("scan", "--help"), ("schema",), ("signatures", "list"), ("doctor",)])
def test_a_reader_that_has_gone_is_no_error(place: Place, words: tuple[str, ...]) -> None:
    ended = broken(place, *words)
    assert (ended.code, [line for line in ended.err.splitlines() if not re.match(r"\d+ signatures, ", line)]) == (0, [])


def test_a_report_that_nobody_takes_is_kept_in_the_state(place: Place, store: Listing) -> None:
    ended = broken(place, "scan", store.door, *FAST, "-o", "-", "--state", "s.sqlite")
    assert ended.code == 3
    kept = re.search(r"^the scan is kept: earshot (report \S+ -o) FILE$", ended.err, re.MULTILINE)
    assert kept
    assert place.run(*kept[1].split(), "r.json", "--state", "s.sqlite").code == 0


def test_standard_output_without_room_is_said(place: Place) -> None:
    ended = full(place, "schema")
    assert (ended.code, "No space left" in ended.err) == (3, True)


@pytest.mark.parametrize("env", [
    {"LANG": "C", "LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii"}])
def test_an_old_locale_is_no_error(place: Place, env: dict[str, str]) -> None:
    with Listing({"/": ["samtal-åäö-\u202e.wav", *(f"0701740{n}.wav" for n in range(605, 630))]}) as odd:
        assert place.run("scan", odd.door, *FAST, "-o", "r.json", "-o", "r.html", "-vv", env=env).code == 0
    assert place.run("--help", env=env).code == 0
    assert place.run("scan", "åäö/\u202e", env=env).code == 2
