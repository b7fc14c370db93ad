"""Every way we know of pushing a file into an answer over HTTP: what a server may write, and never wants to end.

Each is asked for as a scan would. What it may cost is `REFUSED`: promise 1, for a body that no gate lets through.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

from scanner.net import Accept, Browse, Verb
from tests.net.hostile import BLOCK, endless

KIB = 1024


@dataclass(frozen=True, slots=True)
class Most:
    """Bytes at most: of the body that were read, and that left the server in clear and in TLS."""

    read: int
    clear: int
    tls: int

    def wire(self, tls: bool) -> int:
        """What may leave the server on a connection."""
        return self.tls if tls else self.clear


# Twice what is read: what was on its way when the reader had enough
PAGES = Most(513 * KIB, 1280 * KIB, 1280 * KIB)      # `Limits.page_bytes`: no rows, but markup or a published text
TEXTS = Most(5 * KIB, 8 * KIB, 36 * KIB)             # `Limits.text_bytes`: JSON or text that brings no row
XMLS = Most(17 * KIB, 20 * KIB, 52 * KIB)            # `Limits.element_bytes`
HEADS = Most(32 * KIB, 36 * KIB, 52 * KIB)           # `Limits.header_bytes`
# In TLS: a handshake, a record of 16 KiB (OpenSSL needs the whole of it) and the window
REFUSED = Most(KIB, 4 * KIB, 24 * KIB)


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is pushed: what the server does, and what it was asked."""

    name: str
    behave: Callable[[socket.socket, bytes], None]
    verb: Verb = Verb.GET
    path: str = "/"
    accept: Accept = Accept.PAGE
    browse: Browse | None = None
    most: Most = REFUSED


AUDIO = b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LETTERS = b"A" * 65536
WAV = b"RIFF\xff\xff\xff\xffWAVEfmt " + BLOCK
PAGE = b"<html><body><pre>" + b'<a href="call-1.wav">call-1.wav</a> 01-Feb-2019 10:00 16044\n' * 900
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """One chunk (RFC 9112 section 7.1)."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def crumbs(head: bytes, block: bytes) -> Callable[[socket.socket, bytes], None]:
    """A behaviour: byte by byte, which in TLS makes a record of each."""
    def behave(sock: socket.socket, request: bytes) -> None:
        for byte in cycle(head + block):
            sock.sendall(bytes([byte]))
    return behave


def labelled(kind: str, status: str = "200 OK", more: str = "") -> bytes:
    """A head that says so."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode()


def _plain() -> list[Way]:
    """Said to be what it is, in every framing."""
    return [
        Way("a length of 4 GiB", endless(AUDIO + b"Content-Length: 4294967296\r\n\r\n")),
        Way("in chunks", endless(AUDIO + b"Transfer-Encoding: chunked\r\n\r\n", chunk(BLOCK))),
        Way("until close", endless(AUDIO + b"\r\n")),
        Way("head and body in one write", endless(AUDIO + b"\r\n", together=True)),
        Way("no label", endless(b"HTTP/1.1 200 OK\r\n\r\n", together=True)),
        Way("no label, a length", endless(b"HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n")),
        Way("in HTTP/1.0", endless(AUDIO.replace(b"1.1", b"1.0") + b"\r\n")),
        Way("after interim answers", endless(EARLY * 3 + AUDIO + b"\r\n")),
        Way("after interim answers, one write", endless(EARLY * 3 + HTML + b"\r\n", together=True)),
        Way("several parts", endless(labelled("multipart/mixed; boundary=x") + b"--x\r\n\r\n")),
        Way("parts of a range", endless(labelled("multipart/byteranges; boundary=x", "206 Part") + b"--x\r\n\r\n")),
        Way("a part", endless(labelled("text/html", "206 Part", "Content-Range: bytes 0-9/10\r\n"))),
        Way("a part of all", endless(labelled("text/html", more="Content-Range: bytes 0-9/10\r\n"), PAGE)),
        Way("an attachment", endless(labelled("text/html", more="Content-Disposition: attachment\r\n"), PAGE)),
        Way("longer than a listing", endless(labelled("text/html", more="Content-Length: 99999999999\r\n"), PAGE)),
        Way("an unknown transfer encoding", endless(labelled("text/html", more="Transfer-Encoding: gzip\r\n"), PAGE)),
    ]


