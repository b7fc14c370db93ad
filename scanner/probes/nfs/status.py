"""What a server answers instead of a result, and what that means for a folder. Pure.

NFS 3, NFS 4 and the mount protocol share their numbers (RFC 1813 §2.6 and §5.1.5, RFC 7530 §13, RFC 8881 §15).
"""

from __future__ import annotations

from enum import IntEnum

from scanner.errors import ProtocolError
from scanner.model import Doubt, Reason
from scanner.probes.nfs.rpc import DeniedError


class Status(IntEnum):
    """Those that are told apart."""

    PERM = 1
    NOENT = 2
    ACCES = 13
    NOTDIR = 20
    INVAL = 22
    NAMETOOLONG = 63
    STALE = 70
    BADHANDLE = 10001
    NOTSUPP = 10004
    DELAY = 10008                        # JUKEBOX in NFS 3
    FHEXPIRED = 10014
    WRONGSEC = 10016
    RESOURCE = 10018
    MOVED = 10019
    MINOR_VERS_MISMATCH = 10021
    SYMLINK = 10029
    BADNAME = 10041
    STALE_CLIENTID = 10022
    BADSESSION = 10052
    CONN_NOT_BOUND_TO_SESSION = 10055
    SEQ_MISORDERED = 10063
    RETRY_UNCACHED_REP = 10068
    DEADSESSION = 10078


class RefusedError(ProtocolError):
    """The server answered with a status instead of a result."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered with status {status}")
        self.status = status


GONE = frozenset({Status.STALE, Status.BADHANDLE, Status.FHEXPIRED})     # the handle, not what it stood for
LATE = frozenset({Status.STALE_CLIENTID, Status.BADSESSION, Status.CONN_NOT_BOUND_TO_SESSION, Status.SEQ_MISORDERED,
                  Status.RETRY_UNCACHED_REP, Status.DEADSESSION})        # the session, not what was asked in it

_FORBIDDEN = "not shown to strangers"
_MEANT: dict[int, Doubt] = {
    Status.PERM: (Reason.FORBIDDEN, _FORBIDDEN),
    Status.ACCES: (Reason.FORBIDDEN, _FORBIDDEN),
    Status.NOENT: (Reason.NOT_A_LISTING, "is not there any more"),
    Status.NOTDIR: (Reason.NOT_A_LISTING, "is no folder"),
    Status.SYMLINK: (Reason.NOT_A_LISTING, "is a link: not followed"),
    Status.INVAL: (Reason.FORBIDDEN, "a folder whose name the server does not take"),
    Status.BADNAME: (Reason.FORBIDDEN, "a folder whose name the server does not take"),
    Status.NAMETOOLONG: (Reason.FORBIDDEN, "a folder whose name the server does not take"),
    Status.STALE: (Reason.SERVER_ERROR, "the server forgot the folder twice (a stale handle)"),
    Status.BADHANDLE: (Reason.SERVER_ERROR, "the server does not take its own handle"),
    Status.FHEXPIRED: (Reason.SERVER_ERROR, "the server forgot the folder twice (an expired handle)"),
    Status.DELAY: (Reason.SLOW_DOWN, "the server wants to be asked later"),
    Status.RESOURCE: (Reason.SLOW_DOWN, "the server lacks resources"),
    Status.WRONGSEC: (Reason.LOGIN, "wants another proof of who asks, such as Kerberos"),
    Status.MOVED: (Reason.OUT_OF_SCOPE, "leads to another server: not followed"),
    Status.NOTSUPP: (Reason.FORBIDDEN, "the server offers no list"),
}


def meant(error: RefusedError | DeniedError) -> Doubt:
    """Why it is not known what lies there."""
    if isinstance(error, RefusedError):
        return _MEANT.get(error.status, (Reason.SERVER_ERROR, f"the server failed (status {error.status})"))
    if error.state == DeniedError.TOO_WEAK:
        return Reason.FORBIDDEN, "exported, but it wants a source port below 1024, which a scan does not use"
    if error.state in DeniedError.KERBEROS:
        return Reason.LOGIN, "wants Kerberos"
    return Reason.LOGIN, f"does not take what a stranger can say of himself (auth_stat {error.state})"
