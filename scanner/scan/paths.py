"""Paths of directories as they are kept and compared: keyed digests, letter case, what may be asked for. Pure."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote_to_bytes

LONGEST = 7_000                          # characters of a path that is asked for; servers take 8,000 (RFC 9112 §3)
_ASKABLE = re.compile(r"[!-~]+")
_DIGEST, _FOLD = 16, 8                   # bytes


def digest(key: bytes, path: str) -> bytes:
    """What stands for a path on disk."""
    return hashlib.blake2b(path.encode(), digest_size=_DIGEST, key=key).digest()


def fold(key: bytes, path: str) -> bytes:
    """The same for paths that differ in letter case only: to some servers they are one."""
    plain = unquote_to_bytes(path).decode("utf-8", "surrogateescape").casefold()
    return hashlib.blake2b(plain.encode("utf-8", "surrogateescape"), digest_size=_FOLD, key=key).digest()


def below(path: str, segment: str) -> str | None:
    """The path of a folder in the directory `path`; None where a request cannot name it."""
    if not _ASKABLE.fullmatch(segment) or set(segment) & set("/?#") or len(path) + len(segment) >= LONGEST:
        return None
    if unquote_to_bytes(segment) in (b".", b".."):
        return None
    return f"{path}{segment}/"
