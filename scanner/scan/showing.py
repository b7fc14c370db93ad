"""Showing: an answer's entries as paths, shallow ones first; made only where the user asked for names with a reason."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from scanner.model import Batch
from scanner.report.entries import level, path, written

SHOWN_LIMIT = 10_000                     # entries kept of a store with --show-names


class Showing:
    """Of one answer. What lies deeper gives way, however late the shallower comes."""

    def __init__(self, asked: str) -> None:
        """`asked`: quoted path of the folder that was asked for."""
        self._asked = asked
        self._shown: list[str] = []
        self._unders: set[str] = set()

    def add(self, batch: Batch) -> None:
        """The next entries, and the folders that their own folder lies in."""
        if len(self._shown) >= SHOWN_LIMIT and not batch.under and not self._unders:
            return                       # one folder alone: no later name is shallower
        folder = path(unquote_to_bytes(self._asked + batch.under))
        self._add_above(batch.under)
        self._shown += [f"{folder}{written(name)}/" for name in batch.directories[:SHOWN_LIMIT]]
        self._shown += [folder + written(name) for name in batch.names[:SHOWN_LIMIT]]
        if len(self._shown) > 4 * SHOWN_LIMIT:
            self._shown = self.first()

    def _add_above(self, under: str) -> None:
        if under in self._unders or not under:
            return
        self._unders.add(under)
        ends = [end for end, sign in enumerate(under, 1) if sign == "/"]
        self._shown += [path(unquote_to_bytes(self._asked + under[:end])) for end in ends]

    def first(self) -> list[str]:
        """Those to be kept, breadth first, each once."""
        return sorted(set(self._shown), key=level)[:SHOWN_LIMIT]
