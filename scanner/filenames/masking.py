"""Masks what may be a person in a name or path, so that the rest can be shown. Total: what is not known is masked.

Times, dates, unique ids and hashes stay readable; every other run of seven digits or more does not, whatever it is.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from scanner.filenames.read import READ_LIMIT, tokens
from scanner.filenames.token import IDENTITIES, MACHINE, Token

DOTS = "•••"
SHOWN = 120                                  # characters of a masked segment
_LONG = re.compile(r"\d{7,}")                # digits of any script
_GROUPS = re.compile(r"(?<!\d)\+?\(?\d+(?:[ .()/-]{1,2}\d+)+(?!\d)")
_TAIL = re.compile(r"\d+$")


def mask(text: str, regions: tuple[str, ...] = ()) -> str:
    """A decoded name or path with numbers, mail addresses, identities and possible names masked, `0701•••605`.

    Slashes stay; each segment is cut at 120 characters. Never raises; lone surrogates become `?`.
    """
    return "/".join(_segment(segment, regions) for segment in text.split("/"))


def mask_quoted(path: str) -> str:
    """A quoted path as it may be shown: segments that want masking decoded and masked, the others left quoted."""
    return "/".join(_quoted_segment(segment) for segment in path.split("/"))


def _quoted_segment(segment: str) -> str:
    plain = unquote(segment, errors="replace")
    masked = mask(plain)
    return segment if masked == plain else masked


def _segment(name: str, regions: tuple[str, ...]) -> str:
    cut = len(name) > READ_LIMIT
    name = name[:READ_LIMIT].encode("utf-8", "replace").decode()
    if cut:
        name = _TAIL.sub("", name)           # a number cut in two would not be known as one
    pieces, at = [], 0
    for token in tokens(name, regions):
        pieces += [_rest(name[at:token.start]), shown(token, name[token.start:token.end])]
        at = token.end
    whole = "".join([*pieces, _rest(name[at:])])
    return whole if len(whole) <= SHOWN else whole[:SHOWN] + "…"


def shown(token: Token, text: str) -> str:
    """`text` of a token as it may be shown."""
    if token.kind in MACHINE:
        return text
    if token.kind == "email":
        local, _, host = text.partition("@")
        return f"{local[0]}{DOTS}@{host[0]}{DOTS}.{host.rpartition('.')[2]}"
    if token.kind == "name":
        return re.sub(r"[^\W\d_]+", lambda word: word.group()[0] + "•••••", text)
    if token.kind in IDENTITIES or token.kind in ("undecided", "synthetic"):
        return _identity(token.kind, text)
    return number(text)


def _identity(kind: str, text: str) -> str:
    """The birth date stays, as in `19900101-••••`; numbers that tell none keep their first three digits."""
    if kind in ("ssn", "nhs"):
        return text[:3] + re.sub(r"\d", "•", text[3:])
    tail = 5 if kind in ("fodselsnummer", "synthetic") else 4
    return text[:-tail] + "•" * tail


def number(text: str) -> str:
    """A number with its middle hidden: `0701740605` becomes `0701•••605`, a shorter one shows less."""
    digits = sum(c.isdigit() for c in text)
    head, tail = (4, 3) if digits >= 10 else (2, 2)
    return text[:head + text.startswith("+")] + DOTS + text[-tail:]


def _rest(text: str) -> str:
    text = _GROUPS.sub(lambda m: number(m.group()) if _count(m.group()) >= 7 else m.group(), text)
    return _LONG.sub(lambda m: number(m.group()), text)


def _count(text: str) -> int:
    return sum(c.isdigit() for c in text)
