"""A finding as rows and blocks: what the HTML report shows of it, in plain words.

The template (first hundred findings) and the script (all of them) draw the same few shapes, so a finding looks
the same from both. A row is plain JSON; its text has gone through `show`. Shapes of a block, after `k`:

    steps, list    items: cells                                   a numbered list, a plain one
    facts          rows: [label, cell]                            a list of terms
    table          head: labels, rows: [cell, …]
    formula        terms: [name, value], total, word              the score, factor by factor
    span           x, w: thousandths of the axis, from, to, ends  how long files have been lying there

A cell is text, `{"m": text}` for what a machine wrote, or `{"b": text}` for a blank that matters.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from scanner.model import Doorway, Finding, Owner, Severity, Store
from scanner.report import why, words
from scanner.report.owners import NOBODY, ROLES, controller
from scanner.report.show import show

TEXT = 500                                   # characters of one cell; longer ones are clipped
DAYS = 14                                    # newest days whose files are told one by one
LINES = 200                                  # doors, pieces of evidence, names of one finding that are shown

Row = dict[str, Any]
Block = dict[str, Any]
Axis = tuple[date, date]


def rows(findings: Sequence[Finding]) -> Iterator[Row]:
    """The findings as rows, in the order given, one at a time."""
    scale = axis(findings)
    return (row(place, finding, scale) for place, finding in enumerate(findings, 1))


def foremost(findings: Sequence[Finding], shown: Sequence[Finding], number: int) -> list[Row]:
    """The worst of `findings`, as the rows that they are where all are shown in another order."""
    scale, some = axis(findings), [f for f in findings[:number] if f.severity > Severity.INFO]
    places = {id(finding): place for place, finding in enumerate(shown, 1)}
    return [row(places[id(finding)], finding, scale) for finding in some]


def axis(findings: Iterable[Finding]) -> Axis | None:
    """First and last day that any store shows; None where none shows a day."""
    days = [day for f in findings for day in (_day(f.store.first), _day(f.store.last)) if day]
    return (min(days), max(days)) if days else None


def row(place: int, finding: Finding, scale: Axis | None) -> Row:
    """One finding: what stands in the table, what it is sorted by, and its blocks."""
    store, first = finding.store, finding.doors[0]
    people = sum(p.files for p in store.people)
    made: Row = _shown({
        "n": place,
        "o": controller(finding.owner) or NOBODY,
        "id": finding.id,
        "s": finding.severity.label,
        "sw": words.severity(finding.severity),
        "sc": f"{finding.score:g}",
        "t": finding.title,
        "u": first.url,
        "m": words.more(finding.doors),
        "tags": [*finding.tags],
        "tw": [words.TAGS.get(tag, tag) for tag in finding.tags],
        "at": _once(door.target or door.address for door in finding.doors),
        "st": finding.status,
        "ur": words.URGENCY.get(finding.urgency, finding.urgency),
        "f": [("" if store.complete else "≥ ") + f"{store.files:,}", store.files],
        "h": _hours(store),
        "p": [f"{people:,}" if people else "–", people],
        "l": [store.last or "–", store.last or ""],
        "live": store.live,
        "b": [*blocks(finding, scale)],
    })  # fmt: skip
    return made


def blocks(finding: Finding, scale: Axis | None) -> Iterator[Block]:
    """What stands in a finding's details, most urgent first."""
    yield {"k": "steps", "h": "What to do now", "items": [*finding.remedy]}
    yield {"k": "facts", "h": "What lies there", "rows": [*_contents(finding.store)]}
    yield from _span(finding.store, scale)
    yield {"k": "table", "h": "Where it is open", "head": ["Door", "Address", "Way in", "Software", "Target"],
           "rows": _few([_door(door) for door in finding.doors])}  # fmt: skip
    yield from _people(finding.store)
    yield from _columns(finding.store)
    yield from _around(finding.store)
    yield from why.blocks(finding)
    yield {"k": "table", "h": "Evidence", "head": ["What was seen", "Excerpt, masked", "Where"],
           "rows": _few([[e.fact, _machine(e.excerpt), _machine(e.url)] for e in finding.evidence])}  # fmt: skip
    yield {"k": "facts", "h": "Who answers for it", "rows": [*_owner(finding.owner)]}
    yield from _names(finding.store)
    yield {"k": "facts", "h": "For the record", "rows": [*_record(finding)]}


def _contents(store: Store) -> Iterator[list[Any]]:
    at_least = "" if store.complete else "at least "
    files, folders = words.count(store.files, "file"), words.count(store.directories, "folder")
    yield ["Counted", f"{at_least}{files} in {folders}"]
    if store.bytes:
        yield ["Size", f"{at_least or ('' if store.bytes_exact else 'about ')}{words.size(store.bytes)}"]
    if not store.complete:
        yield ["Count stopped by", store.cut_by or {"b": "not recorded"}]
    if store.hours:
        low = f"{store.hours.low:,.0f}" if store.hours.low >= 1 else words.hours(store.hours.low)
        high = words.hours(store.hours.high)
        yield ["Audio", f"about {words.hours(store.hours.best)} (between {low} and {high})"]
        yield ["Estimated from", store.hours.method or {"b": "not recorded"}]
    for kind, tally in sorted(store.kinds.items(), key=lambda item: -item[1].files):
        yield [f"Kind: {kind}", f"{words.count(tally.files, 'file')}, {words.size(tally.bytes)}"]
    if store.empty_recordings:
        yield ["Empty recordings", f"{store.empty_recordings:,}, of less than a second, counted apart"]
    yield ["Dates in the listing", words.span(store) or {"b": "none shown"}]
    yield ["Dates in names", words.between(store.named_first, store.named_last) or {"b": "none found"}]
    if store.inflow:
        yield ["Files by day", ", ".join(f"{day}: {files:,}" for day, files in sorted(store.inflow.items())[-DAYS:])]
    yield ["Still growing", "yes: its newest file is recent" if store.live else "no sign of it"]


