"""What readers of one XML vocabulary share: the root decides, trees become rows. It knows no vocabulary itself."""

from __future__ import annotations

from abc import abstractmethod

from scanner.listing.reader import Verdict
from scanner.listing.row_reader import RowReader
from scanner.listing.xml.trees import Tree, Trees
from scanner.model import Batch


class XmlReader(RowReader):
    """Reads one answer of a vocabulary whose root elements are `roots`, by the trees of its `wanted` elements."""

    def __init__(self, label: str, roots: frozenset[str], wanted: frozenset[str]) -> None:
        super().__init__(label)
        self._roots = roots
        self._trees = Trees(wanted)

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        return [] if self.verdict is Verdict.NOT else self._read(self._trees.feed(data))

    def close(self) -> list[Batch]:
        """The answer has ended."""
        batches = [] if self.verdict is Verdict.NOT else self._read(self._trees.close())
        if self.verdict is not Verdict.NOT:
            self._end()
            batches += self._flat.take() if self.verdict is Verdict.LISTING else []
        if self.verdict is Verdict.UNDECIDED:
            self.verdict, self.why = Verdict.NOT, self._trees.refused or f"XML, but no listing in {self._label}"
        self._tell()
        return batches

    def _read(self, trees: list[Tree]) -> list[Batch]:
        root = self._trees.root
        if root and root not in self._roots:
            self.verdict, self.why = Verdict.NOT, f"XML of another kind: {root[:80]}"
            return []
        for tree in trees:
            self._tree(tree)
        self._credit(self._trees.elements.taken)
        return self._flat.take() if self.verdict is Verdict.LISTING else []

    def _tell(self) -> None:
        if self._trees.root:
            self.facts["xml.root"] = self._trees.root[:80]
        if self._trees.refused and (not self._trees.root or self._trees.root in self._roots):
            self.facts["xml.refused"] = self._trees.refused
        super()._tell()

    @abstractmethod
    def _tree(self, tree: Tree) -> None:
        """Read one element that is whole."""

    def _end(self) -> None:
        """Nothing more comes."""
