"""Silence is held back until something shows whose silence it is."""

from __future__ import annotations

from ipaddress import IPv4Address

from scanner.discover.breaker import Breaker
from scanner.discover.knock import Knock
from scanner.net.dial import State


def knock(host: int, state: State, index: int = 0) -> Knock:
    return Knock(index, IPv4Address(0xC6336400 + host), 80, state, 0.01)


def awake(*hosts: int) -> Breaker:
    breaker = Breaker()
    for host in hosts:
        breaker.settle(knock(host, State.CLOSED))
    return breaker


def test_before_anything_answered_silence_is_told_at_once() -> None:
    silent = knock(1, State.SILENT)
    assert Breaker().settle(silent) == [silent]


def test_after_answers_silence_is_held_until_the_next_answer() -> None:
    breaker = awake(1, 2, 3)
    silent, unreachable, opened = knock(4, State.SILENT), knock(5, State.UNREACHABLE), knock(1, State.OPEN)
    assert [breaker.settle(silent), breaker.settle(unreachable)] == [[], []]
    assert breaker.settle(opened) == [silent, unreachable, opened]


def test_a_long_silence_of_many_hosts_is_suspicious() -> None:
    breaker = awake(1, 2, 3)
    for host in range(127):
        breaker.settle(knock(host, State.SILENT))
    assert not breaker.suspicious
    breaker.settle(knock(200, State.SILENT))
    assert breaker.suspicious


def test_first_tries_without_an_answer_count() -> None:
    breaker = awake(1, 2, 3)
    for host in range(128):
        breaker.missed(knock(host, State.SILENT).address)
    assert breaker.suspicious


def test_the_silence_of_a_few_hosts_is_theirs() -> None:
    breaker = awake(1, 2, 3)
    for i in range(1000):
        breaker.settle(knock(i % 4, State.SILENT))
    assert not breaker.suspicious
    assert not breaker.doubtful


def test_two_witnesses_prove_nothing() -> None:
    breaker = awake(1, 2)
    for host in range(200):
        assert len(breaker.settle(knock(host, State.SILENT))) == 1
    assert not breaker.suspicious


def test_the_witnesses_are_hosts_that_answered_lately() -> None:
    breaker = awake(1, 2, 2, 3, 4, 5)
    assert [int(witness.address) & 0xFF for witness in breaker.witnesses] == [1, 2, 3, 4, 5]
    for host in range(6, 200):
        breaker.settle(knock(host, State.OPEN))
    assert min(int(witness.address) & 0xFF for witness in breaker.witnesses) > 100


def test_a_false_alarm_tells_what_was_held_and_is_slower_to_doubt_again() -> None:
    breaker = awake(1, 2, 3)
    silent = [knock(host, State.SILENT, host) for host in range(128)]
    for one in silent:
        breaker.settle(one)
    assert breaker.cleared() == silent
    for one in silent:
        breaker.settle(one)
    assert not breaker.suspicious
    assert breaker.doubtful
    assert breaker.release() == silent
