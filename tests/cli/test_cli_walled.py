"""Whole scans from outside: what the system calls of a run are, what a fault behind all checks comes to, and that
nothing of a pushed file is in anything that a run wrote.
"""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.program import FAST, ROOT, Place
from tests.mutants.copies import copied
from tests.net.hostile import Server, endless
from tests.ports import listen
from tests.pushes.ways import AUDIO, HTML, PAGE, labelled
from tests.real.installed import required

CANARY = b"Canary-0.7-ears "                  # 16 bytes, in letters: some of it would be read, were it allowed
OUTPUTS = ("-o", "r.html", "-o", "r.json", "-o", "r.jsonl", "-o", "r.csv", "-o", "log:contacts.jsonl",
           "-o", "incident:pack.html", "-o", "incident:pack.md", "--state", "s.sqlite", "-vv")
LISTING = (b'<html><body><h1>Index of /</h1><pre><a href="../">../</a>\n'
           + b"".join(b'<a href="call-%d.wav">call-%d.wav</a>  01-Feb-2019 10:00  16044\n' % (n, n) for n in range(9))
           + b"</pre></body></html>")


def _listing(sock: socket.socket, request: bytes) -> None:
    sock.sendall(HTML + b"Connection: close\r\n\r\n" + LISTING)


def _silent(sock: socket.socket, request: bytes) -> None:
    sock.recv(1)


@contextmanager
def doors(*behaviours: object) -> Iterator[list[str]]:
    with ExitStack() as stack:
        yield [f"127.0.0.1:{stack.enter_context(Server(one)).port}" for one in behaviours]  # type: ignore[arg-type]


def written(place: Place, said: Sequence[str]) -> dict[str, bytes]:
    """Everything that a run wrote: each file below its folder, its home and its temp among them, and what it said."""
    files = {str(path.relative_to(place.folder)): path.read_bytes()
             for path in place.folder.rglob("*") if path.is_file()}
    return {**files, **{f"stream {number}": text.encode() for number, text in enumerate(said)}}


def test_nothing_of_a_pushed_file_is_in_anything_that_a_run_wrote(tmp_path: Path) -> None:
    """The canary stands in bodies of each kind; parts of it are looked for as well, in clear, backwards and as hex."""
    place, block = Place(tmp_path), CANARY * 4096
    temp = tmp_path / "temp"
    temp.mkdir()
    kinds = ["text/html", "application/json", "application/xml", "text/plain", "audio/wav"]
    ways = [*(endless(labelled(kind), block) for kind in kinds),
            *(endless(labelled(kind), block, together=True) for kind in kinds),
            endless(labelled("text/html", "404 Not Found"), block), endless(labelled("text/html", "500 Bad"), block),
            endless(AUDIO + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + block + b"\r\n"),
            endless(labelled("text/html") + PAGE[:2048], block), endless(b"", block), _listing]
    with doors(*ways) as there:
        done = place.run("scan", *there, *OUTPUTS, *FAST, "--max-duration", "40s", env={"TMPDIR": str(temp)})
    everything = written(place, (done.out, done.err))
    assert b"call-" in everything["r.json"] or b".wav" in everything["r.json"], done.err
    parts = [CANARY, CANARY[:9], CANARY[7:], CANARY[::-1], CANARY.hex().encode(), b"Canary"]
    assert [] == [name for name, data in everything.items() if any(part in data for part in parts)]
    assert [] == list(temp.iterdir())


@contextmanager
def astray() -> Iterator[dict[str, str]]:
    """The environment of a copy whose dialler goes to another place than the one that was decided: nobody comes."""
    with TemporaryDirectory(prefix="earshot-mutant-") as folder, listen("127.0.0.9") as stranger:
        file = copied(Path(folder)) / "scanner/net/dial.py"
        text = file.read_text(encoding="utf-8")
        changed = text.replace("where = (str(address), port)", f"where = {stranger.getsockname()!r}")
        assert text != changed
        file.write_text(changed, encoding="utf-8")
        yield {"PYTHONPATH": folder}
        stranger.setblocking(False)
        with pytest.raises(BlockingIOError):
            stranger.accept()


def test_a_fault_behind_every_check_contacts_nobody_and_is_told(tmp_path: Path) -> None:
    with doors(_listing) as there, astray() as env:
        done = Place(tmp_path).run("scan", *there, "-o", "r.json", "--state", "s.sqlite", *FAST, env=env)
    assert (4, True) == (done.code, "held back by the outer wall: contact ('127.0.0.9'" in done.err), done.err


def test_the_demo_stands_behind_the_wall_as_well(tmp_path: Path) -> None:
    with astray() as env:
        done = Place(tmp_path).run("demo", "-o", "out", env=env)
    assert (4, True) == (done.code, "held back by the outer wall: contact ('127.0.0.9'" in done.err), done.err


