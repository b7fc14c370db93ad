"""The account: what the state holds of a scan, put together as a report. No network; works long after the scan too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import scanner
from scanner.assess import findings
from scanner.census import StoreSeen
from scanner.discover import KnockState
from scanner.filenames import mask_quoted
from scanner.model import (
    Authorisation,
    Coverage,
    Doorway,
    Finding,
    Gap,
    Pack,
    Reason,
    Report,
    ScanInfo,
    TargetCoverage,
    Tool,
)
from scanner.net.ledger import Ledger
from scanner.report.entries import level
from scanner.scan.desk import Marks
from scanner.scan.showing import SHOWN_LIMIT
from scanner.signature import Knowledge
from scanner.state import ScanRow, State

_NOT_ANSWERED = {KnockState.SILENT.value: Reason.TIMEOUT, KnockState.UNREACHABLE.value: Reason.UNREACHABLE}
_SAID = {Reason.TIMEOUT: "no answer to a connection", Reason.UNREACHABLE: "the network says that there is no way"}
_NAMED_ADDRESSES = 3                     # addresses written out in a grouped gap


def report_of(state: State, scan: str, knowledge: Knowledge) -> Report:
    """The report of a scan, finished or not. Raises StateError when there is no such scan."""
    row = state.scan(scan)
    found = _findings(state, row, knowledge)
    knocks = state.knocks(scan)
    gaps = [*_silence(row, knocks), *_grouped(state.gaps(scan))]
    ledger = Ledger()
    ledger.restore(row.totals)
    return Report(
        tool=Tool(name="earshot", version=scanner.__version__),
        signatures=Pack(**row.facts["signatures"]),
        scan=_info(row, knowledge),
        coverage=_coverage(state, row, knocks, gaps, found),
        findings=found, gaps=tuple(gaps), conduct=ledger.conduct())


def settle(state: State, scan: str, knowledge: Knowledge) -> None:
    """At the end of a scan: tell findings that are new from those known before, and remember all of their doors."""
    found = findings(_stores(state, scan), knowledge)
    known = _known(state, scan, found)
    for finding in found:
        state.remember(scan, known[finding.id][0], [_place(door) for door in finding.doors])
    state.facts(scan, known=known)


def _known(state: State, scan: str, found: Sequence[Finding]) -> dict[str, tuple[str, str]]:
    """Finding -> the name it is known by, and its status. A store that has come apart keeps its name once."""
    before = {finding.id: state.known_as([_place(door) for door in finding.doors], besides=scan) for finding in found}
    taken = set(before)
    known: dict[str, tuple[str, str]] = {}
    for name, names in before.items():
        old = name if name in names else next((old for old in names if old not in taken), name)
        taken.add(old)
        known[name] = (old, "open" if names else "new")
    return known


def _findings(state: State, row: ScanRow, knowledge: Knowledge) -> tuple[Finding, ...]:
    found = findings(_stores(state, row.id), knowledge)
    known = {**_known(state, row.id, found), **row.facts.get("known", {})}
    if row.facts.get("show_names"):
        shown = _shown(state, row.id)
        found = tuple(_with_names(finding, shown) for finding in found)
    return tuple(_since(state, _as_known(finding, known)) for finding in found)


def _stores(state: State, scan: str) -> list[StoreSeen]:
    kept = list(state.stores(scan))
    marks = {(row.door, row.root): Marks.from_json(row.marks) for row, _ in kept}
    twins = {place.row.door: place.row.same_as for place in state.places(scan) if place.row.same_as is not None}
    return [StoreSeen(doors=(row.seen, *also), census=row.census, root=marks[row.door, row.root].root,
                      tops=frozenset(marks[row.door, row.root].tops), visible=marks[row.door, row.root].visible)
            for row, also in kept
            if not _shown_by_twin(marks[row.door, row.root], marks.get(twins.get(row.door, (0, ""))))]


def _shown_by_twin(own: Marks, twin: Marks | None) -> bool:
    """Whether a hidden folder was met behind two doors at once, before either was known to show it."""
    return twin is not None and own.lies_in(twin)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Entries as one door shows them of one store."""

    root: str                                # masked URL
    entries: tuple[str, ...]
    twin: bool                               # only its first folders were read: another door shows the same

    def of_root(self) -> list[str]:
        """Those directly in the root."""
        depth = self.root.count("/") - 2     # the two of the scheme
        return [entry for entry in self.entries if level(entry)[0] == depth]


_Doors = Mapping[tuple[str, int, str | None], Sequence[_Shown]]


def _shown(state: State, scan: str) -> _Doors:
    """(address, port, host) -> its stores, with names as shown."""
    doors = defaultdict[tuple[str, int, str | None], list[_Shown]](list)
    for row in (place.row for place in state.places(scan)):
        there = row.seen.endpoint
        doors[str(there.address), there.port, there.host].append(
            _Shown(there.url(mask_quoted(row.seen.root)), state.shown(row.door, row.root), row.same_as is not None))
    return doors


