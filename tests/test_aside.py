"""Work that takes long leaves the event loop to others: in portions, or beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from scanner.aside import PORTION, Breath, Portions, aside


class Clock:
    """A thread's time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def turns_during(work: Callable[[], object]) -> int:
    """How often others have their turn until `work` is done."""
    count, done = 0, asyncio.ensure_future(work())
    while not done.done():
        count += 1
        await asyncio.sleep(0)
    return count


async def test_work_aside_is_done_in_another_thread_and_gives_its_result_or_error() -> None:
    here = threading.get_ident()
    assert here != await aside(threading.get_ident)
    assert 5 == (await aside(divmod, 17, 3))[0]
    with pytest.raises(ZeroDivisionError):
        await aside(divmod, 1, 0)


async def test_one_piece_at_a_time_is_done_aside() -> None:
    most = now = 0

    def work() -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        waiting.wait(0.05)
        now -= 1

    waiting = threading.Event()
    await asyncio.gather(*(aside(work) for _ in range(4)))
    assert (1, 0) == (most, now)


async def test_a_worker_draws_breath_once_a_portion_and_not_before() -> None:
    clock = Clock()

    async def work(each: float) -> None:
        breath = Breath(clock)
        for _ in range(8):
            clock.now += each
            await breath.take()

    assert 1 == await turns_during(lambda: work(PORTION / 9))
    assert await turns_during(lambda: work(PORTION * 2)) > 8


async def test_of_several_that_have_much_to_do_one_goes_on_in_a_turn_of_the_loop() -> None:
    clock, done = Clock(), [0]

    async def work() -> None:
        breath = Breath(clock)
        for _ in range(5):
            clock.now += 2 * PORTION
            done[-1] += 1
            await breath.take()

    workers = [asyncio.ensure_future(work()) for _ in range(6)]
    while not all(worker.done() for worker in workers):
        done.append(0)
        await asyncio.sleep(0)
    begun, *later = [count for count in done if count]
    assert (6, 30) == (begun, begun + sum(later))    # all begin at once; from there on one after the other
    assert set(later) == {1}


@pytest.mark.parametrize(("each", "grows"), [(PORTION / 1e6, True), (PORTION, False)])
def test_portions_become_as_large_as_their_time_allows(each: float, grows: bool) -> None:
    clock = Clock()
    portions = Portions(16, clock)
    for _ in range(20):
        portions.begin()
        clock.now += each * portions.size
        portions.end()
    assert grows == (portions.size > 1000)
    assert grows or portions.size == 1
