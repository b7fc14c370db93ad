"""Google Cloud Storage: objects of a bucket by the JSON API, by the XML API where that is not spoken. Asks for none.

Cloud Storage JSON API, Objects: list and Buckets: list; XML API, List objects, which is S3's.
"""

from __future__ import annotations

from scanner.listing import Verdict
from scanner.listing.stores import GcsPage, S3Page
from scanner.net import Accept, Answer
from scanner.probes.ways.store import Question, Store, query
from scanner.probes.ways.walk import StorePage

JSON, XML = "json", "xml"


class Gcs(Store):
    """Buckets by name."""

    name = "gcs"
    protocol = "gcs"
    forms = (JSON, XML)
    accept = Accept.PAGE

    def request(self, asked: Question) -> str:
        """See `Store.request`."""
        place, page = asked.place, asked.page.items()
        if place.bucket is None:
            return f"/storage/v1/b?{query(('maxResults', '1000'), *page)}"
        parts = query(("delimiter", "/"), ("prefix", place.prefix), *page)
        return f"/storage/v1/b/{place.bucket}/o?{parts}" if asked.form == JSON else f"{place.above}/?{parts}"

    def reader(self, asked: Question, answer: Answer) -> StorePage:  # noqa: ARG002  all are asked alike
        """See `Store.reader`."""
        return GcsPage(asked.place.prefix) if asked.form == JSON else S3Page(asked.place.prefix)

    def other(self, asked: Question, answer: Answer, page: StorePage) -> str | None:
        """The XML API, where the answer is not one of the JSON API."""
        spoken = page.verdict is Verdict.LISTING or page.facts.get("store.code") or answer.status in (429, 503)
        return XML if asked.form == JSON and not spoken and answer.status >= 400 else None
