"""One client's first looks: `python -m tests.bench.looking httpx|ours PORT HOSTS AT_ONCE`. Prints one line of JSON."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date
from ipaddress import IPv4Address

WORDS = b"Index of"
Look = Callable[[IPv4Address], Awaitable[bool]]


def hosts(count: int) -> Iterator[IPv4Address]:
    """The same addresses as epoll_client.c: 127.1.0.1 and on, 250 to a network."""
    for i in range(count):
        yield IPv4Address(127 << 24 | (1 + i // 62500) << 16 | (i // 250 % 250) << 8 | (1 + i % 250))


async def in_turn(look: Look, wanted: Iterable[IPv4Address], at_once: int) -> list[str]:
    """Look at all, so many at once; gives the hosts whose answer did not come whole."""
    lost: list[str] = []
    left = iter(wanted)

    async def worker() -> None:
        lost.extend([str(host) for host in left if not await look(host)])

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return lost


async def with_httpx(port: int, wanted: Iterable[IPv4Address], at_once: int) -> list[str]:
    """A shared client as its documentation has it, pool as large as needed, connections not kept."""
    import httpx

    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits, trust_env=False, verify=False, timeout=20) as client:
        async def look(host: IPv4Address) -> bool:
            try:
                answer = await client.get(f"http://{host}:{port}/")
            except httpx.HTTPError:
                return False
            return answer.status_code == 200 and WORDS in answer.content

        return await in_turn(look, wanted, at_once)


async def with_ours(port: int, wanted: Iterable[IPv4Address], at_once: int) -> list[str]:
    """Everything on that a scan has: scope, small buffers, gates, budgets, rate, account."""
    from scanner.errors import NetError
    from scanner.model import Endpoint
    from scanner.net import Ledger, Limits, Net, Pace, Verb
    from scanner.scope import build
    from scanner.targets import parse

    scope = build(targets=[parse("127.0.0.0/8", where="bench")], ports=(port,), today=date(2026, 1, 1))
    net = Net(scope, pace=Pace(100_000, 1_000, at_once, 16), ledger=Ledger(), limits=Limits(), identity="a@example.org")

    async def look(host: IPv4Address) -> bool:
        try:
            async with net.fetch(Endpoint(address=host, port=port, tls=False), Verb.GET, "/") as answer:
                page = b"".join([chunk async for chunk in answer.chunks()])
        except NetError:
            return False
        return answer.status == 200 and WORDS in page

    return await in_turn(look, wanted, at_once)


def main(name: str, port: int, count: int, at_once: int) -> None:
    """Measures one client, imports left out."""
    import httpx  # noqa: F401

    import scanner.net
    import scanner.scope
    import scanner.targets  # noqa: F401

    runner = asyncio.Runner()
    if name == "ours":
        try:
            import uvloop
        except ImportError:
            pass
        else:
            runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    with runner:
        gc.collect()
        if name == "ours":                       # as a scan does before it begins
            gc.freeze()
            gc.set_threshold(50_000)
        wall, cpu = time.perf_counter(), time.process_time()
        lost = runner.run({"httpx": with_httpx, "ours": with_ours}[name](port, hosts(count), at_once))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"seconds": wall, "cpu": cpu, "lost": lost}))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
