"""Host names to addresses, once, before anything is contacted. Asks the system's resolver and nobody else.

Names are asked for absolutely, so that no search domain turns a mistyped name into somebody else's host. "There is
no such name" and "nobody could tell" are two answers.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from scanner.model import Address

MOST = 64                                 # addresses kept of one name
WORKERS = 16
PATIENCE = 1.0                            # s after which a slow name waits on beside the others
THREADS = 128                             # lookups under way at once, those that nobody waits for any more included
STUCK = 60.0                              # s to wait for one of them to end
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
                  patience: float = PATIENCE, lookup: Lookup = look_up,
                  known: Mapping[str, tuple[Address, ...]] | None = None) -> Mapping[str, Resolved]:
    """Each host -> all its addresses, IPv4 first, at most `MOST`; or why there are none. Never raises for a name.

    `workers` names are asked for at once, and beside them those that are not answered within `patience`: slow names
    hold up no others. `timeout` is for one name, from when its turn comes, all attempts together. `known` stands for
    the hosts file.
    """
    book = _local() if known is None else dict(known)
    pool = _Pool(lookup)
    turns = asyncio.Semaphore(workers)

    async def one(host: str) -> Resolved:
        if host in book:
            return _sorted(book[host])
        async with _turn(turns, patience):
            return await _ask(pool, host, timeout, attempts)

    wanted = list(dict.fromkeys(hosts))
    try:
        return dict(zip(wanted, await asyncio.gather(*map(one, wanted)), strict=True))
    finally:
        pool.close()


@asynccontextmanager
async def _turn(turns: asyncio.Semaphore, patience: float) -> AsyncIterator[None]:
    """One of the turns, given up after `patience` seconds, or at the end."""
    await turns.acquire()
    held = [turns.release]

    def give_up() -> None:
        if held:
            held.pop()()

    timer = asyncio.get_running_loop().call_later(patience, give_up)
    try:
        yield
    finally:
        timer.cancel()
        give_up()


async def _ask(pool: _Pool, host: str, timeout: float, attempts: int) -> Resolved:
    detail = "too many names that nobody answers for"
    try:
        async with asyncio.timeout(STUCK):
            await pool.claim()
        detail = "no answer in time"
        async with asyncio.timeout(timeout):
            for attempt in range(attempts):
                if attempt:
                    await pool.claim()
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
    """Daemon threads, as many as are needed: a lookup that never returns holds up neither the scan nor its end.

    A thread is claimed before it is used, and free again when its lookup returns, whether anybody still waits or not.
    """

    def __init__(self, lookup: Lookup) -> None:
        self._jobs: SimpleQueue[tuple[str, asyncio.Future[list[str]]] | None] = SimpleQueue()
        self._lookup = lookup
        self._loop = asyncio.get_running_loop()
        self._free = asyncio.Semaphore(THREADS)
        self._busy = 0
        self._threads = 0

    async def claim(self) -> None:
        """Wait for a thread."""
        await self._free.acquire()
        self._busy += 1

    async def run(self, name: str) -> list[str]:
        """Look one name up in the thread that was claimed."""
        if self._threads < self._busy:
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
                self._loop.call_soon_threadsafe(self._hand, future, result)
            except RuntimeError:
                return                    # the loop has ended; nobody wants the answer

    def _hand(self, future: asyncio.Future[list[str]], result: Any) -> None:
        self._busy -= 1
        self._free.release()
        if future.done():
            return
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
