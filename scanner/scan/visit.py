"""A visit: one open port, asked by every name it has, by its address, and by the names in its certificate.

A probe's errors end here or in `answer`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from scanner.errors import DeadlineError, EarshotError, LocalFault, NetError
from scanner.model import Address, Ask, Asked, Endpoint, Gap, Reason
from scanner.probes import PROBES, Door, Probe
from scanner.report.show import show
from scanner.scan import certified
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
_IN_VAIN = 2                             # requests of a first contact that failed: with TLS and without
_DETAIL = 200                            # characters of what went wrong


async def visit(site: Site, desks: Desks, address: Address, port: int) -> None:
    """Ask one open port. Raises LocalFault when this machine cannot go on."""
    tls: bool | None = None
    hosts: list[str | None] = [*site.scope.hosts_at(address), None]
    hosts += await _kept(site, address, port, hosts)
    for host in hosts:                   # certificates add to it
        if not await site.may_go_on():
            return
        if site.scope.only_buckets(address, port, host) and not site.scope.paths_at(address, port, host):
            await _pass_by(site, Endpoint(address=address, port=port, host=host))
            continue
        tls, names = await _one_name(site, desks, Endpoint(address=address, port=port, host=host, tls=tls))
        hosts += [name for name in names if name not in hosts]


async def _kept(site: Site, address: Address, port: int, hosts: Sequence[str | None]) -> list[str]:
    """Names that an earlier run read in a certificate. One that the scope allows no longer is given up."""
    rows = await site.journal.do(lambda state: state.doors_at(site.scan.id, address, port))
    known = [(row, row.endpoint.host) for row in rows if row.endpoint.host not in hosts]
    for row, host in known:
        if row.stage != "done" and host is not None and not site.scope.decide_host(host).allowed:
            await _give_up(site, row, Reason.EXCLUDED, "the scope does not allow this name any more")
    return [host for _, host in known if host is not None and site.scope.decide_host(host).allowed]


async def _one_name(site: Site, desks: Desks, endpoint: Endpoint) -> tuple[bool | None, list[str]]:
    """Ask by one name; whether TLS is spoken there, where that is known, and further names to ask by."""
    row = await site.journal.do(lambda state: state.door(site.scan.id, endpoint))
    if row.stage == "done":
        return row.endpoint.tls, []
    async with AsyncExitStack() as stack:
        door = await _opened(site, row, stack)
        if door is None:
            return None, []
        site.progress.doors += 1
        names = await certified.keep(site, endpoint, await door.look())
        await Crawl(site, desks.at(endpoint.address), replace(row, endpoint=door.endpoint), door).run()
        return door.endpoint.tls, names


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
    probe, only = _probe(there), _only(site, there)

    async def once() -> Door:
        return await stack.enter_async_context(probe.open(there, site.net, only))

    try:
        return await patiently(site, once)
    except NetError as error:
        if error.reason not in _AGAIN or not await site.may_go_on():
            raise
    await asyncio.sleep(_AGAIN_AFTER)
    door = await patiently(site, once)
    door.looks += _IN_VAIN
    return door


def _only(site: Site, there: Endpoint) -> Ask | None:
    """The first of what is written, where nothing else may be asked for."""
    if not site.scope.only_buckets(there.address, there.port, there.host):
        return None
    path, way = site.scope.paths_at(there.address, there.port, there.host)[0]
    return Ask(path, Asked.TARGET, way=way)


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


async def _pass_by(site: Site, there: Endpoint) -> None:
    """Nothing may be asked for here: the door is done. A name of a cloud's store without a bucket is told."""
    gap = Gap(addresses=there.host or "", ports=str(there.port), probe="http", reason=Reason.NOT_TRIED,
              detail="an object store of a public cloud: write the buckets, such as s3://bucket@host")

    def work(state: State) -> None:
        if there.host is not None:
            state.put_gap(site.scan.id, gap)
        state.stage(state.door(site.scan.id, there).id, "done")

    await site.journal.do(work)


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
