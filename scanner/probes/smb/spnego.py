"""The envelope around NTLM: SPNEGO with one mechanism (RFC 4178 §4.2), and as little DER as that takes. Pure."""

from __future__ import annotations

from scanner.errors import ProtocolError

_SPNEGO = bytes.fromhex("06062b0601050502")
_NTLM = bytes.fromhex("060a2b06010401823702020a")        # 1.3.6.1.4.1.311.2.2.10 (MS-NLMP §1.9)
_SIGNATURE = b"NTLMSSP\0"
_MOST = 16                                # parts that are looked at, at each depth


def first(token: bytes) -> bytes:
    """NegTokenInit: NTLM is all we speak, and this is its first word."""
    mechanisms = _der(0xA0, _der(0x30, _NTLM))
    return _der(0x60, _SPNEGO + _der(0xA0, _der(0x30, mechanisms + _der(0xA2, _der(0x04, token)))))


def further(token: bytes) -> bytes:
    """NegTokenResp: the next word."""
    return _der(0xA1, _der(0x30, _der(0xA2, _der(0x04, token))))


def unwrapped(data: bytes) -> bytes:
    """What the server says to NTLM, with or without an envelope; b"" where it says nothing.

    ProtocolError where the envelope is none.
    """
    if data.startswith(_SIGNATURE) or not data:
        return data
    inner = dict(_parts(_only(_only(data, 0xA1), 0x30)))
    token = inner.get(0xA2)
    return b"" if token is None else _only(token, 0x04)


def _der(tag: int, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:
        return bytes([tag, size]) + value
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + value


def _only(data: bytes, tag: int) -> bytes:
    found = _parts(data)
    if not found or found[0][0] != tag:
        raise ProtocolError("a login whose envelope is not SPNEGO's")
    return found[0][1]


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and values that lie side by side."""
    parts, at = list[tuple[int, bytes]](), 0
    while at < len(data) and len(parts) < _MOST:
        tag, start, size = _head(data, at)
        if start + size > len(data):
            raise ProtocolError("a login whose envelope is cut short")
        parts.append((tag, data[start:start + size]))
        at = start + size
    return parts


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, where the value starts, its size."""
    short = data[at + 1] if at + 1 < len(data) else 0xFF
    if short < 0x80:
        return data[at], at + 2, short
    digits = short & 0x7F
    if digits not in (1, 2, 3) or at + 2 + digits > len(data):
        raise ProtocolError("a login whose envelope is cut short")
    return data[at], at + 2 + digits, int.from_bytes(data[at + 2:at + 2 + digits], "big")
