"""What may be read, judged from headers and from the first KiB. Pure: bytes in, verdict out.

A header gate that says no ends an answer unread. A sniff gate that says no ends it within its first KiB. Labels
are not believed: a file called text/html must still begin like markup, JSON, XML or a listing in text.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Body = Literal["html", "json", "xml", "text"]
Headers = Sequence[tuple[bytes, bytes]]   # names in lower case

_TYPES: dict[bytes, Body] = {
    b"text/html": "html", b"application/xhtml+xml": "html",
    b"text/xml": "xml", b"application/xml": "xml",
    b"application/json": "json", b"text/json": "json",
    b"text/plain": "text",
}
_FAMILIES: dict[bytes, Body] = {b"+json": "json", b"+xml": "xml"}        # RFC 6838 §4.2.8, application/ only
_READ = frozenset({200, 207})
_PLAIN_CODINGS = frozenset({b"", b"identity"})
_CODINGS = {b"gzip": "gzip", b"x-gzip": "gzip", b"deflate": "deflate"}


@dataclass(frozen=True, slots=True)
class Gate:
    """The header gate's verdict."""

    refused: str | None                   # why the body is not read; None: it may be sniffed
    coding: str = ""                      # gzip, deflate
    facts_only: bool = False              # an error or a redirect told in text: its first KiB may be read, no more


def value(headers: Headers, name: bytes) -> bytes | None:
    """The first value of a header."""
    for key, found in headers:
        if key == name:
            return found
    return None


def head_gate(status: int, headers: Headers, *, most: int) -> Gate:
    """Whether the body behind these headers may be looked at; `most` is what a listing may have, in bytes."""
    refused = _refusal(headers, most)
    if refused is not None:
        return Gate(refused)
    coding = _CODINGS.get((value(headers, b"content-encoding") or b"").strip().lower(), "")
    if status in _READ:
        return Gate(None, coding)
    return Gate(f"status {status}", coding, facts_only=status >= 400 or _is_xml(headers))


def _is_xml(headers: Headers) -> bool:
    """Whether a redirect says in a document of its own where to: object stores do, and name a place in it."""
    return _labelled((value(headers, b"content-type") or b"").partition(b";")[0].strip().lower()) == "xml"


def _refusal(headers: Headers, most: int) -> str | None:
    codings = 0
    for key, found in headers:
        rule = _RULES.get(key)
        if rule is not None:
            refused = rule(found.strip().lower())
            if refused is not None:
                return refused
        elif key == b"content-length" and found.isdigit() and int(found[:19]) > most:
            return "longer than a listing may be"
        elif key == b"content-encoding" and found.strip().lower() not in _PLAIN_CODINGS:
            codings += 1
            if codings > 1 or found.strip().lower() not in _CODINGS:
                return f"encoding {printable(found)} that nobody asked for"
    return None


def _type(found: bytes) -> str | None:
    kind = found.partition(b";")[0].strip()
    return f"type {printable(kind)}" if kind and _labelled(kind) is None else None


def _disposition(found: bytes) -> str | None:
    return None if found.startswith(b"inline") else "offered as an attachment"


def _range(_found: bytes) -> str | None:
    return "a part of a file"


def _transfer(found: bytes) -> str | None:
    return None if found in (b"chunked", b"identity") else f"transfer encoding {printable(found)}"


_RULES: dict[bytes, Callable[[bytes], str | None]] = {
    b"content-type": _type, b"content-disposition": _disposition, b"content-range": _range,
    b"transfer-encoding": _transfer,
}


def _labelled(kind: bytes) -> Body | None:
    if kind in _TYPES:
        return _TYPES[kind]
    if kind.startswith(b"application/"):
        for tail, body in _FAMILIES.items():
            if kind.endswith(tail):
                return body
    return None


