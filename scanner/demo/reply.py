"""One HTTP answer as a value, and the shape of a site that gives them. No socket, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

REASONS = {200: "OK", 301: "Moved Permanently", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
           405: "Method Not Allowed", 431: "Request Header Fields Too Large"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a site says. A body in more than one piece is sent in chunks, as it comes."""

    status: int
    body: tuple[bytes, ...] | Iterable[bytes]
    type: str = "text/html"
    location: str | None = None              # path to go to, for 301
    allow: str | None = None                 # verbs, for 405 and OPTIONS


class Site(Protocol):
    """One web site of the replica: pure, told the time."""

    product: str                             # the Server header

    def page(self, path: str, elapsed: float, /) -> Reply:
        """The answer to GET of a decoded, absolute `path`, `elapsed` seconds after the clock's start."""

    def error(self, status: int) -> Reply:
        """The product's own page for a status that is none of success."""

    def options(self) -> Reply:
        """The answer to OPTIONS."""
