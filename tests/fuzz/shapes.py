"""What hurts parsers: shapes of input, of any length. Each is a beginning, a unit over and over, and an end.

Some are bytes that hurt somebody's parser; the others are the target's own seeds, with one of their lines, or all of
one, over and over. Binary answers have shapes of their own: a row, as often as is wanted, behind a head that says so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.fuzz.target import Target
from tests.probes.rsync.rsync_lists import FOLDER, Put, answer


@dataclass(frozen=True, slots=True)
class Shape:
    """`make(n)` is an input of about `n` bytes."""

    name: str
    unit: bytes
    begins: bytes = b""
    ends: bytes = b""

    def make(self, size: int) -> bytes:
        """So many bytes, or a unit more."""
        return self.begins + self.unit * max(1, size // len(self.unit)) + self.ends


UNITS: Mapping[str, bytes] = {
    "nothing": b"\0", "high": b"\xff", "spaces": b" ", "line ends": b"\r\n", "digits": b"7", "letters": b"a",
    "words": b"aaaa ", "open tags": b"<a ", "open quotes": b'<a b="', "open links": b'<a href="', "comments": b"<!--",
    "links": b"<a href=x>x</a>", "rows": b'<a href="x.wav">x.wav</a>  18-Feb-2019 10:00  8\n', "cells": b"<tr><td>",
    "elements": b"<a>", "entities": b"&#x41;", "less": b"<", "percents": b"%", "escapes": b"%2e%2e%2f",
    "folders": b"a/", "up": b"../", "arrays": b"[", "objects": b'{"a":', "texts": b'"a",', "backslashes": b"\\",
    "list rows": b"-rw-r--r-- 1 a b 8 Feb 18  2019 a  b   c.wav\r\n", "spaced row": b"-rw-r--r--   1 a b ",
    "facts": b"type=file;size=8; ", "numbers": b"1 2 3 ", "dates": b"2019-02-18 10:00 ",
    "parted digits": b"070-174 06 05_",
    "dots": b"a.", "colons": b":", "dashes": b"-", "commas": b"1,", "parens": b"(", "quotes": b'"',
    "turns": b"\xfe\xed220-a\r\n",
    "chunks": b"1;a=b\r\nx\r\n", "headers": b"A: b\r\n", "tables": b"[[target]]\n", "keys": b"a.b.c=1\n",
    "ats": b"a@b.",
    "tagged": b"* LIST (\\A) \"/\" {1}\r\na", "der": b"\x30\x84", "nested der": b"\x30\x80", "lengths": b"\0\0\0\x01",
}


def shapes(target: Target, form: str) -> Iterator[Shape]:
    """Everything that is tried on one form."""
    seeds = [body for name, body in target.seeds() if name == form and body]
    yield from (Shape(name, unit) for name, unit in UNITS.items())
    yield from OWN.get((target.name, form), ())
    for number, body in enumerate(seeds[:3]):
        yield Shape(f"seed {number}", body)
        lines = body.splitlines(keepends=True)
        if len(lines) > 1:
            line = max(lines, key=len)
            begins, _, ends = body.partition(line)
            yield Shape(f"line of seed {number}", line, begins, ends)


_HTTP = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _HTTP + b"Transfer-Encoding: chunked\r\n\r\n"
_PLUS = struct.pack(">I5s3xQ", 5, b"a.wav", 7) + bytes(8)
_FOUND = bytes(4) + bytes(4) + bytes(8)      # status, no attributes, a verifier
_ENTRY = struct.pack("<I20xq8xq8xIII", 78, 0, 8, 0, 10, 0) + "a.wav".encode("utf-16-le")
_FTP_NAME = b"-rw-r--r-- 1 a b 8 Feb 18  2019 a"

OWN: Mapping[tuple[str, str], tuple[Shape, ...]] = {
    ("html", "page"): tuple(Shape(f"{name} behind rows", unit, UNITS["rows"] * 30) for name, unit in UNITS.items()
                            if "<" in unit.decode("latin-1") or name in ("nothing", "spaces", "words")),
    ("json", "page"): (
        Shape("rows", b'{"name":"a.wav","size":8},', b"["), Shape("keys", b'"a":1,', b"["),
        Shape("key", b'"a":1,', b"{"),
        Shape("nested", b'{"a":[', b"["), Shape("children", b'{"name":"b","children":[', b'{"files":['),
        Shape("one text", b"a", b'["'), Shape("escapes", b"\\u0061", b'["'), Shape("a row of keys", b'"a":1,', b'[{'),
        Shape("folders", b"a/", b'[{"name":"', b'"}]')),
    ("xml", "any"): (
        Shape("rows", b'<file size="8">a.wav</file>', b"<list>"), Shape("attributes", b'a="1" ', b"<list><file "),
        Shape("deep", b"<a>", b"<list>"), Shape("text", b"a", b"<list><file>"),
        Shape("entities", b"&amp;", b"<list><file>"), Shape("comments", b"<!-- -->", b"<list>")),
    ("xml", "dav"): (Shape("rows", b"<response><href>/calls/a.wav</href></response>", b"<multistatus>"),
                     Shape("a deep path", b"a/", b"<multistatus><response><href>/calls/", b"</href></response>")),
    ("xml", "s3"): (Shape("keys", b"<Contents><Key>calls/a</Key></Contents>", b"<ListBucketResult>"),
                    Shape("a deep key", b"a/", b"<ListBucketResult><Contents><Key>calls/", b"</Key></Contents>")),
    ("xml", "azure"): (Shape("blobs", b"<Blob><Name>calls/a</Name></Blob>", b"<EnumerationResults><Blobs>"),),
    ("text", "page"): (
        Shape("folders", b"\n./a:\n" + _FTP_NAME + b"\n", b"total 8\n" + _FTP_NAME + b"\n"),
        Shape("one deep folder", b"a/", b"./a:\n" + _FTP_NAME + b"\n\n./a/", b":\n" + _FTP_NAME + b"\n")),
    ("ftp-list", "LIST"): (Shape("a name of spaces", b" ", _FTP_NAME, b"b\r\n"),
                           Shape("owners", b"a ", b"-rw-r--r-- 1 "),
                           Shape("torn", _FTP_NAME + b"\n", _FTP_NAME + b"\r\n", b"\r\n")),
    ("ftp-list", "MLSD"): (Shape("facts", b"a=b;", b"", b" a.wav\r\n"), Shape("torn", b"type=file; a\n", b"", b"\r\n")),
    ("http", "head"): (
        Shape("headers", b"A: b\r\n", _HTTP), Shape("one header", b"a", _HTTP + b"A: "),
        Shape("interim", b"HTTP/1.1 100 a\r\n\r\n"), Shape("chunks", b"1\r\na\r\n", _CHUNKED),
        Shape("extensions", b";a=b", _CHUNKED + b"1"), Shape("trailers", b"A: b\r\n", _CHUNKED + b"0\r\n"),
        Shape("reason", b"a", b"HTTP/1.1 200 "), Shape("folded", b" a\r\n", _HTTP + b"A: b\r\n")),
    ("http", "gates"): (Shape("headers", b"A: b\r\n", _HTTP, b"\r\n"),
                        Shape("codings", b"Content-Encoding: gzip\r\n", _HTTP, b"\r\n"),
                        Shape("waits", b"1", _HTTP + b"Retry-After: ", b"\r\n\r\n"),
                        Shape("dates", b"Mon, ", _HTTP + b"Retry-After: ", b"\r\n\r\n")),
    ("links", "hints"): (Shape("rules", b"Disallow: /a/\n"), Shape("a deep rule", b"a/", b"Disallow: /"),
                         Shape("pages", b"<loc>http://files.example.org/a/b.html</loc>", b"<urlset>"),
                         Shape("locs", b"<loc> ", b"<urlset>"), Shape("spaces", b" ", b"Disallow:")),
    ("nfs", "plus"): (Shape("many rows", struct.pack(">IQ", 1, 7) + _PLUS, _FOUND, struct.pack(">II", 0, 1)),),
    ("nfs", "plain"): (Shape("many rows", struct.pack(">IQI5s3xQ", 1, 7, 5, b"a.wav", 7), _FOUND, bytes(8)),),
    ("nfs", "exports"): (
        Shape("exports", struct.pack(">2I4s2I1s3xI", 1, 4, b"/srv", 1, 1, b"*", 0), b"", bytes(4)),
        Shape("clients", struct.pack(">2I1s3x", 1, 1, b"*"), struct.pack(">2I4s", 1, 4, b"/srv"), bytes(8))),
    ("nfs", "programs"): (Shape("programs", struct.pack(">5I", 1, 100003, 3, 6, 2049), b"", bytes(4)),),
    ("nfs", "bound"): (Shape("dots", b"1.", struct.pack(">4I3sxI", 1, 100003, 3, 3, b"tcp", 1024)),),
    ("smb", "entries"): (Shape("entries", _ENTRY.ljust(78, b"\0")),),
    ("rsync", "list"): (
        Shape("one long list", answer([Put(b"%05d.wav" % i) for i in range(60)])[4:-5], b"\xff\xff\xff\x07"),
        Shape("folders", answer([Put(b"%05d" % i, mode=FOLDER) for i in range(60)])[4:-5], b"\xff\xff\xff\x07"),
        Shape("deep", b"\x38\x02\x02/b", b"\xff\xff\xff\x07"), Shape("frames", b"\x01\0\0\x07a"),
        Shape("messages", b"\x01\0\0\x08a")),
    ("mail", "imap"): (Shape("tokens", b"a ", b"* STATUS "), Shape("quoted", b"\\a", b'* LIST () "/" "', b'"\r\n'),
                       Shape("capabilities", b"AUTH=A ", b"* OK [CAPABILITY ", b"] a\r\n")),
    ("mail", "box"): tuple(Shape(name, unit, b'* LIST () "/" "', b'"\r\n') for name, unit in (
        ("shifted", b"&AOU-"), ("ampersands", b"&"), ("unshifted", b"a&"))),
    ("ssh", "folder"): (Shape("rows", struct.pack(">I5sII", 5, b"a.wav", 0, 0),
                              b"\x68\0\0\0\1" + struct.pack(">I", 20_000)),),
    ("filenames", "read"): (
        Shape("digits with marks", b"12-"), Shape("numbers", b"0701740605_"), Shape("mails", b"a.b@c.d"),
        Shape("persons", b"Anna_"), Shape("times", b"20190218140000-")),
    ("columns", "folder"): (
        Shape("numbered", b"070174%s.wav\n"), Shape("names", b"a b.wav\n"), Shape("columns", b"1-2_3 4.5,"),
        Shape("shapes", b"a1\nbb22\nccc333\n4d4\n")),
    ("scope", "scope"): (
        Shape("targets", b'"192.0.2.7",', b"[[target]]\nwhat=[", b"]\n"), Shape("nested", b"[", b"a="),
        Shape("tables", b'[[target]]\nwhat=["192.0.2.7"]\n'), Shape("dotted", b"a.", b"", b"b=1\n"),
        Shape("unknown keys", b"a=1\n"), Shape("wrong targets", b'"",', b"[[target]]\nwhat=[", b"]\n"),
        Shape("exclusions", b'"192.0.2.9",', b'[[target]]\nwhat=["192.0.2.7"]\nexclude=[', b"]\n"),
        Shape("ports", b'"1-2",', b"[[target]]\nports=[", b"]\n")),
    ("targets", "list"): (Shape("targets", b"192.0.2.7\n"), Shape("hosts", b"a.example.org\n"),
                          Shape("comments", b"# a\n")),
    ("targets", "target"): (Shape("labels", b"a.", b"", b"org"), Shape("path", b"a/", b"http://files.example.org/")),
    ("report", "truth"): (Shape("servers", b'{"id":"a"},', b"["),
                          Shape("entries", b'"a",', b'[{"id":"a","list_entries":[')),
}
