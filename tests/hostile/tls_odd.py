"""TLS that wants what we have not, shows monsters, minds what it is asked, or holds sound in the place of an answer."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

from tests.hostile.behaviour import Behaviour, Check, Host, Hosting
from tests.hostile.tls_certificates import NAME, certificate, key, written
from tests.hostile.tls_courses import AUDIO, after, raw, unasked
from tests.hostile.tls_door import SEEN, STRANGER, brief, page
from tests.hostile.tls_null import ALERT, DATA, null, record
from tests.hostile.tls_openssl import s_server
from tests.hostile.tls_spoken import shown
from tests.scan.scans import Done

SOUND = b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 4000000000\r\n\r\n"
NAME_UNKNOWN = b"\x02\x70"                                # fatal, RFC 6066 section 3
HARM = "<script>alert(1)</script>\u202egpj.exe\0<img src=x onerror=alert(2)>"
TLS, WANTED = frozenset({"tls"}), frozenset({"client-certificate"})
_FEW = 12                                                 # connections that a door may cost in vain
_KIB = 1024


def named(*options: str) -> Hosting:
    """OpenSSL's server, which is called other.example.org."""
    def host() -> AbstractAsyncContextManager[Host]:
        return s_server("-servername", "other.example.org", "-cert2", str(written(certificate())), "-key2",
                        str(key().path), *options)
    return host


def short(number: int) -> str:
    """A number in three letters and digits."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number // 36**2] + digits[number // 36 % 36] + digits[number % 36]


def found_as(name: str) -> Check:
    """The listing was found by this name."""
    def check(done: Done, host: Host) -> str | None:
        seen = {door.host for finding in done.findings for door in finding.doors}
        return None if name in seen else f"nothing was found by the name {name}: {seen}"
    return check


def harmless(done: Done, host: Host) -> str | None:
    """No name of the certificate stands in the report."""
    found = [part for part in ("alert(", "\u202e", "evil") if part in repr(done.report)]
    return f"in the report stands {found}" if found else None


def few(done: Done, host: Host) -> str | None:
    """It is not asked for ever."""
    return None if len(host.seen) <= _FEW else f"{len(host.seen)} connections"


def little(done: Done, host: Host) -> str | None:
    """Of a body that is refused at most 1 KiB is read."""
    most = done.row.totals["largest_refused_body"]
    return None if most <= _KIB else f"{most} bytes of a refused body"


WANTING = [
    Behaviour("T-07", "wants a certificate of the client (TLS 1.2)", WANTED,
              partial(s_server, "-tls1_2", "-Verify", "1", "-verify_return_error")),
    Behaviour("T-07", "wants a certificate of the client (TLS 1.3)", WANTED,
              partial(s_server, "-tls1_3", "-Verify", "1", "-verify_return_error")),
]
MONSTERS = [
    Behaviour("T-08", "a certificate of 10,000 names, as large as a handshake may be", STRANGER,
              shown(*(f"{short(i)}.test" for i in range(10_000))), ("names 40 hosts that are not in the scope",)),
    Behaviour("T-08", "a certificate of 10,000 names, larger than a handshake may be", TLS,
              shown(*(f"host-{i}.example.org" for i in range(10_000))), ("excessive message size",)),
    Behaviour("T-08", "a chain of 1 MB", TLS,
              lambda: null(after(), chain=[certificate(), *[bytes(16384)] * 64]), ("excessive message size",)),
    Behaviour("T-08", "a script, reversed text and NUL in its names", SEEN,
              shown(HARM.encode(), f"evil.example.org\0.{NAME}".encode(), common=HARM), never=harmless),
]
NAMED = [
    Behaviour("T-11", "does not know the name that it is asked by: asked without", SEEN,
              brief(named("-servername_fatal"), "unknown.example.org"), never=found_as("unknown.example.org")),
    Behaviour("T-11", "warns of the name that it is asked by, and goes on", SEEN,
              brief(named("-tls1_2"), "warned.example.org"), never=found_as("warned.example.org")),
    Behaviour("T-11", "knows no name, and not even none", TLS, raw(record(ALERT, NAME_UNKNOWN)),
              ("unrecognized name",), never=few),
]
AUDIBLE = [
    Behaviour("T-12", "a record of 16 KiB of audio before anything was asked", frozenset({"not-this-protocol"}),
              partial(null, unasked), never=little),
    Behaviour("T-12", "a record of 16 KiB of audio behind a header, at every path", frozenset(),
              partial(s_server, says=lambda path: SOUND + AUDIO), never=little),
    Behaviour("T-12", "a record of 16 KiB of audio behind a header, at the root", frozenset(),
              partial(s_server, says=lambda path: SOUND + AUDIO if path == "/" else page(path)), never=little),
    Behaviour("T-12", "a record of 16 KiB of audio in the place of a handshake", TLS, raw(again=record(DATA, AUDIO)),
              never=little),
]
OFFERED = [
    Behaviour("T-13", "agrees to HTTP/2, which was not offered", TLS, partial(null, after(), alpn=b"h2"),
              ("bad extension",)),
    Behaviour("T-13", "takes no protocol that is offered: asked without an offer", SEEN,
              partial(s_server, "-alpn", "h2")),
]
BEHAVIOURS = [one if one in NAMED[:2] else replace(one, host=brief(one.host))
              for one in (*WANTING, *MONSTERS, *NAMED, *AUDIBLE, *OFFERED) if one.host is not None]
