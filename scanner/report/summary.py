"""The first page of the HTML report: the answer, what it rests on, and what it does not know.

Pure words and numbers for the template. It must not make a silence look like a clean bill: whatever was not
seen is counted here, whether or not anything was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from scanner.model import Authorisation, Conduct, Finding, Gap, Report, Severity, TargetCoverage
from scanner.report import words
from scanner.report.owners import groups
from scanner.report.view import worst

LOGINS = 100                                 # groups of logins in clear that are named apart
GAP_ROWS = 500                               # groups of gaps in the page; the JSON report has them all


def summary(report: Report) -> dict[str, Any]:
    """All that the first page says, by the names that the template uses."""
    return {
        "started": words.moment(report.scan.started),
        "finished": words.moment(report.scan.finished) or "not finished",
        "headline": headline(report),
        "lead": [*_lead(worst(report.findings))],
        "bar": _levels(report.findings),
        "clock": any(f.severity >= Severity.MEDIUM for f in report.findings),
        "unknown": unknown(report),
        "reasons": [*_reasons(report)],
        "seen": _seen(report),
        "silent": [t for t in report.coverage.targets if not t.answered],
        "did": [*_did(report.conduct)],
        "never": _never(report.conduct),
        "kept": all(promise["ok"] for promise in _never(report.conduct)),
        "permission": [*_permission(report.scan.authorisation)],
        "targets": [*map(_target, report.coverage.targets)],
        "in_clear": [*_in_clear(report.gaps)],
        "gaps": [_gap(gap) for gap in report.gaps[:GAP_ROWS]],
        "gaps_left": max(len(report.gaps) - GAP_ROWS, 0),
    }


def owned(findings: Sequence[Finding]) -> list[list[Any]]:
    """A row for each controller: what lies open of theirs, and how bad the worst of it is."""
    return [[group.controller, f"{len(group.findings):,}", ("" if group.complete else "≥ ") + f"{group.files:,}",
             f"{group.hours:,.0f}", f"{group.people:,}", group.severity.label, words.severity(group.severity),
             f"{group.worst.score:g}"] for group in groups(findings)]


def headline(report: Report) -> str:
    """The answer in one sentence."""
    found = worst(report.findings)
    if not found:
        return "Nothing personal was found in the open" if report.findings else "Nothing open was found"
    vantages = {f.vantage for f in found}
    who = words.VANTAGES[vantages.pop()] if len(vantages) == 1 else "anyone who can reach them"
    files = sum(f.store.files for f in found)
    at_least = "" if all(f.store.complete for f in found) else "At least "
    lie = "lies" if files == 1 else "lie"
    return f"{at_least}{words.count(files, 'file')} in {words.count(len(found), 'store')} {lie} open to {who}"


def unknown(report: Report) -> int:
    """How many questions are left open: gaps whose reason is no answer."""
    return words.open_questions(report.coverage.gaps)


def _lead(found: list[Finding]) -> Iterator[str]:
    audio = sum(f.store.kinds["audio"].files for f in found if "audio" in f.store.kinds)
    if audio:
        hours = sum(f.store.hours.best for f in found if f.store.hours)
        yield words.count(audio, "audio file") + (f", about {words.hours(hours)}" if hours else "")
    people: Counter[str] = Counter()
    for person in (p for f in found for p in f.store.people):
        people[person.kind] += person.files
    for kind, files in people.most_common(3):
        yield f"{words.count(files, 'file name')} with a {words.identifier(kind)}"
    live = sum(f.store.live for f in found)
    if live:
        yield f"{words.count(live, 'store')} still growing"


def _levels(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Each level with its count and its stretch of a bar of 1000."""
    counts = Counter(f.severity for f in findings)
    shares = {level: max(1000 * counts[level] // len(findings), 25) for level in Severity if counts[level]}
    whole, x, made = sum(shares.values()), 0, []
    for level in sorted(Severity, reverse=True):
        width = 1000 * shares.get(level, 0) // (whole or 1)
        made.append({"s": level.label, "w": words.severity(level), "n": counts[level], "x": x, "width": width})
        x += width
    return made


def _seen(report: Report) -> list[list[str]]:
    covered = report.coverage
    return [
        ["addresses in scope", f"{covered.addresses:,}"],
        ["ports tried", f"{covered.ports_tried:,}"],
        ["ports open", f"{covered.ports_open:,}"],
        ["doors looked at", f"{covered.endpoints:,}"],
    ]


def _answers(reason: str) -> bool:
    return reason in words.ANSWERS


def _reasons(report: Report) -> Iterator[dict[str, Any]]:
    """Gaps by reason, those that leave a question open first, most of them first."""
    order = sorted(report.coverage.gaps.items(), key=lambda item: (_answers(item[0]), -item[1], item[0]))
    for reason, count in order:
        short, meaning = words.REASONS.get(reason, (reason, ""))
        yield {"short": short, "meaning": meaning, "n": count, "answer": _answers(reason)}


def _did(conduct: Conduct) -> Iterator[list[str]]:
    verbs = ", ".join(f"{verb} {count:,}" for verb, count in sorted(conduct.requests.items()))
    yield ["Requests", verbs or "none"]
    yield ["Sent", words.size(conduct.bytes_sent)]
    yield ["Received", words.size(conduct.bytes_received)]
    yield ["Addresses contacted", f"{conduct.addresses_contacted:,}"]
    yield ["Scanned from", ", ".join(conduct.source_addresses) or "not recorded"]
    if conduct.declared_by_nmap:
        yield ["Contacts declared by nmap", f"{conduct.declared_by_nmap:,}, not measured"]


def _never(conduct: Conduct) -> list[dict[str, Any]]:
    """What it did not do, from the ledger. A promise that did not hold is said as loudly."""
    opened = conduct.file_contents_requested
    refused = words.count(conduct.refused_bodies, "answer")
    return [
        {"n": f"{opened:,}", "ok": opened == 0, "says": "requests for the contents of a file"},
        {"n": f"{conduct.largest_refused_body:,}", "ok": conduct.largest_refused_body <= 1024,
         "says": f"bytes at most read of a body that was no listing ({refused} broken off)"},
    ]  # fmt: skip


def _permission(given: Authorisation) -> Iterator[list[str | None]]:
    known = given.valid_from or given.valid_until
    valid = f"{given.valid_from or '…'} to {given.valid_until or '…'}" if known else None
    yield ["Organisation", given.organisation]
    yield ["Authorised by", given.authorised_by]
    yield ["Reference", given.reference]
    yield ["Valid", valid]
    yield ["Contact", given.contact]


def _target(target: TargetCoverage) -> list[Any]:
    numbers = [f"{n:,}" for n in (target.addresses, target.answered, target.endpoints, target.findings)]
    return [target.label, target.what, *numbers, not target.answered]


def _in_clear(gaps: Sequence[Gap]) -> Iterator[list[str]]:
    """Logins whose passwords anybody on the way can read, as `imap 192.0.2.7, port 143` and what was said of them."""
    for gap in islice(filter(words.in_clear, gaps), LOGINS):
        yield [f"{gap.probe} {gap.addresses}, port {gap.ports}", gap.detail]


def _gap(gap: Gap) -> list[str]:
    short = words.REASONS[gap.reason][0]
    return [f"{gap.count:,}", short, gap.detail, gap.addresses, gap.ports, gap.probe]
