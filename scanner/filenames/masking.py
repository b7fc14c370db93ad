"""Masks what may be a person in a name or path, so that the rest can be shown. Total: what is not known is masked.

Times, dates, unique ids and hashes stay readable; every other run of seven digits or more does not, whatever it is.
Two or three capitalised words may be somebody, and are hidden where nothing is counted by them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from scanner.filenames.clock import HOUR_MINUTE
from scanner.filenames.persons import spans, unknown
from scanner.filenames.read import READ_LIMIT, tokens
from scanner.filenames.token import IDENTITIES, INDIRECT, MACHINE, Token
from scanner.model import Certainty

DOTS = "•••"
SHOWN = 120                                  # characters of a masked segment
_CUT = READ_LIMIT - 90                       # of a longer name: what may be cut in two at the limit is not shown
_LONG = re.compile(r"\d{7,}")                # digits of any script
_GROUPS = re.compile(r"(?<!\d)\+?\(?\d+(?:[\W_]{1,3}\d+)+(?!\d)")       # whatever stands between them
_AT = r"(?:[@\uff20\ufe6b]|[(\[{]at[)\]}])"
_ADDRESS = re.compile(rf"[^\s@/\uff20\ufe6b(\[{{]{{1,64}}{_AT}[^\s@/]{{1,64}}", re.IGNORECASE)
_SPELT = re.compile(r"[(\[{]at[)\]}]", re.IGNORECASE)
_SERIAL = re.compile(r"[ _.-]{0,3}(\d{4})(?!\d)")         # behind a day, which may be one of birth
_CLOCK = re.compile(HOUR_MINUTE)
_FILLED = re.compile(r"(?<!\d)0\d")         # no address is written so: 070.174.06.05
_BORN = {"personnummer": 4, "samordningsnummer": 4, "reservnummer": 4, "undecided": 4, "cpr": 4, "hetu": 4,
         "kennitala": 4, "fodselsnummer": 5, "personas-kods": 5, "pesel": 5}
"""Kinds that begin with a date of birth, which stays, and the length of what does not."""
_LETTERS = re.compile(r"[^\W\d_]+")


def mask_file(name: str, regions: tuple[str, ...] = ()) -> str:
    """A file's decoded base name, masked: `a•••••_k•••••.pdf`.

    More is hidden than in paths, which their owner must find again: words side by side that no list knows.
    """
    return _segment(name, regions, file=True)


def mask(text: str, regions: tuple[str, ...] = (), *, prose: bool = False) -> str:
    """A decoded name or path with numbers, mail addresses, identities and possible names masked, `0701•••605`.

    `prose`: a title or header, which holds names of products: words count as a name only beside a time or a number.
    Slashes stay; each segment is cut at 120 characters. Never raises; lone surrogates become `?`.
    """
    return "/".join(_segment(segment, regions, prose=prose) for segment in text.split("/"))


def mask_quoted(path: str) -> str:
    """A quoted path as it may be shown: segments that want masking decoded and masked, the others left quoted."""
    return "/".join(_quoted_segment(segment) for segment in path.split("/"))


def mask_target(text: str) -> str:
    """A target as somebody wrote it, the path of a URL masked."""
    scheme, colon, rest = text.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{colon}{place}{slash}{mask_quoted(path)}"


def _quoted_segment(segment: str) -> str:
    plain = unquote(segment, errors="replace")
    masked = mask(plain)
    return segment if masked == plain else masked


def _segment(name: str, regions: tuple[str, ...], *, prose: bool = False, file: bool = False) -> str:
    end = len(name) if len(name) <= READ_LIMIT else _CUT
    name = name[:READ_LIMIT].encode("utf-8", "replace").decode()
    pieces, at = [], 0
    found = tokens(name, regions)
    for token in sorted([*found, *_words(name, found)] if file else found, key=lambda token: token.start):
        if token.start >= end:
            break
        pieces += [_rest(name[at:token.start], prose), shown(token, name[token.start:token.end])]
        at = token.end
        serial = _SERIAL.match(name, at) if token.kind == "date" else None
        if serial and not _CLOCK.fullmatch(serial[1]):
            pieces.append(name[at:serial.start(1)] + "••••")
            at = serial.end()
    whole = "".join([*pieces, _rest(name[at:max(at, end)], prose)])
    return whole if len(whole) <= SHOWN else whole[:SHOWN] + "…"


def _words(name: str, found: tuple[Token, ...]) -> list[Token]:
    """Words that may be somebody, beside what was found."""
    return [Token("name", start, end, "", Certainty.POSSIBLE) for start, end in unknown(name)
            if all(end <= token.start or token.end <= start for token in found)]


def shown(token: Token, text: str) -> str:
    """`text` of a token as it may be shown."""
    if token.kind in MACHINE:
        return number(text) if token.kind == "ipv4" and _FILLED.search(text) else text
    if token.kind == "email":
        return _mail(text)
    if token.kind == "name":
        return _initials(_rest(text, prose=True))
    if token.kind in IDENTITIES or token.kind in ("undecided", "synthetic", "organisation"):
        return _identity(token.kind, text)
    return _reference(text) if token.kind in INDIRECT else number(text)


def _mail(text: str) -> str:
    local, host = re.split(_AT, text, maxsplit=1, flags=re.IGNORECASE)
    return f"{local[:1]}{DOTS}@{host[:1]}{DOTS}.{host.rpartition('.')[2]}"


def _identity(kind: str, text: str) -> str:
    """The birth date stays, as in `19900101-••••`; of others three characters do."""
    head = len(text) - _BORN[kind] if kind in _BORN else 3
    return text[:head] + re.sub("[0-9A-Za-z]", "•", text[head:])


def _reference(text: str) -> str:
    """Two characters of six or more, none of fewer."""
    head = 2 if len(text) >= 6 else 0
    return text[:head] + re.sub("[0-9A-Za-z]", "•", text[head:])


def number(text: str) -> str:
    """A number with its middle hidden: `0701740605` becomes `0701•••605`, a shorter one shows less."""
    digits = sum(c.isdigit() for c in text)
    head, tail = (4, 3) if digits >= 10 else (2, 2)
    return text[:head + text.startswith("+")] + DOTS + text[-tail:]


def _initials(text: str) -> str:
    return _LETTERS.sub(lambda word: word.group()[0] + "•••••", text)


def _rest(text: str, prose: bool) -> str:
    for start, end in () if prose else sorted(spans(text, company=True), reverse=True):
        text = text[:start] + _initials(text[start:end]) + text[end:]
    if not text.isascii() or _SPELT.search(text):            # is not read, and may hold an address
        text = _ADDRESS.sub(lambda m: _mail(m.group()), text)
    text = _GROUPS.sub(lambda m: number(m.group()) if _count(m.group()) >= 7 else m.group(), text)
    return _LONG.sub(lambda m: number(m.group()), text)


def _count(text: str) -> int:
    return sum(c.isdigit() for c in text)
