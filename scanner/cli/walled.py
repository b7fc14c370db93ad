"""What a scan of the command line may do to this machine: its state, its outputs, its nmap. See `scanner.net.wall`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.exits import INTERNAL
from scanner.cli.outputs import PACK_FOLDER, Output, settled
from scanner.net.wall import Wall, real

if TYPE_CHECKING:
    from scanner.cli.console import Console
    from scanner.scan.session import Session
    from scanner.scope import Scope


def wall_of(permission: Scope, wanted: Sequence[Output], state: Path | None, engine: str,
            session: Callable[[], Session | None]) -> Wall:
    """The wall for a scan; `session` gives it once it is there, and the addresses of names with it."""
    files = [output for output in wanted if not output.is_stdout and output.format != PACK_FOLDER]
    usual = [] if settled(wanted, "SCAN") == list(wanted) else [str(Path("reports"))]
    return Wall(
        scope=lambda: None if (there := session()) is None else there.pinned,
        further=lambda address, port: (there := session()) is not None and there.further(address, port),
        names=frozenset(name.lower() for name in (*permission.hosts, *permission.excluded_hosts)),
        databases=frozenset(() if state is None else (real(state),)),
        files=frozenset(real(path) for path in (*_sides(state), *(output.path for output in files))),
        folders=tuple(real(path) for path in (*_folders(wanted), *usual)),
        programs=_programs(engine))


def told(wall: Wall, console: Console, code: int) -> int:
    """The exit code, once it is said what the wall has refused: that is a fault of ours, however the scan ended."""
    for what in wall.held:
        console.warn(f"internal error: held back by the outer wall: {what}")
    return INTERNAL if wall.held else code


def _sides(state: Path | None) -> list[str]:
    """What lies beside a file of SQLite, and our lock."""
    return [] if state is None else [f"{state}{side}" for side in ("", ".lock", "-wal", "-shm", "-journal")]


def _folders(wanted: Sequence[Output]) -> list[str]:
    """Of packs, one for each controller."""
    return [output.path.rstrip(os.sep) or os.sep for output in wanted if output.format == PACK_FOLDER]


def _programs(engine: str) -> frozenset[tuple[str, ...]]:
    if engine != "nmap":
        return frozenset()
    from scanner.discover.nmap import CHILD

    return frozenset({(real(CHILD[0]), *CHILD[1:])})
