"""The outer wall, alone: what a scan never does is refused by the interpreter itself, whatever stands before it."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from scanner.errors import Unreachable
from scanner.net.wall import Wall, WallError, real, standing
from tests.net.hostile import Server, net, say
from tests.ports import listen
from tests.scan.scans import scope_of

HERE = scope_of("127.0.0.1", "::1", exclude=["127.0.0.2"])
CHILD = (real(sys.executable), "-c", "pass")


def wall(folder: Path, **more: object) -> Wall:
    return Wall(lambda: HERE, names=frozenset({"files.example.org"}), databases=frozenset({real(folder / "s.sqlite")}),
                files=frozenset({real(folder / "s.sqlite"), real(folder / "deep/er/r.html")}), **more)  # type: ignore[arg-type]


def _connect(address: object, family: int = socket.AF_INET, kind: int = socket.SOCK_STREAM) -> Callable[[], object]:
    def dial() -> None:
        with socket.socket(family, kind) as sock:
            sock.connect(address)
    return dial


def _send(address: object) -> Callable[[], object]:
    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"x", address)
    return send


def _bind() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))


@pytest.mark.parametrize("fault", [
    _connect(("127.0.0.2", 9)), _connect(("127.0.0.3", 9)), _connect(("::ffff:127.0.0.3", 9, 0, 0), socket.AF_INET6),
    _connect(("::1", 9, 0, 1), socket.AF_INET6), _connect(("localhost", 9)), _connect("/nowhere", socket.AF_UNIX),
    _send(("127.0.0.3", 9)), _bind,
    lambda: socket.getaddrinfo("other.example.org", 80), lambda: socket.gethostbyname("other.example.org"),
    lambda: socket.gethostbyaddr("127.0.0.3"),
    lambda: subprocess.run(["true"], check=False), lambda: os.system("true"),
    lambda: subprocess.run([sys.executable, "-c", "1"], check=False), lambda: os.execv("/nowhere", ["true"]),
    lambda: os.fork(), lambda: os.posix_spawn("/nowhere", ["true"], {}),
    lambda: sqlite3.connect("other.sqlite"),
])
def test_what_no_scan_does_is_refused(fault: Callable[[], object], tmp_path: Path) -> None:
    with standing(wall(tmp_path, programs=frozenset({CHILD}))) as there, pytest.raises(WallError, match="not a thing"):
        fault()
    assert len(there.held) == 1


@pytest.mark.parametrize("fault", [
    lambda folder: (folder / "x").write_text("x"), lambda folder: (folder / "x").touch(),
    lambda folder: (folder / "other").mkdir(), lambda folder: (folder / "kept").unlink(),
    lambda folder: (folder / "kept").rename(folder / "s.sqlite"), lambda folder: (folder / "x").symlink_to("kept"),
    lambda folder: os.open(folder, getattr(os, "O_TMPFILE", os.O_CREAT) | os.O_RDWR),
    lambda folder: (folder / "kept").open("a"), lambda folder: os.open(folder / "x", os.O_CREAT),
    lambda folder: (folder / "s.sqlite").open("w").close() or (folder / "link").open("w"),
])
def test_files_elsewhere_are_left_alone(fault: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("as it was")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    with standing(wall(tmp_path)), pytest.raises(WallError, match="not a thing"):
        fault(tmp_path)
    (tmp_path / "s.sqlite").unlink(missing_ok=True)
    assert {"kept": "as it was", "link": "as it was"} == {one.name: one.read_text() for one in tmp_path.iterdir()}


def test_what_a_scan_does_is_let_through(tmp_path: Path) -> None:
    with Server(say(b"x"), asks=False) as server, standing(wall(tmp_path, programs=frozenset({CHILD}))) as there:
        _connect(("127.0.0.1", server.port))()
        socket.getaddrinfo("127.0.0.1", 80)
        (tmp_path / "deep/er").mkdir(parents=True)
        with NamedTemporaryFile(dir=tmp_path / "deep/er", prefix=".r.html.", delete=False) as made:
            Path(made.name).replace(tmp_path / "deep/er/r.html")
        sqlite3.connect(f"{(tmp_path / 's.sqlite').as_uri()}?mode=rwc", uri=True).close()
        subprocess.run([*CHILD], check=True)
        Path(os.devnull).write_text("x")
    assert ([], True) == (there.held, (tmp_path / "deep/er/r.html").exists())


async def test_a_dial_that_a_fault_let_through_ends_at_the_wall(tmp_path: Path) -> None:
    """The scope that the dialler asks allows everything: the fault. The wall asks another."""
    with Server(say(b"x"), asks=False) as server:
        astray = net()
        with standing(Wall(lambda: scope_of("127.0.0.2"))) as there, pytest.raises(Unreachable):
            await astray.connect(server.endpoint)
        server.settled()
    assert ([], [f"contact ('127.0.0.1', {server.port})"]) == (server.requests, there.held)


def test_a_port_that_the_scope_does_not_name_is_refused() -> None:
    with Server(say(b"x"), asks=False) as server, listen() as other:
        scope = scope_of(f"127.0.0.1:{server.port}")
        with standing(Wall(lambda: scope)) as there:
            _connect(("127.0.0.1", server.port))()
            for fault in (_connect(other.getsockname()), _send(other.getsockname())):
                with pytest.raises(WallError):
                    fault()
    assert 2 == len(there.held)


async def test_a_second_connection_of_a_protocol_passes_while_it_is_made_and_its_port_is_shut_again() -> None:
    with Server(say(b"x"), asks=False) as server, listen() as second:
        ours, there = net(), second.getsockname()
        scope, beside = scope_of(f"127.0.0.1:{server.port}"), replace(server.endpoint, port=there[1])
        with standing(Wall(lambda: scope, ours.further)) as wall:
            async with await ours.connect(server.endpoint, places=2) as first:
                async with await ours.connect(beside, beside=first):
                    second.accept()[0].close()
                with pytest.raises(Unreachable):
                    await ours.connect(beside)
                with pytest.raises(WallError):
                    _connect(there)()
        second.setblocking(False)
        with pytest.raises(BlockingIOError):
            second.accept()
    assert 2 == len(wall.held)


async def test_what_is_excluded_is_refused_also_beside_another() -> None:
    with Server(say(b"x"), asks=False) as server, listen() as second:
        ours, beside = net(), replace(server.endpoint, port=second.getsockname()[1])
        scope = [scope_of(f"127.0.0.1:{server.port}")]
        with standing(Wall(lambda: scope[0], ours.further)) as wall:
            async with await ours.connect(server.endpoint, places=2) as first:
                scope[0] = scope_of("127.0.0.2", exclude=["127.0.0.1"])
                with pytest.raises(Unreachable):
                    await ours.connect(beside, beside=first)
    assert [f"contact ('127.0.0.1', {beside.port})"] == wall.held


def test_nobody_is_dialled_before_the_scope_is_known() -> None:
    with standing(Wall(lambda: None)), pytest.raises(WallError):
        _connect(("127.0.0.1", 9))()


def test_without_a_wall_everything_is_as_it_was(tmp_path: Path) -> None:
    with standing(wall(tmp_path)):
        pass
    (tmp_path / "x").write_text("x")
    _bind()
