"""The replica, started and stopped: a process of its own on loopback. Ends only the process that it started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import scanner
from scanner.demo.serve import Tally
from scanner.errors import LocalFault

_PATIENCE = 5.0                              # seconds until a stop turns into a kill


class Replica:
    """The founding case on loopback, for as long as the `with` lasts.

    `address`, `store`, `mirror` and `website` (ports) are set on entry; `asked` (site -> Tally) on exit.
    Raises LocalFault where it does not come up.
    """

    address: str
    store: int
    mirror: int
    website: int

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.asked: Mapping[str, Tally] = {}
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """The process id of the server."""
        if self._process is None:
            raise ValueError("the replica is not running")
        return self._process.pid

    def __enter__(self) -> Self:
        self._process = _start(full=self.full)
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            self.stop()
            raise LocalFault("the demo's server did not start: see its message above")
        ready = json.loads(line)
        self.address = ready["address"]
        self.store, self.mirror, self.website = ready["store"], ready["mirror"], ready["website"]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server and take down what it was asked. Does nothing the second time."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            said, _ = process.communicate(timeout=_PATIENCE)     # closes its standard input: its sign to end
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
        if said.strip():
            self.asked = {site: Tally(**counts) for site, counts in json.loads(said.splitlines()[-1]).items()}


def _start(*, full: bool) -> subprocess.Popen[str]:
    # -P: the folder one stands in is no place to import from; ours is named instead
    command = [sys.executable, "-P", "-m", "scanner.demo.server", "--until-stdin-closes", *(["--full"] if full else [])]
    ours = str(Path(scanner.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603 - constant arguments, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path}, start_new_session=True)
