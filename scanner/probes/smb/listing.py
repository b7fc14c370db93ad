"""A directory of a share, listed page by page while its handle is open. Nothing here grows with the directory."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator

from scanner.errors import ProtocolError
from scanner.model import Batch
from scanner.probes.parting import parting
from scanner.probes.smb import packet
from scanner.probes.smb.command import Status, told
from scanner.probes.smb.directory import Form, Page, parse_page
from scanner.probes.smb.line import Denied, Line, Opened
from scanner.probes.smb.reply import DISK

_END = frozenset({Status.NO_MORE_FILES, Status.NO_SUCH_FILE})
_OTHER_FORM = frozenset({Status.INVALID_INFO_CLASS, Status.NOT_SUPPORTED, Status.INVALID_PARAMETER})
_BLANK = 3                                # pages without an entry, one after the other
_REMEMBERED = 1024                        # pages that are known again
_PARTING = 0.5                            # seconds


async def listing(line: Line, share: str, path: bytes) -> Listing | Denied:
    """Open a directory and see its first page: only then is it known to be open. `path`: in UTF-16, below the share."""
    opened = await line.open(share, DISK, packet.open_folder(path))
    if isinstance(opened, Denied):
        return opened
    for form in Form:
        first = await line.page(opened, form.number)
        if first not in _OTHER_FORM:
            break
    if isinstance(first, int) and first not in _END:
        await line.close(opened)
        return Denied(first, opened.tree.encrypted)
    return Listing(line, opened, form, first)


class Listing:
    """A directory that is open. `batches` once; that closes it too."""

    def __init__(self, line: Line, opened: Opened, form: Form, first: bytes | int) -> None:
        self.strays = 0                   # folders that stand for another place
        self.unreadable = 0
        self._line = line
        self._opened = opened
        self._form = form
        self._next = first
        self._blank = 0
        self._marks: deque[int] = deque(maxlen=_REMEMBERED)

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """All entries. ProtocolError where they do not end, or lead astray."""
        try:
            while isinstance(self._next, bytes):
                page = self._read(self._next)
                if page.names or page.directories:
                    yield page.batch()
                if page.broken:
                    raise ProtocolError("a directory whose entries lead astray")
                self._next = await self._line.page(self._opened, self._form.number)
            if self._next not in _END:
                raise ProtocolError(f"a directory that ends with {told(self._next)}")
        finally:
            await self._close()

    def _read(self, data: bytes) -> Page:
        page = parse_page(data, self._form)
        self.strays += len(page.strays)
        self.unreadable += page.unreadable
        self._blank = self._blank + 1 if page.blank else 0
        mark = page.mark()
        if self._blank >= _BLANK or (not page.blank and mark in self._marks):
            raise ProtocolError("a directory that shows the same entries over and over")
        self._marks.append(mark)
        return page

    async def _close(self) -> None:
        """The handle is closed before anything else is asked; what is out of step is left to be dropped."""
        if self._line.in_step:
            async with parting(_PARTING):
                await self._line.close(self._opened)
