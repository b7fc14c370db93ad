"""Deadlines as data: time limits that rules may set for telling of a breach, each with the source it was written from.

Reads and checks files only. It must not decide whether a rule applies: that is the controller's to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from scanner.errors import SignatureError
from scanner.model import Deadline
from scanner.signature.file import MOST_TOLD, home, line_of, text_of, toml_of
from scanner.signature.form import Form

NAME = "deadlines.toml"
_DEEPEST = 32                                # areas within areas
_COUNTRY = 2                                 # letters of a country; areas have others or are listed under [areas]
Line = Annotated[str, Field(min_length=1, max_length=300)]
Place = Annotated[str, Field(pattern=r"^[A-Z]{2,8}$")]


class Entry(Form):
    """One time limit as the file writes it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    law: Line
    where: Annotated[list[Place], Field(min_length=1)]
    who: Line
    to: Line
    hours: Annotated[int, Field(ge=1, le=24 * 366, strict=True)] | None = None
    limit: Line
    counted_from: Line
    when: Line
    source: Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=500)]
    kind: Literal["law", "authority", "other"]
    read: Line
    as_of: date


class Table(Form):
    """The file."""

    areas: dict[Place, list[Place]] = Field(default={})
    deadline: list[Entry]


def deadlines(folders: Sequence[Path] = ()) -> tuple[Deadline, ...]:
    """Ours, then those of `folders` that hold such a file; the later of two with one id stays.

    Raises `SignatureError`, a line for each mistake: `FILE:LINE: what; remedy`.
    """
    areas: dict[str, list[str]] = {}
    found: dict[str, Deadline] = {}
    for folder in (home(), *folders):
        path = folder / NAME
        if folder == home() or path.exists():
            found |= {one.id: one for one in _read(path, areas)}
    return tuple(found.values())


def read_deadlines(path: Path) -> tuple[Deadline, ...]:
    """Those of one file. Areas that the built-in file names are known in it. Raises `SignatureError`."""
    areas: dict[str, list[str]] = {}
    if path != home() / NAME:
        list(_read(home() / NAME, areas))
    return tuple(_read(path, areas))


def _read(path: Path, areas: dict[str, list[str]]) -> Iterator[Deadline]:
    """The entries of `path`; `areas` are those known before, and get the file's."""
    text = text_of(path)
    data = toml_of(text, path)
    try:
        table = Table.model_validate(data)
    except ValidationError as error:
        raise SignatureError("\n".join(_told(error, text, path))) from error
    areas |= table.areas
    wrong = [*_unknown(table, areas, text, path), *_twice(table, text, path)]
    if wrong:
        raise SignatureError("\n".join(wrong))
    yield from (_deadline(entry, areas) for entry in table.deadline)


def _deadline(entry: Entry, areas: dict[str, list[str]]) -> Deadline:
    rest = entry.model_dump(exclude={"where", "as_of"})
    countries = dict.fromkeys(country for place in entry.where for country in _countries(place, areas))
    return Deadline(countries=tuple(countries), as_of=entry.as_of.isoformat(), **rest)


def _countries(place: str, areas: dict[str, list[str]]) -> Iterator[str]:
    """What is left when areas are opened, each once; an area that holds itself stays as it is."""
    seen: set[str] = set()

    def opened(place: str, above: frozenset[str]) -> Iterator[str]:
        if place in above or place not in areas or len(above) > _DEEPEST:
            yield place
        elif place not in seen:
            seen.add(place)
            for inner in areas[place]:
                yield from opened(inner, above | {place})

    yield from opened(place, frozenset())


def _unknown(table: Table, areas: dict[str, list[str]], text: str, path: Path) -> Iterator[str]:
    """Areas that nobody lists, or that hold themselves."""
    for index, entry in enumerate(table.deadline):
        for place in (inner for where in entry.where for inner in _countries(where, areas)):
            if len(place) != _COUNTRY or place in areas:
                line = line_of(text, ("deadline", index, "where"))
                yield f"{path}:{line}: '{place}' is no country of two letters; list it under [areas]"


def _twice(table: Table, text: str, path: Path) -> Iterator[str]:
    seen: set[str] = set()
    for index, entry in enumerate(table.deadline):
        if entry.id in seen:
            yield f"{path}:{line_of(text, ('deadline', index, 'id'))}: id '{entry.id}' is used twice; make them two"
        seen.add(entry.id)


def _told(error: ValidationError, text: str, path: Path) -> Iterator[str]:
    mistakes = error.errors(include_url=False)
    for mistake in mistakes[:MOST_TOLD]:
        place = mistake["loc"]
        yield f"{path}:{line_of(text, place)}: {_sentence(mistake, place)}"
    if len(mistakes) > MOST_TOLD:
        yield f"{path}:1: {len(mistakes) - MOST_TOLD} more mistakes; mend these first"


def _sentence(mistake: Any, place: tuple[int | str, ...]) -> str:
    key = ".".join(str(part) for part in place if isinstance(part, str))
    match mistake["type"]:
        case "extra_forbidden":
            return f"unknown key '{key}'; write {', '.join(Entry.model_fields)}"
        case "missing":
            return f"'{key}' is missing; write it"
        case _:
            return f"'{key}': {mistake['msg']}; write it as the built-in entries do"
