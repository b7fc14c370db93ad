"""OpenStack Swift: containers of an account, objects of a container. Asks for no object.

Object Storage API reference, "Show account details and list containers" and "Show container details and list objects".
The way's argument is the account: `swift:/v1/AUTH_account/`.
"""

from __future__ import annotations

from scanner.listing.stores import SwiftPage
from scanner.net import Accept, Answer
from scanner.probes.ways.store import Question, Store, query
from scanner.probes.ways.walk import StorePage

LIMIT = 1000                             # rows of a page; servers allow 10,000, or what their owner says
_SURE = ("x-container-object-count", "x-account-container-count")


class Swift(Store):
    """Containers of one account."""

    name = "swift"
    protocol = "swift"
    accept = Accept.JSON

    def request(self, asked: Question) -> str:
        """See `Store.request`."""
        inside = asked.place.bucket is not None
        parts = query(("format", "json"), ("limit", str(LIMIT)), ("delimiter", "/" if inside else ""),
                      ("prefix", asked.place.prefix), *asked.page.items())
        return f"{asked.place.above}?{parts}"

    def reader(self, asked: Question, answer: Answer) -> StorePage:
        """See `Store.reader`."""
        sure = any(answer.header(name) is not None for name in _SURE)
        return SwiftPage(None if asked.place.bucket is None else asked.place.prefix, limit=LIMIT, sure=sure)
