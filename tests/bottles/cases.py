"""Many cases: worlds as hypothesis makes them, each scanned and judged, and the sum of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import seed as seeded

from tests.bottles.lures import compatible
from tests.bottles.making import in_mapped_form, network, one_address, span, worlds
from tests.bottles.rig import Case, Rig
from tests.bottles.world import Address, Words, World

_AGAIN = 6                                   # every so many worlds one is scanned again, with an exclusion more
Run = Callable[[Coroutine[Any, Any, Case]], Case]


class EnoughError(BaseException):
    """Something went wrong: no more worlds. Hypothesis lets what is no Exception pass."""


def scan_all(rig: Rig, run: Run, cases: int, seed: int) -> tuple[dict[str, int], str]:
    """Counts, and in words the first world in which the oracle found something wrong ("" where there is none)."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    wrong: list[str] = []

    def judge(world: World) -> Case:
        case = run(rig.scan(world))
        _count(counts, case)
        if case.complaints:
            wrong.append(f"{'; '.join(case.complaints)}\n{world.scope_file()}\n{world}")
            raise EnoughError
        return case

    @seeded(seed)
    @settings(max_examples=cases, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(worlds())
    def one(world: World) -> None:
        assume(repr(world) not in seen)
        seen.add(repr(world))
        met = sorted({address for kind, address, _ in judge(world).contacts if kind == "tcp"})
        if met and counts["worlds"] % _AGAIN == 0:
            judge(_without(world, ip_address(met[0]), counts["worlds"] // _AGAIN))
            counts["addresses met, then excluded, and met no more"] += 1

    with suppress(EnoughError):
        one()
    counts["requests and commands answered by servers"] = rig.stage.asked
    return dict(counts), "\n".join(wrong)


def _count(counts: Counter[str], case: Case) -> None:
    counts["worlds"] += 1
    counts["worlds that the program refused"] += case.refused is not None
    counts["contacts"] += sum(kind == "tcp" for kind, _, _ in case.contacts)
    counts["pairs allowed and not knocked at"] += case.missed
    counts["worlds with addresses that an exclusion took away"] += case.spared > 0
    counts["pairs that exclusions took away"] += case.spared
    counts["names asked for"] += len(set(case.questions))
    counts["contacts and questions outside the scope"] += len(case.complaints)


def _without(world: World, address: Address, turn: int) -> World:
    """The same world with one address excluded, in one notation or another, or by a name that leads there."""
    name = f"leave{turn}.example.org"
    ways = [one_address(address), network(address, 2), span(address, 1, short=False), Words(name, None, name)]
    if address.version == 4:
        ways += [in_mapped_form(one_address(address)), in_mapped_form(span(address, 1, short=False))]
        ways += [one_address(compatible(address))]
    last = world.tables[-1]
    tightened = replace(last, exclude=(*last.exclude, ways[turn % len(ways)]))
    return replace(world, tables=(*world.tables[:-1], tightened), names={**world.names, name: ((str(address),),)})
