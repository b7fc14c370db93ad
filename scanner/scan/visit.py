"""A visit: one open port, asked by every name it has and by its address. A probe's errors end here or in `answer`."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

from scanner.errors import DeadlineError, EarshotError, LocalFault, NetError
from scanner.model import Address, Endpoint, Gap, Reason
from scanner.probes import PROBES, Door, Probe
from scanner.report.show import show
from scanner.scan.crawl import Crawl
from scanner.scan.desk import Desks
from scanner.scan.patience import patiently
from scanner.scan.site import Site
from scanner.state import DoorRow, State

SPEAKS_FIRST = frozenset({21, 22, 110, 139, 143, 445, 111, 873, 990, 993, 995, 2049, 2121})   # at home: no HTTP
_HELLO_BYTES = 128
_HELLO_SECONDS = 2.0
_AGAIN = (Reason.RESET, Reason.TIMEOUT)  # at the first contact: worth a second one
_AGAIN_AFTER = 1.0                       # seconds
_DETAIL = 200                            # characters of what went wrong


async def visit(site: Site, desks: Desks, address: Address, port: int) -> None:
    """Ask one open port. Raises LocalFault when this machine cannot go on."""
    tls: bool | None = None
    for host in (*site.scope.hosts_at(address), None):
        if not await site.may_go_on():
            return
        tls = await _one_name(site, desks, Endpoint(address=address, port=port, host=host, tls=tls))


async def _one_name(site: Site, desks: Desks, endpoint: Endpoint) -> bool | None:
    """Ask by one name; whether TLS is spoken there, where that is known."""
    row = await site.journal.do(lambda state: state.door(site.scan.id, endpoint))
    if row.stage == "done":
        return row.endpoint.tls
    async with AsyncExitStack() as stack:
        door = await _opened(site, row, stack)
        if door is None:
            return None
        site.progress.doors += 1
        await Crawl(site, desks.at(endpoint.address), replace(row, endpoint=door.endpoint), door).run()
        return door.endpoint.tls


async def _opened(site: Site, row: DoorRow, stack: AsyncExitStack) -> Door | None:
    """The door; None where there is none, which is then on disk with its reason."""
    there = row.endpoint
    try:
        hello = await patiently(site, lambda: _hello(site, there)) if there.port in SPEAKS_FIRST else ""
        if not hello:
            return await _open(site, there, stack)
        reason, detail = Reason.NOT_TRIED, f"speaks first: {hello}"
    except LocalFault:
        raise
    except NetError as error:
        reason, detail = error.reason, str(error)
    except EarshotError:
        raise
    except Exception as error:  # noqa: BLE001  a probe that breaks must not end the scan
        site.watcher.warn(f"{there.authority}: the probe broke: {error!r}")
        reason, detail = Reason.INTERNAL_ERROR, f"{type(error).__name__}: {error}"
    await _give_up(site, row, reason, show(detail, _DETAIL))
    return None


async def _open(site: Site, there: Endpoint, stack: AsyncExitStack) -> Door:
    probe = _probe(there)

    async def once() -> Door:
        return await stack.enter_async_context(probe.open(there, site.net))

    try:
        return await patiently(site, once)
    except NetError as error:
        if error.reason not in _AGAIN or not await site.may_go_on():
            raise
    await asyncio.sleep(_AGAIN_AFTER)
    return await patiently(site, once)


def _probe(endpoint: Endpoint) -> Probe:
    """The probe that is at home here; else the one that takes any port."""
    return next((probe for probe in PROBES if probe.wants(endpoint)), PROBES[0])


async def _hello(site: Site, endpoint: Endpoint) -> str:
    """What a server says unasked, in printable form; empty when it waits for us."""
    stream = await site.net.connect(replace(endpoint, tls=None))
    try:
        async with asyncio.timeout(_HELLO_SECONDS):
            return show((await stream.read(_HELLO_BYTES)).decode(errors="replace").strip(), 100)
    except (TimeoutError, DeadlineError):
        return ""
    finally:
        stream.abort()


async def _give_up(site: Site, row: DoorRow, reason: Reason, detail: str) -> None:
    """The door is done: what is left of it is not known, and what was counted of its stores is "at least"."""
    there = row.endpoint
    where = there.host or str(there.address)
    gap = Gap(addresses=where, ports=str(there.port), probe="http", reason=reason, detail=detail)

    def work(state: State) -> None:
        for store in state.stores_of(row.id):
            if state.drop_asks(row.id, store.root):
                cut_by = store.census.cut_by | {reason.value}
                state.put_store(replace(store, census=replace(store.census, cut_by=cut_by)))
        state.drop_asks(row.id)
        state.put_gap(site.scan.id, gap)
        state.stage(row.id, "done")

    await site.journal.do(work)