def _span(store: Store, scale: Axis | None) -> Iterator[Block]:
    first, last = _day(store.first), _day(store.last)
    if not (scale and first and last and scale[0] < scale[1]):
        return
    length = (scale[1] - scale[0]).days
    left, width = (first - scale[0]).days, max((last - first).days, 0)
    yield {"k": "span", "h": "How long it has been lying there", "x": 1000 * left // length,
           "w": max(1000 * width // length, 6), "from": scale[0].isoformat(), "to": scale[1].isoformat(),
           "says": f"{words.span(store)}; the line is all that this report saw"}  # fmt: skip


def _door(door: Doorway) -> list[Any]:
    safe = "TLS" if door.tls else "in clear"
    way = f"{door.access.value}, {door.protocol}, {door.how or safe}"
    place = f"{door.address}, port {door.port}"
    return [_machine(door.url), place, way, door.product or {"b": "not recognised"}, door.target or {"b": "no label"}]


def _people(store: Store) -> Iterator[Block]:
    found = [
        [f"{words.people(p.kind, p.distinct)}, estimated", f"{p.files:,}", p.certainty.label, _machine(p.example)]
        for p in store.people
    ]
    if found:
        yield {"k": "table", "h": "People in the file names", "rows": found,
               "head": ["Who", "Names that carry one", "Certainty", "Example, masked"]}  # fmt: skip


def _columns(store: Store) -> Iterator[Block]:
    """What the digits in names were taken for, and by what: people first, then what was not taken for people."""
    found = [
        [_machine(c.path), _machine(c.shape), c.kind, c.certainty.label, f"{c.files:,} of {c.names:,}",
         f"{c.distinct:,}", c.because]
        for c in store.columns
    ]
    if found:
        yield {"k": "table", "h": "What the digits in names were taken for", "rows": found,
               "head": ["Folder", "Names look like", "Taken for", "Certainty", "Names", "Different", "Because"],
               }  # fmt: skip


def _around(store: Store) -> Iterator[Block]:
    if store.words:
        yield {"k": "facts", "h": "Words seen in paths, names and the scope",
               "rows": [[group, ", ".join(seen)] for group, seen in store.words.items()]}  # fmt: skip


def _owner(owner: Owner) -> Iterator[list[Any]]:
    chain = [("Target", owner.label), *((word, getattr(owner, member)) for member, word in ROLES)]
    for role, who in chain:
        yield [role, who or {"b": "not recorded"}]


def _names(store: Store) -> Iterator[Block]:
    if store.entries is not None:
        names = store.entries[:LINES]
        yield {"k": "list", "h": f"Names as shown, the first {len(names):,}", "items": [*map(_machine, names)]}
    elif store.entries_sample:
        yield {"k": "list", "h": "A few names, masked", "items": [*map(_machine, store.entries_sample)]}


def _record(finding: Finding) -> Iterator[list[Any]]:
    yield ["Finding", _machine(finding.id)]
    yield ["Confidence", finding.confidence.label]
    yield ["Seen from", f"{finding.vantage.value} vantage"]
    yield ["First seen", words.moment(finding.first_seen) or {"b": "not recorded"}]
    yield ["Last seen", words.moment(finding.last_seen) or {"b": "not recorded"}]
    yield ["Country", ", ".join(finding.regions) or {"b": "not recorded"}]
    yield ["Recognised by", _machine(" ".join(finding.signatures))]
    whole = (d.url for d in finding.doors if d.protocol == "http" and d.url.isascii() and d.url.isprintable())
    for url in islice(whole, 1):                           # a masked address cannot be asked for
        yield ["Is it still open?", _machine(f"curl -sI {shlex.quote(url)}")]
    if vector := why.for_tickets(finding):
        yield ["For ticket systems", _machine(vector)]
    for reference in finding.references:
        yield ["Reference", _machine(reference)]


def _hours(store: Store) -> tuple[str, float, str]:
    """For a column of hours, to sort by, and in words."""
    if not store.hours:
        return "–", -1, ""
    best = store.hours.best
    short = f"{best:,.0f}" if best >= 10 or not best % 1 else f"{max(best, 0.1):,.1f}"
    return ("< " if 0 < best < 0.1 else "") + short, best, words.hours(best)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _few(rows: list[list[Any]]) -> list[list[Any]]:
    """No more than LINES rows, and how many there are besides."""
    more = len(rows) - LINES
    if more <= 0:
        return rows
    return [*rows[:LINES], [f"… and {more:,} more in the JSON report", *[""] * (len(rows[0]) - 1)]]


def _machine(text: str) -> Any:
    return {"m": text} if text else ""


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _shown(value: Any) -> Any:
    """`value` with every text in it made harmless and no longer than TEXT."""
    if isinstance(value, str):
        return show(value, TEXT)
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return value


def worst(findings: Iterable[Finding]) -> list[Finding]:
    """Those in which something personal was seen."""
    return [f for f in findings if f.severity > Severity.INFO]
