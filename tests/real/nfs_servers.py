"""nfs-ganesha with its portmapper in a network of its own, where every address is local.

It listens on every address, and exports by file handles (open_by_handle_at(2)), for which it must be root outside of
any user namespace. Its mount namespace has a /run of its own: rpcbind keeps its socket and its lock there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from installed import required

from tests.bottled import watched

REPO = Path(__file__).parents[2]
FIXTURES = REPO / "fixtures" / "servers"
_READY = 30                              # seconds
_INSIDE = """
set -e
ip link set lo up
ip route add local 0.0.0.0/0 dev lo
ip -6 route add local ::/0 dev lo
mount -t tmpfs tmpfs /run
mkdir /run/rpcbind /run/ganesha
"$1" -f &
for _ in $(seq 50); do [ -S /run/rpcbind.sock ] && break; sleep 0.1; done
exec "$2" -F -L "$3" -f "$4" -p /run/ganesha/pid
"""


@dataclass(frozen=True)
class Export:
    """A block of the configuration; `more` is what goes beyond a list for everybody as whoever asks."""

    path: Path
    pseudo: str
    more: str = "Access_Type = RO; SecType = sys;"

    def block(self, number: int, protocols: str) -> str:
        """As ganesha.conf has it."""
        return (f"EXPORT {{ Export_Id = {number}; Path = {self.path}; Pseudo = {self.pseudo}; Squash = All_Squash; "
                f"Protocols = {protocols}; {self.more} FSAL {{ Name = VFS; }} }}\n")


@dataclass(frozen=True)
class Ganesha:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    log: Path

    def run(self, argv: Sequence[str | Path], timeout: float = 50) -> subprocess.CompletedProcess[str]:
        """Run a program in its network."""
        return subprocess.run([required("nsenter"), f"--target={self.process.pid}", "--net", "--", *map(str, argv)],
                              cwd=REPO, text=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=timeout,
                              check=False)

    def scan(self, report: Path, *targets: str) -> subprocess.CompletedProcess[str]:
        """Scan it."""
        return self.run([sys.executable, "-m", "scanner", "scan", *targets, "--state", ":memory:", "-o", report,
                         "--no-progress", "--rate", "5000", "--host-rate", "5000", "--show-names", "a test"])


@contextlib.contextmanager
def ganesha(folder: Path, exports: Sequence[Export], *, protocols: str = "3, 4", minor: str = "0") -> Iterator[Ganesha]:
    """Serve some folders; nothing but the processes started here is ended."""
    programs = [required(name) for name in ("unshare", "rpcbind", "ganesha.nfsd", "ip", "mount")]
    if os.geteuid() != 0:
        _without("nfs-ganesha needs root for file handles and a network of its own")
    (folder / "recovery").mkdir(parents=True)
    log, conf = folder / "log", folder / "ganesha.conf"
    text = (FIXTURES / "ganesha.conf").read_text().replace("@FOLDER@", str(folder)).replace("@MINOR@", minor)
    conf.write_text(text.replace("@PROTOCOLS@", protocols) + "".join(
        export.block(number, protocols) for number, export in enumerate(exports, 1)))
    process = subprocess.Popen(
        [programs[0], "--net", "--mount", "--", "/bin/sh", "-c", _INSIDE, "sh", programs[1], programs[2], log, conf],
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait(process, log)
        with watched(f"/proc/{process.pid}/ns/net"):
            yield Ganesha(process, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _READY
    while time.monotonic() < end and process.poll() is None:
        if log.exists() and "NFS SERVER INITIALIZED" in log.read_text(errors="replace"):
            return
        time.sleep(0.1)
    said = process.stderr.read().decode(errors="replace") if process.poll() is not None and process.stderr else ""
    if "unshare failed" in said:
        _without(f"this machine grants no network namespace: {said.strip()}")
    raise AssertionError(f"nfs-ganesha did not start: {said}")


def _without(why: str) -> None:
    if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1":
        pytest.fail(why)
    pytest.skip(why)
