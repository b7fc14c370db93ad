"""Knocking: discovery in blocks of a seeded order, each block on disk when all of its pairs have been told.

It finds open ports and hands them on; what is spoken behind them is not its concern.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from scanner import discover
from scanner.discover import Knock, KnockState, Order, Sweep, nmap_sweep, sweep
from scanner.model import Address, Endpoint
from scanner.net import Knocked
from scanner.scan.site import Site
from scanner.scope import Pair, Scope
from scanner.state import State

BLOCK = 2048                             # pairs


class Closed(Exception):  # noqa: N818  an end, not an error
    """The scan is to stop while the window is closed."""


@dataclass(slots=True)
class _Block:
    number: int
    left: int
    outcomes: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    opened: list[Endpoint] = field(default_factory=list)
    answered: set[tuple[int, str]] = field(default_factory=set)


class Knocking:
    """All pairs of the scope that have not been told yet."""

    def __init__(self, site: Site, done: set[int], sweep: Sweep) -> None:
        self._site = site
        self._order = Order(len(site.scope), site.scan.seed)
        self._done = done
        self._sweep = sweep
        self._blocks: dict[int, _Block] = {}
        self._ended: list[_Block] = []
        self._pairs: dict[int, Pair] = {}
        self._numbers = {id(target): number for number, target in enumerate(site.scope.targets)}
        site.progress.pairs = len(site.scope)
        site.progress.knocked = len(site.scope) - pairs_left(site.scope, done)

    async def open_ports(self) -> AsyncIterator[tuple[Address, int]]:
        """Every open (address, port), once. Raises LocalFault when this machine or its link stays at fault.

        A block goes on disk together with the open ports in it, so that none is forgotten before it is visited.
        """
        async with aclosing(self._sweep(self._upcoming())) as knocks:
            with suppress(Closed):
                async for knock in knocks:
                    pair = self._note(knock)
                    await self._keep_ended()
                    if knock.state is KnockState.OPEN:
                        self._site.progress.open += 1
                        yield pair.address, pair.port
        await self._keep_ended()

    def _upcoming(self) -> Iterator[tuple[int, Pair | None]]:
        """Each that is left, in order; None in the place of an excluded one, of which there may be millions."""
        total = len(self._site.scope)
        for number in range((total + BLOCK - 1) // BLOCK):
            if number in self._done:
                continue
            first, last = number * BLOCK, min(total, (number + 1) * BLOCK)
            block = self._blocks[number] = _Block(number, last - first)
            for index in range(first, last):
                if self._site.stop.is_set():
                    return
                pair = self._site.scope.pair(self._order.at(index))
                if pair is None:
                    self._told(block)
                else:
                    self._pairs[index] = pair
                yield index, pair

    def _note(self, knock: Knock) -> Pair:
        pair = self._pairs.pop(knock.index)
        block = self._blocks[knock.index // BLOCK]
        target = self._numbers[id(pair.target)]
        block.outcomes[target, pair.port, knock.state.value] += 1
        if knock.state in (KnockState.OPEN, KnockState.CLOSED):
            block.answered.add((target, str(pair.address)))
        if knock.state is KnockState.OPEN:
            block.opened.append(Endpoint(address=pair.address, port=pair.port))
        self._told(block)
        return pair

    def _told(self, block: _Block) -> None:
        block.left -= 1
        self._site.progress.knocked += 1
        if block.left == 0:
            del self._blocks[block.number]
            self._ended.append(block)

    async def _keep_ended(self) -> None:
        while self._ended:
            block = self._ended.pop()
            await self._site.journal.do(partial(self._keep, block=block))

    def _keep(self, state: State, block: _Block) -> None:
        state.block_done(self._site.scan.id, block.number, block.outcomes, block.answered, block.opened)


def pairs_left(scope: Scope, done: Collection[int]) -> int:
    """Pairs, excluded ones among them, that are in none of the blocks `done`."""
    total = len(scope)
    return total - sum(min(BLOCK, total - number * BLOCK) for number in done)


def knock_sweep(site: Site, *, in_flight: int) -> Sweep:
    """Our own engine. While the window is closed nobody knocks."""

    async def knock(address: Address, port: int, timeout: float) -> Knocked:
        if site.opening() > 0 and not await site.may_go_on():
            raise Closed
        return await site.net.knock(address, port, timeout)

    return lambda pairs: sweep(pairs, knock, in_flight=in_flight)


def nmap_sweep_in_window(site: Site, *, rate: float) -> Sweep:
    """Nmap's engine, a batch at a time. While the window is closed none is begun."""
    engine = nmap_sweep(site.net, rate=rate)

    async def some(pairs: Iterable[tuple[int, discover.Pair | None]]) -> AsyncGenerator[Knock, None]:
        source = iter(pairs)
        while await site.may_go_on() and (batch := list(islice(source, BLOCK))):
            async with aclosing(engine(batch)) as knocks:
                async for knock in knocks:
                    yield knock

    return some
