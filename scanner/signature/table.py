"""The score table on disk: the built-in one, and another laid over it entry by entry, mistakes told by line.

What another table leaves out stays as built in. Judges nothing.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scanner.errors import SignatureError
from scanner.model import Vantage
from scanner.signature import file as signature_file
from scanner.signature.score import Score

_LARGEST = 256 * 1024                        # bytes
_ANY = object()
Place = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be used, and what the report says of it."""

    score: Score
    sha256: str                              # of the file that was laid over, else of the built-in one
    differs: tuple[str, ...] = ()            # `dpc.classes.audio: 3, built in 2`, in the order of the built-in table


def built_in() -> Table:
    """The table beside the built-in signatures."""
    data = (signature_file.home() / "score.toml").read_bytes()
    return Table(Score.model_validate(tomllib.loads(data.decode())), hashlib.sha256(data).hexdigest())


def laid_over(path: Path, *, classes: Collection[str] = (), words: Collection[str] = ()) -> Table:
    """The built-in table with what `path` says instead. `classes` of files and `words` classes are those there are.

    Raises `SignatureError`, a line for each mistake: `FILE:LINE: what; remedy`.
    """
    data = _bytes(path)
    text = _text(data, path)
    own = _parsed(text, path)
    base = tomllib.loads((signature_file.home() / "score.toml").read_text(encoding="utf-8"))
    mistakes = list(_unknown(own, base, {*base["dpc"]["classes"], *classes}, {*words}))
    if "name" not in own:
        mistakes.append((("name",), "'name' is missing; write name = \"…\", by which reports call this table"))
    score, wrong = _validated(_merged(base, own))
    mistakes += [mistake for mistake in wrong if mistake[0] not in [place for place, _ in mistakes]]
    if mistakes or score is None:
        raise SignatureError("\n".join(f"{path}:{_line(text, place)}: {what}" for place, what in mistakes))
    return Table(score, hashlib.sha256(data).hexdigest(), tuple(_differences(own, base)))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise SignatureError(
            f"{path}:1: cannot be read: {error.strerror}; name a score table that can, in [score] table") from error
    if len(data) > _LARGEST:
        raise SignatureError(f"{path}:1: too long, this is no score table; the limit is {_LARGEST} bytes")
    return data


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SignatureError(f"{path}:{line}: not UTF-8; save it as UTF-8") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line, what = signature_file.toml_mistake(str(error), text)
        said = f"no valid TOML: {what}; write text in quotes and numbers without"
        raise SignatureError(f"{path}:{line}: {said}") from error


def _unknown(own: Any, base: Any, classes: set[str], words: set[str]) -> Iterator[tuple[Place, str]]:
    """Names of which there is none: a slip of the hand there would change nothing, and nobody would notice."""
    known: tuple[tuple[Place, str, set[str]], ...] = (
        (("dpc", "classes"), "class of files", classes), (("dpc", "by_words"), "class of files", classes),
        (("dpc", "words"), "word class", words), (("dpc", "only"), "word class", words),
        (("ei",), "way to identify", {*base["ei"]}), (("cb", "vantage"), "vantage", {one.value for one in Vantage}),
    )
    for place, what, names in known:
        inside = _at(own, place)
        for name in inside if isinstance(inside, Mapping) else ():
            group, _, kind = name.partition("/")
            both = place[-1] == "by_words" and group in words and kind in classes
            if name not in names and not both:
                yield (*place, name), f"unknown {what} '{name}'; there are {', '.join(sorted(names))}"


def _at(table: Any, place: Place) -> Any:
    for key in place:
        table = table.get(key) if isinstance(table, Mapping) else None
    return table


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in own.items():
        beneath = base.get(key)
        both[key] = _merged(beneath, value) if isinstance(value, Mapping) and isinstance(beneath, Mapping) else value
    return both


def _validated(data: Mapping[str, Any]) -> tuple[Score | None, list[tuple[Place, str]]]:
    try:
        return Score.model_validate(data), []
    except ValidationError as error:
        return None, [_told(mistake) for mistake in error.errors(include_url=False)]


def _told(mistake: Any) -> tuple[Place, str]:
    place = tuple(part for part in mistake["loc"] if part != "[key]")
    key = ".".join(map(str, place))
    match mistake["type"]:
        case "extra_forbidden":
            return place, f"unknown key '{key}'; the built-in score.toml shows those there are"
        case "value_error":
            return place, f"'{key}': {mistake['ctx']['error']}"
        case "missing":
            return place, f"'{key}' is missing; write it"
        case _:
            return place, f"'{key}': {mistake['msg'][0].lower()}{mistake['msg'][1:]}; see the built-in score.toml"


def _line(text: str, place: Place) -> int:
    """The line on which `place` stands: its key below the nearest heading that there is, else that heading, else 1."""
    lines = text.splitlines()
    headings = {_bare(line.partition("#")[0]): i for i, line in enumerate(lines) if line.lstrip().startswith("[")}
    for depth in range(len(place), -1, -1):
        heading = ".".join(map(str, place[:depth]))
        start = headings.get(f"[{heading}]", -1) if depth else -1
        if depth and start < 0:
            continue
        for number, line in enumerate(lines[start + 1:], start + 2):
            if line.lstrip().startswith("["):
                break
            if depth < len(place) and re.match(rf"{re.escape(str(place[depth]))}[.=]", _bare(line)):
                return number
        return max(start + 1, 1)
    return 1


def _bare(line: str) -> str:
    return line.replace(" ", "").replace("\t", "").replace('"', "")


def _differences(own: Mapping[str, Any], base: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in own.items():
        beneath, name = base.get(key, _ANY), f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _differences(value, beneath if isinstance(beneath, Mapping) else {}, f"{name}.")
        elif value != beneath and name != "name":
            yield f"{name}: {_shown(value)}, built in {'none' if beneath is _ANY else _shown(beneath)}"


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) \
        else str(value)
