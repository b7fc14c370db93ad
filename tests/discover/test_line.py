"""The line of tries: what was spoilt goes first, silence waits its time, the rest is read as needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import count

from scanner.discover.line import Line, Try
from scanner.model import Address


@dataclass(frozen=True)
class Wanted:
    address: Address
    port: int


HERE = ip_address("192.0.2.7")


def wanted(*ports: int) -> list[tuple[int, Wanted | None]]:
    return [(i, Wanted(HERE, port) if port else None) for i, port in enumerate(ports)]


def taken(line: Line) -> Try:
    job = line.take(0)
    assert job is not None
    return job


def test_pairs_come_in_their_order_and_holes_are_skipped() -> None:
    line = Line(wanted(0, 80, 0, 0, 81))
    assert [line.take(0), line.take(0), line.take(0)] == [Try(1, HERE, 80), Try(4, HERE, 81), None]
    assert line.empty


def test_silence_waits_until_it_is_due() -> None:
    line = Line(wanted(80, 81))
    line.later(taken(line), due=5)
    assert line.take(4) == Try(1, HERE, 81)
    assert [line.take(4), line.due(4)] == [None, 5]
    assert line.take(5) == Try(0, HERE, 80, second=True)


def test_what_was_spoilt_goes_first() -> None:
    line = Line(wanted(80, 81))
    spoilt = taken(line)
    line.again(spoilt)
    assert line.due(3) == 3
    assert line.take(0) == spoilt


def test_an_endless_run_of_holes_does_not_hold_the_line() -> None:
    holes: Iterator[tuple[int, Wanted | None]] = ((i, None) for i in count())
    line = Line(holes)
    assert [line.take(0), line.empty, line.due(7)] == [None, False, 7]


def test_nothing_left_is_never_due() -> None:
    line = Line([])
    assert [line.take(0), line.due(0), line.empty] == [None, None, True]
