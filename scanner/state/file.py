"""The file of the state: made private, opened, locked, written in transactions. It knows no table by name.

Files are 0600 and folders that are made 0700; `secure_delete` overwrites what is forgotten.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from scanner.errors import StateError
from scanner.state import schema

_PATIENCE = 5.0                          # seconds to wait for another program that is writing
_DAMAGED = (sqlite3.Error, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF", "journal_size_limit=0")


class File:
    """An SQLite file (WAL, synchronous=FULL), or one in memory."""

    def __init__(self, path: Path | None) -> None:
        """Open or make the file at `path` (None: in memory). Raises StateError.

        A file that may not be written is opened for reading.
        """
        self.path = path
        self._lock: int | None = None
        try:
            self.db = self._open()
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(str(error)) from error

    def _open(self) -> sqlite3.Connection:
        name = ":memory:" if self.path is None else self.path.absolute().as_uri() + _mode(self.path)
        db = sqlite3.connect(name, isolation_level=None, check_same_thread=False, timeout=_PATIENCE, uri=True)
        try:
            self._prepare(db)
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Nothing is changed before it is sure that the file is ours."""
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > schema.VERSION:
            raise self._unusable(f"written by a newer earshot, schema {version}")
        if not version and db.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()[0]:
            raise self._unusable("a database, but none of earshot")
        if self.path is not None:
            with contextlib.suppress(OSError):   # read only
                self.path.chmod(0o600)
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        if version < schema.VERSION:
            steps = "; ".join(schema.STEPS[version:]) if version else schema.TABLES
            db.executescript(f"BEGIN IMMEDIATE; {steps}; PRAGMA user_version={schema.VERSION}; COMMIT;")

    def shrink(self) -> None:
        """Give back the room of what was forgotten, in the write-ahead log too. Raises StateError."""
        try:
            self.db.execute("VACUUM")
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise StateError(f"{self.path}: the file cannot give back its room ({error})") from error

    def lock(self) -> None:
        """Keep every other scan off this file until `close`. Raises StateError when another holds it."""
        if self.path is None:
            return
        name = self.path.with_name(self.path.name + ".lock")
        try:
            handle = os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise self._unusable(f"{name}: {error.strerror}") from error
        if not _take(handle):
            os.close(handle)
            raise StateError(f"{self.path}: another scan uses this state; wait for it, or name another: --state FILE")
        self._lock = handle

    def close(self) -> None:
        """Close the file and let others in."""
        self.db.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises StateError when the place is full, gone or may only be read."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield
            self.db.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise StateError(f"{self.path}: cannot be written ({error}); what was kept before is safe") from error
            raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """What was kept is read and understood. Raises StateError where it is damaged."""
        try:
            yield
        except _DAMAGED as error:
            told = str(error).partition("\n")[0]
            raise self._unusable(f"what it kept is damaged: {told!r:.99}") from error

    def _unusable(self, why: str) -> StateError:
        return StateError(f"{self.path}: the state file cannot be used ({why}); name another with --state FILE")


def _mode(path: Path) -> str:
    """Make the file where it is not there; how it may be opened."""
    _make_folder(path.parent)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError:
        if not path.is_file():
            raise
        # somebody else's, or on a medium that takes no writing; without a log beside it SQLite needs to be told
        return "?mode=ro" if path.with_name(path.name + "-wal").exists() else "?immutable=1"
    return "?mode=rw"


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _take(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:                  # not a Unix: no other lock is at hand
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
