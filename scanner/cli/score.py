"""`earshot score`: a scan held against a truth file. No network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from scanner.cli.exits import FOUND, OK
from scanner.errors import UsageError
from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.report.scoring import Score, Scored

T = TypeVar("T")
Scan = Annotated[Path, typer.Argument(
    metavar="SCAN.json", show_default=False, help="A report made with --show-names REASON -o SCAN.json.")]
Truth = Annotated[Path, typer.Argument(
    metavar="TRUTH.json", show_default=False, help="What is true: a JSON array of servers, as the README tells.")]
Places = Annotated[Path | None, typer.Option(
    "--where", metavar="FILE", show_default=False, help='Where they stand: id -> "host:port", as JSON.')]
Protocols = Annotated[list[str] | None, typer.Option(
    "--protocol", metavar="NAME", show_default=False,
    help="Judge servers of this protocol; any number of times; default: all that are asked.")]
_NAMED = 3                               # names written out


def score(scan: Scan, truth: Truth, where: Places = None, protocol: Protocols = None) -> int:
    """Hold a scan against a truth file: a line a server, and the totals. Exit 0 when all is right, else 1."""
    from scanner.report import json, scoring
    from scanner.report import truth as truths

    there = None if where is None else _of(where, lambda: truths.places(_read(where)))
    servers = _of(truth, lambda: truths.load(_read(truth), there))
    report = _of(scan, lambda: json.load(_read(scan)))
    scored = _of(scan, lambda: scoring.score(report, servers, protocol or _asked()))
    for one in scored.servers:
        typer.echo(_line(one))
    if not scored.judged:
        raise UsageError(f"{show(str(truth))}: none of its servers was scanned; --where FILE says where they stand")
    typer.echo(_totals(scored))
    return OK if scored.right == len(scored.judged) else FOUND


def _asked() -> set[str]:
    """The protocols that this version asks, by the names that are written before `://`."""
    from scanner.model.schemes import SCHEMES
    from scanner.probes import PROBES

    names = {probe.name for probe in PROBES}
    return names | {scheme for scheme, meant in SCHEMES.items() if meant.protocol in names}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{show(str(path))}: cannot be read ({error.strerror}); name a JSON file") from None


def _of(path: Path, work: Callable[[], T]) -> T:
    """The work, its mistakes told with the file that they are in."""
    try:
        return work()
    except UsageError as wrong:
        told = str(wrong)
        raise UsageError(told if told.startswith(show(str(path))) else f"{show(str(path))}: {told}") from None


def _line(one: Scored) -> str:
    place = f"{one.server.authority}{one.server.path}"
    told = []
    if one.matched or one.missing or one.beyond:
        told.append(f"  {one.matched:,} entries, precision {one.precision:.3f}, recall {one.recall:.3f}")
    for what, names in (("missing", one.missing), ("beyond", one.beyond), ("other type", one.mistyped)):
        if names:
            more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
            told.append(f"{what}: {', '.join(show(name, 60) for name in names[:_NAMED])}{more}")
    return f"{one.verdict.value:<14} {show(one.server.id, 40):<28} {show(place, 80)}" + "; ".join(told)


def _totals(scored: Score) -> str:
    judged = len(scored.judged)
    left = len(scored.servers) - judged
    return (f"{scored.right} of {judged} servers right; entries: precision {scored.precision:.4f}, "
            f"recall {scored.recall:.4f}" + (f"; {left} not scanned" if left else ""))
