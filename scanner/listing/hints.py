"""Directories that a robots.txt (RFC 9309) or a sitemap (sitemaps.org, protocol 0.9) names. Bytes in, paths out.

For whom a rule of robots.txt is does not matter: all are hints. Of a sitemap only the directories of its pages are
taken, and of them only those on the very host that was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote_from_bytes

from scanner.listing.hrefs import SAFE, Base, Where, entities

MOST = 200
LONGEST = 500 * 1024                         # bytes that a reader of robots.txt must take (RFC 9309 §2.5)
SITEMAP = "/sitemap.xml"
SITEMAP_MOST = 500
SITEMAP_LONGEST = 256 * 1024                 # bytes of a sitemap that are read
_PATH = 1024                                 # characters
_RULE = re.compile(rb"^[ \t]*(?:dis)?allow[ \t]*:[ \t]*(/[^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
_SITEMAPS = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*([^\s#]{1,2048})", re.IGNORECASE | re.MULTILINE)
_INDEX = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?sitemapindex[\s>]", re.IGNORECASE)
_LOC = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?loc\s{0,20}>\s{0,200}(?:<!\[CDATA\[\s{0,200})?([^<>\s\]]{1,2048})",
                  re.IGNORECASE)
_PAGES = frozenset({b"", b"html", b"htm", b"xhtml", b"shtml", b"php", b"asp", b"aspx", b"jsp", b"jsf", b"do", b"cgi",
                    b"cfm", b"xml"})


def robots(text: bytes) -> list[str]:
    """Quoted paths of directories named in Disallow and Allow, in their order, at most 200, without `/` itself.

    Wildcards end a path, as does a query; a file stands for the directory that it lies in.
    """
    found: dict[str, None] = {}
    for rule in _RULE.finditer(text[:LONGEST]):
        path = re.split(rb"[*$?]", rule[1].strip(), maxsplit=1)[0]
        last = path.rpartition(b"/")[2]
        if last and b"." not in last and path == rule[1].strip().rstrip(b"$"):
            path += b"/"
        folder = quote_from_bytes(path[:path.rfind(b"/") + 1], safe=SAFE + "/%")
        if _fit(folder):
            found[folder] = None
        if len(found) >= MOST:
            break
    return list(found)


def names_sitemap(text: bytes, authority: str) -> bool:
    """Whether a robots.txt says that this host, and no other, has its sitemap at /sitemap.xml."""
    base = Base("/", authority)
    return any(base.link(found[1]).path == SITEMAP for found in _SITEMAPS.finditer(text[:LONGEST]))


def sitemap(text: bytes, authority: str) -> list[str]:
    """Quoted paths of directories in which the pages of a sitemap lie, at most 500, without `/` itself.

    Directories of what is no page come first: a file that is offered by name may lie among others that are not. An
    index of sitemaps gives nothing. `authority` is what Host says at this door.
    """
    text = text[:SITEMAP_LONGEST]
    if _INDEX.search(text[:4096]):
        return []
    pages: dict[str, None] = {}
    files: dict[str, None] = {}
    for path in _located(text, authority):
        folder, _, name = path.rpartition("/")
        ending = name.rpartition(".")[2].lower().encode() if "." in name else b""
        if _fit(f"{folder}/"):
            (pages if ending in _PAGES else files)[f"{folder}/"] = None
    return list(dict.fromkeys([*files, *pages]))[:SITEMAP_MOST]


def _located(text: bytes, authority: str) -> Iterable[str]:
    """Paths on this host that `loc` elements name."""
    base = Base("/", authority)
    for found in _LOC.finditer(text):
        link = base.link(entities(found[1]))
        if link.path is not None and link.where is not Where.SELF:
            yield link.path


def _fit(folder: str) -> bool:
    return folder not in ("", "/") and "//" not in folder and len(folder) <= _PATH and not _climbs(folder)


def _climbs(folder: str) -> bool:
    return any(part.lower().replace("%2e", ".") in (".", "..") for part in folder.split("/"))
