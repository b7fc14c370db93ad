"""Addresses with a meaning of their own: what is denied, what is private, what hides inside what. No sockets.

An explicit table, because `ipaddress.is_global` answers another question: it holds 168.63.129.16, site-local and
translated addresses for global. Sources: the IANA special-purpose registries (RFC 6890 and its updates), and the
cloud providers' manuals for their metadata services.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address

from scanner.model import Address
from scanner.targets.spans import Layers, Span


@dataclass(frozen=True, slots=True)
class Denial:
    """A range that is not contacted, and why. `always`: not even when a target names it."""

    span: Span
    why: str
    always: bool = False


_METADATA = (
    "169.254.169.254",                       # Amazon, Azure, Google, Oracle, DigitalOcean, Hetzner and others
    "169.254.169.253", "169.254.169.123",    # Amazon: resolver, clock
    "169.254.170.2", "169.254.170.23",       # Amazon: task and pod credentials
    "169.254.0.23", "169.254.10.10",         # Tencent, OVH
    "169.254.42.42",                         # Scaleway
    "168.63.129.16",                         # Azure wire server; a public address by its look
    "100.100.100.200",                       # Alibaba
    "192.0.0.192",                           # Oracle, older
    "fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::123", "fd00:ec2::23",
    "fd00:42::42",                           # Scaleway
    "fd20:ce::254",                          # Google
    "fe80::a9fe:a9fe",                       # OpenStack
)

_RANGES = (
    ("127.0.0.0/8", "loopback"), ("::1/128", "loopback"),
    ("169.254.0.0/16", "link-local"), ("fe80::/10", "link-local"),
    ("224.0.0.0/4", "multicast"), ("ff00::/8", "multicast"),
    ("192.0.2.0/24", "documentation"), ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
    ("2001:db8::/32", "documentation"), ("3fff::/20", "documentation"),
    ("100.64.0.0/10", "carrier"),
    ("192.0.0.0/24", "protocol assignments"), ("192.88.99.0/24", "relay"), ("198.18.0.0/15", "benchmark"),
    ("2001:2::/48", "benchmark"), ("100::/64", "discard"), ("fec0::/10", "site-local"), ("240.0.0.0/4", "reserved"),
)

DENIALS = (
    *(Denial(Span.of(address), "cloud metadata", always=True) for address in _METADATA),
    Denial(Span.of("0.0.0.0/8"), "this-network", always=True),      # connecting to 0.0.0.0 reaches this machine
    Denial(Span.of("::/128"), "unspecified", always=True),
    *(Denial(Span.of(net), why) for net, why in _RANGES),
)

_TABLE = Layers((row.span, i) for i, row in enumerate(DENIALS))
_PRIVATE = tuple(Span.of(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))


def denial(address: Address) -> Denial | None:
    """What the table says of this one form of an address: the narrowest row, so that metadata goes first."""
    rows = _TABLE.at(address)
    return DENIALS[rows[0]] if rows else None


def denials(span: Span) -> Iterator[Denial]:
    """The rows that hold the whole span, narrowest first."""
    return (DENIALS[i] for i in _TABLE.at(span.first) if span.last in DENIALS[i].span)


class Need(IntEnum):
    """How much permission contacting an address takes."""

    NOTHING = 0                              # loopback
    WORD = 1                                 # private: --authorised-by TEXT
    TABLE = 2                                # public: the [authorisation] table


_NEEDS = (
    *((row.span, Need.NOTHING) for row in DENIALS if row.why == "loopback"),
    *((span, Need.WORD) for span in _PRIVATE),
    *((row.span, Need.WORD) for row in DENIALS if row.why == "link-local"),
)
_NEED = Layers((span, i) for i, (span, _) in enumerate(_NEEDS))


def need(span: Span) -> Need:
    """The most that any address of the span takes. What is neither loopback nor private counts as public."""
    return min((_NEEDS[i][1] for i in _NEED.at(span.first) if span.last in _NEEDS[i][0]), default=Need.TABLE)


def is_private(address: Address) -> bool:
    """RFC 1918, RFC 4193 and link-local."""
    return any(_NEEDS[i][1] is Need.WORD for i in _NEED.at(address))


TRANSLATED = tuple(Span.of(net) for net in (
    "::/96",                                 # IPv4-compatible, RFC 4291 section 2.5.5.1
    "::ffff:0:0/96",                         # IPv4-mapped, section 2.5.5.2
    "::ffff:0:0:0/96",                       # IPv4-translated, RFC 2765
    "64:ff9b::/96",                          # NAT64, RFC 6052
    "64:ff9b:1::/48",                        # local NAT64, RFC 8215: the length of the prefix is the operator's
    "2001::/32",                             # Teredo, RFC 4380
    "2002::/16",                             # 6to4, RFC 3056
))
_COMPATIBLE, _MAPPED, _OLD_MAPPED, _NAT64, _LOCAL_NAT64, _TEREDO, _SIX_TO_FOUR = TRANSLATED


def forms(address: Address) -> tuple[Address, ...]:
    """The address, and every IPv4 address that a packet sent to it may reach through a translator or tunnel."""
    if isinstance(address, IPv4Address):
        return (address,)
    return (address, *dict.fromkeys(_embedded(address)))


def another_notation(address: Address) -> IPv4Address | None:
    """The IPv4 address that this IPv6 address is nothing but another way of writing."""
    if isinstance(address, IPv6Address) and (address in _MAPPED or (address in _COMPATIBLE and int(address) > 1)):
        return _low(int(address))
    return None


def _low(number: int) -> IPv4Address:
    return IPv4Address(number & 0xFFFFFFFF)


def _embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    number = int(address)
    if address in _LOCAL_NAT64:
        yield from _local_nat64(number)
    elif address in _TEREDO:
        yield _low(number >> 64)             # the server, and the client's address, whose bits are inverted
        yield _low(~number)
    elif address in _SIX_TO_FOUR:
        yield _low(number >> 80)
    elif number > 1 and any(address in run for run in (_COMPATIBLE, _MAPPED, _OLD_MAPPED, _NAT64)):
        yield _low(number)


def _local_nat64(number: int) -> Iterator[IPv4Address]:
    """RFC 6052 section 2.2: the address stands behind a prefix of 48, 56, 64 or 96 bits, jumping over bits 64 to 71."""
    joined = (number >> 64 << 56) | (number & ((1 << 56) - 1))
    for candidate in (_low(joined >> 40), _low(joined >> 32), _low(joined >> 24), _low(number)):
        if int(candidate) >> 24:             # 0.x.y.z: padding of another prefix length
            yield candidate
