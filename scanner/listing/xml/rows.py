"""XML listings of any product: sibling elements that say a name with type, size or time. It knows no vocabulary.

What an element says is its attributes, its plain children and its text, under the names that JSON listings use. It is
judged as a row when it ends; a tree of folders within folders is refused, for its rows are not of the folder asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from scanner.listing.dialect import Dialect
from scanner.listing.json.rows import FLAG, KIND, NAME, SIZE, TIME, Folder, Item, folded, is_listing
from scanner.listing.reader import Reader, Verdict, plain_facts
from scanner.listing.row_reader import ROW
from scanner.listing.xml.elements import Elements, Event, portions
from scanner.model import Batch

FIRST = 8 * 1024                             # bytes within which it must be a listing
FIELDS = 64                                  # things that one element says
LONGEST = 4096                               # bytes of one of them
_FOLDERS = frozenset({"directory", "dir", "folder", "collection"})
_WORDS = ("list", "dir", "file", "folder", "entries", "index")    # in the name of a root that needs no sizes or times


@dataclass(slots=True)
class _Open:
    """An element that has not ended."""

    name: str
    item: Item
    shown: tuple[str, ...]                   # its attributes and children, as spelled
    row: bool                                # its attributes alone make it one


class XmlRows(Reader):
    """Reads one XML document whose root is of no known vocabulary."""

    def __init__(self, dialect: Dialect | None = None) -> None:
        super().__init__()
        self.dialect = dialect
        self._elements = Elements()
        self._open: list[_Open] = []
        self._folder = Folder()
        self._depth = 0                      # of the rows
        self._rows = self._told = self._others = 0
        self._count = 0                      # elements
        self._proved = False                 # some row shows size or time
        self._first = ""
        self._credited = 0

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        return [batch for portion in portions(data) if self.verdict is not Verdict.NOT
                for batch in self._read(self._elements.feed(portion))]

    def close(self) -> list[Batch]:
        """The body has ended."""
        batches = [] if self.verdict is Verdict.NOT else self._read(self._elements.close())
        root = self._elements.root
        if self.verdict is Verdict.UNDECIDED:
            hollow = self.dialect is not None and self.dialect.rooted == root and self._count == 1
            self.verdict, self.why = (Verdict.LISTING, "") if hollow else (
                Verdict.NOT, self._elements.refused or "XML, but no listing")
        if root:
            self.facts["xml.root"] = root[:80]
        if self._elements.refused:
            self.facts["xml.refused"] = self._elements.refused
        if self.verdict is Verdict.LISTING:
            self.dialect = replace(self.dialect or Dialect(), rooted=root)
            self.why = f"{self._told} rows of XML"
            self.facts |= plain_facts("xml", self._first, self._told)
        return batches

    def _read(self, events: list[Event]) -> list[Batch]:
        for event in events:
            if event.begins:
                self._begin(event)
            else:
                self._end(event)
            if self.verdict is Verdict.NOT:
                return []
        if self.verdict is Verdict.UNDECIDED:
            self._decide()
        return self._batches() if self.verdict is Verdict.LISTING else []

    def _decide(self) -> None:
        named = any(word in self._elements.root.lower() for word in _WORDS)
        enough = self._elements.done or self._elements.taken > FIRST
        listed = self._folder.strong and (self._proved or (named and enough))     # products have names and dates, too
        if self._rows > self._others and listed:
            self.verdict, self.why = Verdict.LISTING, "XML rows with names"
        elif self._elements.taken > FIRST:
            self.verdict, self.why = Verdict.NOT, "XML, but no listing"

    def _begin(self, event: Event) -> None:
        self._count += 1
        item: Item = folded({key: _text(value) for key, value in list(event.attributes.items())[:FIELDS]})
        row = bool(item) and event.depth > 1 and self._is_row(event.name, item)
        if row and any(above.row for above in self._open):
            self.verdict, self.why = Verdict.NOT, "a tree of folders within folders"
        self._open.append(_Open(event.name, item, tuple(event.attributes), row))

    def _end(self, event: Event) -> None:
        element = self._open.pop()
        text = event.text.strip()
        if event.depth == 1:
            return
        above = self._open[-1]
        if not element.item:
            if len(above.item) < FIELDS and event.depth > 2:
                above.item.setdefault(next(iter(folded({element.name: 0})), ""), _text(text))
                above.shown += (element.name,)
            return
        if text and not any(key in element.item for key in NAME):
            element.item["name"] = _text(event.text)
        self._candidate(element, event.depth)

    def _candidate(self, element: _Open, depth: int) -> None:
        """An element that says more than one thing: a row, or not."""
        row = self._is_row(element.name, element.item) and self._depth in (0, depth)
        if not (row and self._folder.add(element.item, folders=False)):
            self._others += self._depth in (0, depth)
            return
        self._depth = depth
        self._rows += 1
        self._proved |= any(element.item.get(key) for key in (*SIZE, *TIME))
        self._first = self._first or f"<{element.name} {' '.join(element.shown[:24])}>"[:400]

    @staticmethod
    def _is_row(name: str, item: Item) -> bool:
        """Whether an element is a row; its own name may say what it is, and texts become what they say."""
        for key in FLAG:
            if item.get(key) in ("true", "false", "True", "False"):
                item[key] = item[key] in ("true", "True")
        word = name.lower()
        if word in _FOLDERS and not any(key in item for key in KIND):
            item["type"] = "directory"
        elif word == "file" and not any(key in item for key in KIND):
            item["type"] = "file"
        return is_listing(item)

    def _batches(self) -> list[Batch]:
        batches = self._folder.batches()
        told = sum(map(len, batches))
        if not told:
            return []
        taken = self._elements.taken
        self.row_bytes += min(taken - self._credited, told * ROW)
        self._credited = taken
        self._told += told
        return batches


def _text(value: bytes) -> str:
    return value[:LONGEST].decode("utf-8", "surrogateescape")
