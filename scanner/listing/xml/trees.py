"""Elements of given names, each as a small tree, as soon as it is whole. It holds one at a time, within a bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scanner.listing.xml.elements import Elements, Event, portions

WEIGHT = 256 * 1024                          # bytes of one tree: names, texts, attributes


@dataclass(slots=True)
class Tree:
    """One element and what is in it."""

    name: str
    attributes: Mapping[str, bytes]
    text: bytes = b""
    children: list[Tree] = field(default_factory=list)
    above: str = ""                          # name of the element that it stands in; "": it is the root

    def first(self, *path: str) -> Tree | None:
        """The first descendant along these names, each taken at its first; None where one is missing."""
        here = self
        for name in path:
            for child in here.children:
                if child.name == name:
                    here = child
                    break
            else:
                return None
        return here

    def value(self, *path: str) -> bytes:
        """The text of that descendant without space around it; empty where there is none."""
        found = self.first(*path)
        return found.text.strip() if found is not None else b""

    def each(self, name: str) -> Iterator[Tree]:
        """The children of this name."""
        return (child for child in self.children if child.name == name)


    @property
    def shape(self) -> str:
        """What it is made of, without any text."""
        parts = [f"<{child.name}>" for child in self.children[:24]]
        return f"<{self.name}{''.join(' ' + name for name in list(self.attributes)[:24])}>{''.join(parts)}"


class Trees:
    """Reads one document; gives the outermost elements whose local names are in `wanted`, in their order."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.elements = Elements()
        self._wanted = wanted
        self._open: list[Tree] = []
        self._weight = 0
        self._outside: list[str] = []        # names of the open elements that are in no tree
        self.attributes: Mapping[str, bytes] = {}    # of the root element
        self._refused = ""

    @property
    def root(self) -> str:
        """Local name of the root element; empty while it has not begun."""
        return self.elements.root

    @property
    def refused(self) -> str:
        """Why nothing more is read; empty while all is well."""
        return self._refused or self.elements.refused

    @property
    def done(self) -> bool:
        """Whether nothing more is read."""
        return bool(self._refused) or self.elements.done

    def feed(self, data: bytes) -> list[Tree]:
        """Take the next bytes; give the trees that they complete."""
        return [tree for portion in portions(data) if not self.done
                for tree in self._read(self.elements.feed(portion))]

    def close(self) -> list[Tree]:
        """The document has ended, or was cut."""
        return [] if self.done else self._read(self.elements.close())

    def _read(self, events: list[Event]) -> list[Tree]:
        found: list[Tree] = []
        for event in events:
            self._weight += 32 + len(event.name) + len(event.text)
            if event.begins:
                self._begin(event)
            elif not self._open:
                self._outside.pop()
            else:
                tree = self._open.pop()
                tree.text = event.text
                if not self._open:
                    found.append(tree)
            if self._open and self._weight > WEIGHT:
                self._refused = f"an entry of more than {WEIGHT} bytes"
                break
        return found

    def _begin(self, event: Event) -> None:
        if self._open:
            self._weight += sum(map(len, event.attributes.values()))
            tree = Tree(event.name, event.attributes, above=self._open[-1].name)
            self._open[-1].children.append(tree)
            self._open.append(tree)
        elif event.name in self._wanted and event.depth > 1:
            self._weight = 0
            self._open.append(Tree(event.name, event.attributes, above=self._outside[-1]))
        else:
            if event.depth == 1:
                self.attributes = event.attributes
            self._outside.append(event.name)
