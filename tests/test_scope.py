"""The permission: every decision, every trap, and the pairs against a plain set."""

from __future__ import annotations

import tomllib
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import ScopeError
from scanner.model import Address, Authorisation, Owner, Setting, Vantage
from scanner.scope import DEFAULT_PORTS, TLS_PORTS, Pin, Refusal, Scope, build
from scanner.targets import Target, parse, parse_exclusion

TODAY = date(2026, 11, 10)


def targets(*what: str, vantage: Vantage = Vantage.INTERNET, **changes: object) -> tuple[Target, ...]:
    base = (parse(text, where="TARGET") for text in what)
    return tuple(replace(t, setting=Setting(vantage=vantage), granted=True, **changes) for t in base)  # type: ignore[arg-type]


def scope(*what: str, exclude: Sequence[str] = (), **changes: object) -> Scope:
    """A scope under a table of authorisation, as if from a scope file."""
    excluded = tuple(parse_exclusion(text, where="--exclude") for text in exclude)
    return Scope(targets=targets(*what, **changes), exclusions=excluded)  # type: ignore[arg-type]


def typed(*what: str) -> list[Target]:
    return [parse(text, where=f"TARGET {i}") for i, text in enumerate(what, 1)]


def answers(**names: str) -> dict[str, tuple[Address, ...]]:
    return {name.replace("_", "."): tuple(map(ip_address, text.split())) for name, text in names.items()}


# Deciding


@pytest.mark.parametrize(("address", "port", "allowed", "reason"), [
    ("10.0.0.7", None, True, "named by 10.0.0.0/24"),
    ("10.0.0.7", 12345, True, "named by 10.0.0.0/24"),
    ("10.0.0.7", 0, False, "port 0 is not among the ports of 10.0.0.0/24"),
    ("10.0.0.7", 65536, False, "port 65536 is not among the ports of 10.0.0.0/24"),
    ("10.0.1.0", None, False, "no target names it"),
    ("9.255.255.255", None, False, "no target names it"),
    ("10.0.0.13", None, False, "excluded by 10.0.0.13"),
    ("10.0.0.65", 80, False, "excluded by 10.0.0.64-95"),
    ("10.0.0.96", 80, True, "named by 10.0.0.0/24"),
    ("10.9.9.9", 8080, True, "named by 10.9.9.9:8080"),
    ("10.9.9.9", None, True, "named by 10.9.9.9:8080"),
    ("10.9.9.9", 80, False, "port 80 is not among the ports of 10.9.9.9:8080"),
    ("::ffff:10.0.0.7", None, False, "no target names it"),
    ("::ffff:10.0.0.13", None, False, "excluded by 10.0.0.13 (it leads to 10.0.0.13)"),
    ("64:ff9b::10.0.0.7", None, True, "named by 64:ff9b::a00:0/120"),
    ("64:ff9b::10.0.0.13", None, False, "excluded by 10.0.0.13 (it leads to 10.0.0.13)"),
    ("2002:a00:d::1", None, False, "excluded by 10.0.0.13 (it leads to 10.0.0.13)"),
    ("64:ff9b::169.254.169.254", None, False, "cloud metadata, which is never contacted (it leads to 169.254.169.254)"),
    ("169.254.169.254", None, False, "cloud metadata, which is never contacted"),
    ("169.254.1.1", None, True, "named by 169.254.0.0/16"),
    ("127.0.0.1", None, False, "loopback range, which no target names itself"),
    ("::ffff:127.0.0.1", None, False, "loopback range, which no target names itself (it leads to 127.0.0.1)"),
    ("100.64.0.1", None, False, "carrier range, which no target names itself"),
    ("100.63.255.255", None, True, "named by 100.0.0.0/8"),
    ("100.100.100.200", None, False, "cloud metadata, which is never contacted"),
    ("0.0.0.0", None, False, "this-network, which is never contacted"),
    ("fe80::1%1", None, False, "'fe80::1%1' has a zone id, which means another thing on each machine"),
    ("files.example.org", None, False, "'files.example.org' is no address"),
    ("127.1", None, False, "'127.1' is no address"),
    ("", None, False, "'' is no address"),
])
def test_each_address_is_allowed_or_not_for_one_plain_reason(
    address: str, port: int | None, allowed: bool, reason: str
) -> None:
    ours = scope("10.0.0.0/24", "10.9.9.9:8080", "169.254.0.0/16", "100.0.0.0/8", "64:ff9b::a00:0/120",
                 exclude=["10.0.0.13", "10.0.0.64-95"])
    decision = ours.decide(address, port)
    assert (decision.allowed, decision.reason) == (allowed, reason)
    assert (decision.target is not None) is allowed


