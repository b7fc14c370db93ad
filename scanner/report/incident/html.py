"""A pack as one HTML file for reading and for paper: no script, no link, no reference to the outside."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.report.incident.form import Blank, Commands, Document, Facts, Grid, Machine, Points, Words
from scanner.report.page import markup, own, policy, template, whole

_BUFFER = 50                                 # pieces of the template joined into one write
_SHAPES = {Words: "words", Facts: "facts", Points: "points", Grid: "grid", Commands: "commands"}
_CELLS = {Machine: "machine", Blank: "blank"}


def chunks(document: Document, foot: str) -> Iterator[str]:
    """The page in pieces; `foot` stands at its end."""
    style = own("incident/pack.css")
    stream = template("incident/pack.html").stream(
        document=document, foot=foot, style=markup(style), policy=policy(style), whole=whole,
        shape=lambda block: _SHAPES[type(block)], kind=lambda cell: _CELLS.get(type(cell), "text"))
    stream.enable_buffering(_BUFFER)
    return stream
