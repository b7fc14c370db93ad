"""What a stretch of the process does besides its work: connections, names asked for, errors that nobody caught, and
what it leaves behind: memory, descriptors, threads, tasks. It judges nothing.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

_EVERY = 0.02                            # seconds between two looks at the memory
_PAGE = os.sysconf("SC_PAGE_SIZE")
_BLOCK = 64                              # bytes of an object, about
_SETTLE = 100                            # looks until what is left is called a leak
_now: list[Watched] = []                 # whoever watches; an audit hook cannot be taken away again
_hooked = False


@dataclass(slots=True)
class Watched:
    """One stretch."""

    contacts: set[tuple[str, int]] = field(default_factory=set)      # every connect and sendto of this process
    names: set[str] = field(default_factory=set)                     # that the system's resolver was asked for
    uncaught: list[str] = field(default_factory=list)
    most: float = 0.0                                                # MiB more than before, at the worst moment
    before: dict[str, int] = field(default_factory=lambda: counts())
    held: float = field(default_factory=lambda: in_use())            # MiB in use before

    @property
    def kept(self) -> float:
        """MiB in use now that were not before; what stays in the caches of a process is part of it."""
        gc.collect()
        return in_use() - self.held

    @property
    def left(self) -> list[str]:
        """What is there now that was not before."""
        return [f"{count - self.before[what]} {what} more than before" for what, count in counts().items()
                if count > self.before[what]]


@contextmanager
def watched() -> Iterator[Watched]:
    """Watch what goes on inside. Within a running event loop; what is started inside should have ended at its end."""
    _hook()
    gc.collect()
    told, loop, unraisable = Watched(), asyncio.get_running_loop(), sys.unraisablehook
    handler = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: told.uncaught.append(_said(context)))
    sys.unraisablehook = lambda broken: told.uncaught.append(f"{broken.err_msg}: {broken.exc_value!r}")
    memory = asyncio.create_task(_memory(told))
    _now.append(told)
    try:
        yield told
    finally:
        _now.remove(told)
        memory.cancel()
        loop.set_exception_handler(handler)
        sys.unraisablehook = unraisable


async def settle(told: Watched) -> None:
    """Let connections, threads and tasks that were told to end do so."""
    for _ in range(_SETTLE):
        gc.collect()
        if not told.left:
            return
        await asyncio.sleep(0.02)


def counts() -> dict[str, int]:
    """What can be left behind: descriptors, threads but for those that the loop keeps, tasks."""
    workers = sum(thread.name.startswith("asyncio_") for thread in threading.enumerate())    # the loop keeps its pool
    tasks = sum("_memory" not in repr(task.get_coro()) for task in asyncio.all_tasks())
    return {"descriptors": _descriptors(), "threads": threading.active_count() - workers, "tasks": tasks}


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir()) if Path("/proc/self/fd").exists() else 0


def resident() -> float:
    """MiB of memory that this process holds; 0 where the system does not tell."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 2**20
    return 0.0


class _Malloc(ctypes.Structure):
    """`struct mallinfo2` of mallinfo(3)."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"))


def in_use() -> float:
    """MiB in objects and buffers, whatever the allocators hold in store; of objects alone where no one tells more."""
    told = 0
    with suppress(OSError, AttributeError):
        ask = ctypes.CDLL(None).mallinfo2
        ask.restype = _Malloc
        found = ask()
        told = found.uordblks + found.hblkhd
    return (told + sys.getallocatedblocks() * _BLOCK) / 2**20


async def _memory(told: Watched) -> None:
    before = resident()
    while True:
        told.most = max(told.most, resident() - before)
        await asyncio.sleep(_EVERY)


def _said(context: dict[str, Any]) -> str:
    return f"{context.get('message')}: {context.get('exception')!r}"


def _hook() -> None:
    global _hooked
    if not _hooked:
        sys.addaudithook(_heard)
        _hooked = True


def _heard(event: str, args: tuple[Any, ...]) -> None:
    if not _now or not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple):
        _now[-1].contacts.add((str(args[1][0]), int(args[1][1])))
    elif event == "socket.getaddrinfo" and args[0] is not None and not _literal(args[0]):
        _now[-1].names.add(str(args[0]))


def _literal(host: object) -> bool:
    try:
        ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True
