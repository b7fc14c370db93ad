"""What a scan has seen: stores as counted so far, names shown where the user asked for them, gaps."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from pydantic import TypeAdapter

from scanner.census import Census
from scanner.model import Address, DoorSeen, Gap, Reason
from scanner.state.file import File
from scanner.state.rows import StoreRow

_SEEN = TypeAdapter(DoorSeen)
_DOORS = "(SELECT id FROM door WHERE scan=?)"
_ORDER = "ORDER BY door.host='', door.host, door.address, door.port, root"
_STORE = "store.door, store.root, seen, census, marks, folders, same_door, same_root"


@dataclass(frozen=True, slots=True)
class Place:
    """A store that was told apart, with where it is."""

    address: Address
    row: StoreRow


class Seen(File):
    """The tables of what was seen."""

    def put_store(self, row: StoreRow) -> None:
        """Keep a store as counted so far."""
        seen, census = _SEEN.dump_json(row.seen).decode(), json.dumps(row.census.to_json())
        same_as = row.same_as or (None, None)
        self.db.execute("INSERT OR REPLACE INTO store VALUES (?,?,?,?,?,?,?,?)",
                        (row.door, row.root, seen, census, json.dumps(dict(row.marks)), row.folders, *same_as))

    def stores_of(self, door: int) -> list[StoreRow]:
        """The stores that one door shows."""
        rows = f"SELECT {_STORE} FROM store WHERE door=? ORDER BY root"  # noqa: S608  fixed names
        with self.reading():
            return [_store(row) for row in self.db.execute(rows, (door,))]

    def stores(self, scan: str) -> Iterator[tuple[StoreRow, list[DoorSeen]]]:
        """Every store of a scan that was crawled, with the further doors that show the same."""
        of_scan = f"SELECT {_STORE} FROM store JOIN door ON door.id=store.door WHERE scan=?"  # noqa: S608  fixed names
        twins = defaultdict[tuple[int, str] | None, list[DoorSeen]](list)
        with self.reading():
            for twin in map(_store, self.db.execute(f"{of_scan} AND same_door IS NOT NULL {_ORDER}", (scan,))):
                twins[twin.same_as].append(twin.seen)
        for row in self.db.execute(f"{of_scan} AND same_door IS NULL {_ORDER}", (scan,)).fetchall():
            with self.reading():
                store = _store(row)
            yield store, twins[store.door, store.root]

    def places(self, scan: str) -> list[Place]:
        """All stores of a scan with their addresses: what a store met later is compared with."""
        rows = f"SELECT address, {_STORE} FROM store JOIN door ON door.id=store.door WHERE scan=? {_ORDER}"  # noqa: S608
        with self.reading():
            return [Place(ip_address(row[0]), _store(row[1:])) for row in self.db.execute(rows, (scan,))]

    def put_shown(self, door: int, root: str, paths: Iterable[str], limit: int) -> None:
        """Keep names as shown: only where the user asked for it, with a reason."""
        kept = self.db.execute("SELECT COUNT(*) FROM shown WHERE door=? AND root=?", (door, root)).fetchone()[0]
        rows = [(door, root, path) for path, _ in zip(paths, range(max(0, limit - kept)), strict=False)]
        self.db.executemany("INSERT OR IGNORE INTO shown VALUES (?,?,?)", rows)

    def shown(self, door: int, root: str) -> tuple[str, ...]:
        """Names as shown of one store, sorted."""
        paths = "SELECT path FROM shown WHERE door=? AND root=? ORDER BY path"
        return tuple(row[0] for row in self.db.execute(paths, (door, root)))

    def put_gap(self, scan: str, gap: Gap) -> None:
        """Something is not known; the same gap counts up."""
        self.db.execute(
            "INSERT INTO gap VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET count=count+excluded.count",
            (scan, gap.addresses, gap.ports, gap.probe, gap.reason.value, gap.detail, gap.count))

    def put_gap_once(self, scan: str, gap: Gap) -> None:
        """The same, where the same gap may be met several times and yet is one."""
        self.db.execute("INSERT OR IGNORE INTO gap VALUES (?,?,?,?,?,?,?)",
                        (scan, gap.addresses, gap.ports, gap.probe, gap.reason.value, gap.detail, gap.count))

    def put_gaps(self, scan: str, gaps: Iterable[Gap]) -> None:
        """Several at once."""
        for gap in gaps:
            self.put_gap(scan, gap)

    def drop_gaps(self, scan: str, reason: Reason) -> None:
        """Take back the gaps of one reason: what was left over is being done now."""
        self.db.execute("DELETE FROM gap WHERE scan=? AND reason=?", (scan, reason.value))

    def gaps(self, scan: str) -> list[Gap]:
        """All gaps of a scan."""
        rows = "SELECT addresses, ports, probe, reason, detail, count FROM gap WHERE scan=? ORDER BY 1, 2, 3, 4, 5"
        with self.reading():
            return [Gap(addresses=where, ports=ports, probe=probe, reason=Reason(reason), detail=detail,
                        count=int(count))
                    for where, ports, probe, reason, detail, count in self.db.execute(rows, (scan,))]


def _store(row: tuple[Any, ...]) -> StoreRow:
    door, root, seen, census, marks, folders, same_door, same_root = row
    same = None if same_door is None else (same_door, same_root)
    counted = Census.from_json(json.loads(census))
    return StoreRow(door, root, _SEEN.validate_json(seen), counted, json.loads(marks), same, folders)
