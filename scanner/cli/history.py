"""`earshot history`, `earshot forget`, and `earshot diff`, which is reserved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli import options as opt
from scanner.errors import StateError, UsageError
from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.state import ScanRow, State

ScanId = Annotated[str, typer.Argument(metavar="SCAN", show_default=False, help="As `earshot history` lists it.")]
_NAMED = 3                               # targets written out


def states(typed: str | None) -> Iterator[State]:
    """The state that was named, or all of the user's that can be read; each open while it is looked at."""
    from scanner.state import State

    if typed is not None:
        if not opt.is_there(Path(typed)):
            raise UsageError(f"{typed}: no such state file; --state FILE names one that a scan has written")
        with closing(State(Path(typed))) as state:
            yield state
        return
    for path in sorted(opt.home().glob("*.sqlite")):
        try:
            state = State(path)
        except StateError as error:
            typer.echo(f"note: {show(str(error), 500)}", err=True)
            continue
        with closing(state):
            yield state


def find(typed: str | None, scan: str | None) -> tuple[Path, str]:
    """The state file that keeps a scan, and its name; the newest of all where none is named."""
    kept = [(row.started, state.path, row.id) for state in states(typed) for row in state.scans()]
    found = [entry for entry in kept if scan in (None, entry[2])]
    if not found and scan is not None:
        raise UsageError(f"no scan is called {scan}; `earshot history` lists those kept")
    if not found:
        raise UsageError("no scan is kept yet; earshot scan makes one")
    _, path, name = max(found)
    assert path is not None
    return path, name


def history(state: opt.StatePath = None) -> None:
    """List the scans kept, newest first."""
    rows = [(row, kept.path) for kept in states(state) for row in kept.scans()]
    if not rows:
        typer.echo("no scan is kept yet", err=True)
    for row, path in sorted(rows, key=lambda entry: entry[0].started, reverse=True):
        typer.echo(_line(row, path))


def _line(row: ScanRow, path: Path | None) -> str:
    how = "unfinished" if row.finished is None else "complete" if row.complete else "incomplete"
    targets = [target["what"] for target in row.facts["targets"]]
    more = f" and {len(targets) - _NAMED} more" if len(targets) > _NAMED else ""
    what = show(", ".join(targets[:_NAMED]), 120)
    when = f"{row.started:%Y-%m-%d %H:%M}Z"
    return f"{row.id}  {when}  {how:<10}  {row.facts['profile']:<8}  {what}{more}  ({show(str(path))})"


def forget(scan: ScanId, state: opt.StatePath = None) -> None:
    """Remove a scan with everything of it. Reports that were written stay."""
    from scanner.state import State

    path, name = find(state, scan)
    with closing(State(path)) as kept:
        kept.lock()
        with kept.transaction():
            kept.forget(name)
        kept.shrink()
    typer.echo(f"forgotten: {name}; reports that were written stay where they are", err=True)


def diff(_: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Reserved."""
    raise UsageError("diff is reserved for a later version; each report says which findings are new")
