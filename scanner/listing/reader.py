"""What every listing reader says: bytes go in, batches of names come out. It opens nothing and asks for nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum

from scanner.listing.dialect import Dialect
from scanner.model import Batch

LITTLE = 16 * 1024                           # bytes that any reader reads in no time


class Verdict(Enum):
    """Whether the bytes so far are a directory listing."""

    UNDECIDED = "undecided"
    LISTING = "listing"
    NOT = "not"


class Reader(ABC):
    """Reads one answer as it comes. Entries depend on the bytes alone, never on how they were cut into pieces.

    Until the verdict is `LISTING`, `feed` keeps what it has and returns nothing. After `NOT` it ignores what comes.
    Whatever the bytes, nothing rises; memory stays within some blocks of 256 KiB.
    """

    def __init__(self) -> None:
        self.verdict = Verdict.UNDECIDED
        self.why = "nothing read yet"
        self.near = False                    # it looked like a listing and was rejected: `why` says what told, no names
        self.row_bytes = 0                   # bytes so far that were rows: what the caller may grant
        self.facts: dict[str, str] = {}      # `listing.*`, complete after close(); no file names in them
        self.dialect: Dialect | None = None  # after close(): what the next reader of this server's pages may be given
        self.links: list[str] = []           # quoted directory paths of this host, where the page is no listing

    @property
    def held(self) -> int:
        """Bytes that were taken and are still to be read."""
        return 0

    def takes_long(self, size: int) -> bool:  # noqa: ARG002
        """Whether `feed` of so many bytes more, up to 64 KiB, takes long and cannot be parted."""
        return False

    @abstractmethod
    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes of the body, any number of them; give the batches that they complete."""

    @abstractmethod
    def close(self) -> list[Batch]:
        """The body has ended, or was cut: give what is left. The verdict is final afterwards."""


def plain_facts(dialect: str, row: str, rows: int) -> dict[str, str]:
    """The facts of a listing that has no markup around its rows: `row` is the shape of one, without names."""
    return {"listing.title": "", "listing.dialect": dialect, "listing.head": "", "listing.tail": "",
            "listing.row": row, "listing.rows": str(rows)}


class Refusal(Reader):
    """The reader of what can be no listing, such as plain text."""

    def __init__(self, why: str, dialect: Dialect | None = None) -> None:
        super().__init__()
        self.dialect = dialect
        self.verdict, self.why = Verdict.NOT, why

    def feed(self, data: bytes) -> list[Batch]:  # noqa: ARG002  the interface is wider than this one needs
        """Nothing is kept."""
        return []

    def close(self) -> list[Batch]:
        """Nothing was kept."""
        return []
