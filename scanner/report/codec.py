"""The model's types as JSON: encoder, decoder and schema, all three read off the same type hints.

It knows only the shapes that the model uses: dataclasses, tuples of one type, mappings by text, optional
values, enumerations, text, numbers. Enumerations of whole numbers (severity, certainty) travel as their
labels. It must not know a field by name, but for those that are left out while they hold nothing.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from scanner.report.show import encodable

Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]

LEFT_OUT = frozenset({"entries", "how", "show_names_reason"})     # absent, not null, where they have nothing to say
_WORDS = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}
_ENDLESS = 1 << 128                          # more bytes than the largest listing could add up
_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


class MismatchError(ValueError):
    """A value is not of the type the model wants. `path` says where, such as `findings[0].doors[1].port`."""

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.path = path

    def below(self, step: str) -> MismatchError:
        """The same, seen from one level further out."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return MismatchError(self.what, f"{step}{joint}{self.path}")


@cache
def encoder(kind: Any) -> Encode:
    """A function from values of `kind` to what `json.dumps` takes."""
    if is_dataclass(kind):
        return _dataclass_encoder(kind)
    held = inner(kind)
    if get_origin(kind) is tuple:
        encode = encoder(held)
        return lambda value: [encode(item) for item in value]
    if get_origin(kind) is Mapping:
        encode = encoder(held)
        return lambda value: {encodable(key): encode(item) for key, item in value.items()}
    if held is not None:
        encode = encoder(held)
        return lambda value: None if value is None else encode(value)
    return _plain_encoder(kind)


def _plain_encoder(kind: Any) -> Encode:
    if kind is str:
        return encodable
    if kind is float:
        return _finite
    return _word if issubclass(kind, Enum) else _itself


def _itself(value: Any) -> Any:
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} has no place in JSON")
    return float(value)


def _dataclass_encoder(kind: Any) -> Encode:
    parts = [(f.name, encoder(hint)) for f, hint in _members(kind)]

    def encode(value: Any) -> dict[str, Any]:
        held = ((name, getattr(value, name), inner) for name, inner in parts)
        return {name: inner(item) for name, item, inner in held if not (item is None and name in LEFT_OUT)}

    return encode


@cache
def decoder(kind: Any) -> Decode:
    """A function from parsed JSON to a value of `kind`; it raises MismatchError. Unknown keys are passed over."""
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    held = inner(kind)
    if get_origin(kind) is tuple:
        return lambda value: tuple(_each(enumerate(_typed(value, list, "a list")), decoder(held), "[{}]"))
    if get_origin(kind) is Mapping:
        return lambda value: _mapping(_typed(value, dict, "an object"), decoder(held))
    if held is not None:
        decode = decoder(held)
        return lambda value: None if value is None else decode(value)
    return _plain_decoder(kind)


def _plain_decoder(kind: Any) -> Decode:
    if issubclass(kind, Enum):
        words = {_word(member): member for member in kind}
        return lambda value: _choice(value, words)
    if kind is float:
        return lambda value: float(_within(_typed(value, (int, float), _WORDS[float])))
    if kind is int:
        return lambda value: _within(_typed(value, int, _WORDS[int]))
    return lambda value: _typed(value, kind, _WORDS[kind])


def _dataclass_decoder(kind: Any) -> Decode:
    parts = [(f, decoder(hint)) for f, hint in _members(kind)]

    def decode(value: Any) -> Any:
        held = _typed(value, dict, "an object")
        missing = [f.name for f, _ in parts if f.name not in held and _needed(f)]
        if missing:
            raise MismatchError("is missing", missing[0])
        found = {f.name: _step(inner, held[f.name], f.name) for f, inner in parts if f.name in held}
        try:
            return kind(**found)
        except ValueError as error:
            raise MismatchError(f"is not sound: {error}") from None

    return decode


def _mapping(value: dict[str, Any], decode: Decode) -> dict[str, Any]:
    return dict(zip(value, _each(value.items(), decode, "[{}]"), strict=True))


def _each(items: Any, decode: Decode, form: str) -> list[Any]:
    return [_step(decode, item, form, key) for key, item in items]


def _step(decode: Decode, value: Any, form: str, key: object = "") -> Any:
    try:
        return decode(value)
    except MismatchError as error:
        raise error.below(form.format(key)) from None


def _typed(value: Any, kind: Any, words: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise MismatchError(f"must be {words}")
    return value


def _within(number: Any) -> Any:
    """The number. JSON as Python reads it has numbers without end, and some that are none."""
    if not abs(number) < _ENDLESS:
        raise MismatchError("must be a number of at most 38 digits")
    return number


def _choice(value: Any, words: dict[str, Any]) -> Any:
    if not isinstance(value, str) or value not in words:
        raise MismatchError(f"must be one of {', '.join(words)}")
    return words[value]


def schema(kind: Any) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `kind`: its dataclasses under `$defs`, told by their docstrings."""
    defs: dict[str, Any] = {}
    top = _schema(kind, defs)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **top, "$defs": defs}


def _schema(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    if is_dataclass(kind):
        return _reference(kind, defs)
    held = inner(kind)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(held, defs)}
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": _schema(held, defs)}
    if held is not None:
        return {"anyOf": [_schema(held, defs), {"type": "null"}]}
    if issubclass(kind, Enum):
        return {"enum": [_word(member) for member in kind]}
    return {"type": _JSON_TYPES[kind]}


def _reference(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in defs:
        defs[kind.__name__] = {}                           # holds the place while its members are told
        members = _members(kind)
        defs[kind.__name__] = {
            "description": kind.__doc__,
            "type": "object",
            "properties": {f.name: _schema(hint, defs) for f, hint in members},
            "required": [f.name for f, _ in members if f.name not in LEFT_OUT],
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}


def members(kind: Any) -> list[tuple[str, Any]]:
    """Names and types of a dataclass's members, in their order."""
    return [(f.name, hint) for f, hint in _members(kind)]


def _members(kind: Any) -> list[tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return [(f, hints[f.name]) for f in fields(kind)]


def _needed(member: Field[Any]) -> bool:
    return member.default is MISSING and member.default_factory is MISSING


def inner(kind: Any) -> Any:
    """What a tuple, mapping or optional holds; None where `kind` is none of them."""
    if get_origin(kind) is tuple:
        return get_args(kind)[0]
    if get_origin(kind) is Mapping:
        return get_args(kind)[1]
    if get_origin(kind) is types.UnionType:
        return next(arg for arg in get_args(kind) if arg is not types.NoneType)
    return None


def _word(member: Any) -> str:
    return str(getattr(member, "label", member.value))
