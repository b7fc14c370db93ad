"""The report as JSON, after the contract (`schema: 1`): written, read back, described.

The text is ASCII: every other character stands as `\\uXXXX`, so that no escape byte or direction mark of a
stranger reaches a terminal, and any reader of JSON takes it. Lone surrogates, which many readers refuse,
stand as visible escapes. Findings are written one by one: memory does not grow with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scanner.errors import UsageError
from scanner.model import Report
from scanner.report import codec
from scanner.report.show import show

SCHEMA = 1
_STREAMED = ("findings", "suppressed", "gaps")


def chunks(report: Report) -> Iterator[str]:
    """The JSON text in pieces, indented by two spaces, ending in a line end."""
    lead = "{\n"
    for name, hint in codec.members(Report):
        yield f'{lead}  "{name}": '
        value = getattr(report, name)
        yield from _items(value, hint) if name in _STREAMED else [_text(codec.encoder(hint)(value), 2)]
        lead = ",\n"
    yield "\n}\n"


def load(text: str | bytes) -> Report:
    """A report read back: equal to what was written, but for lone surrogates. Raises UsageError with the place."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not a report in JSON: {error}; give a file written with -o FILE.json") from None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise UsageError(f"not a report of schema {SCHEMA}; write it again with this version: earshot report -o FILE")
    try:
        return codec.decoder(Report)(value)  # type: ignore[no-any-return]  # the decoder of a type returns that type
    except codec.MismatchError as error:
        raise UsageError(f"not a report: {show(error.path)} {show(error.what)}") from None


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `chunks` writes. Members may be added; these stay."""
    found = codec.schema(Report)
    found["$defs"]["Report"]["properties"]["schema"] = {"const": SCHEMA}
    return {"title": "earshot report", **found}


def _items(values: tuple[Any, ...], hint: Any) -> Iterator[str]:
    if not values:
        yield "[]"
        return
    encode = codec.encoder(codec.inner(hint))
    lead = "[\n    "
    for value in values:
        yield lead + _text(encode(value), 4)
        lead = ",\n    "
    yield "\n  ]"


def _text(value: Any, margin: int) -> str:
    return json.dumps(value, indent=2, allow_nan=False).replace("\n", "\n" + " " * margin)
