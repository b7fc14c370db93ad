"""The incident pack: what the scan did, who is concerned, and a draft for every finding that shows anything personal.

For a data-protection officer: it says what may have to be told to whom, from lists of names alone. It decides nothing,
opens nothing, and never shows a name that is not masked, whatever the scan was allowed to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from scanner.model import Conduct, Deadline, Finding, Report, Severity
from scanner.report import words
from scanner.report.incident.clocks import KINDS, clocks, moment, said
from scanner.report.incident.draft import NO_ADVICE, draft
from scanner.report.incident.form import (
    Blank,
    Block,
    Cell,
    Document,
    Facts,
    Grid,
    Machine,
    Section,
    Words,
    known,
    machines,
)
from scanner.report.owners import Group, groups

_SOURCE_HEAD = ("Rule", "Source", "What it is", "What was read", "As of")
_STALE = "Rules change, and pages may be older than the day on which they were read: check before you rely on one."


def pack(report: Report, deadlines: Sequence[Deadline], *, by_owner: bool = False) -> Document:
    """The whole pack; `by_owner`: drafts under a heading for each controller."""
    told = [finding for finding in report.findings if finding.severity >= Severity.LOW]
    whose = groups(told)
    organisation = report.scan.authorisation.organisation or "organisation not recorded"
    names = dict.fromkeys([organisation, *([whose[0].name] if len(whose) == 1 and by_owner else [])])
    return Document(f"Incident pack – {', '.join(names)}", tuple(_notices(report)), chain(
        [_overview(report, told, whose), _conduct(report)],
        _drafts(report, whose, told, deadlines, by_owner=by_owner), _sources(told, deadlines)))


def _notices(report: Report) -> Iterator[str]:
    yield ("Confidential draft, made from lists of names of files; no file was opened. Blanks are for you to fill in. "
           f"{NO_ADVICE}")
    if not report.scan.complete:
        yield "The scan is not complete: what is missing here may be open."


def _overview(report: Report, told: Sequence[Finding], whose: Sequence[Group]) -> Section:
    scan, left_out = report.scan, words.count(len(report.findings) - len(told), "finding")
    questions = words.open_questions(report.coverage.gaps)
    rows: list[tuple[str, tuple[Cell, ...]]] = [
        ("Scan", (Machine(scan.id), f"{said(moment(scan.started))} to {said(moment(scan.finished))}")),
        ("Authorised by", (known(scan.authorisation.authorised_by),)),
        ("Reference", (known(scan.authorisation.reference),)),
        ("Drafts in this pack", (words.count(len(told), "finding") + " of severity low and above",)),
        ("Left out", (f"{left_out} of severity info, in which nothing personal was seen",)),
        ("Questions left open", (f"{questions:,}; what gave no answer is not known to be closed",)),
    ]
    blocks: list[Block] = [Facts(tuple(rows))]
    head = ("Controller", "Stores", "Files", "Hours", "Names of people", "Worst", "Stop first")
    nothing = Words("No finding shows anything personal.")
    blocks.append(Grid(head, tuple(map(_group, whose))) if told else nothing)
    return Section("Overview", tuple(blocks))


def _group(group: Group) -> tuple[Cell, ...]:
    at_least = "" if group.complete else "at least "
    worst = f"{words.severity(group.severity)}, {group.worst.score:g}"
    return (group.controller or Blank(group.name), f"{len(group.findings):,}", f"{at_least}{group.files:,}",
            f"{group.hours:,.0f}", f"{group.people:,}", worst, Machine(group.worst.doors[0].url))


def _conduct(report: Report) -> Section:
    """Evidence of what the scan did, for whoever asks whether it was the breach."""
    return Section("What the scan did", (Facts(tuple(_did(report.conduct, report.scan.user_agent))),))


def _did(conduct: Conduct, agent: str) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    verbs = ", ".join(f"{verb} {count:,}" for verb, count in sorted(conduct.requests.items()))
    yield "File contents requested", (f"{conduct.file_contents_requested:,}",)
    yield "Requests", (verbs or "none",)
    yield "User-Agent", (Machine(agent) if agent else Blank("not recorded"),)
    yield "From addresses", machines(conduct.source_addresses) or (Blank("not recorded"),)
    yield "Bytes", (f"{conduct.bytes_sent:,} sent, {conduct.bytes_received:,} received",)
    yield "Addresses contacted", (f"{conduct.addresses_contacted:,}",)
    refused = words.count(conduct.refused_bodies, "answer")
    yield "Answers that were no listing", (
        f"{refused} broken off, at most {words.count(conduct.largest_refused_body, 'byte')} read of any",)
    if conduct.declared_by_nmap:
        yield "Contacts declared by nmap", (f"{conduct.declared_by_nmap:,}, not measured",)


def _drafts(report: Report, whose: Sequence[Group], told: Sequence[Finding], deadlines: Sequence[Deadline],
            *, by_owner: bool) -> Iterator[Section]:
    number = {finding.id: rank for rank, finding in enumerate(told, 1)}
    if not by_owner:
        yield from (draft(number[finding.id], finding, report, deadlines) for finding in told)
        return
    for group in whose:
        drafts = (draft(number[finding.id], finding, report, deadlines) for finding in group.findings)
        yield Section(f"Controller: {group.name}", (), drafts)


def _sources(told: Sequence[Finding], deadlines: Sequence[Deadline]) -> Iterator[Section]:
    """Where the rules that were named come from, each once."""
    used = {clock.deadline.id for finding in told for clock in clocks(finding, deadlines)}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (rule.law, Machine(rule.source), KINDS.get(rule.kind, rule.kind), rule.read, rule.as_of)
        for rule in deadlines if rule.id in used)
    if rows:
        yield Section("Where the time limits were read", (Words(_STALE), Grid(_SOURCE_HEAD, rows)))
