"""SMB servers on loopback: started for one test, with their own state, log and session, and ended by their id.

    with samba(folder, {"calls": Shared(root)}) as server: …      # server.port, server.log()
    with impacket(folder, root, "null") as server: …                       # not Samba

Samba signals its whole process group when it ends, so it is a session of its own. As root it serves as `nobody`.
"""

from __future__ import annotations

import getpass
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from installed import required
from servers import free_port, session

from tests import ports
from tests.samba import end_helpers

_IMPACKET = Path(__file__).resolve().parents[2] / "fixtures" / "servers" / "impacket_smb.py"
_UP, _DOWN = 60.0, 5.0                       # seconds to come up, and to end when asked kindly
_GLOBAL = """\
[global]
  server role = standalone server
  netbios name = FILES
  workgroup = EXAMPLE
  server string = Samba %v
  interfaces = {address}/8
  bind interfaces only = yes
  smb ports = {port}
  disable netbios = yes
  guest account = {guest}
  map to guest = Bad User
  passdb backend = tdbsam:{state}/passdb.tdb
  private dir = {state}
  lock directory = {state}
  state directory = {state}
  cache directory = {state}
  pid directory = {state}
  ncalrpc dir = {state}/ncalrpc
  load printers = no
  printing = bsd
  printcap name = /dev/null
  disable spoolss = yes
  log level = 1
  mangled names = no
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """A folder to share, and the lines of its section."""

    root: Path
    lines: Mapping[str, str] = field(default_factory=lambda: {"guest ok": "yes"})


@dataclass(frozen=True, slots=True)
class Served:
    """One that is up."""

    address: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def log(self) -> str:
        """All that it wrote, whole after its end."""
        return (self.folder / "output.log").read_text(errors="replace")


@contextmanager
def samba(folder: Path, shares: Mapping[str, Shared], *, settings: Mapping[str, str] | None = None,
          address: str = "127.0.0.1", port: int | None = None) -> Iterator[Served]:
    """Start it in a new folder below `folder`; `settings` go into its section [global], last one wins."""
    program = required("smbd")
    own = folder / f"samba-{ports.free(address)}"
    (own / "state" / "ncalrpc").mkdir(parents=True)
    own.chmod(0o755)
    config, chosen = _config(own, shares, settings or {}, address, port)
    words = [program, "-F", "--no-process-group", "-s", str(config), "--debug-stdout"]
    server = _launch(words, own, address, chosen)
    try:
        yield server
    finally:
        _end(server.process)
        end_helpers(config)


def _config(own: Path, shares: Mapping[str, Shared], settings: Mapping[str, str], address: str,
            port: int | None) -> tuple[Path, int]:
    chosen = port or free_port(address)
    guest = "nobody" if os.geteuid() == 0 else getpass.getuser()
    text = _GLOBAL.format(address=address, port=chosen, guest=guest, state=own / "state")
    text += "".join(f"  {name} = {value}\n" for name, value in settings.items())
    for name, shared in shares.items():
        text += f"[{name}]\n  path = {shared.root}\n  read only = yes\n"
        text += "".join(f"  {key} = {value}\n" for key, value in shared.lines.items())
    (own / "smb.conf").write_text(text)
    return own / "smb.conf", chosen


@contextmanager
def impacket(folder: Path, root: Path, whom: str, *, address: str = "127.0.0.1") -> Iterator[Served]:
    """Start impacket's server over `root`. It lets in everybody (null), named ones (guest) or one user (login)."""
    python = required("pypi:python")
    own = folder / f"impacket-{ports.free(address)}"
    own.mkdir(parents=True)
    port = free_port(address)
    words = [python, str(_IMPACKET), address, str(port), str(root), str(own / "smb.log"), whom]
    server = _launch(words, own, address, port)
    try:
        yield server
    finally:
        _end(server.process)


def _launch(words: list[str], own: Path, address: str, port: int) -> Served:
    with (own / "output.log").open("wb") as log:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=own,
                                   start_new_session=True)
    server = Served(address, port, own, process)
    until = time.monotonic() + _UP
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((address, port), 1):
            return server
        time.sleep(0.02)
    _end(process)
    pytest.fail(f"{words[0]} did not come up: {server.log()[-1500:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """The server itself, then whatever is left of its session and of the helpers that it put into their own."""
    for told in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, told)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_DOWN)
        if not session(process.pid):
            return
