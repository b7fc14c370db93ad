"""The console by itself: plain lines every half minute where there is no terminal, and foreign text made harmless."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from scanner.cli.console import LINE_EVERY, Console
from scanner.net.ledger import Contact
from scanner.scan.site import Progress
from scanner.signature import load


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def console(clock: Clock, *, quiet: bool = False, progress: bool = True, verbose: int = 0) -> Console:
    return Console(load(), lines=True, quiet=quiet, progress=progress, verbose=verbose, clock=clock)


def test_a_plain_line_comes_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    shown = console(clock)
    for second in range(1, 91):
        clock.now = 1000.0 + second
        shown.tick(Progress(pairs=2048, knocked=second * 10, open=3, waiting=1, folders=1, files=1200, stores=2))
    lines = capsys.readouterr().err.splitlines()
    assert LINE_EVERY == 30.0
    assert len(lines) == 3
    assert lines[0] == "300 of 2,048 ports tried, 3 open, 1 in work, 1 folder and 1,200 names read, 2 stores"


@pytest.mark.parametrize(("quiet", "progress"), [(True, True), (False, False)])
def test_no_line_where_none_is_wanted(capsys: pytest.CaptureFixture[str], quiet: bool, progress: bool) -> None:
    clock = Clock()
    shown = console(clock, quiet=quiet, progress=progress)
    clock.now += 3600
    shown.tick(Progress(pairs=1))
    assert capsys.readouterr().err == ""


def test_foreign_text_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    shown = console(Clock())
    shown.warn("\x1b]0;title\x07 \u202egnp.exe [/red] \udcff")
    assert capsys.readouterr().err == "\\u{1b}]0;title\\u{7} \\u{202e}gnp.exe [/red] \\u{dcff}\n"


def test_contacts_are_said_where_everything_is(capsys: pytest.CaptureFixture[str]) -> None:
    contact = Contact(at=datetime(2026, 11, 21, tzinfo=UTC), source="127.0.0.1", address=ip_address("192.0.2.7"),
                      port=443, host="files.example.org", verb="GET", path_class="directory", sent=253, received=520,
                      outcome="404")
    for verbose in (0, 1, 2):
        console(Clock(), verbose=verbose).contact(contact)
    line = "192.0.2.7:443 as files.example.org  GET directory  404  253 bytes out, 520 in\n"
    assert capsys.readouterr().err == line
