"""Real SSH servers on loopback, in mounts of their own where users are needed: nothing of the machine is changed.

    with openssh(root, folder, empty=True) as running: …; running.log()

An account without a password lives in copies of passwd and shadow that are laid over the real ones, in a mount
namespace that ends with the server. That takes root; what needs none runs as whoever runs the tests.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from installed import required

from tests.ports import free

FRAMES = Path(__file__).resolve().parents[2] / "fixtures" / "servers"
ANYBODY = "65534"                            # user and group of `anonymous`: nobody
SHOWN = "/run/shown"                         # root's alone, all the way up, as OpenSSH wants it
LOGGED = "/usr/lib/openssh/sftp-server -e -l DEBUG3 2>>FOLDER/asked.log"
_UP, _DOWN = 10.0, 5.0                       # seconds


@dataclass(frozen=True, slots=True)
class Running:
    """One server that is up."""

    port: int
    written: Path

    def log(self) -> str:
        """What it said until now."""
        return self.written.read_text(errors="replace")


def needs_root() -> None:
    """Accounts and mounts of one's own."""
    if os.geteuid() != 0:                # no program is missing: who runs the tests decides
        pytest.skip("an account without a password needs root, for mounts of its own")


@contextmanager
def openssh(root: Path, folder: Path, *, empty: bool = False, methods: str = "any",
            whole: bool = False) -> Iterator[Running]:
    """OpenSSH. `empty`: `anonymous` has no password and sees `root` alone; else there is nobody of that name.

    `whole`: sees the whole machine, `root` is its home, and `asked.log` in `folder` holds every request for files.
    """
    (folder / "asked.log").touch()
    (folder / "asked.log").chmod(0o666)
    program = required("sshd")
    _key(required("ssh-keygen"), folder / "host_key")
    port = free()
    config = folder / "sshd.conf"
    filled = (FRAMES / "sshd.conf").read_text()
    for name, value in (("port", port), ("folder", folder), ("root", "none" if whole else SHOWN), ("methods", methods),
                        ("empty", "yes" if empty else "no"), ("command", LOGGED if whole else "internal-sftp")):
        filled = filled.replace(f"{{{name}}}", str(value).replace("FOLDER", str(folder)))
    config.write_text(filled)
    words = [program, "-D", "-e", "-f", str(config)]
    shown = [f"mkdir {SHOWN}", f"mount --bind {shlex.quote(str(root))} {SHOWN}"]
    there = _with_account(words, folder, str(root) if whole else "/", shown) if empty else _apart(words)
    with _started(there, port, folder) as running:
        yield running


@contextmanager
def dropbear(home: Path, folder: Path) -> Iterator[Running]:
    """Dropbear, which lets `anonymous` in without a password. Its SFTP is OpenSSH's, and sees the whole machine."""
    program = required("dropbear")
    if not Path("/usr/lib/sftp-server").exists():
        pytest.skip("/usr/lib/sftp-server is not installed")
    port = free()
    words = [program, "-F", "-E", "-B", "-p", f"127.0.0.1:{port}", "-P", ""]
    for kind in ("rsa", "ecdsa", "ed25519"):
        key = str(folder / f"dropbear_{kind}")
        subprocess.run([required("dropbearkey"), "-t", kind, "-f", key], check=True, capture_output=True)
        words += ["-r", key]
    with _started(_with_account(words, folder, str(home), []), port, folder) as running:
        yield running


def _key(program: str, path: Path) -> None:
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, capture_output=True)


def _with_account(words: list[str], folder: Path, home: str, more: list[str]) -> list[str]:
    """The same where `anonymous` is a user without a password."""
    needs_root()
    account = f"anonymous::{ANYBODY}:{ANYBODY}::{home}:/bin/sh\n"
    for name, line in (("passwd", account.replace("::", ":x:", 1)), ("shadow", "anonymous::19000:0:99999:7:::\n")):
        (folder / name).write_text(Path(f"/etc/{name}").read_text() + line)
    mounts = [f"mount --bind {shlex.quote(str(folder / name))} /etc/{name}" for name in ("passwd", "shadow")]
    return _in_mounts(words, mounts, more)


def _apart(words: list[str]) -> list[str]:
    """The same with a /run of its own, where root wants a folder there."""
    return _in_mounts(words, [], []) if os.geteuid() == 0 else words


def _in_mounts(words: list[str], mounts: list[str], more: list[str]) -> list[str]:
    run = ["mount -t tmpfs -o mode=755 none /run", "mkdir -m 755 /run/sshd"]
    script = [*mounts, *run, *more, f"exec {shlex.join(words)}"]
    return [required("unshare"), "--mount", "--propagation", "private", "sh", "-ec", "\n".join(script)]


@contextmanager
def _started(words: list[str], port: int, folder: Path) -> Iterator[Running]:
    written = folder / "server.log"
    with written.open("wb") as log:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        _await(port, process, written)
        yield Running(port, written)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_DOWN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(port: int, process: subprocess.Popen[bytes], written: Path) -> None:
    end = time.monotonic() + _UP
    while time.monotonic() < end:
        with socket.socket() as probe:
            if process.poll() is None and probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    pytest.fail(f"the server did not come up: {written.read_text(errors='replace')[-2000:]}")
