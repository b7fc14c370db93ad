"""What may be read and what not: tables."""

from __future__ import annotations

import bz2
import gzip
import json
import resource
import subprocess
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import BudgetError, EarshotError, ProtocolError
from scanner.net import Verb
from scanner.net.decode import Decoder
from scanner.net.gates import head_gate, sniff
from scanner.net.response import Response
from tests.fakes import FakeNet, endpoint

MOST = 1 << 29


@pytest.mark.parametrize(("headers", "refused"), [
    ([], None),
    ([(b"content-type", b"text/html; charset=utf-8")], None),
    ([(b"content-type", b"TEXT/HTML")], None),
    ([(b"content-type", b"")], None),
    ([(b"content-type", b"application/xhtml+xml")], None),
    ([(b"content-type", b"application/json")], None),
    ([(b"content-type", b"application/hal+json")], None),
    ([(b"content-type", b"application/xml")], None),
    ([(b"content-type", b"text/plain")], None),
    ([(b"content-type", b"text/html"), (b"content-length", b"400000000")], None),
    ([(b"content-disposition", b"inline")], None),
    ([(b"content-encoding", b"identity")], None),
    ([(b"content-encoding", b"gzip")], None),
    ([(b"transfer-encoding", b"chunked")], None),
    ([(b"content-type", b"audio/wav")], "type audio/wav"),
    ([(b"content-type", b"application/octet-stream")], "type application/octet-stream"),
    ([(b"content-type", b"image/svg+xml")], "type image/svg+xml"),
    ([(b"content-type", b"text/csv")], "type text/csv"),
    ([(b"content-type", b"text/vtt")], "type text/vtt"),
    ([(b"content-type", b"x\x1b[31m")], "type x.[31m"),
    ([(b"content-type", b"text/html"), (b"content-type", b"audio/wav")], "type audio/wav"),
    ([(b"content-disposition", b"attachment; filename=a.html")], "offered as an attachment"),
    ([(b"content-disposition", b"filename=a")], "offered as an attachment"),
    ([(b"content-range", b"bytes 0-1/2")], "a part of a file"),
    ([(b"content-length", b"999999999999")], "longer than a listing may be"),
    ([(b"content-length", b"9" * 5000)], "longer than a listing may be"),
    ([(b"content-encoding", b"br")], "encoding br that nobody asked for"),
    ([(b"content-encoding", b"zstd")], "encoding zstd that nobody asked for"),
    ([(b"content-encoding", b"gzip, gzip")], "encoding gzip, gzip that nobody asked for"),
    ([(b"content-encoding", b"gzip")] * 2, "encoding gzip that nobody asked for"),
    ([(b"transfer-encoding", b"gzip, chunked")], "transfer encoding gzip, chunked"),
])
def test_headers_decide_alone(headers, refused) -> None:
    assert refused == head_gate(200, headers, most=MOST).refused


@pytest.mark.parametrize(("status", "refused", "facts_only"), [
    (200, None, False), (207, None, False), (201, "status 201", False), (206, "status 206", False),
    (301, "status 301", False), (401, "status 401", True), (404, "status 404", True), (503, "status 503", True)])
def test_only_two_statuses_are_read(status, refused, facts_only) -> None:
    gate = head_gate(status, [(b"content-type", b"text/html")], most=MOST)
    assert (refused, facts_only) == (gate.refused, gate.facts_only)


@pytest.mark.parametrize("status", [301, 307])
def test_a_redirect_told_in_xml_is_read_for_where_it_leads(status) -> None:
    gate = head_gate(status, [(b"content-type", b"application/xml; charset=utf-8")], most=MOST)
    assert (f"status {status}", True) == (gate.refused, gate.facts_only)


