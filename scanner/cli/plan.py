"""`earshot plan`: what a scan would touch. Resolves names; sends nothing to a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from scanner.cli import options as opt
from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.scan.profile import Profile
    from scanner.scope import Scope
    from scanner.signature import Knowledge

_LINES = 20                              # names, targets and paths written out


def plan(
    targets: opt.Targets = None, scope: opt.ScopePath = None, list_path: opt.ListPath = None,
    authorised_by: opt.AuthorisedBy = None, exclude: opt.Exclude = None, ports: opt.Ports = None,
    profile: opt.ProfileName = None, rate: opt.Rate = None, host_rate: opt.HostRate = None,
    max_depth: opt.MaxDepth = None, max_pages: opt.MaxPages = None, ssh_none: opt.SshNone = None,
    contact: opt.Contact = None, signatures: opt.Signatures = None,
) -> None:
    """Show what would be touched: addresses, ports, requests, time. Resolves names; sends nothing to a target."""
    from scanner.cli.wording import unlisted
    from scanner.scan.naming import pinned

    permission = pinned(opt.scope_of(targets, scope, list_path, exclude, ports, authorised_by, contact))
    permission.require_authorisation(opt.today())
    limits = opt.profile_of(profile, permission, rate=rate, host_rate=host_rate, max_depth=max_depth,
                            max_pages=max_pages)
    known = opt.knowledge_of(opt.folders_of(signatures, permission), permission.score_table)
    for warning in (*permission.warnings, *unlisted(permission, known)):
        typer.echo(f"note: {show(warning, 500)}", err=True)
    _say_who(permission, contact)
    _say_where(permission)
    _say_connections(permission, limits)
    _say_requests(limits, known)
    _say_ssh(permission, tried=opt.ssh_none_of(ssh_none, permission))


def _say_who(scope: Scope, contact: str | None) -> None:
    from scanner.net import agent

    allowed = scope.authorisation
    typer.echo(f"authorised by: {show(allowed.authorised_by or 'nobody; loopback needs nobody', 200)}"
               + (f", {show(allowed.organisation, 200)}" if allowed.organisation else "")
               + (f", until {allowed.valid_until}" if allowed.valid_until else ""))
    typer.echo(f"User-Agent: {agent(contact or allowed.contact)}")


def _say_where(scope: Scope) -> None:
    from scanner.scan.session import counts

    typer.echo(f"targets: {len(scope.targets):,}, {scope.addresses:,} addresses, "
               f"of which exclusions and denials take away {scope.excluded:,}")
    for target, count in zip(scope.targets[:_LINES], counts(scope), strict=False):
        typer.echo(f"  {show(target.what, 120)}: {count:,} addresses")
    _more(len(scope.targets))
    for exclusion in scope.exclusions[:_LINES]:
        typer.echo(f"  excluded: {show(exclusion.what, 120)}")
    _more(len(scope.exclusions))
    for pin in scope.pins[:_LINES]:
        typer.echo(f"  {pin.host} is pinned to {pin.address}")
    _more(len(scope.pins))
    for refusal in scope.refusals[:_LINES]:
        place = f"{refusal.host} at {refusal.address}" if refusal.address else refusal.host
        typer.echo(f"  not {place}: {show(refusal.reason, 200)}; {show(refusal.remedy, 200)}")
    _more(len(scope.refusals))


def _say_connections(scope: Scope, profile: Profile) -> None:
    pairs = len(scope)
    elsewhere = "" if scope.strict_ports else ", where a target names none"
    typer.echo(f"ports: {', '.join(map(str, scope.ports))}{elsewhere}")
    typer.echo(f"connections to find open ports: {pairs:,} at most, about {_time(pairs / profile.rate)} "
               f"at {profile.rate:g} a second ({profile.name})")
    if scope.limits.window:
        typer.echo(f"only within {scope.limits.window}, {scope.limits.zone or 'local time'}")
    if scope.is_large and scope.limits.max_duration is None:
        typer.echo("more than 65,536 addresses: the scan will want --max-duration")


def _say_requests(profile: Profile, knowledge: Knowledge) -> None:
    from scanner.cli import protocols
    from scanner.net import listed

    searched = profile.silent_requests
    folders = f"{profile.directories:,}" if profile.directories else "any number of"
    for line in protocols.lines(profile, knowledge):
        typer.echo(line)
    typer.echo(f"requests at each web door, by its address and by each of its names: {searched} at most while nothing "
               f"is listed, about {_time(searched / profile.host_rate)} at {profile.host_rate:g} a second")
    typer.echo(f"requests for each store: one a folder, {folders} folders at most, {profile.depth} deep")
    typer.echo("asked in this order: a random directory, /, paths of the scope, directories of products that are seen; "
               "in turns what pages link to, robots.txt and sitemap.xml name, and these until the budget ends:")
    for path in knowledge.asks()[:searched]:
        typer.echo(f"  {show(path)}")
    typer.echo("where only buckets are named, and at the object stores of public clouds: what is written, alone")
    typer.echo("asked for though they are no directories:")
    for path, why in listed():
        typer.echo(f"  {path}: {why}")


def _say_ssh(scope: Scope, *, tried: bool) -> None:
    users = ", ".join(sorted({f"`{target.ssh_user}`" for target in scope.targets}))
    typer.echo("SSH, at port 22 and where it greets: " + (
        f"asked to let in {users} without a password (method none: one attempt a connection, which its login log "
        "shows); where it does, folders are listed by SFTP. No password, no key, no other method" if tried else
        "its greeting is read, nothing is said; with --ssh-none it is asked to let a stranger in"))


def _more(count: int) -> None:
    if count > _LINES:
        typer.echo(f"  and {count - _LINES:,} more")


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s" if seconds >= 1 else "a second"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
