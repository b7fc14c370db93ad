"""rsync daemons for one test, on loopback: modules that are open, hidden, shut, or want a login."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from installed import required

from tests.ports import free

ADDRESS = "127.0.0.1"
_UP, _DOWN = 60.0, 5.0                       # seconds to come up, and to end when asked kindly
Options = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Daemon:
    """One daemon that is up."""

    port: int
    folder: Path

    @property
    def log(self) -> str:
        """Its own account."""
        return (self.folder / "log").read_text(errors="surrogateescape")


@contextmanager
def daemon(folder: Path, modules: Mapping[str, Options], *, program: str = "rsync") -> Iterator[Daemon]:
    """An rsync daemon with these modules, ended with the test. Started by root it becomes nobody."""
    path = required(program)
    for _ in range(3):                       # somebody else may take the port between the look and the start
        running = Daemon(free(ADDRESS), folder)
        process = subprocess.Popen(
            [path, "--daemon", "--no-detach", f"--config={_config(running, modules)}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            if _answers(running.port, process):
                yield running
                return
        finally:
            process.terminate()
            process.wait(_DOWN)
    pytest.fail(f"{program} did not come up: {running.log[-1500:]}")


def _config(running: Daemon, modules: Mapping[str, Options]) -> Path:
    folder = running.folder
    secrets, welcome, config = folder / "secrets", folder / "welcome", folder / "rsyncd.conf"
    secrets.write_text("somebody:something\n")
    secrets.chmod(0o600)
    welcome.write_text("Welcome to the archive\nOpening\thours: none\n")
    root = os.geteuid() == 0
    lines = [f"address = {ADDRESS}", f"port = {running.port}", "use chroot = no", f"log file = {folder / 'log'}",
             f"motd file = {welcome}", *(("uid = nobody", "gid = nogroup") if root else ())]
    for name, options in modules.items():
        lines += [f"[{name}]", *(f"{key} = {value}" for key, value in options.items())]
        lines += [f"secrets file = {secrets}"] if "auth users" in options else []
    config.write_text("\n".join(lines) + "\n")
    if root:
        shutil.chown(folder, "nobody")
    return config


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _UP
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection((ADDRESS, port), 1) as sock:
                return sock.recv(8) == b"@RSYNCD:"
        except OSError:
            time.sleep(0.05)
    return False
