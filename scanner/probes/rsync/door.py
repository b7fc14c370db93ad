"""An rsync daemon as a door: its modules as shares, and each module's tree, in one talk for each ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import ClassVar

from scanner.errors import DeadlineError, NetError, Reset
from scanner.model import Access, Ask, Asked, Batch, Doubt, Endpoint, Observation, Reason
from scanner.net import Net
from scanner.probes.base import Door, Shown
from scanner.probes.paths import path_of
from scanner.probes.rsync.asking import UnaskableError, arguments, folder
from scanner.probes.rsync.lines import OLDEST
from scanner.probes.rsync.talk import Talk, talk
from scanner.probes.rsync.tree import Tree

MOST_ROWS = 150_000                      # of one talk, at most twice as many: the server holds all, some 90 bytes each
_MOST_MODULES = 10_000
_FACT = 200                              # characters
_SILENT = Reason.FORBIDDEN, "opens the module and lists nothing of it"
_MEANS = {Reason.LOGIN: "login", Reason.NOT_A_LISTING: "absent", Reason.PROTOCOL: "open", Reason.SLOW_DOWN: "busy",
          Reason.SERVER_ERROR: "broken"}
FACTS = frozenset({
    "door.how", "door.software", "rsync.access", "rsync.comment", "rsync.hidden", "rsync.module", "rsync.modules",
    "rsync.motd", "rsync.unreadable", "rsync.version",
})


class RsyncDoor(Door):
    """One daemon. Each ask has a connection of its own, as the protocol wants it."""

    protocol: ClassVar[str] = "rsync"
    whole: ClassVar[bool] = True

    def __init__(self, endpoint: Endpoint, net: Net, greeted: Talk, most: int = MOST_ROWS) -> None:
        """`greeted`: the talk that showed it to be a daemon; the first ask goes on with it. `most`: rows of a talk."""
        self.endpoint = replace(endpoint, tls=False, scheme="rsync")
        self._net = net
        self._greeted: Talk | None = greeted
        self._most = most
        self._facts = {"rsync.version": greeted.greeting.version,
                       "door.software": f"rsync daemon, protocol {greeted.greeting.version}"}
        self._modules: dict[bytes, bytes] = {}           # with their comments
        self._flat = set[bytes]()        # modules that refuse recursion

    async def look(self) -> Observation:
        """See `Door.look`."""
        return self._seen("/", Access.NONE)

    def hidden(self, names: Sequence[str]) -> Sequence[Ask]:
        """See `Door.hidden`: modules that may be there and are not on the list."""
        return [Ask(path_of([name.encode()]), Asked.SIGNATURE) for name in names
                if name.encode() not in self._modules]

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Door.list`."""
        if ask.path == "/":
            answer = self._list_modules(ask)
        else:
            try:
                name, inner = folder(ask.path)
                requests = [arguments(name, inner, whole=whole) for whole in (True, False)]
            except UnaskableError as error:
                yield self._seen(ask.path, Access.NONE, doubt=(Reason.FORBIDDEN, str(error)))
                return
            answer = self._list_module(ask, name, requests)
        async with aclosing(answer):
            async for shown in answer:
                yield shown

    # ---- modules

    async def _list_modules(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        async with AsyncExitStack() as stack:
            there = await self._talk(stack)
            cut = False
            try:
                async with aclosing(there.modules()) as modules:
                    async for found in modules:
                        if len(self._modules) == _MOST_MODULES:
                            cut = True
                            break
                        if found.name not in self._modules:
                            self._modules[found.name] = found.comment
                            yield Ask(path_of([found.name]), Asked.SHARE, ask.depth + 1)
            except (DeadlineError, Reset):
                if not self._modules:
                    raise
                cut = True
            self._hear(there)
        self._facts["rsync.modules"] = str(len(self._modules))
        long = (Reason.CUT, "a list of modules that was not shown to its end") if cut or there.cut else None
        yield self._seen("/", Access.NONE, doubt=there.refused or long)

    # ---- one module

    async def _list_module(self, ask: Ask, name: bytes, requests: Sequence[bytes]) -> AsyncGenerator[Shown, None]:
        async with AsyncExitStack() as stack:
            there = await self._talk(stack)
            entered = await there.enter(name)
            self._hear(there)
            if not entered or there.greeting.spoken < OLDEST:
                yield self._refused(ask, name, there)
                return
            tree = Tree(self._most, whole=name not in self._flat)
            async with aclosing(_batches(there, tree, requests[name in self._flat])) as batches:
                async for batch in batches:
                    yield batch
        if there.troubles.refused and name not in self._flat:
            self._flat.add(name)
            async with aclosing(self._list_module(ask, name, requests)) as again:
                async for shown in again:
                    yield shown
            return
        yield self._listed(ask, name, there, tree)

    def _refused(self, ask: Ask, name: bytes, there: Talk) -> Observation:
        doubt = there.refused or (Reason.PROTOCOL, "speaks a protocol of rsync older than 27: not listed")
        if doubt[0] is Reason.SLOW_DOWN:
            self._net.pace.slow_down(self.endpoint.address)
        access = Access.LOGIN if doubt[0] is Reason.LOGIN else Access.NONE
        return self._seen(ask.path, access, self._of_module(name, _MEANS.get(doubt[0], "closed")), doubt)

    def _listed(self, ask: Ask, name: bytes, there: Talk, tree: Tree) -> Observation:
        facts, troubles = self._of_module(name, "open"), there.troubles
        if not tree.rows and (troubles.count or not there.rows.ended or there.rows.unread):
            silent = not there.rows.ended and not troubles.count
            doubt = _SILENT if silent else troubles.wholly(named=ask.reason is Asked.LINK)
            return self._seen(ask.path, Access.NONE, {**facts, "rsync.access": "closed"} if silent else facts, doubt)
        self._net.pace.well(self.endpoint.address)
        facts["door.how"] = "module open to everybody, without a login; in clear"
        if not troubles.count and not there.rows.unread:
            return self._seen(ask.path, Access.ANONYMOUS, facts)
        facts["rsync.unreadable"] = str(troubles.count or 1)
        return self._seen(ask.path, Access.ANONYMOUS, facts, troubles.partly())

    def _of_module(self, name: bytes, access: str) -> dict[str, str]:
        facts = {"rsync.module": _text(name), "rsync.access": access}
        if self._modules and name not in self._modules:
            facts["rsync.hidden"] = "yes"
        comment = _text(self._modules.get(name, b""))
        return {**facts, "rsync.comment": comment} if comment else facts

    # ---- talks

    async def _talk(self, stack: AsyncExitStack) -> Talk:
        """A greeted talk: the one that found the door, or a new one."""
        first, self._greeted = self._greeted, None
        if first is not None:
            stack.callback(first.abort)
            if not await first.is_over():
                return first
            first.abort()
        return await stack.enter_async_context(talk(self._net, self.endpoint))

    def _hear(self, there: Talk) -> None:
        if motd := _text(there.welcome.text).strip():
            self._facts["rsync.motd"] = motd

    def _seen(self, path: str, access: Access, facts: Mapping[str, str] | None = None,
              doubt: Doubt | None = None) -> Observation:
        return self.observed(path, access, {**self._facts, **(facts or {})}, doubt)


async def _batches(there: Talk, tree: Tree, request: bytes) -> AsyncGenerator[Batch, None]:
    """The entries of a tree; last the folders known to be empty, each as an empty batch: they need not be asked for."""
    try:
        async with aclosing(there.tree(request)) as pieces:
            async for rows in pieces:
                for batch in tree.take(rows):
                    yield batch
                    await asyncio.sleep(0)   # thousands of small folders come at once: others have their turn
                if tree.full:
                    break
    except NetError:
        for batch in tree.flush():
            yield batch
        raise
    for batch in tree.flush():
        yield batch
    for batch in tree.empty():
        yield batch
    if not tree.full:
        await there.part()


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")[:_FACT]
