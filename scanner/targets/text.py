"""The forms in which people write a target on one line. Pure: text in, Target out, or an error that names the place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scanner.errors import TargetError
from scanner.targets import hosts, numbers
from scanner.targets.target import Exclusion, FormError, Target, shown
from scanner.targets.url import door, url

_LONGEST = 4096
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_FORMS = "write an address, network, range, name, host:port or URL"


def parse(text: str, *, where: str) -> Target:
    """One target. Raises TargetError with the place, the text, what is wrong and what would be right."""
    try:
        _refuse_hidden(text)
        return _target(text, where)
    except FormError as error:
        raise error.at(where, text) from None


def parse_exclusion(text: str, *, where: str) -> Exclusion:
    """One exclusion: an address, network, range or name, never with a port or path. Raises TargetError."""
    try:
        _refuse_hidden(text)
        return _exclusion(text, where)
    except FormError as error:
        raise error.at(where, text) from None


def read_list(lines: Iterable[str | bytes], *, where: str) -> Iterator[Target | Exclusion]:
    """The targets of a list, one a line; `#` begins a comment, `!` or `-` an exclusion. Raises TargetError."""
    for number, raw in enumerate(lines, 1):
        place = f"{where}:{number}"
        line = _line(raw, place)
        line = line.removeprefix("\ufeff") if number == 1 else line
        text = _without_comment(line).strip(" \t\r\n")
        if text.startswith(("!", "-")):
            yield parse_exclusion(text[1:].lstrip(" \t"), where=place)
        elif text:
            yield parse(text, where=place)


def _line(raw: str | bytes, place: str) -> str:
    if len(raw) > _LONGEST:
        raise TargetError(f"{place}: the line is longer than {_LONGEST} characters; write one target a line")
    if isinstance(raw, str):
        return raw
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise TargetError(f"{place}: {shown(repr(raw)[2:-1])} is not UTF-8; save the list as UTF-8") from None


def _without_comment(line: str) -> str:
    """A `#` at the start or behind white space; one inside a URL is left to be refused there."""
    for i, character in enumerate(line):
        if character == "#" and (i == 0 or line[i - 1] in " \t"):
            return line[:i]
    return line


def _refuse_hidden(text: str) -> None:
    if not text:
        raise FormError("is empty", _FORMS)
    if len(text) > _LONGEST:
        raise FormError(f"is longer than {_LONGEST} characters", _FORMS)
    for character in text:
        if unicodedata.category(character) in _HIDDEN:
            raise FormError("holds white space or a character that cannot be seen", "write one target, without it")
    for sign in ",;":
        if sign in text.partition("://")[0]:
            raise FormError(f"holds {sign!r}", "write one target a line, or several with spaces between")


def _exclusion(text: str, where: str) -> Exclusion:
    span = None if "://" in text else numbers.excluded_span(text)
    if span is not None:
        return Exclusion(what=text, networks=(span,), where=where)
    if ":" in text:
        raise FormError("has a port or path: what is excluded is excluded whole", "write the address or name alone")
    return Exclusion(what=text, host=hosts.host_name(text), where=where)


def _target(text: str, where: str) -> Target:
    if "://" in text:
        found = url(text)
    elif "/" in text:
        found = Target(what=text, networks=(numbers.network(text),))
    else:
        found = _plain(text)
    return replace(found, where=where)


def _plain(text: str) -> Target:
    span = numbers.single(text) or numbers.span_text(text)
    if span is not None:
        return Target(what=text, networks=(span,))
    if text.startswith("[") or ":" in text:
        return _door(text)
    if "@" in text:
        raise FormError("is a mail address or carries a user name", _FORMS)
    return Target(what=text, host=hosts.host_name(text))


def _door(text: str) -> Target:
    span, host, port = door(text)
    if port is None:
        raise FormError("has brackets and no port", f"write {text.strip('[]')}, or {text}:443")
    return Target(what=text, networks=(span,) if span else (), host=host, ports=(port,), single=True)

