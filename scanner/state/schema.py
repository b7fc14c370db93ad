"""The schema of the state file: its version and its tables. Nothing is read or written here."""

from __future__ import annotations

VERSION = 3

TABLES = """
CREATE TABLE scan (
    id TEXT PRIMARY KEY, identity TEXT NOT NULL, started TEXT NOT NULL, finished TEXT,
    complete INTEGER NOT NULL DEFAULT 0, facts TEXT NOT NULL, key BLOB, seed INTEGER NOT NULL,
    totals TEXT NOT NULL DEFAULT '{}');
CREATE TABLE block (scan TEXT, number INTEGER, PRIMARY KEY (scan, number)) WITHOUT ROWID;
CREATE TABLE answered (scan TEXT, target INTEGER, address TEXT, PRIMARY KEY (scan, target, address)) WITHOUT ROWID;
CREATE INDEX answered_address ON answered (scan, address);
CREATE TABLE knock (
    scan TEXT, block INTEGER, target INTEGER, port INTEGER, outcome TEXT, count INTEGER NOT NULL,
    PRIMARY KEY (scan, block, target, port, outcome)) WITHOUT ROWID;
CREATE TABLE door (
    id INTEGER PRIMARY KEY, scan TEXT NOT NULL, address TEXT NOT NULL, port INTEGER NOT NULL, host TEXT NOT NULL,
    stage TEXT NOT NULL DEFAULT 'new', tls INTEGER, asked INTEGER NOT NULL DEFAULT 0,
    searched INTEGER NOT NULL DEFAULT 0, protocol TEXT NOT NULL DEFAULT '', UNIQUE (scan, address, port, host));
CREATE TABLE alias (door INTEGER, fold BLOB, mark TEXT, PRIMARY KEY (door, fold, mark)) WITHOUT ROWID;
CREATE TABLE ask (
    door INTEGER, digest BLOB, path TEXT, reason TEXT, depth INTEGER NOT NULL, root TEXT, trail TEXT,
    number INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0, way TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (door, digest)) WITHOUT ROWID;
CREATE INDEX ask_open ON ask (door, done, depth, number);
CREATE TABLE store (
    door INTEGER, root TEXT, seen TEXT NOT NULL, census TEXT NOT NULL, marks TEXT NOT NULL, folders INTEGER NOT NULL,
    same_door INTEGER, same_root TEXT, PRIMARY KEY (door, root)) WITHOUT ROWID;
CREATE TABLE shown (door INTEGER, root TEXT, path TEXT, PRIMARY KEY (door, root, path)) WITHOUT ROWID;
CREATE TABLE gap (
    scan TEXT, addresses TEXT, ports TEXT, probe TEXT, reason TEXT, detail TEXT, count INTEGER NOT NULL,
    PRIMARY KEY (scan, addresses, ports, probe, reason, detail)) WITHOUT ROWID;
CREATE TABLE doorway (
    finding TEXT, door TEXT, scan TEXT, first_seen TEXT NOT NULL, PRIMARY KEY (finding, door, scan)) WITHOUT ROWID;
CREATE INDEX doorway_door ON doorway (door, first_seen);
"""

STEPS = ("", "ALTER TABLE ask ADD COLUMN way TEXT NOT NULL DEFAULT ''; "
             "ALTER TABLE door ADD COLUMN searched INTEGER NOT NULL DEFAULT 0",
         "ALTER TABLE door ADD COLUMN protocol TEXT NOT NULL DEFAULT ''")
"""What makes a file of version N + 1 of one of version N."""

OF_SCAN = ("block", "answered", "knock", "gap", "doorway", "door")
"""Tables with a column `scan`; `door` last, as the next ones are found by it."""

OF_WORK = ("ask", "alias")
"""Tables with a column `door` that nobody needs once the scan has ended."""

OF_DOOR = ("ask", "alias", "store", "shown")
"""Tables with a column `door`."""
