"""`earshot signatures`: the knowledge, listed, shown and checked."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from scanner.cli import options as opt
from scanner.cli import streams
from scanner.cli.exits import exits
from scanner.errors import UsageError
from scanner.report.show import show

_LINE = 2000

app = typer.Typer(
    no_args_is_help=True, help="What earshot knows, and checks of your own signatures.", pretty_exceptions_enable=False)


@app.callback()
def _root() -> None:
    pass


@app.command("list")
@exits
def list_all(
    kind: Annotated[str | None, typer.Option(
        metavar="KIND", show_default=False, help="Only this kind: listing, product, access, recording …")] = None,
    signatures: opt.Signatures = None,
) -> None:
    """List the signatures: id, product, what it can be asked for or would need, proof, title."""
    from scanner.cli.stock import table

    known = opt.knowledge_of(opt.folders_of(signatures))
    kinds = sorted({signature.kind for signature in known.signatures})
    if kind is not None and kind not in kinds:
        raise UsageError(f"{show(kind)} is no kind of signature; there are {', '.join(kinds)}")
    chosen = [signature for signature in known.signatures if kind in (None, signature.kind)]
    for line in table(chosen, shutil.get_terminal_size().columns if streams.is_terminal(sys.stdout) else None):
        typer.echo(line)
    typer.echo(f"{len(chosen)} signatures, sha256 {known.sha256}", err=True)


@app.command("show")
@exits
def show_one(
    name: Annotated[str, typer.Argument(metavar="ID", show_default=False)], signatures: opt.Signatures = None,
) -> None:
    """Show one signature: what it looks for, what it means, what to do."""
    from scanner.cli.stock import about

    known = opt.knowledge_of(opt.folders_of(signatures))
    found = known.by_id.get(name)
    if found is None:
        near = [other for other in known.by_id if name.split("/")[-1] in other]
        raise UsageError(f"no signature is called {name}{'; perhaps ' + ', '.join(sorted(near)[:3]) if near else ''}")
    typer.echo(f"{found.id}\n{show(found.title)}")
    typer.echo("".join(f"{line}\n" for line in about(found)))
    for word, conditions in (("all of", found.all), ("none of", found.none)):
        for condition in conditions:
            typer.echo(f"  {word:<7} {condition.fact} ~ {show(condition.regex, _LINE)}")
    for path in found.paths:
        typer.echo(f"  asks    {show(path)}")
    if found.remedy:
        typer.echo(f"\nRemedy: {show(found.remedy, _LINE)}")
    for reference in found.references:
        typer.echo(f"  {show(reference)}")
    for example in found.example:
        typer.echo(f"\n  {'matches' if example.matches else 'does not match'}: {show(example.why, _LINE)}")
        for fact, text in example.facts.items():
            typer.echo(f"    {fact} = {text!r}")


@app.command("check")
@exits
def check(path: Annotated[Path | None, typer.Argument(
    metavar="PATH", show_default=False, help="A file or folder; default: the built-in ones.")] = None,
) -> int:
    """Run the self-tests of signature files; every mistake at once. Exit 2 when there is one."""
    from scanner.signature import check as problems_of
    from scanner.signature import home

    there = path or home()
    if not (opt.is_there(there) or opt.is_there(there, folder=True)):
        raise UsageError(f"{there}: no such file or folder")
    try:
        problems = problems_of(there)
    except OSError as error:
        raise UsageError(f"{there}: cannot be read ({error.strerror})") from None
    for problem in problems:
        typer.echo(show(problem, _LINE), err=True)
    if not problems:
        typer.echo("all signatures hold")
    return 2 if problems else 0
