"""TLS over memory: speaks to whatever still runs out there, and trusts nobody. Touches a socket only through a Wire.

Nothing is verified, because nothing is sent that an eavesdropper may not read, and an expired certificate is no
reason to leave a door unseen. SSLKEYLOGFILE has no effect: only `ssl.create_default_context` reads it.
"""

from __future__ import annotations

import contextlib
import ssl
import warnings
from functools import cache

from scanner.errors import ClientCertificateWanted, NetError, Reset, TlsError
from scanner.net.wire import Wire

RECORD = 1024                             # raw bytes read at a time until the reader is approved
WIDE = 65536
HANDSHAKE = 192 * 1024                    # bytes of handshake taken: OpenSSL's own bound for a chain is 100 KiB
SEALED = 20 * 1024                        # bytes of records with nothing in them: one of 16 KiB is taken whole
HUSK = 8                                  # bytes of records that a byte in them pays for
_RECORDS = b"\x14\x15\x16\x17"             # content types, RFC 8446 §5.1
_SAID = 512                               # bytes that are kept to tell what else it is
_LEGACY_SERVER_CONNECT = 0x4              # SSL_OP_LEGACY_SERVER_CONNECT, named in Python 3.12
_CERTIFICATE_REQUEST = 13                 # RFC 5246 §7.4
_NAME_UNKNOWN = "UNRECOGNIZED_NAME"       # alert 112, RFC 6066 §3
_PROTOCOL_UNKNOWN = "NO_APPLICATION_PROTOCOL"      # alert 120, RFC 7301 §3.2


class UnknownNameError(TlsError):
    """The server does not know the name it was asked by: ask again without one."""


class UnknownProtocolError(TlsError):
    """The server does not speak the protocol that was offered by ALPN: ask again without an offer."""


