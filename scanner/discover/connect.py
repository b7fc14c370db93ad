"""The connect engine: knocks at thousands of pairs at once and tells each outcome once. Opens no socket itself.

The knocker that is handed in opens them, asks the scope and keeps the account. Here is only who is tried when: how
many at once, how long, a second time for silence, and what to do when this machine or its link is at fault.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable
from dataclasses import dataclass

from scanner.discover.breaker import Breaker
from scanner.discover.knock import ANSWERS, Knock, Knocker, Pair
from scanner.discover.line import Line, Try
from scanner.discover.patience import Patience
from scanner.errors import LocalFault
from scanner.net.dial import Knocked, State

_SLICE = 128                                 # workers started in one go, before others get their turn
_LONGEST = 10.0                              # seconds: the longest of the doubled pauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How patient a sweep is. All in seconds."""

    ceiling: float = 3.0                     # the longest wait for one connect
    floor: float = 0.25                      # the shortest, however near the answers so far
    retry_after: float = 1.0                 # between silence and the second try
    pause: float = 0.1                       # after a fault of this machine; doubled with each in a row
    give_up: float = 120.0                   # how long this machine or its link may be at fault without a break


async def sweep(
    pairs: Iterable[tuple[int, Pair | None]], knock: Knocker, *, in_flight: int, tempo: Tempo | None = None,
) -> AsyncGenerator[Knock, None]:
    """Knock at each of `pairs`, `in_flight` at once; yields one Knock a pair, in the order of the answers.

    `pairs` is read as needed, so that it may be endless; a pair that is None is skipped. Closing the generator
    cancels what is in flight; pairs without a Knock are unknown and can be asked again.

    Raises LocalFault when this machine or its link stayed at fault for `tempo.give_up`: what was yielded is true,
    what was not is unknown. Whatever else the knocker raises ends the sweep too.
    """
    engine = _Sweep(Line(pairs), knock, max(1, in_flight), tempo or Tempo())
    try:
        while await engine.more():
            while engine.done:
                yield engine.done.popleft()
    finally:
        await engine.stop()


