"""Calls and replies of ONC RPC version 2 (RFC 5531): bytes from values and back. Pure; moves nothing."""

from __future__ import annotations

from enum import Enum
from struct import Struct

from scanner.errors import ProtocolError
from scanner.probes.nfs.procedures import Procedure
from scanner.probes.nfs.xdr import Reader, opaque, word

NOBODY = 65534                           # user and group: the only ones ever claimed
MACHINE = b"earshot"                     # the field is compulsory; this machine's own name is nobody's business
_VERSION = 2
_AUTH_MOST = 400                         # bytes of a verifier (§8.2)
BEGINNING = 8                            # bytes that tell a reply
_LAST = 0x80000000
_CALL = Struct(">6I")


class Credential(Enum):
    """Who asks (RFC 5531 §8.2, appendix A), with the verifier that goes with it."""

    NONE = word(0) + word(0) + word(0) + word(0)
    SYS = (word(1) + opaque(word(0) + opaque(MACHINE) + word(NOBODY) + word(NOBODY) + word(0)) + word(0) + word(0))


class UnavailableError(ProtocolError):
    """The program, its version or the procedure is not spoken; `low` and `high` are the versions that are.

    `spoken`: the program is there in this version, and lacks the procedure.
    """

    def __init__(self, message: str, low: int | None = None, high: int | None = None, *, spoken: bool = False) -> None:
        super().__init__(message)
        self.spoken = spoken
        self.low = low
        self.high = high


class DeniedError(ProtocolError):
    """The credential is not taken. `state` is an auth_stat (RFC 5531 §9)."""

    TOO_WEAK = 5
    KERBEROS = frozenset({13, 14})       # RFC 2203 §5.3.3.3: problems of RPCSEC_GSS

    def __init__(self, state: int) -> None:
        super().__init__(f"the credential of a stranger is not taken (auth_stat {state})")
        self.state = state


class StrangeError(ProtocolError):
    """What came is no reply of RPC at all."""


def call(xid: int, procedure: Procedure, arguments: bytes, credential: Credential) -> bytes:
    """A call as one record of one fragment (§9, §11)."""
    message = _CALL.pack(xid, 0, _VERSION, *procedure.value) + credential.value + arguments
    return word(_LAST | len(message)) + message


def fragment(header: bytes) -> tuple[bool, int]:
    """Whether a record's fragment is its last, and its length, from the four bytes before it (§11)."""
    mark = int.from_bytes(header)
    return bool(mark & _LAST), mark & ~_LAST


def begins(data: bytes, xid: int) -> bool:
    """Whether the first bytes of a record (`BEGINNING` of them) are a reply's to this call."""
    return data == word(xid) + word(1)


def reply(record: bytes, xid: int) -> Reader:
    """The results in a reply. `StrangeError`, `DeniedError`, `UnavailableError`, `ProtocolError`."""
    reader = Reader(record)
    if not begins(record[:BEGINNING], xid):
        raise StrangeError("what came is no reply to what was asked")
    reader.fixed(BEGINNING)
    if reader.word() != 0:
        raise _denied(reader)
    reader.word()
    reader.opaque(_AUTH_MOST)
    return _accepted(reader, reader.word())


def _accepted(reader: Reader, state: int) -> Reader:
    match state:
        case 0:
            return reader
        case 1:
            raise UnavailableError("this program is not spoken here")
        case 2:
            raise _mismatch(reader)
        case 3:
            raise UnavailableError("this procedure is not offered", spoken=True)
        case 4:
            raise ProtocolError("the server could not read the call")
        case 5:
            raise ProtocolError("the server failed at the call")
    raise ProtocolError(f"an answer of an unknown kind ({state})")


def _mismatch(reader: Reader) -> UnavailableError:
    """The versions that follow (§9). A server that leaves them out means a missing procedure (go-nfs does)."""
    try:
        low, high = reader.word(), reader.word()
    except ProtocolError:
        return UnavailableError("this procedure is not offered", spoken=True)
    return UnavailableError(f"of this program versions {low} to {high} are spoken", low, high)


def _denied(reader: Reader) -> ProtocolError:
    if reader.word() == 1:
        return DeniedError(reader.word())
    return ProtocolError(f"another RPC is spoken (versions {reader.word()} to {reader.word()})")
