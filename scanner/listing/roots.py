"""The reader of whatever came as XML: by its root, it hands on to the one that reads such documents. It reads no rows.

XHTML goes on to the reader of HTML. What is asked for in another way (stores, WebDAV) is no listing here, but said.
"""

from __future__ import annotations

from scanner.listing.dialect import Dialect
from scanner.listing.html.page import Page
from scanner.listing.reader import Reader, Refusal, Verdict
from scanner.listing.stores.s3 import S3Page
from scanner.listing.xml.elements import Elements
from scanner.listing.xml.rows import XmlRows
from scanner.model import Batch

HEAD = 64 * 1024                             # bytes within which the root must begin
#: Documents that name files or folders and list none, by their root element in lower case.
NO_LISTINGS = frozenset({
    "rss", "feed", "rdf", "opml", "urlset", "sitemapindex", "svg", "envelope", "plist", "metadata", "playlist", "entry",
    "multistatus", "listbucketresult", "listallmybucketsresult", "listversionsresult", "enumerationresults", "project",
    "service", "edmx", "schema", "definitions", "stylesheet", "wsdl", "smil", "mpd", "smoothstreamingmedia", "package",
    "manifest", "configuration", "assembly", "repomd", "components", "methodresponse", "error", "errors", "problem",
    "crossdomain", "cross-domain-policy", "browserconfig", "opensearchdescription", "xrds", "entitydescriptor", "root"})
_SHOWN = tuple(vars(Refusal("")))            # what every reader shows


class XmlPage(Reader):
    """Reads one answer. The arguments are those of the reader of HTML."""

    def __init__(self, path: str, *, host: str | None = None, now: int | None = None,
                 dialect: Dialect | None = None) -> None:
        super().__init__()
        self.dialect = dialect
        self._page = Page(path, host=host, now=now, dialect=dialect)
        self._head: Elements | None = Elements()
        self._held = bytearray()
        self._inner: Reader = self._page

    @property
    def held(self) -> int:
        """See `Reader.held`."""
        return len(self._held) + self._inner.held

    def takes_long(self, size: int) -> bool:
        """As long as it takes the reader that was chosen."""
        return super().takes_long(size) if self._head is not None else self._inner.takes_long(size)

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        if self._head is None:
            return self._shown(self._inner.feed(data))
        self._held += data
        self._head.feed(data)
        return self._begin() if self._head.root or self._head.done or len(self._held) > HEAD else []

    def close(self) -> list[Batch]:
        """The body has ended."""
        batches: list[Batch] = []
        if self._head is not None:
            self._head.close()
            batches = self._begin()
        batches += self._inner.close()
        return self._shown(batches)

    def _begin(self) -> list[Batch]:
        """The root is known, or there is none: choose the reader."""
        assert self._head is not None
        self._inner = self._chosen(self._head)
        held, self._head, self._held = bytes(self._held), None, bytearray()
        return self._shown(self._inner.feed(held))

    def _chosen(self, head: Elements) -> Reader:
        root = head.root or head.doctype
        word = root.lower()
        if word == "html" or (not root and "document type" not in head.refused):
            return self._page
        if head.root == "Error":
            return S3Page()
        if word in NO_LISTINGS or not head.root:
            refused = "" if head.root else head.refused          # how far behind the root was read hangs on the pieces
            refusal = Refusal(refused or f"XML of another kind: {root[:80]}", self.dialect)
            refusal.facts = {"xml.root": root[:80]} | ({"xml.refused": refused} if refused else {})
            return refusal
        return XmlRows(self.dialect)

    def _shown(self, batches: list[Batch]) -> list[Batch]:
        """Show what the chosen reader shows."""
        for name in _SHOWN:
            setattr(self, name, getattr(self._inner, name))
        if self._inner.verdict is Verdict.NOT and self.dialect is None:
            self.dialect = self._page.dialect
        return batches
