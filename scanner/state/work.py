"""The work of a scan: blocks of knocks that are done, doors and how far they are, asks that wait.

Paths of asks are the only names kept unmasked, and only while they wait.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from scanner.model import Address, Ask, Asked, Endpoint
from scanner.state.file import File
from scanner.state.rows import AskRow, DoorRow

_ANSWERED, _LEFT_OUT = 1, 2               # in the column `done`; 0: it waits
_WAITING = "SELECT digest, path, reason, depth, root, trail, way FROM ask WHERE door=? AND done=0"


class Work(File):
    """The tables of what is done and what is left."""

    # ---- discovery

    def blocks(self, scan: str) -> set[int]:
        """Numbers of the blocks of knocks that are done."""
        return {row[0] for row in self.db.execute("SELECT number FROM block WHERE scan=?", (scan,))}

    def block_done(self, scan: str, number: int, knocks: Mapping[tuple[int, int, str], int],
                   answered: Iterable[tuple[int, str]], opened: Iterable[Endpoint] = ()) -> None:
        """A block of knocks has ended: (target, port, outcome) -> count, (target, address) of all that answered, and
        the open doors, which from now on are work.
        """
        self.db.execute("INSERT OR IGNORE INTO block VALUES (?,?)", (scan, number))
        self.db.executemany(
            "INSERT OR REPLACE INTO knock VALUES (?,?,?,?,?,?)",
            [(scan, number, target, port, outcome, count) for (target, port, outcome), count in knocks.items()])
        self.db.executemany(
            "INSERT OR IGNORE INTO answered VALUES (?,?,?)", [(scan, target, address) for target, address in answered])
        for endpoint in opened:
            self.door(scan, endpoint)

    def unknock(self, scan: str) -> None:
        """Take back what was knocked at: the numbers of pairs mean something else now."""
        for table in ("block", "knock", "answered"):
            self.db.execute(f"DELETE FROM {table} WHERE scan=?", (scan,))  # noqa: S608  fixed names

    def knocks(self, scan: str) -> dict[tuple[int, int, str], int]:
        """(target, port, outcome) -> count over all blocks done."""
        sums = "SELECT target, port, outcome, SUM(count) FROM knock WHERE scan=? GROUP BY 1, 2, 3"
        return {(target, port, outcome): count for target, port, outcome, count in self.db.execute(sums, (scan,))}

    def answered(self, scan: str) -> dict[int, int]:
        """Target -> addresses that answered anything."""
        counts = "SELECT target, COUNT(*) FROM answered WHERE scan=? GROUP BY 1"
        return dict(self.db.execute(counts, (scan,)).fetchall())

    def answered_addresses(self, scan: str, addresses: Iterable[str]) -> set[str]:
        """Those of `addresses` that answered anything, whichever target they were counted for."""
        one = "SELECT 1 FROM answered WHERE scan=? AND address=? LIMIT 1"
        return {address for address in addresses if self.db.execute(one, (scan, address)).fetchone()}

    # ---- doors

    def door(self, scan: str, endpoint: Endpoint) -> DoorRow:
        """The row of a door, made if new."""
        key = (scan, str(endpoint.address), endpoint.port, endpoint.host or "")
        self.db.execute("INSERT OR IGNORE INTO door (scan, address, port, host) VALUES (?,?,?,?)", key)
        found = "SELECT id, stage, tls, protocol FROM door WHERE scan=? AND address=? AND port=? AND host=?"
        number, stage, tls, protocol = self.db.execute(found, key).fetchone()
        known = replace(endpoint, tls=endpoint.tls if tls is None else bool(tls), hint=protocol or endpoint.hint)
        return DoorRow(number, known, stage, protocol)

    def doors_at(self, scan: str, address: Address, port: int) -> list[DoorRow]:
        """All doors of an open port, one for each name that it is or was asked by."""
        rows = "SELECT id, host, stage, tls FROM door WHERE scan=? AND address=? AND port=? ORDER BY id"
        return [
            DoorRow(number, Endpoint(address=address, port=port, host=host or None, tls=None if tls is None
                                     else bool(tls)), stage)
            for number, host, stage, tls in self.db.execute(rows, (scan, str(address), port))]

    def unfinished_doors(self, scan: str) -> list[tuple[Address, int]]:
        """(address, port) of doors on which work is left."""
        rows = "SELECT address, port FROM door WHERE scan=? AND stage<>'done' GROUP BY 1, 2 ORDER BY MIN(id)"
        return [(ip_address(address), port) for address, port in self.db.execute(rows, (scan,))]

    def doors(self, scan: str) -> int:
        """How many doors answered in a protocol."""
        count = "SELECT COUNT(*) FROM door WHERE scan=? AND tls IS NOT NULL"
        return int(self.db.execute(count, (scan,)).fetchone()[0])

    def stage(self, door: int, stage: str, *, tls: bool | None = None, protocol: str | None = None) -> None:
        """A door has come further. `protocol`: the probe that opened it."""
        known = "UPDATE door SET stage=?, tls=COALESCE(?, tls), protocol=COALESCE(?, protocol) WHERE id=?"
        self.db.execute(known, (stage, tls, protocol, door))

    def put_alias(self, door: int, fold: bytes, mark: str = "") -> None:
        """A searched path, letter case aside, and the mark of what a path spelled like it showed."""
        self.db.execute("INSERT OR IGNORE INTO alias VALUES (?,?,?)", (door, fold, mark))

    def aliases(self, door: int) -> dict[bytes, set[str]]:
        """Searched paths, letter case aside, with the marks of all that was shown under them."""
        found: dict[bytes, set[str]] = {}
        for fold, mark in self.db.execute("SELECT fold, mark FROM alias WHERE door=?", (door,)):
            found.setdefault(fold, set()).update({mark} - {""})
        return found

    # ---- asks

    def put_asks(self, door: int, rows: Sequence[AskRow]) -> None:
        """Asks that wait, in this order within their depth. One that is known stays as it is, but for a path that was
        only searched and now turns up in a store: that belongs to the store, also where searching had left it out.
        """
        if not rows:
            return
        self.db.execute("UPDATE door SET asked=asked+? WHERE id=?", (len(rows), door))
        first = self.db.execute("SELECT asked FROM door WHERE id=?", (door,)).fetchone()[0] - len(rows)
        self.db.executemany(
            "INSERT INTO ask (door, digest, path, reason, depth, root, trail, number, way) VALUES (?,?,?,?,?,?,?,?,?) "
            "ON CONFLICT DO UPDATE SET reason=excluded.reason, depth=excluded.depth, root=excluded.root, "
            "trail=excluded.trail, path=excluded.path, done=0 "
            "WHERE done<>1 AND root IS NULL AND excluded.root IS NOT NULL",
            ((door, row.digest, row.ask.path, row.ask.reason.value, row.ask.depth, row.root, _trail(row.trail), n,
              row.ask.way) for n, row in enumerate(rows, first)))

    def waiting(self, door: int, limit: int) -> list[AskRow]:
        """The next asks of a door, shallow ones first."""
        with self.reading():
            rows = self.db.execute(f"{_WAITING} ORDER BY depth, number LIMIT ?", (door, limit))
            return [_ask_row(row) for row in rows]

    def find_ask(self, door: int, digest: bytes) -> AskRow | None:
        """One waiting ask; None when it has been answered."""
        with self.reading():
            row = self.db.execute(f"{_WAITING} AND digest=?", (door, digest)).fetchone()
            return row and _ask_row(row)

    def is_answered(self, door: int, digest: bytes) -> bool:
        """Whether an ask has been put and answered."""
        found = self.db.execute("SELECT 1 FROM ask WHERE door=? AND digest=? AND done=?", (door, digest, _ANSWERED))
        return found.fetchone() is not None

    def searches(self, door: int) -> bool:
        """Whether an ask waits that belongs to no store yet."""
        found = self.db.execute("SELECT 1 FROM ask WHERE door=? AND done=0 AND root IS NULL", (door,))
        return found.fetchone() is not None

    def ask_done(self, door: int, digest: bytes, *, asked: bool = True) -> None:
        """The ask is answered, or left out unasked: its name goes."""
        done = _ANSWERED if asked else _LEFT_OUT
        self.db.execute("UPDATE ask SET done=?, path=NULL, trail=NULL WHERE door=? AND digest=?", (done, door, digest))

    def drop_asks(self, door: int, root: str | None = None) -> int:
        """Give up the waiting asks of a door, or of one store of it; how many there were."""
        given_up = "UPDATE ask SET done=1, path=NULL, trail=NULL WHERE door=? AND done=0"
        if root is None:
            return self.db.execute(given_up, (door,)).rowcount
        return self.db.execute(f"{given_up} AND root=?", (door, root)).rowcount

    def searched(self, door: int) -> int:
        """Requests of the answered asks that searched: those that failed too."""
        return int(self.db.execute("SELECT searched FROM door WHERE id=?", (door,)).fetchone()[0])

    def add_searched(self, door: int, requests: int) -> None:
        """An ask that searched took so many requests."""
        self.db.execute("UPDATE door SET searched=searched+? WHERE id=?", (requests, door))


@lru_cache(maxsize=16)
def _trail(trail: tuple[str, ...]) -> str:
    """The folders of one listing have it in common."""
    return json.dumps(trail)


def _ask_row(row: tuple[Any, ...]) -> AskRow:
    digest, path, reason, depth, root, trail, way = row
    return AskRow(digest, Ask(path, Asked(reason), depth, way), root, tuple(json.loads(trail)))
