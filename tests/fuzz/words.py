"""Words that make good input for a target: the short constants of the files that it fuzzes, as a dictionary."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

SCANNER = Path(__file__).parents[2] / "scanner"
_LONGEST = 32                                # bytes
_COMMON = (b"\r\n", b"\0", b"%", b"%2F", b"/", b"..", b"\xff", b"\xc3", b"070-1740605", b"99999999999999999999")


def dictionary(rooms: Iterable[str]) -> str:
    """A line for each word, in the form of libFuzzer."""
    words = {*_COMMON, *(word for room in rooms for path in _files(SCANNER / room) for word in _constants(path))}
    return "".join('"' + "".join(map("\\x{:02x}".format, word)) + '"\n' for word in sorted(words))


def _files(room: Path) -> list[Path]:
    return [room] if room.is_file() else sorted(room.rglob("*.py"))


def _constants(path: Path) -> Iterator[bytes]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            word = node.value if isinstance(node.value, bytes) else node.value.encode("utf-8", "surrogatepass")
            if 0 < len(word) <= _LONGEST and len(word.split()) <= 3:
                yield word