def test_an_address_object_with_a_zone_id_is_refused() -> None:
    assert not scope("fe80::/112").decide(IPv6Address("fe80::1%2")).allowed
    assert scope("fe80::/112").decide(IPv6Address("fe80::1")).allowed


@pytest.mark.parametrize("net", [
    "127.0.0.0/8", "127.0.0.1", "::1", "169.254.7.0/24", "224.0.0.0/4", "192.0.2.0/24", "198.51.100.7", "203.0.113.1-9",
    "2001:db8::/112", "100.64.0.0/16", "198.18.0.0/15", "240.0.0.0/8", "[fe80::7]:80", "http://127.0.0.1:8080/",
])
def test_a_special_range_is_open_where_a_target_names_it_itself(net: str) -> None:
    ours = scope(net)
    assert ours.decide(ours.targets[0].networks[0].first).allowed
    assert ours.excluded == 0


@pytest.mark.parametrize(("net", "address"), [
    ("0.0.0.0/0", "127.0.0.1"), ("126.0.0.0/7", "127.0.0.1"), ("100.0.0.0/8", "100.64.0.1"),
    ("224.0.0.0/3", "224.0.0.1"), ("192.0.0.0/8", "192.0.2.7"), ("169.254.0.0/16", "169.254.169.254"),
    ("168.63.129.16/28", "168.63.129.16"), ("192.0.0.0/24", "192.0.0.192"),
    ("64:ff9b::7f00:0/120", "64:ff9b::127.0.0.1"), ("2002:7f00:1::/112", "2002:7f00:1::1"),
])
def test_a_network_that_merely_contains_a_special_range_does_not_name_it(net: str, address: str) -> None:
    ours = scope(net)
    assert not ours.decide(address).allowed
    assert ours.excluded > 0


def test_exclusion_wins_over_the_very_target_and_in_every_notation() -> None:
    for text in ("192.0.2.7", "::ffff:192.0.2.7", "::192.0.2.7", "192.0.2.0/24", "::ffff:192.0.2.0/120", "0.0.0.0/0"):
        ours = scope("192.0.2.7", "192.0.2.7:80", "http://192.0.2.7/a/", exclude=[text])
        assert not ours.decide("192.0.2.7", 80).allowed
        assert [ours.pair(i) for i in range(len(ours))] == [None] * len(ours)


def test_an_exclusion_of_all_ipv6_leaves_ipv4_alone() -> None:
    assert scope("192.0.2.7", exclude=["::/0"]).decide("192.0.2.7").allowed


def test_decisions_are_remembered_and_the_memory_is_bounded() -> None:
    ours = scope("10.0.0.0/8")
    first = ours.decide(IPv4Address("10.0.0.1"), 80)
    assert ours.decide(IPv4Address("10.0.0.1"), 80) is first
    for i in range(70_000):
        ours.decide(IPv4Address(i + (10 << 24)), 80)
    assert len(ours._said) <= 65_536


@pytest.mark.parametrize(("host", "allowed", "reason"), [
    ("files.example.org", True, "named by https://files.example.org/a/"),
    ("FILES.example.org.", True, "named by https://files.example.org/a/"),
    ("old.example.org", False, "excluded by old.example.org"),
    ("example.org", False, "example.org is no target; names met on the way are never followed"),
    ("evil.files.example.org", False, "evil.files.example.org is no target; names met on the way are never followed"),
    ("192.0.2.7", True, "named by 192.0.2.0/24"),
    ("0x7f.1", False, "'0x7f.1' ends in a number, which programs read as an address in one notation or another"),
    ("a b", False, "'a b' is no host name: only letters, digits and inner hyphens, 63 at most between dots"),
    ("fe80::1%1", False, "'fe80::1%1' has a zone id, which means another thing on each machine"),
])
def test_a_host_is_asked_by_a_name_only_where_that_name_was_given(host: str, allowed: bool, reason: str) -> None:
    ours = scope("192.0.2.0/24", "https://files.example.org/a/", "old.example.org", exclude=["old.example.org"])
    decision = ours.decide_host(host)
    assert (decision.allowed, decision.reason) == (allowed, reason)


