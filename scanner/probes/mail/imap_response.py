"""IMAP responses, read: greetings, results, capabilities, mailboxes and their counts (RFC 3501 §7, RFC 9051 §7). Pure.

A response is given whole, with its literals in it. What does not belong to a listing of mailboxes is not understood
here, and nothing in here knows what a message looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from scanner.errors import ProtocolError
from scanner.probes.mail.messages import Count

MOST_TOKENS = 1000                        # of one response
_PEOPLE = frozenset({"OK", "NO", "BAD", "BYE", "PREAUTH", "CAPABILITY"})     # followed by text, never by a literal
_LITERAL = re.compile(rb"\{(\d{1,20})\+?\}\r?\n\Z")
_GREETING = re.compile(rb"\A\* (OK|PREAUTH|BYE)(?: |\r|\n|\Z)", re.IGNORECASE)
_CODE = re.compile(rb"\A\[([^\]]*)\] ?")
_TOKEN = re.compile(rb' *(?:(?P<paren>[()])|"(?P<quoted>(?:[^"\\\r\n]|\\.)*)"|~?\{(?P<size>\d{1,20})\+?\}\r?\n|'
                    rb'(?P<atom>[^ ()"{\r\n]+))')
_ESCAPED = re.compile(rb"\\(.)")
_NUMBER = re.compile(rb"\d{1,20}\Z")
_UNSELECTABLE = frozenset({b"\\NOSELECT", b"\\NONEXISTENT"})


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a server begins."""

    word: str                             # OK, PREAUTH or BYE
    text: bytes                           # for people
    capabilities: tuple[str, ...]         # where it says them at once


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    tag: bytes
    word: str                             # OK, NO or BAD
    text: bytes
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox that LIST shows."""

    name: bytes                           # raw
    selectable: bool


def literal(line: bytes) -> int | None:
    """How many bytes of a literal follow this line of data (RFC 3501 §4.3); None: the response ends here."""
    found = _LITERAL.search(line)
    return int(found[1]) if found else None


def may_hold_literals(line: bytes) -> bool:
    """Whether the response that begins so is data; what is said for people may end in anything."""
    return line[:1] == b"*" and kind(line) not in _PEOPLE


def greeting(line: bytes) -> Greeting | None:
    """The first line of a connection; None where it is no IMAP server's."""
    found = _GREETING.match(line)
    if found is None:
        return None
    code, text = _coded(line[found.end():].strip())
    return Greeting(found[1].decode().upper(), text, _capabilities(code))


def result(line: bytes) -> Result:
    """A tagged response. `ProtocolError` where it is none."""
    tag, _, rest = line.strip().partition(b" ")
    word, _, text = rest.partition(b" ")
    if word.upper() not in (b"OK", b"NO", b"BAD"):
        raise ProtocolError("an answer that is no result of a command")
    code, text = _coded(text)
    return Result(tag, word.decode().upper(), text, _capabilities(code))


def kind(response: bytes) -> str:
    """The word of an untagged response in upper case: LIST, STATUS, CAPABILITY, BYE, …"""
    words = response[:64].split(maxsplit=2)
    return words[1].decode("latin-1").upper() if len(words) > 1 and words[0] == b"*" else ""


def capabilities(response: bytes) -> tuple[str, ...]:
    """Of an untagged CAPABILITY, upper case, as they stand."""
    return _capabilities(response.strip().removeprefix(b"*").strip())


def box(response: bytes) -> Box | None:
    """Of an untagged LIST (RFC 3501 §7.2.2); None where it cannot be read."""
    tokens = _tokens(response)
    if tokens[2:3] != [Paren.OPEN] or Paren.CLOSE not in tokens:
        return None
    end = tokens.index(Paren.CLOSE)
    if len(tokens) < end + 3 or not isinstance(name := tokens[end + 2], bytes):
        return None
    attributes = {token.upper() for token in tokens[3:end] if isinstance(token, bytes)}
    return Box(name, not attributes & _UNSELECTABLE)


def status(response: bytes) -> tuple[bytes, Count] | None:
    """The mailbox and what an untagged STATUS says of it (RFC 3501 §7.2.4, RFC 8438); None where it cannot be read."""
    tokens = _tokens(response)
    if tokens[3:4] != [Paren.OPEN] or not isinstance(name := tokens[2], bytes):
        return None
    words = [token for token in tokens[4:] if isinstance(token, bytes)]
    said = {word.upper(): int(number) for word, number in zip(words[::2], words[1::2], strict=False)
            if _NUMBER.match(number)}
    return (name, Count(said[b"MESSAGES"], said.get(b"SIZE"))) if b"MESSAGES" in said else None


class Paren(Enum):
    """What a string never is."""

    OPEN = b"("
    CLOSE = b")"


def _tokens(response: bytes) -> list[bytes | Paren]:
    """Atoms, strings and literals, and parentheses; nothing where it cannot be read."""
    tokens: list[bytes | Paren] = []
    at, end = 0, len(response.rstrip(b"\r\n "))
    while at < end:
        found = _TOKEN.match(response, at)
        if found is None or len(tokens) >= MOST_TOKENS:
            return []
        at = found.end()
        if found["paren"] is not None:
            tokens.append(Paren(found["paren"]))
        elif found["quoted"] is not None:
            tokens.append(_ESCAPED.sub(rb"\1", found["quoted"]))
        elif found["size"] is not None:
            size = int(found["size"])
            if size > len(response) - at:
                return []
            tokens.append(response[at:at + size])
            at += size
        else:
            tokens.append(found["atom"])
    return tokens


def _coded(text: bytes) -> tuple[bytes, bytes]:
    """A response code without its brackets (RFC 3501 §7.1), and the text after it."""
    found = _CODE.match(text)
    return (found[1], text[found.end():]) if found else (b"", text)


def _capabilities(code: bytes) -> tuple[str, ...]:
    word, _, rest = code.partition(b" ")
    return tuple(rest.decode("ascii", "replace").upper().split()) if word.upper() == b"CAPABILITY" else ()
