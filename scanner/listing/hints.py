"""Directories that a robots.txt names (RFC 9309). For whom its rules are does not matter: all are hints."""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes

from scanner.listing.hrefs import SAFE

MOST = 200
LONGEST = 500 * 1024                         # bytes that a reader of robots.txt must take (RFC 9309 §2.5)
_RULE = re.compile(rb"^[ \t]*(?:dis)?allow[ \t]*:[ \t]*(/[^#\r\n]*)", re.IGNORECASE | re.MULTILINE)


def robots(text: bytes) -> list[str]:
    """Quoted paths of directories named in Disallow and Allow, in their order, at most 200, without `/` itself.

    Wildcards end a path, as does a query; a file stands for the directory that it lies in.
    """
    found: dict[str, None] = {}
    for rule in _RULE.finditer(text[:LONGEST]):
        path = re.split(rb"[*$?]", rule[1].strip(), maxsplit=1)[0]
        last = path.rpartition(b"/")[2]
        if last and b"." not in last and path == rule[1].strip().rstrip(b"$"):
            path += b"/"
        folder = quote_from_bytes(path[:path.rfind(b"/") + 1], safe=SAFE + "/%")
        if folder not in ("", "/") and "//" not in folder and len(folder) <= 1024 and not _climbs(folder):
            found[folder] = None
        if len(found) >= MOST:
            break
    return list(found)


def _climbs(folder: str) -> bool:
    return any(part.lower().replace("%2e", ".") in (".", "..") for part in folder.split("/"))
