"""A session: one run of the command on one scan, new or gone on with, from the permission to the report."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from ipaddress import ip_address
from typing import Any

from scanner.aside import aside
from scanner.discover import Sweep, at_once, in_flight_limit
from scanner.filenames import mask_target
from scanner.model import Address, Endpoint, Gap, Reason, Report
from scanner.net import Limits, Net, agent
from scanner.net.ledger import Contact, Ledger
from scanner.net.names import MOST
from scanner.net.pace import Pace
from scanner.scan import Outcome, judge, run
from scanner.scan.account import report_of, settle
from scanner.scan.journal import Journal
from scanner.scan.knocking import knock_sweep, nmap_sweep_in_window
from scanner.scan.naming import NameFault, answers
from scanner.scan.profile import Profile
from scanner.scan.site import Progress, Site, Watcher
from scanner.scope import Scope
from scanner.signature import Knowledge
from scanner.state import ScanRow, State

Resolver = Callable[[Scope, Mapping[str, Sequence[Address]]], Awaitable[Mapping[str, tuple[Address, ...] | NameFault]]]
DRAIN = 5.0                              # seconds that work under way gets once the scan is to stop
_FEW = 16                                # addresses of a target that are kept with the scan


@dataclass(slots=True, kw_only=True)
class Session:
    """The parts of one run. `scope` is as written; names are resolved here, once a scan."""

    scope: Scope
    knowledge: Knowledge
    profile: Profile
    state: State
    watcher: Watcher
    contact: str | None = None
    engine: str = "connect"              # or nmap
    show_names: str | None = None        # the reason that was given
    ssh_none: bool = False               # may SSH servers be asked to let a stranger in?
    judged_by: Mapping[str, Any] = field(default_factory=dict)   # where signatures and score table came from
    fresh: bool = False
    today: date = field(default_factory=lambda: datetime.now(UTC).astimezone().date())
    opening: Callable[[], float] = lambda: 0.0   # seconds until work is allowed
    sinks: Sequence[Callable[[Contact], None]] = ()
    resolve: Resolver = answers
    limits: Limits = field(default_factory=Limits)      # of one connection; a listing's bytes are the profile's
    progress: Progress = field(default_factory=Progress)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    pinned: Scope | None = field(default=None, init=False)      # with its names tied to addresses, once they are
    net: Net | None = field(default=None, init=False)    # its one door to the network, once it is open
    scan: str | None = field(default=None, init=False)   # its id, once it has begun; until then nothing was sent

    def further(self, address: Address, port: int) -> bool:
        """Whether a second connection of a protocol is being made there. See `Dialler.further`."""
        return self.net is not None and self.net.further(address, port)

    @property
    def identity(self) -> str:
        """What makes it the same scan: see `_identity`."""
        return _identity(self)

    def earlier(self) -> tuple[ScanRow | None, bool]:
        """The unfinished scan that this one goes on with, or would but for its age; and whether it is too old."""
        old = None if self.fresh else self.state.left_over(self.identity)
        return old, old is not None and self.state.unfinished(self.identity) is None

    async def run(self) -> tuple[ScanRow, Outcome]:
        """Scan until nothing is left or `stop` is set. Raises StateError when what is seen cannot be kept."""
        identity = self.identity
        old = None if self.fresh else self.state.unfinished(identity)
        found = await self.resolve(self.scope, _pins(old))
        scope = await aside(self.scope.pinned, found)
        await aside(scope.require_authorisation, self.today)
        self.pinned = scope
        facts = await aside(_facts, self, scope, found)
        with self.state.transaction():
            row = self.state.begin(identity, facts, fresh=self.fresh)
            if old is None:
                self.state.put_gaps(row.id, _unpinned(scope, found))
            elif old.facts.get("layout") != scope.layout:    # the numbers of pairs mean something else now
                self.state.unknock(row.id)
        self.scan = row.id
        async with Journal(self.state) as journal:
            site = self._site(scope, journal, row)
            account = asyncio.create_task(_keep_account(site))
            try:
                fault = await self._drained(site)
            finally:
                account.cancel()
                await asyncio.gather(account, return_exceptions=True)
            outcome = await judge(site, fault)
            await journal.do(lambda state: self._close(state, site, outcome))
        return row, outcome

    def report(self, scan: str) -> Report:
        """The report of what is kept so far."""
        return report_of(self.state, scan, self.knowledge)

    def _site(self, scope: Scope, journal: Journal, row: ScanRow) -> Site:
        ledger = Ledger()
        ledger.restore(row.totals)
        ledger.sinks.extend(self.sinks)
        profile, limits = self.profile, replace(self.limits, listing_bytes=self.profile.listing_bytes)
        pace = Pace(profile.rate, profile.host_rate, at_once(profile.open_all or in_flight_limit()), profile.open_host,
                    longest=limits.wait)
        net = self.net = Net(scope, pace=pace, ledger=ledger, limits=limits, identity=self.contact,
                  ssh_user=_ssh_user(scope) if self.ssh_none else lambda _: None)
        return Site(
            scope=scope, net=net, journal=journal, knowledge=self.knowledge, profile=profile, scan=row,
            watcher=self.watcher, show_names=self.show_names is not None, stop=self.stop, opening=self.opening,
            progress=self.progress)

    async def _drained(self, site: Site) -> str | None:
        """Run; once the scan is to stop, what is under way gets a few seconds to end. What was this machine's fault."""
        work = asyncio.create_task(run(site, self._sweep(site)))
        stopped = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await asyncio.wait({work}, timeout=DRAIN)
        finally:
            stopped.cancel()
            work.cancel()
            await asyncio.wait({work})
        return None if work.cancelled() else work.result()

    def _sweep(self, site: Site) -> Sweep:
        if self.engine == "nmap":
            return nmap_sweep_in_window(site, rate=self.profile.rate)
        return knock_sweep(site, in_flight=at_once(self.profile.open_all or in_flight_limit()))

    def _close(self, state: State, site: Site, outcome: Outcome) -> None:
        state.totals(site.scan.id, site.net.ledger.totals())
        if outcome.ended:
            settle(state, site.scan.id, self.knowledge)
            state.finish(site.scan.id, complete=outcome.complete)


