"""HTTP servers that send what is no listing: files under any label, compressed bombs, and text in odd encodings."""

from __future__ import annotations

import struct
import zlib
from functools import cache

from tests.hostile.behaviour import Behaviour, Host
from tests.hostile.serving import Answer, Talk, at, below, folder, hosting, ok, pours, says
from tests.net.hostile import BLOCK
from tests.scan.scans import Done

CANARY = b"kept at home 0b1" * 64        # of every file: it must not be met again
AUDIO = b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PART = HTML.replace(b"200 OK", b"206 Part")
CHUNK = b"%x\r\n%b\r\n" % (len(BLOCK), BLOCK)
WAV = b"RIFF\xff\xff\xff\xffWAVEfmt " + BLOCK
REFUSED = frozenset({"found", "refused-body"})
FOUND = frozenset({"found"})
PAGE = frozenset({"found", "not-a-listing"})
MOST = 1024                              # bytes of a refused body that are read
CHARSETS = ("zlib", "bz2", "hex", "base64", "uu", "rot13", "idna", "undefined", "punycode", "utf-16", "utf-7", "\xff",
            "x" * 5000, "utf-8,gbk", "unicode_escape", "mbcs", "\"", "cp65001")


def unread(done: Done, host: Host) -> str | None:
    """The promise, as the account tells it."""
    read = done.report.conduct.largest_refused_body
    return f"{read} bytes of a refused body were read" if read > MOST else None


def refused(title: str, answer: Answer, *told: str, row: str = "H-08") -> Behaviour:
    """A folder of a listing that answers so: it is not known, and nothing of it is read."""
    return Behaviour(row, title, REFUSED, hosting(below(answer)), ("3 files", *told), unread)


FILES = [
    refused("endless audio, 4 GB long", pours(AUDIO + b"Content-Length: 4294967296\r\n\r\n", BLOCK), "type audio/wav"),
    refused("endless audio in chunks", pours(AUDIO + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK), "type audio/wav"),
    refused("endless audio until it is closed", pours(AUDIO + b"\r\n", BLOCK), "type audio/wav"),
    refused("audio and its headers in one write", says(AUDIO + b"\r\n" + BLOCK * 8), "type audio/wav"),
    refused("endless audio without a label", pours(b"HTTP/1.1 200 OK\r\n\r\n", WAV), "a file: RIFF"),
    Behaviour("H-08", "audio as a part of a file", PAGE,
              hosting(below(pours(PART + b"Content-Range: bytes 0-9/10\r\n\r\n", BLOCK))),
              ("3 files", "status 206"), unread),
    Behaviour("H-08", "endless audio for every path", frozenset(), hosting(pours(AUDIO + b"\r\n", BLOCK)), (), unread),
    refused("audio that says it is HTML", pours(HTML + b"\r\n", WAV), "a file: RIFF", row="H-09"),
    refused("bytes that say they are HTML", pours(HTML + b"\r\n", BLOCK), "neither markup", row="H-09"),
    refused("letters that say they are HTML", pours(HTML + b"\r\n", b"A" * 65536), "neither markup", row="H-09"),
    refused("audio that says it is JSON", pours(HTML.replace(b"text/html", b"application/json") + b"\r\n", WAV),
            "a file: RIFF", row="H-09"),
    refused("a listing offered as an attachment",
            says(ok(folder(9), "Content-Disposition: attachment; filename=a.html")), "attachment", row="H-10"),
    refused("a page without end offered as an attachment",
            pours(HTML + b"Content-Disposition: attachment\r\n\r\n", b"<html>" * 9999), "attachment", row="H-10"),
]


@cache
def _zeros() -> bytes:
    """A MiB of spaces as a block of DEFLATE that can stand again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)


def bomb(begin: bytes, wbits: int) -> bytes:
    """A GiB of spaces behind some markup, in a MB: gzip (wbits 31), zlib (15) or raw (-15)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH) + _zeros() * 1024


def zstandard() -> bytes:
    """A GiB of spaces in 32 KiB: blocks of one byte, 128 KiB times (RFC 8878 section 3.1.1.2)."""
    block = struct.pack("<I", 1 << 1 | (128 * 1024) << 3)[:3] + b" "
    return b"\x28\xb5\x2f\xfd\x00\x58" + block * 8192


def brotli() -> bytes:
    """A GiB of spaces in 1.6 KB: blocks of 16 MiB, eight of which end at a whole byte (RFC 7932 section 9.2)."""
    begin, eight = "cbffff3f002440e2b14072", (
        "effff8ffff078004401c1680eefd1fffffff00900088c302d0bdffe3ffff1f001200715800baf77ffcffff034002200e0b40f7fe8ffff"
        "f7f004800c46101e8defff1ffff0f000980382c00ddfb3ffeffff012001108705a07bffc7ffff3f002400e2b00074")
    return bytes.fromhex(begin + 16 * eight)


def thrice() -> bytes:
    """A gzip of a gzip of a gzip."""
    once = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = once.compress(_zeros() * 64) + once.flush()
    again = zlib.compressobj(9, zlib.DEFLATED, 31)
    return again.compress(data) + again.flush()


def packed(make: object, *encodings: str, kind: str = "text/html") -> Answer:
    """A body made when it is asked for, with these headers."""
    async def answer(talk: Talk) -> None:
        assert callable(make)
        await talk.say(ok(make(), *(f"Content-Encoding: {coding}" for coding in encodings), kind=kind, length=False))
    return answer


BOMBS = [
    Behaviour("H-11", "a gzip bomb of 1 GiB", PAGE,
              hosting(below(packed(lambda: bomb(b"<html>", 31), "gzip"))), ("3 files",)),
    Behaviour("H-11", "a deflate bomb of 1 GiB", PAGE,
              hosting(below(packed(lambda: bomb(b"<html>", 15), "deflate"))), ("3 files",)),
    Behaviour("H-11", "a raw deflate bomb of 1 GiB", PAGE,
              hosting(below(packed(lambda: bomb(b"<html>", -15), "deflate"))), ("3 files",)),
    refused("a zstd bomb of 1 GiB", packed(zstandard, "zstd"), "encoding zstd", row="H-11"),
    refused("a brotli bomb of 1 GiB", packed(brotli, "br"), "encoding br", row="H-11"),
    refused("gzip three times, three labels", packed(thrice, "gzip", "gzip", "gzip"), "encoding gzip", row="H-11"),
    refused("gzip three times, one label", packed(thrice, "gzip, gzip, gzip"), "encoding gzip", row="H-11"),
    refused("gzip three times, labelled once", packed(thrice, "gzip"), row="H-11"),
    refused("3,000 encodings", packed(thrice, ", ".join(["gzip"] * 3000)), "encoding", row="H-11"),
    refused("a listing that says it is gzip", packed(lambda: folder(9), "gzip"), row="H-11"),
    refused("a listing that says it is deflate", packed(lambda: folder(9), "deflate"), row="H-11"),
    Behaviour("H-11", "a listing, then a gzip bomb of 1 GiB", frozenset({"found", "cut"}),
              hosting(at({"/": packed(lambda: bomb(folder(30).partition(b"</pre>")[0], 31), "gzip")})), ("30 files",)),
]
TEXT = [
    Behaviour("H-20", f"charset {name!a}" if len(name) < 20 else "a charset of 5,000 letters", FOUND,
              hosting(at({"/": ok(folder(30), kind=f"text/html; charset={name}")})), ("30 files",))
    for name in CHARSETS
]
BEHAVIOURS = [*FILES, *BOMBS, *TEXT]
