"""The harness: hostile servers beside a healthy one, one whole scan, and everything that must be true of it afterwards.

    outcome = await run(behaviour)            # alone, measured
    outcomes = await together(behaviours)     # all in one scan, each with its own verdict

A complaint is a sentence; no complaint means: as expected.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from scanner.net import Limits
from scanner.net.ledger import Contact
from tests.hostile.behaviour import FOUND, Behaviour, Host, Place, facts, said
from tests.hostile.watched import Watched, in_use, settle, watched
from tests.ports import listen
from tests.scan.scans import QUICK, Done, finish, scope_of, session_of
from tests.scan.sites import Site, calls, place

LIMITS = Limits(connect=5, first_byte=3, total=4, wait=1.0)          # where the servers let time run out
PATIENT = Limits(connect=10, first_byte=20, total=25, wait=1.0, page_bytes=2**17)     # where they must be heard
PROFILE = replace(QUICK, listing_bytes=2**19, directories=60, depth=8, silent_requests=8)
HEALTHY = 37                             # files of the healthy server
GROUP = 50.0                             # seconds that several in one scan may take
MOST = 32                                # MiB that a behaviour may take
KEPT = 4                                 # MiB of it that may still be in use at the end: caches, and what was seen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one behaviour."""

    behaviour: Behaviour
    said: frozenset[str] = frozenset()
    complaints: tuple[str, ...] = ()
    seconds: float = 0.0
    bytes_read: int = 0
    mib: float = 0.0

    @property
    def told(self) -> str:
        """For a test that fails."""
        return f"{self.behaviour.id} {self.behaviour.title}: {'; '.join(self.complaints)}"


@dataclass(slots=True)
class _Course:
    """One scan and what was seen of it."""

    done: Done | None = None
    hosts: list[Host] = field(default_factory=list)
    healthy: Place = ("", 0)
    read: Counter[Place] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    seconds: float = 0.0


async def run(behaviour: Behaviour) -> Outcome:
    """One behaviour, alone."""
    with watched() as seen:
        if behaviour.play is not None:
            return await _played(behaviour, seen)
        course = await _scanned([behaviour])
        await settle(seen)
    return _outcome(behaviour, course, course.hosts[0], _common(course, seen), seen.most)


async def together(behaviours: Sequence[Behaviour]) -> list[Outcome]:
    """All of these: those that need nothing of their own in one scan, the others one after the other.

    What cannot be laid at one door's feet is a complaint of the first.
    """
    shared = [one for one in behaviours if one.play is None]
    outcomes = []
    await warm()
    with watched() as seen:
        course = await _scanned(shared)
        await settle(seen)
    common = _common(course, seen)
    for number, one in enumerate(shared):
        outcomes.append(_outcome(one, course, course.hosts[number], [] if number else common, seen.most))
    return outcomes + [await run(one) for one in behaviours if one.play is not None]


async def growth(behaviours: Sequence[Behaviour], scans: int = 4) -> float:
    """MiB that each further scan of these leaves in use, at the least: a leak adds them each time, a cache does not."""
    await warm()
    held = []
    for _ in range(scans):
        with watched() as seen:
            course = await _scanned([one for one in behaviours if one.play is None])
            assert course.done is not None, course.complaints
            del course
            await settle(seen)
        gc.collect()
        held.append(in_use())
    return min(after - before for before, after in itertools.pairwise(held))


def unexpected(outcomes: Iterable[Outcome]) -> list[str]:
    """What did not end as expected."""
    return [outcome.told for outcome in outcomes if outcome.complaints]


async def warm() -> None:
    """One scan of the healthy server alone, so that what is loaded once is laid at nobody's feet."""
    async with healthy() as (_, target, _):
        await finish(session_of(scope_of(target), limits=PATIENT, profile=PROFILE))


# ---- one scan


async def _scanned(behaviours: Sequence[Behaviour]) -> _Course:
    course, budget = _Course(), GROUP if behaviours[1:] else behaviours[0].seconds
    started = time.monotonic()
    async with AsyncExitStack() as stack:
        site, target, course.healthy = await stack.enter_async_context(healthy())
        for one in behaviours:
            assert one.host is not None, one
            course.hosts.append(await stack.enter_async_context(one.host()))
        try:
            async with asyncio.timeout(budget):
                course.done = await finish(_session(course, target))
        except TimeoutError:
            course.complaints.append(f"not over within {budget:g} seconds")
        except Exception as error:  # noqa: BLE001  a complaint like any other
            course.complaints.append(f"the scan broke: {error!r}")
        course.seconds = time.monotonic() - started
        site.judge()
    return course