@cache
def context(protocol: str | None = None) -> ssl.SSLContext:
    """The shared client context, made once for each `protocol` offered by ALPN (such as `http/1.1`)."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)     # TLS 1.0 is exactly what is meant
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    made.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    made.options |= _LEGACY_SERVER_CONNECT | ssl.OP_IGNORE_UNEXPECTED_EOF | ssl.OP_NO_RENEGOTIATION
    if protocol is not None:
        made.set_alpn_protocols([protocol])
    return made


class Tls:
    """One TLS session. `handshake`, then `recv` and `send` as of a Wire."""

    __slots__ = ("_early", "_in", "_object", "_out", "_sealed", "_wire", "gulp")

    def __init__(self, wire: Wire, server_name: str | None, protocol: str | None,
                 session: ssl.SSLSession | None = None) -> None:
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._object = context(protocol).wrap_bio(self._in, self._out, server_hostname=server_name, session=session)
        self._wire = wire
        self._early = bytearray()         # what the server sent during the handshake
        self._sealed = 0                  # bytes of records, less what they may be for what was in them
        self.gulp = RECORD

    async def handshake(self) -> None:
        """`TlsError` and its kinds; `NetError` where the connection broke."""
        while True:
            try:
                self._object.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._more()
            except ssl.SSLError as error:
                with contextlib.suppress(NetError):
                    await self._flush()                         # our alert: the polite way out
                raise self._told(error) from error
            else:
                await self._flush()
                self._early = bytearray()
                return

    async def recv(self, limit: int) -> bytes:
        """At most `limit` bytes of plaintext, `b""` at the end. TlsError where records without data never end."""
        while True:
            try:
                data = self._object.read(limit)
            except ssl.SSLWantReadError:
                if self._out.pending:
                    await self._flush()
                raw = await self._wire.recv(self.gulp)
                if raw:
                    self._seal(len(raw))
                    self._in.write(raw)
                else:
                    self._in.write_eof()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            except ssl.SSLError as error:
                raise self._told(error) from error
            else:
                self._sealed -= HUSK * len(data)
                return data

    async def send(self, data: bytes) -> None:
        """All of `data`."""
        try:
            self._object.write(data)
        except ssl.SSLError as error:
            raise self._told(error) from error
        await self._flush()

    def _seal(self, size: int) -> None:
        """Records may hold nothing, or a byte each: what they cost has a bound of its own."""
        self._sealed = max(self._sealed, 0) + size
        if self._sealed > SEALED + self.gulp:
            raise TlsError(f"TLS with {self._wire.peer}: {self._sealed} bytes of records that hold next to nothing")

    def certificate(self) -> bytes | None:
        """What the server calls itself, DER; None where it showed nothing."""
        return self._object.getpeercert(binary_form=True)

    @property
    def spoken(self) -> bool:
        """Whether what came in the handshake so far was TLS."""
        return len(self._early) > 1 and not self._instead()

    @property
    def session(self) -> ssl.SSLSession | None:
        """To be taken up by a second connection. In TLS 1.3 it comes after the handshake (RFC 8446 §4.6.1)."""
        return self._object.session

    @property
    def resumed(self) -> bool:
        """Whether a session was taken up."""
        return bool(self._object.session_reused)

    def version(self) -> str:
        """Such as `TLSv1.3`."""
        return self._object.version() or ""

    def parting(self) -> bytes:
        """The close_notify alert, to be sent before closing in good order."""
        with contextlib.suppress(ssl.SSLError):
            self._object.unwrap()
        return self._out.read()

    async def _flush(self) -> None:
        if self._out.pending:
            await self._wire.send(self._out.read())

    async def _more(self) -> None:
        try:
            raw = await self._wire.recv(self.gulp)
        except Reset:
            raw = b""
        if not raw:
            text = f"TLS with {self._wire.peer}: closed during the handshake"
            raise self._unless_wanted(TlsError(text, self._instead()))
        self._early += raw
        if len(self._early) > HANDSHAKE:
            raise TlsError(f"TLS with {self._wire.peer}: a handshake of more than {HANDSHAKE} bytes")
        self._in.write(raw)

    def _told(self, error: ssl.SSLError) -> NetError:
        reason = error.reason or _written(error)
        text = f"TLS with {self._wire.peer}: {reason.lower().replace('_', ' ')}"
        if _NAME_UNKNOWN in reason:
            return UnknownNameError(text)
        if _PROTOCOL_UNKNOWN in reason:
            return UnknownProtocolError(text)
        if "CERTIFICATE_REQUIRED" in reason:
            return ClientCertificateWanted(text)
        return self._unless_wanted(TlsError(text)) if "ALERT" in reason else TlsError(text, self._instead())

    def _instead(self) -> bytes:
        """The first of what came, where it was no record of TLS."""
        return b"" if self._early[:1] in _RECORDS and self._early[1:2] in b"\x03" else bytes(self._early[:_SAID])

    def _unless_wanted(self, error: NetError) -> NetError:
        if asks_for_certificate(bytes(self._early)):
            return ClientCertificateWanted(f"TLS with {self._wire.peer}: wants a certificate of the client")
        return error


def _written(error: ssl.SSLError) -> str:
    """The reason as OpenSSL writes it, where Python has no name for it: `[SSL] some reason (_ssl.c:1006)`."""
    said = str(error.args[-1]).partition("] ")[2].rpartition(" (")[0] if error.args else ""
    return said.upper().replace(" ", "_") or type(error).__name__


def asks_for_certificate(flight: bytes) -> bool:
    """Whether a server's first flight, as far as it is in clear, holds a CertificateRequest.

    Up to TLS 1.2 a server that misses our certificate ends the handshake with whatever alert it likes; that it
    asked is what tells. Records: RFC 5246 §6.2.1 (type, version, length), messages: §7.4 (type, 24-bit length).
    """
    messages, at = bytearray(), 0
    while len(flight) - at >= 5 and flight[at] == 22:
        size = int.from_bytes(flight[at + 3:at + 5], "big")
        messages += flight[at + 5:at + 5 + size]
        at += 5 + size
    at = 0
    while len(messages) - at >= 4:
        if messages[at] == _CERTIFICATE_REQUEST:
            return True
        at += 4 + int.from_bytes(messages[at + 1:at + 4], "big")
    return False
