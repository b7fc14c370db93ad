"""Open ports that keep silent do not hold up those that answer."""

from __future__ import annotations

import asyncio

from scanner.scan.lanes import QUICK, SLOW, Lane, Lanes


def enters(lanes: Lanes) -> bool:
    return not lanes.quick.locked()


async def full() -> tuple[Lanes, list[Lane]]:
    lanes = Lanes()
    return lanes, [await lanes.enter() for _ in range(QUICK)]


async def test_who_keeps_silent_makes_room_for_another() -> None:
    lanes, inside = await full()
    assert not enters(lanes)
    inside[0].step_aside()
    inside[0].step_aside()                   # said twice, it makes room once
    assert enters(lanes)
    inside.append(await asyncio.wait_for(lanes.enter(), 2))
    assert not enters(lanes)


async def test_all_places_are_free_again_whichever_lane_was_left() -> None:
    lanes, inside = await full()
    for lane in inside[::2]:
        lane.step_aside()
    for lane in inside:
        lane.leave()
    again = [await asyncio.wait_for(lanes.enter(), 2) for _ in range(QUICK)]
    assert (QUICK, False, 0) == (len(again), enters(lanes), lanes.beside)


async def test_the_silent_are_bounded_too() -> None:
    lanes = Lanes()
    for _ in range(SLOW):
        (await lanes.enter()).step_aside()
    inside = [await lanes.enter() for _ in range(QUICK)]
    inside[0].step_aside()
    assert (SLOW, False) == (lanes.beside, enters(lanes))