# Walking


def test_a_slash_eight_costs_no_memory() -> None:
    tracemalloc.start()
    ours = scope("10.0.0.0/8", "11.0.0.0/8", exclude=["10.1.0.0/16"])
    size = len(ours), ours.addresses, ours.excluded, ours.is_large
    last = ours.pair(len(ours) - 1)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == (2 * 2**24 * len(DEFAULT_PORTS), 2 * 2**24, 2**16, True)
    assert last is not None
    assert (str(last.address), last.port) == ("11.255.255.255", DEFAULT_PORTS[-1])
    assert used < 500_000


def test_a_pair_outside_the_numbers_is_an_error() -> None:
    ours = scope("192.0.2.7:80")
    for index in (-1, 1):
        with pytest.raises(IndexError):
            ours.pair(index)


@pytest.mark.parametrize(("what", "exclude", "large"), [
    ("10.0.0.0/16", [], False), ("10.0.0.0/15", [], True), ("10.0.0.0/15", ["10.0.0.0/16"], False),
])
def test_more_than_65536_addresses_left_is_large(what: str, exclude: list[str], large: bool) -> None:
    assert scope(what, exclude=exclude).is_large is large


def test_the_narrowest_target_speaks_for_an_address() -> None:
    ours = Scope(targets=(
        *targets("192.0.2.0/24"), replace(targets("192.0.2.7")[0], setting=Setting(owner=Owner(label="Telephony")))))
    assert ours.setting_at(ip_address("192.0.2.7"))[1].owner.label == "Telephony"
    assert ours.setting_at(ip_address("192.0.2.8"))[0].what == "192.0.2.0/24"
    with pytest.raises(LookupError, match=r"no target names 192\.0\.3\.1"):
        ours.setting_at(ip_address("192.0.3.1"))


BASE = int(IPv4Address("10.0.0.0"))
V6 = int(IPv6Address("64:ff9b::10.0.0.0"))


@st.composite
def runs(draw: st.DrawFn) -> str:
    """A range of few addresses, in IPv4, NAT64 or mapped notation (the last for exclusions only)."""
    first, last = sorted((draw(st.integers(0, 20)), draw(st.integers(0, 20))))
    if draw(st.booleans()):
        return f"{IPv4Address(BASE + first)}-{IPv4Address(BASE + last)}"
    return f"{IPv6Address(V6 + first)}-{IPv6Address(V6 + last)}"


@st.composite
def wishes(draw: st.DrawFn) -> tuple[str, tuple[int, ...] | None]:
    some = st.lists(st.sampled_from([80, 443, 8080, 21]), min_size=1, max_size=3, unique=True)
    ports = draw(st.none() | some)
    return draw(runs()), None if ports is None else tuple(ports)


def expand(text: str) -> set[Address]:
    span = parse_exclusion(text, where="").networks[0]
    kind = type(span.first)
    return {kind(n) for n in range(int(span.first), int(span.last) + 1)}


@settings(max_examples=300)
@given(st.lists(wishes(), min_size=1, max_size=6), st.lists(runs(), max_size=4), st.booleans())
def test_the_pairs_are_those_of_a_plain_set_each_once(
    wanted: list[tuple[str, tuple[int, ...] | None]], excluded: list[str], strict: bool
) -> None:
    default = (443, 22)
    made = tuple(replace(targets(text)[0], ports=ports) for text, ports in wanted)
    ours = Scope(targets=made, exclusions=tuple(parse_exclusion(text, where="") for text in excluded), ports=default,
                 strict_ports=strict)
    forbidden = {address for text in excluded for address in expand(text)}
    forbidden |= {IPv6Address(V6 + int(address) - BASE) for address in forbidden if address.version == 4}
    everything = {(address, port) for text, ports in wanted for address in expand(text) for port in ports or default}
    allowed = {(address, port) for address, port in everything if address not in forbidden}

    found = [ours.pair(i) for i in range(len(ours))]
    contacts = [(pair.address, pair.port) for pair in found if pair is not None]
    assert len(contacts) == len(set(contacts))
    assert set(contacts) == allowed
    assert len(ours) == len(everything)
    assert ours.addresses == len({address for address, _ in everything})
    assert ours.excluded == len({address for address, _ in everything if address in forbidden})
    assert all(pair is None or pair.address in expand(pair.target.what) for pair in found)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)), min_size=1, max_size=6), st.data())
