"""The reader of Google Cloud Storage's JSON: objects of a bucket, buckets of a project, errors. Its XML is S3's.

Form: Objects: list, Buckets: list and the error responses of the Cloud Storage JSON API.
"""

from __future__ import annotations

from scanner.listing.reader import Verdict
from scanner.listing.row_reader import told, whole
from scanner.listing.stores.json_store import JsonStore, shape
from scanner.model.octets import octets


class GcsPage(JsonStore):
    """Reads one page of what lies below `prefix` (unquoted; empty or ending with a slash)."""

    def __init__(self, prefix: bytes = b"") -> None:
        super().__init__("gcs", prefix)
        self._failed = False

    def _pair(self, key: str, value: object) -> None:
        if key == "kind" and value in ("storage#objects", "storage#buckets"):
            self._listed()
        elif key == "items" and isinstance(value, dict):
            self._item(value)
        elif key == "prefixes" and isinstance(value, str):
            self._keys.folder(octets(value))
            self._listed()
        elif key == "nextPageToken" and isinstance(value, str) and value:
            self.more, self.next = True, {"pageToken": value}
        elif key == "error":
            self._error(value)

    def _item(self, item: dict[str, object]) -> None:
        name = octets(item.get("name"))
        if not name or item.get("kind", "storage#object") not in ("storage#object", "storage#bucket"):
            return
        self._listed(shape(item))
        if item.get("kind") == "storage#bucket":
            self._flat.directory("", name.replace(b"/", b""))
            return
        self.facts["store.name"] = told(octets(item.get("bucket"))) or self.facts.get("store.name", "")
        time = octets(item.get("updated") or item.get("timeCreated"))
        self._keys.object(name, whole(str(item.get("size", "")).encode("ascii", "replace")), self._times[time])

    def _error(self, error: object) -> None:
        """`{"code": 401, "errors": [{"reason": "required"}], "message": ...}`"""
        self._failed = True
        if not isinstance(error, dict):
            return
        errors = error.get("errors")
        first = errors[0] if isinstance(errors, list) and errors else {}
        reason = first.get("reason") if isinstance(first, dict) else None
        self.facts["store.code"] = told(str(reason or error.get("status") or error.get("code") or "").encode(
            "utf-8", "replace"))

    def _end(self) -> None:
        if self._failed and self.verdict is Verdict.UNDECIDED:
            self.verdict, self.why = Verdict.NOT, f"an error: {self.facts.get('store.code', 'of no name')}"
        if not self.facts.get("store.name"):
            self.facts.pop("store.name", None)
