"""The names in a certificate: as much DER as that takes (RFC 5280 sections 4.1 and 4.2.1.6, X.690).

Whatever the bytes, nothing rises and little is done: lengths are checked against what there is, elements are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MOST = 40                                 # names
_ELEMENTS = 400                           # of one sequence
_LONGEST = 128 * 1024                     # bytes of a certificate
_SEQUENCE, _SET, _OID, _OCTETS = 0x30, 0x31, 0x06, 0x04
_VERSION, _EXTENSIONS, _DNS_NAME = 0xA0, 0xA3, 0x82
_COMMON_NAME = b"\x55\x04\x03"            # 2.5.4.3
_ALT_NAMES = b"\x55\x1d\x11"              # 2.5.29.17
_SUBJECT = 4                              # after the version: serial, algorithm, issuer, validity, subject
_WIDE = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


class _Element(NamedTuple):
    """One element: its tag and its content."""

    tag: int
    content: bytes


def names(der: bytes) -> tuple[str, ...]:
    """Host names that a certificate is for, lower case, each once, at most 40; wildcards and addresses left out."""
    found: dict[str, None] = {}
    for raw in _named(der[:_LONGEST]):
        name = raw.lower().rstrip(".")
        if _HOST.fullmatch(name):
            found[name] = None
        if len(found) >= MOST:
            break
    return tuple(found)


def _named(der: bytes) -> Iterator[str]:
    """What stands in subjectAltName, then the common names."""
    body = [element for whole in _elements(der)[:1] for element in _elements(whole.content)[:1]]
    fields = [field for tbs in body for field in _elements(tbs.content)]
    for field in fields:
        if field.tag == _EXTENSIONS:
            yield from _alternatives(field.content)
    named = [field for field in fields if field.tag != _VERSION]
    for subject in named[_SUBJECT:_SUBJECT + 1]:
        yield from _common_names(subject.content)


def _alternatives(extensions: bytes) -> Iterator[str]:
    for extension in (one for whole in _elements(extensions)[:1] for one in _elements(whole.content)):
        parts = _elements(extension.content)
        if len(parts) < 2 or parts[0] != _Element(_OID, _ALT_NAMES) or parts[-1].tag != _OCTETS:
            continue
        for whole in _elements(parts[-1].content)[:1]:
            for name in _elements(whole.content):
                if name.tag == _DNS_NAME:
                    yield name.content.decode("ascii", "replace")


def _common_names(subject: bytes) -> Iterator[str]:
    for group in _elements(subject):
        for pair in _elements(group.content) if group.tag == _SET else ():
            parts = _elements(pair.content) if pair.tag == _SEQUENCE else []
            if len(parts) == 2 and parts[0] == _Element(_OID, _COMMON_NAME):
                yield parts[1].content.decode(_WIDE.get(parts[1].tag, "utf-8"), "replace")


def _elements(data: bytes) -> list[_Element]:
    """The elements in `data`, one after the other, up to the first that is not whole."""
    found: list[_Element] = []
    at = 0
    while at + 2 <= len(data) and len(found) < _ELEMENTS:
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            octets = size & 0x7F             # 0 is the indefinite form, which DER has not
            if not 1 <= octets <= 3 or at + octets > len(data):
                break
            size = int.from_bytes(data[at:at + octets], "big")
            at += octets
        if tag & 0x1F == 0x1F or at + size > len(data):
            break
        found.append(_Element(tag, data[at:at + size]))
        at += size
    return found
