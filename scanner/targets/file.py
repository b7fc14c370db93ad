"""The scope file: TOML read into values, its mistakes told with file, line and remedy. Contacts nobody.

Unknown keys are errors: a misspelt `exclude` must not scan what was meant to be left alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from scanner.errors import ScopeError, TargetError
from scanner.model import Authorisation, Owner, Setting, Vantage
from scanner.targets.form import AuthorisationTable, Limits, ScanOptions, ScopeTable, TargetTable
from scanner.targets.mistakes import line_of, lines_of_values, told
from scanner.targets.numbers import ports_of
from scanner.targets.target import Exclusion, Target
from scanner.targets.text import parse, parse_exclusion

_LARGEST = 16 << 20
_SOON = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A scope file, understood."""

    path: Path
    authorisation: Authorisation | None
    targets: tuple[Target, ...]
    exclusions: tuple[Exclusion, ...]
    limits: Limits
    options: ScanOptions
    score_table: Path | None                 # beside the scope file unless absolute
    warnings: tuple[str, ...] = ()


def load(path: Path, *, today: date) -> Declared:
    """Read a scope file. Raises ScopeError or TargetError, one line, with the place and the remedy."""
    text = _text(path)
    table = _table(path, text)
    authorisation, warnings = _authorisation(path, text, table.authorisation, today)
    targets, exclusions = _targets(path, text, table, granted=authorisation is not None)
    return Declared(
        path=path, authorisation=authorisation, targets=targets, exclusions=exclusions,
        limits=table.limits, options=table.scan, warnings=warnings,
        score_table=path.parent / table.score.table if table.score else None,
    )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise ScopeError(f"{path}: cannot be read ({error.strerror}); give a scope file that can") from None
    if len(raw) > _LARGEST:
        raise ScopeError(f"{path}: is larger than 16 MiB, and no scope file is; give long lists with -l FILE")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScopeError(f"{path}:{line}: is not UTF-8; save the scope file as UTF-8") from None


def _table(path: Path, text: str) -> ScopeTable:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScopeError(f"{path}: is no valid TOML: {error}; text stands in quotes, dates without") from None
    try:
        return ScopeTable.model_validate(data)
    except ValidationError as error:
        raise ScopeError(told(path, text, error)) from None


def _authorisation(
    path: Path, text: str, table: AuthorisationTable | None, today: date
) -> tuple[Authorisation | None, tuple[str, ...]]:
    if table is None:
        return None, ()
    _check_dates(path, text, table, today)
    found = Authorisation(
        organisation=table.organisation, authorised_by=table.authorised_by, reference=table.reference,
        valid_from=table.valid_from.isoformat() if table.valid_from else None,
        valid_until=table.valid_until.isoformat() if table.valid_until else None, contact=table.contact,
    )
    return found, tuple(_warnings(path, table, today))


def _check_dates(path: Path, text: str, table: AuthorisationTable, today: date) -> None:
    if table.valid_until and table.valid_until < today:
        place = _place(path, line_of(text, ("authorisation", "valid_until")))
        raise ScopeError(f"{place}: the authorisation expired on {table.valid_until}; have it renewed")
    if table.valid_from and table.valid_from > today:
        place = _place(path, line_of(text, ("authorisation", "valid_from")))
        raise ScopeError(f"{place}: the authorisation is not valid before {table.valid_from}; have it changed, or wait")


def _warnings(path: Path, table: AuthorisationTable, today: date) -> Iterator[str]:
    if table.valid_until and (left := (table.valid_until - today).days) <= _SOON:
        yield f"{path}: the authorisation ends on {table.valid_until}, {'today' if not left else f'in {left} days'}"
    if table.contact is None:
        yield f"{path}: no contact under [authorisation]: whoever sees the scan does not know whom to ask"


def _targets(
    path: Path, text: str, table: ScopeTable, *, granted: bool
) -> tuple[tuple[Target, ...], tuple[Exclusion, ...]]:
    targets: list[Target] = []
    exclusions: list[Exclusion] = []
    for i, entry in enumerate(table.target):
        base = _base(entry, granted=granted)
        wheres = (_place(path, line) for line in lines_of_values(text, ("target", i, "what"), entry.what))
        targets += (_in_table(base, parse(what, where=where)) for what, where in zip(entry.what, wheres, strict=True))
        wheres = (_place(path, line) for line in lines_of_values(text, ("target", i, "exclude"), entry.exclude))
        exclusions += (parse_exclusion(what, where=where) for what, where in zip(entry.exclude, wheres, strict=True))
    if not targets:
        raise ScopeError(f"{path}: names no target; write [[target]] and below it what = [\"192.0.2.0/24\"]")
    return tuple(targets), tuple(exclusions)


def _base(entry: TargetTable, *, granted: bool) -> Target:
    """What all targets of one table share."""
    owner = Owner(label=entry.label, controller=entry.controller, processor=entry.processor,
                  sub_processor=entry.sub_processor, hosting=entry.hosting)
    setting = Setting(owner=owner, context=tuple(entry.context), vantage=Vantage(entry.vantage),
                      regions=tuple(entry.region))
    ports = None if entry.ports is None else ports_of(entry.ports)
    return Target(what="", ports=ports, setting=setting, resolve=entry.resolve, granted=granted,
                  ssh_user=entry.ssh_user)


def _in_table(base: Target, target: Target) -> Target:
    if base.ports and target.ports and not set(target.ports) <= set(base.ports):
        raise TargetError(f"{target.where}: {target.what} has a port that `ports` of its table leaves out; "
                          "add it there, or put the target into a table of its own")
    return replace(target, ports=target.ports or base.ports, setting=base.setting, resolve=base.resolve,
                   granted=base.granted, ssh_user=base.ssh_user)


def _place(path: Path, line: int | None) -> str:
    return f"{path}:{line}" if line else str(path)
