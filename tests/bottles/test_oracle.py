"""The oracle by hand: what the words of the promises allow in a few worlds that anyone can check."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tests.bottles.lures import TRANSLATIONS
from tests.bottles.oracle import Oracle, meanings
from tests.bottles.world import Table, Words, World

SEVEN, PUBLIC, PRIVATE = "192.0.2.7", "192.175.48.7", "10.0.0.7"


def words(text: str) -> Words:
    first, _, last = text.partition("-")
    try:
        return Words(text, (ip_address(first), ip_address(last or first)))
    except ValueError:
        return Words(text, None, text)


def oracle(what: str, *exclude: str, told: tuple[str, ...] = (), listed: bool = False) -> Oracle:
    table = Table((words(what),), tuple(map(words, exclude)), listed=listed)
    book = {name: frozenset(map(ip_address, told)) for name in ("files.example.org", "shut.example.org")}
    return Oracle(World((table,)), book)


@pytest.mark.parametrize(("one", "address", "port", "allowed"), [
    (oracle(SEVEN), SEVEN, 80, True),
    (oracle(SEVEN), SEVEN, 81, False),
    (oracle(SEVEN), "192.0.2.8", 80, False),
    (oracle("192.0.2.1-192.0.2.9"), SEVEN, 8080, True),
    (oracle("192.0.2.1-192.0.2.9", SEVEN), SEVEN, 80, False),
    (oracle("192.0.2.1-192.0.2.9", "::ffff:192.0.2.7"), SEVEN, 80, False),
    (oracle("192.0.2.1-192.0.2.9", "::192.0.2.7"), SEVEN, 80, False),
    (oracle(SEVEN, "shut.example.org", told=(SEVEN,)), SEVEN, 80, False),
    (oracle("64:ff9b::c0af:3007"), "64:ff9b::c0af:3007", 80, True),
    (oracle("64:ff9b::c0af:3007", PUBLIC), "64:ff9b::c0af:3007", 80, False),
    (oracle("2002:c0af:3007::1", PUBLIC), "2002:c0af:3007::1", 80, False),
    (oracle("64:ff9b::a9fe:a9fe"), "64:ff9b::a9fe:a9fe", 80, False),
    (oracle("169.254.169.254"), "169.254.169.254", 80, False),
    (oracle("files.example.org", told=(PUBLIC,)), PUBLIC, 80, True),
    (oracle("files.example.org", told=(PRIVATE,)), PRIVATE, 80, False),
    (oracle("files.example.org", told=(SEVEN,)), SEVEN, 80, False),
    (oracle("files.example.org", told=(PUBLIC,), listed=True), PUBLIC, 80, False),
    (oracle("files.example.org", PUBLIC, told=(PUBLIC,)), PUBLIC, 80, False),
    (oracle("files.example.org", told=()), PUBLIC, 80, False),
])
def test_what_may_be_contacted(one: Oracle, address: str, port: int, allowed: bool) -> None:
    assert allowed == one.allows(ip_address(address), port)


@pytest.mark.parametrize("make", TRANSLATIONS, ids=lambda make: make.__name__)
def test_every_way_into_ipv6_leads_back(make) -> None:
    assert ip_address(SEVEN) in meanings(make(ip_address(SEVEN)))
