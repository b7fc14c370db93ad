"""What a link points to, seen from the directory that was asked for. It looks at one link; rows are others' work."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from html import unescape
from urllib.parse import quote_from_bytes, unquote_to_bytes

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}")
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:")
_WEB = re.compile(rb"(?:[Hh][Tt][Tt][Pp][Ss]?:)?//([^/?#]*)")
_HOSTS = frozenset({b"/\\", b"\\\\", b"\\/"})     # begins like another host: browsers take a backslash for a slash
_CLIMBING = re.compile(rb"(?:^|/)\.\.?;")   # to some servers a parent folder, to others a name
_SESSION = re.compile(rb";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_SPACE = b" \t\r\n\f"
_CUT = re.compile(rb"(?:\.\.>|\.{2,3}|\xe2\x80\xa6)$")
_HIGH = re.compile(rb"[\x80-\xff]+")
_BLANKS = re.compile(rb"(?:\s|\xc2\xa0|\xe2\x80\xaf)+")
SAFE = "!$&'()*+,;=:@~"                      # what may stand unquoted in a path segment (RFC 3986 §3.3)


class Where(Enum):
    """What a link is to the directory."""

    CHILD = "child"                          # directly in it
    SELF = "self"                            # itself: a sort link, a fragment, nothing
    PARENT = "parent"                        # above it
    ELSEWHERE = "elsewhere"


class Habit(Enum):
    """How a page writes names into links."""

    ESCAPES = "escapes"                      # quoted as RFC 3986 has it
    SPACES = "spaces"                        # not quoted at all: with the spaces that are in them
    AMPERSANDS = "ampersands"                # with ampersands that HTML wants escaped


@dataclass(frozen=True, slots=True)
class Link:
    """One link, resolved."""

    where: Where
    name: bytes = b""                        # of a child: decoded base name
    slash: bool = False                      # of a child: shown with a slash, so a directory
    segment: bytes = b""                     # of a child: as it stands in the link, unescaped from HTML
    prefix: bytes = b""                      # of a child: what stands before the segment
    named: bool = False                      # the visible text is the name, whole or cut
    spelled: bool = False                    # and it ends with a slash
    raw: bool | None = None                  # the server escapes nothing in links; None: this one does not tell
    path: str | None = None                  # on this host: the quoted path, without query
    habit: Habit | None = None               # what it tells of the links of its page
    other: Other | None = None               # what it is on a page of this habit


@dataclass(frozen=True, slots=True)
class Other:
    """Another reading of a link, for pages that have shown a habit."""

    habit: Habit
    link: Link


def entities(text: bytes) -> bytes:
    """`text` with HTML entities replaced, as UTF-8; only those that end in a semicolon, as attributes want it."""
    if b"&" not in text:
        return text
    decoded = text.decode("utf-8", "surrogateescape")
    return _ENTITY.sub(lambda found: unescape(found[0]), decoded).encode("utf-8", "surrogateescape")

_BARE_CUT = 15                               # bytes from which on a beginning is a name cut without dots


def quote(name: bytes) -> str:
    """`name` as one segment of a path."""
    return quote_from_bytes(name, safe=SAFE)


def _habit(href: bytes, text: bytes, link: Link) -> Habit | None:
    """What a link that is shown by its name tells of its page."""
    if b"&" in href and entities(href) == href:
        return Habit.AMPERSANDS
    if link.raw is False:
        return Habit.ESCAPES
    return Habit.SPACES if b" " in link.segment.strip() and text == link.segment else None


def _followed(name: bytes) -> bytes:
    """What is left of a name that was taken for a link: no query, no fragment, nothing quoted."""
    return unquote_to_bytes(re.split(rb"[?#]", name, maxsplit=1)[0])


def shows(text: bytes, name: bytes) -> bool:
    """Whether the visible `text` is `name`: whole, or cut at its end with dots, in whatever character set."""
    if text == name and text.strip():
        return True
    text = _BLANKS.sub(b" ", text).strip()
    name = _BLANKS.sub(b" ", name).strip()
    if not text or not name:
        return False
    stem = text.rstrip(b"/@*=|").rstrip()
    if name in (text, stem) or (len(text) >= _BARE_CUT and name.startswith(text)):
        return True
    cut = _CUT.sub(b"", text)
    if cut != text and cut and name.startswith(cut):
        return True
    plain = _HIGH.sub(b"", stem).strip()
    other = _HIGH.sub(b"", name).strip()
    return plain != stem and bool(plain) and (plain == other or (cut != text and other.startswith(_HIGH.sub(b"", cut))))


class Base:
    """The directory that was asked for: resolves links against it."""

    def __init__(self, path: str, host: str | None = None) -> None:
        self.asked = path[:path.rfind("/") + 1] or "/"
        self.host = (host or "").encode("ascii", "replace").lower()
        self.here = self.asked               # what relative links are relative to: a page may say otherwise
        self._own = unquote_to_bytes(self.asked)
        self._habits: set[Habit] = set()

    def rebase(self, href: bytes) -> None:
        """The page says `<base href>`."""
        path = self._path(href)
        if path is not None:
            self.here = path[:path.rfind(b"/") + 1].decode("latin-1") or "/"

    def link(self, href: bytes, text: bytes = b"", others: tuple[bytes, ...] = ()) -> Link:
        """Resolve an attribute value. `text` is what is visible of it, `others` further places that show names."""
        texts = (text, *others)
        plain = entities(href)
        link = self._resolve(plain, texts)
        if plain != href and not link.named:
            raw = self._resolve(href, texts)
            if raw.named and link.where is Where.CHILD:    # no ampersand is escaped, or the text is escaped twice
                return replace(raw, other=Other(Habit.ESCAPES, replace(link, named=True, spelled=raw.spelled)))
            return raw if raw.named else link
        return replace(link, habit=habit) if link.named and (habit := _habit(href, text, link)) else link

    def learn(self, links: Iterable[Link]) -> None:
        """Learn the habits of a page from its links."""
        self._habits.update(link.habit for link in links if link.habit is not None)

    def settle(self, link: Link) -> Link:
        """The reading of a link that holds on this page, after what was learned of it."""
        if link.other is None or link.other.habit not in self._habits:
            return link
        doubtful = link.other.habit is Habit.ESCAPES and Habit.AMPERSANDS in self._habits
        return link if doubtful else link.other.link

    def _resolve(self, href: bytes, texts: tuple[bytes, ...]) -> Link:
        if (_SCHEME.match(href) and not _WEB.match(href)) or href.strip(_SPACE)[:1] in (b"?", b"#", b""):
            return self._bare(href, texts) or self._far(href)
        return self._child(href, texts) or self._far(href)

    def _bare(self, href: bytes, texts: tuple[bytes, ...]) -> Link | None:
        """A name that looks like a scheme, a query or a fragment, because the server escapes nothing."""
        if b"/" in href[:-1] or not href.strip(_SPACE) or not any(shows(text, href.rstrip(b"/")) for text in texts):
            return None
        return self._made(href.rstrip(b"/"), href, b"", texts)

    def _child(self, href: bytes, texts: tuple[bytes, ...]) -> Link | None:
        """A link to something directly in the directory."""
        stripped = href.strip(_SPACE)
        prefix, segment = self._split(stripped)
        if prefix is None:
            return None
        plain = re.split(rb"[?#]", segment, maxsplit=1)[0]
        whole = segment.rstrip(b"/")
        if plain != segment and any(shows(text, form) for form in (whole, unquote_to_bytes(whole)) for text in texts):
            plain = segment                  # the rest of a name that is not escaped, or not all of it
        elif plain != segment and not any(shows(text, unquote_to_bytes(plain.rstrip(b"/"))) for text in texts):
            return None
        if plain.count(b"/") > plain.endswith(b"/"):
            return None
        if len(href) != len(stripped) and any(text == href for text in texts):
            plain, prefix = href, b""
        return self._made(plain.rstrip(b"/"), plain, prefix, texts)

    def _split(self, href: bytes) -> tuple[bytes | None, bytes]:
        """What stands before the child's segment, and the rest; None where it is no child."""
        body = href
        authority = _WEB.match(body)
        if authority is not None:
            if not self._ours(authority[0], authority[1]):
                return None, href
            body = body[authority.end():]
        if body.startswith(b"/") or self.here != self.asked:
            return self._below(href, body)
        while body.startswith(b"./"):
            body = body[2:]
        return href[:len(href) - len(body)], body

    def _below(self, href: bytes, body: bytes) -> tuple[bytes | None, bytes]:
        """The same for links that count from the root, or from another base than the directory."""
        full = body if body.startswith(b"/") else self.here.encode("latin-1") + body.removeprefix(b"./")
        path = re.split(rb"[?#]", full, maxsplit=1)[0]
        cut = path.rstrip(b"/").rfind(b"/") + 1
        if unquote_to_bytes(path[:cut].replace(b"/./", b"/")) != self._own:
            return None, href
        segment = full[cut:]
        return href[:len(href) - len(segment)], segment

    def _made(self, segment: bytes, shown: bytes, prefix: bytes, texts: tuple[bytes, ...]) -> Link | None:
        """A child link from its segment; None where the segment is none, such as `.` or `..`."""
        name, raw = self._name(segment, texts)
        if name in (b"", b".", b".."):
            return None
        spelled = any(text.strip(_SPACE).endswith(b"/") and shows(text, name) for text in texts)
        slash = shown.endswith(b"/") or spelled
        named = any(shows(text, name) for text in texts)
        path = self.asked + (quote(name) if raw else quote_from_bytes(segment, safe=SAFE + "%")) + "/" * slash
        link = Link(Where.CHILD, name, slash, segment, prefix, named, spelled, raw, path)
        return link if named or raw is not None else self._told(link, texts[0])

    def _told(self, link: Link, text: bytes) -> Link:
        """With the name that its text says, where the server took a name for a link and printed what that left."""
        said = text.strip(b"/")
        if not said or said == link.segment or _followed(said).strip(_SPACE) != link.segment.strip(_SPACE):
            return link
        path = self.asked + quote(said) + "/" * link.slash
        told = replace(link, name=said, named=True, spelled=text.endswith(b"/"), raw=True, path=path)
        return replace(link, other=Other(Habit.SPACES, told))

    @staticmethod
    def _name(segment: bytes, texts: tuple[bytes, ...]) -> tuple[bytes, bool | None]:
        """The name behind a segment: decoded, or as it stands where the visible text says that nothing is escaped."""
        if b"%" not in segment or not _ESCAPED.search(segment):
            return segment, None
        name = unquote_to_bytes(segment)
        if any(shows(text, name) for text in texts):
            return (name, False) if b"/" not in name else (segment, None)
        if any(shows(text, segment) for text in texts):
            return segment, True
        return (segment, None) if b"/" in name else (name, None)

    def _far(self, href: bytes) -> Link:
        """A link that is no child, read as browsers read it: line ends and tabs in it mean nothing (WHATWG URL)."""
        href = _SESSION.sub(b"", href.strip(_SPACE).translate(None, b"\t\r\n"))
        path = None if href[:2] in _HOSTS or _CLIMBING.search(href) else self._path(href)
        if path is None:
            return Link(Where.ELSEWHERE)
        quoted = path.decode("latin-1")
        if quoted.rstrip("/") == self.asked.rstrip("/"):
            return Link(Where.SELF, path=quoted)
        if unquote_to_bytes(self.asked).startswith(unquote_to_bytes(quoted.rstrip("/") + "/")):
            return Link(Where.PARENT, path=quoted)
        return Link(Where.ELSEWHERE, path=quoted)

    def _ours(self, start: bytes, authority: bytes) -> bool:
        """Whether a link names this host; the port of its scheme may be written or not. Never with a user's name."""
        named = authority.lower()
        scheme = start.partition(b":")[0].lower() if b":" in start.partition(b"/")[0] else b""
        usual = {b"http": (b":80",), b"https": (b":443",)}.get(scheme, (b":80", b":443"))
        return bool(self.host) and named in (self.host, *(self.host + port for port in usual))

    def _path(self, href: bytes) -> bytes | None:
        """The quoted path on this host, dots resolved, without query; None where it is no path of this host."""
        authority = _WEB.match(href)
        if authority is not None:
            if not self._ours(authority[0], authority[1]):
                return None
            href = href[authority.end():] or b"/"
        elif _SCHEME.match(href):
            return None
        path = re.split(rb"[?#]", href, maxsplit=1)[0][:8192]
        if not path.startswith(b"/"):
            path = self.here.encode("latin-1") + path
        return quote_from_bytes(undotted(path), safe=SAFE + "/%").encode("ascii")


def undotted(path: bytes) -> bytes:
    """RFC 3986 §5.2.4: `.` and `..` resolved, also where they are quoted; empty segments dropped."""
    kept: list[bytes] = []
    for segment in path.split(b"/"):
        plain = segment.replace(b"%2e", b".").replace(b"%2E", b".")
        if plain == b"..":
            del kept[-1:]
        elif plain not in (b"", b"."):
            kept.append(segment)
    tail = b"/" if path.endswith((b"/", b"/.", b"/..")) else b""
    return b"/" + b"/".join(kept) + (tail if kept else b"")
