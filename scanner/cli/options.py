"""The options that several commands share, and what they build: the scope, the profile, the state's place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from scanner.errors import TargetError, UsageError
from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.scan.profile import Profile
    from scanner.scope import Scope
    from scanner.signature import Knowledge

LIMITS = "Limits"
MORE = "More"
_LINE = 1 << 16                   # bytes of a list that are read for one line: more than any target has
_SLOWEST, _FASTEST = 0.1, 1_000_000      # connections a second


def option(*names: str, env: str | None = None, panel: str | None = None, **more: Any) -> Any:
    """An option that can stand in an EARSHOT_ variable as well."""
    return typer.Option(*names, envvar=env and f"EARSHOT_{env}", show_envvar=False, rich_help_panel=panel,
                        show_default=False, **more)


Targets = Annotated[list[str] | None, typer.Argument(
    metavar="TARGET…", show_default=False,
    help="Address, CIDR, range 192.0.2.1-40, host name, host:port, \\[v6]:port, URL with a path.")]
ScopePath = Annotated[Path | None, option(
    "--scope", env="SCOPE", metavar="FILE", help="Scope file: targets, exclusions, authorisation.")]
ListPath = Annotated[str | None, option(
    "-l", "--list", env="LIST", metavar="FILE", help="Targets, one a line; - reads standard input.")]
AuthorisedBy = Annotated[str | None, option(
    "--authorised-by", env="AUTHORISED_BY", metavar="TEXT",
    help="Who allowed it: enough for private ranges; public ones need a scope file.")]
Exclude = Annotated[list[str] | None, option(
    "--exclude", metavar="NET", help="Never touch this; any number of times. Always wins. EARSHOT_EXCLUDE adds to it.")]
Ports = Annotated[str | None, option(
    "--ports", env="PORTS", metavar="LIST", help="Such as 80,443,8000-8100; default: the file-serving ports.")]
ProfileName = Annotated[str | None, option(
    "--profile", env="PROFILE", metavar="NAME", help="How hard: gentle, standard (default) or thorough.")]
Signatures = Annotated[list[Path] | None, option(
    "--signatures", env="SIGNATURES", panel=MORE, metavar="DIR",
    help="Signatures of your own, beside the built-in ones.")]
StatePath = Annotated[str | None, option(
    "--state", env="STATE", panel=MORE, metavar="FILE",
    help="Where the scan is kept; default: one file a scope in your data folder. :memory: keeps nothing.")]
Contact = Annotated[str | None, option(
    "--contact", env="CONTACT", panel=MORE, metavar="MAIL",
    help="Whom the scanned may write to; stands in every request.")]
Rate = Annotated[float | None, option(
    "--rate", env="RATE", panel=LIMITS, metavar="N", help="Connections a second, all hosts.")]
HostRate = Annotated[float | None, option(
    "--host-rate", env="HOST_RATE", panel=LIMITS, metavar="N", help="Connections a second, one host.")]
MaxDuration = Annotated[str | None, option(
    "--max-duration", env="MAX_DURATION", panel=LIMITS, metavar="T",
    help="Such as 90s, 30m, 2h; then it stops, and the same command goes on.")]
MaxListing = Annotated[str | None, option(
    "--max-listing-bytes", env="MAX_LISTING_BYTES", panel=LIMITS, metavar="N",
    help="Of one listing page, such as 64MiB.")]
MaxDepth = Annotated[int | None, option(
    "--max-depth", env="MAX_DEPTH", panel=LIMITS, min=1, metavar="N", help="Levels below the root of a store.")]
MaxPages = Annotated[int | None, option(
    "--max-pages", env="MAX_PAGES", panel=LIMITS, min=1, metavar="N", help="Folders read of one store.")]
SshNone = Annotated[bool | None, option(
    "--ssh-none/--no-ssh-none", env="SSH_NONE", panel=MORE,
    help="Ask SSH servers once to let `anonymous` in without a password; their logs show it. Needs earshot\\[ssh].")]
Quiet = Annotated[bool, option("-q", "--quiet", env="QUIET", panel=MORE, help="Say only what went wrong.")]
Verbose = Annotated[int, option(
    "-v", "--verbose", env="VERBOSE", panel=MORE, count=True, metavar="",
    help="Say more; twice: every contact, every ask and what came of it.")]
NoProgress = Annotated[bool, option(
    "--no-progress", env="NO_PROGRESS", panel=MORE, help="No progress, neither bar nor lines.")]


def today() -> date:
    """The day, here."""
    return datetime.now(UTC).astimezone().date()


def chosen(typed: Any, of_file: Any, default: Any = None) -> Any:
    """Flag or variable before file before default."""
    return typed if typed is not None else of_file if of_file is not None else default


def scope_of(targets: list[str] | None, scope: Path | None, list_path: str | None, exclude: list[str] | None,
             ports: str | None, authorised_by: str | None, contact: str | None) -> Scope:
    """The permission, from all that was handed in. Raises UsageError; nothing was sent."""
    from scanner.scope import build
    from scanner.scope import ports as read_ports
    from scanner.targets import Exclusion, Target, parse, parse_exclusion

    if contact is not None:
        _sayable(contact)
    found: list[Target | Exclusion] = [parse(text, where="command line") for text in targets or ()]
    found += [parse_exclusion(text, where="--exclude") for text in exclude or ()]
    found += [parse_exclusion(text, where="EARSHOT_EXCLUDE") for text in os.environ.get("EARSHOT_EXCLUDE", "").split()]
    found += _listed(list_path) if list_path else []
    if not scope and not any(isinstance(one, Target) for one in found):
        raise UsageError("nothing to scan: name a TARGET, give a list with -l FILE or a scope file with --scope FILE")
    wanted = [one for one in found if isinstance(one, Target)]
    excluded = [one for one in found if isinstance(one, Exclusion)]
    return build(file=scope, targets=wanted, exclude=excluded, ports=read_ports(ports) if ports else None,
                 authorised_by=authorised_by, contact=contact, today=today())


def _sayable(contact: str) -> None:
    from scanner.model.contact import sayable

    try:
        sayable(contact)
    except ValueError as error:
        raise UsageError(f"--contact {show(contact)}: {error}") from None


def _listed(path: str) -> list[Any]:
    from scanner.targets import read_list

    try:
        if path == "-":
            return list(read_list(_lines(sys.stdin.buffer), where="standard input"))
        with Path(path).open("rb") as file:
            return list(read_list(_lines(file), where=path))
    except OSError as error:
        raise TargetError(f"{path}: cannot be read ({error.strerror}); give a list of targets, one a line") from None


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Its lines; of one that is too long no more than shows that it is."""
    return iter(partial(file.readline, _LINE + 1), b"")


