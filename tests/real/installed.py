"""Programs of packages from PyPI and npm, and of Debian packages that are unpacked because they exclude each other:
kept in one folder outside the tree, which `.ci/run` fills.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

SERVERS = Path(os.environ.get("EARSHOT_SERVERS") or
               Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "earshot-servers")
MODULES = SERVERS / "node" / "node_modules"
OPTIONAL = frozenset({
    "azurite-blob", "cloudcmd", "dufs", "fake-gcs-server", "gofakes3", "hfs", "jupyter-lab", "versitygw"})
"""Programs to compile, or of hundreds of packages: `.ci/run` does not install them. What they answer is recorded in
fixtures/wire; where they are there, they are used."""

UNPACKED = SERVERS / "debian"
LIBRARIES = next((UNPACKED / "usr" / "lib").glob("*-linux-gnu"), UNPACKED)    # by the architecture
_FOLDERS = {"pypi": SERVERS / "python" / "bin", "npm": MODULES / ".bin", "debian": UNPACKED / "usr" / "sbin"}


def program(name: str) -> str:
    """The path of `npm:NAME`, `pypi:NAME`, `debian:NAME`, or of a program of the system. LookupError where it lacks."""
    origin, _, own = name.rpartition(":")
    administrators = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    found = shutil.which(own, path=str(_FOLDERS[origin]) if origin else administrators)
    if found is None:
        raise LookupError(f"{own} is not installed" + (f" from {origin} in {SERVERS}" if origin else ""))
    return found


def required(name: str) -> str:
    """The same; a missing program skips the test, or fails it where servers are required and it is not `OPTIONAL`."""
    try:
        return program(name)
    except LookupError as lacks:
        if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1" and name.rpartition(":")[2] not in OPTIONAL:
            pytest.fail(str(lacks))
        pytest.skip(str(lacks))