_MAGIC: dict[bytes, str] = {
    b"RIFF": "RIFF (wav, avi)", b"ID3": "mp3", b"OggS": "ogg", b"fLaC": "flac", b"FORM": "aiff", b".snd": "au",
    b"#!AMR": "amr", b"MThd": "midi", b"caff": "caf", b"\x30\x26\xb2\x75": "wma", b"\x1a\x45\xdf\xa3": "matroska",
    b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"7z\xbc\xaf": "7z",
    b"Rar!": "rar", b"\xfd7zXZ": "xz", b"%PDF": "pdf", b"{\\rtf": "rtf", b"\xd0\xcf\x11\xe0": "office",
    b"SQLite format": "sqlite", b"\x89PNG": "png", b"GIF8": "gif", b"\xff\xd8\xff": "jpeg", b"\x7fELF": "elf",
    b"#EXTM3U": "playlist", b"WEBVTT": "subtitles", b"BEGIN:V": "vcard or calendar", b"From ": "mailbox",
    b"!<arch>": "archive",
}
_LATER = {(4, b"ftyp"): "mp4", (257, b"ustar"): "tar"}
_BEGINS = re.compile(b"|".join(re.escape(magic) for magic in _MAGIC))
_MARKUP = re.compile(rb"\s*(?:<!--|<[!?/]?[A-Za-z][A-Za-z0-9:]{0,63}[\s>/]|<\?)")
_XML = re.compile(rb"\s*<(?:\?xml[\s?]|(?:[A-Za-z][A-Za-z0-9._-]{0,31}:)?(?:multistatus|ListBucketResult|"
                  rb"ListAllMyBucketsResult|ListVersionsResult|EnumerationResults|Error|Envelope|list|listing|files|entries|"
                  rb"directory|urlset|sitemapindex)[\s>])", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|(?:html|head|body|table|pre|ul|ol|h1)[\s>])", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\[\s*(?:[\[{\"\]\-0-9]|true|false|null|$)|\{\s*(?:\"|\}|$))")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_BEYOND_ASCII = bytes(range(128, 256))
_ROW = re.compile(
    rb"[^\W\d]{3,12}:? [\d.,]+[KMGT]?\s*$"                                    # the total that ls begins with
    rb"|[ \d]{0,24}[bcdlpsD-][-rwxsStTlL]{9}[.+@]?\s"                         # ls -l
    rb"|(?:[A-Za-z.-]+=[^;\s]*;)+ ."                                          # MLSD, RFC 3659 §7.2
    rb"|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}[ \t]+\d{1,2}:\d\d(?::\d\d)? ?(?:[AaPp][Mm]?)?[ \t]+"
    rb"(?:<[A-Z]{3,9}>|\d[\d.,'\x80-\xff]{0,30}) +\S"                           # dir
    rb"| {2,}PRE \S[^\t]{0,255}/\s*$"
    rb"|[^\s<>{}\"][^\t<>{}\"]{0,254}(?:\t[^\t<>{}\"]{0,40}){1,4}$"             # cells parted by tabs
    rb"|\.{1,2}(?:/[^\t<>{}\"]{0,255})?:\s*$"                                 # the folder that ls -R goes on with
    rb"|[^\s<>{}\"]{1,255}/\s*$"                                             # a directory alone
    rb"|[^\s<>{}\"#][^<>{}\":;=\t]{0,250}\.[A-Za-z0-9]{1,5}\s*$")             # a name alone


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The sniff gate's verdict: what it is, or why it is refused."""

    kind: Body | None
    why: str = ""
    plain: bool = False                   # refused though it is text


def sniff(head: bytes, *, loose: bool = False) -> Sniffed:
    """What the first bytes of a decoded body look like. `loose`: any text will do, as in robots.txt."""
    plain = head.removeprefix(b"\xef\xbb\xbf")
    magic = _magic(plain)
    if magic is not None:
        return Sniffed(None, f"a file: {magic}")
    if b"\0" in plain or noise(plain):
        return Sniffed(None, "binary")
    if _MARKUP.match(plain):
        return Sniffed("xml" if _XML.match(plain) and not _HTML.search(plain) else "html")
    if _JSON.match(plain):
        return Sniffed("json")
    if not plain.strip():
        return Sniffed("text")
    if (loose and legible(plain)) or _rows(plain):
        return Sniffed("text")
    return Sniffed(None, "neither markup, JSON, XML nor a listing in text", plain=True)


def _magic(head: bytes) -> str | None:
    found = _BEGINS.match(head)
    if found is not None:
        return _MAGIC[found[0]]
    return next((name for (at, magic), name in _LATER.items() if head.startswith(magic, at)), None)


def noise(head: bytes) -> bool:
    """Whether there are more control characters than any text has."""
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls * 50 > len(head)


def legible(head: bytes) -> bool:
    """Whether it may be text: UTF-8 (RFC 9309 section 2.2), or two thirds of it ASCII, as of rules in older ones."""
    if noise(head):
        return False
    beyond = len(head) - len(head.translate(None, _BEYOND_ASCII))
    if beyond * 3 <= len(head):
        return True
    try:
        getincrementaldecoder("utf-8")().decode(head)           # it may end in the middle of a character
    except UnicodeDecodeError:
        return False
    return True


def _rows(head: bytes) -> bool:
    lines = [line for line in head.splitlines() if line.strip()]
    if len(lines) > 1 and len(head) >= 512:
        lines.pop()                                              # cut in the middle, most likely
    return sum(_ROW.match(line) is not None for line in lines) * 2 >= len(lines)


def printable(data: bytes, limit: int = 80) -> str:
    """Bytes of a stranger for a message: printable ASCII, everything else a dot."""
    return "".join(chr(c) if 32 <= c < 127 else "." for c in data[:limit])
