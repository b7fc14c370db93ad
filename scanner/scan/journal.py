"""The journal: the one writer of a scan's state, in a thread of its own, many small changes to a transaction.

It knows nothing of what it writes. Whoever awaits `do` goes on only when the change is on disk.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from scanner.errors import StateError
from scanner.state import State

T = TypeVar("T")
_BATCH = 256                             # changes in one transaction at most


@dataclass(slots=True)
class _Change:
    work: Callable[[State], Any]
    future: asyncio.Future[Any]
    result: Any = None


class Journal:
    """Serialises changes to a `State`. Use as an async context manager; it leaves the state open."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._changes: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    async def __aenter__(self) -> Journal:
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ended = True
        self._changes.put(None)
        await asyncio.to_thread(self._thread.join)

    async def do(self, work: Callable[[State], T]) -> T:
        """Run `work` in the next transaction; its result, once that is on disk. Raises StateError when it cannot be."""
        if self._ended:
            raise StateError("nothing can be kept: the journal of this scan has ended")
        change = _Change(work, self._loop.create_future())
        self._changes.put(change)
        done: T = await asyncio.shield(change.future)
        return done

    def _run(self) -> None:
        while True:
            changes, last = self._gather()
            if changes:
                self._commit(changes)
            if last:
                return

    def _gather(self) -> tuple[list[_Change], bool]:
        changes: list[_Change] = []
        item = self._changes.get()
        while item is not None:
            changes.append(item)
            if len(changes) >= _BATCH:
                return changes, False
            try:
                item = self._changes.get_nowait()
            except queue.Empty:
                return changes, False
        return changes, True

    def _commit(self, changes: list[_Change]) -> None:
        error: Exception | None = None
        try:
            with self._state.transaction():
                for change in changes:
                    change.result = change.work(self._state)
        except Exception as raised:  # noqa: BLE001  handed to whoever waits
            error = raised
        try:
            self._loop.call_soon_threadsafe(_settle, changes, error)
        except RuntimeError as closed:   # the loop ended first: nobody waits any more
            if error is not None:
                raise StateError(str(error)) from closed


def _settle(changes: list[_Change], error: Exception | None) -> None:
    for change in changes:
        if change.future.done():
            continue
        if error is None:
            change.future.set_result(change.result)
        else:
            change.future.set_exception(error)
            change.future.exception()    # seen, even where the waiter has gone
