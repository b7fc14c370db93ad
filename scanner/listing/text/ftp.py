"""What comes over an FTP data connection -> batches: MLSD (RFC 3659 §7), LIST in whatever form, NLST (RFC 959).

Lines that cannot be read are counted and never end the listing. It asks for nothing and follows no name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from scanner.listing.endings import is_file
from scanner.listing.text import ftp_lines
from scanner.listing.text.lines import LONGEST, Line
from scanner.listing.text.rows import Rows
from scanner.model import Batch

UNDECIDED = 16                               # lines that are held back until one can be read
_LONGEST_NAME = 255                          # bytes, on most file systems
_PLAIN = re.compile(rb"[^\x00-\x1f\x7f]{1,255}")
_TOTAL = re.compile(rb"[^\W\d_]{3,12}:? \d{1,15}|[\x80-\xff]{3,24}:? \d{1,15}")
_AMERICAN = re.compile(rb"\d\d-\d\d-(?:\d\d){1,2} +\d\d:\d\d[AP]M ")
_PERM = re.compile(rb"(?:^|;)perm=([a-z]*)", re.IGNORECASE)
_MINE = re.compile(rb"(?:^|;)type=cdir;", re.IGNORECASE)
_MAY_WRITE = frozenset(b"cmp")               # create, make a directory, purge (RFC 3659 §7.5.5)


class Asking(Enum):
    """What was asked for."""

    MLSD = "MLSD"
    LIST = "LIST"
    NLST = "NLST"


class FtpList:
    """Reads one answer as it comes. Entries depend on the bytes alone, not on how they were cut.

    `form` is how its rows are written; `unreadable` counts the lines that are no rows.
    Whatever the bytes, nothing rises; memory stays within a block of rows and one line.
    """

    def __init__(self, asking: Asking, now: int | None = None) -> None:
        self.form = {Asking.MLSD: "mlsd", Asking.NLST: "names"}.get(asking, "")
        self.unreadable = 0
        self.row_bytes = 0                   # bytes so far that were rows and nothing else
        self.vague = False                   # there are names of which it is not said whether they are folders
        self.itself = False                  # it shows the folder itself, as `ls -a` does
        self.writable = False                # the server says that a stranger may write here
        self._read: Callable[[bytes], Line | None] | None = {
            Asking.MLSD: ftp_lines.mlsd, Asking.NLST: ftp_lines.name}.get(asking)
        self._rows = Rows(now)
        self._held = b""
        self._overlong = False               # what comes belongs to a line that was too long
        self._end = b""                      # of a line; empty: not seen yet
        self._waiting: list[bytes] = []
        self._last: Line | None = None       # the row before, of facts: its name may go on

    @property
    def rows(self) -> int:
        """Names so far."""
        return self._rows.count

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes; give the batches that they complete."""
        self._held += data
        if not self._end and (b"\r\n" in self._held or len(self._held) > LONGEST):
            self._end = b"\r\n" if b"\r\n" in self._held else b"\n"      # the first name may hold a line feed
        *lines, self._held = self._held.split(self._end) if self._end else [self._held]
        batches: list[Batch] = []
        for line in lines:
            batches += self._line(line)
        if len(self._held) > LONGEST:
            self.unreadable += not self._overlong
            self._overlong, self._held = True, self._held[-1:]
        return batches

    def close(self) -> list[Batch]:
        """The connection was closed: give what is left."""
        rest, self._held = self._held, b""
        lines = [rest.removesuffix(b"\r")] if self._end else rest.split(b"\n")
        batches = [batch for line in lines for batch in self._line(line)]
        batches += self._settle()
        self._add(None)
        return batches + self._rows.close()

    def _line(self, line: bytes) -> list[Batch]:
        if self._overlong:                   # its end: counted already
            self._overlong = False
            return []
        if b"\n" in line and self._end == b"\r\n":
            return self._torn(line)
        return self._whole(line)

    def _torn(self, line: bytes) -> list[Batch]:
        """Line feeds within a line: of a name, as vsftpd sends it; or the lines end now one way, now the other."""
        parts = [part.removesuffix(b"\r") for part in line.split(b"\n")]
        if self._form_of(line) is None or all(self._form_of(part) is not None for part in parts):
            return [batch for part in parts for batch in self._whole(part)]
        return self._whole(line)

    def _whole(self, line: bytes) -> list[Batch]:
        if not line.strip():
            return []
        row = self._form_of(line)
        if row is None:
            self._odd(line)
            return self._settle() if len(self._waiting) >= UNDECIDED else []
        if self._waiting:
            self.unreadable += sum(not _TOTAL.fullmatch(one) for one in self._waiting)
            self._waiting = []
        self._take(line, row)
        return self._rows.flush() if self._rows.full else []

    def _form_of(self, line: bytes) -> Line | None:
        """The line in the form of the last one, else in any. Remembers which it was."""
        if len(line) > LONGEST:
            return None
        if self._read is not None and (row := self._read(line)) is not None:
            return row
        if self.form in ("mlsd", "names"):
            return None
        for form, read in ftp_lines.FORMS.items():
            if (row := read(line)) is not None:
                self.form = self.form or form
                self._read = read
                return row
        return None

    def _odd(self, line: bytes) -> None:
        """No row. Where each row begins with facts it is the rest of a name: proftpd ends lines at a line feed."""
        before = self._last
        if before is not None and len(before.name) + len(line) < _LONGEST_NAME:
            self._last = replace(before, name=before.name + b"\n" + line)
        elif self._read is None:
            self._waiting.append(line)       # names alone, it may be: nothing was read so far
        elif not _TOTAL.fullmatch(line):
            self.unreadable += 1

    def _settle(self) -> list[Batch]:
        """No line could be read in any form: they are names alone, or nothing."""
        held, self._waiting = self._waiting, []
        if self._read is None and held and all(_PLAIN.fullmatch(line) and b":" not in line for line in held):
            self.form, self._read = "names", ftp_lines.name
            return [batch for line in held for batch in self._whole(line)]
        self.unreadable += sum(not _TOTAL.fullmatch(line) for line in held)
        return []

    def _take(self, line: bytes, row: Line) -> None:
        if self.form != "names" or row.folder or is_file(row.name):     # any line can be a name: those buy nothing
            self.row_bytes += len(line) + len(self._end)
        if self.form == "mlsd":
            self._may_write(line)
            self._add(row if row.name else None)
            self.itself |= not row.name
            return
        if self._rows.outbox.first is None and _AMERICAN.match(line):
            self._rows.outbox.first = "m"    # Microsoft's servers write the month first, whatever their language
        if row.name:
            self.vague |= self.form in ("names", "bare") and not (row.folder or is_file(row.name))
            self._rows.add(row)
        else:
            self.itself = True

    def _add(self, row: Line | None) -> None:
        """The row before is whole, now that another begins."""
        if self._last is not None:
            self._rows.add(self._last)
        self._last = row

    def _may_write(self, line: bytes) -> None:
        facts = line.partition(b" ")[0]
        found = _PERM.search(facts) if _MINE.search(facts) else None
        self.writable |= found is not None and not _MAY_WRITE.isdisjoint(found[1].lower())
