"""What lies there, as far as a list of names tells: files, hours, dates, inflow, names of people, columns of digits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scanner.model import Finding, People, Store
from scanner.report import words
from scanner.report.incident import clocks, meaning
from scanner.report.incident.form import Blank, Cell, Facts, Grid, Machine, Section

DAYS = 14                                    # newest days of inflow that are told one by one
COLUMNS = 12
LIVE_DAYS = 2                                # a live store whose newest file is older has a clock of its own
ROLLING = frozenset({"rolling", "rolling-window"})


def files(finding: Finding) -> Section:
    """Counts, classes and bytes, hours."""
    store = finding.store
    return Section("What lies there", (Facts(tuple(_counted(store))), _kinds(store)))


def _counted(store: Store) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    at_least = "" if store.complete else "at least "
    yield "Folders read", (f"{at_least}{store.directories:,}",)
    yield "Entries seen", (f"{at_least}{store.files + store.directories:,}, of them {store.files:,} files",)
    whole = "no: every list was read to its end"
    yield "Cut short", (whole if store.complete else Machine(store.cut_by or "yes, for a reason that is not recorded"),)
    exact = "" if store.bytes_exact else ", some sizes rounded or not shown"
    yield "Size", (f"{at_least}{words.size(store.bytes)}{exact}",)
    if store.hours:
        low, best, high = (words.hours(hours) for hours in (store.hours.low, store.hours.best, store.hours.high))
        yield "Hours of sound", (f"about {best}, between {low} and {high}",)
        yield "Estimated from", (store.hours.method or Blank("not recorded"),)
    if store.empty_recordings:
        yield "Empty recordings", (f"{store.empty_recordings:,} sound files of less than a second, counted apart",)


def _kinds(store: Store) -> Grid:
    rows = sorted(store.kinds.items(), key=lambda item: (-item[1].files, item[0]))
    return Grid(("Class of files", "Files", "Size"),
                tuple((kind, f"{tally.files:,}", words.size(tally.bytes)) for kind, tally in rows))


def times(finding: Finding) -> Section:
    """Dates by two witnesses, the newest file, the inflow, and what a rolling window would mean."""
    return Section("Since when, and whether it still grows", (Facts(tuple(_times(finding))),))


def _times(finding: Finding) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    store = finding.store
    yield "Dates that the listing shows", (words.between(store.first, store.last) or Blank("none shown"),)
    yield "Dates that names say", (words.between(store.named_first, store.named_last) or Blank("none found"),)
    yield "Newest file", (_age(finding) or Blank("not known"),)
    yield "Still growing", ("yes: its newest file was recent when it was seen" if store.live else "no sign of it",)
    yield "Files by day, newest last", tuple(_inflow(store)) or (Blank("no days shown"),)
    if ROLLING & set(finding.tags):
        yield "Rolling window", (
            "old files go as new ones come: the exposure may have lasted far longer than the dates show, and concerned "
            "more people than are listed now",)


def _age(finding: Finding) -> str:
    """How old the newest file was when the store was last seen, by the dates of the listing."""
    newest, seen = finding.store.last, clocks.moment(finding.last_seen)
    try:
        days = (seen.date() - date.fromisoformat(newest)).days if newest and seen else None
    except ValueError:
        return ""
    if days is None:
        return ""
    recent = ", yet recent by the server's own clock" if finding.store.live and days > LIVE_DAYS else ""
    return f"{newest}: {words.count(max(days, 0), 'day')} before it was last seen{recent}"


def _inflow(store: Store) -> Iterator[str]:
    newest = sorted(store.inflow.items())[-DAYS:]
    if newest:
        mean = sum(files for _, files in newest) / len(newest)
        yield f"{mean:,.0f} a day on average over the newest {words.count(len(newest), 'day')} that show any"
        yield ", ".join(f"{day}: {files:,}" for day, files in newest)


def people(finding: Finding) -> Section:
    """Who may be concerned and how many, what kind of data, and what the digits in names were taken for."""
    store = finding.store
    blocks = [Facts(tuple(_numbers(store)))]
    tables = [
        Grid(("Categories of people, possibly", "Suggested by"), tuple(meaning.persons(finding))),
        Grid(("Categories of data, possibly", "Suggested by"), tuple(meaning.data(finding))),
        Grid(("In file names", "Names", "Different, estimated", "Certainty", "Example, masked"),
             tuple(map(_person, store.people))),
        Grid(("Folder", "Names look like", "Taken for", "Certainty", "Names", "Different", "Because"),
             tuple(_columns(store))),
    ]
    return Section("People and data concerned", (*blocks, *(table for table in tables if table.rows)))


def _numbers(store: Store) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    most = max((people.distinct for people in store.people), default=0)
    yield "Number of people", (
        f"at least about {most:,} by different identifiers in names; how many more is not known" if most else
        Blank("not known: no names of files tell people apart"),)
    at_least = "" if store.complete else "at least "
    yield "Number of records", (f"{at_least}{words.count(store.files, 'file')}; a file may hold more than one record",)


def _person(people: People) -> tuple[Cell, ...]:
    return (words.identifier(people.kind), f"{people.files:,}", f"{people.distinct:,}", people.certainty.label,
            Machine(people.example))


def _columns(store: Store) -> Iterator[tuple[Cell, ...]]:
    for column in store.columns[:COLUMNS]:
        yield (Machine(column.path), Machine(column.shape), column.kind, column.certainty.label,
               f"{column.files:,} of {column.names:,}", f"{column.distinct:,}", column.because)
