"""Signature files on disk: where they lie, and one file read with its mistakes told by line. Judges no facts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scanner.errors import SignatureError
from scanner.signature.form import Condition, PlaceError
from scanner.signature.kinds import AnySignature, Files, Product, Recording, Words
from scanner.signature.pattern import compile_pattern

_FORMS: TypeAdapter[Product | Recording | Files | Words] = TypeAdapter(AnySignature)
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# A table's heading that ends in the key, the key at the start of a line, or within an inline table.
_KEY = r"\s*(\[(?!\[).*\b{0}\b\"?\]|\"?{0}\"?\s*[=.]|\[?.*[{{,]\s*\"?{0}\"?\s*=)"
_TAGS = frozenset({"listing", "product", "access", "recording", "files", "context"})
_DEPTH = 2                                   # KIND/NAME.toml
_BESIDE = frozenset({"score.toml", "deadlines.toml"})    # lie beside the kinds and are no signatures
MOST_TOLD = 50                               # mistakes of one file: each is looked for in all of it
_SIZE_LIMIT = 256 * 1024                     # bytes; the largest of ours has a fiftieth of it


def home() -> Path:
    """The built-in signatures: inside an installed package, else beside it in a checkout."""
    package = Path(__file__).parents[1]
    packed = package / "_signatures"
    return packed if packed.is_dir() else package.parent / "signatures"


def paths(root: Path) -> list[Path]:
    """Signature files below `root`, sorted. Files directly in it (the score, the schema) are none.

    Raises `SignatureError` where `root` is no readable folder.
    """
    if not root.is_dir():
        raise SignatureError(f"{root}: no such folder; name a folder that holds listing/, recording/, files/ …")
    return sorted(root.glob("*/*.toml"))


def astray(root: Path) -> list[str]:
    """What is wrong with where files lie below `root`: those that would not be read, or none at all."""
    deep = [p for p in sorted(root.rglob("*.toml")) if len(p.relative_to(root).parts) != _DEPTH]
    lost = [p for p in deep if p.name not in _BESIDE]
    told = [f"{p}:1: not read here; a signature lies at {root}/KIND/NAME.toml, as in {root}/recording/" for p in lost]
    if not told and not paths(root) and not deep:
        told = [f"{root}: no signature in it; they lie in folders by kind, such as {root}/recording/NAME.toml"]
    return told


def read(path: Path) -> Product | Recording | Files | Words:
    """One signature. Raises `SignatureError`, a line for each mistake: `FILE:LINE: what; remedy`."""
    return parse(text_of(path), path)


def text_of(path: Path) -> str:
    """The text of a file of knowledge, in UTF-8 and of bearable size. Raises `SignatureError`."""
    if not path.is_file():
        raise SignatureError(f"{path}:1: no file; move it away, or make it a file of text")
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
        if len(data) > _SIZE_LIMIT:
            raise SignatureError(f"{path}:1: too long, this is no signature; keep it below {_SIZE_LIMIT} bytes")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise SignatureError(f"{path}:1: cannot be read: {error.strerror}; make it a file that you may read") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SignatureError(f"{path}:{line}: not UTF-8; save it as UTF-8") from error


def parse(text: str, path: Path) -> Product | Recording | Files | Words:
    """`text` as the file at `path`, whose last two parts are the id. Raises `SignatureError` as `read` does."""
    data = toml_of(text, path)
    identity = f"{path.parent.name}/{path.stem}"
    try:
        signature = _FORMS.validate_python(data)
    except ValidationError as error:
        raise SignatureError("\n".join(_told(error, text, path))) from error
    if signature.id != identity:
        line = line_of(text, ("id",))
        raise SignatureError(f"{path}:{line}: id is '{signature.id}' but lies at '{identity}'; make them one")
    return signature


def unsound(signature: Product | Recording | Files | Words, text: str, path: Path) -> Iterator[str]:
    """Patterns that RE2 cannot take, one line each."""
    for name in ("all", "none", "version"):
        conditions: tuple[Condition, ...] = getattr(signature, name, ())
        for index, condition in enumerate(conditions):
            try:
                compile_pattern(condition.regex)
            except ValueError as error:
                yield f"{path}:{line_of(text, (name, index, 'regex'))}: {_printable(str(error))}"


def toml_of(text: str, path: Path) -> dict[str, Any]:
    """What the text of the file at `path` says. Raises `SignatureError`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:            # a number of thousands of digits is a plain ValueError
        line, what = toml_mistake(str(error), text)
        raise SignatureError(f"{path}:{line}: no TOML: {what}; mend this line, or the one before it") from error


def toml_mistake(message: str, text: str) -> tuple[int, str]:
    """The line that `tomllib` complains of, and the complaint without it."""
    found = _AT_LINE.search(message)
    return int(found[1]) if found and found[1] else text.count("\n") + 1, _AT_LINE.sub("", message)


def _told(error: ValidationError, text: str, path: Path) -> Iterator[str]:
    mistakes = error.errors(include_url=False)
    for mistake in mistakes[:MOST_TOLD]:
        place = mistake["loc"]
        if place[:1] and place[0] in _TAGS:          # which kind it was read as
            place = place[1:]
        yield f"{path}:{line_of(text, _stands(mistake, place))}: {_printable(_sentence(mistake, place))}"
    if len(mistakes) > MOST_TOLD:
        yield f"{path}:1: {len(mistakes) - MOST_TOLD} more mistakes; mend these first"


def _stands(mistake: Any, place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where what is wrong stands: a key that is missing, in its table."""
    match mistake["type"]:
        case "missing":
            return place[:-1]
        case "union_tag_invalid" | "union_tag_not_found":
            return ("kind",)
        case "value_error" if isinstance(mistake["ctx"]["error"], PlaceError):
            return (*place, *mistake["ctx"]["error"].place)
        case _:
            return place


def _sentence(mistake: Any, place: tuple[int | str, ...]) -> str:
    key = ".".join(str(part) for part in place if isinstance(part, str))
    match mistake["type"]:
        case "extra_forbidden":
            return f"unknown key '{key}'; the schema beside the signatures lists those there are"
        case "missing":
            return f"'{key}' is missing; write it"
        case "union_tag_invalid" | "union_tag_not_found":
            return f"kind is none of {', '.join(sorted(_TAGS))}; write one of them"
        case "value_error":
            return str(mistake["ctx"]["error"])
        case _:
            return f"'{key}': {mistake['msg']}; write it as the schema beside the signatures says"


def _printable(text: str) -> str:
    """What is quoted of a file may hold anything: what is not printable stands as `\\u{..}`."""
    return "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in text)


def line_of(text: str, place: tuple[int | str, ...]) -> int:
    """The line on which `place` (a key, or a table, its index and a key) stands in `text`; 1 where it is not found."""
    lines = text.splitlines()
    start = 0
    for depth, part in enumerate(place):
        if isinstance(part, int):
            start = _nth(lines, rf"\s*\[\[{re.escape(str(place[depth - 1]))}\]\]", part, start)
        else:
            start = _nth(lines, _KEY.format(re.escape(part)), 0, start)
    return start + 1


def _nth(lines: list[str], pattern: str, count: int, start: int) -> int:
    """Index of the line on which `pattern` begins for the time after `count` others; `start` where it never does."""
    for index in range(start, len(lines)):
        if re.match(pattern, lines[index]):
            if count == 0:
                return index
            count -= 1
    return start
