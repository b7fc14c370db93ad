"""NFS version 4 (RFC 7530 §15, §16): a COMPOUND's operations, and what each gives. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

from scanner.errors import ProtocolError
from scanner.probes.nfs.procedures import Operation
from scanner.probes.nfs.rows import FOLDER, UNKNOWN, Page
from scanner.probes.nfs.status import RefusedError
from scanner.probes.nfs.xdr import Reader, long, opaque, word, words

COUNT = 256 * 1024                       # bytes of one answer; a server may give less
_NAMES = 64 * 1024
_NAME, _HANDLE, _VERIFIER, _TAG = 4096, 128, 8, 1024
_TYPE, _SIZE, _FSID, _ERROR, _FILEID, _META, _MODIFIED = 1, 4, 8, 11, 20, 52, 53     # attributes (§5.8)
_FORMS = {_TYPE: "I", _SIZE: "Q", _FSID: "QQ", _ERROR: "I", _FILEID: "Q", _META: "qI", _MODIFIED: "qI"}
ROWS = (_TYPE, _SIZE, _ERROR, _MODIFIED)
PLACES = (_TYPE, _FSID, _ERROR)
SELF = (_TYPE, _FSID, _FILEID, _META, _MODIFIED)
Told = dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation with its arguments."""

    operation: Operation
    arguments: bytes = b""


ROOT = Step(Operation.PUTROOTFH)
HANDLE = Step(Operation.GETFH)


def at(handle: bytes) -> Step:
    """Begin at a folder known by its handle."""
    return Step(Operation.PUTFH, opaque(handle))


def into(name: bytes) -> Step:
    """Go into a folder."""
    return Step(Operation.LOOKUP, opaque(name))


def attributes(wanted: Sequence[int]) -> Step:
    """What the folder is."""
    return Step(Operation.GETATTR, _bitmap(wanted))


def rows(cookie: int, verifier: bytes, wanted: Sequence[int], count: int = COUNT) -> Step:
    """What lies in the folder, from `cookie` on, in so many bytes."""
    return Step(Operation.READDIR, long(cookie) + verifier + word(min(_NAMES, count)) + word(count) + _bitmap(wanted))


def compound(steps: Sequence[Step], minor: int) -> bytes:
    """The arguments of COMPOUND."""
    done = b"".join(word(step.operation) + step.arguments for step in steps)
    return opaque(b"") + word(minor) + word(len(steps)) + done


def begin(reader: Reader) -> None:
    """The head of a COMPOUND's answer. `RefusedError` where nothing was done."""
    status = reader.word()
    reader.opaque(_TAG)
    if not reader.word():
        raise RefusedError(status) if status else ProtocolError("an answer without results")


def done(reader: Reader, operation: Operation) -> Reader:
    """The result of the next operation, which must be this. `RefusedError`, `ProtocolError`."""
    number = reader.word()
    status = reader.word()
    if status:
        raise RefusedError(status)
    if number != operation:
        raise ProtocolError(f"the result of operation {number} where that of {operation.value} was due")
    return reader


def handle(reader: Reader) -> bytes:
    """What GETFH gives."""
    return reader.opaque(_HANDLE)


def told(reader: Reader) -> Told:
    """Attributes by number, as far as they are known here (§2.2). `ProtocolError`."""
    form = _form(tuple(reader.words(8)))
    values = Reader(reader.opaque(65536)).unpack(form.values)
    return {number: values[at:at + len(_FORMS[number])] for number, at in form.at.items()}


@dataclass(frozen=True, slots=True)
class Form:
    """How the values that a bitmap announces lie one after the other."""

    values: Struct
    at: dict[int, int]                   # attribute -> place of its first value


@lru_cache(256)                          # of attributes that are asked for there are not as many combinations
def _form(bits: tuple[int, ...]) -> Form:
    """The form of a bitmap (§2.2): attributes come in the order of their numbers. `ProtocolError`."""
    form, at = ">", dict[int, int]()
    for number in (32 * i + bit for i, mask in enumerate(bits) for bit in range(32) if mask >> bit & 1):
        if number not in _FORMS:
            raise ProtocolError("attributes that were not asked for")
        at[number] = len(form) - 1
        form += _FORMS[number]
    return Form(Struct(form), at)


def page(reader: Reader, cookie: int) -> Page:
    """What READDIR gives, from `cookie` on. `ProtocolError`."""
    made = Page(cookie, reader.fixed(_VERIFIER))
    for _ in reader.chain():
        made.cookie, name = reader.long(), reader.opaque(_NAME)
        known = told(reader)
        if made.add(name, *row(known)):
            made.marks.append(_mark(known))
    made.last = reader.truth()
    return made


def row(known: Told) -> tuple[int, int, int]:
    """Kind, size and time of an entry; -1 where nothing is said."""
    kind = known[_TYPE][0] if _TYPE in known else FOLDER if elsewhere(known) else UNKNOWN
    return kind, known.get(_SIZE, (-1,))[0], known.get(_MODIFIED, (-1,))[0]


def elsewhere(known: Told) -> bool:
    """Whether an entry could not be looked at: it leads to another place, or to one with rules of its own."""
    return known.get(_ERROR, (0,))[0] != 0


def system(known: Told) -> tuple[int, int]:
    """The file system that a folder lies in; (0, 0) where it is not told."""
    major, minor = known.get(_FSID, (0, 0))
    return major, minor


def identity(known: Told) -> tuple[int, ...]:
    """What tells one folder from another: as in `wire3.identity`; empty where it is not told."""
    if not {_FILEID, _META, _MODIFIED} <= known.keys():
        return ()
    return known[_FILEID] + known[_MODIFIED] + known[_META]


def _mark(known: Told) -> tuple[int, int] | None:
    """The file system of an entry; None where it could not be looked at."""
    return None if elsewhere(known) else system(known)


def _bitmap(wanted: Sequence[int]) -> bytes:
    bits = [0] * (max(wanted) // 32 + 1)
    for number in wanted:
        bits[number // 32] |= 1 << number % 32
    return words(bits)
