"""Steps of an event loop: how much CPU each took of the loop's thread, and what the longest ones were doing.

A step is one callback, run to its end or to where it waits. Nothing here changes what a loop does. CPU of the thread is
measured, not time, so that neither a busy machine nor another thread of the program makes a step long.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

LIMIT = 0.1                                  # seconds of the thread's CPU that no step may take
_NOTED = 0.02                                # what takes longer is remembered by name
_YARDSTICK, _USUAL = 10_000, 0.0016          # turns, and seconds of CPU that they take on a machine of 2022
_BOOK: dict[int, str] = {}
_OFTEN, _TICKS = 0.05, os.sysconf("SC_CLK_TCK")
_LOOK = 0.005                                # seconds between looks at what a step is doing
_ROOT = str(Path(__file__).parent.parent.parent)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One step that took long."""

    seconds: float
    name: str                                # of the coroutine or function
    seen: str                                # where it was met half way, innermost last; "" where nobody looked in time


class Stolen:
    """Time that a virtual machine was kept from a processor while it seemed to work: `steal` of proc(5), /proc/stat.

    Some kernels count it as CPU of whichever thread was running.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, list[float]]] = deque(maxlen=200)

    def look(self) -> None:
        """Remember how much it was until now; every so often."""
        now = time.monotonic()
        if not self._seen or now - self._seen[-1][0] > _OFTEN:
            self._seen.append((now, _stolen()))

    def during(self, seconds: float) -> float:
        """How much at most, on one processor, since the last look that is so long ago."""
        begun = time.monotonic() - seconds
        before = next((steal for at, steal in reversed(self._seen) if at <= begun), None)
        return max((now - then for now, then in zip(_stolen(), before, strict=False)), default=0.0) if before else 0.0


def _stolen() -> list[float]:
    """Of each processor, in seconds since the machine began."""
    lines = Path("/proc/stat").read_text(encoding="ascii").splitlines()
    return [int(line.split()[8]) / _TICKS for line in lines if line.startswith("cpu") and line[3].isdigit()]


class Steps:
    """All steps of the loops that are made by `loop`. `long` holds those over `LIMIT`."""

    def __init__(self, look: float = LIMIT / 3, stolen: Stolen | None = None) -> None:
        self.count = 0
        self.longest = Step(0.0, "nothing", "")
        self.long: list[Step] = []
        self.look = look                     # seconds of a step between two looks at it
        self.collecting = 0.0                # of the step under way: CPU that went into collecting garbage
        self.stolen = stolen or Stolen()
        self.begun: float | None = None      # CPU of the thread when the step under way began
        self.seen, self.looks = "", 0
        self._slow: list[float] = []
        self._thread = threading.get_ident()
        gc.callbacks.append(self.collected)

    def run(self, callback: Callable[..., object], *args: Any) -> None:
        """One step."""
        self.seen, self.looks, self.collecting = "", 0, 0.0
        system = resource.getrusage(resource.RUSAGE_THREAD).ru_stime
        self.begun = begun = time.thread_time()
        try:
            callback(*args)
        finally:
            spent = time.thread_time() - begun
            self.begun = None
            self.count += 1
            if spent > _NOTED:
                self._note(spent, callback, resource.getrusage(resource.RUSAGE_THREAD).ru_stime - system)

    def compare(self) -> None:
        """Measure how slow this machine is now, in any thread. The median of all times is the `slowness`."""
        begun = time.thread_time()
        for number in range(_YARDSTICK):
            _BOOK[number % 1000] = f"{number}"
        self._slow.append((time.thread_time() - begun) / _USUAL)

    @property
    def slowness(self) -> float:
        """How many times as long as usual this machine takes for the same, others at work on it included."""
        return median(self._slow) if self._slow else 1.0

    def take(self) -> Step:
        """The longest step since the last call."""
        step, self.longest = self.longest, Step(0.0, "nothing", "")
        return step

    def collected(self, phase: str, about: dict[str, int]) -> None:
        """The garbage collector begins or has ended, in whichever thread; see `gc.callbacks`."""
        if threading.get_ident() == self._thread:
            self.collecting += time.thread_time() * (1 if phase == "stop" else -1)

    def _note(self, spent: float, callback: Callable[..., object], system: float) -> None:
        stolen = self.stolen.during(spent) if spent > LIMIT else 0.0
        spent = max(0.0, spent - stolen)
        parts = (("collecting garbage", self.collecting), ("in the system", system), ("stolen beside", stolen))
        told = [f"{part * 1000:.0f} ms {what}" for what, part in parts if part > _NOTED / 2]
        step = Step(spent, f"{named(callback)} ({', '.join(told)})" if told else named(callback), self.seen)
        self.longest = max(self.longest, step)
        if spent > LIMIT:
            self.long.append(step)


def named(callback: Callable[..., object]) -> str:
    """The coroutine of a task, else the function."""
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        coroutine = task.get_coro()
        return str(getattr(coroutine, "__qualname__", coroutine))
    return str(getattr(callback, "__qualname__", callback))


class Watch(threading.Thread):
    """Looks at what a step does that takes long. Made in the thread of the loop."""

    def __init__(self, steps: Steps) -> None:
        super().__init__(name="watch", daemon=True)
        self._steps = steps
        self._loop = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._loop)
        self._ended = threading.Event()

    def run(self) -> None:
        """Until `end`."""
        while not self._ended.wait(_LOOK):
            self._steps.stolen.look()
            begun, steps = self._steps.begun, self._steps
            if begun is not None and time.clock_gettime(self._clock) - begun > (steps.looks + 1) * steps.look:
                steps.looks += 1
                steps.seen = f"{_where(sys._current_frames().get(self._loop))} {steps.seen}"[:400]

    def end(self) -> None:
        """Look no more."""
        self._ended.set()


def _where(frame: Any) -> str:
    """The innermost frames of this project."""
    found: list[str] = []
    while frame is not None and len(found) < 4:
        code = frame.f_code
        if code.co_filename.startswith(_ROOT) and "soak" not in code.co_filename:
            found.append(f"{Path(code.co_filename).stem}.{code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(found)


def loop(steps: Steps, kind: str = "asyncio") -> asyncio.AbstractEventLoop:
    """A new event loop all of whose steps are measured. `kind`: asyncio, or uvloop."""
    if kind == "uvloop":
        import uvloop

        base: Any = uvloop.Loop
    else:
        base = asyncio.SelectorEventLoop
    made: asyncio.AbstractEventLoop = _measured(base, steps)()
    return made


def _measured(base: Any, steps: Steps) -> Any:
    def measured(callback: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return (callback, *args) if callback == steps.run else (steps.run, callback, *args)

    class Measured(base):  # type: ignore[misc]
        """Every way to hand a callback to a loop."""

        def call_soon(self, callback: Any, *args: Any, context: Any = None) -> Any:
            return super().call_soon(*measured(callback, args), context=context)

        def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> Any:
            return super().call_soon_threadsafe(*measured(callback, args), context=context)

        def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> Any:
            return super().call_later(delay, *measured(callback, args), context=context)

        def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> Any:
            return super().call_at(when, *measured(callback, args), context=context)

        def add_reader(self, fd: Any, callback: Any, *args: Any) -> Any:
            return super().add_reader(fd, *measured(callback, args))

        def add_writer(self, fd: Any, callback: Any, *args: Any) -> Any:
            return super().add_writer(fd, *measured(callback, args))

    return Measured
