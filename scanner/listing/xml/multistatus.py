"""The reader of WebDAV answers (RFC 4918 §13, §14.16): one response a row, named by its href. It follows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote_from_bytes, unquote_to_bytes

from scanner.listing.flat import under
from scanner.listing.hrefs import SAFE
from scanner.listing.row_reader import whole
from scanner.listing.sizes import UNKNOWN
from scanner.listing.xml.reader import XmlReader
from scanner.listing.xml.trees import Tree

_ROOTS = frozenset({"multistatus"})
_WANTED = frozenset({"response"})
_WEB = re.compile(rb"(?:(https?):)?//([^/?#]*)", re.IGNORECASE)
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:")
_DEFAULT = {b"http": b":80", b"https": b":443"}
_GOOD = re.compile(rb"(?:HTTP/[0-9.]+\s+)?2\d\d\b", re.IGNORECASE)
_HREF = 8192                                 # bytes; longer ones are no path


class Multistatus(XmlReader):
    """Reads the answer to a PROPFIND of `path` (quoted); `host` is the authority that it was asked from."""

    def __init__(self, path: str, host: str | None = None) -> None:
        super().__init__("multistatus", _ROOTS, _WANTED)
        self._host = (host or "").encode("ascii", "replace").lower()
        self._own = [segment for segment, _ in _segments(path.encode("latin-1", "replace")) or []]

    def _tree(self, tree: Tree) -> None:
        """One response: the folder itself, something in it, or a stray."""
        if not _good(tree.value("status")):
            return
        props = list(_props(tree))
        for href in tree.each("href"):
            self._href(href.text.strip(), tree, props)

    def _href(self, href: bytes, tree: Tree, props: list[Tree]) -> None:
        path = self._path(href)
        segments = _segments(path) if path is not None else None
        depth = len(self._own)
        if segments is None or [name for name, _ in segments[:depth]] != self._own:
            self.strays += 1
            return
        below = segments[depth:]
        folder = _is_folder(props, slash=href.endswith(b"/"))
        if below:
            self._entry(below, props, folder=folder)
            self._listed(self._row or tree.shape)
        elif folder:
            self._listed()

    def _entry(self, below: list[tuple[bytes, str]], props: list[Tree], *, folder: bool) -> None:
        place = under([name for name, _ in below[:-1]])
        name, quoted = below[-1]
        if folder:
            self._flat.directory(place, name, quoted)
        else:
            length = max((whole(prop.value("getcontentlength")) for prop in props), default=UNKNOWN)
            time = max((self._times[prop.value("getlastmodified")] for prop in props), default=UNKNOWN)
            self._flat.file(place, name, length, time)

    def _path(self, href: bytes) -> bytes | None:
        """The path of an href on this host; None where it leads elsewhere or is no URL."""
        authority = _WEB.match(href)
        if len(href) > _HREF or not href:
            return None
        if authority is not None:
            here = authority[2].rpartition(b"@")[2].lower()
            plain = here.removesuffix(_DEFAULT.get((authority[1] or b"").lower(), b":"))
            return href[authority.end():] or b"/" if self._host and self._host in (here, plain) else None
        if href.startswith(b"/"):
            return href
        if _SCHEME.match(href):
            return None
        return b"".join(b"/" + quote_from_bytes(name, safe="").encode() for name in self._own) + b"/" + href


def _segments(path: bytes) -> list[tuple[bytes, str]] | None:
    """The decoded and the quoted segments of a path, without empty ones; None where it climbs above the root."""
    found: list[tuple[bytes, str]] = []
    for segment in path.split(b"/"):
        name = unquote_to_bytes(segment)
        if name == b"..":
            if not found:
                return None
            found.pop()
        elif name not in (b"", b"."):
            quoted = quote_from_bytes(segment, safe=SAFE + "%")
            found.append((segment if b"/" in name else name, quoted))
    return found


def _good(status: bytes) -> bool:
    """Whether a status line says that it went well; none is said where nothing went wrong."""
    return not status or _GOOD.match(status) is not None


def _props(tree: Tree) -> Iterator[Tree]:
    """The properties that the server gave, not those that it refused."""
    for propstat in tree.each("propstat"):
        if _good(propstat.value("status")):
            yield from propstat.each("prop")


def _is_folder(props: list[Tree], *, slash: bool) -> bool:
    """Whether a response is a collection's: it says so, or it says nothing and its href ends with a slash."""
    said = False
    for prop in props:
        kind = prop.first("resourcetype")
        if kind is not None:
            said = True
            if kind.first("collection") is not None:
                return True
        if prop.value("iscollection") in (b"1", b"true", b"True"):
            return True
    return slash and not said
