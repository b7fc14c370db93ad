"""`earshot report`: reports again, from what is kept. No network."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scanner.cli import history
from scanner.cli import options as opt
from scanner.cli import outputs as out
from scanner.cli.exits import INCOMPLETE, OK
from scanner.errors import UsageError
from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.signature import Knowledge

ScanId = Annotated[str | None, typer.Argument(
    metavar="SCAN", show_default=False, help="As `earshot history` lists it; default: the newest.")]
Outputs = Annotated[list[str] | None, typer.Option(
    "-o", "--output", metavar="FILE", show_default=False,
    help="Format by ending, or FORMAT:PATH; incident:PATH is the pack for a data-protection officer; any number of "
         "times.")]


def report(
    scan: ScanId = None, output: Outputs = None, by: out.By = None, state: opt.StatePath = None,
    signatures: opt.Signatures = None,
) -> int:
    """Write the reports of a scan again, from what is kept; no network."""
    from scanner.scan.account import report_of
    from scanner.state import State

    wanted = out.outputs(output)
    if not wanted:
        raise UsageError("say where to: earshot report -o report.html")
    if any(one.format == out.LOG for one in wanted):
        raise UsageError("-o log: is written while a scan runs; it cannot be made afterwards")
    path, name = history.find(state, scan)
    out.check_places(wanted)
    with closing(State(path)) as kept:
        facts = kept.scan(name).facts
        folders = _folders(facts, signatures)
        layout = out.layout(wanted, by, folders)
        made = report_of(kept, name, _knowledge(facts, folders))
    written, wrong = out.write_all(made, wanted, layout)
    for place in written:
        typer.echo(f"report: {show(str(place), 2000)}", err=True)
    for text in wrong:
        typer.echo(f"earshot: {show(text, 2000)}", err=True)
    return INCOMPLETE if wrong else OK


def _folders(facts: Mapping[str, Any], typed: list[Path] | None) -> tuple[Path, ...]:
    """Folders of signatures: typed, else those of the scan that are still there."""
    judged_by = facts.get("judged_by") or {}
    there = tuple(folder for text in judged_by.get("folders", ()) if (folder := Path(text)).is_dir())
    return opt.folders_of(typed) or there


def _knowledge(facts: Mapping[str, Any], folders: tuple[Path, ...]) -> Knowledge:
    """What the scan was judged by, where that is still to be had; a note where it is not."""
    judged_by = facts.get("judged_by") or {}
    table = Path(judged_by["table"]) if judged_by.get("table") else None
    if table is not None and not table.is_file():
        typer.echo(f"note: {show(str(table))} is gone; judged by the built-in score table", err=True)
        table, judged_by = None, {}
    known = opt.knowledge_of(folders, table)
    if known.table.sha256 != judged_by.get("table_sha256", known.table.sha256):
        typer.echo(f"note: the score table is not the one of the scan; judged by {show(known.score.name)}", err=True)
    if known.sha256 != facts["signatures"]["sha256"]:
        typer.echo("note: the signatures have changed since the scan; --signatures DIR names others", err=True)
    return known
