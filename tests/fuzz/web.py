"""Targets of fuzzing: HTTP as it comes off the wire, links and hints, names in certificates and of hosts."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

from scanner.errors import BudgetError, NotThisProtocol, ProtocolError
from scanner.listing.hints import MOST, SITEMAP_MOST, names_sitemap, robots, sitemap
from scanner.listing.hrefs import Base, Where, undotted
from scanner.net import gates
from scanner.net.certificate import MOST as MOST_NAMES
from scanner.net.certificate import names
from scanner.net.decode import Decoder
from scanner.net.http import Request, Verb, retry_after
from scanner.net.names import read_hosts
from scanner.net.response import Response
from scanner.targets import clouds, hosts
from scanner.targets.target import FormError
from tests.fuzz.listings import HOST, WIRE
from tests.fuzz.target import Form, Target

_NOW = 1_550_500_200.0
_RATIO, _GULP = 100, 4096
_MOST_EVER = 1100                             # times its size: what deflate can do
_FREE = 64 * 1024                             # bytes for which no ratio counts


def _head(pieces: list[bytes]) -> object:
    """A response as it comes, taken apart."""
    one, body = Response(), b""
    for piece in pieces:
        one.feed(piece)
        body += one.take()
    one.ended()
    broken = None if one.broken is None else type(one.broken).__name__
    assert one.headed or not one.complete, "an end without a head"
    assert one.status == 0 or 100 <= one.status <= 599, "a status that is none"
    return one.headed, one.status, one.headers, body, one.complete, broken


def _gated(data: bytes) -> object:
    """Both gates, and what a server says of the time to wait."""
    one = Response()
    try:
        one.feed(data)
    except ProtocolError:
        return None
    if not one.headed:
        return None
    wait = retry_after((gates.value(one.headers, b"retry-after") or b"").decode("latin-1"), _NOW)
    assert wait is None or wait >= 0
    return gates.head_gate(one.status, one.headers, most=1 << 20), gates.sniff(one.take()[:1024]), one.reason


def _decoded(coding: str) -> Form:
    """What is labelled as encoded, in pieces as it comes: they make no difference where any ratio is allowed."""
    def read(pieces: list[bytes]) -> object:
        one, out = Decoder(coding, _MOST_EVER), b""
        for piece in pieces:
            one.feed(piece)
            while got := one.take(_GULP):
                assert len(got) <= _GULP
                out += got
        return out, one.ended
    return Form(stream=read, raises=(ProtocolError, BudgetError), growth=_MOST_EVER)


def _bounded(data: bytes) -> object:
    """Never more than the ratio of what has come, in whichever coding, and where that ends it depends on the pieces."""
    for coding in ("gzip", "deflate"):
        one, given = Decoder(coding, _RATIO), 0
        with suppress(ProtocolError, BudgetError):
            for at in range(0, len(data), 7):
                one.feed(data[at:at + 7])
                while got := one.take(_GULP):
                    given += len(got)
                    assert given <= max(_FREE, (at + 7) * _RATIO)
    return True


def _packed(data: bytes) -> object:
    """Whatever is packed comes out again, however it is cut."""
    for coding, packed in (("gzip", gzip.compress(data, mtime=0)), ("deflate", zlib.compress(data))):
        one, out = Decoder(coding, 1 << 20), b""
        for at in range(0, len(packed), 7):
            one.feed(packed[at:at + 7])
            while got := one.take(_GULP):
                out += got
        assert out == data, "what was packed came out otherwise"
        assert one.ended
    return True


def _link(data: bytes) -> object:
    """One link of a page, with its text; a child is a base name, and its path can be asked for or is refused."""
    href, _, text = data.partition(b"\0")
    shown = []
    for base in (Base("/calls/", HOST), Base("/", None), Base("/a%20b/c/", f"{HOST}:8080")):
        base.rebase(text)
        link = base.link(href, text)
        shown.append(link)
        assert link.where is not Where.CHILD or link.path is not None, "a child without a path"
        assert link.where is not Where.CHILD or link.name not in (b"", b".", b".."), "a child that is none"
        if link.path is not None:
            assert re.fullmatch(r"/[!-~]*", link.path), f"no quoted path: {link.path!r}"
            _asked(link.path)
    return shown, undotted(href)


def _asked(path: str) -> None:
    """A path of a stranger's, asked for: it is a directory in one line, or refused."""
    try:
        sent = Request(Verb.GET, path, HOST).render("earshot")
    except ValueError:
        return
    head, lines = sent.split(b"\r\n", 1)
    assert re.fullmatch(rb"GET /[!-~]* HTTP/1\.1", head), f"no line: {head!r}"
    assert lines.startswith(b"Host: files.example.org\r\n")


def _hints(data: bytes) -> object:
    named, mapped = robots(data), sitemap(data, HOST)
    assert len(named) <= MOST
    assert len(mapped) <= SITEMAP_MOST
    for path in (*named, *mapped):
        assert re.fullmatch(r"/.+/", path), f"no directory: {path!r}"
        _asked(path)
    return named, mapped, names_sitemap(data, HOST)


