"""What a host exports, to whom, and the handle of an export (RFC 1813 §5): answers of mountd. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.probes.nfs.rpc import Credential
from scanner.probes.nfs.status import RefusedError
from scanner.probes.nfs.xdr import Reader

_PATH, _NAME, _HANDLE = 1024, 255, 64    # bytes (§5.1.4)
_EXPORTS = 10_000
_GROUPS = 100_000                        # of all exports together
_FLAVOURS = 64
_KNOWN = {0: "none", 1: "sys", 2: "short", 3: "dh", 6: "gss", 390003: "krb5", 390004: "krb5i", 390005: "krb5p"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the export list."""

    path: bytes
    clients: tuple[bytes, ...]           # who may mount it, as written; none: everybody


@dataclass(frozen=True, slots=True)
class Mounted:
    """What MNT gives."""

    handle: bytes
    flavours: tuple[int, ...]            # how a client may say who it is (RFC 2623 §2.7)

    @property
    def credential(self) -> Credential | None:
        """What of these a stranger has; None where it takes Kerberos or the like."""
        if 1 in self.flavours or not self.flavours:
            return Credential.SYS
        return Credential.NONE if 0 in self.flavours else None

    @property
    def said(self) -> str:
        """The flavours, for people: `sys, krb5`."""
        return ", ".join(_KNOWN.get(flavour, str(flavour)) for flavour in self.flavours[:8])


def exported(reader: Reader) -> list[Listed]:
    """The answer to EXPORT. `ProtocolError`."""
    found: list[Listed] = []
    room = _GROUPS
    for _ in reader.chain(_EXPORTS):
        path = reader.opaque(_PATH)
        clients = tuple(reader.opaque(_NAME) for _ in reader.chain(room))
        room -= len(clients)
        found.append(Listed(path, clients))
    return found


def mounted(reader: Reader) -> Mounted:
    """The answer to MNT. `RefusedError`, `ProtocolError`."""
    if status := reader.word():
        raise RefusedError(status)
    return Mounted(reader.opaque(_HANDLE), tuple(reader.words(_FLAVOURS)))
