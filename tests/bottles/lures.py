"""Lures: the forms in which a text names another place, and the carriers that bring it. Each has shown that it works:
a control follows every one of them (test_bottles.py).
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

from tests.bottles.world import Lure

ELSEWHERE = "elsewhere.example.net"          # a name that no scope names
OUTSIDE = IPv4Address("198.51.100.201")      # where it leads
FORBIDDEN_PORT = 81
LISTS = 20_021                               # where FTP servers say that lists are to be had


def _embedded(prefix: str, address: IPv4Address, shift: int = 0) -> IPv6Address:
    return IPv6Address(int(IPv6Address(prefix)) | int(address) << shift)


def nat64(address: IPv4Address) -> IPv6Address:
    return _embedded("64:ff9b::", address)


def local_nat64(address: IPv4Address) -> IPv6Address:
    return _embedded("64:ff9b:1::", address)


def mapped(address: IPv4Address) -> IPv6Address:
    return _embedded("::ffff:0:0", address)


def compatible(address: IPv4Address) -> IPv6Address:
    return _embedded("::", address)


def translated(address: IPv4Address) -> IPv6Address:
    return _embedded("::ffff:0:0:0", address)


def six_to_four(address: IPv4Address) -> IPv6Address:
    return _embedded("2002::1", address, 80)


def teredo_client(address: IPv4Address) -> IPv6Address:
    return _embedded("2001:0:4136:e378::", IPv4Address(int(address) ^ 0xFFFFFFFF))


def teredo_server(address: IPv4Address) -> IPv6Address:
    return _embedded("2001::", address, 64)


TRANSLATIONS = (nat64, local_nat64, mapped, compatible, translated, six_to_four, teredo_client, teredo_server)
"""Ways in which an IPv6 address leads to an IPv4 address."""


def _dotted(form: Callable[[int], str]) -> Callable[[IPv4Address, str], tuple[str, str]]:
    return lambda out, within: ("http://" + ".".join(form(byte) for byte in out.packed) + "/", str(out))


def _six(make: Callable[[IPv4Address], IPv6Address]) -> Callable[[IPv4Address, str], tuple[str, str]]:
    return lambda out, within: (f"http://[{make(out)}]/", str(out if make is mapped else make(out)))


FORMS: dict[str, Callable[[IPv4Address, str], tuple[str, str]]] = {
    "address": lambda out, within: (f"http://{out}/", str(out)),
    "TLS": lambda out, within: (f"https://{out}/", str(out)),
    "no scheme": lambda out, within: (f"//{out}/", str(out)),
    "capitals": lambda out, within: (f"HTTP://{out}/", str(out)),
    "user": lambda out, within: (f"http://{within}@{out}/", str(out)),
    "user and password": lambda out, within: (f"http://{within}:80@{out}:80/", str(out)),
    "another port": lambda out, within: (f"http://{within}:{FORBIDDEN_PORT}/", within),
    "one number": lambda out, within: (f"http://{int(out)}/", str(out)),
    "one hexadecimal number": lambda out, within: (f"http://0x{int(out):x}/", str(out)),
    "hexadecimal": _dotted(hex),
    "octal and short": lambda out, within: (f"http://0{out.packed[0]:o}.0{int(out) % 2**24:o}/", str(out)),
    "two parts": lambda out, within: (f"http://{out.packed[0]}.{int(out) % 2**24}/", str(out)),
    "hexadecimal and short": lambda out, within: (f"http://{out.packed[0]:#x}.{int(out) % 2**24}/", str(out)),
    "loopback in short": lambda out, within: ("http://127.1/", "127.0.0.1"),
    "loopback in hexadecimal": lambda out, within: ("http://0x7f.1/", "127.0.0.1"),
    "this machine": lambda out, within: ("http://0/", "127.0.0.1"),
    "metadata": lambda out, within: ("http://169.254.169.254/latest/", "169.254.169.254"),
    "metadata as a number": lambda out, within: ("http://2852039166/latest/", "169.254.169.254"),
    "a name": lambda out, within: (f"http://{ELSEWHERE}/", str(OUTSIDE)),
    "a name with a dot": lambda out, within: (f"http://{ELSEWHERE}./", str(OUTSIDE)),
    **{make.__name__: _six(make) for make in TRANSLATIONS},
}
"""Form -> (the text, the place that it leads to as packets have it)."""

REDIRECTS = (301, 302, 303, 307, 308)
CARRIERS = ("redirect", "link", "base", "refresh in the page", "refresh", "Link", "Alt-Svc", "robots.txt", "sitemap",
            "PASV")


def lure(carrier: str, form: str, out: IPv4Address, within: str, status: int = 302) -> Lure:
    """One lure to `out`, met by a client that speaks to `within`."""
    if carrier == "PASV":
        where = ",".join(str(byte) for byte in (*out.packed, LISTS >> 8, LISTS & 255))
        return Lure(carrier, "address", where, str(out), status)
    if carrier == "Alt-Svc":
        return Lure(carrier, "address", f"{out}:443", str(out), status)
    text, place = FORMS[form](out, within)
    return Lure(carrier, form, text, place, status)