class _Sweep:
    """The state of one sweep. Workers end when there is nothing to take; `_pump` starts them when there is."""

    def __init__(self, line: Line, knock: Knocker, in_flight: int, tempo: Tempo) -> None:
        self.done: deque[Knock] = deque()
        self._room = max(1024, 2 * in_flight)                    # a slow reader stops the sweep, not the memory
        self._line = line
        self._knock = knock
        self._tempo = tempo
        self._patience = Patience(tempo.ceiling, tempo.floor)
        self._breaker = Breaker()
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = 0
        self._most = self._allowed = in_flight
        self._credit = 0
        self._pause = tempo.pause
        self._fault_since: float | None = None
        self._resting = False                                    # after a fault of this machine
        self._checking = False                                   # whether the link is there
        self._stopped = False
        self._alarm: asyncio.TimerHandle | None = None
        self._error: BaseException | None = None

    async def more(self) -> bool:
        """Wait until something is done. False: all pairs have been told."""
        while not self.done:
            if self._error is not None:
                raise self._error
            self._pump()
            if self._idle and not self._last_look():
                return bool(self.done)
            self._wake.clear()
            await self._wake.wait()
        return True

    async def stop(self) -> None:
        """Cancel what is in flight and wait until it is gone."""
        self._stopped = True
        if self._alarm is not None:
            self._alarm.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def _idle(self) -> bool:
        return self._line.empty and not self._running and not self._checking

    def _last_look(self) -> bool:
        """Silence at the very end is doubted too: nothing would come after it to clear it."""
        if self._breaker.doubtful:
            self._check()
            return True
        self.done.extend(self._breaker.release())
        return False

    def _pump(self) -> None:
        for _ in range(_SLICE):
            if self._running >= self._allowed or (job := self._take()) is None:
                return
            self._running += 1
            self._start(self._work(job))
        self._loop.call_soon(self._pump)

    def _take(self) -> Try | None:
        held = self._stopped or self._resting or self._checking or self._error is not None
        if held or len(self.done) >= self._room:
            return None
        now = self._loop.time()
        job = self._line.take(now)
        if job is None and self._alarm is None and (due := self._line.due(now)) is not None:
            self._alarm = self._loop.call_later(max(0.0, due - now), self._ring)
        return job

    def _ring(self) -> None:
        self._alarm = None
        self._pump()
        self._wake.set()                                         # there may have been nothing but holes

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._error = self._error or error
            self._wake.set()

    async def _work(self, job: Try | None) -> None:
        try:
            while job is not None:
                wait = self._patience.last if job.second else self._patience.first
                try:
                    knocked = await self._knock(job.address, job.port, wait)
                except LocalFault as fault:
                    self._blame(job, fault)
                else:
                    self._settle(job, knocked)
                job = self._take() if self._running <= self._allowed else None
        finally:
            self._running -= 1
            if not self._running:
                self._wake.set()

    def _settle(self, job: Try, knocked: Knocked) -> None:
        self._fault_since, self._pause = None, self._tempo.pause
        if self._allowed < self._most:
            self._recover()
        if knocked.state is State.SILENT and not job.second:
            self._breaker.missed(job.address)
            self._line.later(job, self._loop.time() + self._tempo.retry_after)
        else:
            if knocked.state in ANSWERS:
                self._patience.observe(knocked.seconds)
            self._tell(self._breaker.settle(Knock(job.index, job.address, job.port, knocked.state, knocked.seconds)))
        if self._breaker.suspicious and not self._checking:
            self._check()

    def _tell(self, knocks: list[Knock]) -> None:
        if knocks:
            self.done.extend(knocks)
            self._wake.set()

    def _recover(self) -> None:
        """Slowly back to as many as were wanted, one sixty-fourth for each round that went well."""
        self._credit += 1
        if self._credit >= self._allowed:
            self._credit = 0
            self._allowed = min(self._most, self._allowed + max(1, self._most // 64))

    def _blame(self, job: Try, fault: LocalFault) -> None:
        """This machine was at fault: the pair goes back, half as many go on, after a pause."""
        self._line.again(job)
        now = self._loop.time()
        if self._fault_since is None:
            self._fault_since = now
        elif now - self._fault_since > self._tempo.give_up:
            raise fault
        if not self._resting:
            self._resting, self._credit = True, 0
            self._allowed = max(1, self._allowed // 2)
            self._loop.call_later(self._pause, self._rested)
            self._pause = min(_LONGEST, 2 * self._pause)

    def _rested(self) -> None:
        self._resting = False
        self._pump()

    def _check(self) -> None:
        self._checking = True
        self._start(self._ask_witnesses())

    async def _ask_witnesses(self) -> None:
        """Is the silence theirs or ours? While it is ours, wait; then ask again what fell silent meanwhile."""
        start, pause, down = self._loop.time(), self._tempo.pause, False
        while not await self._witnessed():
            down = True
            self._ask_again(self._breaker.release())
            if self._loop.time() - start > self._tempo.give_up:
                raise LocalFault(
                    "nothing answers any more, not even hosts that did: the network is down or shuts this scanner out; "
                    "run the same command again later",
                )
            await asyncio.sleep(pause)
            pause = min(_LONGEST, 2 * pause)
        if down:
            self._ask_again(self._breaker.release())
        else:
            self._tell(self._breaker.cleared())
        self._checking = False
        self._wake.set()
        self._pump()

    def _ask_again(self, knocks: list[Knock]) -> None:
        for knock in knocks:
            self._line.again(Try(knock.index, knock.address, knock.port))

    async def _witnessed(self) -> bool:
        asked = (self._knock(witness.address, witness.port, self._tempo.ceiling) for witness in self._breaker.witnesses)
        heard = await asyncio.gather(*asked, return_exceptions=True)
        return any(not isinstance(one, BaseException) and one.state in ANSWERS for one in heard)
