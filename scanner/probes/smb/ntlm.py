"""NTLM as far as a stranger needs it: without a name, or as `Guest` with an empty password (MS-NLMP). Pure.

No other name is ever said: domain and workstation are empty, the version is a constant. Time and chance come in as
values.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from scanner.errors import ProtocolError

_SIGNATURE = b"NTLMSSP\0"
_FLAGS = 0xA2088205      # Unicode, target, NTLM, always sign, extended security, version, 128 and 56 bits (§2.2.2.5)
_ANONYMOUS = 0x00000800
_TARGET_INFO, _VERSION = 0x00800000, 0x02000000
_OUR_VERSION = bytes(7) + b"\x0f"                 # no product, no build: only the form's revision (§2.2.2.10)
_EMPTY_PASSWORD = bytes.fromhex("31d6cfe0d16ae931b73c59d7e0c089c0")   # NT hash of nothing
_CHALLENGE = struct.Struct("<8sIHHII8s8sHHI")
_PAIR = struct.Struct("<HH")
_MOST_PAIRS, _MOST_TEXT = 16, 512                 # of target info; real servers send at most ten, short ones
_ECHOED = (1, 2, 3, 4, 7)                         # computer, domain, both in DNS, time: a server compares them
_TIME = 7
_1970 = 116_444_736_000_000_000                   # tenths of microseconds from 1601


class Login(Enum):
    """As whom one may log in: the name that is sent."""

    NULL = ""
    GUEST = "Guest"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the server says of itself (§2.2.1.2)."""

    nonce: bytes
    pairs: Mapping[int, bytes]
    version: tuple[int, int, int] | None          # major, minor, build

    def text(self, pair: int) -> str:
        """1 the computer's name, 2 its domain's, 3 and 4 the same in DNS; empty where it is not told."""
        return self.pairs.get(pair, b"").decode("utf-16-le", "replace")


def negotiate() -> bytes:
    """The first word (§2.2.1.1): no domain, no workstation."""
    return _SIGNATURE + struct.pack("<II", 1, _FLAGS) + bytes(16) + _OUR_VERSION


def parse_challenge(data: bytes) -> Challenge:
    """The server's word. ProtocolError where it is none."""
    if len(data) < 32 or not data.startswith(_SIGNATURE) or data[8:12] != b"\x02\0\0\0":
        raise ProtocolError("a login without a challenge of NTLM")
    _, _, _, _, _, flags, nonce, _, size, _, at = _CHALLENGE.unpack_from(data.ljust(_CHALLENGE.size, b"\0"))
    info = data[at:at + size] if flags & _TARGET_INFO and len(data) >= _CHALLENGE.size else b""
    version = struct.unpack_from("<BBH", data, 48) if flags & _VERSION and len(data) >= 56 else None
    return Challenge(nonce, _pairs(info), version)


def _pairs(info: bytes) -> dict[int, bytes]:
    """AV_PAIRs (§2.2.2.1), as far as they are whole, few and short."""
    pairs, at = dict[int, bytes](), 0
    while at + _PAIR.size <= len(info) and len(pairs) < _MOST_PAIRS:
        number, size = _PAIR.unpack_from(info, at)
        value = info[at + _PAIR.size:at + _PAIR.size + size]
        if number == 0 or len(value) < size or size > _MOST_TEXT or number in pairs:
            break
        pairs[number] = value
        at += _PAIR.size + size
    return pairs


def authenticate(login: Login, challenge: Challenge, *, seconds: float, nonce: bytes) -> bytes:
    """The last word (§2.2.1.3). `seconds` since 1970, where the server tells no time; `nonce`: 8 bytes of chance."""
    if login is Login.NULL:
        return _last(b"\0", b"", b"", _FLAGS | _ANONYMOUS)
    user = login.value.encode("utf-16-le")
    return _last(bytes(24), _response(login, challenge, seconds, nonce), user, _FLAGS)


def _response(login: Login, challenge: Challenge, seconds: float, nonce: bytes) -> bytes:
    """NTLMv2 (§3.3.2) with an empty password and no domain."""
    key = _keyed(_EMPTY_PASSWORD, login.value.upper().encode("utf-16-le"))
    ticks = struct.pack("<Q", _1970 + int(seconds * 1e7))
    told = challenge.pairs.get(_TIME, b"")
    pairs = b"".join(_PAIR.pack(number, len(challenge.pairs[number])) + challenge.pairs[number]
                     for number in _ECHOED if number in challenge.pairs)
    blob = b"\1\1" + bytes(6) + (told if len(told) == 8 else ticks) + nonce + bytes(4) + pairs + bytes(8)
    return _keyed(key, challenge.nonce + blob) + blob


def _keyed(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.md5).digest()


def _last(lm: bytes, nt: bytes, user: bytes, flags: int) -> bytes:
    """Its fields: both responses, domain (empty), user, workstation (empty), session key (none)."""
    fields, payload, at = b"", b"", 72
    for value in (lm, nt, b"", user, b"", b""):
        fields += struct.pack("<HHI", len(value), len(value), at + len(payload))
        payload += value
    return _SIGNATURE + struct.pack("<I", 3) + fields + struct.pack("<I", flags) + _OUR_VERSION + payload