def _certificate(data: bytes) -> object:
    found = names(data)
    assert len(found) <= MOST_NAMES
    assert all(name.isascii() and name == name.lower() and len(name) <= 253 for name in found)
    return found


def _host(data: bytes) -> object:
    text = data.decode("utf-8", "surrogateescape")
    name = hosts.host_name(text)
    assert re.fullmatch(r"[a-z0-9_.-]{1,253}", name), f"no host: {name!r}"
    assert hosts.host_name(name) == name, "a name that is spelled in two ways"
    return name, hosts.is_local(name), clouds.is_store(name), clouds.is_bucket(name), clouds.is_bucket_of(name, text)


def _book(data: bytes) -> object:
    return read_hosts(data.decode("utf-8", "replace"))


_CHUNKED = (b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5;a=b\r\n<pre>\r\n0a\r\n0123456789\r\n0\r\nX: y\r\n\r\n")


def _http() -> Iterator[tuple[str, bytes]]:
    for path in sorted(WIRE.glob("*/*-empty.http"))[:12] + sorted(WIRE.glob("products/*/front*.http"))[:8]:
        answer = path.read_bytes()
        answer = answer[answer.find(b"HTTP/1."):]
        yield "head", answer[:1500]
        yield "gates", answer[:1500]
    for answer in (_CHUNKED, b"HTTP/1.1 100 Continue\r\n\r\n" + _CHUNKED, b"HTTP/1.0 404 no\n\nx",
                   b"HTTP/1.1 204 x\r\n\r\n", b"HTTP/1.1 301 a\r\nLocation: /b/\r\nRetry-After: 3\r\n\r\nabc"):
        yield "head", answer
        yield "gates", answer
    yield "gzip", gzip.compress(b"<pre>" * 900, mtime=0)
    yield "deflate", zlib.compress(b"<pre>" * 900)
    yield "deflate", zlib.compress(b"<pre>" * 900)[2:-4]
    yield "packed", b"<pre>" * 40


def _links() -> Iterator[tuple[str, bytes]]:
    for href in (b"a%20b.wav\0a b.wav", b"../\0Parent", b"/calls/2019/\x002019/", b"//files.example.org/calls/x\0x",
                 b"http://files.example.org:80/calls/a?C=N;O=D#f\0Name", b"a&amp;b.wav\0a&b.wav", b"%2e%2e/..;/\\x\0x",
                 b"javascript:alert(1)\0x", b"./q?.wav\0q?.wav", b"/b;jsessionid=1/\0b"):
        yield "link", href
    yield "hints", b"User-agent: *\nDisallow: /private/\nAllow: /a/b.html\nDisallow: /c*$\nSitemap: /sitemap.xml\n"
    yield "hints", (b'<?xml version="1.0"?><urlset><url><loc>http://files.example.org/a/b.html</loc></url>'
                    b"<url><loc><![CDATA[http://files.example.org/c/d.wav]]></loc></url></urlset>")


def _der(tag: int, value: bytes) -> bytes:
    return bytes([tag]) + (bytes([len(value)]) if len(value) < 128 else b"\x82" + len(value).to_bytes(2)) + value


def _names() -> Iterator[tuple[str, bytes]]:
    subject = _der(0x30, _der(0x31, _der(0x30, _der(6, b"\x55\x04\x03") + _der(0x0C, b"files.example.org"))))
    alternatives = _der(0x30, _der(0x82, b"www.example.org") + _der(0x82, b"*.example.org") + _der(0x87, b"\xc0\0\2\7"))
    extension = _der(0x30, _der(6, b"\x55\x1d\x11") + _der(4, alternatives))
    fields = _der(0xA0, _der(2, b"\2")) + _der(2, b"\1") + _der(0x30, b"") * 3 + subject + _der(0x30, b"")
    yield "certificate", _der(0x30, _der(0x30, fields + _der(0xA3, _der(0x30, extension))))
    yield "certificate", _der(0x30, _der(0x30, fields))
    for name in ("files.example.org", "Bücher.example", "xn--bcher-kva.example", "192.0.2.7", "0x7f.1", "a_b.example.",
                 "storage.googleapis.com", "bucket.s3.eu-north-1.amazonaws.com", "localhost", "a..b", "-a.example"):
        yield "host", name.encode()
    yield "hosts file", b"127.0.0.1 localhost\n192.0.2.7 files.example.org files # own\n::1 ip6-localhost\nx y\n"


TARGETS = (
    Target("http", {
        "head": Form(stream=_head, raises=(ProtocolError, NotThisProtocol), growth=40), "gates": Form(_gated),
        "gzip": _decoded("gzip"), "deflate": _decoded("deflate"), "packed": Form(_packed), "bounded": Form(_bounded)},
           _http,
           ("net/response.py", "net/gates.py", "net/http.py")),
    Target("links", {"link": Form(_link, growth=64), "hints": Form(_hints)}, _links,
           ("listing/hrefs.py", "listing/hints.py", "net/published.py")),
    Target("names", {
        "certificate": Form(_certificate), "host": Form(_host, raises=(FormError,)), "hosts file": Form(_book)}, _names,
           ("targets/hosts.py", "targets/clouds.py", "net/certificate.py")),
)