def _mislabelled() -> list[Way]:
    """A file that is called a page, JSON, XML or text."""
    kinds = ["text/html", "application/json", "application/xml", "text/plain", "application/vnd.x+json"]
    return [
        *(Way(f"called {kind}", endless(labelled(kind))) for kind in kinds),
        *(Way(f"called {kind}, one write", endless(labelled(kind), together=True)) for kind in kinds),
        *(Way(f"called {kind}, a wav", endless(labelled(kind), WAV)) for kind in kinds),
        Way("called text/html, in letters", endless(labelled("text/html"), LETTERS)),
        Way("called text/html, in lines", endless(labelled("text/html"), b"0123456789abcde\n" * 4096)),
        Way("called text/html, in chunks", endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n", chunk(BLOCK))),
        Way("called text/html, in small chunks",
            endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n", chunk(BLOCK[:16]) * 999)),
        Way("called text/html, a byte a chunk",
            endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n", chunk(b"A") * 9999)),
        Way("called text/html, in the framing of a chunk",
            endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n1;", LETTERS)),
        Way("called text/html, in the framing behind one",
            endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"A" * 400) + b"1;", LETTERS)),
        Way("called text/html, in trailers",
            endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"A" * 400) + b"0\r\nX-File: ", LETTERS)),
        Way("called text/html, a byte a write", crumbs(HTML + b"\r\n", b"A" * 9999)),
        Way("called text/html, a byte a chunk and write",
            crumbs(HTML + b"Transfer-Encoding: chunked\r\n\r\n", chunk(b"A") * 9999)),
        Way("called text/plain, in lines", endless(labelled("text/plain"), b"Dear doctor, it hurts\n" * 3000)),
        Way("says gzip", endless(labelled("text/html", more="Content-Encoding: gzip\r\n"))),
        Way("says gzip, one write", endless(labelled("text/html", more="Content-Encoding: gzip\r\n"), together=True)),
        Way("says deflate", endless(labelled("text/html", more="Content-Encoding: deflate\r\n"))),
        Way("says brotli", endless(labelled("text/html", more="Content-Encoding: br\r\n"), PAGE)),
        Way("encoded twice", endless(labelled("text/html", more="Content-Encoding: gzip, gzip\r\n"), PAGE)),
    ]


def _refusals() -> list[Way]:
    """With a status that says no, or elsewhere."""
    bad = ["401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Error", "503 Busy"]
    return [
        *(Way(f"a {status[:3]} of sound", endless(labelled("audio/wav", status))) for status in bad),
        *(Way(f"a {status[:3]} called a page", endless(labelled("text/html", status), together=True))
          for status in bad),
        *(Way(f"a {status[:3]} page without end", endless(labelled("text/html", status), PAGE)) for status in bad),
        *(Way(f"a {status[:3]} in JSON", endless(labelled("application/json", status), b'{"a": "b"}\n' * 999))
          for status in bad),
        Way("a redirect with a body", endless(labelled("text/html", "302 Found", "Location: /x/\r\n"), PAGE)),
        Way("a redirect called XML", endless(labelled("application/xml", "301 Moved", "Location: /x/\r\n"))),
        Way("a redirect to sound", endless(labelled("audio/wav", "307 Found", "Location: /x/\r\n"), together=True)),
    ]


