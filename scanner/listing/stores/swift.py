"""The reader of OpenStack Swift answers: objects of a container, containers of an account, in JSON or as bare names.

Form: Show container details and list objects, Show account details and list containers, of the Object Store API.
"""

from __future__ import annotations

from scanner.listing.reader import Verdict
from scanner.listing.row_reader import whole
from scanner.listing.stores.json_store import JsonStore, shape
from scanner.model import Batch
from scanner.model.octets import octets

_NAME = 1024                                 # bytes of the longest name that Swift allows


class SwiftPage(JsonStore):
    """Reads one page of what lies below `prefix` (unquoted; empty or ending with a slash); None: of an account.

    `limit` is how many rows were asked for: a page of so many has a next one. `sure`: the headers have said that this
    is Swift (`X-Container-Object-Count`, `X-Account-Container-Count`); only then are an empty array and bare names a
    listing.
    """

    def __init__(self, prefix: bytes | None = b"", *, limit: int = 10_000, sure: bool = False) -> None:
        super().__init__("swift", prefix or b"")
        self._account = prefix is None
        self._limit = limit
        self._sure = sure
        self._seen = 0
        self._last = b""
        self._lines: bytearray | None = None  # the rest of a page of bare names
        self._lead = b""                     # white space, before it is known what it belongs to
        self._begun = False

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        if self._sure and not self._begun:
            data, self._lead = self._lead + data, b""
            if not data.strip():             # the first name may begin with it
                self._lead = data[-_NAME - 1:]          # a byte more than any name has is enough
                return []
            self._begun = True
            self._lines = None if data.lstrip()[:1] in (b"[", b"{") else bytearray()
        if self._lines is None:
            return super().feed(data)
        self._lines += data
        whole_lines, mark, rest = self._lines.rpartition(b"\n")
        self._lines = rest
        return self._bare(whole_lines + mark)

    def close(self) -> list[Batch]:
        """The answer has ended."""
        batches = self._bare(bytes(self._lines) + b"\n") if self._lines else []
        return batches + super().close()

    def _bare(self, text: bytes | bytearray) -> list[Batch]:
        for line in bytes(text).split(b"\n"):
            name = line.removesuffix(b"\r")
            if name and len(name) <= _NAME:
                self._listed("name")
                self._add(name, {})
        return self._flat.take()

    def _pair(self, key: str, value: object) -> None:
        if key or not isinstance(value, dict):
            return
        name = octets(value.get("subdir"))
        if name:
            self._listed(shape(value))
            self._count(name)
            self._keys.folder(name)
        elif octets(value.get("name")) and self._is_row(value):
            self._listed(shape(value))
            self._add(octets(value["name"]), value)

    def _is_row(self, value: dict[str, object]) -> bool:
        """Objects have bytes and a hash, containers bytes and a count."""
        return "bytes" in value and ("count" in value if self._account else "hash" in value)

    def _count(self, name: bytes) -> None:
        self._seen += 1
        self._last = name

    def _add(self, name: bytes, value: dict[str, object]) -> None:
        self._count(name)
        if self._account:
            if b"/" not in name:
                self._flat.directory("", name)
            return
        size = whole(str(value.get("bytes", "")).encode("ascii", "replace"))
        if value.get("content_type") == "application/directory" and size <= 0:
            self._keys.folder(name)
        else:
            self._keys.object(name, size, self._times[octets(value.get("last_modified"))])

    def _end(self) -> None:
        empty = self._json.form == "[" and self._json.ended and not self._seen
        if self._sure and empty:
            self._listed()
        if self.verdict is Verdict.LISTING and self._seen >= self._limit:
            self.more, self.next = True, {"marker": self._last.decode("utf-8", "surrogateescape")}
