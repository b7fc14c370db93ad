"""Folders by NFS version 4: no mount, one port; what it exports is found below a root that is made up for it.

Version 4.0 wants nothing else. From 4.1 on each COMPOUND stands in a session, which is given back at the end.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from scanner.probes.nfs import wire4
from scanner.probes.nfs.export import Export, Path, leading
from scanner.probes.nfs.line import Line
from scanner.probes.nfs.procedures import Operation, Procedure
from scanner.probes.nfs.rows import FOLDER, Page
from scanner.probes.nfs.rpc import Credential, DeniedError
from scanner.probes.nfs.session import Known, Session, introduce, known, opened, skip
from scanner.probes.nfs.status import LATE, RefusedError
from scanner.probes.nfs.tree import Tree
from scanner.probes.nfs.wire4 import Step, Told
from scanner.probes.nfs.xdr import Reader
from scanner.probes.paths import is_plain

_FIRST = Page(0, bytes(8))
_AT_ONCE = 6                             # folders gone down in one COMPOUND: servers take eight operations at least
_LOOKED_INTO = 64                        # folders of the made-up root
_DEEPEST = 16
_PAGES = 16                              # further answers to one of them
_LISTED = 4096                           # entries of one of them, but for a last answer
_ENOUGH = 10_000                         # exports, after which no further folder is looked into

System = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hints:
    """Exports by NFS 3, and what leads to them."""

    exports: frozenset[Path]
    above: frozenset[Path]


class Four(Tree):
    """The exports of one host by NFS 4."""

    def __init__(self, line: Line, nfs: int, minor: int = 0) -> None:
        super().__init__(f"4.{minor}")
        self.software = ""               # what the server calls itself, from 4.1 on
        self._line = line
        self._nfs = nfs
        self._minor = minor
        self._looked = 0
        self._turn = asyncio.Lock()      # calls in a session come one after the other
        self._client: Known | None = None
        self._session: Session | None = None
        self._owner = secrets.token_bytes(16)    # for the life of the door: no name of this machine's

    async def begin(self) -> Told:
        """Whether it is spoken: the attributes of its root. `UnavailableError`, `RefusedError`, `NetError`."""
        reader = await self._do([wire4.ROOT, wire4.attributes(wire4.SELF)])
        return wire4.told(wire4.done(reader, Operation.GETATTR))

    async def exports(self, known: Collection[Path] = ()) -> list[Path]:
        """Paths of what the root leads to; the root itself, where it is no made-up one. `RefusedError`, `NetError`.

        `known`: exports by NFS 3. What leads to one of these is made up, whatever it says of its file system: Linux
        says the same of an export and of the folders above it.
        """
        self._looked = 0
        root = await self.begin()
        found = await self._exports((), wire4.system(root), Hints(frozenset(known), leading(known)))
        return found or ([()] if self._looked >= _LOOKED_INTO else [])

    async def root(self, export: Export) -> bytes:
        """The folder where it is shown."""
        assert export.four is not None
        return await self._down([wire4.ROOT], export.four)

    async def below(self, export: Export, handle: bytes, names: Sequence[bytes]) -> bytes:  # noqa: ARG002
        """Some LOOKUPs at a time."""
        return await self._down([wire4.at(handle)], names)

    async def page(self, export: Export, handle: bytes, after: Page | None) -> Page:  # noqa: ARG002
        """READDIR with kinds, sizes and times."""
        return await self._page(handle, after or _FIRST, wire4.ROWS)

    async def told(self, export: Export, handle: bytes, name: bytes) -> tuple[int, int, int]:  # noqa: ARG002
        """By LOOKUP and GETATTR."""
        reader = await self._do([wire4.at(handle), wire4.into(name), wire4.attributes(wire4.ROWS)])
        return wire4.row(wire4.told(wire4.done(reader, Operation.GETATTR)))

    async def identity(self, export: Export) -> tuple[int, ...]:
        """What tells the export's own folder from any other. `RefusedError`, `DeniedError`, `NetError`."""
        handle = await self.folder(export, export.path)
        reader = await self._do([wire4.at(handle), wire4.attributes(wire4.SELF)])
        return wire4.identity(wire4.told(wire4.done(reader, Operation.GETATTR)))

    def facts(self, export: Export) -> dict[str, str]:  # noqa: ARG002
        """None: the list of clients is mountd's."""
        return {}

    async def _exports(self, path: Path, system: System, hints: Hints) -> list[Path]:
        """What a folder leads to; its own path, where it is no made-up one."""
        self._looked += 1
        found: list[Path] = []
        for name, kind, mark in await self._places(path):
            deeper = (*path, name)
            if kind != FOLDER:
                return [path]
            if deeper in hints.exports or (mark != system and deeper not in hints.above):
                found.append(deeper)
            elif len(deeper) < _DEEPEST and self._looked < _LOOKED_INTO and len(found) <= _ENOUGH:
                below = await self._exports_below(deeper, mark or system, hints)
                if deeper in below and path not in hints.above:
                    return [path]
                found += below
        return found

    async def _exports_below(self, path: Path, system: System, hints: Hints) -> list[Path]:
        """The same; a folder that is not shown may be an export, and will be told of when it is asked for."""
        try:
            return await self._exports(path, system, hints)
        except RefusedError:
            return [path]

    async def _places(self, path: Path) -> list[tuple[bytes, int, System | None]]:
        """Name, kind and file system of what lies in a folder near the root."""
        handle = await self._down([wire4.ROOT], path)
        page = await self._page(handle, _FIRST, wire4.PLACES)
        rows = [*zip(page.names, page.kinds, page.marks, strict=True)]
        for _ in range(_PAGES):
            if page.last or not page.rows or len(rows) >= _LISTED:
                break
            page = await self._page(handle, page, wire4.PLACES)
            rows += zip(page.names, page.kinds, page.marks, strict=True)
        return [row for row in rows if is_plain(row[0])]

    async def _page(self, handle: bytes, before: Page, wanted: Sequence[int]) -> Page:
        count = self._session.rows if self._session else wire4.COUNT
        reader = await self._do([wire4.at(handle), wire4.rows(before.cookie, before.verifier, wanted, count)])
        return wire4.page(wire4.done(reader, Operation.READDIR), before.cookie)

    async def _down(self, begin: list[Step], names: Sequence[bytes]) -> bytes:
        most = min(_AT_ONCE, self._session.operations - 3) if self._session else _AT_ONCE
        while True:
            now, names = names[:max(1, most)], names[max(1, most):]
            reader = await self._do([*begin, *map(wire4.into, now), wire4.HANDLE])
            handle = wire4.handle(wire4.done(reader, Operation.GETFH))
            if not names:
                return handle
            begin = [wire4.at(handle)]

    async def leave(self) -> None:
        """End the session. `NetError`."""
        session, client = self._session, self._client
        self._session = self._client = None
        for step in (session.end() if session else None, client.end() if client else None):
            if step is not None:
                with suppress(RefusedError):
                    await self._compound([step])

    async def _do(self, steps: Sequence[Step]) -> Reader:
        """The answer to a COMPOUND, all results but the last one's taken."""
        if not self._minor:
            return await self._compound(steps)
        async with self._turn:
            try:
                return await self._in_session(steps)
            except RefusedError as refused:
                if refused.status not in LATE:
                    raise
            self._session = None
            return await self._in_session(steps)

    async def _in_session(self, steps: Sequence[Step]) -> Reader:
        session = self._session or await self._begin()
        try:
            return await self._compound([session.next(), *steps])
        except (RefusedError, DeniedError):
            raise
        except BaseException:
            self._session = None         # whether the server has seen the call is not known
            raise

    async def _begin(self) -> Session:
        reader = await self._compound([introduce(self._owner[:8], b"earshot " + self._owner.hex().encode())])
        self._client = known(wire4.done(reader, Operation.EXCHANGE_ID))
        self.software = self._client.software
        reader = await self._compound([self._client.begin()])
        self._session = opened(wire4.done(reader, Operation.CREATE_SESSION))
        return self._session

    async def _compound(self, steps: Sequence[Step]) -> Reader:
        reader = await self._line.call(
            self._nfs, Procedure.NFS4_COMPOUND, wire4.compound(steps, self._minor), Credential.SYS,
            [step.operation.said for step in steps])
        wire4.begin(reader)
        for step in steps[:-1]:
            wire4.done(reader, step.operation)
            if step.operation == Operation.SEQUENCE:
                skip(reader)
        return reader
