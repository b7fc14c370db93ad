"""The part of `plan` on protocols: where each is spoken, what is asked in it, what never is, and names that are tried.

What it says is what each probe declares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.probes import Probe
    from scanner.scan.profile import Profile
    from scanner.signature import Knowledge


def lines(profile: Profile, knowledge: Knowledge) -> Iterator[str]:
    """Lines to print."""
    from scanner.probes import PROBES

    yield f"probes: {', '.join(probe.name for probe in PROBES)}"
    yield "each goes where its port is, where a target names it, and where a server greets in it; nothing goes by UDP:"
    for probe in PROBES:
        yield from _of(probe)
    yield from _tried([probe for probe in PROBES if probe.tries], profile, knowledge)


def _of(probe: Probe) -> Iterator[str]:
    ports = sorted(probe.ports)
    where = f"port{'s'[:len(ports) - 1]} {', '.join(map(str, ports))}" if ports else "every port that is no other's"
    where += ", and where nothing is said in answer to a web request" if probe.silent else ""
    yield f"  {probe.name}, {where}"
    yield f"    asked: {probe.asks}"
    yield f"    never: {probe.never}"


def _tried(hiding: list[Probe], profile: Profile, knowledge: Knowledge) -> Iterator[str]:
    """The published names, where the profile tries them."""
    from scanner.scan.likely import names

    what = "; ".join(f"{probe.tries} ({probe.name})" for probe in hiding)
    tried = names(knowledge.asks())
    if not profile.names:
        yield f"no name is tried of {what}: --profile thorough tries {len(tried)}"
        return
    most = min(len(tried), profile.silent_requests)
    yield f"names tried at each such door, {most} of these {len(tried)} at most, of {what}; a made-up one first:"
    yield from (f"  {show(name)}" for name in tried[:most])
