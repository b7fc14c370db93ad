"""XML bytes -> elements, as a stream. It refuses what listings never hold, keeps nothing and knows no vocabulary.

Entities and document types are refused at once, so nothing can be expanded and nothing fetched. Depth, attributes,
the length of a tag and of a text and the number of different names are bounded; no element outlives its end. What
was complete before a fault stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from scanner.listing.xml.plain import Plain, raw

PIECE = 1024                                 # bytes that are looked at together: the same whatever the pieces were
PORTION = 16 * 1024
DEPTH = 32
ATTRIBUTES = 64
TEXT = 64 * 1024                             # characters of text in one element
TAG = 10 * 1024                              # bytes of one tag, comment or instruction
NAMES = 1024                                 # different names of elements and attributes: the parser keeps each

_CUT = "the XML is cut"
_UNFINISHED = frozenset(expat.errors.codes[message] for message in (
    expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_PARTIAL_CHAR,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION))


def _told(error: expat.ExpatError) -> str:
    return expat.ErrorString(error.code)


class _Refused(Exception):  # noqa: N818  it ends a parse from within
    """What was met may not be read on."""


_NONE: Mapping[str, bytes] = {}


def portions(data: bytes) -> Iterator[bytes]:
    """The same bytes in portions whose events are few enough to be held."""
    return (data[at:at + PORTION] for at in range(0, len(data), PORTION))


class Event(NamedTuple):
    """The begin or the end of an element, or a part of a text that flows: that one has no name."""

    begins: bool
    depth: int                               # 1: the root
    name: str                                # local name
    text: bytes = b""                        # at the end: what stands in it, after its last child
    attributes: Mapping[str, bytes] = _NONE  # at the begin, by local name


class _Read:
    """What the parser has told. It does not know the parser, which holds it by these methods: no cycle."""

    def __init__(self, flowing: frozenset[str]) -> None:
        self.root = ""
        self.doctype = ""
        self.ended = False
        self.events: list[Event] = []
        self._flowing = flowing
        self._open: list[str] = []
        self._texts: list[str] = []          # of the innermost element
        self._length = 0                     # of these
        self._names: dict[str, str] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEPTH:
            raise _Refused(f"elements more than {DEPTH} deep")
        if len(attributes) > ATTRIBUTES:
            raise _Refused(f"more than {ATTRIBUTES} attributes in a tag")
        local = self._local(name)
        self.root = self.root or local
        self._open.append(local)
        self._forget()
        found = {self._local(key): raw(value) for key, value in attributes.items()} if attributes else _NONE
        self.events.append(Event(True, len(self._open), local, b"", found))

    def end(self, _name: str) -> None:
        depth = len(self._open)
        self.events.append(Event(False, depth, self._open.pop(), raw("".join(self._texts))))
        self._forget()
        self.ended = not self._open

    def text(self, text: str) -> None:
        if self._open[-1] in self._flowing:
            self.events.append(Event(False, len(self._open) + 1, "", raw(text)))
            return
        self._length += len(text)
        if self._length > TEXT:
            raise _Refused(f"more than {TEXT} characters of text in an element")
        self._texts.append(text)

    def document_type(self, name: str, _system: str | None, _public: str | None, _subset: int) -> None:
        self.doctype = name.rpartition(":")[2]
        raise _Refused("a document type")

    def entity(self, *_what: object) -> None:
        raise _Refused("an entity")

    def _local(self, name: str) -> str:
        local = self._names.get(name)
        if local is None:
            if len(self._names) >= NAMES:
                raise _Refused(f"more than {NAMES} different names of elements and attributes")
            local = self._names[name] = name.rpartition(":")[2]
        return local

    def _forget(self) -> None:
        if self._texts:
            self._texts = []
        self._length = 0


def _parser(read: _Read) -> expat.XMLParserType:
    """A parser that tells `read`."""
    made = expat.ParserCreate("utf-8")
    made.buffer_text = True
    made.StartElementHandler, made.EndElementHandler = read.begin, read.end
    made.CharacterDataHandler = read.text
    made.StartDoctypeDeclHandler, made.EntityDeclHandler = read.document_type, read.entity
    deferral = getattr(made, "SetReparseDeferralEnabled", None)
    if deferral is not None:
        deferral(False)                      # tokens are short here, and what is complete is wanted at once
    return made


class Elements:
    """Reads one document. The text of elements named in `flowing` comes in parts, as events that begin nothing."""

    def __init__(self, flowing: frozenset[str] = frozenset()) -> None:
        self.refused = ""                    # why nothing more is read; empty while all is well
        self.taken = 0                       # bytes looked at
        self._plain = Plain()
        self._held = bytearray()
        self._passed = 0                     # bytes that the parser was given
        self._read = _Read(flowing)
        self._parser = _parser(self._read)

    @property
    def root(self) -> str:
        """Local name of the root element; empty while it has not begun."""
        return self._read.root

    @property
    def doctype(self) -> str:
        """Of the document type that was refused."""
        return self._read.doctype

    @property
    def ended(self) -> bool:
        """Whether the root element is whole."""
        return self._read.ended

    @property
    def done(self) -> bool:
        """Whether nothing more is read."""
        return self.ended or bool(self.refused)

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes, any number; give what begins and ends in what can be looked at."""
        if self.done:
            return []
        self._held += data
        at = 0
        while len(self._held) - at >= PIECE and not self.done:
            self._piece(bytes(self._held[at:at + PIECE]), final=False)
            at += PIECE
        del self._held[:at]
        return self._take()

    def close(self) -> list[Event]:
        """The document has ended, or was cut."""
        if not self.done:
            self._piece(bytes(self._held), final=True)
        self._held.clear()
        return self._take()

    def _take(self) -> list[Event]:
        events, self._read.events = self._read.events, []
        return events

    def _piece(self, data: bytes, *, final: bool) -> None:
        self.taken += len(data)
        plain = self._plain.feed(data, final=final)
        self._passed += len(plain)
        try:
            self._parser.Parse(plain, final)
        except _Refused as found:
            self.refused = str(found)
        except expat.ExpatError as error:
            if not self.ended:
                self.refused = _CUT if final and error.code in _UNFINISHED else f"ill-formed XML: {_told(error)}"
        else:
            if self._passed - max(self._parser.CurrentByteIndex, 0) > TAG:
                self.refused = f"a tag of more than {TAG} bytes"
