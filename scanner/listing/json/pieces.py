"""Pieces of JSON that may not be whole yet: a value and where it ends. It knows nothing of rows."""

from __future__ import annotations

import json
import re

LONGEST = 16 * 1024                          # letters of one object or value
_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[\s,]*")
_MORE = re.compile(r"[-+.eE\d]*")
_SCALAR = re.compile(r'"|[-\dtfnNI]')


class NoRowError(ValueError):
    """What comes is no row: `args[0]` says why, in plain words."""


def spaces(text: str, at: int) -> int:
    """Where the next piece begins: after spaces and commas."""
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def decoded(text: str, at: int) -> tuple[object, int]:
    """A value and where it ends; -1 where it is not whole."""
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        return None, -1


def goes_on(text: str, at: int, end: int) -> bool:
    """Whether a number or word that seems to end at `end` may go on with what has yet to come."""
    return text[at] not in '"{[' and _MORE.fullmatch(text, end) is not None


def scalar(text: str, at: int) -> tuple[object, int]:
    """A string, number or word and where it ends; -1 where it is not whole."""
    if not _SCALAR.match(text, at):
        raise NoRowError("broken")
    value, end = decoded(text, at)
    if end < 0 and len(text) - at > LONGEST:
        raise NoRowError("a value that is too long")
    if end >= 0 and goes_on(text, at, end):
        return None, -1
    if end < 0 and len(text) - at > 16 and text[at] != '"':
        raise NoRowError("broken")
    return value, end
