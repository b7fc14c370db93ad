"""Overload, small: the judge of the long form, and proof that it sees what is wrong."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.soak import judge
from tests.soak.fleet import Fleet, Kind
from tests.soak.judge import Seen
from tests.soak.place import Place
from tests.soak.steps import LIMIT, Step, Steps, Stolen, Watch, loop, named
from tests.soak.watched import Sample

FLEET, AT = Fleet(60, 500, 40), Place(130, 20_000)


CUT_OFF = FLEET.numbers(Kind.RESET)[0]       # so soon that it counts as closed: nothing is asked there


def sample(at: float, rss: float = 100.0) -> Sample:
    return Sample(at=at, cpu=at, rss=rss, sockets=20, contacts=int(at), findings=1, knocked=1, waiting=20,
                  longest=0.0, what="")


def seen(**other: Any) -> Seen:
    """A scan of which nothing is wrong, but for what is given."""
    found = {AT.url(number): {"store": {"files": files, "complete": True, "cut_by": None}}
             for number, files in FLEET.files().items()}
    sound = Seen(
        samples=[sample(at) for at in range(120)], findings=found, gaps={"timeout": 20, "reset": 19}, closed=1, long=[],
        steps=1000, contacts=100, contents=0, a_second=500, one_host=20,
        done=[AT.address(number) for number in range(60) if number != CUT_OFF], ended=True, slowness=1.0, wrong=[])
    return replace(sound, **other)


def complaints(**other: Any) -> list[str]:
    return judge.complaints(seen(**other), FLEET, AT, rate=500, warm=60)


def without(number: int) -> dict[str, Any]:
    return {url: finding for url, finding in seen().findings.items() if url != AT.url(number)}


CALLS = FLEET.numbers(Kind.CALLS)[0]
LONG_STEP = Step(LIMIT * 1.5, "somebody", "at work")


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({}, []),
    "lost": ({"findings": without(CALLS)}, [f"{AT.url(CALLS)}: no files found, not {FLEET.files()[CALLS]}"]),
    "lost, but a stop came first": ({"findings": without(CALLS), "done": []}, []),
    "invented": ({"findings": {**seen().findings, AT.url(0): seen().findings[AT.url(CALLS)]}},
                 [f"{AT.url(0)}: found for nothing"]),
    "untold silence": ({"gaps": {"timeout": 19, "reset": 19}}, ["19 are told of 20 endpoints of which each hangs"]),
    "untold resets": ({"gaps": {"timeout": 20, "reset": 18}}, ["19 are told of 20 endpoints of which each resets"]),
    "too fast": ({"a_second": 552}, ["552 contacts within a second, 551 are allowed"]),
    "a long step": ({"long": [LONG_STEP]}, ["a step of 150 ms, 100 are allowed: somebody at work"]),
    "a long step on a slow machine": ({"long": [LONG_STEP], "slowness": 2.0}, []),
    "memory that grew before": (
        {"samples": [sample(at, 50.0) for at in range(60)] + [sample(at) for at in range(60, 99)]}, []),
    "memory that grew": ({"samples": [sample(at) for at in range(119)] + [sample(119, 111.0)]},
                         ["111 MB after 119 s, 100 are usual"]),
    "too short": ({"samples": [sample(1)]}, ["over before 60 seconds: nothing is known of its memory"]),
    "a file": ({"contents": 1}, ["1 file contents were asked for"]),
    "what the program says": ({"wrong": ["stopped before the end"]}, ["stopped before the end"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_judge_says_what_is_wrong_and_nothing_else(what: str) -> None:
    other, said = WRONG[what]
    assert said == complaints(**other)


def test_what_a_calm_scan_finds_otherwise_is_named() -> None:
    calm = {url: {**finding, "score": 4.5} for url, finding in seen().findings.items() if url == AT.url(CALLS)}
    assert [f"{AT.url(CALLS)}: score otherwise than in a calm scan"] == judge.differing(seen().findings, calm)
    assert [] == judge.differing(seen().findings, seen().findings)


def test_a_third_hangs_a_third_resets_and_a_third_answers_in_every_way() -> None:
    fleet = Fleet(1_200, 10, 10)
    assert (400, 400) == (len(fleet.numbers(Kind.HANG)), len(fleet.numbers(Kind.RESET)))
    assert all(fleet.numbers(kind) for kind in Kind)


class Kept(Stolen):
    """A machine of one's own."""

    def during(self, seconds: float) -> float:
        return 0.0


def busy(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.mark.parametrize("kind", ["asyncio", "uvloop"])
def test_a_step_that_is_long_is_seen_on_every_loop_with_what_it_did(kind: str) -> None:
    if kind == "uvloop":
        pytest.importorskip("uvloop", reason="there is none for this system")
    steps = Steps(stolen=Kept())
    watch = Watch(steps)
    watch.start()

    async def works_for_long() -> None:
        await asyncio.sleep(0.01)
        busy(LIMIT * 1.5)

    async def main() -> None:
        thread = threading.Thread(target=busy, args=(LIMIT * 3,))    # another thread's work is no step
        thread.start()
        await asyncio.gather(works_for_long(), asyncio.to_thread(time.sleep, LIMIT * 2))
        await asyncio.to_thread(thread.join)

    with asyncio.Runner(loop_factory=lambda: loop(steps, kind)) as runner:
        runner.run(main())
    watch.end()
    assert {"works_for_long"} == {step.name.split(" ")[0].rpartition(".")[2] for step in steps.long}
    assert steps.count > 5


def test_steps_are_called_by_their_coroutine_or_function() -> None:
    assert "busy" == named(busy)


def short() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.soak", "--short"]
    return subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)


@pytest.mark.timeout(320)
def test_a_scan_of_many_that_hang_reset_and_answer_loses_nothing_and_blocks_nobody() -> None:
    """Twice at most: what is long or large by the scan's own doing is so both times."""
    run = short()
    run = short() if run.returncode else run
    assert (0, "") == (run.returncode, run.stderr), run.stdout
    assert "compared with a calm scan" in run.stdout
