"""All that the client can call, in two lists. Nothing here reads, writes or follows a link: tests name each member."""

from __future__ import annotations

from enum import Enum, IntEnum

PORTMAPPER, NFS, MOUNT = 100000, 100003, 100005


class Procedure(Enum):
    """(program, version, procedure) of a call."""

    PORTMAP_GETPORT = (PORTMAPPER, 2, 3)     # RFC 1833 §3
    PORTMAP_DUMP = (PORTMAPPER, 2, 4)
    RPCBIND_DUMP = (PORTMAPPER, 3, 4)        # RFC 1833 §2
    MOUNT_MNT = (MOUNT, 3, 1)                # RFC 1813 §5.2
    MOUNT_UMNT = (MOUNT, 3, 3)
    MOUNT_EXPORT = (MOUNT, 3, 5)
    NFS3_NULL = (NFS, 3, 0)                  # RFC 1813 §3.3
    NFS3_GETATTR = (NFS, 3, 1)
    NFS3_LOOKUP = (NFS, 3, 3)
    NFS3_READDIR = (NFS, 3, 16)
    NFS3_READDIRPLUS = (NFS, 3, 17)
    NFS4_COMPOUND = (NFS, 4, 1)              # RFC 7530 §15

    @property
    def said(self) -> str:
        """As it stands in the account: `NFS3 LOOKUP`."""
        return self.name.replace("_", " ")


class Operation(IntEnum):
    """What stands in a COMPOUND (RFC 7530 §16, RFC 8881 §18)."""

    GETATTR = 9
    GETFH = 10
    LOOKUP = 15
    PUTFH = 22
    PUTROOTFH = 24
    READDIR = 26
    EXCHANGE_ID = 42
    CREATE_SESSION = 43
    DESTROY_SESSION = 44
    SEQUENCE = 53
    DESTROY_CLIENTID = 57

    @property
    def said(self) -> str:
        """As it stands in the account: `NFS4 LOOKUP`."""
        return f"NFS4 {self.name}"
