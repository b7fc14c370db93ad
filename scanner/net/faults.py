"""Foreign errors into ours, once, at this border. Reads the error; never retries, never swallows.

The number decides, looked for through the whole chain of causes, because libraries bury it (an EMFILE that
surfaces as "all attempts failed" would otherwise be told of the target).
"""

from __future__ import annotations

import errno
import os
import ssl

from scanner.errors import (
    ConnectRefused,
    ConnectTimeout,
    LocalFault,
    NetError,
    ProtocolError,
    Reset,
    TlsError,
    Unreachable,
)

LOCAL = frozenset({
    errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM,        # files and memory
    errno.EADDRNOTAVAIL, errno.EADDRINUSE,                          # no free port, or no source address
    errno.ENETDOWN, errno.EAFNOSUPPORT,                             # no network, no IPv6
})
_BY_NUMBER: dict[int, type[NetError]] = {
    errno.ECONNREFUSED: ConnectRefused,
    errno.ETIMEDOUT: ConnectTimeout,
    errno.EHOSTUNREACH: Unreachable, errno.ENETUNREACH: Unreachable, errno.EHOSTDOWN: Unreachable,
    errno.EACCES: Unreachable, errno.EPERM: Unreachable,            # a broadcast address, or a local firewall's no
    errno.EINVAL: Unreachable,
    errno.ECONNRESET: Reset, errno.ECONNABORTED: Reset, errno.EPIPE: Reset, errno.ENOTCONN: Reset,
    errno.EBADF: Reset,                                             # closed on our side meanwhile
    **dict.fromkeys(LOCAL, LocalFault),
}
_WAYS_OUT = {
    errno.EMFILE: "raise the limit of open files (ulimit -n) or lower the number of open connections",
    errno.EADDRNOTAVAIL: "all local ports are in use, or there is no source address for this network",
}


def number(error: BaseException) -> int | None:
    """The first errno that means something, from the outermost error inwards."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if isinstance(current, OSError) and current.errno in _BY_NUMBER and not isinstance(current, ssl.SSLError):
            return current.errno
        current = current.__cause__ or current.__context__
    return None


def translate(error: BaseException, doing: str) -> NetError:
    """The error as one of ours. `doing` says what was tried, such as `connecting to 192.0.2.7:80`."""
    if isinstance(error, NetError):
        return error
    code = number(error)
    if code is not None:
        hint = f"; {_WAYS_OUT[code]}" if code in _WAYS_OUT else ""
        return _BY_NUMBER[code](f"{doing}: {os.strerror(code)}{hint}")
    if isinstance(error, ssl.SSLError):
        return TlsError(f"{doing}: {error.reason or type(error).__name__}")
    if isinstance(error, TimeoutError):
        return ConnectTimeout(f"{doing}: no answer in time")
    if isinstance(error, EOFError):
        return Reset(f"{doing}: closed too early")
    return ProtocolError(f"{doing}: {type(error).__name__}")
