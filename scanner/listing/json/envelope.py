"""What stands around the rows of a JSON listing, so that the same without rows is known for an empty directory."""

from __future__ import annotations

import json
from dataclasses import dataclass

from scanner.listing.json.rows import folded, is_listing, is_up

LONGEST = 64 * 1024                          # bytes of an answer that an envelope is learned from
HOLLOW = 4096                                # bytes of an answer without rows
KEYS = 64


@dataclass(frozen=True, slots=True)
class Envelope:
    """The shape of an answer, its rows left out."""

    keys: frozenset[str] | None = None       # of the object that holds the rows; None: they are the answer
    rows: frozenset[str] = frozenset()       # the keys whose values are rows

    def holds(self, body: bytes) -> bool:
        """Whether `body` is such an answer about an empty directory: `null`, no rows, or none but the way up."""
        value = _parsed(body[:HOLLOW + 1])
        if self.keys is None:
            return _hollow(value)
        if not isinstance(value, dict) or value.keys() != self.keys:
            return False
        return all(_hollow(value[key]) for key in self.rows)


def around(body: bytes) -> Envelope | None:
    """The envelope of a listing; None where it cannot be told."""
    value = _parsed(body)
    if not isinstance(value, dict) or len(value) > KEYS:
        return None
    rows = frozenset(key for key, part in value.items() if isinstance(part, list) and any(map(_row, part)))
    return Envelope(frozenset(value), rows) if rows else None


def _parsed(body: bytes) -> object:
    """The value that a body holds; False where it is broken."""
    try:
        return json.loads(body.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return False


def _row(value: object) -> bool:
    return isinstance(value, dict) and is_listing(folded(value))


def _hollow(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, dict) and is_up(folded(one)) for one in value)
    return value is None
