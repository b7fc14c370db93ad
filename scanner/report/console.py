"""A finding as one plain line for the console. It must not know colours, widths or markup.

    VERY HIGH  4.5  Call recordings open to anyone  http://192.0.2.7:443/ and 1 more door: ftp  2,700,000 files, …

All foreign text has gone through `show`. Print it as it is: to rich as `Text(line)`, never as markup.
"""

from __future__ import annotations

from scanner.model import Finding, Store
from scanner.report.show import show
from scanner.report.words import count, hours, identifier, more, severity, span

_WIDTH = len("VERY HIGH")


def line(finding: Finding) -> str:
    """Severity word, score, title, first door, counts: two spaces between, no line end."""
    word = severity(finding.severity).upper().ljust(_WIDTH)
    parts = (word, f"{finding.score:g}", show(finding.title, 120), _where(finding), _what(finding.store))
    return "  ".join(parts)


def _where(finding: Finding) -> str:
    url = show(finding.doors[0].url, 160)
    return f"{url} {show(more(finding.doors), 120)}".rstrip()


def _what(store: Store) -> str:
    at_least = "" if store.complete else "at least "
    parts = [at_least + count(store.files, "file")]
    if store.hours:
        parts.append(f"about {hours(store.hours.best)} of audio")
    parts += [f"{count(people.files, 'name')} with a {identifier(show(people.kind, 30))}" for people in store.people]
    parts += [show(span(store), 60)] if store.first else []
    parts += ["still growing"] if store.live else []
    return ", ".join(parts)
