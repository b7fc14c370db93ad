"""The session that NFS 4.1 wants around each COMPOUND (RFC 8881 §18.35 to §18.37, §18.46). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.errors import ProtocolError
from scanner.probes.nfs import wire4
from scanner.probes.nfs.procedures import Operation
from scanner.probes.nfs.wire4 import Step
from scanner.probes.nfs.xdr import Reader, long, opaque, word

_OPAQUE, _ID = 1024, 16
_OVERHEAD = 4096                         # bytes of an answer beside the rows
_REQUEST = 16 * 1024                     # bytes of the longest call
_SEQUENCE_RESULT = _ID + 5 * 4
_LEAST = 1024


@dataclass(slots=True)
class Session:
    """One slot, used for one call after the other."""

    identifier: bytes
    answer: int                          # bytes of the longest answer
    operations: int                      # of a COMPOUND
    sequence: int = 0

    @property
    def rows(self) -> int:
        """Bytes of rows that may be asked for."""
        return max(_LEAST, min(wire4.COUNT, self.answer - _OVERHEAD))

    def next(self) -> Step:
        """What goes before the operations of the next call."""
        self.sequence = (self.sequence + 1) & 0xFFFFFFFF
        return Step(Operation.SEQUENCE, self.identifier + word(self.sequence) + word(0) + word(0) + word(0))

    def end(self) -> Step:
        """Give it back."""
        return Step(Operation.DESTROY_SESSION, self.identifier)


@dataclass(frozen=True, slots=True)
class Known:
    """What the server calls this client, and itself."""

    client: int
    sequence: int
    software: str                        # "" where it does not tell

    def begin(self) -> Step:
        """Ask for a session without a way back: no callbacks, nothing kept."""
        most = wire4.COUNT + _OVERHEAD
        channel = b"".join(map(word, (0, _REQUEST, most, _LEAST, 16, 1, 0)))
        no_callbacks = word(0) + word(1) + word(0)       # no program; one way to secure it: AUTH_NONE
        return Step(Operation.CREATE_SESSION, long(self.client) + word(self.sequence) + word(0) + channel * 2 +
                    no_callbacks)

    def end(self) -> Step:
        """Be forgotten."""
        return Step(Operation.DESTROY_CLIENTID, long(self.client))


def introduce(verifier: bytes, owner: bytes) -> Step:
    """Say that one is there, by a name that lasts for one scan."""
    return Step(Operation.EXCHANGE_ID, verifier + opaque(owner) + word(0) + word(0) + word(0))


def known(reader: Reader) -> Known:
    """What EXCHANGE_ID gives. `ProtocolError`."""
    client, sequence, _ = reader.long(), reader.word(), reader.word()
    if reader.word():
        raise ProtocolError("the server protects its state in a way that was not asked for")
    reader.long()
    reader.opaque(_OPAQUE)
    reader.opaque(_OPAQUE)
    software = ""
    if reader.count(1):
        domain, name = reader.opaque(_OPAQUE), reader.opaque(_OPAQUE)
        software = b" ".join(filter(None, (name, domain))).decode(errors="replace")
    return Known(client, sequence, software)


def opened(reader: Reader) -> Session:
    """What CREATE_SESSION gives. `ProtocolError`."""
    identifier = reader.fixed(_ID)
    reader.long()                        # sequence and flags
    _, _, answer, _, operations, _ = (reader.word() for _ in range(6))
    reader.words(1)
    return Session(identifier, answer, operations)


def skip(reader: Reader) -> None:
    """What SEQUENCE gives is what was said."""
    reader.fixed(_SEQUENCE_RESULT)
