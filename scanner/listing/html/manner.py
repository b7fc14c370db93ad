"""How the rows of one page are printed: their columns, what parts them, what tells a folder, and a fast pattern.

It is learned from rows that were read carefully, and reads more of them. It finds no row and judges no page.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.listing.batches import Part
from scanner.listing.dialect import Dialect
from scanner.listing.html import pattern, recall
from scanner.listing.html.columns import Cells, Values, learn, read
from scanner.listing.html.fast import Fast, keep_segment
from scanner.listing.html.rows import Block, Row
from scanner.listing.html.verdict import Judgement, Shape
from scanner.listing.layout import Layout
from scanner.listing.sizes import UNKNOWN

LESSONS = 8                                  # times that columns and pattern may be learned anew
FILES = 8                                    # rows of files that a lesson takes
ENOUGH = 20                                  # rows that columns are known well enough from
VAGUE = (b"nest", b"")                       # what parts rows where nobody knows where the last one ends


class Manner:
    """What is known of a page's rows."""

    def __init__(self, known: Dialect | None) -> None:
        self.layout = Layout()
        self.shapes: frozenset[Shape] = frozenset()
        self.slashed = False                 # directories are shown with a slash here
        self.kind = b"" if known is None else known.kind         # what parts the rows
        self.links = 1 if known is None else known.links         # links in a row
        self.fast: Fast | None = None
        self.lessons = LESSONS

    def take_up(self, known: Dialect) -> None:
        """It is that of pages before."""
        self.shapes, self.slashed, self.fast = known.shapes, known.slashed, known.fast
        self.lessons, self.layout = known.lessons, known.layout

    def begin(self, block: Block, judgement: Judgement) -> None:
        """It is that of a page that was judged: how its rows are told, not yet their columns."""
        self.shapes = judgement.shapes
        self.slashed = any(row.link.slash for row in judgement.rows)
        self.kind = recall.parting(judgement.rows)
        self.links = block.links(judgement.rows)

    def is_of(self, known: Dialect) -> bool:
        """Whether nothing was learned beyond what was known."""
        return self.layout == known.layout and self.fast is known.fast

    def learn(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells], layout: Layout) -> None:
        """Keep the columns, and a fast pattern where one proves itself on these rows."""
        files = sum(not row.link.slash for row in rows)
        self.lessons -= files >= FILES
        if layout.files >= self.layout.files or self.layout.size is None:
            self.layout = layout
        if not self.slashed and any(self._is_folder(block, row, one, read(self.layout, one))
                                    for row, one in zip(rows, cells, strict=True)):
            return                           # what is a directory here takes careful reading
        if files < FILES:
            return                           # directories alone do not show all columns
        self._learn_pattern(block, rows, cells)

    def _learn_pattern(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> None:
        fast = pattern.learn(block, rows, self.layout)
        if fast is not None and self._proves(fast, block, rows, cells):
            self.fast = fast

    def learn_again(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> None:
        """The same in the midst of a page, while it may be learned anew."""
        if self.lessons and len(rows) >= ENOUGH:
            self.learn(block, rows, cells, learn(block, rows, cells) if self.layout.files < ENOUGH else self.layout)

    def learn_more(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells], *, solid: bool) -> None:
        """The same on another page of a known server; `solid`: its columns need no learning."""
        if rows and not solid:
            self.learn(block, rows, cells, learn(block, rows, cells))
        elif self.lessons > 0 and len(rows) >= FILES and not (
                self.fast is not None and self._proves(self.fast, block, rows, cells)):
            self.learn(block, rows, cells, self.layout)

    def _proves(self, fast: Fast, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> bool:
        """Whether a pattern reads what careful reading reads, and most of it."""
        part, _, _ = fast.some(block.data[rows[0].start:rows[-1].end])
        if part is None or len(part) * 5 < len(rows) * 3:
            return False
        known = set(self.part(block, rows, cells).lines())
        return all(line in known for line in part.lines())

    def after(self, block: Block, row: Row) -> int:
        """Where a row ends that is the last."""
        return row.end if self.kind in VAGUE else recall.span(block, self.kind, [row])[1]

    def part(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> Part:
        """Columns of rows that were read carefully."""
        part = Part()
        for row, cell in zip(rows, cells, strict=True):
            values = read(self.layout, cell)
            if self._is_folder(block, row, cell, values):
                part.directories.append(row.link.name)
                if b"%" in row.link.segment and not row.link.raw:
                    keep_segment(part, row.link.name, row.link.segment.rstrip(b"/"))
            else:
                date = values.date
                part.file(row.link.name, values.size, date.day if date else b"", date.clock if date else b"")
        return part

    def _is_folder(self, block: Block, row: Row, cells: Cells, values: Values) -> bool:
        """Whether a row is a directory: by its slash, or by icon and type where no size is shown."""
        if row.link.slash:
            return True
        if values.size[0] != UNKNOWN:
            return False
        if self.slashed or block.folder(row, cells):
            return not self.slashed
        return values.blank and self.layout.size is not None and b"." not in row.link.name
