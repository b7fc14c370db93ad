"""The history of findings: behind which doors each was seen, by which scan. It goes with the scans that saw it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scanner.state.file import File
from scanner.state.scans import now


class History(File):
    """The table of doorways."""

    def known_as(self, doors: Iterable[str], *, besides: str = "") -> list[str]:
        """Findings seen behind one of these doors before, oldest first; what the scan `besides` saw does not count."""
        seen = "SELECT finding, MIN(first_seen) FROM doorway WHERE door=? AND scan<>? GROUP BY finding"
        found: dict[str, str] = {}
        with self.reading():
            for door in doors:
                for finding, first in self.db.execute(seen, (door, besides)):
                    found[finding] = min(first, found.get(finding, first))
            return sorted(found, key=lambda finding: (found[finding], finding))

    def first_seen(self, finding: str) -> datetime | None:
        """When a scan that is kept first ended with this finding known; None: none has."""
        (first,) = self.db.execute("SELECT MIN(first_seen) FROM doorway WHERE finding=?", (finding,)).fetchone()
        with self.reading():
            return datetime.fromisoformat(first) if first else None

    def remember(self, scan: str, finding: str, doors: Iterable[str]) -> None:
        """A finding and all its doors, so that losing one does not make it new."""
        rows = [(finding, door, scan, now()) for door in doors]
        self.db.executemany("INSERT OR IGNORE INTO doorway VALUES (?,?,?,?)", rows)
