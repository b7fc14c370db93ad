"""How messages are framed on TCP (RFC 1002 §4.3.1, MS-SMB2 §2.1), and the greeting of port 139. Pure."""

from __future__ import annotations

import struct

from scanner.errors import ProtocolError

MESSAGE, REQUEST, POSITIVE, NEGATIVE, RETARGET, KEEP_ALIVE = 0x00, 0x81, 0x82, 0x83, 0x84, 0x85
HEAD = 4                                  # bytes before each message
_TYPES = frozenset({MESSAGE, POSITIVE, NEGATIVE, RETARGET, KEEP_ALIVE})
_CALLED, _CALLING = b"*SMBSERVER", b"EARSHOT"    # never the name of the machine that we run on


def framed(message: bytes) -> bytes:
    """The message as it is sent."""
    return struct.pack(">I", len(message)) + message


def known(head: bytes) -> bool:
    """Whether a message may begin like this."""
    return head[:1] != b"" and head[0] in _TYPES


def parse_head(head: bytes, most: int) -> tuple[int, int]:
    """Type and length of what follows. ProtocolError where it is neither, or longer than `most` bytes."""
    if len(head) != HEAD or not known(head):
        raise ProtocolError("an answer that is no message of SMB")
    size = int.from_bytes(head[1:], "big")
    if size > most:
        raise ProtocolError(f"an answer of {size} bytes, where {most} are the most")
    return head[0], size


def session_request() -> bytes:
    """Port 139: ask for the file server, whatever its name (RFC 1002 §4.3.2)."""
    names = _encoded(_CALLED, 0x20) + _encoded(_CALLING, 0x00)
    return struct.pack(">BBH", REQUEST, 0, len(names)) + names


def _encoded(name: bytes, suffix: int) -> bytes:
    """First-level encoding (RFC 1001 §14.1): each half of a byte as a letter."""
    whole = name.ljust(15) + bytes([suffix])
    return b"\x20" + bytes(0x41 + half for byte in whole for half in (byte >> 4, byte & 15)) + b"\0"
