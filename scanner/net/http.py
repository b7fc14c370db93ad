"""HTTP/1.1 as far as it asks for directories. There is no way to say Range, Authorization or Cookie here.

A request can only be made by `Request`, which knows four verbs and one fixed question to media servers, and refuses
every path that is neither a directory nor on the published list. One connection carries one request.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from xml.sax.saxutils import escape

from scanner.model import Endpoint
from scanner.net.ledger import DIRECTORY
from scanner.net.ledger import PUBLISHED as PUBLISHED_CLASS
from scanner.net.published import is_published

ALPN = "http/1.1"
SLOW_DOWN = frozenset({429, 503})


class Verb(StrEnum):
    """All that is ever said. None of them reads a file."""

    GET = "GET"
    HEAD = "HEAD"
    OPTIONS = "OPTIONS"
    PROPFIND = "PROPFIND"
    BROWSE = "POST"                       # of `Browse` and nothing else


class Accept(StrEnum):
    """What is asked for."""

    PAGE = "text/html, application/json;q=0.9, application/xml;q=0.8, */*;q=0.1"
    JSON = "application/json"
    XML = "application/xml, text/xml;q=0.9"


@dataclass(frozen=True, slots=True)
class Browse:
    """The children of one object of a media server, so many from `start` on (UPnP ContentDirectory:1 section 2.7.4)."""

    object_id: str
    start: int = 0
    count: int = 200

    def render(self) -> bytes:
        """The SOAP envelope."""
        return _BROWSE.format(escape(self.object_id), self.start, self.count).encode()


LONGEST = 8192                            # characters of a path: RFC 9112 §3 wants 8000 at least
_PROPFIND = (b'<?xml version="1.0" encoding="utf-8"?>\n<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/>'
             b"<getlastmodified/><displayname/></prop></propfind>")
_SERVICE = "urn:schemas-upnp-org:service:ContentDirectory:1"
_BROWSE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:Browse xmlns:u="' + _SERVICE + '">'
    "<ObjectID>{}</ObjectID><BrowseFlag>BrowseDirectChildren</BrowseFlag><Filter>dc:title,dc:date,@refID,res@size,"
    "res@duration</Filter><StartingIndex>{}</StartingIndex><RequestedCount>{}</RequestedCount><SortCriteria></SortCriteria>"
    "</u:Browse></s:Body></s:Envelope>")


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `ValueError` for whatever is not a directory, not published, or not one line of ASCII.

    `path` is quoted; its query may follow. `depth` (0 or 1) is for PROPFIND, RFC 4918 §9.1. A `browse` goes with its
    verb, and that verb with nothing else. Without an authority no Host is sent, as in HTTP/1.0.
    """

    verb: Verb
    path: str
    authority: str                        # what Host says: name or address, port unless it is the scheme's own
    depth: int = 1
    accept: Accept = Accept.PAGE
    browse: Browse | None = None

    def __post_init__(self) -> None:
        Accept(self.accept)
        if (Verb(self.verb) is Verb.BROWSE) != (self.browse is not None):
            raise ValueError("POST carries a Browse, and nothing else does")
        where = self.path.partition("?")[0]
        listing = where.endswith("/") or is_published(self.path) or (self.browse is not None and where == self.path)
        if not where.startswith("/") or not listing:
            raise ValueError(f"neither a directory nor published: {self.path!r}")
        if not _one_word(self.path) or "#" in self.path or len(self.path) > LONGEST:
            raise ValueError(f"not a quoted path: {self.path[:80]!r}")
        if (self.authority and not _one_word(self.authority)) or self.depth not in (0, 1):
            raise ValueError(f"not a host: {self.authority[:80]!r}, or not a depth: {self.depth!r}")

    @property
    def path_class(self) -> str:
        """What the account calls it."""
        return DIRECTORY if self.path.partition("?")[0].endswith("/") else PUBLISHED_CLASS

    def render(self, agent: str) -> bytes:
        """The bytes to send."""
        host = f"1\r\nHost: {self.authority}" if self.authority else "0"
        head = (f"{self.verb.value} {self.path} HTTP/1.{host}\r\nUser-Agent: {agent}\r\nAccept: {self.accept.value}\r\n"
                "Accept-Encoding: identity\r\nConnection: close\r\n")
        if self.verb is Verb.PROPFIND:
            return _with_body(f"{head}Depth: {self.depth}\r\nContent-Type: application/xml\r\n", _PROPFIND)
        if self.browse is not None:
            action = f'Content-Type: text/xml; charset="utf-8"\r\nSOAPAction: "{_SERVICE}#Browse"\r\n'
            return _with_body(head + action, self.browse.render())
        return (head + "\r\n").encode("ascii")


def _with_body(head: str, body: bytes) -> bytes:
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body


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
