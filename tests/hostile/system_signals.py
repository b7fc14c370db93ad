"""A program that is told to end, or is ended, or is not alone: signals, kills, a second scan on the same state."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.cli.program import Ended
from tests.hostile.behaviour import Behaviour
from tests.hostile.system_course import ALL_FOUND, BUDGET, Course, course
from tests.kill.runs import nursery
from tests.kill.table import killed
from tests.kill.worlds import web

GOES_ON, REFUSED = "says how to go on", "the second is refused by the name of the state"


def begin(one: Course, answers: int = 4, **env: str) -> subprocess.Popen[bytes]:
    """A scan that has had some answers, and waits for others."""
    running = one.place.begin(*one.words(), **env)
    deadline = time.monotonic() + 60
    while len(one.store.paths) < answers and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    return running


def end(running: subprocess.Popen[bytes]) -> Ended:
    """Its end."""
    out, err = running.communicate(timeout=60)
    return Ended(running.returncode, out.decode(), err.decode())


@course("X-04", "SIGINT once, then the same command again", "exit 130", GOES_ON, "exit 0", ALL_FOUND, delay=0.1)
def interrupted_once(one: Course) -> Iterator[str]:
    running = begin(one)
    running.send_signal(signal.SIGINT)
    ended = end(running)
    yield f"exit {ended.code}"
    yield GOES_ON if "to go on: " in ended.err and "Traceback" not in ended.err else ended.err
    yield from one.told(one.scan())


@course("X-04", "SIGINT twice while a server hangs, then the same command again", "exit 130", GOES_ON, "exit 0",
        ALL_FOUND, delay=0.1)
def interrupted_twice(one: Course) -> Iterator[str]:
    running = begin(one)
    one.store.delay = 60
    running.send_signal(signal.SIGINT)
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    ended = end(running)
    one.store.delay = 0
    yield f"exit {ended.code}"
    yield GOES_ON if "to go on: " in ended.err and "Traceback" not in ended.err else ended.err
    yield from one.told(one.scan())


@course("X-13", "two scans on one state", "exit 2", REFUSED, "exit 0", ALL_FOUND, delay=0.1)
def second_scan(one: Course) -> Iterator[str]:
    running = begin(one)
    running.send_signal(signal.SIGSTOP)                      # it is there for as long as the second takes
    second = one.place.run("scan", one.store.door, "--state", "s.sqlite", "-o", "r2.json")
    running.send_signal(signal.SIGCONT)
    yield f"exit {second.code}"
    yield REFUSED if "s.sqlite: another scan uses this state" in second.err.splitlines()[0] else second.err
    yield from one.told(end(running))


async def _kills() -> list[str]:
    async with nursery() as begin_forked:
        with tempfile.TemporaryDirectory(prefix="kill-") as folder:
            total = await killed("http", web((2018,)), begin_forked, Path(folder), kills=5, a_life=5, seed=12)
    return [*total.wrong, "0 lost", "0 twice"]


killed_and_gone_on = Behaviour("X-03", "SIGKILL in five states of a scan, each time the same command again",
                               frozenset({"0 lost", "0 twice"}), play=_kills, seconds=BUDGET)

BEHAVIOURS = [killed_and_gone_on, interrupted_once, interrupted_twice, second_scan]
