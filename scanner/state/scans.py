"""Scans as the state keeps them: begun, gone on with, finished, forgotten."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scanner.errors import StateError
from scanner.state import schema
from scanner.state.file import File
from scanner.state.rows import ScanRow

STALE = timedelta(hours=24)              # an unfinished scan older than this is not gone on with

_COLUMNS = "id, identity, started, finished, complete, facts, key, seed, totals"
_DOORS = "(SELECT id FROM door WHERE scan=?)"


def now() -> str:
    """This moment, as it is kept: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Scans(File):
    """The table of scans."""

    def begin(self, identity: str, facts: Mapping[str, Any], *, fresh: bool) -> ScanRow:
        """The unfinished scan of this identity, or a new one, after which nobody can go on with an older one."""
        old = None if fresh else self.unfinished(identity)
        if old is not None:
            kept = {**facts, "pins": old.facts.get("pins", {})}
            self.db.execute("UPDATE scan SET facts=? WHERE id=?", (json.dumps(kept), old.id))
            return self.scan(old.id, resumed=True)
        self._give_up(identity)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        row = (name, identity, now(), json.dumps(dict(facts)), secrets.token_bytes(32), secrets.randbits(62))
        self.db.execute("INSERT INTO scan (id, identity, started, facts, key, seed) VALUES (?,?,?,?,?,?)", row)
        return self.scan(name)

    def unfinished(self, identity: str) -> ScanRow | None:
        """The newest scan of this identity, where that was cut short within the last 24 hours."""
        row = self.left_over(identity)
        return row if row and row.key and datetime.now(UTC) - row.started < STALE else None

    def left_over(self, identity: str) -> ScanRow | None:
        """The newest scan of this identity, where that was cut short, however long ago."""
        found = self.db.execute(
            "SELECT id, finished FROM scan WHERE identity=? ORDER BY started DESC, rowid DESC LIMIT 1",
            (identity,)).fetchone()
        return self.scan(found[0]) if found and found[1] is None else None

    def _give_up(self, identity: str) -> None:
        """Scans that nobody will go on with keep neither names nor key."""
        unfinished = "SELECT id FROM scan WHERE identity=? AND finished IS NULL AND key IS NOT NULL"
        for (scan,) in self.db.execute(unfinished, (identity,)).fetchall():
            self._seal(scan)

    def _seal(self, scan: str) -> None:
        """Drop the key, and every name that was kept to go on with: asks, and the paths that stores were told by."""
        for table in schema.OF_WORK:
            self.db.execute(f"DELETE FROM {table} WHERE door IN {_DOORS}", (scan,))  # noqa: S608  fixed names
        (key,) = self.db.execute("SELECT key FROM scan WHERE id=?", (scan,)).fetchone()
        stores = f"SELECT door, root FROM store WHERE door IN {_DOORS}"  # noqa: S608  fixed names
        for door, root in self.db.execute(stores, (scan,)).fetchall():
            sealed = hashlib.blake2b(root.encode(), digest_size=12, key=key or b"").hexdigest()
            self.db.execute("UPDATE store SET root=? WHERE door=? AND root=?", (sealed, door, root))
            self.db.execute("UPDATE store SET same_root=? WHERE same_door=? AND same_root=?", (sealed, door, root))
            self.db.execute("UPDATE shown SET root=? WHERE door=? AND root=?", (sealed, door, root))
        self.db.execute("UPDATE scan SET key=NULL WHERE id=?", (scan,))

    def scan(self, scan: str, *, resumed: bool = False) -> ScanRow:
        """One scan. Raises StateError when there is none of that name."""
        row = self.db.execute(f"SELECT {_COLUMNS} FROM scan WHERE id=?", (scan,)).fetchone()  # noqa: S608  fixed names
        if row is None:
            raise StateError(f"no scan is called {scan!r}; `earshot history` lists those kept")
        name, identity, started, finished, complete, facts, key, seed, totals = row
        with self.reading():
            begun, ended = datetime.fromisoformat(started), datetime.fromisoformat(finished) if finished else None
            return ScanRow(
                name, identity, begun, ended, bool(complete), json.loads(facts), key, seed, json.loads(totals), resumed)

    def scans(self) -> list[ScanRow]:
        """All scans kept, newest first."""
        names = "SELECT id FROM scan ORDER BY started DESC, rowid DESC"
        return [self.scan(name) for (name,) in self.db.execute(names).fetchall()]

    def finish(self, scan: str, *, complete: bool) -> None:
        """The scan has ended: the key of its sketches goes, so that nothing can be tried against them."""
        self.db.execute("UPDATE scan SET finished=?, complete=? WHERE id=?", (now(), complete, scan))
        self._seal(scan)

    def totals(self, scan: str, totals: Mapping[str, Any]) -> None:
        """Keep the ledger's sums."""
        self.db.execute("UPDATE scan SET totals=? WHERE id=?", (json.dumps(dict(totals)), scan))

    def facts(self, scan: str, **more: Any) -> None:
        """Add to what is known of the scan as a whole."""
        facts = {**self.scan(scan).facts, **more}
        self.db.execute("UPDATE scan SET facts=? WHERE id=?", (json.dumps(facts), scan))

    def forget(self, scan: str) -> None:
        """Remove a scan and all of its rows. `shrink` afterwards takes the room they had."""
        self.scan(scan)
        for table in schema.OF_DOOR:
            self.db.execute(f"DELETE FROM {table} WHERE door IN {_DOORS}", (scan,))  # noqa: S608  fixed names
        for table in schema.OF_SCAN:
            self.db.execute(f"DELETE FROM {table} WHERE scan=?", (scan,))  # noqa: S608  fixed names
        self.db.execute("DELETE FROM scan WHERE id=?", (scan,))
