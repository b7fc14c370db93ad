"""A file server of NFS as a stranger meets it: its exports, and their folders, by the version that shows them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator

from scanner.model import Access, Ask, Asked, Doubt, Endpoint, Observation, Reason
from scanner.net import Limits
from scanner.probes.base import Door, Shown
from scanner.probes.nfs.export import Export, Path, covering, leading
from scanner.probes.nfs.folder import Opened, Pages
from scanner.probes.nfs.found import Found
from scanner.probes.nfs.rpc import DeniedError, UnavailableError
from scanner.probes.nfs.status import GONE, RefusedError, Status, meant
from scanner.probes.nfs.three import LockedError
from scanner.probes.nfs.tree import Tree
from scanner.probes.parting import parting
from scanner.probes.paths import UNSAYABLE, is_plain, names_of, path_of

_NOWHERE: Doubt = (Reason.NOT_A_LISTING, "lies in no export")
_TRIED = 256                             # exports opened to see whether others belong to them
_NOBODY = "as nobody (user 65534), without a login"


class NfsDoor(Door):
    """The exports of one host."""

    protocol = "nfs"

    def __init__(self, endpoint: Endpoint, found: Found, limits: Limits) -> None:
        self.endpoint = endpoint
        self._found = found
        self._exports = {export.path: export for export in found.exports}    # the shallower first
        self._limits = limits
        self._works: dict[Path, Tree] = {}       # exports that were opened, and by which version

    async def look(self) -> Observation:
        """Its versions and programs."""
        return self._seen("/", Access.NONE, self._found.facts, None)

    async def leave(self) -> None:
        """Give back what the server keeps for this client, for as long as a second allows."""
        async with parting():
            await self._found.leave()

    async def _apart(self) -> list[Export]:
        """The exports; one that lies in another that opens belongs to that."""
        apart: list[Export] = []
        opened: dict[Path, Export] = {}
        above, tries = leading(self._exports), 0
        for export in self._exports.values():
            if any(holder.shows(export) for holder in covering(opened, export.path)):
                continue
            apart.append(export)
            if export.path in above and tries < _TRIED:
                tries += 1
                if isinstance(await self._open(export.path), Opened):
                    opened[export.path] = export
        return apart

    async def _folder(self, ask: Ask, path: Path) -> AsyncGenerator[Shown, None]:
        got = await self._open(path)
        if not isinstance(got, Opened):
            export = next(iter(covering(self._exports, path)), None)
            yield self._seen(ask.path, Access.NONE, self._facts(export, None), got)
            return
        pages = Pages(got, self._limits)
        async for batch in pages.batches():
            yield batch
        facts = self._facts(got.export, got.tree)
        if pages.unknown:
            facts["listing.unreadable"] = str(pages.unknown)
        yield self._seen(ask.path, Access.ANONYMOUS, facts, pages.doubt)

    async def _open(self, path: Path) -> Opened | Doubt:
        """Open a folder by the export and the version that show it; else why none does. `NetError`."""
        if not all(map(is_plain, path)):
            return UNSAYABLE
        doubts: list[Doubt] = []
        for export, tree in self._ways(path):
            try:
                return await self._opened(export, tree, path)
            except (RefusedError, DeniedError, LockedError, UnavailableError) as error:
                doubts.append(self._why(export, path, error))
                if export.path in self._works:
                    break
        return max(doubts, key=_weight) if doubts else _NOWHERE

    def _ways(self, path: Path) -> Iterator[tuple[Export, Tree]]:
        """The deepest export that holds the path, and others after it; what is nobody's list is tried as one's own."""
        known = covering(self._exports, path)
        wanted = b"/" + b"/".join(path)
        for export in known or [Export(path, wanted, None, path)]:
            if (works := self._works.get(export.path)) is not None:
                yield export, works
                continue
            if export.four is not None and self._found.four is not None:
                yield export, self._found.four
            if export.written is not None and self._found.three is not None:
                yield export, self._found.three

    async def _opened(self, export: Export, tree: Tree, path: Path) -> Opened:
        try:
            got = await self._first(export, tree, path)
        except RefusedError as refused:
            if refused.status not in GONE:
                raise
            tree.forget(export)
            got = await self._first(export, tree, path)
        self._works[export.path] = tree
        return got

    async def _first(self, export: Export, tree: Tree, path: Path) -> Opened:
        handle = await tree.folder(export, path)
        return Opened(export, tree, handle, await tree.page(export, handle, None))

    def _why(self, export: Export, path: Path,
             error: RefusedError | DeniedError | LockedError | UnavailableError) -> Doubt:
        if isinstance(error, LockedError):
            return error.doubt
        if isinstance(error, UnavailableError):
            return Reason.PROTOCOL, str(error)
        closed = isinstance(error, RefusedError) and error.status in (Status.PERM, Status.ACCES)
        if not closed or export.path in self._works or export.clients is None or path != export.path:
            return meant(error)
        if export.for_everybody:
            return Reason.FORBIDDEN, ("exported to everybody, but not shown: it may want a source port below 1024, "
                                      "which a scan does not use")
        return Reason.FORBIDDEN, f"exported to clients of which this one is none ({len(export.clients)} are named)"

    def _facts(self, export: Export | None, tree: Tree | None) -> dict[str, str]:
        facts = dict(self._found.facts)
        if export is None:
            return facts
        facts["nfs.export"] = b"/".join((b"", *export.path)).decode(errors="replace") or "/"
        if export.said:
            facts["nfs.clients"] = export.said
        if self._found.three is not None:
            facts |= self._found.three.facts(export)
        if tree is not None:
            whom = "; exported to everybody" if export.for_everybody else \
                "; its list names other clients too" if export.clients else ""
            facts["door.how"] = f"{_NOBODY}, by NFS {tree.version}{whom}"
        return facts

    def _named(self, path: str) -> Observation:
        """The list of exports."""
        facts = self._found.facts
        if self._found.named:
            facts["door.how"] = "its list of exports is shown to strangers"
        return self._seen(path, Access.NONE, facts, self._found.doubt)

    def _seen(self, path: str, access: Access, facts: dict[str, str], doubt: Doubt | None) -> Observation:
        return self.observed(path, access, facts, doubt)

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """The exports at the root; else a folder."""
        path = names_of(ask.path)
        if not path:
            for export in await self._apart():
                if export.path:
                    yield Ask(path_of(export.path), Asked.SHARE, ask.depth + 1)
            if () not in self._exports:
                yield self._named(ask.path)
                return
        async for shown in self._folder(ask, path):
            yield shown


def _weight(doubt: Doubt) -> int:
    """What tells more of two versions' refusals."""
    return 3 if doubt[0] is Reason.LOGIN else 2 if "1024" in doubt[1] else 1 if doubt[0] is Reason.FORBIDDEN else 0
