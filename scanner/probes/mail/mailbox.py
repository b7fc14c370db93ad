"""Names of IMAP mailboxes: raw as servers say them, readable as paths show them, quoted as commands hold them. Pure.

Servers write what is not ASCII in modified UTF-7 (RFC 3501 §5.1.3). A path shows it as UTF-8 wherever that can be
turned back into exactly what the server said.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from urllib.parse import quote, unquote_to_bytes

_SHIFTED = re.compile(rb"&([^&-]*)-")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")
_UNSENDABLE = re.compile(rb"[\r\n\x00]")  # no quoted string holds them (RFC 3501 §9)


def path_of(raw: bytes) -> str | None:
    """The path of a mailbox, quoted, one segment between two slashes. None: a name that no path can hold."""
    text = decoded(raw)
    plain = text is None or text.isascii() or "&" in text or _UNSENDABLE.search(text.encode("utf-8", "replace"))
    named = raw if text is None or plain or encoded(text) != raw else text.encode()
    path = f"/{quote(named, safe='')}/"
    return None if named in (b"", b".", b"..") or raw_of(path) not in (None, raw) else path


def raw_of(path: str) -> bytes | None:
    """The name that the server gave to the mailbox of a path; None where it is none, or no command can hold it."""
    named = unquote_to_bytes(path[1:-1])
    try:
        text = named.decode()
        raw = named if text.isascii() or "&" in text else encoded(text)
    except UnicodeDecodeError:
        raw = named
    return None if "/" in path[1:-1] or not raw or _UNSENDABLE.search(named) else raw


def quoted(raw: bytes) -> bytes:
    """As a quoted string. `ValueError` where none can hold it."""
    if _UNSENDABLE.search(raw):
        raise ValueError("a mailbox name with a line end or NUL")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def decoded(raw: bytes) -> str | None:
    """Modified UTF-7 as text; None where it is none."""
    pieces = _SHIFTED.split(raw)          # plain and shifted by turns
    try:
        return "".join(_shifted(piece) if odd % 2 else _plain(piece) for odd, piece in enumerate(pieces))
    except ValueError:
        return None


def encoded(text: str) -> bytes:
    """Text as modified UTF-7. Lone surrogates, which no server can have meant, become question marks."""
    return _UNPRINTABLE.sub(_shift, text.replace("&", "&-")).encode()


def _plain(piece: bytes) -> str:
    if b"&" in piece:
        raise ValueError("an ampersand that begins nothing")
    return piece.decode("ascii")


def _shifted(piece: bytes) -> str:
    if not piece:
        return "&"
    try:
        packed = b64decode(piece + b"=" * (-len(piece) % 4), altchars=b"+,", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    return packed.decode("utf-16-be")


def _shift(run: re.Match[str]) -> str:
    packed = run[0].encode("utf-16-be", "replace")
    return f"&{b64encode(packed, b'+,').decode().rstrip('=')}-"
