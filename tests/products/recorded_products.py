"""Answers of real products, recorded: what they listed is known, so what is read of them can be compared with it.

`fixtures/wire/products/PRODUCT/NAME.http`: a line that says which product, asked for what; below it the answer.
"""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import dataclass
from pathlib import Path

from scanner.model import Batch

WIRE = Path(__file__).parents[2] / "fixtures" / "wire" / "products"
_ASKED = re.compile(r"asked for (\S+) (\S+) over HTTP")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer, and what it answers."""

    name: str                                # PRODUCT/NAME
    path: str                                # asked for, with its query
    answer: bytes                            # status line, headers and body

    @property
    def body(self) -> bytes:
        """The bytes after the headers."""
        return self.answer.partition(b"\r\n\r\n")[2]


def recorded(name: str) -> Recorded:
    """The recorded answer `PRODUCT/NAME`."""
    said, _, answer = (WIRE / f"{name}.http").read_bytes().partition(b"\n")
    asked = _ASKED.search(said.decode())
    assert asked is not None, f"{name}: the first line does not say what was asked for"
    return Recorded(name, asked[2], answer)


def names() -> list[str]:
    """All recorded answers."""
    return sorted(str(path.relative_to(WIRE).with_suffix("")) for path in WIRE.rglob("*.http"))


#: What lay in /calls/ of every product: name -> size, seconds since 1970.
CALLS = {
    b"070-1740605.wav": (2048, timegm((2019, 2, 18, 8, 30, 12))),
    b"070-1740606.mp3": (1_000_000, timegm((2019, 2, 19, 8, 30, 12))),
    "samtal åäö & <1>.wav".encode(): (1536, timegm((2019, 2, 20, 8, 30, 12))),
    b"plan": (12, timegm((2019, 2, 21, 8, 30, 12))),
}
FOLDERS = [b"2019"]
#: and in / of every product: a file, and folders.
ROOT = {b"notes.txt": (300, timegm((2019, 2, 18, 8, 20, 0)))}
ROOT_FOLDERS = [b"calls", b"empty"]


def files(batches: list[Batch]) -> dict[bytes, tuple[int | None, int | None]]:
    """Name -> size, time of all files."""
    return {entry.name: (entry.size, entry.modified) for batch in batches for entry in batch.entries()
            if entry.name not in batch.directories}


def folders(batches: list[Batch]) -> list[bytes]:
    """Names of all directories, sorted."""
    return sorted(name for batch in batches for name in batch.directories)
