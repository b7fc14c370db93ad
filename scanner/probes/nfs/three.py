"""Folders by NFS version 3: mounts at mountd, walks and lists at NFS, and says goodbye to mountd."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.errors import NetError
from scanner.model import Doubt, Reason
from scanner.probes.nfs import mount, wire3
from scanner.probes.nfs.export import Export, Path, listed
from scanner.probes.nfs.line import Line
from scanner.probes.nfs.mount import Mounted
from scanner.probes.nfs.procedures import Procedure
from scanner.probes.nfs.rows import Page
from scanner.probes.nfs.rpc import Credential
from scanner.probes.nfs.status import RefusedError, Status
from scanner.probes.nfs.tree import Tree
from scanner.probes.nfs.xdr import Reader, opaque

_FIRST = Page(0, bytes(8))


class LockedError(NetError):
    """The export opens with a proof that no stranger has."""

    reason = Reason.LOGIN
    doubt: Doubt = (Reason.LOGIN, "wants Kerberos")


class Three(Tree):
    """The exports of one host by NFS 3."""

    def __init__(self, line: Line, nfs: int, mountd: int) -> None:
        """`nfs`, `mountd`: the ports of both."""
        super().__init__("3")
        self._line = line
        self._nfs = nfs
        self._mountd = mountd
        self._mounted: dict[Path, Mounted] = {}
        self._left: dict[bytes, None] = {}       # to be taken back, as written
        self._plain = False              # READDIRPLUS is not offered

    async def exports(self) -> list[Export]:
        """What mountd lists. `NetError`."""
        return listed(mount.exported(await self._line.call(self._mountd, Procedure.MOUNT_EXPORT)))

    async def root(self, export: Export) -> bytes:
        """Mount it; again, where the server forgot its handle."""
        assert export.written is not None
        self._left[export.written] = None
        reader = await self._line.call(
            self._mountd, Procedure.MOUNT_MNT, opaque(export.written), Credential.SYS)
        got = self._mounted[export.path] = mount.mounted(reader)
        if got.credential is None:
            raise LockedError("wants Kerberos")
        return got.handle

    async def below(self, export: Export, handle: bytes, names: Sequence[bytes]) -> bytes:
        """One LOOKUP for each name."""
        for name in names:
            handle, *_ = wire3.found(await self._ask(export, Procedure.NFS3_LOOKUP, wire3.lookup(handle, name)))
        return handle

    async def told(self, export: Export, handle: bytes, name: bytes) -> tuple[int, int, int]:
        """By LOOKUP."""
        reader = await self._ask(export, Procedure.NFS3_LOOKUP, wire3.lookup(handle, name))
        _, kind, size, time = wire3.found(reader)
        return kind, size, time

    async def page(self, export: Export, handle: bytes, after: Page | None) -> Page:
        """READDIRPLUS; READDIR where that is not offered."""
        before = after or _FIRST
        if not self._plain:
            arguments = wire3.readdirplus(handle, before.cookie, before.verifier)
            try:
                return wire3.page_plus(
                    await self._ask(export, Procedure.NFS3_READDIRPLUS, arguments), before.cookie)
            except RefusedError as refused:
                if refused.status != Status.NOTSUPP or after is not None:
                    raise
                self._plain = True
        arguments = wire3.readdir(handle, before.cookie, before.verifier)
        return wire3.page_plain(await self._ask(export, Procedure.NFS3_READDIR, arguments), before.cookie)

    async def identity(self, export: Export) -> tuple[int, ...]:
        """What tells the export's own folder from any other. `RefusedError`, `DeniedError`, `NetError`."""
        handle = await self.folder(export, export.path)
        return wire3.identity(await self._ask(export, Procedure.NFS3_GETATTR, opaque(handle)))

    def facts(self, export: Export) -> dict[str, str]:
        """The flavours that mountd named."""
        got = self._mounted.get(export.path)
        return {"nfs.flavors": got.said} if got is not None and got.flavours else {}

    async def leave(self) -> None:
        """Take back what was mounted: mountd keeps a list of it. `NetError`."""
        while self._left:
            written, _ = self._left.popitem()
            await self._line.call(self._mountd, Procedure.MOUNT_UMNT, opaque(written), Credential.SYS)

    async def _ask(self, export: Export, procedure: Procedure, arguments: bytes) -> Reader:
        got = self._mounted.get(export.path)
        credential = (got.credential if got is not None else None) or Credential.SYS
        return await self._line.call(self._nfs, procedure, arguments, credential)
