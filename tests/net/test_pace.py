"""Rates, places and back-off."""

from __future__ import annotations

import asyncio
import time
from ipaddress import ip_address
from typing import Any

import pytest

from scanner.net.pace import Pace
from scanner.net.rate import Gate

A, B = ip_address("192.0.2.7"), ip_address("192.0.2.8")
V6 = ip_address("2001:db8::7")


async def take(pace: Pace, address, count: int) -> float:
    start = time.monotonic()

    async def one() -> None:
        async with pace.turn(address):
            pass
    await asyncio.gather(*(one() for _ in range(count)))
    return time.monotonic() - start


async def test_the_rate_of_the_scan_is_kept_in_short_slices() -> None:
    gate, passed, start = Gate(200, 0.1), [], time.monotonic()

    async def one() -> None:
        await gate.passage()
        passed.append(time.monotonic() - start)
    await asyncio.gather(*(one() for _ in range(120)))
    assert 0.45 <= passed[-1] <= 12
    assert max(sum(at <= when < at + 0.09 for when in passed) for at in passed) <= 40


async def test_all_that_may_go_are_let_go_at_once_however_busy_the_loop_is() -> None:
    gate, turn, passed = Gate(1_000, 0.1), 0, list[int]()

    async def one() -> None:
        await gate.passage()
        passed.append(turn)
    waiting = asyncio.gather(*(one() for _ in range(200)))
    while not waiting.done():
        turn += 1
        await asyncio.sleep(0)
    assert (200, True) == (len(passed), len(set(passed[101:])) < 50)    # one in each turn of the loop would be 99


async def test_who_goes_away_while_waiting_keeps_nobody_from_passing() -> None:
    gate, passed = Gate(50, 0.1), list[int]()

    async def one(number: int) -> None:
        await gate.passage()
        passed.append(number)
    tasks = [asyncio.create_task(one(number)) for number in range(20)]
    await asyncio.sleep(0.05)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.wait(tasks)
    assert set(range(1, 20, 2)) <= set(passed)
    assert sorted(passed) == passed
    await asyncio.wait_for(gate.passage(), 5)


async def test_a_host_is_asked_evenly() -> None:
    assert 0.18 <= await take(Pace(1e6, 20, 100, 100), A, 5) <= 6


async def test_the_rate_holds_over_connections_one_after_another() -> None:
    pace, start = Pace(1e6, 20, 100, 100), time.monotonic()
    for _ in range(5):
        await take(pace, A, 1)
    assert time.monotonic() - start >= 0.18


async def test_a_slow_host_holds_up_no_other() -> None:
    pace = Pace(1e6, 4, 2, 1)
    slow = asyncio.create_task(take(pace, A, 80))
    await asyncio.sleep(0.01)
    assert await take(pace, B, 1) < 10
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow


async def test_places_are_limited_for_each_host_and_for_all() -> None:
    pace = Pace(1e6, 1e6, 3, 2)
    held = [pace.turn(A), pace.turn(A), pace.turn(B)]
    for turn in held:
        await turn.take()
    for address in (A, B, V6):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await pace.turn(address).take()
    held[0].release()
    held[0].release()
    async with asyncio.timeout(10), pace.turn(A):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await pace.turn(V6).take()
    for turn in held:
        turn.release()
    assert await take(pace, V6, 3) < 10


async def test_who_waits_wakes_only_for_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    pace, alarms = Pace(1e6, 1, 2000, 2000), 0
    loop = asyncio.get_running_loop()
    call_at = loop.call_at

    def counted(*what: Any, **more: Any) -> Any:
        nonlocal alarms
        alarms += 1
        return call_at(*what, **more)

    await take(pace, A, 1)
    monkeypatch.setattr(loop, "call_at", counted)
    waiting = asyncio.gather(*(pace.turn(A).take() for _ in range(2000)))
    await asyncio.sleep(0.5)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert alarms < 100, alarms


async def test_hosts_are_forgotten_but_not_at_once() -> None:
    pace = Pace(1e6, 1e6, 100, 2)
    pace._kept = 1.5
    for last in range(100):
        await take(pace, ip_address(f"198.51.100.{last}"), 1)
    assert len(pace) == 100
    await asyncio.sleep(1.6)
    await take(pace, A, 1)
    assert len(pace) == 1


async def test_a_host_that_is_held_back_is_not_forgotten() -> None:
    pace = Pace(1e6, 1e6, 100, 2)
    pace._kept = 0.01
    pace.slow_down(A, 30)
    await asyncio.sleep(0.02)
    await take(pace, B, 1)
    assert 29 < pace.backoff(A) <= 30


@pytest.mark.parametrize(("asked", "expected"), [
    ([None], 1), ([None, None], 2), ([None] * 4, 8), ([None] * 20, 60), ([9999999], 60),
    ([-1], 1), ([5], 5), ([0], 0.1)])
async def test_back_off_doubles_and_is_capped(asked, expected) -> None:
    pace = Pace(1e6, 1e6, 100, 2)
    for seconds in asked:
        taken = pace.slow_down(A, seconds)
        pace._hosts[int(A)].not_before = 0.0                    # it has been waited for
    assert expected == taken
    assert (len(asked), 0.0) == (pace.slowed, pace.backoff(B))


async def test_refusals_of_what_was_asked_at_once_count_once() -> None:
    pace = Pace(1e6, 1e6, 100, 6)
    waits = [pace.slow_down(A) for _ in range(6)]
    assert all(0.9 < wait <= 1.0 for wait in waits)
    assert pace.slow_down(A, 5) == 5                             # but a longer wait that the server names is taken


async def test_a_host_that_objects_is_asked_half_as_often_and_wins_trust_again() -> None:
    pace = Pace(1e6, 50, 100, 6)
    pace.slow_down(A, 0.1)
    host = pace._hosts[int(A)]
    assert host.rate == 10
    for _ in range(40):
        pace.well(A)
    assert host.rate == 15
    for _ in range(400):
        pace.well(A)
    assert host.rate == 50


async def test_back_off_is_waited_for_and_a_good_answer_ends_its_growth() -> None:
    pace = Pace(1e6, 1e6, 100, 2)
    pace.slow_down(A, 0.2)
    assert await take(pace, A, 1) >= 0.19
    pace.well(A)
    assert pace.slow_down(A) == 1.0


async def test_a_cancelled_wait_leaves_no_place_taken() -> None:
    pace = Pace(1e6, 1e6, 1, 1)
    pace.slow_down(A, 30)
    task = asyncio.create_task(take(pace, A, 1))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await take(pace, B, 3) < 10
    assert pace._hosts[int(A)].users == 0


@pytest.mark.parametrize("rate", [0, -1])
def test_no_rate_is_no_rate(rate) -> None:
    with pytest.raises(ValueError):
        Pace(rate, 1, 1, 1)
    with pytest.raises(ValueError):
        Pace(1, rate, 1, 1)
