"""The witness: every test server judges by this one rule what it was asked.

Harmless are GET, HEAD, OPTIONS and PROPFIND of a directory or of what is published, and the one SOAP question that
lists the children of an object. Whatever else reached a server is told as an error of the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.net.published import is_published

VERBS = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND"})
_LINE = re.compile(rb"([!-~]+) ([!-~]+) HTTP/1\.[01]\r\n")
_BROWSE = re.compile(rb"<(\w+):Browse\b.*<BrowseFlag>BrowseDirectChildren</BrowseFlag>.*</\1:Browse>", re.DOTALL)
_PROPFIND = re.compile(rb"<(?:\w+:)?propfind\b")


class UnfitError(AssertionError):
    """A request that a scan must never send."""


def unfit(verb: str, path: str, body: bytes = b"") -> str | None:
    """Why a scan must never send this; None where it is harmless. `path`: as it came, with its query."""
    if verb == "POST":
        return None if _BROWSE.search(body) else f"POST {path}: no Browse"
    if verb not in VERBS:
        return f"{verb} {path}: a verb that is never said"
    if body and not (verb == "PROPFIND" and _PROPFIND.search(body)):
        return f"{verb} {path}: with a body"
    if not path.partition("?")[0].endswith("/") and not is_published(path) and not (verb == "OPTIONS" and path == "*"):
        return f"{verb} {path}: neither a directory nor published"
    return None


def unfit_bytes(request: bytes) -> str | None:
    """The same of a request as it came over the wire. None for what is no HTTP, such as the start of TLS."""
    line = _LINE.match(request)
    if line is None:
        return None
    return unfit(line[1].decode(), line[2].decode(), request.partition(b"\r\n\r\n")[2])


def judge(found: Iterable[str | None]) -> None:
    """Raise UnfitError with everything that is unfit."""
    if wrong := sorted({why for why in found if why is not None}):
        raise UnfitError("; ".join(wrong[:10]))
