"""What speaks at a port, told by its first bytes: a greeting, or its answer to an HTTP request or a TLS hello. Pure.

It names a service and asks it nothing. What lists files has a probe of its own, and that probe judges again.
"""

from __future__ import annotations

from dataclasses import dataclass

from scanner.probes.services import ROWS

READ = 1024                              # bytes that are looked at
_ECHOED = 16                             # bytes of ours that come back from an echo
_WORDS = 100                             # characters of what it says of itself


@dataclass(frozen=True, slots=True)
class Service:
    """What speaks there. `words` may hold what a stranger wrote, as it came: short, not yet made harmless."""

    protocol: str                        # of a probe (ftp, imap, pop3, rsync, ssh), or only named, such as smtp
    words: str                           # such as `a mail server (SMTP): 220 mail.example.org ESMTP Postfix`


def recognise(said: bytes, port: int, *, after: bytes = b"") -> Service | None:
    """The service that begins with these bytes; None where nothing known does.

    `after`: what had been sent before, to know an echo (RFC 862). Never raises; time does not grow with `said`.
    """
    head = said[:READ]
    if not head:
        return None
    if len(after) >= _ECHOED and head[:_ECHOED] == after[:_ECHOED]:
        return Service("echo", "what is sent comes back (echo)")
    for row in ROWS:
        if row.ports and port not in row.ports:
            continue
        found = row.pattern.match(head)
        if found is not None:
            told = found.groupdict().get("said") or b""
            return Service(row.protocol, _words(row.name, told))
    return None


def _words(name: str, told: bytes) -> str:
    text = told.decode(errors="replace").strip()
    return f"{name}: {text[:_WORDS]}" if text else name
