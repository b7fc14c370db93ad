r"""Entries as a report names them: paths as text, and back to the bytes that a server showed. It must not mask.

A path begins with a slash, one of a directory ends with one. Names are bytes, as servers know no encoding: what is
UTF-8 stands as itself, every other byte as `\xe5`. A backslash that would read like such an escape, and a slash
inside a name, stand as `\x5c` and `\x2f`; so every name has one text, and every text one name.
"""

from __future__ import annotations

import re

from scanner.model.octets import octets

_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")
_AMBIGUOUS = re.compile(rb"\\(?=x[0-9a-f]{2})|/")


def written(name: bytes) -> str:
    """A base name as text."""
    plain = _AMBIGUOUS.sub(lambda found: b"\\x%02x" % ord(found[0]), name)
    return plain.decode(errors="backslashreplace")


def read(text: str) -> bytes:
    """The name that a text stands for; also of one with lone surrogates, as Python reads names from a disk."""
    pieces = _ESCAPE.split(text)             # text, two digits, text …
    return b"".join(bytes.fromhex(piece) if i % 2 else octets(piece) for i, piece in enumerate(pieces))


def path(folder: bytes) -> str:
    """A folder's path as text, slashes kept."""
    return "/".join(written(segment) for segment in folder.split(b"/"))


def level(shown: str) -> tuple[int, str]:
    """By this, entries sort breadth first: those of the root before those below it."""
    return shown.rstrip("/").count("/"), shown
