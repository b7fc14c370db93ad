"""The incident pack: drafts of notifications from what is known, as a page and as text."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.model import Report
from scanner.report.incident import html, text
from scanner.report.incident.pack import pack
from scanner.report.incident.shares import shares
from scanner.report.layout import PLAIN, Layout

__all__ = ["pack", "page", "plain_text", "shares"]


def page(report: Report, layout: Layout = PLAIN) -> Iterator[str]:
    """The pack as HTML."""
    return html.chunks(pack(report, layout.deadlines, by_owner=layout.by_owner), _foot(report))


def plain_text(report: Report, layout: Layout = PLAIN) -> Iterator[str]:
    """The pack as Markdown."""
    yield from text.chunks(pack(report, layout.deadlines, by_owner=layout.by_owner))
    yield f"\n---\n\n{text.plain(_foot(report))}\n"


def _foot(report: Report) -> str:
    tool, scan, known = report.tool, report.scan, report.signatures
    return (f"Made by {tool.name} {tool.version} from scan {scan.id}, scope {scan.scope_sha256}, "
            f"{known.count:,} signatures {known.sha256}.")
