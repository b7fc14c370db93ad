"""The report as a table for spreadsheets: RFC 4180, UTF-8, one row for each door of each finding.

A finding with two doors has two rows with one `id`: its counts stand in both, so sum over distinct ids. What
was not checked does not fit a table of findings: the other formats tell it. No cell is a formula to a
spreadsheet, and none holds a control character.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from scanner.model import Column, Doorway, Finding, People, Report
from scanner.report.owners import blanks
from scanner.report.show import show

COLUMNS = (
    "id", "severity", "score", "confidence", "urgency", "status", "title",
    "url", "protocol", "address", "host", "port", "tls", "access", "product", "target", "vantage", "tags",
    "files", "directories", "bytes", "bytes_exact", "complete", "cut_by", "first", "last", "live",
    "kinds", "hours_low", "hours_best", "hours_high", "people",
    "owner_label", "controller", "processor", "sub_processor", "hosting", "signatures", "remedy",
    "named_first", "named_last", "empty_recordings", "inflow", "words", "columns", "regions", "first_seen", "last_seen",
    "owner_blanks", "how",
)  # fmt: skip
_CELL = 2_000                                # characters: a spreadsheet takes 32,767
_DAYS = 14                                   # newest days of inflow
_FORMULA = re.compile(r"(^|;)([\s'\"]*)(?=[=+\-@＝＋－＠])")   # `;` ends a cell where the decimal sign is a comma


def chunks(report: Report) -> Iterator[str]:
    """The header line, then the rows, each ending in CR LF."""
    yield _row(COLUMNS)
    for finding in report.findings:
        yield from (_row(_cells(finding, door)) for door in finding.doors)


def cell(value: object) -> str:
    """The text of one cell: one printable line that no spreadsheet takes for a formula.

    A `'` goes before `= + - @` and their wide forms at the start, also after spaces and quotes, and wherever a
    cell would start for a program that parts cells at semicolons (CWE-1236, OWASP ASVS 5 1.2.10).
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = show(str(value), _CELL)
    return text if isinstance(value, int | float) else _FORMULA.sub(r"\1'\2", text)


def _row(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([cell(value) for value in cells])
    return line.getvalue()


def _cells(finding: Finding, door: Doorway) -> tuple[object, ...]:
    return (*_judgement(finding), *_door(finding, door), *_store(finding), *_owner(finding), *_more(finding), door.how)


def _judgement(finding: Finding) -> tuple[object, ...]:
    return (
        finding.id, finding.severity.label, finding.score, finding.confidence.label,
        finding.urgency, finding.status, finding.title,
    )  # fmt: skip


def _door(finding: Finding, door: Doorway) -> tuple[object, ...]:
    return (
        door.url, door.protocol, door.address, door.host, door.port, door.tls, door.access.value, door.product,
        door.target, finding.vantage.value, " ".join(finding.tags),
    )  # fmt: skip


def _store(finding: Finding) -> tuple[object, ...]:
    store, hours = finding.store, finding.store.hours
    kinds = " | ".join(f"{kind}: {tally.files} files, {tally.bytes} bytes" for kind, tally in store.kinds.items())
    return (
        store.files, store.directories, store.bytes, store.bytes_exact, store.complete, store.cut_by,
        store.first, store.last, store.live, kinds,
        *((hours.low, hours.best, hours.high) if hours else (None, None, None)),
        " | ".join(map(_people, store.people)),
    )  # fmt: skip


def _people(people: People) -> str:
    return f"{people.kind}: {people.files} files, {people.distinct} distinct, {people.certainty.label}"


def _owner(finding: Finding) -> tuple[object, ...]:
    owner = finding.owner
    return (
        owner.label, owner.controller, owner.processor, owner.sub_processor, owner.hosting,
        " ".join(finding.signatures), " ".join(finding.remedy),
    )  # fmt: skip


def _more(finding: Finding) -> tuple[object, ...]:
    """Columns that came later stand at the end, so that those before keep their places."""
    store = finding.store
    return (
        store.named_first, store.named_last, store.empty_recordings,
        " | ".join(f"{day}: {files}" for day, files in sorted(store.inflow.items())[-_DAYS:]),
        " | ".join(f"{group}: {', '.join(seen)}" for group, seen in store.words.items()),
        " | ".join(map(_column, store.columns)),
        " ".join(finding.regions), finding.first_seen, finding.last_seen, ", ".join(blanks(finding.owner)),
    )  # fmt: skip


def _column(column: Column) -> str:
    return (f"{column.path} {column.shape}: {column.kind}, {column.certainty.label}, {column.files} of "
            f"{column.names} names, {column.distinct} distinct")
