"""What readers of object stores that speak XML share: keys below a prefix, the next page, errors. No vocabulary."""

from __future__ import annotations

from scanner.listing.reader import Verdict
from scanner.listing.row_reader import told
from scanner.listing.stores.access import ERROR
from scanner.listing.stores.keys import Keys
from scanner.listing.xml.reader import XmlReader
from scanner.listing.xml.trees import Tree


class XmlStore(XmlReader):
    """Reads one page of what lies below `prefix` (unquoted; empty or ending with a slash)."""

    def __init__(self, label: str, roots: frozenset[str], wanted: frozenset[str], prefix: bytes) -> None:
        super().__init__(label, roots | {"Error"}, wanted | frozenset(ERROR))
        self.next: dict[str, str] = {}       # query parameters of the next page, unquoted; empty at the end
        self.more = False                    # the store says that there is a next page
        self._keys = Keys(prefix, self._flat)

    def _error(self, tree: Tree) -> None:
        """One element of an error document."""
        if tree.name in ERROR and tree.above == "Error" and tree.text.strip():
            self.facts[ERROR[tree.name]] = told(tree.text.strip())

    def _failed(self) -> None:
        """It was an error document."""
        self.verdict, self.why = Verdict.NOT, f"an error: {self.facts.get('store.code', 'of no name')}"
