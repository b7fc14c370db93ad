"""The judge of a scan under load: from what was seen of it to what is wrong, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.soak.fleet import Fleet, Kind
from tests.soak.place import Place
from tests.soak.steps import LIMIT, Step
from tests.soak.watched import Sample

FLAT = 0.10                                  # of the memory: how far it may go up or down
SLICE = 0.1                                  # seconds of a rate that may go at once
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A scan that has ended."""

    samples: Sequence[Sample]
    findings: Mapping[str, Mapping[str, Any]]    # URL of a door -> its finding, without what no two scans share
    gaps: Mapping[str, int]                  # reason -> count
    closed: int                              # endpoints that took no connection, or cut it off at once
    long: Sequence[Step]                     # steps over LIMIT
    steps: int
    contacts: int
    contents: int                            # file contents asked for
    a_second: int                            # the most contacts within a second
    one_host: int                            # the most to one host in a second of the clock
    done: Sequence[str]                      # addresses at which nothing is left to ask
    ended: bool                              # whether the scan came to its end
    slowness: float                          # of this machine, measured at the same time; 1 or less: as it should be
    wrong: Sequence[str]                     # what the program itself says is wrong or left


def complaints(seen: Seen, fleet: Fleet, at: Place, *, rate: float, warm: float) -> list[str]:
    """What is wrong. `warm`: seconds from which on memory is flat. What a stop left out is not judged."""
    known = set(seen.done)
    done = {number for number in range(fleet.endpoints) if at.address(number) in known}
    return [*seen.wrong, *lost(seen, fleet, at, done), *untold(seen, fleet, done), *too_fast(seen, rate),
            *too_long(seen),
            *grown(seen.samples, warm),
            *([f"{seen.contents} file contents were asked for"] if seen.contents else [])]


def lost(seen: Seen, fleet: Fleet, at: Place, done: Set[int]) -> list[str]:
    """Findings that are not there, are there for nothing, or count otherwise than they must."""
    shown = {at.url(number): number for number in fleet.files()}
    wanted = {at.url(number): files for number, files in fleet.files().items() if number in done}
    counted = {url: finding["store"]["files"] for url, finding in seen.findings.items()}
    wrong = [f"{url}: {counted.get(url, 'no')} files found, not {files}" for url, files in wanted.items()
             if counted.get(url) != files]
    wrong += [f"{url}: found for nothing" for url in counted if url not in shown]
    wrong += [f"{url}: cut by {finding['store']['cut_by']}" for url, finding in seen.findings.items()
              if url in wanted and not finding["store"]["complete"]]
    return few(wrong)


def untold(seen: Seen, fleet: Fleet, done: Set[int]) -> list[str]:
    """Endpoints that hang, or reset, of which nothing is told."""
    told = {Kind.HANG: seen.gaps.get("timeout", 0), Kind.RESET: seen.gaps.get("reset", 0) + seen.closed}
    met = {kind: len(done.intersection(fleet.numbers(kind))) for kind in told}
    met[Kind.RESET] += seen.closed
    return [f"{count} are told of {met[kind]} endpoints of which each {kind.value}"
            for kind, count in told.items() if count < met[kind]]


def too_fast(seen: Seen, rate: float) -> list[str]:
    """More contacts within a second than were promised, the slice that goes at once aside."""
    most = rate * (1 + SLICE) + 1
    return [f"{seen.a_second} contacts within a second, {most:g} are allowed"] if seen.a_second > most else []


def too_long(seen: Seen) -> list[str]:
    """Steps that took longer of their thread's CPU than LIMIT; as much more as this machine is slow."""
    most = LIMIT * max(1.0, seen.slowness)
    return few([f"a step of {step.seconds * 1000:.0f} ms, {most * 1000:.0f} are allowed: {step.name} {step.seen}"
                for step in sorted(seen.long, reverse=True) if step.seconds > most])


def grown(samples: Sequence[Sample], warm: float) -> list[str]:
    """Memory that did not stay where it was, from `warm` seconds on."""
    later = [sample for sample in samples if sample.at >= warm]
    if not later:
        return [f"over before {warm:g} seconds: nothing is known of its memory"]
    usual = median(sample.rss for sample in later)
    return few([f"{sample.rss:.0f} MB after {sample.at:.0f} s, {usual:.0f} are usual" for sample in later
                if abs(sample.rss - usual) > FLAT * usual])


def few(wrong: Sequence[str]) -> list[str]:
    """The first ones, and how many more."""
    more = len(wrong) - _SHOWN
    return [*wrong[:_SHOWN], *([f"and {more} more like these"] if more > 0 else [])]


def differing(loaded: Mapping[str, Mapping[str, Any]], calm: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Findings of a calm scan that the loaded one has not just so."""
    return few([f"{url}: {_other(loaded.get(url, {}), finding)} otherwise than in a calm scan"
                for url, finding in calm.items() if loaded.get(url) != finding])


def _other(one: Mapping[str, Any], two: Mapping[str, Any]) -> str:
    """The names of what differs."""
    return ", ".join(sorted(name for name in {*one, *two} if one.get(name) != two.get(name)))


def table(samples: Sequence[Sample], every: float) -> list[str]:
    """A line for each so many seconds."""
    lines = [f"{'to':>7} {'MB':>6} {'CPU s':>7} {'files':>6} {'contacts/s':>10} {'stores':>7} {'longest step':>13}"]
    before = 0.0
    for number in range(int(samples[-1].at // every) + 1 if samples else 0):
        part = [sample for sample in samples if number * every <= sample.at < (number + 1) * every]
        if part:
            last, longest = part[-1], max(part, key=lambda sample: sample.longest)
            rate = (last.contacts - before) / min(every, last.at - number * every)
            before = last.contacts
            lines.append(f"{last.at:6.0f}s {last.rss:6.0f} {last.cpu:7.1f} {last.sockets:6} {rate:10.1f} "
                         f"{last.findings:7} {longest.longest * 1000:10.0f} ms {longest.what[:110]}")
    return lines
