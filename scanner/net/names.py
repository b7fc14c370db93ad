"""Host names to addresses, once, before anything is contacted. Asks the system's resolver and nobody else.

Names are asked for absolutely, so that no search domain turns a mistyped name into somebody else's host. "There is
no such name" and "nobody could tell" are two answers.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from scanner.model import Address

MOST = 64                                 # addresses kept of one name
WORKERS = 16
ATTEMPTS = 3                              # where the resolver could not tell
_DEFINITE = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME),
                       getattr(socket, "EAI_ADDRFAMILY", socket.EAI_NONAME)})
_HOSTS = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32/drivers/etc/hosts") if os.name == "nt" \
    else Path("/etc/hosts")

Lookup = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name without addresses."""

    host: str
    definite: bool                        # True: there is no such name. False: nobody could tell; it may exist
    detail: str


Resolved = tuple[Address, ...] | Unresolved


def look_up(absolute: str) -> list[str]:
    """Addresses of one absolute name, from the system. `socket.gaierror`. Blocks."""
    found = socket.getaddrinfo(absolute, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def read_hosts(text: str) -> dict[str, tuple[Address, ...]]:
    """A hosts file (hosts(5)): name -> addresses. The system's resolver does not find these by absolute name."""
    names: dict[str, tuple[Address, ...]] = {}
    for line in text.splitlines():
        address, *aliases = line.partition("#")[0].split() or [""]
        try:
            parsed = ip_address(address)
        except ValueError:
            continue
        for alias in aliases:
            known = names.get(alias.lower(), ())
            names[alias.lower()] = known if parsed in known else (*known, parsed)
    return names


async def resolve(hosts: Iterable[str], *, timeout: float = 10.0, attempts: int = ATTEMPTS, workers: int = WORKERS,
                  lookup: Lookup = look_up, known: Mapping[str, tuple[Address, ...]] | None = None,
                  ) -> Mapping[str, Resolved]:
    """Each host -> all its addresses, IPv4 first, at most `MOST`; or why there are none. Never raises for a name.

    `timeout` is for one name, from when its turn comes, all attempts together. `known` stands for the hosts file.
    """
    book = _local() if known is None else dict(known)
    pool = _Pool(workers, lookup)
    turns = asyncio.Semaphore(workers)

    async def one(host: str) -> Resolved:
        if host in book:
            return _sorted(book[host])
        async with turns:
            return await _ask(pool, host, timeout, attempts)

    wanted = list(dict.fromkeys(hosts))
    try:
        return dict(zip(wanted, await asyncio.gather(*map(one, wanted)), strict=True))
    finally:
        pool.close()


async def _ask(pool: _Pool, host: str, timeout: float, attempts: int) -> Resolved:
    detail = "no answer in time"
    try:
        async with asyncio.timeout(timeout):
            for attempt in range(attempts):
                try:
                    found = await pool.run(f"{host}.")
                except (OSError, UnicodeError) as error:
                    detail = getattr(error, "strerror", None) or str(error)
                    if isinstance(error, UnicodeError) or error.errno in _DEFINITE:
                        return Unresolved(host, definite=True, detail=detail)
                    await asyncio.sleep(min(1.0, 0.1 * 2**attempt))
                else:
                    return _kept(host, found)
    except TimeoutError:
        pass                              # the last thing heard says why
    return Unresolved(host, definite=False, detail=detail)


def _kept(host: str, found: list[str]) -> Resolved:
    addresses = []
    for text in found:
        try:
            addresses.append(ip_address(text.partition("%")[0]))
        except ValueError:
            continue                      # an address family that is neither
    return _sorted(addresses) if addresses else Unresolved(host, definite=True, detail="no address")


def _sorted(addresses: Iterable[Address]) -> tuple[Address, ...]:
    distinct = sorted(set(addresses), key=lambda address: (address.version, int(address)))
    return tuple(distinct[:MOST])


def _local() -> dict[str, tuple[Address, ...]]:
    loopback: dict[str, tuple[Address, ...]] = {
        "localhost": (ip_address("127.0.0.1"), ip_address("::1"))}               # RFC 6761 §6.3
    try:
        return loopback | read_hosts(_HOSTS.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return loopback


class _Pool:
    """A few daemon threads: a lookup that never returns holds up neither the scan nor its end."""

    def __init__(self, size: int, lookup: Lookup) -> None:
        self._jobs: SimpleQueue[tuple[str, asyncio.Future[list[str]]] | None] = SimpleQueue()
        self._lookup = lookup
        self._loop = asyncio.get_running_loop()
        self._size = size
        self._threads = 0

    async def run(self, name: str) -> list[str]:
        """Look one name up in a thread."""
        if self._threads < self._size:
            self._threads += 1
            Thread(target=self._work, name=f"resolve-{self._threads}", daemon=True).start()
        future: asyncio.Future[list[str]] = self._loop.create_future()
        self._jobs.put((name, future))
        return await future

    def close(self) -> None:
        """No more jobs: idle threads end now, busy ones when their lookup returns."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            name, future = job
            result: Any
            try:
                result = self._lookup(name)
            except Exception as error:  # noqa: BLE001 - it rises where the lookup was asked for
                result = error
            try:
                self._loop.call_soon_threadsafe(_hand, future, result)
            except RuntimeError:
                return                    # the loop has ended; nobody wants the answer


def _hand(future: asyncio.Future[list[str]], result: Any) -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
