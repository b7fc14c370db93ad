"""The real program, run as a process of its own in a folder and home of its own. It must not know what is tested."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cli.loaded import ROOT, Loaded, fits, loaded

FAST = ("--rate", "5000", "--host-rate", "5000")
NO_TRACEBACK = "Traceback"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def mistake(self) -> str:
        """The one line that a mistake gets."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to work in, with a home below it that is nobody's."""

    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the caller's but the way to the program."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8",
                "EARSHOT_TRACEBACK": "1", "PYTHONWARNINGS": "error::ResourceWarning", **more}

    @property
    def loaded(self) -> Loaded:
        """The program that was loaded once for all folders."""
        return loaded({**self.environment(), "HOME": "/nonexistent"})

    def run(self, *words: str, env: Mapping[str, str] | None = None, stdin: bytes = b"",
            prefix: Sequence[str] = ()) -> Ended:
        """Run to the end: forked from the loaded program where nothing is asked of the start itself."""
        plain, wanted = self.environment(), self.environment(**(env or {}))
        if prefix or not fits(plain, wanted):
            return self.start(*words, env=wanted, stdin=stdin, prefix=prefix)
        code, out, err = self.loaded.run(words, self.folder, wanted, stdin)
        return _judged(Ended(code, out.decode(), err.decode()))

    def start(self, *words: str, env: Mapping[str, str] | None = None, stdin: bytes = b"",
              prefix: Sequence[str] = ()) -> Ended:
        """Start anew and run to the end."""
        done = subprocess.run([*prefix, *command(*words)], cwd=self.folder, env=env or self.environment(),
                              input=stdin, capture_output=True, timeout=160, check=False)
        return _judged(Ended(done.returncode, done.stdout.decode(), done.stderr.decode()))

    def begin(self, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """Start, and leave it to the test."""
        return subprocess.Popen(command(*words), cwd=self.folder, env=self.environment(**more),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def write(self, name: str, text: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def files(self) -> set[str]:
        """Every file in the folder, but for the home."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return {str(path) for path in found if path.parts[0] != "home"}


def _judged(ended: Ended) -> Ended:
    assert NO_TRACEBACK not in ended.out + ended.err, ended.err
    return ended


def command(*words: str) -> list[str]:
    """What is run."""
    return [sys.executable, "-m", "scanner", *words]


def stoppable(running: subprocess.Popen[bytes]) -> None:
    """Wait until the program, and no longer the interpreter that starts it, answers signals (proc(5), SigCgt)."""
    bit = 1 << (signal.SIGTERM - 1)
    status = Path(f"/proc/{running.pid}/status")
    deadline = time.monotonic() + 90
    while not bit & int(status.read_text().partition("SigCgt:")[2].split()[0], 16):
        assert (running.poll(), time.monotonic() < deadline) == (None, True)
        time.sleep(0.001)


def scope(door: str, more: str = "") -> str:
    """A scope file for one door, in a country whose numbers are known."""
    return f'[[target]]\nwhat = ["{door}"]\nregion = "SE"\n{more}'