async def _keep_account(site: Site) -> None:
    """What the ledger counts is put down once a second: that much of it a kill can lose, and nothing else."""
    while True:
        await asyncio.sleep(1)
        totals = site.net.ledger.totals()
        await site.journal.do(lambda state, totals=totals: state.totals(site.scan.id, totals))  # type: ignore[misc]


def _identity(session: Session) -> str:
    """Targets, ports, profile, signatures, whether names are kept, and as whom SSH servers are asked.

    Exclusions and limits may tighten in between.
    """
    parts = [session.scope.targets_sha256, session.profile.name, session.knowledge.sha256]
    if session.show_names is not None:
        parts.append("names")
    if session.ssh_none:
        parts += ["ssh-none", *sorted({target.ssh_user for target in session.scope.targets})]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _ssh_user(scope: Scope) -> Callable[[Endpoint], str | None]:
    """Who is asked for at a door: whom its target names."""
    return lambda there: scope.setting_at(there.address, there.host, there.port)[0].ssh_user


def _pins(old: ScanRow | None) -> dict[str, tuple[Address, ...]]:
    """The addresses of names that the first run of a scan has found: later runs keep to them."""
    pins: Mapping[str, Sequence[str]] = old.facts.get("pins", {}) if old else {}
    return {host: tuple(ip_address(text) for text in texts) for host, texts in pins.items()}


def _facts(session: Session, scope: Scope, found: Mapping[str, tuple[Address, ...] | NameFault]) -> dict[str, Any]:
    """What a report needs of a scan long after."""
    return {
        "layout": scope.layout, "authorisation": asdict(scope.authorisation), "profile": session.profile.name,
        "scope_sha256": scope.sha256, "addresses": scope.addresses,
        "signatures": {"sha256": session.knowledge.sha256, "count": session.knowledge.count},
        "targets": [{"what": mask_target(target.what), "label": target.setting.owner.label, "addresses": count,
                     "at": at} for target, (count, at) in zip(scope.targets, _addresses(scope), strict=True)],
        "pins": {host: [str(address) for address in answer] for host, answer in found.items()
                 if not isinstance(answer, NameFault)},
        "show_names": session.show_names, "judged_by": dict(session.judged_by), "user_agent": agent(session.contact),
    }


def counts(scope: Scope) -> list[int]:
    """Addresses that each target names, or that its name is pinned to."""
    return [count for count, _ in _addresses(scope)]


def _addresses(scope: Scope) -> Iterator[tuple[int, list[str]]]:
    """Of each target how many, and which where they are few: several targets may name one address, and it is asked for
    the first of them alone.
    """
    for number, target in enumerate(scope.targets):
        pinned = scope.pins_of(number)
        count = sum(span.size for span in target.networks) + len(pinned)
        within = [str(span.first + i) for span in target.networks for i in range(span.size)] if count <= _FEW else []
        yield count, [*within, *(str(pin.address) for pin in pinned)] if count <= _FEW else []


def _unpinned(scope: Scope, found: Mapping[str, tuple[Address, ...] | NameFault]) -> list[Gap]:
    """Names that lead nowhere, to where the scope does not reach, or to more addresses than are kept."""
    nowhere = [Gap(addresses=host, ports="", probe="names", reason=Reason.NAME, detail=str(answer))
               for host, answer in found.items() if isinstance(answer, NameFault) and host in scope.hosts]
    refused = [Gap(addresses=refusal.host, ports="", probe="names", reason=Reason.OUT_OF_SCOPE, detail=refusal.reason)
               for refusal in scope.refusals if refusal.address is not None]
    many = [Gap(addresses=host, ports="", probe="names", reason=Reason.NOT_TRIED,
                detail=f"has {MOST} addresses or more: the first {MOST} are asked, and no others")
            for host, answer in found.items()
            if not isinstance(answer, NameFault) and len(answer) >= MOST and host in scope.hosts]
    return nowhere + refused + many
