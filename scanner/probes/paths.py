"""Paths of asks, and the names in them as servers have them: bytes in no encoding. Pure; knows no protocol."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, unquote_to_bytes

from scanner.model import Doubt, Reason

UNSAYABLE: Doubt = (Reason.FORBIDDEN, "a folder whose name no command can hold")


def names_of(path: str) -> tuple[bytes, ...]:
    """The names that a quoted `/a/b/` is made of, whatever they hold, empty ones among them; none of `/`."""
    inner = path.removeprefix("/").removesuffix("/")
    return tuple(unquote_to_bytes(segment) for segment in inner.split("/")) if path != "/" else ()


def path_of(names: Iterable[bytes]) -> str:
    """Names as the quoted path of an ask, `/a/b/`; empty names are left out, and `/` is left of none."""
    return "/" + "".join(f"{quote(name, safe='')}/" for name in names if name)


def is_plain(name: bytes) -> bool:
    """Whether a name leads nowhere but to what goes by it: neither the folder itself nor the one above, nor a path."""
    return name not in (b"", b".", b"..") and b"/" not in name and b"\0" not in name
