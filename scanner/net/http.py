"""HTTP/1.1 as far as it asks for directories. There is no way to say Range, Authorization or Cookie here.

A request can only be made by `Request`, which knows four verbs and refuses every path that is neither a directory
nor on the published list. One connection carries one request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import MappingProxyType

from scanner.model import Endpoint
from scanner.net.ledger import DIRECTORY
from scanner.net.ledger import PUBLISHED as PUBLISHED_CLASS

ALPN = "http/1.1"
SLOW_DOWN = frozenset({429, 503})


class Verb(StrEnum):
    """All that is ever said. None of them reads a file."""

    GET = "GET"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    PROPFIND = "PROPFIND"


PUBLISHED: Mapping[str, str] = MappingProxyType({
    "/robots.txt": "names directories that its owner wants kept out of sight",
})
"""The only paths asked for that are no directories, each with its reason."""

_LONGEST = 8192                           # characters of a path: RFC 9112 §3 wants 8000 at least
_PROPFIND = (b'<?xml version="1.0" encoding="utf-8"?>\n<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/>'
             b"<getlastmodified/><displayname/></prop></propfind>")


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `ValueError` for whatever is not a directory, not published, or not one line of ASCII.

    `path` is quoted; its query may follow. `depth` (0 or 1) is for PROPFIND, RFC 4918 §9.1.
    """

    verb: Verb
    path: str
    authority: str                        # what Host says: name or address, port unless it is the scheme's own
    depth: int = 1

    def __post_init__(self) -> None:
        Verb(self.verb)
        where = self.path.partition("?")[0]
        if not where.startswith("/") or not (where.endswith("/") or self.path in PUBLISHED):
            raise ValueError(f"neither a directory nor published: {self.path!r}")
        if not _one_word(self.path) or "#" in self.path or len(self.path) > _LONGEST:
            raise ValueError(f"not a quoted path: {self.path[:80]!r}")
        if not _one_word(self.authority) or self.depth not in (0, 1):
            raise ValueError(f"not a host: {self.authority[:80]!r}, or not a depth: {self.depth!r}")

    @property
    def path_class(self) -> str:
        """What the account calls it."""
        return PUBLISHED_CLASS if self.path in PUBLISHED else DIRECTORY

    def render(self, agent: str) -> bytes:
        """The bytes to send."""
        head = (f"{self.verb.value} {self.path} HTTP/1.1\r\nHost: {self.authority}\r\nUser-Agent: {agent}\r\n"
                "Accept: text/html, application/json;q=0.9, application/xml;q=0.8, */*;q=0.1\r\n"
                "Accept-Encoding: identity\r\nConnection: close\r\n")
        if self.verb is not Verb.PROPFIND:
            return (head + "\r\n").encode("ascii")
        return (f"{head}Depth: {self.depth}\r\nContent-Type: application/xml\r\n"
                f"Content-Length: {len(_PROPFIND)}\r\n\r\n").encode("ascii") + _PROPFIND


def _one_word(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def authority(endpoint: Endpoint) -> str:
    """What the Host header says at this door (RFC 9110 §7.2)."""
    if endpoint.port == (443 if endpoint.tls else 80):
        return endpoint.authority.rpartition(":")[0]
    return endpoint.authority


def retry_after(text: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3); None where it says nothing sensible."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        left = parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return left if left >= 0 else None