def _elsewhere() -> list[Way]:
    """In answer to what else is asked."""
    page, xml, head = labelled("text/html"), labelled("application/xml"), labelled("text/html", "207 Multi-Status")
    browse = {"verb": Verb.BROWSE, "path": "/ctl/ContentDir", "accept": Accept.XML, "browse": Browse("0")}
    return [
        Way("after an answer to HEAD", endless(page, together=True), Verb.HEAD),
        Way("after an answer to HEAD, later", endless(page), Verb.HEAD),
        Way("sound in answer to HEAD", endless(AUDIO + b"Content-Length: 4294967296\r\n\r\n"), Verb.HEAD),
        Way("after an answer without a body", endless(b"HTTP/1.1 204 None\r\n\r\n", together=True)),
        Way("after a not modified", endless(b"HTTP/1.1 304 Not\r\n\r\n", together=True)),
        Way("behind a whole page", endless(HTML + b"Content-Length: 6\r\n\r\n<html>", together=True)),
        Way("in answer to OPTIONS", endless(page, together=True), Verb.OPTIONS),
        Way("as robots.txt", endless(labelled("text/plain")), path="/robots.txt"),
        Way("as robots.txt, a wav", endless(labelled("text/plain"), WAV), path="/robots.txt"),
        Way("as robots.txt, sound", endless(AUDIO + b"\r\n"), path="/robots.txt"),
        Way("as sitemap.xml", endless(xml), path="/sitemap.xml"),
        Way("as sitemap.xml, zipped", endless(labelled("application/gzip")), path="/sitemap.xml"),
        Way("as a WebDAV answer", endless(head), Verb.PROPFIND),
        Way("as a WebDAV answer in XML", endless(labelled("application/xml", "207 Multi-Status")), Verb.PROPFIND,
            accept=Accept.XML),
        Way("as a WebDAV answer, 200", endless(AUDIO + b"\r\n"), Verb.PROPFIND, accept=Accept.XML),
        Way("as a bucket's list", endless(xml), path="/?list-type=2", accept=Accept.XML),
        Way("as a bucket's list, a wav", endless(xml, WAV), path="/?list-type=2", accept=Accept.XML),
        Way("as a bucket's error", endless(labelled("application/xml", "403 Forbidden")), path="/?list-type=2",
            accept=Accept.XML),
        Way("as a media server's answer", endless(xml), **browse),
    ]


def _no_http() -> list[Way]:
    """Without a head, or with one that is none."""
    return [
        Way("without a head (HTTP/0.9)", endless(b"", BLOCK)),
        Way("without a head, a wav", endless(b"", WAV)),
        Way("without a head, in lines", endless(b"", b"0123456789abcde\n" * 4096)),
        Way("as a live stream", endless(b"ICY 200 OK\r\nicy-br: 128\r\n\r\n", together=True)),
        Way("as RTSP", endless(b"RTSP/1.0 200 OK\r\n\r\n", together=True)),
        Way("as HTTP/2", endless(b"HTTP/2 200\r\n\r\n", together=True)),
        Way("as another protocol", endless(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")),
        Way("with a status that is none", endless(b"HTTP/1.1 999 OK\r\n\r\n", together=True)),
        Way("in the status line", endless(b"HTTP/1.1 200 ", WAV), most=HEADS),
        Way("in a header", endless(b"HTTP/1.1 200 OK\r\nX-File: ", WAV), most=HEADS),
        Way("in a header, a byte a write", crumbs(b"HTTP/1.1 200 OK\r\nX-File: ", BLOCK), most=HEADS),
        Way("in interim answers", endless(EARLY, b"HTTP/1.1 103 Early\r\nX-File: " + WAV), most=HEADS),
    ]


def _turned() -> list[Way]:
    """What begins as a listing and turns into a file; its gates are open, so that it ends by its budget."""
    html, text, xml = labelled("text/html"), labelled("text/plain"), labelled("application/xml")
    zipped = labelled("application/json", more="Content-Encoding: gzip\r\n")
    return [
        Way("a page that turns", endless(html + PAGE[:2048]), most=PAGES),
        Way("a page that turns, in chunks", endless(
            HTML + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(PAGE[:2048]), chunk(BLOCK)), most=PAGES),
        Way("a page of letters", endless(html + PAGE[:2048], LETTERS), most=PAGES),
        Way("robots.txt without end", endless(text, LETTERS), path="/robots.txt", most=PAGES),
        Way("sitemap.xml that turns", endless(xml + b"<urlset><url><loc>"), path="/sitemap.xml", most=PAGES),
        Way("JSON that turns", endless(labelled("application/json") + b'[{"name": "a.wav"},\n' * 60), most=TEXTS),
        Way("zipped JSON that turns", endless(zipped + gzip.compress(b'[{"name": "a.wav"},' * 60)), most=TEXTS),
        Way("text that turns", endless(text + b"a.wav\nb.wav\n" * 90), most=TEXTS),
        Way("a bucket's list that turns", endless(xml + b"<ListBucketResult><Name>b</Name><Key>"),
            path="/?list-type=2", accept=Accept.XML, most=XMLS),
    ]


WAYS: tuple[Way, ...] = (*_plain(), *_mislabelled(), *_refusals(), *_elsewhere(), *_no_http(), *_turned())
