"""Denied ranges, private ranges, and the IPv4 addresses that hide in IPv6 ones."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.targets.spans import Span
from scanner.targets.special import Need, another_notation, denial, forms, is_private, need


@pytest.mark.parametrize(("address", "why"), [
    ("169.254.169.254", "cloud metadata"), ("168.63.129.16", "cloud metadata"), ("100.100.100.200", "cloud metadata"),
    ("192.0.0.192", "cloud metadata"), ("fd00:ec2::254", "cloud metadata"), ("fe80::a9fe:a9fe", "cloud metadata"),
    ("0.0.0.0", "this-network"), ("0.255.255.255", "this-network"), ("::", "unspecified"),
    ("127.0.0.1", "loopback"), ("127.255.255.255", "loopback"), ("::1", "loopback"),
    ("169.254.0.1", "link-local"), ("fe80::1", "link-local"), ("febf::1", "link-local"),
    ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"), ("ff02::1", "multicast"),
    ("192.0.2.1", "documentation"), ("198.51.100.1", "documentation"), ("203.0.113.1", "documentation"),
    ("2001:db8::1", "documentation"), ("3fff::1", "documentation"),
    ("100.64.0.1", "carrier"), ("100.127.255.255", "carrier"), ("100.128.0.0", None),
    ("198.18.0.1", "benchmark"), ("198.19.255.255", "benchmark"), ("198.20.0.0", None),
    ("240.0.0.1", "reserved"), ("255.255.255.255", "reserved"), ("fec0::1", "site-local"),
    ("192.88.99.1", "relay"), ("192.0.0.1", "protocol assignments"), ("100::1", "discard"),
    ("10.0.0.1", None), ("172.16.0.1", None), ("192.168.0.1", None), ("fc00::1", None), ("8.8.8.8", None),
])
def test_the_table_says_what_a_special_address_is(address: str, why: str | None) -> None:
    row = denial(ip_address(address))
    assert (row.why if row else None) == why


@pytest.mark.parametrize(("address", "inner"), [
    ("192.0.2.7", []),
    ("2001:db8::1", []),
    ("::", []),
    ("::1", []),
    ("::ffff:10.0.0.1", ["10.0.0.1"]),
    ("::10.0.0.1", ["10.0.0.1"]),
    ("::ffff:0:10.0.0.1", ["10.0.0.1"]),
    ("64:ff9b::a00:1", ["10.0.0.1"]),
    ("2002:a00:1::5", ["10.0.0.1"]),
    ("2001:0:c000:207::f5ff:fffe", ["192.0.2.7", "10.0.0.1"]),      # server, and the inverted client
    ("2001:0:c000:207::3fff:fdf8", ["192.0.2.7"]),                  # both the same
    ("64:ff9b:1:a00:0:100::", ["10.0.0.1"]),                        # prefix of 48 bits
    ("64:ff9b:1::10.0.0.1", ["10.0.0.1"]),
])
def test_an_address_has_the_ipv4_forms_that_a_packet_to_it_may_reach(address: str, inner: list[str]) -> None:
    assert [str(form) for form in forms(ip_address(address))] == [str(ip_address(address)), *inner]


@pytest.mark.parametrize(("prefix", "text"), [
    (48, "64:ff9b:1:c000:2:700::"), (56, "64:ff9b:1:c0:0:207::"), (64, "64:ff9b:1:0:c0:2:700:0"),
    (96, "64:ff9b:1::c000:207"),
])
def test_local_nat64_is_read_at_every_prefix_length(prefix: int, text: str) -> None:
    """RFC 6052 section 2.2, its figure: the address goes round bits 64 to 71."""
    assert ip_address("192.0.2.7") in forms(ip_address(text))


@given(st.ip_addresses(v=4))
def test_every_wrapping_of_an_address_is_unwrapped(address: object) -> None:
    number = int(address)  # type: ignore[call-overload]
    wrapped = [0xFFFF << 32 | number, 0xFFFF << 48 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80,
               0x20010000 << 96 | (number ^ 0xFFFFFFFF)]
    assert all(address in forms(ip_address((w).to_bytes(16, "big"))) for w in wrapped)


@pytest.mark.parametrize(("address", "plain"), [
    ("::ffff:192.0.2.7", "192.0.2.7"), ("::192.0.2.7", "192.0.2.7"), ("64:ff9b::192.0.2.7", None), ("::1", None),
    ("::", None), ("192.0.2.7", None), ("2001:db8::1", None),
])
def test_mapped_and_compatible_addresses_are_another_notation(address: str, plain: str | None) -> None:
    assert another_notation(ip_address(address)) == (ip_address(plain) if plain else None)


@pytest.mark.parametrize(("net", "needed"), [
    ("127.0.0.1", Need.NOTHING), ("127.0.0.0/8", Need.NOTHING), ("::1", Need.NOTHING), ("126.0.0.0/7", Need.TABLE),
    ("10.0.0.0/8", Need.WORD), ("172.31.255.255", Need.WORD), ("172.32.0.0", Need.TABLE), ("192.168.0.0/16", Need.WORD),
    ("fd00::/8", Need.WORD), ("169.254.0.0/16", Need.WORD), ("fe80::1", Need.WORD), ("10.0.0.0/7", Need.TABLE),
    ("192.0.2.0/24", Need.TABLE), ("100.64.0.0/10", Need.TABLE), ("8.8.8.8", Need.TABLE), ("0.0.0.0/0", Need.TABLE),
])
def test_what_is_neither_loopback_nor_private_needs_the_table(net: str, needed: Need) -> None:
    assert need(Span.of(net)) is needed


@pytest.mark.parametrize(("address", "expected"), [
    ("10.1.2.3", True), ("fd00::1", True), ("169.254.1.1", True), ("127.0.0.1", False), ("8.8.8.8", False),
])
def test_private_space_is_rfc_1918_rfc_4193_and_link_local(address: str, expected: bool) -> None:
    assert is_private(ip_address(address)) is expected
