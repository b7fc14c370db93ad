"""Certificates as no authority issues them: DER written by hand (RFC 5280 section 4.1), signed with small RSA keys."""

from __future__ import annotations

import hashlib
import os
import ssl
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

INTEGER, OCTETS, OID, UTF8, SEQUENCE, SET, UTC_TIME, DNS_NAME = 0x02, 0x04, 0x06, 0x0C, 0x30, 0x31, 0x17, 0x82
_COMMON_NAME, _ALT_NAMES = b"\x55\x04\x03", b"\x55\x1d\x11"           # 2.5.4.3, 2.5.29.17
_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01"                            # 1.2.840.113549.1.1
_SIGNED = {"md5": b"\x04", "sha256": b"\x0b"}                          # below it, RFC 8017 appendix A.2.4
_DIGEST = {"md5": b"\x2a\x86\x48\x86\xf7\x0d\x02\x05", "sha256": b"\x60\x86\x48\x01\x65\x03\x04\x02\x01"}
_NOTHING = b"\x05\x00"
NOW = ("200101000000Z", "491231235959Z")
NAME = "localhost"                      # no stranger to any scope


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element: tag, length, content (X.690 section 8.1)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def integer(value: int) -> bytes:
    """A positive INTEGER."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


@dataclass(frozen=True, slots=True)
class Key:
    """An RSA key, too small to be trusted; `path` is its file for OpenSSL."""

    modulus: int
    public: int
    private: int
    path: Path

    @property
    def size(self) -> int:
        """Bytes of the modulus."""
        return (self.modulus.bit_length() + 7) // 8

    def signed(self, data: bytes, digest: str) -> bytes:
        """A signature of PKCS #1 v1.5 (RFC 8017 section 8.2.1)."""
        told = tlv(SEQUENCE, tlv(SEQUENCE, tlv(OID, _DIGEST[digest]), _NOTHING),
                   tlv(OCTETS, hashlib.new(digest, data, usedforsecurity=False).digest()))
        padded = b"\x00\x01" + b"\xff" * (self.size - len(told) - 3) + b"\x00" + told
        return pow(int.from_bytes(padded), self.private, self.modulus).to_bytes(self.size)

    def opened(self, sealed: bytes, size: int) -> bytes:
        """The last `size` bytes of what was encrypted to this key."""
        return pow(int.from_bytes(sealed), self.private, self.modulus).to_bytes(self.size)[-size:]


@cache
def folder() -> Path:
    """Where keys and certificates lie, once a run."""
    return Path(mkdtemp(prefix="earshot-hostile-tls-"))


def key(bits: int = 1024) -> Key:
    """A key of so many bits, made once a run."""
    return _key(bits)


@cache
def _key(bits: int) -> Key:
    path = folder() / f"{bits}.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", path, str(bits)], check=True, capture_output=True)
    der = ssl.PEM_cert_to_DER_cert(path.read_text(encoding="ascii").replace("RSA PRIVATE KEY", "CERTIFICATE"))
    _, modulus, public, private = list(_integers(der))[:4]                 # RFC 8017 appendix A.1.2
    return Key(modulus, public, private, path)


def _integers(der: bytes) -> Iterable[int]:
    at = _head(der, 0)[0]
    while at < len(der):
        begin, size = _head(der, at)
        yield int.from_bytes(der[begin:begin + size])
        at = begin + size


def _head(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of an element begins, and its length."""
    size = der[at + 1]
    if size < 0x80:
        return at + 2, size
    octets = size & 0x7F
    return at + 2 + octets, int.from_bytes(der[at + 2:at + 2 + octets])


def certificate(names: Sequence[str | bytes] = (NAME,), *, common: str = NAME, valid: tuple[str, str] = NOW,
                digest: str = "sha256", by: Key | None = None) -> bytes:
    """A certificate for `names` as alternative names (none: without the extension), signed by its own key; DER."""
    by = by or key()
    how = tlv(SEQUENCE, tlv(OID, _RSA + _SIGNED[digest]), _NOTHING)
    who = tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, tlv(OID, _COMMON_NAME), tlv(UTF8, common.encode()))))
    public = tlv(0x03, b"\x00", tlv(SEQUENCE, integer(by.modulus), integer(by.public)))
    body = tlv(
        SEQUENCE, tlv(0xA0, integer(2)), integer(int.from_bytes(os.urandom(8)) | 1), how, who,
        tlv(SEQUENCE, *(tlv(UTC_TIME, when.encode()) for when in valid)), who,
        tlv(SEQUENCE, tlv(SEQUENCE, tlv(OID, _RSA + b"\x01"), _NOTHING), public), _extensions(names))
    return tlv(SEQUENCE, body, how, tlv(0x03, b"\x00", by.signed(body, digest)))


def _extensions(names: Sequence[str | bytes]) -> bytes:
    if not names:
        return b""
    listed = (tlv(DNS_NAME, name if isinstance(name, bytes) else name.encode()) for name in names)
    return tlv(0xA3, tlv(SEQUENCE, tlv(SEQUENCE, tlv(OID, _ALT_NAMES), tlv(OCTETS, tlv(SEQUENCE, *listed)))))


def written(*chain: bytes) -> Path:
    """A file of these certificates, for OpenSSL."""
    text = "".join(map(ssl.DER_cert_to_PEM_cert, chain))
    path = folder() / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.pem"
    path.write_text(text, encoding="ascii")
    return path
