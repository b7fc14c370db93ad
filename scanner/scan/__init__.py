"""The scan: joins discovery, visits and the state under one TaskGroup, and ends in a report's worth of rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from scanner.aside import aside
from scanner.discover import Sweep
from scanner.errors import LocalFault, StateError
from scanner.filenames import mask_target
from scanner.model import Address, Gap, Reason
from scanner.scan.crowd import Crowd
from scanner.scan.desk import Desks
from scanner.scan.knocking import Knocking, pairs_left
from scanner.scan.lanes import Lane, Lanes
from scanner.scan.site import Progress, Site, Watcher
from scanner.scan.visit import visit
from scanner.scope import Scope
from scanner.state import State

__all__ = ["Outcome", "Progress", "Site", "Watcher", "judge", "run"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scan ended."""

    complete: bool
    why: tuple[str, ...]                 # what is left, in words
    ended: bool = True                   # False: work is left that the same command goes on with


async def run(site: Site, sweep: Sweep) -> str | None:
    """Do all that is left of the scan; what was wrong with this machine, if anything.

    What it saw is in the state when this returns or raises. Raises StateError when that cannot be kept.
    """
    fault: BaseException | None = None
    broken: BaseException | None = None
    try:
        await _all(site, sweep)
    except* StateError as group:
        broken = _first(group)
    except* LocalFault as group:
        fault = _first(group)
    if broken is not None:
        raise broken
    return None if fault is None else str(fault)


async def judge(site: Site, fault: str | None = None) -> Outcome:
    """How the scan has ended, from what is on disk; what is left becomes a gap until it is gone on with."""
    waiting, pairs = await site.journal.do(lambda state: _left(state, site))
    left = [] if fault is None else [f"this machine's fault: {fault}"]
    if waiting or pairs:
        left += [] if fault else ["stopped before the end"]
        left += [text for text, count in ((f"{waiting:,} open ports not finished", waiting),
                                          (f"{pairs:,} pairs of address and port not tried", pairs)) if count]
    left += await _unanswered(site)
    return Outcome(not left, tuple(left), ended=not (waiting or pairs))


async def _all(site: Site, sweep: Sweep) -> None:
    desks = Desks((pin.host, pin.address) for pin in site.scope.pins)
    await site.journal.do(lambda state: desks.put_back(state.places(site.scan.id)))
    lanes, crowd, ready = Lanes(), Crowd(), False

    async def one(address: Address, port: int, lane: Lane) -> None:
        try:
            await visit(site, desks, address, port, lane.step_aside)
        finally:
            site.progress.waiting -= 1
            lane.leave()

    async def in_turn(address: Address, port: int, lane: Lane) -> None:
        await one(address, port, lane)
        while (further := crowd.next(address)) is not None and not site.stop.is_set():
            await one(address, further, await lanes.enter())

    async with asyncio.TaskGroup() as group:
        async for address, port in _open_ports(site, sweep):
            if site.stop.is_set():
                continue
            if not ready:
                await aside(_prepare, site)
            ready = True
            site.progress.waiting += 1
            if crowd.admits(address, port):
                group.create_task(in_turn(address, port, await lanes.enter()))


async def _open_ports(site: Site, sweep: Sweep) -> AsyncIterator[tuple[Address, int]]:
    """Each once: those that an earlier run has left, then those that are found."""
    done = await site.journal.do(lambda state: state.blocks(site.scan.id))
    begun = await site.journal.do(lambda state: state.unfinished_doors(site.scan.id))
    for one in begun:
        yield one
    known = frozenset(begun)
    async for one in Knocking(site, done, sweep).open_ports():
        if one not in known:
            yield one


def _prepare(site: Site) -> None:
    """What the first visit would make all others wait for."""
    site.net.prepare()
    site.knowledge.prepare_products()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _left(state: State, site: Site) -> tuple[int, int]:
    """Open ports not finished and pairs not tried; put down as gaps, in the place of those of an earlier run."""
    scan = site.scan.id
    waiting, pairs = len(state.unfinished_doors(scan)), pairs_left(site.scope, state.blocks(scan))
    state.drop_gaps(scan, Reason.INTERRUPTED)
    left = (("open ports not finished", waiting), ("pairs of address and port not tried", pairs))
    state.put_gaps(scan, [
        Gap(addresses="", ports="", probe="scan", reason=Reason.INTERRUPTED, detail=detail, count=count)
        for detail, count in left if count])
    return waiting, pairs


async def _unanswered(site: Site) -> list[str]:
    """What is incomplete although nothing is left to do."""
    scan = site.scan.id
    gaps = await site.journal.do(lambda state: state.gaps(scan))
    broken = sum(gap.count for gap in gaps if gap.reason is Reason.INTERNAL_ERROR)
    silent = await site.journal.do(lambda state: _silent(state, site))
    return [*([f"{broken} answers broke a probe"] if broken else []), *(f"{what} never answered" for what in silent)]


def _silent(state: State, site: Site) -> list[str]:
    """Named targets of which no address answered, masked."""
    named = list(_named(site.scope))
    answered = state.answered_addresses(site.scan.id, (address for _, at in named for address in at))
    return [mask_target(what) for what, at in named if answered.isdisjoint(at)]


def _named(scope: Scope) -> Iterator[tuple[str, list[str]]]:
    """The targets that were written as a name, URL or host:port, each with its addresses."""
    for number, target in enumerate(scope.targets):
        if target.named:
            pinned = (str(pin.address) for pin in scope.pins_of(number))
            yield target.what, [*pinned, *(str(span.first) for span in target.networks)]