def test_no_pair_of_any_networks_is_denied(nets: list[tuple[int, int]], data: st.DataObject) -> None:
    written = [f"{IPv4Address(n >> (32 - bits) << (32 - bits))}/{bits}" for n, bits in nets]
    ours = scope(*written)
    for _ in range(20):
        pair = ours.pair(data.draw(st.integers(0, len(ours) - 1)))
        if pair is not None:
            assert ours.decide(pair.address, pair.port).allowed
            assert pair.address not in {IPv4Address("169.254.169.254"), IPv4Address("168.63.129.16")}
            assert int(pair.address) >> 24
            assert any(pair.address in span for target in ours.targets for span in target.networks)
    assert 0 <= ours.excluded <= ours.addresses


@given(st.permutations(["10.0.0.0/24", "10.0.0.7:81", "10.0.0.9-12", "http://10.0.0.3/a/", "files.example.org"]))
def test_the_order_of_targets_changes_neither_hash_nor_numbers(order: list[str]) -> None:
    plain = scope("10.0.0.0/24", "10.0.0.7:81", "10.0.0.9-12", "http://10.0.0.3/a/", "files.example.org")
    ours = scope(*order)
    assert (ours.sha256, ours.targets_sha256, ours.layout) == (plain.sha256, plain.targets_sha256, plain.layout)
    for i in range(0, len(plain), 97):
        left, right = plain.pair(i), ours.pair(i)
        assert left is not None
        assert right is not None
        assert (left.address, left.port) == (right.address, right.port)


@pytest.mark.parametrize(("changed", "same_scope", "same_targets"), [
    (scope("192.0.2.0/24"), True, True),
    (scope("192.0.2.0/24", vantage=Vantage.INTERNAL), True, True),
    (scope("192.0.2.0-255"), True, True),
    (scope("192.0.2.0/24", exclude=["192.0.2.1"]), False, True),
    (scope("192.0.2.0/25"), False, False),
    (scope("192.0.2.0/24", ports=(80,)), False, False),
    (Scope(targets=targets("192.0.2.0/24"), ports=(80,)), False, False),
])
def test_the_hash_is_of_targets_exclusions_and_ports(changed: Scope, same_scope: bool, same_targets: bool) -> None:
    plain = scope("192.0.2.0/24")
    assert (changed.sha256 == plain.sha256) is same_scope
    assert (changed.targets_sha256 == plain.targets_sha256) is same_targets


# Names


def test_a_followed_name_permits_the_good_ones_of_its_addresses() -> None:
    ours = scope("files.example.org:80", exclude=["8.8.4.4"]).pinned(answers(
        files_example_org="8.8.8.8 8.8.4.4 127.0.0.1 169.254.169.254 10.0.0.1 ::ffff:8.8.8.8 64:ff9b::8.8.4.4 8.8.8.8"))
    assert ours.pins == (Pin("files.example.org", IPv4Address("8.8.8.8"), 0, (80,)),)
    add = 'what = ["files.example.org", "{}"]'
    assert [(str(r.address), r.reason, r.remedy) for r in ours.refusals] == [
        ("8.8.4.4", "excluded by 8.8.4.4", "none"),
        ("127.0.0.1", "loopback range, which no target names itself", add.format("127.0.0.1")),
        ("169.254.169.254", "cloud metadata, which is never contacted", "none"),
        ("10.0.0.1", "private space, while the vantage is the internet",
         'vantage = "internal", or ' + add.format("10.0.0.1")),
        ("::ffff:808:808", "an IPv4 address in another notation", add.format("8.8.8.8")),
        ("64:ff9b::808:404", "excluded by 8.8.4.4 (it leads to 8.8.4.4)", "none"),
    ]
    assert ours.decide("8.8.8.8", 80).allowed
    assert not ours.decide("8.8.8.8", 443).allowed
    assert not ours.decide("10.0.0.1", 80).allowed
    assert [(str(p.address), p.port) for p in map(ours.pair, range(len(ours))) if p] == [("8.8.8.8", 80)]


