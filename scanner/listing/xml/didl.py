"""The reader of media servers' answers: UPnP ContentDirectory:1 §2.7.4 Browse, and what a server says of itself.

An answer holds a DIDL-Lite document, escaped, within a SOAP envelope; both are read as streams. No URL is followed.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes

from scanner.listing.reader import Verdict
from scanner.listing.row_reader import RowReader, told, whole
from scanner.listing.sizes import UNKNOWN
from scanner.listing.xml.device import description
from scanner.listing.xml.elements import Elements, Event, portions
from scanner.listing.xml.trees import Tree, Trees
from scanner.model import Batch

__all__ = ["Didl", "description", "duration"]

_FLOWING = frozenset({"Result"})
_WANTED = frozenset({"container", "item"})
_COUNTS = {"NumberReturned": "returned", "TotalMatches": "total"}
_LONGEST = 4096                              # bytes of a title and its id
_EXTENSION = re.compile(rb".\.[A-Za-z0-9]{1,5}$")
_DURATION = re.compile(rb"\+?(\d{1,5}):(\d\d?):(\d\d?)(?:\.[0-9/]*)?")
_TYPES = {
    b"audio/mpeg": b".mp3", b"audio/mp4": b".m4a", b"audio/x-m4a": b".m4a", b"audio/aac": b".aac",
    b"audio/wav": b".wav", b"audio/x-wav": b".wav", b"audio/wave": b".wav",
    b"audio/l16": b".pcm", b"audio/flac": b".flac",
    b"audio/x-flac": b".flac", b"audio/ogg": b".ogg", b"application/ogg": b".ogg", b"audio/opus": b".opus",
    b"audio/x-ms-wma": b".wma", b"audio/amr": b".amr", b"audio/x-aiff": b".aiff", b"audio/basic": b".au",
    b"video/mp4": b".mp4", b"video/x-matroska": b".mkv", b"video/x-mkv": b".mkv", b"video/x-msvideo": b".avi",
    b"video/avi": b".avi", b"video/mpeg": b".mpg", b"video/quicktime": b".mov", b"video/x-ms-wmv": b".wmv",
    b"video/webm": b".webm", b"video/3gpp": b".3gp", b"video/mp2t": b".ts", b"video/vnd.dlna.mpeg-tts": b".ts",
    b"image/jpeg": b".jpg", b"image/png": b".png", b"image/gif": b".gif", b"image/bmp": b".bmp",
    b"image/tiff": b".tiff"}


class Didl(RowReader):
    """Reads the answer to one Browse. Folders are asked for by `TITLE;ID`, each part quoted by itself."""

    def __init__(self) -> None:
        super().__init__("didl")
        self.returned: int | None = None     # rows that the server says it gave
        self.total: int | None = None        # rows that it has; 0 where it does not know
        self.items: list[bytes] = []         # of each file, in the order of the names: its id, or what it refers to
        self.references = 0                  # files that refer to another (`refID`): the same item in another view
        self._envelope = Elements(_FLOWING)
        self._trees = Trees(_WANTED)
        self._given = 0
        self._seconds = 0
        self._timed = False

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        return [batch for portion in portions(data) if self.verdict is not Verdict.NOT
                for batch in self._read(self._envelope.feed(portion))]

    def close(self) -> list[Batch]:
        """The answer has ended."""
        batches = [] if self.verdict is Verdict.NOT else self._read(self._envelope.close())
        for tree in self._trees.close():
            self._tree(tree)
        batches += self._give()
        if self.verdict is Verdict.UNDECIDED:
            self.verdict, self.why = Verdict.NOT, self._refused or "SOAP, but no answer to Browse"
        self._tell()
        return batches

    @property
    def _refused(self) -> str:
        """Why one of the two documents was not read on; an inner one that never came is not cut."""
        inner = self._trees.refused if self._given else ""
        return self._envelope.refused or inner

    def _read(self, events: list[Event]) -> list[Batch]:
        if self._envelope.root not in ("", "Envelope"):
            self.verdict, self.why = Verdict.NOT, f"XML of another kind: {self._envelope.root[:80]}"
            return []
        for event in events:
            if not event.name:
                self._given += len(event.text)
                for tree in self._trees.feed(event.text):
                    self._tree(tree)
            elif not event.begins:
                self._said(event)
        self._credit(self._envelope.taken)
        return self._give()

    def _give(self) -> list[Batch]:
        if self._trees.root == "DIDL-Lite" and self.verdict is Verdict.UNDECIDED:
            self._listed()
        return self._flat.take() if self.verdict is Verdict.LISTING else []

    def _said(self, event: Event) -> None:
        text = event.text.strip()
        if event.name in _COUNTS and text.isdigit():
            setattr(self, _COUNTS[event.name], max(whole(text), 0))
        elif event.name == "errorCode" and text.isdigit():
            self.facts["dlna.error"] = told(text)

    def _tree(self, tree: Tree) -> None:
        title = tree.value("title").replace(b"/", b"\xe2\x88\x95")     # a name holds no slash, a title may
        name = title or tree.attributes.get("id", b"").replace(b"/", b"\xe2\x88\x95")
        if name in (b"", b".", b"..") or len(name) + len(tree.attributes.get("id", b"")) > _LONGEST:
            self.strays += 1
        elif tree.name == "container":
            self._folder(name, tree.attributes.get("id", b""))
        else:
            self._item(name, tree)
        self._listed(self._row or tree.shape)

    def _folder(self, name: bytes, identity: bytes) -> None:
        """A container. Two may have one title: the second is named by its id as well."""
        href = f"{quote_from_bytes(name, safe='')};{quote_from_bytes(identity, safe='$:')}"
        if not self._flat.directory("", name, href):
            self._flat.directory("", name + b";" + identity.replace(b"/", b"\xe2\x88\x95"), href)

    def _item(self, name: bytes, tree: Tree) -> None:
        resources = list(tree.each("res"))
        sizes = (whole(one.attributes.get("size", b"")) for one in resources)
        size = next((size for size in sizes if size != UNKNOWN), UNKNOWN)
        self._flat.file("", name + _extension(name, resources), size, self._times[tree.value("date")])
        self.items.append(tree.attributes.get("refID") or tree.attributes.get("id", b""))
        self.references += bool(tree.attributes.get("refID"))
        lengths = (duration(one.attributes.get("duration", b"")) for one in resources)
        length = next((length for length in lengths if length is not None), None)
        if length is not None:
            self._seconds, self._timed = self._seconds + length, True

    def _tell(self) -> None:
        super()._tell()
        if self._envelope.root:
            self.facts["xml.root"] = self._envelope.root[:80]
        if self._refused and self._envelope.root in ("", "Envelope"):
            self.facts["xml.refused"] = self._refused
        if self._timed:
            self.facts["dlna.seconds"] = str(self._seconds)


def _extension(name: bytes, resources: list[Tree]) -> bytes:
    """What a file's name ends with where its title does not say, by the type that it is served as."""
    if _EXTENSION.search(name):
        return b""
    for one in resources:
        fields = one.attributes.get("protocolInfo", b"").lower().split(b":")
        kind = fields[2].partition(b";")[0].strip() if len(fields) > 2 else b""
        if kind in _TYPES:
            return _TYPES[kind]
    return b""


def duration(text: bytes) -> int | None:
    """Seconds of `H+:MM:SS[.F+]` (ContentDirectory:1 §B.2.1.4), parts of a second dropped; None where it is none."""
    found = _DURATION.fullmatch(text.strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]) if found is not None else None
