"""`earshot scan`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from scanner.cli import options as opt
from scanner.cli import outputs as out
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.cli.console import Console
    from scanner.scan.session import Session
    from scanner.scope import Scope
    from scanner.signature import Knowledge

Outputs = Annotated[list[str] | None, opt.option(
    "-o", "--output", env="OUTPUT", metavar="FILE",
    help="Report; format by ending (.html .json .jsonl .csv) or FORMAT:PATH; incident:PATH is the pack for a "
         "data-protection officer, log:PATH writes every contact. "
         "Any number of times; - is standard output. Default: reports/SCAN/report.html and .json.")]
FailOn = Annotated[str | None, opt.option(
    "--fail-on", env="FAIL_ON", metavar="LEVEL",
    help="Exit 1 on findings from info, low, medium, high or very-high on; default none.")]
FailOnGaps = Annotated[bool | None, opt.option(
    "--fail-on-gaps/--no-fail-on-gaps", env="FAIL_ON_GAPS", panel=opt.MORE,
    help="Exit 3 where a question was left open: silence, cut stores, what broke off.")]
Fresh = Annotated[bool, opt.option("--fresh", panel=opt.MORE, help="Start anew; do not go on with an unfinished scan.")]
NewOnly = Annotated[bool, opt.option("--new-only", hidden=True)]
ShowNames = Annotated[str | None, opt.option(
    "--show-names", env="SHOW_NAMES", panel=opt.MORE, metavar="REASON",
    help="Put file names as shown into the report; the reason is printed there.")]
Discover = Annotated[str | None, opt.option(
    "--discover", env="DISCOVER", panel=opt.MORE, metavar="ENGINE", help="connect (default) or nmap.")]


def scan(
    targets: opt.Targets = None, scope: opt.ScopePath = None, list_path: opt.ListPath = None, output: Outputs = None,
    authorised_by: opt.AuthorisedBy = None, exclude: opt.Exclude = None, ports: opt.Ports = None,
    profile: opt.ProfileName = None, fail_on: FailOn = None, rate: opt.Rate = None, host_rate: opt.HostRate = None,
    max_duration: opt.MaxDuration = None, max_listing_bytes: opt.MaxListing = None, max_depth: opt.MaxDepth = None,
    max_pages: opt.MaxPages = None, ssh_none: opt.SshNone = None, fail_on_gaps: FailOnGaps = None,
    contact: opt.Contact = None, state: opt.StatePath = None, fresh: Fresh = False, signatures: opt.Signatures = None,
    show_names: ShowNames = None, discover: Discover = None, quiet: opt.Quiet = False, verbose: opt.Verbose = 0,
    no_progress: opt.NoProgress = False, by: out.By = None, new_only: NewOnly = False,
) -> int:
    """Scan what the scope allows, and write the ranked report. Reads listings only."""
    from scanner.cli.console import Console
    from scanner.cli.contacts import ContactLog
    from scanner.cli.running import Ending, execute
    from scanner.cli.stopping import again
    from scanner.cli.walled import told, wall_of
    from scanner.discover import raise_limit
    from scanner.net.wall import standing
    from scanner.scan.session import Session
    from scanner.state import State

    if new_only:
        raise UsageError("--new-only is reserved for a later version; compare two reports until then")
    permission = opt.scope_of(targets, scope, list_path, exclude, ports, authorised_by, contact)
    wanted = out.outputs(output or permission.options.output)
    level, engine = _level(fail_on, permission), _engine(discover, permission)
    strangers = opt.ssh_none_of(ssh_none, permission)
    longest = _longest(max_duration, permission)
    limits = opt.profile_of(profile, permission, rate=rate, host_rate=host_rate, max_listing_bytes=max_listing_bytes,
                            max_depth=max_depth, max_pages=max_pages)
    folders = opt.folders_of(signatures, permission)
    known = opt.knowledge_of(folders, permission.score_table)
    reason = _reason(show_names)
    layout = out.layout(wanted, by, folders)
    out.check_places(out.settled(wanted, "SCAN"))
    raise_limit()
    with ExitStack() as held:
        place, session = opt.state_path(state, permission), None
        wall = held.enter_context(standing(wall_of(permission, wanted, place, engine, lambda: session)))
        kept = held.enter_context(closing(State(place)))
        kept.lock()
        ending = Ending(
            outputs=wanted, layout=layout, fail_on=level, again=again() if kept.path else "",
            times=[*longest, *_until(permission)],
            fail_on_gaps=bool(opt.chosen(fail_on_gaps, permission.options.fail_on_gaps)), log=ContactLog(wanted))
        held.enter_context(ending.log)
        console = Console(known, lines=not any(one.is_stdout for one in wanted), quiet=quiet, progress=not no_progress,
                          verbose=verbose)
        session = Session(
            scope=permission, knowledge=known, profile=limits, state=kept, watcher=console, engine=engine, fresh=fresh,
            ssh_none=strangers,
            contact=contact or permission.authorisation.contact, show_names=reason, opening=_opening(permission),
            judged_by=_judged_by(folders, permission.score_table, known),
            sinks=[*([ending.log.keep] if ending.log else []), *([console.contact] if console.verbose > 1 else [])])
        _announce(console, session)
        return told(wall, console, execute(session, console, ending))


def _level(typed: str | None, scope: Scope) -> str:
    from scanner.cli.running import LEVELS

    level: str = opt.chosen(typed, scope.options.fail_on, "none")
    if level not in (*LEVELS, "none"):
        raise UsageError(f"--fail-on {level}: write {', '.join(LEVELS)} or none")
    return level


def _engine(typed: str | None, scope: Scope) -> str:
    from scanner.discover.nmap import find as nmap_there

    engine: str = opt.chosen(typed, scope.options.discover, "connect")
    if engine not in ("connect", "nmap"):
        raise UsageError(f"--discover {engine}: write connect or nmap")
    if engine == "nmap":
        nmap_there()
    return engine


def _longest(typed: str | None, scope: Scope) -> list[tuple[timedelta, str]]:
    """How long the scan may take; large ones must say so, lest a slip of the hand run for a week."""
    from scanner.targets.quantities import duration

    seconds = duration(typed) if typed else scope.limits.max_duration
    if seconds is None and scope.is_large:
        raise UsageError(f"{scope.addresses:,} addresses: more than 65,536 need a limit, such as --max-duration 8h")
    return [(timedelta(seconds=seconds), "--max-duration is over")] if seconds else []


def _reason(typed: str | None) -> str | None:
    if typed is not None and (not typed.strip() or typed.startswith("-")):
        raise UsageError('--show-names wants a reason, which the report prints: such as "wanted by the data officer"')
    return typed


def _judged_by(folders: tuple[Path, ...], table: Path | None, known: Knowledge) -> dict[str, Any]:
    """What `earshot report` needs to judge the same way again."""
    return {"folders": [str(folder.resolve()) for folder in folders],
            "table": str(table.resolve()) if table else None, "table_sha256": known.table.sha256}


def _announce(console: Console, session: Session) -> None:
    from scanner.cli.wording import unlisted

    scope = session.scope
    for warning in (*scope.warnings, *unlisted(scope, session.knowledge)):
        console.warn(warning)
    old, stale = session.earlier()
    if old is not None:
        how = "is older than 24 hours: starting anew" if stale else "is gone on with"
        console.say(f"unfinished scan {old.id}, begun {old.started:%Y-%m-%d %H:%M}Z, {how}", always=stale)
    if (wait := session.opening()) > 0:
        console.warn(f"outside the window {scope.limits.window}: pausing for {timedelta(seconds=round(wait))}")
    limits = session.profile
    console.say(f"profile {limits.name}: {limits.rate:g} a second, {limits.host_rate:g} to one host", level=1)
    console.say(f"state: {session.state.path or 'in memory'}", level=1)


def _opening(scope: Scope) -> Callable[[], float]:
    hours = scope.limits.hours
    return (lambda: 0.0) if hours is None else (lambda: hours.wait(datetime.now(UTC)).total_seconds())


def _until(scope: Scope) -> list[tuple[timedelta, str]]:
    """The end of the authorisation: the last second of its last day, here."""
    last = scope.authorisation.valid_until
    if last is None:
        return []
    end = datetime.combine(datetime.fromisoformat(last) + timedelta(days=1), time()).astimezone()
    return [(end - datetime.now(UTC), "the authorisation has ended")]

