"""`earshot scope`: asks the permission, contacts nobody but the resolver."""

from __future__ import annotations

from typing import Annotated

import typer

from scanner.cli import options as opt
from scanner.cli.exits import exits
from scanner.errors import UsageError
from scanner.report.show import show

app = typer.Typer(no_args_is_help=True, help="Ask what a scope allows.", pretty_exceptions_enable=False)

Asked = Annotated[list[str], typer.Argument(metavar="ADDRESS…", show_default=False, help="Addresses or host names.")]
InScope = Annotated[list[str] | None, typer.Option(
    "--target", metavar="TARGET", show_default=False, help="A target of the scope, beside the file.")]


@app.callback()
def _root() -> None:
    pass


@app.command("check")
@exits
def check(
    addresses: Asked, scope: opt.ScopePath = None, target: InScope = None, list_path: opt.ListPath = None,
    authorised_by: opt.AuthorisedBy = None, exclude: opt.Exclude = None, ports: opt.Ports = None,
) -> int:
    """Say of each address whether it may be touched, and why not. Exit 0 when all may, 1 when one may not."""
    from scanner.cli.wording import unlisted
    from scanner.scan.naming import pinned

    permission = pinned(opt.scope_of(target, scope, list_path, exclude, ports, authorised_by, None))
    wordy = any(target.setting.context for target in permission.targets)
    for note in unlisted(permission, opt.knowledge_of(opt.folders_of(None, permission))) if wordy else ():
        typer.echo(f"note: {show(note, 500)}", err=True)
    allowed = True
    for text in addresses:
        decision = permission.decide(text)
        if not decision.allowed and "no address" in decision.reason:
            decision = permission.decide_host(text)
        allowed = allowed and decision.allowed
        typer.echo(f"{'allowed' if decision.allowed else 'refused'}  {show(text, 200)}  {show(decision.reason, 300)}")
    return 0 if allowed else 1


@app.command("probing-txt")
@exits
def probing_txt(
    scope: opt.ScopePath = None,
    canonical: Annotated[str | None, typer.Option(metavar="URL", help="Where it will be served.")] = None,
) -> None:
    """Print /.well-known/probing.txt (RFC 9511) for the host that scans."""
    from datetime import date, timedelta

    from scanner.targets.probing import probing_text

    permission = opt.scope_of(None, scope, None, None, None, None, None)
    if scope is None:
        raise UsageError("name the scope file: earshot scope probing-txt --scope FILE")
    until = permission.authorisation.valid_until
    expires = date.fromisoformat(until) if until else opt.today() + timedelta(days=90)
    typer.echo(probing_text(permission.authorisation, expires=expires, canonical=canonical))

