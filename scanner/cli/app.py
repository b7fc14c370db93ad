"""The commands, each a module of its own. Imports of the working rooms stand inside them, so that `--help` is quick."""

from __future__ import annotations

import typer

from scanner import __version__
from scanner.cli import demo, doctor, history, knowledge, plan, report, scan, schema, scope, score
from scanner.cli.exits import exits

app = typer.Typer(
    name="earshot", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Which of our call recordings and files can a stranger reach? Reads listings only; never what is in a file.",
    epilog="Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage or scope (nothing was sent), 3 incomplete, "
           "4 internal error, 130/143 interrupted.")


VARIABLES = ("Options can stand in the scope file or in the environment as well, --max-depth as EARSHOT_MAX_DEPTH: "
             "flag before variable before file.")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"earshot {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    pass


app.command("demo")(exits(demo.demo))
app.command("plan")(exits(plan.plan))
app.command("scan", epilog=VARIABLES)(exits(scan.scan))
app.command("report")(exits(report.report))
app.command("history")(exits(history.history))
app.command("forget")(exits(history.forget))
app.command("diff", hidden=True, context_settings={"ignore_unknown_options": True})(exits(history.diff))
app.add_typer(knowledge.app, name="signatures")
app.add_typer(scope.app, name="scope")
app.command("doctor")(exits(doctor.doctor))
app.command("score")(exits(score.score))
app.command("schema")(exits(schema.schema))
