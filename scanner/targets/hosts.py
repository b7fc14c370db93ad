"""Host names: from what people write to A-labels. Resolves nothing, and takes no address for a name.

IDNA 2008 (RFC 5891) and the letters, digits and hyphens of RFC 1123 section 2.1. What a resolver would take for an
address ("ends in a number", WHATWG URL standard, section on hosts) is an error and never a name: getaddrinfo reads
0x7f.1, 2130706433 and 127。0。0。1 as loopback.
"""

from __future__ import annotations

import re
import unicodedata

import idna

from scanner.targets.target import FormError

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DOTS = str.maketrans("。．｡", "...")
_ADDRESS = "write the address in full, such as 192.0.2.7"


def host_name(text: str) -> str:
    """Lower-case A-labels of a name, without the trailing dot. Raises FormError."""
    plain = _as_programs_read_it(text)
    if _ends_in_number(plain):
        raise FormError("ends in a number, which programs read as an address in one notation or another", _ADDRESS)
    if "*" in text:
        raise FormError("has a wildcard: names are never guessed or enumerated", "write each name, or its network")
    if plain != text.lower():
        raise FormError("has letters or dots in another form than plain ones", f"write {plain!r} if that is meant")
    return _checked(text if text.isascii() else _encoded(plain))


def is_local(host: str) -> bool:
    """`localhost` and what lies below it: loopback by name (RFC 6761 section 6.3)."""
    return host == "localhost" or host.endswith(".localhost")


def _as_programs_read_it(text: str) -> str:
    """Fullwidth and circled letters, foreign digits and ideographic dots as resolvers and browsers map them."""
    digits = "".join(str(unicodedata.decimal(c, c)) for c in text)
    return unicodedata.normalize("NFKC", digits).translate(_DOTS).lower()


def _ends_in_number(name: str) -> bool:
    return bool(_NUMBER.fullmatch(name.removesuffix(".").rpartition(".")[2]))


def _encoded(name: str) -> str:
    try:
        return idna.encode(name).decode("ascii")
    except idna.IDNAError as error:
        raise FormError(f"is no host name ({error})", "write the name as DNS has it (xn--…)") from None


def _checked(name: str) -> str:
    name = name.lower().removesuffix(".")
    if not 0 < len(name) <= 253:
        raise FormError("is empty or longer than the 253 characters of a name", "write a host name")
    for label in name.split("."):
        if not _LABEL.fullmatch(label):
            raise FormError(
                "is no host name: only letters, digits and inner hyphens, 63 at most between dots",
                "write an address, network, range, name, host:port or URL",
            )
        _check_a_label(label)
    return name


def _check_a_label(label: str) -> None:
    try:
        if label.startswith("xn--"):
            idna.ulabel(label)
    except idna.IDNAError as error:
        raise FormError(f"has a broken xn-- part ({error})", "write the name as DNS has it") from None
