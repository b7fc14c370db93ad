"""Messages that are only counted: each gets a name of its number, as far as a mailbox is believed. Pure.

Stores are told apart by the names in them. So that two mailboxes of as many messages are not taken for one, the names
begin with a mark of their mailbox; it is the same over IMAP and POP3, by whichever port.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from scanner.model import Batch, Doubt, Endpoint, Reason

BATCH = 4096                              # names
MOST = 1_000_000                          # messages of one mailbox that are counted: a number is easily said
_LETTERS = 5
_ALPHABET = b"bdfghjkqvwxz"


@dataclass(frozen=True, slots=True)
class Count:
    """What a mailbox says of itself."""

    messages: int
    octets: int | None = None             # of all of them; None: not said


def mark(endpoint: Endpoint, mailbox: bytes) -> bytes:
    """Five letters for a mailbox at a host, of which no word can be made."""
    name = b"INBOX" if mailbox.upper() == b"INBOX" else mailbox        # in any letter case (RFC 3501 §5.1)
    digest = blake2b(name, key=(endpoint.host or str(endpoint.address)).encode()[:64], digest_size=_LETTERS).digest()
    return bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in digest)


def numbered(mark: bytes, messages: int, most: int = MOST) -> Iterator[Batch]:
    """`MARK-1.eml`, `MARK-2.eml`, … in batches; no more than `most`."""
    last = min(messages, most)
    for first in range(1, last + 1, BATCH):
        yield Batch(names=[b"%b-%d.eml" % (mark, number) for number in range(first, min(first + BATCH, last + 1))])


def cut(messages: int, most: int = MOST) -> Doubt | None:
    """What is said where not all are counted."""
    if messages <= most:
        return None
    return Reason.CUT, f"says that it holds {min(messages, 10**12)} messages, of which {most} are counted"