def is_there(path: Path, *, folder: bool = False) -> bool:
    """Whether a path that was typed leads to a file, or to a folder; one too long to be a path does not."""
    try:
        return path.is_dir() if folder else path.is_file()
    except (OSError, ValueError):
        return False


def folders_of(signatures: Sequence[Path] | None, scope: Scope | None = None) -> tuple[Path, ...]:
    """Folders of signatures: typed, else those of the scope file. Raises UsageError."""
    folders = tuple(signatures or (Path(text) for text in (scope.options.signatures if scope else ())))
    for folder in folders:
        if not is_there(folder, folder=True):
            raise UsageError(f"{folder}: no such folder; --signatures wants a folder of .toml files")
    return folders


def knowledge_of(folders: Sequence[Path], table: Path | None = None) -> Knowledge:
    """The built-in signatures, those of the folders, and the organisation's score table where it has one."""
    from scanner.signature import load

    known = load(tuple(folders))
    return known if table is None else known.scored_by(table)


def profile_of(name: str | None, scope: Scope, *, rate: float | None = None, host_rate: float | None = None,
               max_listing_bytes: str | None = None, max_depth: int | None = None,
               max_pages: int | None = None) -> Profile:
    """The profile, with what was set apart in the file or typed."""
    from scanner.scan.profile import PROFILES
    from scanner.targets.quantities import size

    wanted = chosen(name, scope.options.profile, "standard")
    if wanted not in PROFILES:
        raise UsageError(f"--profile {wanted}: there is none of that name; write {', '.join(PROFILES)}")
    limits = scope.limits
    for flag, number in (("--rate", rate), ("--host-rate", host_rate)):
        if number is not None and not _SLOWEST <= number <= _FASTEST:      # no number either
            raise UsageError(f"{flag} {number:g}: write a number of connections a second, such as 50")
    typed_size = size(max_listing_bytes) if max_listing_bytes else None
    changes = {
        "rate": chosen(rate, limits.rate), "host_rate": chosen(host_rate, limits.host_rate),
        "depth": chosen(max_depth, limits.max_depth), "directories": chosen(max_pages, limits.max_pages),
        "listing_bytes": chosen(typed_size, limits.max_listing_bytes),
    }
    return replace(PROFILES[wanted], **{key: value for key, value in changes.items() if value is not None})


def ssh_none_of(typed: bool | None, scope: Scope) -> bool:
    """Whether SSH servers are asked to let a stranger in. Raises UsageError where that cannot be done here."""
    wanted = bool(chosen(typed, scope.options.ssh_none))
    if wanted and find_spec("asyncssh") is None:
        raise UsageError("--ssh-none wants asyncssh: pip install 'earshot[ssh]', or leave the option out")
    return wanted


def home() -> Path:
    """The user's folder for states (XDG Base Directory specification on Unix)."""
    if local := os.environ.get("LOCALAPPDATA"):
        return Path(local) / "earshot"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "earshot"


def state_path(typed: str | None, scope: Scope) -> Path | None:
    """Where the state of this scope is kept; None: in memory only."""
    wanted = chosen(typed, scope.options.state)
    if wanted == ":memory:":
        return None
    return Path(wanted) if wanted else home() / f"{scope.targets_sha256[:16]}.sqlite"
