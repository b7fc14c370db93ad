"""Which programs a host offers and where (RFC 1833 §3): answers of its portmapper. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.probes.nfs.procedures import MOUNT, NFS, PORTMAPPER
from scanner.probes.nfs.xdr import Reader, word

PORT = 111
TCP = 6
_MOST = 4096
_TEXT = 1024
_SAID = 12
_NAMES = {
    PORTMAPPER: "portmapper", NFS: "nfs", MOUNT: "mountd", 100001: "rstatd", 100002: "rusersd", 100004: "ypserv",
    100007: "ypbind", 100011: "rquotad", 100021: "nlockmgr", 100024: "status", 100227: "nfs_acl", 150001: "pcnfsd",
}


@dataclass(frozen=True, slots=True)
class Program:
    """A version of a program, and where it listens."""

    number: int
    version: int
    protocol: int                        # 6 TCP, 17 UDP
    port: int                            # as it was said: may be none


def dumped(reader: Reader) -> list[Program]:
    """The answer to DUMP. `ProtocolError`."""
    return [Program(reader.word(), reader.word(), reader.word(), reader.word()) for _ in reader.chain(_MOST)]


def bound(reader: Reader) -> list[Program]:
    """The answer to DUMP of version 3: where what is told of TCP listens (RFC 1833 §2.1, RFC 5665 §5.2). The same."""
    found = []
    for _ in reader.chain(_MOST):
        number, version = reader.word(), reader.word()
        network, place, _ = reader.opaque(_TEXT), reader.opaque(_TEXT), reader.opaque(_TEXT)
        if network in (b"tcp", b"tcp6"):
            found.append(Program(number, version, TCP, _port(place)))
    return found


def _port(place: bytes) -> int:
    """The port of a universal address, whose last two numbers it is: `192.0.2.7.8.1` is 2049; 0 where it is none."""
    *_, high, low = (b"", b"", *place.split(b"."))
    plain = all(part.isdigit() and len(part) < 4 for part in (high, low))
    return int(high) * 256 + int(low) if plain else 0


def wanted(number: int, version: int) -> bytes:
    """The arguments of GETPORT."""
    return word(number) + word(version) + word(TCP) + word(0)


def port_of(programs: Sequence[Program], number: int, version: int) -> int | None:
    """Where a program listens on TCP, as it was said; None where it is not named."""
    return next((program.port for program in programs
                 if (program.number, program.version, program.protocol) == (number, version, TCP)), None)


def is_port(port: int) -> bool:
    """Whether such a port can be dialled."""
    return 0 < port < 65536


def said(programs: Sequence[Program]) -> str:
    """Their names, for people: `mountd, nfs, portmapper`; at most a dozen."""
    names = sorted({_NAMES.get(program.number, str(program.number)) for program in programs})
    more = f" and {len(names) - _SAID} more" if len(names) > _SAID else ""
    return ", ".join(names[:_SAID]) + more
