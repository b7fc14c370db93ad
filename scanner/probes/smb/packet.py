"""SMB 2 and 3 messages as bytes: what is asked, and the header of what is answered. Pure.

Section numbers are those of MS-SMB2. What an answer holds is `reply`'s.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from scanner.errors import ProtocolError
from scanner.probes.smb.command import Command, Dialect, Right

SMB1, SMB2, ENCRYPTED, COMPRESSED = b"\xffSMB", b"\xfeSMB", b"\xfdSMB", b"\xfcSMB"
HEADER = 64                               # bytes
CREDIT = 65536                            # bytes of answer that one credit pays for (§3.1.5.2)
SIGNING_ENABLED = 1                       # SecurityMode: we could, nobody has to
UNSOLICITED = 0xFFFFFFFFFFFFFFFF          # message id of what a server says unasked (§2.2.23)

_HEADER = struct.Struct("<4sHHIHHIIQIIQ16s")
_FSCTL_PIPE_TRANSCEIVE = 0x0011C017
_WANTED_CREDITS = 32
_SHARE_ALL, _OPEN_EXISTING, _FILE_DIRECTORY, _NOT_DIRECTORY = 7, 1, 0x1, 0x40
_IMPERSONATION = 2


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its header, and all its bytes, as offsets count from the first."""

    command: int
    status: int
    message: int
    tree: int
    session: int
    credits: int
    data: bytes

    def part(self, offset: int, size: int) -> bytes:
        """So many bytes from there. ProtocolError where they are not there."""
        if size and (offset < HEADER or offset + size > len(self.data)):
            raise ProtocolError("an answer whose parts lie outside of it")
        return self.data[offset:offset + size] if size else b""

    def fields(self, form: struct.Struct) -> tuple[int, ...]:
        """The fixed fields behind the header. ProtocolError where it is too short for them."""
        if len(self.data) < HEADER + form.size:
            raise ProtocolError("an answer that is too short")
        return form.unpack_from(self.data, HEADER)


def is_smb(data: bytes) -> bool:
    """Whether it begins like a message of SMB, of whichever version."""
    return data[:4] in (SMB1, SMB2, ENCRYPTED, COMPRESSED)


def request(command: Command, body: bytes, *, message: int, session: int = 0, tree: int = 0, charge: int = 0) -> bytes:
    """A message (§2.2.1.2). `charge`: credits that it costs, 0 in dialect 2.0.2."""
    return _HEADER.pack(SMB2, HEADER, charge, 0, command, _WANTED_CREDITS, 0, 0, message, 0, tree, session,
                        b"") + body


def parse_reply(data: bytes) -> Reply:
    """The header of an answer. ProtocolError where it is none, or in a form that nobody asked for."""
    if data[:4] == ENCRYPTED:
        raise ProtocolError("an encrypted answer, which was not agreed")
    if data[:4] == COMPRESSED:
        raise ProtocolError("a compressed answer, which was not agreed")
    if data[:4] != SMB2 or len(data) < HEADER:
        raise ProtocolError("an answer that is no message of SMB 2")
    _, size, _, status, command, credit, flags, _, message, _, tree, session, _ = _HEADER.unpack_from(data)
    if size != HEADER or not flags & 1:
        raise ProtocolError("an answer whose header is none")
    return Reply(command, status, message, tree, session, credit, data)


def negotiate(guid: bytes, salt: bytes) -> bytes:
    """All dialects from 2.0.2 on; of 3.1.1 only the hash that it wants, and no encryption (§2.2.3)."""
    offered = struct.pack(f"<{len(Dialect)}H", *Dialect)
    before = HEADER + 36 + len(offered)
    padding = b"\0" * (-before % 8)
    hashes = struct.pack("<HHH", 1, len(salt), 1) + salt                       # SHA-512
    context = struct.pack("<HHI", 1, len(hashes), 0) + hashes                  # SMB2_PREAUTH_INTEGRITY_CAPABILITIES
    fixed = struct.pack("<HHHHI16sIHH", 36, len(Dialect), SIGNING_ENABLED, 0, 0, guid, before + len(padding), 1, 0)
    return fixed + offered + padding + context


def session_setup(token: bytes) -> bytes:
    """One step of a login (§2.2.5)."""
    return struct.pack("<HBBIIHHQ", 25, 0, SIGNING_ENABLED, 0, 0, HEADER + 24, len(token), 0) + token


def logoff() -> bytes:
    """The end of a session (§2.2.7)."""
    return struct.pack("<HH", 4, 0)


def tree_connect(path: bytes) -> bytes:
    """A share by its path, in UTF-16 (§2.2.9)."""
    return struct.pack("<HHHH", 9, 0, HEADER + 8, len(path)) + path


def tree_disconnect() -> bytes:
    """A share is left (§2.2.11)."""
    return struct.pack("<HH", 4, 0)


def open_folder(name: bytes) -> bytes:
    """A directory that is there, to list it (§2.2.13). `name`: below the share, in UTF-16, empty for its root."""
    return _create(name, Right.LIST, _FILE_DIRECTORY)


def open_pipe(name: bytes) -> bytes:
    """A pipe of the server, on its share IPC$ (§2.2.13)."""
    return _create(name, Right.PIPE, _NOT_DIRECTORY)


def _create(name: bytes, rights: Right, options: int) -> bytes:
    fixed = struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, _IMPERSONATION, 0, 0, rights, 0, _SHARE_ALL, _OPEN_EXISTING,
                        options, HEADER + 56, len(name), 0, 0)
    return fixed + (name or b"\0")


def close(handle: bytes) -> bytes:
    """What was opened is closed (§2.2.15)."""
    return struct.pack("<HHI16s", 24, 0, 0, handle)


def transceive(handle: bytes, data: bytes) -> bytes:
    """Say something to a pipe and hear its answer (§2.2.31; MS-FSCC: FSCTL_PIPE_TRANSCEIVE)."""
    return struct.pack("<HHI16sIIIIIIII", 57, 0, _FSCTL_PIPE_TRANSCEIVE, handle, HEADER + 56, len(data), 0, 0, 0,
                       CREDIT, 1, 0) + data


def query_directory(handle: bytes, form: int, size: int) -> bytes:
    """The next entries of a directory, as FileInformationClass `form`, in at most `size` bytes (§2.2.33)."""
    pattern = "*".encode("utf-16-le")
    return struct.pack("<HBBI16sHHI", 33, form, 0, 0, handle, HEADER + 32, len(pattern), size) + pattern
