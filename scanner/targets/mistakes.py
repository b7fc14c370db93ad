"""Mistakes in a scope file, told in one line: file, line, what is wrong, what would be right. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scanner.targets.form import ScopeTable
from scanner.targets.target import shown

Place = tuple[int | str, ...]
_NEAR = 500                                  # lines that a list's next value is looked for in


def told(path: Path, text: str, error: ValidationError) -> str:
    """The first mistake of a file that does not have the shape, and how many follow."""
    details = error.errors(include_url=False, include_context=False)
    line = line_of(text, details[0]["loc"])
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return f"{path}{f':{line}' if line else ''}: {_said(details[0])}{more}"


def _said(detail: ErrorDetails) -> str:
    loc = detail["loc"]
    key = next((part for part in reversed(loc) if isinstance(part, str) and part.isidentifier()), "")
    if detail["type"] == "extra_forbidden":
        return _unknown(loc)
    if detail["type"] == "missing":
        return f"[{loc[0]}] lacks `{key}`; write it"
    if loc == ("target",):
        return "a target stands in two pairs of brackets; write [[target]]"
    message = detail["msg"].removeprefix("Value error, ")
    if isinstance(detail["input"], dict):
        return f"[{key}] has {message}"
    return f"`{key}` is {shown(str(detail['input']))}: {message[:1].lower()}{message[1:]}; write it as the README shows"


def _unknown(loc: Place) -> str:
    key = str(loc[-1])
    known = list(_keys(loc[:-1]))
    close = get_close_matches(key, known, n=1)
    right = f"`{close[0]}` is meant?" if close else f"known are {', '.join(known)}"
    where = f" in [{loc[0]}]" if len(loc) > 1 else ""
    return f"unknown key {shown(key)}{where}; {right}"


def _keys(loc: Place) -> Iterator[str]:
    """The keys of the table at a place of the file."""
    model: type[BaseModel] = ScopeTable
    for part in loc:
        if isinstance(part, str):
            model = _model(model.model_fields[part].annotation)
    yield from model.model_fields


def _model(annotation: object) -> type[BaseModel]:
    """The table's model within `X`, `X | None` or `list[X]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(_model(part) for part in get_args(annotation))


def line_of(text: str, loc: Place) -> int | None:
    """The line at which a key of the file stands; that of its table where the key is not written; None if neither."""
    lines = _lines(text)
    name, index = str(loc[0]) if loc else "", loc[1] if len(loc) > 1 and isinstance(loc[1], int) else 0
    start = _header(text, name, index)
    if start is None:
        return _key(lines, 0, name)
    key = next((str(part) for part in reversed(loc[1:]) if isinstance(part, str) and _key(lines, start, part)), None)
    return (_key(lines, start, key) if key else None) or start


def lines_of_values(text: str, loc: Place, values: Iterable[str]) -> Iterator[int | None]:
    """The line of each text in the list at a place of the file; the line before it where it is not found."""
    lines = _lines(text)
    line = line_of(text, loc)
    for value in values:
        if line is not None:
            near = range(line, min(line + _NEAR, len(lines) + 1))
            line = next((i for i in near if f'"{value}"' in lines[i - 1] or f"'{value}'" in lines[i - 1]), line)
        yield line


@lru_cache(maxsize=4)                        # one file is asked for the lines of all that stands in it
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())


@lru_cache(maxsize=64)
def _headers(text: str, name: str) -> tuple[int, ...]:
    pattern = re.compile(rf"\s*\[\[?\s*[\"']?{re.escape(name)}[\"']?\s*\]?\]")
    return tuple(i for i, line in enumerate(_lines(text), 1) if pattern.match(line))


def _header(text: str, name: str, index: int) -> int | None:
    found = _headers(text, name)
    return found[index] if index < len(found) else None


def _key(lines: Sequence[str], start: int, key: str) -> int | None:
    """The line of `key =` behind line `start` (counted from 1), before the next table."""
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
    for i in range(start, len(lines)):
        if pattern.match(lines[i]):
            return i + 1
        if start and re.match(r"\s*\[\[?[\w\s\"'.]+\]", lines[i]):
            return None
    return None
