"""`earshot doctor`: what this machine can do. Contacts nobody but the resolver, for `localhost`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import typer

from scanner.cli import options as opt
from scanner.report.show import show

OLDEST_CLOCK = 2026
_FEW, _MANY = 256, 2000                 # connections at once


def doctor(state: opt.StatePath = None) -> int:
    """Say what this machine can do for a scan. Exit 0 when a scan can run, 2 when something must be mended first."""
    healthy = True
    for good, name, text in _looks(state):
        healthy = healthy and good is not False
        typer.echo(f"{'ok  ' if good else 'note' if good is None else 'BAD '}  {name}: {text}")
    return 0 if healthy else 2


def _looks(state: str | None) -> Iterator[tuple[bool | None, str, str]]:
    from scanner.discover import at_once, raise_limit

    raise_limit()
    most = at_once(1 << 20)
    more = "" if most >= _MANY else "; raise it with `ulimit -n` for large scans"
    yield most >= _FEW, "file limit", f"{most:,} connections at once{more}"
    nmap = shutil.which("nmap")
    yield (True if nmap else None), "nmap", nmap or "not installed; only --discover nmap needs it"
    yield True, "privileges", "none are needed" + ("; running as root is not needed either" if _is_root() else "")
    yield _resolver()
    now = datetime.now(UTC)
    yield now.year >= OLDEST_CLOCK, "clock", f"{now:%Y-%m-%d %H:%M} UTC"
    yield _state(state)
    yield _loop()
    yield True, "python", sys.version.split()[0]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _resolver() -> tuple[bool | None, str, str]:
    from scanner.scan.naming import resolver_says

    wrong = resolver_says()
    return (None, "resolver", f"localhost: {wrong}") if wrong else (True, "resolver", "answers")


def _state(typed: str | None) -> tuple[bool | None, str, str]:
    from pathlib import Path

    folder = Path(typed).parent if typed and typed != ":memory:" else opt.home()
    nearest = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    good = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    free = shutil.disk_usage(nearest).free // (1 << 20)
    how = "writable" if good else "cannot be written; use --state FILE"
    return good, "state", f"{show(str(folder))}: {how}, {free:,} MiB free"


def _loop() -> tuple[bool | None, str, str]:
    try:
        return True, "event loop", f"uvloop {version('uvloop')}"
    except PackageNotFoundError:
        return None, "event loop", "asyncio's own; uvloop would be quicker"
