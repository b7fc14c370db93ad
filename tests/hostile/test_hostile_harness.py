"""The harness itself: what a course leaves behind, or does where nobody should, is a complaint."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable

import pytest

from tests.hostile import watched
from tests.hostile.behaviour import Behaviour
from tests.hostile.harness import KEPT, run

_left: list[object] = []


async def _memory() -> set[str]:
    _left.append(bytearray((KEPT + 1) * 2**20))
    return set()


async def _objects() -> set[str]:
    _left.append([[number] for number in range(KEPT * 2**20 // 100)])
    return set()


async def _descriptor() -> set[str]:
    _left.append(socket.socket())
    return set()


async def _task() -> set[str]:
    _left.append(asyncio.create_task(asyncio.sleep(60)))
    return set()


async def _thread() -> set[str]:
    ended = threading.Event()
    threading.Thread(target=ended.wait, daemon=True).start()
    _left.append(ended)
    return set()


async def _uncaught() -> set[str]:
    asyncio.get_running_loop().call_soon(lambda: 1 // 0)
    await asyncio.sleep(0)
    return set()


async def _otherwise() -> set[str]:
    return {"timeout"}


async def _nothing() -> set[str]:
    return set()


@pytest.mark.parametrize(("play", "told"), [
    (_memory, "MiB still in use"), (_objects, "MiB still in use"), (_descriptor, "1 descriptors more"),
    (_task, "1 tasks more"), (_thread, "1 threads more"), (_uncaught, "ZeroDivisionError"),
    (_otherwise, "['timeout'] instead of []"), (_nothing, ""),
])
async def test_what_is_left_behind_is_a_complaint(play: Callable[[], Awaitable[set[str]]], told: str,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "_SETTLE", 3)
    try:
        outcome = await run(Behaviour("H-00", "a course of the test", frozenset(), play=play))
    finally:
        _let_go()
    assert [told] * bool(told) == [told for complaint in outcome.complaints if told in complaint][:1], outcome.told
    assert bool(outcome.complaints) == bool(told)


def _let_go() -> None:
    for one in _left:
        for end in ("close", "cancel", "set"):
            getattr(one, end, lambda: None)()
    _left.clear()
