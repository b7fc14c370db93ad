"""The journal: the order of changes, their batches, what a waiter hears, and how it ends."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import contextmanager

import pytest

from scanner.errors import StateError
from scanner.scan.journal import Journal
from scanner.state import State


class Counting(State):
    """A state that counts its transactions, and can be told to fail or to wait."""

    def __init__(self) -> None:
        super().__init__(None)
        self.batches: list[int] = []
        self.written: list[int] = []
        self.fails: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()

    @contextmanager
    def transaction(self):
        self.gate.wait(10)
        before = len(self.written)
        with super().transaction():
            yield
            if len(self.batches) in self.fails:
                self.batches.append(0)
                raise sqlite3.OperationalError("database or disk is full")
        self.batches.append(len(self.written) - before)


def write(number: int):
    def work(state) -> int:
        state.written.append(number)
        return number * 2

    return work


async def test_changes_are_written_in_order_and_give_their_results():
    state = Counting()
    async with Journal(state) as journal:
        results = await asyncio.gather(*(journal.do(write(i)) for i in range(1000)))
    assert [i * 2 for i in range(1000)] == results
    assert list(range(1000)) == state.written


async def test_what_waits_together_goes_into_one_transaction_up_to_a_limit():
    state = Counting()
    state.gate.clear()
    async with Journal(state) as journal:
        waiting = [asyncio.ensure_future(journal.do(write(i))) for i in range(600)]
        await asyncio.sleep(0.05)
        state.gate.set()
        await asyncio.gather(*waiting)
    assert 600 == sum(state.batches)
    assert max(state.batches) == 256
    assert len(state.batches) <= 5


async def test_a_waiter_goes_on_only_when_its_change_is_on_disk():
    state = Counting()
    state.gate.clear()
    async with Journal(state) as journal:
        waiting = asyncio.ensure_future(journal.do(write(1)))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        state.gate.set()
        assert 2 == await waiting


async def test_a_full_disk_reaches_every_waiter_and_the_next_change_is_tried_again():
    state = Counting()
    state.fails = {0}
    state.gate.clear()
    async with Journal(state) as journal:
        waiting = [asyncio.ensure_future(journal.do(write(i))) for i in range(5)]
        await asyncio.sleep(0.05)
        state.gate.set()
        told = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(one, StateError) or one == i * 2 for i, one in enumerate(told))
        assert isinstance(told[0], StateError)
        assert 14 == await journal.do(write(7))


async def test_an_error_of_one_change_takes_its_batch_back_and_is_told():
    state = Counting()

    def wrong(state):
        raise KeyError("no such thing")

    async with Journal(state) as journal:
        with pytest.raises(KeyError):
            await journal.do(wrong)
        assert 2 == await journal.do(write(1))


async def test_closing_writes_what_is_queued():
    state = Counting()
    state.gate.clear()
    async with Journal(state) as journal:
        waiting = [asyncio.ensure_future(journal.do(write(i))) for i in range(10)]
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.05, state.gate.set)
    assert list(range(10)) == state.written
    assert [i * 2 for i in range(10)] == await asyncio.gather(*waiting)


async def test_a_waiter_that_is_cancelled_does_not_take_its_change_along():
    state = Counting()
    state.gate.clear()
    async with Journal(state) as journal:
        waiting = asyncio.ensure_future(journal.do(write(1)))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        state.gate.set()
        await journal.do(write(2))
    assert [1, 2] == state.written


async def test_nobody_waits_for_a_journal_that_has_ended():
    async with Journal(Counting()) as journal:
        pass
    with pytest.raises(StateError, match="has ended"):
        await asyncio.wait_for(journal.do(write(1)), 5)