def test_a_scan_that_is_gone_on_with_stands_behind_the_wall(tmp_path: Path) -> None:
    """Cut short while a server is silent; gone on with by the copy."""
    place, words = Place(tmp_path), ("-o", "r.json", "--state", "s.sqlite", *FAST)
    with doors(_listing, _silent) as there:
        cut = place.run("scan", *there, *words, "--max-duration", "1s")
        with astray() as env:
            done = place.run("scan", *there, *words, "--max-duration", "40s", env=env)
    assert (3, True) == (cut.code, "held back" not in cut.err), cut.err
    assert "is gone on with" in done.err
    assert (4, True) == (done.code, "held back by the outer wall: contact ('127.0.0.9'" in done.err), done.err


# Some of these are unknown on some machines: the mark says that they may be
TRACED = ",".join(f"?{call}" for call in (
    "connect", "sendto", "sendmsg", "bind", "listen", "openat", "open", "creat", "execve", "mkdir", "mkdirat", "unlink",
    "unlinkat", "rename", "renameat", "renameat2", "link", "symlink"))
_CALL = re.compile(r"^(?:\[pid +)?\d*\]? *(\w+)\((.*)\) += (-?\d+|\?)", re.MULTILINE)
_THERE = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"')


def _traced(place: Place, words: Sequence[str]) -> list[tuple[str, str]]:
    """The system calls of a run that connect, send, open for writing, make, remove or start: (call, arguments)."""
    trace = place.folder / "trace"
    prefix = ("strace", "-f", "-qq", "-s", "300", "-e", f"trace={TRACED}", "-o", str(trace))
    done = place.run("scan", *words, prefix=prefix)
    assert done.code == 0, done.err
    calls = [(found[1], found[2]) for found in _CALL.finditer(trace.read_text(errors="replace"))]
    trace.unlink()
    return calls


@pytest.mark.real
def test_the_system_calls_of_a_run_are_those_expected(tmp_path: Path) -> None:
    required("strace")
    place = Place(tmp_path)
    with doors(_listing) as there:
        port = int(there[0].rpartition(":")[2])
        place.run("scan", there[0], "-o", "r.html", "--state", "warm.sqlite", *FAST)             # caches of modules
        before = place.files()
        words = (there[0], "-o", "r.html", "-o", "r.json", "-o", "log:c.jsonl", "--state", "s.sqlite", *FAST)
        calls = _traced(place, words)
    inet = {(found[2], int(found[1])) for call, args in calls if call in ("connect", "sendto", "sendmsg")
            for found in _THERE.finditer(args)}
    assert inet == {("127.0.0.1", port)}
    assert [] == [args for call, args in calls if call in ("bind", "listen")]
    started = [args.partition(",")[0] for call, args in calls if call == "execve"]
    assert started == [f'"{sys.executable}"'], started
    assert [] == [path for path in _read(calls) if not _expected(path, place)]
    assert {"r.html", "r.json", "c.jsonl", "s.sqlite"} == {_base(name) for name in _made(calls, place)}
    assert place.files() - before == {"r.json", "c.jsonl", "s.sqlite", "s.sqlite.lock"}


def _read(calls: Sequence[tuple[str, str]]) -> set[str]:
    """Files and folders that were opened for reading."""
    opened = (args for call, args in calls if call.startswith("open"))
    return {found[1] for args in opened if not re.search("O_WRONLY|O_RDWR|O_CREAT", args)
            and (found := re.search(r'"([^"]*)"', args))}


# What the C library reads of this machine: its loader, its clock's zone, its resolver, OpenSSL's configuration
_SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/local/lib/", "/usr/share/locale/", "/usr/share/zoneinfo/",
           "/proc/self/", "/proc/version", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/fs/cgroup/",
           "/dev/urandom", "/dev/null", "/etc/ld.so.", "/etc/localtime", "/etc/hosts", "/etc/host.conf",
           "/etc/nsswitch.conf", "/etc/resolv.conf", "/etc/gai.conf", "/etc/ssl/openssl.cnf")


def _expected(path: str, place: Place) -> bool:
    """The interpreter's, the program's, the system's, and what the run itself has written: nobody's home, no keys."""
    there = place.folder / path
    home, ours = place.folder / "home", (sys.prefix, sys.base_prefix, str(ROOT))
    if there.is_relative_to(place.folder):
        return there == place.folder or (there.parent == place.folder and there != home)
    return path.startswith(_SYSTEM) or any(there.is_relative_to(one) for one in ours)


def _made(calls: Sequence[tuple[str, str]], place: Place) -> set[str]:
    """Files that were opened for writing, made, renamed or removed; all of them in the folder of the run."""
    paths = [found for call, args in calls if call != "execve" and (not call.startswith("open") or "O_WRONLY" in args
             or "O_RDWR" in args or "O_CREAT" in args) and call not in ("connect", "sendto", "sendmsg")
             for found in re.findall(r'"([^"]+)"', args)]
    made = {path for path in paths if path != os.devnull and "__pycache__" not in path}
    assert [] == [path for path in made if path.startswith("/") and not path.startswith(str(place.folder))]
    return made - {str(place.folder)}        # whether it may be written to is tried with a file without a name


def _base(name: str) -> str:
    """Without what is put around a name while it is written: `.r.html.x1y2`, `s.sqlite-wal`."""
    plain = Path(name).name.removesuffix(".lock").partition("-")[0]
    return plain[1:].rpartition(".")[0] if plain.startswith(".") else plain
