"""Worlds, made by hypothesis: few addresses, so that targets, exclusions, answers and lures meet all the time."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from hypothesis import strategies as st

from tests.bottles.lures import CARRIERS, FORMS, REDIRECTS, TRANSLATIONS, compatible, lure, mapped
from tests.bottles.oracle import FTP, addresses
from tests.bottles.world import Address, Answers, Lure, Table, Words, World

_FOUR = [IPv4Address(base) for base in ("192.0.2.0", "198.51.100.0", "192.175.48.0", "10.0.0.0", "127.0.0.0")]
_SIX = [IPv6Address(base) for base in ("2001:db8::", "2620:4f:8000::", "fd00::")]
_WIDTH = 8                                   # addresses of each of these that occur
_PORTS = (80, 8080, 81, 8000)
_HOSTS = ("files.example.org", "mixed.example.org", "shut.example.org", "deep.example.org")
_ALIAS = "edge.example.net"                  # what names are aliases of; nobody's target
_EVIL = [ip_address(text) for text in (
    "169.254.169.254", "168.63.129.16", "100.100.100.200", "0.0.0.0", "224.0.0.1", "fd00:ec2::254", "::", "fe80::1",
    "169.254.1.1", "255.255.255.255")]

four = st.builds(lambda base, n: base + n, st.sampled_from(_FOUR), st.integers(0, _WIDTH - 1))
six = st.builds(lambda base, n: base + n, st.sampled_from(_SIX), st.integers(0, _WIDTH - 1))
leading = st.builds(lambda make, address: make(address), st.sampled_from(TRANSLATIONS), four)
plain = st.one_of(four, four, six)
answer = st.one_of(plain, plain, leading, st.sampled_from(_EVIL))


def one_address(address: Address, port: int | None = None) -> Words:
    shown = f"[{address}]" if address.version == 6 else str(address)
    return Words(str(address) if port is None else f"{shown}:{port}", (address, address), None, port)


def _url(address: Address, scheme: tuple[str, int]) -> Words:
    shown = f"[{address}]" if address.version == 6 else str(address)
    return Words(f"{scheme[0]}://{shown}/", (address, address), None, scheme[1])


def network(address: Address, less: int) -> Words:
    kind = IPv4Network if address.version == 4 else IPv6Network
    net = kind((address, address.max_prefixlen - less), strict=False)
    return Words(str(net), (net[0], net[-1]))


def span(address: Address, more: int, short: bool) -> Words:
    last = address + more
    tail = str(last).rpartition(".")[2] if short and address.version == 4 else str(last)
    return Words(f"{address}-{tail}", (address, last))


def in_mapped_form(words: Words) -> Words:
    """An exclusion of IPv4 addresses, written as IPv6."""
    first, last = words.run or (None, None)
    if not isinstance(first, IPv4Address) or not isinstance(last, IPv4Address):
        return words
    run = (mapped(first), mapped(last))
    return Words(str(run[0]) if first == last else f"{run[0]}-{run[1]}", run)


runs = st.one_of(
    st.builds(one_address, plain),
    st.builds(network, plain, st.integers(0, 3)),
    st.builds(span, plain, st.integers(0, 5), st.booleans()),
)
web = st.sampled_from([("http", 80), ("https", 443), ("ftp", 21), ("ftp", 21)])
hosts = st.sampled_from(_HOSTS)
names = st.one_of(
    st.builds(lambda host: Words(host, None, host), hosts),
    st.builds(lambda host, port: Words(f"{host}:{port}", None, host, port), hosts, st.sampled_from(_PORTS)),
    st.builds(lambda host: Words(f"http://{host}/share/", None, host, 80), hosts),
)
targets = st.one_of(
    runs, runs,
    st.builds(one_address, plain, st.sampled_from(_PORTS)),
    st.builds(_url, plain, web), st.builds(_url, plain, web),
    names, names,
    st.builds(one_address, leading.filter(lambda address: address.ipv4_mapped is None and int(address) >> 32 != 0)),
)
exclusions = st.one_of(
    runs, st.builds(in_mapped_form, runs), st.builds(one_address, leading),
    st.builds(lambda host: Words(host, None, host), hosts),
    st.builds(lambda address: one_address(compatible(address)), four),
)


def _shutting(named: list[Words]) -> st.SearchStrategy[Words]:
    """Exclusions, many of them of what is named."""
    if not named:
        return exclusions
    met = st.sampled_from(named)
    return st.one_of(exclusions, met, st.builds(in_mapped_form, met))


@st.composite
def _tables(draw: st.DrawFn) -> tuple[Table, ...]:
    made = []
    for _ in range(draw(st.integers(1, 2))):
        what = tuple(draw(st.lists(targets, min_size=1, max_size=2, unique_by=lambda words: words.text)))
        shut = draw(st.lists(_shutting([one_address(each) for words in what for each in addresses(words)]), max_size=2))
        ports = draw(st.sampled_from([None, None, (8080,), (80, 81)])) if not any(w.port for w in what) else None
        made.append(Table(what, tuple(shut), ports, draw(st.sampled_from([False, False, True]))))
    return tuple(made)


answers = st.one_of(
    st.lists(answer, min_size=1, max_size=4).map(lambda found: tuple(map(str, found))),
    st.sampled_from([(_ALIAS,), ("shut.example.org",)]),
)


@st.composite
def _book(draw: st.DrawFn) -> dict[str, tuple[Answers, ...]]:
    """What each name is answered, first and later; two of the names never change, so that others lead to them."""
    still = {name: (tuple(map(str, draw(st.lists(answer, min_size=1, max_size=3)))),)
             for name in (_ALIAS, "shut.example.org")}
    return still | {name: (draw(answers), draw(answers)) for name in _HOSTS if name not in still}


lures = st.lists(
    st.builds(lure, st.one_of(st.just("redirect"), st.sampled_from(CARRIERS)), st.sampled_from(sorted(FORMS)), four,
              st.sampled_from(["192.0.2.1", "198.51.100.1"]), st.sampled_from(REDIRECTS)),
    min_size=1, max_size=4).map(lambda found: tuple(_first_of_each(found)))


def _first_of_each(found: list[Lure]) -> list[Lure]:
    """An FTP server names one place, and a page has one base."""
    single = {"PASV": 1, "base": 1, "refresh": 1, "Alt-Svc": 1}
    kept: list[Lure] = []
    for one in found:
        if sum(other.carrier == one.carrier for other in kept) < single.get(one.carrier, len(found)):
            kept.append(one)
    return kept


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """One world. Where FTP is meant, its server always names somebody else for its lists."""
    tables, shown = draw(_tables()), draw(lures)
    if any(words.port == FTP for table in tables for words in table.what):
        shown = tuple(_first_of_each([lure("PASV", "address", draw(four), ""), *shown]))
    return World(tables, draw(st.sampled_from([(80, 8080), (80,)])), draw(_book()), shown)
