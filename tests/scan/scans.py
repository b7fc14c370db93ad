"""A scan of sites on loopback, as the command line runs it, but for the console."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from scanner.model import DoorSeen, Finding, Gap, Report
from scanner.scan import Outcome
from scanner.scan.profile import PROFILES, Profile
from scanner.scan.session import Session
from scanner.scope import Scope, build
from scanner.signature import load
from scanner.state import ScanRow, State, StoreRow
from scanner.targets import parse, read_list

TODAY = date(2026, 11, 21)
QUICK = replace(PROFILES["standard"], rate=5000, host_rate=5000)


@dataclass
class Watching:
    """What a user would see while it runs."""

    stores: list[StoreRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)

    def store(self, row: StoreRow, also: list[DoorSeen]) -> None:
        self.stores.append(row)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def asked(self, line: Callable[[], str]) -> None:
        self.asks.append(line())


@dataclass
class Done:
    """A scan that has ended."""

    report: Report
    row: ScanRow
    outcome: Outcome
    state: State
    watching: Watching

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings

    def gaps(self, reason: str | None = None) -> list[Gap]:
        return [gap for gap in self.report.gaps if reason in (None, gap.reason.value)]

    def gap(self, reason: str) -> int:
        return self.report.coverage.gaps.get(reason, 0)


def scope_of(*targets: str, exclude: Sequence[str] = (), ports: Sequence[int] | None = None) -> Scope:
    excluded = read_list([f"!{text}" for text in exclude], where="test")
    return build(
        targets=[parse(text, where="test") for text in targets],
        exclude=list(excluded),  # type: ignore[arg-type]
        ports=tuple(ports) if ports else None,
        authorised_by="the owner",
        today=TODAY,
    )


def session_of(
    scope: Scope,
    *,
    state: State | None = None,
    profile: Profile = QUICK,
    names: Mapping[str, str] | None = None,
    **more: Any,
) -> Session:
    """`names`: host name -> address, in the place of a resolver."""

    async def resolved(scope: Scope, known: Mapping[str, Any]) -> dict[str, Any]:
        return {host: (ip_address((names or {})[host]),) for host in scope.hosts}

    return Session(
        scope=scope,
        knowledge=more.pop("knowledge", None) or load(),
        profile=profile,
        state=state or State(None),
        watcher=more.pop("watcher", None) or Watching(),
        contact="security@example.org",
        today=TODAY,
        resolve=resolved,
        **more,
    )


async def scan(*targets: str, exclude: Sequence[str] = (), ports: Sequence[int] | None = None, **more: Any) -> Done:
    """Scan until the end."""
    return await finish(session_of(scope_of(*targets, exclude=exclude, ports=ports), **more))


async def finish(session: Session) -> Done:
    row, outcome = await session.run()
    assert isinstance(session.watcher, Watching)
    return Done(session.report(row.id), session.state.scan(row.id), outcome, session.state, session.watcher)


async def stop_after(session: Session, seconds: float) -> Done:
    asyncio.get_running_loop().call_later(seconds, session.stop.set)
    return await finish(session)


def state_in(folder: Path) -> State:
    return State(folder / "private" / "state.sqlite")


def files(findings: Sequence[Finding]) -> list[int]:
    return [finding.store.files for finding in findings]
