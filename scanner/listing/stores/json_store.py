"""What readers of object stores that speak JSON share: values become rows, one at a time. It knows no vocabulary."""

from __future__ import annotations

from abc import abstractmethod

from scanner.listing.json.values import JsonValues
from scanner.listing.reader import Verdict
from scanner.listing.row_reader import RowReader
from scanner.listing.stores.keys import Keys
from scanner.model import Batch


class JsonStore(RowReader):
    """Reads one page of what lies below `prefix` (unquoted; empty or ending with a slash)."""

    def __init__(self, label: str, prefix: bytes) -> None:
        super().__init__(label)
        self.next: dict[str, str] = {}       # query parameters of the next page, unquoted; empty at the end
        self.more = False                    # there is a next page
        self._keys = Keys(prefix, self._flat)
        self._json = JsonValues()

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        for key, value in self._json.feed(data):
            self._pair(key, value)
        if self._json.refused and self.verdict is Verdict.UNDECIDED and not self.facts:
            self.verdict, self.why = Verdict.NOT, self._json.refused
        return self._give()

    def close(self) -> list[Batch]:
        """The answer has ended."""
        for key, value in self._json.close():
            self._pair(key, value)
        self._end()
        if self.verdict is Verdict.UNDECIDED:
            self.verdict, self.why = Verdict.NOT, self._json.refused or f"JSON, but no listing in {self._label}"
        batches = self._give()
        self._tell()
        return batches

    def _give(self) -> list[Batch]:
        self._credit(self._json.taken)
        self.strays = self._keys.strays
        return self._flat.take() if self.verdict is Verdict.LISTING else []

    @abstractmethod
    def _pair(self, key: str, value: object) -> None:
        """Read one value of the outermost object, or one element of its arrays."""

    def _end(self) -> None:
        """Nothing more comes."""


def shape(value: object) -> str:
    """The keys of an object, without its values."""
    keys = [f'"{key}"' for key in list(value)[:24] if len(key) < 40] if isinstance(value, dict) else []
    return "{" + ",".join(keys) + "}"
