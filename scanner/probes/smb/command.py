"""What the client can ask of an SMB server: commands, rights and statuses by number. No command that reads or writes a
file is among them.
"""

from __future__ import annotations

from enum import IntEnum


class Command(IntEnum):
    """All commands that can be sent (MS-SMB2 §2.2.1.2)."""

    NEGOTIATE = 0
    SESSION_SETUP = 1
    LOGOFF = 2
    TREE_CONNECT = 3
    TREE_DISCONNECT = 4
    CREATE = 5                            # opens what is there, a directory or the pipe of the share list
    CLOSE = 6
    IOCTL = 11                            # only FSCTL_PIPE_TRANSCEIVE, on that pipe
    QUERY_DIRECTORY = 14


class Dialect(IntEnum):
    """The dialects that are offered (MS-SMB2 §2.2.3)."""

    V202 = 0x0202
    V210 = 0x0210
    V300 = 0x0300
    V302 = 0x0302
    V311 = 0x0311

    @property
    def text(self) -> str:
        """As people write it: 3.1.1."""
        number = int(self)
        return ".".join(str(part) for part in (number >> 8, number >> 4 & 15, number & 15))


class Status(IntEnum):
    """Statuses that mean something to a stranger (MS-ERREF §2.3.1)."""

    OK = 0
    PENDING = 0x00000103
    BUFFER_OVERFLOW = 0x80000005
    NO_MORE_FILES = 0x80000006
    STOPPED_ON_SYMLINK = 0x8000002D
    INVALID_INFO_CLASS = 0xC0000003
    INVALID_PARAMETER = 0xC000000D
    NO_SUCH_FILE = 0xC000000F
    MORE_PROCESSING = 0xC0000016
    ACCESS_DENIED = 0xC0000022
    NAME_INVALID = 0xC0000033
    NAME_NOT_FOUND = 0xC0000034
    PATH_NOT_FOUND = 0xC000003A
    NO_SUCH_USER = 0xC0000064
    LOGON_FAILURE = 0xC000006D
    ACCOUNT_RESTRICTION = 0xC000006E
    ACCOUNT_DISABLED = 0xC0000072
    INSUFFICIENT_RESOURCES = 0xC000009A
    NOT_SUPPORTED = 0xC00000BB
    NAME_DELETED = 0xC00000C9
    NETWORK_ACCESS_DENIED = 0xC00000CA
    BAD_DEVICE_TYPE = 0xC00000CB
    BAD_NETWORK_NAME = 0xC00000CC
    TOO_MANY_SESSIONS = 0xC00000CE
    REQUEST_NOT_ACCEPTED = 0xC00000D0
    NOT_A_DIRECTORY = 0xC0000103
    LOGON_TYPE_NOT_GRANTED = 0xC000015B
    SESSION_DELETED = 0xC0000203
    PATH_NOT_COVERED = 0xC0000257
    SESSION_EXPIRED = 0xC000035C
    NTLM_BLOCKED = 0xC0000418


class Right(IntEnum):
    """The rights that are asked for (MS-SMB2 §2.2.13.1)."""

    LIST = 0x00100081                     # FILE_LIST_DIRECTORY, FILE_READ_ATTRIBUTES, SYNCHRONIZE: no data of a file
    PIPE = 0x0012019F                     # what a pipe needs to be talked to


REFUSED = frozenset({Status.ACCESS_DENIED, Status.NETWORK_ACCESS_DENIED, Status.LOGON_FAILURE, Status.NO_SUCH_USER,
                     Status.ACCOUNT_RESTRICTION, Status.ACCOUNT_DISABLED, Status.LOGON_TYPE_NOT_GRANTED,
                     Status.NTLM_BLOCKED})
MISSING = frozenset({Status.NO_SUCH_FILE, Status.NAME_NOT_FOUND, Status.PATH_NOT_FOUND, Status.NAME_INVALID,
                     Status.NOT_A_DIRECTORY, Status.BAD_NETWORK_NAME})
CROWDED = frozenset({Status.INSUFFICIENT_RESOURCES, Status.TOO_MANY_SESSIONS, Status.REQUEST_NOT_ACCEPTED})
GONE = frozenset({Status.SESSION_DELETED, Status.SESSION_EXPIRED, Status.NAME_DELETED})   # log in again
ELSEWHERE = frozenset({Status.PATH_NOT_COVERED, Status.STOPPED_ON_SYMLINK})


def told(status: int) -> str:
    """A status for people."""
    return f"status 0x{status:08X}"
