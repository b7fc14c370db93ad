"""The witness of file and mail servers: every test server that hears commands judges by these rules what it was told.

Harmless is what greets, logs in as nobody, lists names, counts, and takes leave. What opens, reads, writes, moves or
removes anything, and any other login, is told as an error of the test. The rules are written down apart from the
client's own lists of commands, so that a change of these is seen. `judge` is `witness.judge`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

_TRACE = rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"     # base64: what an anonymous login leaves
LINES: Mapping[str, re.Pattern[bytes]] = {
    "ftp": re.compile(rb"USER anonymous|PASS [^ ]*@[^ ]*|AUTH TLS|PBSZ 0|PROT P|FEAT|SYST|OPTS UTF8 ON|PWD|CWD [^\r\n]+"
                      rb"|EPSV|PASV|MLSD|LIST(?: -a)?|NLST|QUIT"),
    "imap": re.compile(rb"\w+ (?:CAPABILITY|STARTTLS|AUTHENTICATE ANONYMOUS|LOGOUT"
                       rb'|LIST "" "\*"(?: RETURN \(STATUS \(MESSAGES(?: SIZE)?\)\))?'
                       rb'|STATUS "(?:[^"\\\r\n]|\\.)+" \(MESSAGES(?: SIZE)?\))|' + _TRACE),
    "pop3": re.compile(rb"CAPA|STLS|AUTH ANONYMOUS|STAT|QUIT|" + _TRACE),
}
SFTP = frozenset({1, 4, 11, 12, 16})     # INIT, CLOSE, OPENDIR, READDIR, REALPATH
SMB = frozenset({0, 1, 2, 3, 4, 5, 6, 11, 14})       # MS-SMB2 §2.2.1.2; no READ (8), WRITE (9), SET_INFO (17)
CALLS = {                                # program and version -> procedures (RFC 1833, 1813, 7530)
    (100000, 2): {3, 4}, (100000, 3): {4}, (100005, 3): {1, 3, 5}, (100003, 3): {0, 1, 3, 16, 17}, (100003, 4): {1}}
_CREATE, _IOCTL = 5, 11
_OPENED = {(0x00100081, 1, 0x1), (0x0012019F, 1, 0x40)}      # right, disposition OPEN, option: a folder; a pipe
_TRANSCEIVE = 0x0011C017


def unfit_line(protocol: str, line: bytes) -> str | None:
    """Why a scan must never say this line, given without its end; None where it is harmless."""
    return None if LINES[protocol].fullmatch(line) else f"{protocol}: {line[:60]!r}"


def unfit_sftp(kind: int) -> str | None:
    """The same of an SFTP packet of that kind (draft-ietf-secsh-filexfer-02 section 3)."""
    return None if kind in SFTP else f"sftp: a packet of kind {kind}"


def unfit_smb(message: bytes) -> str | None:
    """The same of an SMB message without its frame: of SMB 1 the one question alone."""
    if message[:4] == b"\xffSMB":
        return None if message[4] == 0x72 else f"smb: command {message[4]} of SMB 1"
    command = struct.unpack_from("<H", message, 12)[0]
    if command not in SMB:
        return f"smb: command {command}"
    if command == _IOCTL and struct.unpack_from("<I", message, 68)[0] != _TRANSCEIVE:
        return "smb: another IOCTL than talking to a pipe"
    if command == _CREATE:
        right, _, _, disposition, options = struct.unpack_from("<IIIII", message, 88)
        if (right, disposition, options) not in _OPENED:
            return f"smb: opens with right {right:x}, disposition {disposition}, options {options:x}"
    return None


def unfit_rpc(message: bytes) -> str | None:
    """The same of an RPC call without its record mark (RFC 5531 §9). What a COMPOUND holds the server itself reads."""
    program, version, procedure = struct.unpack_from(">3I", message, 12)
    harmless = procedure in CALLS.get((program, version), set())
    return None if harmless else f"rpc: procedure {procedure} of program {program}, version {version}"
