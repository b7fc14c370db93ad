"""The reader of HTML listings of any product: holds back until the page is judged, then streams rows in blocks.

All cuts are made at places that follow from the bytes alone, so that entries never depend on how they arrived.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.listing import cuts, facts, links, outline, pattern, recall
from scanner.listing.batches import Outbox, Part
from scanner.listing.columns import Cells, Layout, Values, learn, read
from scanner.listing.dialect import Dialect
from scanner.listing.fast import Fast, keep_segment
from scanner.listing.hrefs import Base, Where
from scanner.listing.outline import Outline, Tokens
from scanner.listing.reader import Reader, Verdict
from scanner.listing.rows import Block, Row
from scanner.listing.sizes import UNKNOWN
from scanner.listing.verdict import Judgement, Shape, judge, shape
from scanner.model import Batch

BLOCK = 256 * 1024
LOOKS = (64 * 1024, 192 * 1024, 512 * 1024)    # where an undecided page is judged; the last one is final
ENOUGH = 20                                  # rows that decide before the page has ended
TAGS = 8_000                                 # of an undecided page are looked at
LINKS = 600                                  # and as many links
LESSONS = 8                                  # times that columns and pattern may be learned anew
FILES = 8                                    # rows of files that a lesson takes
VAGUE = (b"nest", b"")                       # what parts rows where nobody knows where the last one ends


class Page(Reader):
    """Reads one HTML page."""

    def __init__(self, path: str, *, host: str | None = None, now: int | None = None,
                 dialect: Dialect | None = None) -> None:
        super().__init__()
        self.dialect = self._known = dialect
        self._base = Base(path, host)
        self._held = bytearray()
        self._look = 0
        self._outbox = Outbox(now, dialect.clocks if dialect is not None else None)
        self._layout = Layout()
        self._shapes: frozenset[Shape] = frozenset()
        self._slashed = False                # directories are shown with a slash here
        self._kind = b""                     # what parts the rows
        self._links = 1                      # links in a row
        self._fast: Fast | None = None
        self._lessons = LESSONS
        self._rows = 0
        self._tail = b""
        self._head: Tokens | None = None     # what stands before the rows of a page that was judged
        if dialect is not None:
            self._kind, self._links = dialect.kind, dialect.links

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        if self.verdict is Verdict.NOT:
            return []
        self._held += data
        batches: list[Batch] = []
        while self.verdict is Verdict.UNDECIDED and len(self._held) >= LOOKS[self._look]:
            batches += self._judge(LOOKS[self._look], final=self._look == len(LOOKS) - 1)
            self._look += self.verdict is Verdict.UNDECIDED
        while self.verdict is Verdict.LISTING and len(self._held) >= BLOCK:
            batches += self._next(BLOCK)
        return batches

    def close(self) -> list[Batch]:
        """The body has ended."""
        batches: list[Batch] = []
        if self.verdict is Verdict.UNDECIDED:
            batches += self._judge(len(self._held), final=True)
        while self.verdict is Verdict.LISTING and len(self._held) >= BLOCK:
            batches += self._next(BLOCK)
        if self.verdict is Verdict.LISTING:
            batches += self._last()
            batches += self._outbox.close()
            self.facts["listing.tail"] = facts.tail(self._tail)
            self.facts["listing.rows"] = str(self._rows)
            self.why = f"{self._rows} rows of direct children" if self._rows else self.why
            self._pass_on()
        return batches

    def _judge(self, size: int, *, final: bool) -> list[Batch]:
        """Judge the first `size` bytes, unless they are of a known kind."""
        whole = final and size == len(self._held)
        if self._known is not None and (batches := self._recall(self._known, size, whole=whole)) is not None:
            return batches
        block = Block.beginning(bytes(self._held[:size]), TAGS, LINKS)
        whole = whole and len(block.data) == size
        self._rebase(block)
        rows = block.rows(self._base)
        if self._known is not None and whole:
            known = recall.children(self._known, block, rows, self._base.asked)
            if known is not None and (batches := self._resume(self._known, block, known)) is not None:
                return batches
        judgement = judge(block, rows, self._base.asked)
        self.why = judgement.why
        if judgement.listing and (whole or len(judgement.rows) >= ENOUGH):
            return self._begin(block, judgement, whole=whole)
        if final:
            self.verdict = Verdict.NOT
            self.links = links.directories(block, rows, self._base)
            self._held.clear()
        return []

    def _rebase(self, block: Block) -> None:
        base = links.base(block)
        if base is not None:
            self._base.rebase(base)

    def _recall(self, known: Dialect, size: int, *, whole: bool) -> list[Batch] | None:
        """Read what has come at once, where it is printed as pages before; None where it is not."""
        data = bytes(self._held[:size])
        cut = size if whole else cuts.cut(data, self._kind, self._links)
        found = recall.read(known, data[:cut], self._base.asked, whole=whole)
        if found is None or not (whole or len(found.part) >= ENOUGH):
            return None
        self._as(known, data[:found.start])
        self._fast = found.fast
        self.row_bytes += found.used
        self._tail = data[found.end:cut]
        del self._held[:cut]
        return self._send(found.part)

    def _resume(self, known: Dialect, block: Block, rows: Sequence[Row]) -> list[Batch] | None:
        """Read a whole page carefully with what is known; None where too much stands beside its names."""
        cells = [block.cells(row) for row in rows]
        if sum(len(text) for row in cells for (_, name), text in row.items() if not name) > recall.BESIDE * len(rows):
            return None
        start, end = recall.span(block, known.kind, rows) if rows else (len(block.data), len(block.data))
        self._as(known, block.data[:start])
        self._slashed = known.slashed or any(row.link.slash for row in rows)
        if rows and not known.solid:
            self._learn(block, rows, cells, learn(block, rows, cells))
        elif self._lessons > 0 and len(rows) >= FILES and not self._suits(block, rows, cells):
            self._learn(block, rows, cells, self._layout)
        self._tail = block.data[end:]
        self._held.clear()
        return self._send(self._part(block, rows, cells))

    def _as(self, known: Dialect, head: bytes) -> None:
        """It is a listing such as are known."""
        self.verdict = Verdict.LISTING
        self._shapes, self._slashed, self._fast, self._lessons = known.shapes, known.slashed, known.fast, known.lessons
        self._layout = known.layout
        self._outbox.learn(known.layout)
        self.facts.update(facts.again(known.facts, head))

    def _pass_on(self) -> None:
        """Keep for other readers what this one has learned."""
        known = self._known
        if known is not None and self._head is None and self._layout == known.layout and self._fast is known.fast:
            return
        if self._kind in VAGUE:
            return
        tail = outline.tokens(self._tail, self._base.asked)
        around = (Outline(self._head, tail),) if self._head is not None and tail is not None else ()
        self.dialect = Dialect(around, self._shapes, self._kind, self._slashed, self._links, self._layout, self._fast,
                               facts.lasting(self.facts), self._lessons, self._outbox.clocks).after(known)

    def _begin(self, block: Block, judgement: Judgement, *, whole: bool) -> list[Batch]:
        """It is a listing: keep what was learned, give the rows of the first block."""
        self.verdict = Verdict.LISTING
        self._shapes = judgement.shapes
        self._slashed = any(row.link.slash for row in judgement.rows)
        self._kind = recall.parting(judgement.rows)
        self._links = block.links(judgement.rows)
        self.facts.update(facts.describe(block, judgement))
        rows, cells = list(judgement.rows), list(judgement.cells)
        cut = len(block.data) if whole else rows[-1].start
        if not whole:
            rows, cells = rows[:-1], cells[:-1]
        self._learn(block, rows, cells, judgement.layout)
        part = self._part(block, rows, cells)
        self._tail = block.data[self._after(block, rows[-1]) if rows else 0:cut]
        if judgement.rows:
            start, _ = recall.span(block, self._kind, judgement.rows)
            self._head = outline.tokens(block.data[:start], self._base.asked)
        del self._held[:cut]
        return self._send(part)

    def _learn(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells], layout: Layout) -> None:
        """Keep the columns, and a fast pattern where one proves itself on these rows."""
        files = sum(not row.link.slash for row in rows)
        self._lessons -= files >= FILES
        if layout.files >= self._layout.files or self._layout.size is None:
            self._layout = layout
            self._outbox.learn(layout)
        if not self._slashed and any(self._folder(block, row, one, read(self._layout, one))
                                     for row, one in zip(rows, cells, strict=True)):
            return                           # what is a directory here takes careful reading
        if files < FILES:
            return                           # directories alone do not show all columns
        self._learn_pattern(block, rows, cells)

    def _learn_pattern(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> None:
        fast = pattern.learn(block, rows, self._layout)
        if fast is not None and self._proves(fast, block, rows, cells):
            self._fast = fast

    def _suits(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> bool:
        """Whether the pattern that is known reads these rows as well."""
        return self._fast is not None and self._proves(self._fast, block, rows, cells)

    def _proves(self, fast: Fast, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> bool:
        """Whether a pattern reads what careful reading reads, and most of it."""
        part, _, _ = fast.some(block.data[rows[0].start:rows[-1].end])
        if part is None or len(part) * 5 < len(rows) * 3:
            return False
        seen = self.row_bytes
        known = set(self._part(block, rows, cells).lines())
        self.row_bytes = seen
        return all(line in known for line in part.lines())

    def _next(self, size: int) -> list[Batch]:
        """Read the next block of at most `size` bytes, up to the last row that is whole in it."""
        data = bytes(self._held[:size])
        cut = cuts.cut(data, self._kind, self._links)
        cut = cut or (size if size == BLOCK else 0)                # a row longer than a block is given up
        del self._held[:cut]
        return self._send(self._read(data[:cut]))

    def _last(self) -> list[Batch]:
        """The page has ended: read what is left of it, and keep what follows the last row."""
        found = recall.ending(self._fast, self._kind, bytes(self._held)) if self._fast and self._held else None
        if found is not None:
            self.row_bytes += found.used
            self._tail = b""
            found.part.join(self._careful(bytes(self._held[found.end:]), lesson=False))
            self._held.clear()
            return self._send(found.part)
        batches = self._next(len(self._held) - cuts.LAST) if len(self._held) > 2 * cuts.LAST else []
        if self._held:
            batches += self._send(self._careful(bytes(self._held)))
            self._held.clear()
        return batches

    def _read(self, data: bytes) -> Part:
        """The rows of a block: fast where all of it has the shape, else the rest of it carefully."""
        if self._fast is None:
            return self._careful(data)
        part, used = self._fast.whole(data)
        if part is None:
            return self._mixed(self._fast, data)
        self.row_bytes += used
        return part

    def _mixed(self, fast: Fast, data: bytes) -> Part:
        """Rows of the fast shape, and careful reading of what stands between them."""
        part, gaps, used = fast.some(data)
        if part is None or len(part) < len(gaps):
            return self._careful(data)
        self.row_bytes += used - sum(map(len, gaps))
        for gap in gaps:
            part.join(self._careful(gap, lesson=False))
        return part

    def _careful(self, data: bytes, *, lesson: bool = True) -> Part:
        """The rows of a piece of markup, read without haste."""
        block = Block(data)
        rows = [row for row in block.rows(self._base)
                if row.link.where is Where.CHILD and not row.heading and shape(row) in self._shapes]
        cells = [block.cells(row) for row in rows]
        if lesson and self._lessons and len(rows) >= ENOUGH:
            layout = learn(block, rows, cells) if self._layout.files < ENOUGH else self._layout
            self._learn(block, rows, cells, layout)
        self._tail = data[self._after(block, rows[-1]):] if rows else (self._tail + data)[:BLOCK]
        return self._part(block, rows, cells)

    def _after(self, block: Block, row: Row) -> int:
        """Where the last row ends."""
        return row.end if self._kind in VAGUE else recall.span(block, self._kind, [row])[1]

    def _part(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> Part:
        """Columns of rows that were read carefully."""
        part = Part()
        seen = self.row_bytes
        for row, cell in zip(rows, cells, strict=True):
            seen += row.end - row.start
            values = read(self._layout, cell)
            if self._folder(block, row, cell, values):
                part.directories.append(row.link.name)
                if b"%" in row.link.segment and not row.link.raw:
                    keep_segment(part, row.link.name, row.link.segment.rstrip(b"/"))
            else:
                date = values.date
                part.file(row.link.name, values.size, date.day if date else b"", date.clock if date else b"")
        self.row_bytes = seen
        return part

    def _folder(self, block: Block, row: Row, cells: Cells, values: Values) -> bool:
        """Whether a row is a directory: by its slash, or by icon and type where no size is shown."""
        if row.link.slash:
            return True
        if values.size[0] != UNKNOWN:
            return False
        if self._slashed or block.folder(row, cells):
            return not self._slashed
        return values.blank and self._layout.size is not None and b"." not in row.link.name

    def _send(self, part: Part) -> list[Batch]:
        self._rows += len(part)
        return self._outbox.add(part)
