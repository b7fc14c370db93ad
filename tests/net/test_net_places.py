"""Places: several together or none, in the order of asking, and nothing lost to who gave up waiting."""

from __future__ import annotations

import asyncio

from scanner.net.places import Places


async def test_two_who_need_two_each_never_wait_for_each_other() -> None:
    places = Places(2)
    done = []

    async def work(name: str) -> None:
        held = await places.take(2)
        await asyncio.sleep(0)
        done.append(name)
        places.give(held)

    await asyncio.gather(*(work(name) for name in "abcd"))
    assert done == ["a", "b", "c", "d"]


async def test_more_than_there_are_is_all_there_are() -> None:
    places = Places(1)
    assert await places.take(2) == 1
    places.give(1)
    assert await places.take() == 1


async def test_who_needs_one_does_not_overtake_who_waits_for_two() -> None:
    places = Places(2)
    await places.take()
    pair = asyncio.create_task(places.take(2))
    await asyncio.sleep(0)
    single = asyncio.create_task(places.take())
    await asyncio.sleep(0)
    assert not single.done()
    places.give(1)
    assert await pair == 2
    assert not single.done()
    places.give(2)
    assert await single == 1


async def test_who_gives_up_waiting_takes_nothing_along() -> None:
    places = Places(1)
    await places.take()
    waiting = [asyncio.create_task(places.take()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    places.give(1)
    waiting[1].cancel()                  # its place was given to it already
    await asyncio.gather(*waiting, return_exceptions=True)
    assert [task.cancelled() for task in waiting] == [True, True, False]
    places.give(1)
    assert await asyncio.wait_for(places.take(), 1) == 1