@pytest.mark.parametrize(("changes", "allowed"), [
    ({}, False), ({"vantage": Vantage.INTERNAL}, True), ({"vantage": Vantage.PARTNER}, True), ({"typed": True}, True),
    ({"vantage": Vantage.INTERNAL, "resolve": "listed"}, False),
])
def test_private_space_by_name_needs_a_vantage_inside_or_the_users_word(
    changes: dict[str, object], allowed: bool
) -> None:
    ours = scope("files.example.org", **changes).pinned(answers(files_example_org="10.0.0.1"))
    assert ours.decide("10.0.0.1").allowed is allowed
    assert len(ours.refusals) == (0 if allowed else 1)


@pytest.mark.parametrize(("literal", "tried"), [
    ("192.0.2.0/24", (80, 81)), ("192.0.2.7:81", (81,)), ("192.0.2.7:443", None), ("192.0.2.8", None),
])
def test_a_listed_name_adds_neither_address_nor_port(literal: str, tried: tuple[int, ...] | None) -> None:
    name = replace(targets("files.example.org", resolve="listed")[0], ports=(80, 81))
    ours = Scope(targets=(name, *targets(literal))).pinned(answers(files_example_org="192.0.2.7"))
    assert [pin.ports for pin in ours.pins] == ([tried] if tried else [])
    assert [r.reason for r in ours.refusals if tried] == []
    before = Scope(targets=targets(literal))
    for port in (80, 81, 443, 8080):
        assert ours.decide("192.0.2.7", port).allowed is before.decide("192.0.2.7", port).allowed


def test_an_address_that_is_listed_as_well_may_be_private_or_special() -> None:
    ours = scope("files.example.org", "10.0.0.1", "127.0.0.1").pinned(answers(files_example_org="10.0.0.1 127.0.0.1"))
    assert ours.refusals == ()
    assert ours.hosts_at(ip_address("127.0.0.1")) == ("files.example.org",)
    assert ours.hosts_at(ip_address("127.0.0.2")) == ()


@pytest.mark.parametrize(("host", "address", "allowed"), [
    ("localhost", "127.0.0.1", True), ("localhost", "::1", True), ("shop.localhost", "127.0.0.1", True),
    ("localhost", "192.0.2.7", False), ("localhost", "10.0.0.1", False), ("notlocalhost", "127.0.0.1", False),
])
def test_localhost_names_loopback_itself(host: str, address: str, allowed: bool) -> None:
    ours = scope(f"{host}:8080").pinned({host: [ip_address(address)]})
    assert ours.decide(address, 8080).allowed is allowed
    assert not ours.decide("127.0.0.2", 8080).allowed


def test_excluded_loopback_stays_excluded_by_the_name_of_localhost() -> None:
    ours = scope("localhost", exclude=["127.0.0.0/8"]).pinned({"localhost": [ip_address("127.0.0.1")]})
    assert ours.refusals == (Refusal("localhost", ip_address("127.0.0.1"), "excluded by 127.0.0.0/8", "none"),)


def test_an_excluded_name_is_not_asked_and_takes_its_addresses_with_it() -> None:
    ours = scope("8.8.8.0/24", "files.example.org", "old.example.org", exclude=["old.example.org"])
    assert (ours.hosts, ours.excluded_hosts) == (("files.example.org",), ("old.example.org",))
    pinned = ours.pinned(answers(files_example_org="8.8.8.8 9.9.9.9", old_example_org="9.9.9.9 8.8.8.13"))
    assert pinned.decide("8.8.8.8").allowed
    assert pinned.decide("8.8.8.13").reason == "excluded by old.example.org, one of whose addresses it is"
    assert [(str(r.address), r.reason) for r in pinned.refusals] == [
        ("9.9.9.9", "excluded by old.example.org, one of whose addresses it is")]
    assert pinned.hosts_at(ip_address("8.8.8.13")) == ()


