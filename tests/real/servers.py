"""Real servers on loopback: started for one test, asked by nobody else, stopped with all they brought along.

    running = start("nginx-html", root, folder)          # names: tests/real/recipes.py
    …; running.stop(); running.asked()

A program that is not installed skips the test, with EARSHOT_REQUIRE_SERVERS=1 it fails it. Each server is a session
of its own, on 127.0.0.1, below the ports that systems hand out; only what was started here is ever ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import Place, command
from products import PRODUCTS
from recipes import RECIPES, Recipe

ADDRESS = "127.0.0.1"
_PORTS = range(15_000, 31_999)
_QUIET = {"NO_UPDATE_CHECK": "1"}             # serve asks a registry for its newest version, once a day
_UP, _DOWN = 60.0, 5.0                       # seconds to come up, and to end when asked kindly
_ASKED = re.compile(r"(\d{3}) (\S+) (\S+) HTTP/\d")
_PYTHON = re.compile(r'"(\S+) (\S+) HTTP/[\d.]+" (\d{3})')


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as the server's own log has it."""

    verb: str
    path: str                                # raw, with query
    status: int


@dataclass(frozen=True, slots=True)
class Running:
    """One server that is up."""

    recipe: Recipe
    place: Place
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.place.port

    @property
    def authority(self) -> str:
        """`address:port`: a target."""
        return f"{self.place.address}:{self.place.port}"

    @property
    def pid(self) -> int:
        """The process that was started; also the id of its group and session."""
        return self.process.pid

    @property
    def access_log(self) -> Path:
        """The server's own account."""
        return self.place.folder / "access.log"

    def url(self, path: str = "/") -> str:
        """The URL of an already quoted path."""
        return f"{'https' if self.recipe.tls else 'http'}://{self.authority}{path}"

    def stop(self) -> None:
        """End it and all of its session. Does nothing the second time."""
        if self.process.returncode is None:
            end(self.process)

    def asked(self) -> list[Asked]:
        """What it was asked for, in the order of its log. Whole only after `stop`: lighttpd writes its log late."""
        text = self.access_log.read_text(errors="surrogateescape") if self.access_log.exists() else ""
        return _READ.get(self.recipe.product, _plain)(text)


def start(name: str, root: Path, folder: Path, *, address: str = ADDRESS) -> Running:
    """Start a recipe on a free port, serving `root`, with its configuration and logs in a new folder below `folder`.

    Both have to be readable by everyone when run as root (see the fixture `ground`).
    """
    recipe = PRODUCTS[name] if name in PRODUCTS else RECIPES[name]
    said = ""
    for _ in range(3):                       # somebody else may take the port between the look and the start
        place = Place(_own_folder(folder, name), address, free_port(address), root)
        running = _launch(recipe, place)
        if _is_up(running):
            return running
        running.stop()
        said = "".join(log.read_text(errors="replace")[-1_500:] for log in sorted(place.folder.glob("*.log")))
    pytest.fail(f"{name} did not come up: {said}")


def _own_folder(above: Path, name: str) -> Path:
    above.mkdir(mode=0o755, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=above))
    folder.chmod(0o755)
    if os.geteuid() == 0:                    # lighttpd opens its logs after it has given its rights away
        shutil.chown(folder, "www-data")
    return folder


def _launch(recipe: Recipe, place: Place) -> Running:
    try:
        wanted = command(recipe, place)
    except LookupError as lacks:
        if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1":
            pytest.fail(f"{recipe.name}: {lacks}")
        pytest.skip(f"{recipe.name}: {lacks}")
    output = "access.log" if recipe.product == "python" else "output.log"
    with (place.folder / output).open("wb") as log:
        process = subprocess.Popen(
            wanted.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place.folder,
            env={**os.environ, **_QUIET, **wanted.environment}, start_new_session=True)
    return Running(recipe, place, process)


def _is_up(running: Running) -> bool:
    until = time.monotonic() + _UP
    while time.monotonic() < until and running.process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((running.place.address, running.port), 1):
            return True
        time.sleep(0.02)
    return False


def free_port(address: str = ADDRESS) -> int:
    """A port that nobody listens at, outside the range for outgoing connections."""
    for port in random.sample(_PORTS, 200):
        with contextlib.suppress(OSError), socket.socket() as trial:
            trial.bind((address, port))
            return port
    raise RuntimeError("no free port in 200 tries")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the group kindly, then not, then whatever is left of the session."""
    for told in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, told)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_DOWN)
        until = time.monotonic() + _DOWN
        while session(process.pid) and time.monotonic() < until:
            time.sleep(0.02)
        if not session(process.pid):
            return


def session(leader: int) -> list[int]:
    """Living processes of the session that `leader` began. Needs /proc; elsewhere empty."""
    members = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, its_session = entry.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(its_session) == leader and state not in "ZX":
                members.append(int(entry.parent.name))
    return members


def _plain(text: str) -> list[Asked]:
    return [Asked(verb, path, int(status)) for status, verb, path in _ASKED.findall(text)]


def _python(text: str) -> list[Asked]:
    return [Asked(verb, path, int(status)) for verb, path, status in _PYTHON.findall(text)]


def _caddy(text: str) -> list[Asked]:
    lines = [json.loads(line) for line in text.splitlines()]
    return [Asked(line["request"]["method"], line["request"]["uri"], line["status"])
            for line in lines if "status" in line]


_READ: dict[str, Callable[[str], list[Asked]]] = {"python": _python, "caddy": _caddy}
