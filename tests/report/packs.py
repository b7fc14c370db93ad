"""Incident packs as a reader has them."""

from __future__ import annotations

from dataclasses import replace

from sample import REPORT

from scanner.model import Finding, Report
from scanner.report import WRITERS
from scanner.report.layout import Layout
from scanner.signature import deadlines

LAYOUT = Layout(deadlines=deadlines())


def page(report: Report, layout: Layout = LAYOUT) -> str:
    return "".join(WRITERS["incident.html"](report, layout))


def plain(report: Report, layout: Layout = LAYOUT) -> str:
    return "".join(WRITERS["incident.md"](report, layout))


def one(finding: Finding, layout: Layout = LAYOUT) -> str:
    return plain(replace(REPORT, findings=(finding,)), layout)
