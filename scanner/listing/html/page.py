"""The reader of HTML listings of any product: holds back until the page is judged, then streams rows in blocks.

All cuts are made at places that follow from the bytes alone, so that entries never depend on how they arrived.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.listing.batches import Outbox, Part
from scanner.listing.dialect import Dialect
from scanner.listing.hrefs import Base, Where
from scanner.listing.html import cuts, facts, links, outline, pre_text, recall
from scanner.listing.html.columns import Cells
from scanner.listing.html.fast import Fast
from scanner.listing.html.manner import VAGUE, Manner
from scanner.listing.html.outline import Outline, Tokens
from scanner.listing.html.pre_text import PreText
from scanner.listing.html.rows import Block, Row
from scanner.listing.html.verdict import Judgement, judge, shape
from scanner.listing.reader import Reader, Verdict
from scanner.model import Batch

BLOCK = 256 * 1024
CAREFUL = 32 * 1024
LOOKS = (64 * 1024, 192 * 1024, 512 * 1024)    # where an undecided page is judged; the last one is final
ENOUGH = 20                                  # rows that decide before the page has ended
TAGS = 8_000                                 # of an undecided page are looked at
LINKS = 600                                  # and as many links


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
        self._manner = Manner(dialect)
        self._rows = 0
        self._tail = b""
        self._plain: PreText | None = None   # lines of text in the place of links
        self._head: Tokens | None = None     # what stands before the rows of a page that was judged

    @property
    def held(self) -> int:
        """See `Reader.held`."""
        return len(self._held)

    def takes_long(self, size: int) -> bool:
        """Whether so many bytes more bring the page to where it is judged."""
        return self.verdict is Verdict.UNDECIDED and len(self._held) + size >= LOOKS[self._look]

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        if self.verdict is Verdict.NOT:
            return []
        if self._plain is not None:
            return self._read_plain(data)
        self._held += data
        batches: list[Batch] = []
        while self.verdict is Verdict.UNDECIDED and len(self._held) >= LOOKS[self._look]:
            batches += self._judge(LOOKS[self._look], final=self._look == len(LOOKS) - 1)
            self._look += self.verdict is Verdict.UNDECIDED
        while self.verdict is Verdict.LISTING and len(self._held) >= self._block:
            batches += self._next(self._block)
        return batches

    def close(self) -> list[Batch]:
        """The body has ended."""
        batches: list[Batch] = []
        if self.verdict is Verdict.UNDECIDED:
            batches += self._judge(len(self._held), final=True)
        if self._plain is not None:
            return batches + self._end_plain(self._plain)
        while self.verdict is Verdict.LISTING and len(self._held) >= self._block:
            batches += self._next(self._block)
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
        if judgement.quiet and not rows and (begin := pre_text.is_listing(block, whole=whole)) is not None:
            return self._begin_plain(begin, judgement)
        if final:
            self.verdict, self.near = Verdict.NOT, judgement.near
            self.links = links.directories(block, rows, self._base)
            self._held.clear()
        return []

    def _begin_plain(self, begin: int, judgement: Judgement) -> list[Batch]:
        """It shows lines of text, which another reader reads."""
        self.verdict, self._plain = Verdict.LISTING, PreText(self._outbox.now)
        self.facts["listing.title"] = judgement.frame.title
        held = bytes(self._held[begin:])
        self._held.clear()
        return self._read_plain(held)

    def _read_plain(self, data: bytes) -> list[Batch]:
        assert self._plain is not None
        batches = self._plain.feed(data)
        self.row_bytes = self._plain.text.row_bytes
        return batches

    def _end_plain(self, plain: PreText) -> list[Batch]:
        batches = plain.close()
        self.row_bytes, self.why = plain.text.row_bytes, plain.text.why
        self.facts = {**plain.text.facts, "listing.title": self.facts["listing.title"]}
        return batches

    def _rebase(self, block: Block) -> None:
        base = links.base(block)
        if base is not None:
            self._base.rebase(base)

    def _recall(self, known: Dialect, size: int, *, whole: bool) -> list[Batch] | None:
        """Read what has come at once, where it is printed as pages before; None where it is not."""
        data = bytes(self._held[:size])
        cut = size if whole else cuts.cut(data, self._manner.kind, self._manner.links)
        found = recall.read(known, data[:cut], self._base.asked, whole=whole)
        if found is None or not (whole or len(found.part) >= ENOUGH):
            return None
        self._as(known, data[:found.start])
        self._manner.fast = found.fast
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
        self._manner.slashed = known.slashed or any(row.link.slash for row in rows)
        self._manner.learn_more(block, rows, cells, solid=known.solid)
        self._outbox.learn(self._manner.layout)
        self._tail = block.data[end:]
        self._held.clear()
        return self._send(self._part(block, rows, cells))

    def _as(self, known: Dialect, head: bytes) -> None:
        """It is a listing such as are known."""
        self.verdict = Verdict.LISTING
        self._manner.take_up(known)
        self._outbox.learn(known.layout)
        self.facts.update(facts.again(known.facts, head))

    def _pass_on(self) -> None:
        """Keep for other readers what this one has learned."""
        known, manner = self._known, self._manner
        if (known is not None and self._head is None and manner.is_of(known)) or manner.kind in VAGUE:
            return
        tail = outline.tokens(self._tail, self._base.asked)
        around = (Outline(self._head, tail),) if self._head is not None and tail is not None else ()
        self.dialect = Dialect(around, manner.shapes, manner.kind, manner.slashed, manner.links, manner.layout,
                               manner.fast, facts.lasting(self.facts), manner.lessons,
                               self._outbox.clocks).after(known)

    def _begin(self, block: Block, judgement: Judgement, *, whole: bool) -> list[Batch]:
        """It is a listing: keep what was learned, give the rows of the first block."""
        self.verdict = Verdict.LISTING
        self._manner.begin(block, judgement)
        self.facts.update(facts.describe(block, judgement))
        rows, cells = list(judgement.rows), list(judgement.cells)
        cut = len(block.data) if whole else rows[-1].start
        if not whole:
            rows, cells = rows[:-1], cells[:-1]
        self._manner.learn(block, rows, cells, judgement.layout)
        self._outbox.learn(self._manner.layout)
        part = self._part(block, rows, cells)
        self._tail = block.data[self._manner.after(block, rows[-1]) if rows else 0:cut]
        if judgement.rows:
            start, _ = recall.span(block, self._manner.kind, judgement.rows)
            self._head = outline.tokens(block.data[:start], self._base.asked)
        del self._held[:cut]
        return self._send(part)

    def _next(self, size: int) -> list[Batch]:
        """Read the next block of at most `size` bytes, up to the last row that is whole in it."""
        data = bytes(self._held[:size])
        cut = cuts.cut(data, self._manner.kind, self._manner.links)
        cut = cut or (size if size >= self._block else 0)          # a row longer than a block is given up
        del self._held[:cut]
        return self._send(self._read(data[:cut]))

    @property
    def _block(self) -> int:
        """Bytes that are read in one piece: few where each row takes careful reading."""
        return BLOCK if self._manner.fast is not None else CAREFUL

    def _last(self) -> list[Batch]:
        """The page has ended: read what is left of it, and keep what follows the last row."""
        fast, kind = self._manner.fast, self._manner.kind
        found = recall.ending(fast, kind, bytes(self._held)) if fast and self._held else None
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
        fast = self._manner.fast
        if fast is None:
            return self._careful(data)
        part, used = fast.whole(data)
        if part is None:
            return self._mixed(fast, data)
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
                if row.link.where is Where.CHILD and not row.heading and shape(row) in self._manner.shapes]
        cells = [block.cells(row) for row in rows]
        if lesson:
            self._manner.learn_again(block, rows, cells)
            self._outbox.learn(self._manner.layout)
        self._tail = data[self._manner.after(block, rows[-1]):] if rows else (self._tail + data)[:BLOCK]
        return self._part(block, rows, cells)

    def _part(self, block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> Part:
        """Columns of rows that were read carefully."""
        self.row_bytes += sum(row.end - row.start for row in rows)
        return self._manner.part(block, rows, cells)

    def _send(self, part: Part) -> list[Batch]:
        self._rows += len(part)
        return self._outbox.add(part)