def _with_names(finding: Finding, shown: _Doors) -> Finding:
    """The finding with its entries, those of the root first; each door with its own root where there are several."""
    of_doors = [[one for one in shown.get((door.address, door.port, door.host), ()) if one.root.startswith(door.url)]
                for door in finding.doors]
    names = {entry for stores in of_doors for one in stores if not one.twin for entry in one.entries}
    doors = finding.doors if len(finding.doors) == 1 else tuple(
        replace(door, entries=_sorted(entry for one in stores if one.root == door.url for entry in one.of_root()))
        for door, stores in zip(finding.doors, of_doors, strict=True))
    return replace(finding, doors=doors, store=replace(finding.store, entries=_sorted(names)))


def _sorted(entries: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(entries, key=level)[:SHOWN_LIMIT])


def _as_known(finding: Finding, known: Mapping[str, tuple[str, str]]) -> Finding:
    name, status = known.get(finding.id, (finding.id, finding.status))
    return replace(finding, id=name, status=status)


def _since(state: State, finding: Finding) -> Finding:
    """With the earliest that it was seen: now, or when an earlier scan put it down."""
    before = state.first_seen(finding.id)
    seen = [when for when in (finding.first_seen, before and _utc(before)) if when]
    return replace(finding, first_seen=min(seen, default=None))


def _place(door: Doorway) -> str:
    return f"{door.protocol}|{door.host or door.address}|{door.port}|{door.url.split('/', 3)[-1]}"


def _info(row: ScanRow, knowledge: Knowledge) -> ScanInfo:
    facts = row.facts
    return ScanInfo(
        id=row.id, started=_utc(row.started), finished=None if row.finished is None else _utc(row.finished),
        complete=row.complete, profile=facts["profile"], scope_sha256=facts["scope_sha256"],
        authorisation=Authorisation(**facts["authorisation"]),
        show_names_reason=facts.get("show_names"), score_table=knowledge.score.name,
        score_sha256=knowledge.table.sha256, score_differs=knowledge.table.differs,
        user_agent=facts.get("user_agent", ""))


def _utc(when: Any) -> str:
    return str(when.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _coverage(state: State, row: ScanRow, knocks: Mapping[tuple[int, int, str], int], gaps: Iterable[Gap],
              found: Iterable[Finding]) -> Coverage:
    outcomes, reasons = Counter[str](), Counter[str]()
    for (_, _, outcome), count in knocks.items():
        outcomes[outcome] += count
    for gap in gaps:
        reasons[gap.reason.value] += gap.count
    return Coverage(
        addresses=row.facts["addresses"], ports_tried=outcomes.total(), ports_open=outcomes[KnockState.OPEN.value],
        endpoints=state.doors(row.id), gaps=dict(sorted(reasons.items())),
        targets=tuple(_targets(state, row, knocks, found)))


def _targets(state: State, row: ScanRow, knocks: Mapping[tuple[int, int, str], int],
             found: Iterable[Finding]) -> list[TargetCoverage]:
    answered = state.answered(row.id)
    opened, with_finding = Counter[int](), Counter[str | None]()
    for (target, _, outcome), count in knocks.items():
        opened[target] += count if outcome == KnockState.OPEN.value else 0
    for finding in found:
        with_finding.update({door.target for door in finding.doors})
    return [
        TargetCoverage(label=target["label"], what=target["what"], addresses=target["addresses"],
                       answered=answered.get(i, 0) or len(state.answered_addresses(row.id, target.get("at", ()))),
                       endpoints=opened[i],
                       findings=with_finding[target["label"] or target["what"]])
        for i, target in enumerate(row.facts["targets"])
    ]


def _silence(row: ScanRow, knocks: Mapping[tuple[int, int, str], int]) -> list[Gap]:
    """Pairs that did not answer, by target: silence within a range is coverage, not a fault."""
    silent: dict[tuple[int, Reason], dict[int, int]] = defaultdict(dict)
    for (target, port, outcome), count in sorted(knocks.items()):
        if outcome in _NOT_ANSWERED:
            silent[target, _NOT_ANSWERED[outcome]][port] = count
    return [
        Gap(addresses=row.facts["targets"][target]["what"], ports=",".join(map(str, ports)), probe="connect",
            reason=reason, detail=_SAID[reason], count=sum(ports.values()))
        for (target, reason), ports in silent.items()
    ]


def _grouped(gaps: Iterable[Gap]) -> list[Gap]:
    """Alike at several addresses stands once; so does alike at several ports, as SMB's two lead to the same shares."""
    alike: dict[tuple[str, str, Reason, str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        alike[gap.ports, gap.probe, gap.reason, gap.detail].append(gap)
    at_ports: dict[tuple[str, Reason, str, tuple[str, ...]], list[Gap]] = defaultdict(list)
    for group in alike.values():
        addresses = tuple(gap.addresses for gap in group)
        one = replace(group[0], addresses=_several(addresses), count=sum(gap.count for gap in group))
        at_ports[one.probe, one.reason, one.detail, addresses].append(one)
    return [replace(group[0], ports=",".join(gap.ports for gap in group), count=sum(gap.count for gap in group))
            for group in at_ports.values()]


def _several(addresses: Sequence[str]) -> str:
    more = len(addresses) - _NAMED_ADDRESSES
    named = ", ".join(addresses[:_NAMED_ADDRESSES])
    return f"{named} and {more} more" if more > 0 else named