@asynccontextmanager
async def healthy() -> AsyncIterator[tuple[Site, str, Place]]:
    """A web server that lists files and means no harm."""
    address = place()
    with listen(address) as sock:
        port = sock.getsockname()[1]
    site = await Site({"calls": calls(HEALTHY, first=70_000)}).start(address, port)
    try:
        yield site, f"http://{address}:{port}/", (address, port)
    finally:
        await site.stop()


def _session(course: _Course, target: str) -> Any:
    def keep(contact: Contact) -> None:
        course.read[str(contact.address), contact.port] += contact.received

    hosts = course.hosts
    own: dict[str, Any] = {name: part for host in hosts for name, part in host.session.items()}
    own["names"] = {name: address for host in hosts for name, address in host.session.get("names", {}).items()}
    scope = scope_of(*(one for host in hosts for one in host.targets), target,
                     exclude=[one for host in hosts for one in host.exclude])
    return session_of(scope, **{"limits": PATIENT, "profile": PROFILE, "sinks": [keep], **own})


# ---- judging


def _common(course: _Course, seen: Watched) -> list[str]:
    """What must be true of every scan, whatever it met."""
    wrong = [*course.complaints, *seen.uncaught, *seen.left]
    allowed = {course.healthy} | {one for host in course.hosts for one in host.doors | host.also}
    wrong += [f"contact outside the scope: {address}:{port}" for address, port in sorted(seen.contacts - allowed)]
    wrong += [f"the resolver was asked for {name}" for name in sorted(seen.names)]
    if seen.most > MOST:
        wrong.append(f"{seen.most:.0f} MiB more than before")
    wrong += _kept(seen)
    if course.done is not None:
        wrong += _of_done(course.done, course)
    return wrong


def _kept(seen: Watched) -> list[str]:
    kept = seen.kept
    return [f"{kept:.1f} MiB still in use when all is over"] if kept > KEPT else []


def _of_done(done: Done, course: _Course) -> list[str]:
    wrong = [f"warned: {text}" for text in done.watching.warnings]
    wrong += [f"internal error: {gap.detail}" for gap in done.gaps("internal-error")]
    if done.report.conduct.file_contents_requested:
        wrong.append("file contents were requested")
    heard = said(done, [course.healthy]) - {"timeout"}       # of a guess, where this machine is slow
    if heard != {FOUND} or f"{HEALTHY} files" not in facts(done, [course.healthy]):
        wrong.append(f"the healthy server: {sorted(said(done, [course.healthy]))} {facts(done, [course.healthy])}")
    return wrong


def _outcome(one: Behaviour, course: _Course, host: Host, common: Sequence[str], mib: float) -> Outcome:
    complaints = [*common, *host.complaints()]
    heard: frozenset[str] = frozenset()
    if course.done is not None:
        heard, words = said(course.done, host.doors), facts(course.done, host.doors)
        if heard != one.ends:
            complaints.append(f"{sorted(heard)} instead of {sorted(one.ends)} {words}")
        complaints += [f"nothing is told of {word!r}: {words}" for word in one.told if word not in " / ".join(words)]
        more = one.never(course.done, host) if one.never is not None else None
        complaints += [more] if more else []
    read = sum(course.read[door] for door in host.doors)
    return Outcome(one, heard, tuple(complaints), course.seconds, read, mib)


async def _played(one: Behaviour, seen: Watched) -> Outcome:
    assert one.play is not None
    started, complaints, heard = time.monotonic(), list[str](), frozenset[str]()
    try:
        async with asyncio.timeout(one.seconds):
            heard = frozenset(await one.play())
    except Exception as error:  # noqa: BLE001  a complaint like any other
        complaints.append(f"it broke: {error!r}")
    await settle(seen)
    complaints += [*seen.uncaught, *seen.left, *_kept(seen)]
    if heard != one.ends and not complaints:
        complaints.append(f"{sorted(heard)} instead of {sorted(one.ends)}")
    return Outcome(one, heard, tuple(complaints), time.monotonic() - started, 0, seen.most)
