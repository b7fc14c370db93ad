"""A visit: one open port, asked by every name it has, by its address, and by the names in its certificate.

A probe's errors end here or in `answer`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from scanner.errors import EarshotError, LocalFault, NetError
from scanner.filenames import mask
from scanner.model import Address, Endpoint, Gap, Reason
from scanner.net.dial import PRINTERS
from scanner.probes import Door, Http
from scanner.report.show import show
from scanner.scan import certified
from scanner.scan.crawl import Crawl
from scanner.scan.desk import Desks
from scanner.scan.doubts import masked
from scanner.scan.opening import at_home, opened
from scanner.scan.site import Site
from scanner.state import DoorRow, State

_DETAIL = 200                            # characters of what went wrong


async def visit(site: Site, desks: Desks, address: Address, port: int, silent: Callable[[], None] = lambda: None
                ) -> None:
    """Ask one open port; `silent` is told where it keeps waiting. Raises LocalFault when this machine cannot go on."""
    tls = site.scope.tls_at(address, port)
    hint = site.scope.scheme_at(address, port)
    hosts: list[str | None] = [*site.scope.hosts_at(address), None]
    hosts += await _kept(site, address, port, hosts)
    for host in hosts:                   # certificates add to it
        if not await site.may_go_on():
            return
        if site.scope.only_buckets(address, port, host) and not site.scope.paths_at(address, port, host):
            await _pass_by(site, Endpoint(address=address, port=port, host=host))
            continue
        there = Endpoint(address=address, port=port, host=host, tls=tls, hint=hint)
        tls, names, web = await _one_name(site, desks, there, silent)
        if not web:                      # what other protocols show does not hang on the name
            await _no_other(site, there)
            return
        hosts += [name for name in names if name not in hosts]


async def _no_other(site: Site, asked: Endpoint) -> None:
    """Names that this port was not asked by are done: there is nothing to ask them for."""
    def work(state: State) -> None:
        for row in state.doors_at(site.scan.id, asked.address, asked.port):
            if row.stage == "new" and row.endpoint.host != asked.host:
                state.stage(row.id, "done")

    await site.journal.do(work)


async def _kept(site: Site, address: Address, port: int, hosts: Sequence[str | None]) -> list[str]:
    """Names that an earlier run read in a certificate. One that the scope allows no longer is given up."""
    rows = await site.journal.do(lambda state: state.doors_at(site.scan.id, address, port))
    known = [(row, row.endpoint.host) for row in rows if row.endpoint.host not in hosts]
    for row, host in known:
        if row.stage != "done" and host is not None and not site.scope.decide_host(host).allowed:
            await _give_up(site, row, Reason.EXCLUDED, "the scope does not allow this name any more")
    return [host for _, host in known if host is not None and site.scope.decide_host(host).allowed]


async def _one_name(site: Site, desks: Desks, endpoint: Endpoint, silent: Callable[[], None]
                    ) -> tuple[bool | None, list[str], bool]:
    """Ask by one name; whether TLS is spoken there, where that is known, further names to ask by, whether they matter.
    """
    row = await site.journal.do(lambda state: state.door(site.scan.id, endpoint))
    if row.stage == "done":
        return row.endpoint.tls, [], row.protocol in ("", Http.name)
    async with AsyncExitStack() as stack:
        door = await _opened(site, row, stack, silent)
        if door is None:
            return None, [], at_home(endpoint).name == Http.name
        site.progress.doors += 1
        names = await certified.keep(site, endpoint, await door.look()) if door.web else []
        await Crawl(site, desks.at(endpoint.address), replace(row, endpoint=door.endpoint), door).run()
        return door.endpoint.tls, names, door.web


async def _opened(site: Site, row: DoorRow, stack: AsyncExitStack, silent: Callable[[], None]) -> Door | None:
    """The door; None where there is none, which is then on disk with its reason."""
    there = row.endpoint
    if there.port in PRINTERS and there.hint is None:
        await _give_up(site, row, Reason.NOT_TRIED, "a port of printers, which print whatever they are sent")
        return None
    try:
        return await opened(site, there, stack, silent)
    except LocalFault:
        raise
    except NetError as error:
        reason, detail = error.reason, str(error)
    except EarshotError:
        raise
    except Exception as error:  # noqa: BLE001  a probe that breaks must not end the scan
        site.watcher.warn(f"{there.authority}: the probe broke: {mask(repr(error))}")
        reason, detail = Reason.INTERNAL_ERROR, f"{type(error).__name__}: {error}"
    await _give_up(site, row, *masked(reason, show(detail, _DETAIL)))
    return None


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
    gap = Gap(addresses=where, ports=str(there.port), probe=at_home(there).name, reason=reason, detail=detail)

    def work(state: State) -> None:
        for store in state.stores_of(row.id):
            if state.drop_asks(row.id, store.root):
                cut_by = store.census.cut_by | {reason.value}
                state.put_store(replace(store, census=replace(store.census, cut_by=cut_by)))
        state.drop_asks(row.id)
        state.put_gap(site.scan.id, gap)
        state.stage(row.id, "done")

    await site.journal.do(work)