def test_a_name_that_does_not_resolve_is_a_refusal_of_the_name() -> None:
    ours = scope("a.example.org", "b.example.org", "c.example.org").pinned(
        {"a.example.org": OSError("no such name"), "b.example.org": ()})
    assert [(r.host, r.address, r.reason) for r in ours.refusals] == [
        ("a.example.org", None, "does not resolve (no such name)"),
        ("b.example.org", None, "does not resolve"),
        ("c.example.org", None, "does not resolve"),
    ]
    assert len(ours) == 0
    assert ours


def test_pinning_again_forgets_the_addresses_of_before() -> None:
    first = scope("files.example.org").pinned(answers(files_example_org="8.8.8.8"))
    second = first.pinned(answers(files_example_org="9.9.9.9"))
    assert not second.decide("8.8.8.8").allowed
    assert first.decide("8.8.8.8").allowed
    assert (first.sha256, first.layout == second.layout) == (second.sha256, False)


def test_two_owners_on_one_machine_are_told_apart_by_the_port() -> None:
    north, south = (replace(target, setting=Setting(owner=Owner(controller=name))) for target, name in zip(
        targets("192.0.2.7:8080", "192.0.2.7:9090"), ("North", "South"), strict=True))
    ours = Scope(targets=(*targets("192.0.2.0/24"), north, south))
    address = ip_address("192.0.2.7")
    assert ["North", "South", None] == [ours.setting_at(address, None, port)[1].owner.controller
                                        for port in (8080, 9090, 80)]
    assert ours.setting_at(address)[1].owner.controller == "North"


def test_names_on_one_address_are_told_apart_by_their_settings_and_paths() -> None:
    inside = replace(targets("https://a.example.org/x/")[0], setting=Setting(owner=Owner(label="A")))
    ours = Scope(targets=(inside, *targets("https://a.example.org/y/", "b.example.org", "http://8.8.8.8:443/z/"))).pinned(
        answers(a_example_org="8.8.8.8", b_example_org="8.8.8.8"))
    address = ip_address("8.8.8.8")
    assert ours.hosts_at(address) == ("a.example.org", "b.example.org")
    assert ours.setting_at(address, "b.example.org")[0].what == "b.example.org"
    assert ours.setting_at(address, "a.example.org")[1].owner.label == "A"
    assert ours.setting_at(address, "c.example.org")[1].owner.label == "A"
    assert ours.paths_at(address, 443, "a.example.org") == (("/x/", ""), ("/y/", ""))
    assert ours.paths_at(address, 443, "b.example.org") == ()
    assert ours.paths_at(address, 443) == (("/z/", ""),)
    assert ours.paths_at(address, 80, "a.example.org") == ()


@settings(max_examples=100)
@given(st.lists(st.ip_addresses(), max_size=8), st.booleans(),
       st.lists(st.sampled_from(["0.0.0.0/1", "::/1", "10.0.0.0/8", "2000::/3"]), max_size=2))
def test_whatever_a_name_resolves_to_only_decided_addresses_are_pinned(
    found: list[Address], inside: bool, excluded: list[str]
) -> None:
    ours = scope("files.example.org", exclude=excluded, vantage=Vantage.INTERNAL if inside else Vantage.INTERNET)
    pinned = ours.pinned({"files.example.org": found})
    pins, refused = {p.address for p in pinned.pins}, {r.address for r in pinned.refusals if r.address is not None}
    assert pins | refused == set(found)
    assert not pins & refused
    for address in found:
        assert pinned.decide(address).allowed is (address in pins)


# Building, and whose word it takes


