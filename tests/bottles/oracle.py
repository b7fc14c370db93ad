"""The oracle: whom a scan of a world may contact, from the words of the promises with `ipaddress` alone.

The words (README, "A first scan" and "What can be named"; CONTRIBUTING, promise 2): exclusion always wins, on names
and on addresses, in every notation of an address; cloud metadata never; a special range only where a target names
it itself; else what a target names, at its ports. A name stands for what it was first answered, and for nothing
private or special by that alone. FTP's lists come over a second port of the same address, never below 1024.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from tests.bottles.world import Address, Table, Words, World

FTP = 21
NEVER = [ip_network(text) for text in (
    "169.254.169.254/32", "168.63.129.16/32", "100.100.100.200/32", "169.254.170.2/32", "fd00:ec2::254/128",
    "0.0.0.0/8", "::/128")]
SPECIAL = [ip_network(text) for text in (
    "127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8", "192.0.2.0/24",
    "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "100.64.0.0/10", "240.0.0.0/4")]
PRIVATE = [ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")
_LOW_32 = [ip_network(text) for text in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")]


@cache
def meanings(address: Address) -> frozenset[Address]:
    """An address, and the IPv4 addresses that it stands for or leads to (RFC 4291, 6052, 3056, 4380, 2765)."""
    return frozenset((address, *_within(address))) if isinstance(address, IPv6Address) else frozenset((address,))


def _within(address: IPv6Address) -> Iterator[IPv4Address]:
    if any(address in network for network in _LOW_32) and int(address) > 1:
        yield IPv4Address(int(address) % 2**32)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _LOCAL_NAT64:              # with the prefix of 96 bits: what our worlds write
        yield IPv4Address(int(address) % 2**32)


def is_in(address: Address, networks: list) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def covers(run: tuple[Address, Address] | None, address: Address) -> bool:
    return run is not None and run[0].version == address.version and run[0] <= address <= run[1]


@dataclass
class Oracle:
    """Judges contacts of one scan. `told`: what each name was answered when it was first asked for."""

    world: World
    told: Mapping[str, frozenset[Address]] = field(default_factory=dict)

    def excludes(self, address: Address) -> bool:
        """Whether somebody wrote that it is not to be touched."""
        shut: set[Address] = set()
        for words in self.world.shut:
            for known in self.told.get(words.host or "", ()):
                shut |= _same(known)
            for meaning in meanings(address):
                if covers(words.run, meaning) or covers(_plain(words.run), meaning):
                    return True
        return not shut.isdisjoint(meanings(address))

    def forbids(self, address: Address, *, named: bool = True) -> bool:
        """Whether nothing that a target says opens it. `named`: a target may name its range."""
        if self.excludes(address) or any(is_in(meaning, NEVER) for meaning in meanings(address)):
            return True
        return any(is_in(meaning, SPECIAL) and not (named and self._names_its_range(meaning))
                   for meaning in meanings(address))

    def allows(self, address: Address, port: int) -> bool:
        """Whether a connection may be tried."""
        if self.forbids(address):
            return False
        ports = set().union(*(self._ports(words, table) for words, table in self.world.wanted
                              if self._means(words, table, address)), ())
        return port in ports or (FTP in ports and port >= 1024)

    def named(self, words: Words, table: Table) -> set[tuple[Address, int]]:
        """The pairs that a thing names by address."""
        return {(address, port) for address in addresses(words) for port in self._ports(words, table)}

    def must(self) -> set[tuple[Address, int]]:
        """What is named by its own address and nothing forbids: a scan that leaves it out has looked nowhere."""
        return {pair for words, table in self.world.wanted for pair in self.named(words, table)
                if not self.forbids(pair[0])}

    def _means(self, words: Words, table: Table, address: Address) -> bool:
        if words.host is None:
            return covers(words.run, address)
        if address not in self.told.get(words.host, ()):
            return False
        listed = any(covers(each.run, address) for each, _ in self.world.wanted)
        private = any(is_in(meaning, PRIVATE) for meaning in meanings(address))
        return listed or not (table.listed or private)

    def _ports(self, words: Words, table: Table) -> set[int]:
        return {words.port} if words.port else set(table.ports or self.world.ports)

    def _names_its_range(self, address: Address) -> bool:
        """A target of addresses that lies within the special range which the address lies in."""
        ranges = [network for network in SPECIAL if is_in(address, [network])]
        return any(words.run is not None and covers(words.run, address) and is_in(words.run[0], [network])
                   and is_in(words.run[1], [network]) for words, _ in self.world.wanted for network in ranges)


def addresses(words: Words) -> list[Address]:
    """Each address of a run."""
    if words.run is None:
        return []
    return [ip_address(number) if words.run[0].version == 4 else IPv6Address(number)
            for number in range(int(words.run[0]), int(words.run[1]) + 1)]


def _same(address: Address) -> set[Address]:
    """The address, and the IPv4 address that it is another way of writing: mapped or compatible (RFC 4291 2.5.5)."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped is not None or 1 < int(address) < 2**32):
        return {address, IPv4Address(int(address) % 2**32)}
    return {address}


def _plain(run: tuple[Address, Address] | None) -> tuple[Address, Address] | None:
    """A run of IPv6 addresses that are another way of writing IPv4 addresses, as these."""
    ends = [form for end in run or () for form in _same(end) if form.version == 4]
    return (ends[0], ends[1]) if run is not None and run[0].version == 6 and len(ends) == 2 else None