@pytest.mark.parametrize(("head", "kind"), [
    (b"<html>", "html"), (b"\xef\xbb\xbf\r\n <!DOCTYPE html>", "html"), (b"<!-- x --><pre>", "html"),
    (b"<pre>\n", "html"),
    (b"<?xml version='1.0'?><!DOCTYPE html><html>", "html"), (b"<table><tr><td>\xe5\xe4\xf6", "html"),
    (b"<?xml version=\"1.0\"?>\n<D:multistatus xmlns:D=\"DAV:\">", "xml"), (b"<ListBucketResult xmlns=\"x\">", "xml"),
    (b"<ns0:multistatus xmlns:ns0='DAV:'>", "xml"), (b"<s:Envelope>", "xml"), (b"<list>\n<file>a</file>", "xml"),
    (b"<?xml version=\"1.0\"?><ListBucketResult><Name>b</Name><Prefix></Prefix><Owner>", "xml"),
    (b"<?xml version=\"1.0\"?>\n<list>\n<directory mtime=\"2019-02-18T06:00:00Z\">a</directory>", "xml"),
    (b"[]", "json"), (b"[\n{ \"name\":\"a\"", "json"), (b"{\"a\": 1}", "json"), (b" {}", "json"), (b"[1,2]", "json"),
    (b"total 8\ndrwxr-xr-x 2 root root 4096 Feb 18  2019 a\n", "text"),
    (b"-rw-r--r-- 1 root root 12 Feb 18 06:00 a.wav\n", "text"),
    (b"a.wav\t12\t2019-02-18 06:00\n", "text"), (b"a.wav\nb.wav\nold/\n", "text"), (b"", "text"), (b" \n", "text"),
    (b"type=file;size=1;modify=20190218060000; a.wav\n", "text"),
    (b"RIFF\x24\x00\x00\x00WAVE", None), (b"ID3\x03", None), (b"\xff\xfb\x90\x44" + b"\xaa" * 99, None),
    (b"OggS", None), (b"%PDF-1.4", None), (b"PK\x03\x04", None), (b"\x1f\x8b\x08", None), (b"\0\0\0\x20ftypM4A ", None),
    (b"<html>" + b"\0" * 9, None), (b"<A" + b"A" * 999, None), (b"A" * 1024, None), (b"<3 music", None),
    (b"{\\rtf1", None), (b"{hello}", None), (b"[tagged]", None), (b"Dear Anna,\nthank you for calling us.\nBest", None),
    (b"name;phone\nAnna;070-1740605\n", None), (b"WEBVTT\n\n00:01.000", None), (b"BEGIN:VCARD\n", None),
    (b"\x80" * 1024, None), (b"From anna@example.org Mon", None), (b"#EXTM3U\nhttp", None),
    (b"\x01\x02\x03\x04<html>", None), (bytes(257) + b"ustar", None),
])
def test_the_first_kib_decides_whatever_the_label_says(head, kind) -> None:
    assert kind == sniff(head).kind


def test_published_text_may_be_any_text_but_no_file() -> None:
    assert (sniff(b"User-agent: *\n", loose=True).kind, sniff(b"RIFF", loose=True).kind,
                                    sniff(b"a\0b", loose=True).kind) == ("text", None, None)


@pytest.mark.parametrize(("head", "kind"), [
    ("\u3053\u306e\u5148\u306f\u898b\u306a\u3044\u3067".encode() * 30, "text"),    # Japanese
    ("\u3053\u306e\u5148\u306f\u898b\u306a\u3044\u3067".encode() * 30 + b"\xe3", "text"),   # cut in a character
    ("Disallow: /g\xe5ng/ # f\xf6r \xe5r\n".encode("latin-1"), "text"),
    (bytes(range(128, 256)) * 8, None), (b"\xd5\x55" * 512, None),             # sound of a telephone, A-law
])
def test_published_text_is_text_in_some_charset(head: bytes, kind: str | None) -> None:
    assert kind == sniff(head, loose=True).kind


@given(st.binary(max_size=1024))
def test_no_bytes_break_the_sniff(head: bytes) -> None:
    assert sniff(head).kind in ("html", "json", "xml", "text", None)


@given(st.lists(st.tuples(st.sampled_from([b"content-type", b"content-length", b"content-encoding", b"content-range",
                                           b"content-disposition", b"transfer-encoding"]), st.binary(max_size=40)),
                max_size=5), st.integers(200, 599))
def test_no_header_breaks_the_gate(headers, status) -> None:
    head_gate(status, headers, most=MOST)


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_no_bytes_break_the_parser(parts) -> None:
    response = Response()
    try:
        for part in [b"HTTP/1.1 200 OK\r\n", *parts]:
            response.feed(part)
    except EarshotError:
        pass
    response.ended()
    assert len(response.take()) <= sum(map(len, parts))


