"""The report as JSON lines: one object a line, each with a `type`, findings in the order of their rank.

    {"type": "scan", "schema": 1, "tool": …, "signatures": …, "scan": …}       first
    {"type": "finding", …}                                                     one each, as in the JSON report
    {"type": "suppressed", …}                                                  one each, the same shape
    {"type": "gap", …}                                                         one a group
    {"type": "end", "coverage": …, "conduct": …, "findings": 3, …}             last: without it the file is torn

Members are named and mean what they do in the JSON report. ASCII throughout, for the reasons told there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scanner.model import Conduct, Coverage, Finding, Gap, Pack, Report, ScanInfo, Tool
from scanner.report.codec import encoder


def chunks(report: Report) -> Iterator[str]:
    """The lines, each with its line end."""
    yield _line("scan", _head(report))
    for kind, member, values in (
        ("finding", Finding, report.findings),
        ("suppressed", Finding, report.suppressed),
        ("gap", Gap, report.gaps),
    ):
        encode = encoder(member)
        yield from (_line(kind, encode(value)) for value in values)
    yield _line("end", _end(report))


def _head(report: Report) -> dict[str, Any]:
    return {
        "schema": report.schema,
        "tool": encoder(Tool)(report.tool),
        "signatures": encoder(Pack)(report.signatures),
        "scan": encoder(ScanInfo)(report.scan),
    }


def _end(report: Report) -> dict[str, Any]:
    return {
        "coverage": encoder(Coverage)(report.coverage),
        "conduct": encoder(Conduct)(report.conduct),
        "findings": len(report.findings),
        "suppressed": len(report.suppressed),
        "gaps": len(report.gaps),
    }


def _line(kind: str, value: dict[str, Any]) -> str:
    return json.dumps({"type": kind, **value}, allow_nan=False) + "\n"