@pytest.mark.parametrize(("what", "word", "lacks"), [
    ("127.0.0.1", None, None), ("::1", None, None), ("http://127.0.0.1:8080/", None, None), ("localhost", None, None),
    ("10.0.0.0/8", None, "is private"), ("fd00::1", None, "is private"), ("192.168.0.1:80", None, "is private"),
    ("10.0.0.0/8", "the owner", None), ("169.254.7.0/24", "the owner", None),
    ("8.8.8.8", "the owner", "is public"), ("192.0.2.0/24", "the owner", "is public"), ("10.0.0.0/7", "x", "is public"),
    ("100.64.0.0/10", "the owner", "is public"), ("64:ff9b::10.0.0.1", "the owner", "is public"),
])
def test_loopback_needs_nothing_private_a_word_and_public_a_table(
    what: str, word: str | None, lacks: str | None
) -> None:
    if lacks is None:
        ours = build(targets=typed(what), authorised_by=word, today=TODAY)
        assert ours.authorisation.authorised_by == word
        return
    with pytest.raises(ScopeError, match=f"^{typed(what)[0].what} {lacks}: ".replace("[", r"\[")) as caught:
        build(targets=typed(what), authorised_by=word, today=TODAY)
    pasted = tomllib.loads(str(caught.value).partition("\n\n")[2])
    assert pasted["target"] == [{"what": [what]}]


def test_the_pasted_scope_file_holds_all_targets_and_exclusions() -> None:
    with pytest.raises(ScopeError, match=r"8\.8\.8\.8 is public and 1 more") as caught:
        build(targets=typed("8.8.8.8", "10.0.0.1", "localhost"), today=TODAY,
              exclude=[parse_exclusion("10.0.0.9", where="")])
    pasted = tomllib.loads(str(caught.value).partition("\n\n")[2])
    assert pasted["target"] == [{"what": ["8.8.8.8", "10.0.0.1", "localhost"], "exclude": ["10.0.0.9"]}]


def test_a_name_is_judged_by_its_addresses_once_they_are_known() -> None:
    ours = build(targets=typed("a.example.org", "b.example.org"), authorised_by="the owner", today=TODAY)
    assert ours.unauthorised() == ()
    pinned = ours.pinned(answers(a_example_org="10.0.0.1", b_example_org="8.8.8.8 8.8.4.4"))
    assert pinned.unauthorised() == ("b.example.org (8.8.8.8) is public", "b.example.org (8.8.4.4) is public")
    with pytest.raises(ScopeError, match=r"^b\.example\.org \(8\.8\.8\.8\) is public and 1 more"):
        pinned.require_authorisation(TODAY)


def test_without_targets_there_is_no_scope() -> None:
    with pytest.raises(ScopeError, match="no targets; write an address"):
        build(today=TODAY)


@pytest.mark.parametrize(("what", "why"), [
    ("169.254.169.254", "cloud metadata"), ("http://100.100.100.200/latest/", "cloud metadata"),
    ("0.0.0.0", "this-network"),
    ("0.0.0.0/8", "this-network"), ("[::]:80", "unspecified"),
])
def test_a_target_that_is_never_contacted_is_an_error(what: str, why: str) -> None:
    with pytest.raises(ScopeError, match=f"^TARGET 1: .* is {why}, which is never contacted; leave it out"):
        build(targets=typed(what), authorised_by="me", today=TODAY)


