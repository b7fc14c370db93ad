"""The reader of S3 answers: objects of a bucket, buckets of a service, errors. It knows the dialect, not the product.

Form: ListObjects, ListObjectsV2 and ListBuckets of the Amazon S3 API Reference, as its many implementations print it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from scanner.listing.reader import Verdict
from scanner.listing.row_reader import told, whole
from scanner.listing.sizes import UNKNOWN
from scanner.listing.stores.xml_store import XmlStore
from scanner.listing.xml.trees import Tree
from scanner.model import Batch

_ROOTS = frozenset({"ListBucketResult", "ListAllMyBucketsResult"})
_PLAIN = frozenset({"Name", "IsTruncated", "NextMarker", "NextContinuationToken", "ContinuationToken", "EncodingType"})
_WANTED = _PLAIN | {"Contents", "CommonPrefixes"}
_NEVER = re.compile(rb"[\0-\x20\x7f-\xff<>\"]")   # in what has been escaped
_HELD = 4 * 1024 * 1024                      # bytes of rows whose keys may turn out to be encoded


@dataclass(frozen=True, slots=True)
class _Row:
    """One object or prefix, its key as printed."""

    folder: bool
    key: bytes
    size: int = UNKNOWN
    time: int = UNKNOWN


class S3Page(XmlStore):
    """Reads one page of what lies below `prefix` (unquoted; empty or ending with a slash)."""

    def __init__(self, prefix: bytes = b"") -> None:
        super().__init__("s3", _ROOTS, _WANTED, prefix)
        self._said: dict[str, bytes] = {}
        self._held: list[_Row] = []          # those with an escape, until the encoding is known
        self._weight = 0                     # of these
        self._last: dict[str, bytes] = {}    # the last key and the last prefix, as printed

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        batches = super().feed(data)
        if self.verdict is Verdict.UNDECIDED and self._trees.root == "ListBucketResult":
            self._listed()
        self.strays = self._keys.strays
        return batches

    def _tree(self, tree: Tree) -> None:
        root = self._trees.root
        if root == "Error":
            self._error(tree)
        elif root == "ListAllMyBucketsResult":
            self._bucket(tree)
        elif tree.above == root:
            self._part(tree)

    def _bucket(self, tree: Tree) -> None:
        """One of `Buckets/Bucket`; its owner is left where it is."""
        if tree.name == "Bucket":
            name = tree.value("Name")
            if name and b"/" not in name:
                self._flat.directory("", name)
            else:
                self.strays += 1
            self._listed(self._row or tree.shape)
        elif tree.above == self._trees.root:
            self._said[tree.name] = tree.text.strip()

    def _part(self, tree: Tree) -> None:
        """One element directly within `ListBucketResult`."""
        if tree.name in ("Contents", "CommonPrefixes"):
            self._listed(self._row or tree.shape)
            self._row_of(tree)
        else:
            self._said[tree.name] = tree.text if tree.name.startswith("Next") else tree.text.strip()
            if tree.name == "EncodingType":
                self._release()

    def _row_of(self, tree: Tree) -> None:
        if tree.name == "CommonPrefixes":
            rows = [_Row(True, prefix.text) for prefix in tree.each("Prefix")]
        else:
            size, time = whole(tree.value("Size")), self._times[tree.value("LastModified")]
            rows = [_Row(False, key.text, size, time) for key in tree.each("Key")][:1]
        for row in rows:
            self._last["Prefix" if row.folder else "Key"] = row.key
            odd = b"%" in row.key or b"+" in row.key
            if odd and "EncodingType" not in self._said and self._weight < _HELD:
                self._weight += 200 + len(row.key)
                self._held.append(row)
                self._waiting += 1
            else:
                self._add(row)

    def _release(self) -> None:
        held, self._held = self._held, []
        for row in held:
            self._add(row)

    def _plain(self, text: bytes) -> bytes:
        """A key as it is: with `encoding-type=url` escaped like a form's field, a space as a plus.

        Some stores say so and leave a part as it was: what holds bytes that are always escaped is taken as it stands.
        """
        if self._said.get("EncodingType", b"").lower() != b"url" or _NEVER.search(text):
            return text
        return unquote_to_bytes(text.replace(b"+", b" "))

    def _add(self, row: _Row) -> None:
        key = self._plain(row.key)
        if not row.folder:
            self._keys.object(key, row.size, row.time)
        elif key.endswith(b"/"):
            self._keys.folder(key)
        else:
            self._keys.strays += 1       # cut elsewhere than at the delimiter: what lies there cannot be asked for

    def _end(self) -> None:
        self._release()
        root = self._trees.root
        if root == "Error":
            self._failed()
        elif root:
            self._listed()
            self._page()
        self.strays = max(self.strays, self._keys.strays)

    def _page(self) -> None:
        said = self._said
        if self._trees.root == "ListBucketResult" and said.get("Name"):
            self.facts["store.name"] = told(said["Name"])
        token = said.get("NextContinuationToken") or (
            said.get("ContinuationToken") if self._trees.root == "ListAllMyBucketsResult" else None)
        last = max(map(self._plain, self._last.values()), default=b"")
        marker = self._plain(said["NextMarker"]) if said.get("NextMarker") else last
        self.more = said.get("IsTruncated", b"").lower() == b"true" or bool(token)
        if self.more and token:
            self.next = {"continuation-token": token.decode("utf-8", "surrogateescape")}
        elif self.more and marker:
            self.next = {"marker": marker.decode("utf-8", "surrogateescape")}