PAGE = b"<html>" + b"<a href='x'>x</a>\n" * 500


def raw_deflate(data: bytes) -> bytes:
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


@pytest.mark.parametrize(("coding", "encoded"), [
    ("gzip", gzip.compress(PAGE)), ("deflate", zlib.compress(PAGE)), ("deflate", raw_deflate(PAGE)),
    ("gzip", gzip.compress(PAGE) + b"rubbish")], ids=["gzip", "zlib", "raw", "gzip and rubbish"])
@pytest.mark.parametrize("step", [1, 7, 4096])
def test_one_encoding_is_decoded_in_whatever_pieces(coding, encoded, step) -> None:
    decoder, out = Decoder(coding, 100), b""
    for at in range(0, len(encoded), step):
        decoder.feed(encoded[at:at + step])
        while piece := decoder.take(1000):
            assert len(piece) <= 1000
            out += piece
    assert (out, decoder.ended) == (PAGE, True)


def test_a_bomb_is_stopped_at_its_ratio() -> None:
    decoder, bomb, pieces = Decoder("gzip", 100), gzip.compress(bytes(50 << 20)), []
    decoder.feed(bomb)
    with pytest.raises(BudgetError):
        pieces.extend(iter(lambda: decoder.take(65536), b""))
    assert sum(map(len, pieces)) <= 100 * len(bomb)


def test_what_is_only_labelled_as_encoded_is_said_so() -> None:
    decoder = Decoder("gzip", 100)
    decoder.feed(PAGE)
    with pytest.raises(ProtocolError):
        decoder.take(100)


@pytest.mark.parametrize(("coding", "body", "expected"), [
    ("gzip", gzip.compress(PAGE), (None, PAGE)), ("x-gzip", gzip.compress(PAGE), (None, PAGE)),
    ("deflate", raw_deflate(PAGE), (None, PAGE)), ("gzip", PAGE, ("labelled as encoded, but is not", b"")),
    ("gzip", gzip.compress(b"RIFF" + bytes(9000)), ("a file: RIFF (wav, avi)", b"")),
    ("bzip2", bz2.compress(PAGE), ("encoding bzip2 that nobody asked for", b"")),
], ids=["gzip", "x-gzip", "deflate", "no gzip", "gzipped sound", "bzip2"])
async def test_an_encoding_nobody_asked_for_passes_the_same_gates(coding, body, expected) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    async with FakeNet({"GET /": head + body}).fetch(endpoint(), Verb.GET, "/") as answer:
        got = b"".join([chunk async for chunk in answer.chunks()])
    assert expected == (answer.refused, got)


_BOMBS = """
import asyncio, gzip, json, resource, sys, zlib
from scanner.errors import NetError
from scanner.net import Verb
from tests.fakes import FakeNet, endpoint
def layers(data, n):
    for _ in range(n): data = gzip.compress(data)
    return data
ZERO = bytes(200 << 20)
BOMBS = {"gzip": gzip.compress(ZERO), "deflate": zlib.compress(ZERO), "gzip, gzip": layers(ZERO, 2), "br": b"x" * 9000,
         "x-gzip": gzip.compress(b"<html>" + b"<br>" * (50 << 20))}
del ZERO
async def main():
    made = {}
    for coding, body in BOMBS.items():
        head = f"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Encoding: {coding}\\r\\n\\r\\n".encode()
        before, got = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0
        try:
            async with FakeNet({"GET /": head + body}).fetch(endpoint(), Verb.GET, "/") as answer:
                async for chunk in answer.chunks():
                    got += len(chunk)
                    answer.grant(len(chunk) // 2)
        except NetError: pass
        made[coding] = got
    print(json.dumps(made))
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS is what it says on Linux only")
def test_no_bomb_needs_memory() -> None:
    limit = 900 << 20                                  # the bombs themselves are made inside
    ran = subprocess.run([sys.executable, "-c", _BOMBS], capture_output=True, text=True, timeout=160, check=False,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    assert ran.stderr == ""
    assert max(json.loads(ran.stdout).values()) < 64 << 20