FILE = """\
[authorisation]
organisation = "Region Example"
authorised_by = "CISO"
contact = "security@example.org"

[[target]]
what = ["192.0.2.0/24", "files.example.org", "203.0.113.7:8080"]
exclude = ["192.0.2.13"]
label = "Telephony"
ports = [80, 443, 8080]
resolve = "listed"

[[target]]
what = ["198.51.100.0/24"]

[scan]
ports = ["8000-8001"]

[limits]
rate = 7

[score]
table = "ours.toml"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "scope.toml"
    path.write_text(FILE)
    return path


def test_a_scope_file_alone_is_the_whole_scope(file: Path) -> None:
    ours = build(file=file, today=TODAY)
    assert [(t.what, t.ports) for t in ours.targets] == [
        ("192.0.2.0/24", (80, 443, 8080)), ("files.example.org", (80, 443, 8080)), ("203.0.113.7:8080", (8080,)),
        ("198.51.100.0/24", None),
    ]
    assert (ours.ports, ours.strict_ports, ours.limits.rate) == ((8000, 8001), True, 7)
    assert ours.score_table == file.parent / "ours.toml"
    assert ours.authorisation == Authorisation(organisation="Region Example", authorised_by="CISO",
                                               contact="security@example.org")
    assert not ours.decide("192.0.2.13").allowed
    assert ours.decide("198.51.100.7", 8000).allowed
    assert not ours.decide("198.51.100.7", 80).allowed


def test_typed_targets_choose_from_the_scope_file_and_take_its_settings(file: Path) -> None:
    ours = build(file=file, targets=typed("192.0.2.7", "http://files.example.org/a/b.wav", "192.0.2.13"),
                 exclude=[parse_exclusion("192.0.2.8", where="")], contact="other@example.org", today=TODAY)
    assert [(t.what, t.ports, t.setting.owner.label, t.resolve) for t in ours.targets] == [
        ("192.0.2.7", (80, 443, 8080), "Telephony", "listed"),
        ("http://files.example.org/a/b.wav", (80,), "Telephony", "listed"),
        ("192.0.2.13", (80, 443, 8080), "Telephony", "listed"),
    ]
    assert (ours.addresses, ours.excluded) == (2, 1)
    assert not ours.decide("192.0.2.9").allowed
    assert ours.authorisation.contact == "other@example.org"
    assert ours.warnings == (
        "TARGET 2: '/a/b.wav' looks like a file: its directory /a/ is asked for, files never are",)


@pytest.mark.parametrize("what", [
    "192.0.3.0/24", "192.0.2.0/23", "10.0.0.1", "other.example.org", "192.0.2.7:22", "files.example.org:8443",
    "203.0.113.7:80",
])
def test_a_typed_target_that_the_scope_file_does_not_hold_is_an_error(file: Path, what: str) -> None:
    with pytest.raises(ScopeError, match=r"^TARGET 1: .* is not in .*scope\.toml; write what = "):
        build(file=file, targets=typed(what), today=TODAY)


@pytest.mark.parametrize(("what", "word"), [
    ("127.0.0.1:8080", None), ("localhost", None), ("10.0.0.1", "the owner"), ("intern.example.org", "the owner"),
])
def test_beside_the_scope_file_stand_loopback_and_what_a_word_covers(file: Path, what: str, word: str | None) -> None:
    ours = build(file=file, targets=typed(what), authorised_by=word, today=TODAY)
    assert [(t.what, t.granted) for t in ours.targets] == [(what, False)]
    public = ours.pinned({host: [ip_address("8.8.8.8")] for host in ours.hosts})
    assert public.unauthorised() == tuple(f"{host} (8.8.8.8) is public" for host in ours.hosts)


def test_the_ports_flag_chooses_among_a_targets_ports_and_leaves_written_ports_alone(file: Path) -> None:
    ours = build(file=file, ports=(443, 22), today=TODAY)
    assert [(t.what, t.ports) for t in ours.targets] == [
        ("192.0.2.0/24", (443,)), ("files.example.org", (443,)), ("203.0.113.7:8080", (8080,)),
        ("198.51.100.0/24", None),
    ]
    assert (ours.ports, ours.strict_ports) == ((443, 22), True)
    with pytest.raises(ScopeError, match=r"none of --ports is among the ports of 192\.0\.2\.0/24"):
        build(file=file, ports=(22,), today=TODAY)


def test_a_target_written_twice_is_one(file: Path) -> None:
    ours = build(targets=typed("127.0.0.1", "127.0.0.1/32", "127.0.0.1:80"), today=TODAY)
    assert [t.what for t in ours.targets] == ["127.0.0.1", "127.0.0.1:80"]


def test_a_scope_file_without_a_table_covers_loopback_only(tmp_path: Path) -> None:
    path = tmp_path / "scope.toml"
    path.write_text('[[target]]\nwhat = ["10.0.0.1"]\n')
    with pytest.raises(ScopeError, match=r"^10\.0\.0\.1 is private"):
        build(file=path, today=TODAY)
    assert build(file=path, authorised_by="the owner", today=TODAY).authorisation.authorised_by == "the owner"


def test_the_ports_of_tls_are_among_those_tried() -> None:
    assert len(DEFAULT_PORTS) == len(set(DEFAULT_PORTS)) == 37
    assert set(DEFAULT_PORTS) >= TLS_PORTS
