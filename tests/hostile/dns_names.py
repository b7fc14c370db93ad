"""What a scan says of names that a resolver lies about. All of them are asked in one scan, in the bottle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from tests.hostile.behaviour import Behaviour
from tests.hostile.dns_course import NAMES, Course, course

SEEN = frozenset({"found"})
STRAY = frozenset({"out-of-scope"})
UNKNOWN = frozenset({"name"})
_EACH_ONCE = [1, 28]                         # A and AAAA, RFC 1035 section 3.2.2 and RFC 3596
More = Callable[[Course], Iterable[str]]


def play(*names: str, told: str = "", once: bool = False, more: More = lambda _: ()) -> Callable[
        [], Awaitable[Iterable[str]]]:
    """What was said of these names, the same of each; `told` stands in the detail, `once`: nobody asked twice."""
    async def said() -> Iterable[str]:
        seen = await asyncio.to_thread(course)
        heard = {word for name in names for word in seen.said(name)}
        wrong = [*seen.complaints, *more(seen)]
        wrong += [f"{name}: {seen.said(name)}" for name in names if seen.said(name) != heard]
        wrong += [f"{name}: {seen.told(name)}" for name in names if told not in seen.told(name)]
        wrong += [f"{name}: asked {seen.asked(name)}" for name in names if once and seen.asked(name) != _EACH_ONCE]
        return [*heard, *wrong]
    return said


def beyond(seen: Course) -> Iterable[str]:
    """Names asked for that nobody wrote into the scope, or not absolutely."""
    written = {f"{name}.example.org" for name in NAMES}
    return sorted({name for name, _ in seen.questions if name not in written})


COULD_NOT, NONE = "nobody could tell", "no such name"
_ALL = [
    Behaviour("D-01", "a name that is in the scope first and at the metadata service ever after", SEEN,
              play=play("flip", once=True)),
    Behaviour("D-01", "the other way round: at the metadata service first", STRAY,
              play=play("flop", told="cloud metadata", once=True)),
    Behaviour("D-02", "aliases that go round in a circle", UNKNOWN, play=play("loop")),
    Behaviour("D-02", "a chain of 100 aliases", SEEN, play=play("chain")),
    Behaviour("D-03", "an address of the scope and two that are not", SEEN | STRAY, play=play("mixed", once=True)),
    Behaviour("D-04", "an IPv4 address as IPv6 (::ffff:10.0.0.1)", STRAY, play=play("mapped", told="another notation")),
    Behaviour("D-04", "an IPv4 address behind a translator (64:ff9b::a00:1)", STRAY,
              play=play("translated", told="private space")),
    Behaviour("D-05", "the resolver fails, refuses, or is silent", UNKNOWN,
              play=play("servfail", "refused", "silent", told=COULD_NOT)),
    Behaviour("D-06", "40 names that take four seconds each, and three that do not", SEEN,
              play=play("fast1", "fast2", "fast3", once=True)),
    Behaviour("D-06", "the same: the slow ones are answered as well", STRAY,
              play=play(*(f"slow{i}" for i in range(40)), told="documentation range", once=True)),
    Behaviour("D-07", "a name of 1,000 addresses, most of them private", STRAY | {"not-tried"},
              play=play("many", told="the first 64 are asked, and no others")),
    Behaviour("D-08", "a zone in which every name is there: no other name is asked for", SEEN,
              play=play("wild", once=True, more=beyond)),
    Behaviour("D-09", "an alias with a script in its label", SEEN, play=play("script")),
    Behaviour("D-09", "aliases with NUL in a label, or of 320 bytes; a pointer to itself; an answer that is cut off",
              UNKNOWN, play=play("nul", "long", "pointer", "cut")),
    Behaviour("D-09", "answers to another question, or with another number", UNKNOWN,
              play=play("stranger", "forged", told=COULD_NOT)),
    Behaviour("D-10", "no such name, but a search domain in which it is", UNKNOWN,
              play=play("nothing", told=NONE, once=True, more=beyond)),
]
BEHAVIOURS = [replace(one, seconds=120) for one in _ALL]     # the first waits for the scan of all
