"""Why a finding has its score: the steps in figures, so that a reader can work each score out again by hand.

Reasons come as they were written where the finding was judged; here they are only laid out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.model import Factors, Finding, Part, Severity
from scanner.report import words

_READING = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
_WRITING = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N"


def blocks(finding: Finding) -> Iterator[dict[str, Any]]:
    """The formula, its reasons, the store as a whole, and the parts that score apart."""
    yield {"k": "formula", "h": "Why this score", "terms": _terms(finding.factors),
           "total": f"{finding.score:.10g}", "word": words.severity(finding.severity)}  # fmt: skip
    yield {"k": "list", "h": "Because", "items": [*finding.factors.because]}
    whole = finding.overall_factors
    if finding.overall_score < finding.score:
        heading = f"The store as a whole scores {finding.overall_score:.10g}; its worst part decides the rank"
        yield {"k": "list", "h": heading, "items": [*whole.because] if whole else ["not recorded"]}
    if finding.parts:
        yield {"k": "table", "h": "Parts that score apart", "head": ["Folder", "Score", "Files", "Kind", "Because"],
               "rows": [_part(part) for part in finding.parts]}  # fmt: skip


def _part(part: Part) -> list[Any]:
    score = f"{part.score:g} {words.severity(part.severity)}"
    return [{"m": part.path}, score, f"{part.files:,}", part.kind, "; ".join(part.factors.because)]


def _terms(factors: Factors) -> list[list[str]]:
    return [
        ["kind of data", f"{factors.dpc:.10g}"],
        ["identification", f"{factors.ei:.10g}"],
        ["circumstances", f"{factors.cb:.10g}"],
    ]


def for_tickets(finding: Finding) -> str:
    """The CVSS 3.1 vector that ticket systems ask for; empty where nothing of people is seen.

    It is the same for every open store, 7.5, or 9.1 where strangers can write, and so no part of the score.
    """
    if finding.severity is Severity.INFO:
        return ""
    if "writable-advertised" in finding.tags:
        return f"{_WRITING} (9.1, if writing works as the server says; {_READING}, 7.5, if not)"
    return f"{_READING} (7.5, the same for every open store)"
