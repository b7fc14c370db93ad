"""TLS that a scan speaks all the same: old, weak, badly certified, misplaced. Most of it is OpenSSL's own server."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

from tests.hostile.behaviour import Behaviour, Host, Hosting
from tests.hostile.serving import Talk, says, serve
from tests.hostile.tls_certificates import NAME, NOW, certificate, key, written
from tests.hostile.tls_door import SEEN, STRANGER, brief, page
from tests.hostile.tls_null import DATA, Null, null
from tests.hostile.tls_openssl import s_server

CLEAR_400 = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def shown(*names: str | bytes, bits: int = 1024, options: Sequence[str] = (), common: str = NAME,
          valid: tuple[str, str] = NOW, digest: str = "sha256") -> Hosting:
    """OpenSSL's server with such a certificate."""
    def host() -> AbstractAsyncContextManager[Host]:
        made = certificate(names, common=common, valid=valid, digest=digest, by=key(bits))
        return s_server(*options, shown=written(made), secret=key(bits).path)
    return host


async def well(there: Null) -> None:
    """Behaves."""
    await there.say(DATA, page(await there.asked()))


async def clear(talk: Talk) -> None:
    """Serves in clear, and minds TLS as web servers do."""
    first = await talk.reader.read(4096)
    await talk.say(CLEAR_400 if first[:1] == b"\x16" else page(first.split(b" ")[1].decode()))


MISPLACED = [
    Behaviour("T-01", "a listing in clear on a port of TLS", SEEN,
              partial(serve, clear, target="https://{}/", greets=True, port=8443)),
    Behaviour("T-01", "an SSH server on a port of TLS", frozenset({"recognised"}),
              partial(serve, says(b"SSH-2.0-OpenSSH_9.6\r\n", 5.0), target="https://{}/", greets=True, port=9443)),
    Behaviour("T-01", "bytes of no protocol on a port of TLS", frozenset({"not-this-protocol"}),
              partial(serve, says(bytes(range(100, 200)), 5.0), target="https://{}/", greets=True, port=4443)),
    Behaviour("T-01", "a clear 400 to everything on a port of TLS", frozenset(),
              partial(serve, says(CLEAR_400), target="https://{}/", greets=True, port=5001)),
    Behaviour("T-02", "TLS 1.3 on a port of clear text", SEEN, s_server),
    Behaviour("T-02", "a clear 400 to clear text, and a listing by TLS", SEEN, partial(null, well, clear=CLEAR_400)),
]
OLD = [
    Behaviour("T-04", "TLS 1.1 and nothing newer", SEEN, partial(s_server, "-tls1_1")),
    Behaviour("T-04", "TLS 1.0 and nothing newer", SEEN, partial(s_server, "-tls1")),
    Behaviour("T-04", "TLS 1.0 with AES128-SHA and the certificate's own key", SEEN,
              partial(s_server, "-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0")),
    Behaviour("T-05", "a cipher that encrypts nothing (NULL)", SEEN,
              partial(s_server, "-tls1_2", "-cipher", "NULL:@SECLEVEL=0")),
    Behaviour("T-05", "no certificate at all (anonymous)", SEEN,
              partial(s_server, "-tls1_2", "-nocert", "-cipher", "aNULL:@SECLEVEL=0")),
]
CERTIFIED = [
    Behaviour("T-06", "a certificate that expired in 2011", SEEN,
              shown(NAME, valid=("100101000000Z", "110101000000Z"))),
    Behaviour("T-06", "a certificate that begins in 2048", SEEN,
              shown(NAME, valid=("480101000000Z", "491231235959Z"))),
    Behaviour("T-06", "a certificate that signed itself", SEEN, shown(NAME)),
    Behaviour("T-06", "a certificate for another name", STRANGER, shown("elsewhere.example.org"),
              ("names a host that is not in the scope: elsewhere.example.org",)),
    Behaviour("T-06", "a certificate without alternative names", SEEN, shown()),
    Behaviour("T-06", "a certificate signed with MD5", SEEN, shown(NAME, digest="md5")),
    Behaviour("T-06", "a key of 512 bits", SEEN, shown(NAME, bits=512, options=("-tls1_2",))),
]
BEHAVIOURS = [replace(one, host=brief(one.host)) for one in (*MISPLACED, *OLD, *CERTIFIED) if one.host is not None]
