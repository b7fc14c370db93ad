"""Paths of directories as they are kept and compared: keyed digests, letter case, what may be asked for. Pure."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote_to_bytes

LONGEST = 7_000                          # characters of a path that is asked for; servers take 8,000 (RFC 9112 §3)
_ASKABLE = re.compile(r"[!-~]+")
_PARTED = re.compile(rb"[/\\]")
_DIGEST, _FOLD = 16, 8                   # bytes


def digest(key: bytes, path: str, way: str = "") -> bytes:
    """What stands on disk for a path, listed in one way."""
    text = f"{path}\0{way}" if way else path
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST, key=key).digest()


def fold(key: bytes, path: str) -> bytes:
    """The same for paths that differ in letter case only: to some servers they are one."""
    plain = unquote_to_bytes(path).decode("utf-8", "surrogateescape").casefold()
    return hashlib.blake2b(plain.encode("utf-8", "surrogateescape"), digest_size=_FOLD, key=key).digest()


def below(path: str, segment: str, *, any_name: bool = False) -> str | None:
    """The path of a folder in the directory `path`; None where a request cannot name it.

    With `any_name` the path is none of the request's: a segment may be empty, `.` or `..`.
    """
    if len(path) + len(segment) >= LONGEST or set(segment) & set("/?#"):
        return None
    if any_name and _ASKABLE.fullmatch(segment + "x"):
        return f"{path}{segment}/"
    if not _ASKABLE.fullmatch(segment):
        return None
    return None if climbs(segment) else f"{path}{segment}/"


def climbs(path: str) -> bool:
    """Whether some servers take a part of a quoted path for a way up, also behind a parameter or a quoted slash."""
    return any(part.partition(b";")[0] in (b".", b"..") for part in _PARTED.split(unquote_to_bytes(path)))
