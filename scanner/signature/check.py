"""The proof of signatures: each example gets its verdict, each condition is needed. Reads files, judges no scan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scanner.errors import SignatureError
from scanner.signature import file as signature_file
from scanner.signature.deadlines import NAME, read_deadlines
from scanner.signature.form import Example
from scanner.signature.kinds import AnySignature, Files, Product, Recording, Words

_SCHEMA_TITLE = "Signature of earshot"


def schema() -> dict[str, Any]:
    """JSON schema of a signature file, facts as an enumeration: completion in an editor."""
    form: TypeAdapter[Product | Recording | Files | Words] = TypeAdapter(AnySignature)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": _SCHEMA_TITLE, **form.json_schema()}


def check(path: Path) -> list[str]:
    """All that is wrong with a signature file, or with all of a folder: `FILE:LINE: what; remedy`. Empty: nothing."""
    if path.is_file():
        return _check_deadlines(path) if path.name == NAME else _check_file(path)
    try:
        problems = [p for file in signature_file.paths(path) for p in _check_file(file)]
    except SignatureError as error:
        return [str(error)]
    return signature_file.astray(path) + problems + _check_deadlines(path / NAME)


def _check_deadlines(path: Path) -> list[str]:
    try:
        if path.exists():
            read_deadlines(path)
    except SignatureError as error:
        return str(error).splitlines()
    return []


def _check_file(path: Path) -> list[str]:
    try:
        signature = signature_file.read(path)
    except SignatureError as error:
        return str(error).splitlines()
    text = path.read_text(encoding="utf-8")
    unsound = list(signature_file.unsound(signature, text, path))
    return _taken(signature.id, text, path) + (unsound or list(_unproved(signature, text, path)))


def _taken(identity: str, text: str, path: Path) -> list[str]:
    built_in = signature_file.home() / f"{identity}.toml"
    if not built_in.is_file() or built_in.samefile(path) or built_in.read_bytes() == path.read_bytes():
        return []
    line = signature_file.line_of(text, ("id",))
    return [f"{path}:{line}: '{identity}' is there already: {built_in}; give yours another name"]


def _unproved(signature: Product | Recording | Files | Words, text: str, path: Path) -> Iterator[str]:
    for index, example in enumerate(signature.example):
        if wrong := misjudged(signature, example):
            yield f"{path}:{signature_file.line_of(text, ('example', index, 'why'))}: {wrong}"
    for part, at in idle(signature):
        place: tuple[str | int, ...] = (part,) if at is None else (part, at, "fact")
        name = f"'{part}'" if at is None else f"[[{part}]] number {at + 1}"
        yield (f"{path}:{signature_file.line_of(text, place)}: without {name} every example gets the same verdict; "
               "write the neighbour that it keeps out, or take it away")


def misjudged(signature: Product | Recording | Files | Words, example: Example) -> str | None:
    """How the verdict on `example` differs from what it says; None where it does not."""
    groups = signature.match(example.facts)
    if (groups is not None) != example.matches:
        return f"'{example.why}' {'does not match' if example.matches else 'matches'}; mend the pattern or the example"
    found = dict(groups or {})
    if isinstance(signature, Product) and (version := signature.release(example.facts)):
        found["version"] = version
    for name, value in example.groups.items():
        if found.get(name) != value:
            return f"'{example.why}': group {name} is {found.get(name)!r}, not {value!r}"
    return None


def idle(signature: Product | Recording | Files | Words) -> Iterator[tuple[str, int | None]]:
    """Conditions that no example needs: the name of their table and their index (None: `extensions` as a whole)."""
    verdicts = _verdicts(signature, signature.example)
    for part in ("all", "none", "version"):
        conditions = getattr(signature, part, ())
        for index in range(len(conditions)):
            rest = conditions[:index] + conditions[index + 1:]
            if _verdicts(signature.model_copy(update={part: rest}), signature.example) == verdicts:
                yield part, index
    if isinstance(signature, Files) and signature.extensions:
        without = signature.model_copy(update={"extensions": ()})
        if _verdicts(without, signature.example) == verdicts:
            yield "extensions", None


def _verdicts(signature: Product | Recording | Files | Words, examples: Sequence[Example]) -> list[object]:
    verdicts: list[object] = [signature.match(e.facts) is not None for e in examples]
    if isinstance(signature, Product):
        verdicts += [signature.release(e.facts) for e in examples]
    return verdicts


if __name__ == "__main__":                   # writes the schema beside the signatures
    (signature_file.home() / "signature.schema.json").write_text(
        json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
