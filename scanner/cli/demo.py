"""`earshot demo`: the founding case on loopback, scanned. No network, no privileges, no scope file."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from scanner.cli import options as opt
from scanner.cli.exits import OK

Folder = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where report.html and report.json go.")]
Full = Annotated[bool, typer.Option("--full", help="All 2,700,000 recordings instead of 27,000; takes minutes.")]


def demo(
    output: Folder = Path("reports/demo"), full: Full = False, quiet: opt.Quiet = False,
    no_progress: opt.NoProgress = False,
) -> int:
    """See it work: a replica of the founding case on this machine is scanned and reported. Needs no privileges."""
    from scanner.cli import outputs as out
    from scanner.cli.console import Console
    from scanner.cli.running import Ending, execute
    from scanner.cli.walled import told, wall_of
    from scanner.demo import Replica, scope_text, three_lines
    from scanner.discover import raise_limit
    from scanner.net.wall import standing
    from scanner.scan.session import Session
    from scanner.scope import build
    from scanner.state import State

    wanted = [out.Output(name, str(output / f"report.{name}")) for name in ("html", "json")]
    out.check_places(wanted)
    raise_limit()
    with tempfile.TemporaryDirectory(prefix="earshot-demo-") as place, Replica(full=full) as replica:
        file = Path(place) / "scope.toml"
        file.write_text(scope_text(replica), encoding="utf-8")
        permission = build(file=file, today=opt.today())
        known, state = opt.knowledge_of(()), State(None)
        console = Console(known, lines=True, quiet=quiet, progress=not no_progress)
        console.say(f"a replica of the founding case is on {replica.address}, ports {replica.store}, {replica.mirror} "
                    f"and {replica.website}")
        session = Session(scope=permission, knowledge=known, profile=opt.profile_of("thorough", permission),
                          state=state, watcher=console, contact=permission.authorisation.contact)
        wall = wall_of(permission, wanted, None, "connect", lambda: session)
        with closing(state), standing(wall):
            code = told(wall, console, execute(session, console, Ending(outputs=wanted)))
    if code == OK:
        typer.echo(three_lines(output / "report.html"))
    return code
