"""What readers of machine-made listings share: rows by folder, what they may grant, what is told at the end."""

from __future__ import annotations

from scanner.listing.flat import Flat
from scanner.listing.moments import Moments
from scanner.listing.reader import Reader, Verdict, plain_facts
from scanner.listing.sizes import LARGEST, UNKNOWN

ROW = 16 * 1024                              # bytes that one row may grant
FACT = 255                                   # characters of a fact


class RowReader(Reader):
    """A reader whose rows are put into folders. `label` is what it calls its listings."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.strays = 0                      # rows that lie elsewhere, or have no name: counted, not followed
        self._label = label
        self._flat = Flat()
        self._times = Moments()
        self._row = ""
        self._credited = 0
        self._before = 0
        self._waiting = 0                    # rows that are held back

    def _credit(self, taken: int) -> None:
        """Bytes up to `taken` brought the rows since the last time."""
        rows = self._flat.rows + self._waiting - self._before
        if rows > 0:
            self.row_bytes += min(taken - self._credited, rows * ROW)
            self._credited, self._before = taken, self._flat.rows + self._waiting

    def _listed(self, shape: str = "") -> None:
        """It is a listing; `shape` is that of a row."""
        self.verdict, self.why = Verdict.LISTING, f"a listing in {self._label}"
        self._row = self._row or shape

    def _tell(self) -> None:
        if self.verdict is Verdict.LISTING:
            self.why = f"{self._flat.rows} rows of {self._label}"
            self.facts |= plain_facts(self._label, self._row, self._flat.rows)


def told(value: bytes) -> str:
    """A value of an answer as the text of a fact."""
    return value.decode("utf-8", "replace")[:FACT]


def whole(text: bytes) -> int:
    """The size in bytes that a text of digits says; -1 where it says none that a file can have."""
    if not text.isdigit() or len(text) > 19:
        return UNKNOWN
    number = int(text)
    return number if number <= LARGEST else UNKNOWN
