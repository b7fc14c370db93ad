"""Rows of a listing in plain text -> batches, as they come. It reads no line and judges none."""

from __future__ import annotations

from scanner.listing import dates
from scanner.listing.batches import Outbox, Part
from scanner.listing.layout import Layout
from scanner.listing.text.lines import Line
from scanner.model import Batch

BLOCK = 2000                                 # rows of a batch
_PLACE = (0, b"")


class Rows:
    """Collects rows, and gives them in blocks. `count` is how many there were."""

    def __init__(self, now: int | None) -> None:
        self.outbox = Outbox(now)
        self.count = 0
        self._part = Part()
        self._form = 5
        self._grain = 1
        self._sized = self._dated = False

    @property
    def full(self) -> bool:
        """Whether it is time to give what there is."""
        return len(self._part) >= BLOCK

    def add(self, row: Line) -> None:
        """One more row, with a name."""
        self.count += 1
        if row.folder:
            self._part.directories.append(row.name)
            return
        if row.day:
            clock = row.clock.partition(b" ")[0]
            self._grain = max(self._grain, 1 if clock.count(b":") > 1 else 60 if clock else dates.DAY)
            self._form, self._dated = row.form, True
        self._sized |= row.size[0] >= 0
        self._part.file(row.name, row.size, row.day, row.clock)

    def under(self, path: str) -> list[Batch]:
        """What follows lies in the folder `path` (see `Batch.under`); the rows before it."""
        batches = self.flush()
        self._part.under = path
        return batches

    def flush(self) -> list[Batch]:
        """The rows so far, of one folder."""
        if not self._part:
            return []
        part, self._part = self._part, Part(under=self._part.under)
        self.outbox.learn(Layout(_PLACE if self._dated else None, _PLACE if self._sized else None, None, self._form,
                                 self._grain if self._dated else 60))
        return self.outbox.add(part)

    def close(self) -> list[Batch]:
        """Nothing more comes."""
        return self.flush() + self.outbox.close()
