"""The report as one HTML file that asks nobody for anything: no outside reference, no link out, one script.

The guards of foreign text are `page`'s. The script writes text only, never markup. File names are text, never links:
nobody opens a recording by a slip of the mouse.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from scanner.model import Finding, Report, Severity
from scanner.report.layout import PLAIN, Layout
from scanner.report.owners import arranged
from scanner.report.page import markup, own, policy, template
from scanner.report.summary import owned, summary
from scanner.report.view import foremost, rows
from scanner.report.words import severity

PAGE = 100                                   # findings drawn without the script, and at a time with it
WORST = 3                                    # findings told on the first page
_BUFFER = 50                                 # pieces of the template joined into one write
_ISLAND = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def chunks(report: Report, layout: Layout = PLAIN) -> Iterator[str]:
    """The page in pieces. Memory does not grow with the findings: each is drawn, written and dropped."""
    style, script = own("report.css"), own("report.js")
    shown = arranged(report.findings) if layout.by_owner else report.findings
    stream = template("report.html").stream(
        report=report,
        page=PAGE,
        style=markup(style),
        script=markup(script),
        policy=policy(style, script),
        levels=[(level.label, severity(level)) for level in sorted(Severity, reverse=True)],
        rows=islice(rows(shown), PAGE),
        worst=foremost(report.findings, shown, WORST),
        owners=owned(report.findings) if layout.by_owner else [],
        island=map(markup, island(shown)),
        **summary(report),
    )
    stream.enable_buffering(_BUFFER)
    return stream


def island(findings: Sequence[Finding]) -> Iterator[str]:
    """All rows as JSON that cannot end the element it stands in: `<`, `>`, `&` and all but ASCII are escaped."""
    lead = "["
    for row in rows(findings):
        yield lead + json.dumps(row, separators=(",", ":")).translate(_ISLAND)
        lead = ",\n"
    yield "]" if lead != "[" else "[]"
