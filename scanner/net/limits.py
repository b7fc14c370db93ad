"""How much, and how long, one connection may take. Values only."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes. The defaults are those of the standard profile."""

    connect: float = 5.0                  # s until the connection stands
    first_byte: float = 10.0              # s from there to the first byte, TLS handshake included
    total: float = 20.0                   # s for one answer, unless rows go on arriving
    slowest: int = KIB                    # bytes of rows that buy one more second: a dripped listing ends
    header_bytes: int = 32 * KIB          # header block, all interim answers together
    sniff_bytes: int = KIB                # of a body, before it is known to be a listing's
    page_bytes: int = 512 * KIB           # of a page that are no rows
    listing_bytes: int = 512 * MIB        # of a page, rows included
    text_bytes: int = 4 * KIB             # JSON or plain text in a row that bring no row
    element_bytes: int = 16 * KIB         # the same of XML, whose rows are longer
    ratio: int = 100                      # decoded bytes for one encoded
    receive_buffer: int = 2048            # SO_RCVBUF before connect: the kernel's least; fixes what a peer can push
    approved_buffer: int = 256 * KIB      # SO_RCVBUF of a listing
    interim: int = 8                      # 1xx answers before the real one
    wait: float = 60.0                    # s that a server may make us wait at a time, before it is asked again
