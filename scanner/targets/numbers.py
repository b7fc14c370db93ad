"""Addresses, networks, ranges and ports as people write them. One notation each; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, ip_address, ip_network

from scanner.errors import UsageError
from scanner.model import Address
from scanner.targets.spans import Span
from scanner.targets.special import another_notation
from scanner.targets.target import FormError, shown

DEFAULT_PORTS = (
    21, 80, 81, 111, 139, 143, 110, 443, 445, 591, 873, 990, 993, 995, 2049, 2121, 3000, 4443, 5000, 5001, 5005, 5006,
    8000, 8008, 8080, 8081, 8088, 8090, 8200, 8443, 8888, 9000, 9001, 9090, 9443, 10000, 22,
)
TLS_PORTS = frozenset({443, 990, 993, 995, 4443, 5001, 5006, 8443, 9443})

_WIDEST_V6 = 1 << 16
_TOO_WIDE = "is wider than /112, which cannot be walked"
_NARROWER = "name hosts, or give a list of addresses with -l FILE"
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_SHORT = re.compile(r"0|[1-9][0-9]{0,2}")


def address(text: str) -> Address | None:
    """The address that `text` is, None where it is none. Zone ids raise FormError."""
    if "%" in text and ":" in text:
        raise FormError("has a zone id, which means another thing on each machine", "write a global address")
    try:
        return ip_address(text)
    except ValueError:
        return None


def single(text: str) -> Span | None:
    """One address as a span; another notation of an IPv4 address raises FormError."""
    found = address(text)
    return None if found is None else _plain(Span(found, found))


def network(text: str) -> Span:
    """A CIDR network. Raises FormError: host bits set, a mask, an IPv6 network wider than /112."""
    span = _network(text)
    return _narrow(_plain(span))


def span_text(text: str) -> Span | None:
    """`192.0.2.1-40` or two whole addresses with a hyphen between; None where it is no range."""
    left, _, right = text.partition("-")
    first = address(left)
    if first is None:
        return None
    last = _short_end(first, right) or address(right)
    return None if last is None else _narrow(_plain(_run(first, last)))


def excluded_span(text: str) -> Span | None:
    """An address, network or range that is excluded: of any width and any notation."""
    if "/" in text:
        return _network(text)
    found = address(text)
    if found is not None:
        return Span(found, found)
    left, _, right = text.partition("-")
    first = address(left)
    last = first and (_short_end(first, right) or address(right))
    return _run(first, last) if first and last else None


def port(text: str) -> int:
    """A port number without sign, space or leading zero. Raises FormError."""
    if not _PORT.fullmatch(text) or int(text) > 65535:
        raise FormError(f"has {shown(text)} for a port", "write a number from 1 to 65535")
    return int(text)


def ports(text: str) -> tuple[int, ...]:
    """`80,443,8000-8100` as numbers in the order written, each once. Raises UsageError."""
    return ports_of([text])


def ports_of(parts: Iterable[int | str]) -> tuple[int, ...]:
    """Ports from a scope file's list: numbers, or text as `ports` takes it. Raises UsageError."""
    pieces = [piece for part in parts for piece in str(part).split(",")]
    try:
        return tuple(dict.fromkeys(number for piece in pieces for number in _port_run(piece.strip(" "))))
    except FormError as error:
        raise UsageError(f"the list of ports {error.why}; {error.right}") from None


def _port_run(piece: str) -> range:
    left, hyphen, right = piece.partition("-")
    first, last = port(left), port(right if hyphen else left)
    if first > last:
        raise FormError(f"has {shown(piece)}, whose end lies before its start", f"write {last}-{first}")
    return range(first, last + 1)


def _network(text: str) -> Span:
    left, _, bits = text.partition("/")
    base = address(left)
    if base is None:
        raise FormError("is no network, and a URL begins with http:// or https://",
                        "write 192.0.2.0/24, or the whole URL")
    if not re.fullmatch(r"0|[1-9][0-9]{0,2}", bits) or int(bits) > base.max_prefixlen:
        raise FormError(f"has no prefix length from 0 to {base.max_prefixlen}", f"write such as {base}/{_usual(base)}")
    net = ip_network(f"{base}/{bits}", strict=False)
    if net.network_address != base:
        raise FormError("is no network: bits are set behind its prefix", f"write {net}, or {base} for the one address")
    return Span(net[0], net[-1])


def _usual(base: Address) -> int:
    return 24 if base.version == 4 else 120


def _short_end(first: Address, right: str) -> Address | None:
    """The last address of `192.0.2.1-40`, where only the last number is written."""
    if not isinstance(first, IPv4Address) or not _SHORT.fullmatch(right) or int(right) > 255:
        return None
    return IPv4Address(int(first) & 0xFFFFFF00 | int(right))


def _run(first: Address, last: Address) -> Span:
    if first.version != last.version:
        raise FormError("mixes IPv4 and IPv6", "write both ends in one of them")
    if int(first) > int(last):
        raise FormError("ends before it begins", f"write {last}-{first}")
    return Span(first, last)


def _narrow(span: Span) -> Span:
    if span.first.version == 6 and span.size > _WIDEST_V6:
        raise FormError(_TOO_WIDE, _NARROWER)
    return span


def _plain(span: Span) -> Span:
    last = another_notation(span.last)
    if last is not None:
        first = another_notation(span.first) or last
        raise FormError("is IPv4 in another notation", f"write {Span(min(first, last), last)}")
    return span
