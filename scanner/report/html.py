"""The report as one HTML file that asks nobody for anything: no outside reference, no link out, one script.

Foreign text has three guards, each enough alone: `show` on every value on its way into the page, jinja2's
escaping on every value in the template, and a policy in the page's head under which nothing runs but the one
script, and nothing looks like anything but the one style sheet, whose hashes it names. The script writes text
only, never markup. File names are text, never links: nobody opens a recording by a slip of the mouse.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.model import Report, Severity
from scanner.report.show import show
from scanner.report.summary import summary
from scanner.report.view import TEXT, rows
from scanner.report.words import severity

if TYPE_CHECKING:
    from jinja2 import Template

PAGE = 100                                   # findings drawn without the script, and at a time with it
WORST = 3                                    # findings told on the first page
_BUFFER = 50                                 # pieces of the template joined into one write
_ISLAND = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def chunks(report: Report) -> Iterator[str]:
    """The page in pieces. Memory does not grow with the findings: each is drawn, written and dropped."""
    style, script = _own("report.css"), _own("report.js")
    stream = _template().stream(
        report=report,
        page=PAGE,
        style=_markup(style),
        script=_markup(script),
        policy=policy(style, script),
        levels=[(level.label, severity(level)) for level in sorted(Severity, reverse=True)],
        rows=islice(rows(report), PAGE),
        worst=[row for row in islice(rows(report), WORST) if row["s"] != Severity.INFO.label],
        island=map(_markup, island(report)),
        **summary(report),
    )
    stream.enable_buffering(_BUFFER)
    return stream


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy of the page: nothing but the style and the script with these texts."""
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def island(report: Report) -> Iterator[str]:
    """All rows as JSON that cannot end the element it stands in: `<`, `>`, `&` and all but ASCII are escaped."""
    lead = "["
    for row in rows(report):
        yield lead + json.dumps(row, separators=(",", ":")).translate(_ISLAND)
        lead = ",\n"
    yield "]" if lead != "[" else "[]"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _own(name: str) -> str:
    """A file that ships beside this one."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _markup(text: str) -> Any:
    """`text` as markup that is not escaped again: our own style and script, and the escaped island, nothing else."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # see the docstring: no foreign text comes here unescaped


def _harmless(value: Any) -> Any:
    """What jinja2 does to each value before it escapes it."""
    return show(value, TEXT) if isinstance(value, str) and not hasattr(value, "__html__") else value


@cache
def _template() -> Template:
    from jinja2 import DictLoader, Environment, StrictUndefined  # 0.1 s that only a report in HTML pays

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=DictLoader({"report.html": _own("report.html")}),
    )
    return environment.get_template("report.html")
