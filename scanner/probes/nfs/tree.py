"""A tree of folders as a version of NFS gives it: handles from names, and pages of a folder. The two are equal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence

from scanner.probes.nfs.export import Export, Path
from scanner.probes.nfs.rows import Page

_KEPT = 4096                             # handles of folders


class Tree(ABC):
    """The folders of one host by one version. Handles live as long as the door."""

    def __init__(self, version: str) -> None:
        self.version = version           # "3", "4.0"
        self._known: OrderedDict[Path, bytes] = OrderedDict()

    @abstractmethod
    async def root(self, export: Export) -> bytes:
        """The handle of an export. `RefusedError`, `DeniedError`, `NetError`."""

    @abstractmethod
    async def below(self, export: Export, handle: bytes, names: Sequence[bytes]) -> bytes:
        """The handle of a folder below another. `RefusedError`, `DeniedError`, `NetError`."""

    @abstractmethod
    async def page(self, export: Export, handle: bytes, after: Page | None) -> Page:
        """What lies in a folder: its first page, or the one `after` another. The same errors."""

    @abstractmethod
    async def told(self, export: Export, handle: bytes, name: bytes) -> tuple[int, int, int]:
        """Kind, size and time of one entry, where its row says none. `RefusedError`, `DeniedError`, `NetError`."""

    @abstractmethod
    def facts(self, export: Export) -> dict[str, str]:
        """What is known of how an export was opened."""

    @abstractmethod
    async def leave(self) -> None:
        """Give back what the server keeps for this client. `NetError`."""

    async def folder(self, export: Export, path: Path) -> bytes:
        """The handle of a folder by its whole path: walked down from the deepest that is known."""
        depth = len(export.path)
        for end in range(len(path), depth - 1, -1):
            if (handle := self._known.get(path[:end])) is not None:
                break
        else:
            end, handle = depth, await self.root(export)
            self.keep(path[:depth], handle)
        if end < len(path):
            handle = await self.below(export, handle, path[end:])
            self.keep(path, handle)
        return handle

    def keep(self, path: Path, handle: bytes) -> None:
        """Remember a handle."""
        self._known[path] = handle
        self._known.move_to_end(path)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)

    def forget(self, export: Export) -> None:
        """The server forgot the handles of an export."""
        for path in [path for path in self._known if path[:len(export.path)] == export.path]:
            del self._known[path]
