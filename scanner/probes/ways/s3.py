"""S3: buckets and their keys by ListObjectsV2, or by ListObjects where only that is understood. Asks for no object.

Amazon S3 API Reference, ListObjectsV2, ListObjects and ListBuckets; many products speak it. The bucket is the first
segment of the path (`s3`), or the host (`s3-host`).
"""

from __future__ import annotations

from scanner.listing import Verdict
from scanner.listing.stores import S3Page
from scanner.model import Ask
from scanner.net import Answer
from scanner.probes.ways.store import Place, Question, Store, query
from scanner.probes.ways.walk import StorePage

V2, V1 = "2", "1"
_REFUSING = frozenset({400, 405, 501})
_STRANGE = frozenset({"NotImplemented", "InvalidArgument", "InvalidRequest", "InvalidURI", "MethodNotAllowed",
                      "UnsupportedParameter", "InvalidParameter"})


class S3(Store):
    """Buckets in the path."""

    name = "s3"
    protocol = "s3"
    forms = (V2, V1)

    def request(self, asked: Question) -> str:
        """See `Store.request`. A page that was given a `marker` is asked for as ListObjects has it."""
        more = tuple(asked.page.items())
        if asked.place.bucket is None:
            return f"{asked.place.base}?{query(*more)}" if more else asked.place.base
        old = asked.form == V1 or "marker" in asked.page
        parts = (() if old else (("list-type", "2"),)) + (("delimiter", "/"),)
        parts += () if asked.form == V1 else (("encoding-type", "url"),)
        return f"{asked.place.above}/?{query(*parts, ('prefix', asked.place.prefix), *more)}"

    def reader(self, asked: Question, answer: Answer) -> StorePage:  # noqa: ARG002  all are asked alike
        """See `Store.reader`."""
        return S3Page(asked.place.prefix)

    def other(self, asked: Question, answer: Answer, page: StorePage) -> str | None:
        """The older form, where an error says that the newer one is not understood."""
        strange = answer.status in _REFUSING and page.facts.get("store.code") in _STRANGE
        return V1 if asked.form == V2 and page.verdict is not Verdict.LISTING and strange else None


class S3Host(S3):
    """The bucket is the host."""

    name = "s3-host"

    def place(self, ask: Ask) -> Place:
        """See `Store.place`."""
        inside = Place.of(f"/host{ask.path}", "/")
        return Place("/", "", inside.prefix)
