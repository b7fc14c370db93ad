"""The control: in the same rig a naive client is led away by every lure there is, so that a silence means something."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address
from typing import Any

from tests.bottle_wire import Contact
from tests.bottles import naive
from tests.bottles.lures import CARRIERS, FORBIDDEN_PORT, FORMS, REDIRECTS, lure
from tests.bottles.oracle import FTP
from tests.bottles.rig import Rig
from tests.bottles.world import Address, Lure, Table, Words, World

WITHIN, OUT, SHUT = IPv4Address("192.0.2.1"), IPv4Address("203.0.113.9"), IPv4Address("192.0.2.13")
NAME = "files.example.org"
_SCOPE = (Table((Words("192.0.2.0/28", (WITHIN - 1, WITHIN + 14)), Words(NAME, None, NAME)),
                (Words(str(SHUT), (SHUT, SHUT)),)),)


@dataclass(frozen=True, slots=True)
class Trial:
    """One world with one way to be led away."""

    title: str
    world: World
    place: str                               # where a client is led; the oracle allows no contact there
    client: Callable[[], None]
    port: int = 80


def trials() -> Iterator[Trial]:
    """Each form by a redirect, each carrier, each status, each way of a name."""
    ask = partial(naive.visit, f"http://{WITHIN}/")
    for form in FORMS:
        yield _lured(lure("redirect", form, OUT, str(WITHIN)), ask)
    for status in REDIRECTS:
        yield _lured(lure("redirect", "address", OUT, str(WITHIN), status), ask)
    for carrier in CARRIERS[1:]:
        listing = partial(naive.list_by_ftp, str(WITHIN))
        yield _lured(lure(carrier, "address", OUT, str(WITHIN)), listing if carrier == "PASV" else ask)
    yield _lured(lure("redirect", "address", SHUT, str(WITHIN)), ask, "an excluded address")
    yield from _named()


def _lured(one: Lure, client: Callable[[], None], more: str = "") -> Trial:
    title = f"{one.carrier} {one.status}, {more or one.form}"
    return Trial(title, World(_SCOPE, ports=(21, 80), lures=(one,)), one.place, client,
                 FTP if one.carrier == "PASV" else 80)


def _named() -> Iterator[Trial]:
    """A name that a target names, and whose answers lead away."""
    ask = partial(naive.visit, f"http://{NAME}/")
    alias = {"edge.example.net": ((str(OUT),),)}
    for title, first, later, more in (
        ("an answer outside", (str(OUT),), (), {}),
        ("an excluded answer", (str(SHUT),), (), {}),
        ("an alias that leads outside", ("edge.example.net",), (), alias),
        ("an answer of metadata", ("169.254.169.254",), (), {}),
        ("an answer by NAT64", ("64:ff9b::a9fe:a9fe",), (), {}),
        ("an answer that turns", (str(WITHIN),), (str(OUT),), {}),
    ):
        turns = (first, later) if later else (first,)
        place = later[0] if later else {"edge.example.net": str(OUT)}.get(first[0], first[0])
        yield Trial(f"name, {title}", World(_SCOPE, ports=(21, 80), names={NAME: turns, **more}), place, ask)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial."""

    trial: Trial
    led: bool                                # the naive client was led away
    shown: bool                              # the scan was shown the same
    wrong: tuple[str, ...]                   # whom the scan contacted all the same


async def tried(rig: Rig, trial: Trial) -> Outcome:
    """A naive client, and then a scan, in one world."""
    doors: list[tuple[Address, int]] = [(WITHIN, trial.port)]
    met = await rig.let_loose(trial.world, doors, partial(_twice, rig, trial))
    before = rig.stage.served.total()
    scanned = await rig.scan(trial.world, doors)
    shown = rig.stage.served.total() > before if trial.world.lures else NAME in scanned.questions
    return Outcome(trial, any(_is_at(trial, contact) for contact in met), shown, scanned.complaints)


def _twice(rig: Rig, trial: Trial) -> None:
    """Once more where names are answered differently later."""
    trial.client()
    if any(len(turns) > 1 for turns in trial.world.names.values()):
        rig.later()
        trial.client()


def _is_at(trial: Trial, contact: Contact) -> bool:
    kind, address, port = contact
    return kind == "tcp" and address == trial.place and (address != str(WITHIN) or port == FORBIDDEN_PORT)


def try_all(rig: Rig, run: Callable[[Coroutine[Any, Any, Outcome]], Outcome]) -> tuple[dict[str, int], str]:
    """Counts, and in words what went wrong: a lure that leads nobody away proves nothing."""
    outcomes = [run(tried(rig, trial)) for trial in trials()]
    wrong = [f"{one.trial.title}: the naive client stayed" for one in outcomes if not one.led]
    wrong += [f"{one.trial.title}: was not shown to the scan" for one in outcomes if not one.shown]
    wrong += [f"{one.trial.title}: {'; '.join(one.wrong)}" for one in outcomes if one.wrong]
    return {
        "ways to be led away": len(outcomes),
        "that led a naive client away": sum(one.led for one in outcomes),
        "that were shown to a scan": sum(one.shown for one in outcomes),
        "that led a scan away": sum(bool(one.wrong) for one in outcomes),
    }, "\n".join(wrong)
