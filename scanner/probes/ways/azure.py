"""Azure Blob Storage: containers of an account, blobs of a container. Asks for no blob.

REST API reference of Azure Blob Storage, List Containers and List Blobs. The account is the host, or the first segment
of the path (`azure:/ACCOUNT/`), as emulators have it.
"""

from __future__ import annotations

import re

from scanner.errors import ProtocolError
from scanner.listing.stores import AzurePage
from scanner.model import Ask
from scanner.net import Answer
from scanner.probes.ways.store import Place, Question, Store, query
from scanner.probes.ways.walk import StorePage

_NAME = re.compile(r"[A-Za-z0-9$][A-Za-z0-9_-]*")


class Azure(Store):
    """Containers of one account."""

    name = "azure"
    protocol = "azure-blob"

    def place(self, ask: Ask) -> Place:
        """See `Store.place`. The path has no slash at its end, so what may be a file's name is none of a container."""
        place = super().place(ask)
        account = place.base.strip("/")
        if not _NAME.fullmatch(place.bucket if place.bucket is not None else account or "$root"):
            raise ProtocolError("a container or an account whose name Azure does not allow")
        return place

    def request(self, asked: Question) -> str:
        """See `Store.request`."""
        if asked.place.bucket is None:
            return f"{asked.place.base.rstrip('/') or '/'}?{query(('comp', 'list'), *asked.page.items())}"
        parts = query(("restype", "container"), ("comp", "list"), ("delimiter", "/"), ("prefix", asked.place.prefix),
                      *asked.page.items())
        return f"{asked.place.above}?{parts}"

    def reader(self, asked: Question, answer: Answer) -> StorePage:  # noqa: ARG002  all are asked alike
        """See `Store.reader`."""
        return AzurePage(asked.place.prefix)
