"""Every command that may be sent to an FTP server, and how it is written. None of them reads or writes a file."""

from __future__ import annotations

from enum import Enum

from scanner.errors import ProtocolError

_BREAKS = frozenset(b"\r\n\0")
_LONGEST = 4096                              # bytes of an argument
IAC = b"\xff"                               # a Telnet command begins with it (RFC 854); doubled it stands for itself


class Command(Enum):
    """The whole vocabulary: RFC 959, RFC 2228 and 4217 (AUTH, PBSZ, PROT), RFC 2389, RFC 2428, RFC 3659."""

    USER = "USER"
    PASS = "PASS"  # noqa: S105  a verb
    AUTH = "AUTH"
    PBSZ = "PBSZ"
    PROT = "PROT"
    FEAT = "FEAT"
    SYST = "SYST"
    OPTS = "OPTS"
    PWD = "PWD"  # noqa: S105  likewise
    CWD = "CWD"
    EPSV = "EPSV"
    PASV = "PASV"
    MLSD = "MLSD"
    LIST = "LIST"
    NLST = "NLST"
    QUIT = "QUIT"


def holds(name: bytes) -> bool:
    """Whether a command can hold a name: no line ends and no NUL are in it, and it is not longer than a line may be."""
    return _BREAKS.isdisjoint(name) and len(name) <= _LONGEST


def written(command: Command, argument: bytes = b"", *, doubled: bool = True) -> bytes:
    """The line to send. `ProtocolError` where no command can hold the argument.

    Not `doubled`: byte 255 as it is, for servers that do not know of Telnet (vsftpd, Pure-FTPd).
    """
    if not holds(argument):
        raise ProtocolError(f"{command.value}: an argument with a line end, or longer than {_LONGEST} bytes")
    argument = argument.replace(IAC, IAC * 2) if doubled else argument
    return command.value.encode() + (b" " + argument if argument else b"") + b"\r\n"
