"""Answers of real servers, recorded: what they show is known, so every reader's entries can be compared with it."""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from pathlib import Path

from scanner.listing import Reader, reader
from scanner.model import Batch, Entry

WIRE = Path(__file__).parents[2] / "fixtures" / "wire" / "http"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer: what the reader is told of it, and its body."""

    kind: str
    path: str
    body: bytes


def load(name: str) -> Recorded:
    """The recorded answer `PRODUCT-DIRECTORY`."""
    _, _, raw = (WIRE / f"{name}.http").read_bytes().partition(b"\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    return Recorded("json" if b"application/json" in head else "html", f"/{name.rpartition('-')[2]}/", body)


def read(kind: str, path: str, body: bytes, *, step: int = 0, host: str | None = None,
         now: int | None = None) -> tuple[Reader, list[Batch]]:
    """Feed a body, whole or in steps; gives the reader and what it gave."""
    one = reader(kind, path, host=host, now=now)
    batches: list[Batch] = []
    for at in range(0, len(body), step or len(body) or 1):
        batches += one.feed(body[at:at + (step or len(body))])
    return one, batches + one.close()


def entries(batches: list[Batch]) -> list[Entry]:
    """All entries of some batches."""
    return [entry for batch in batches for entry in batch.entries()]


def shown(kind: str, path: str, body: bytes, *, host: str | None = None, now: int | None = None) -> list[Entry]:
    """The entries of a body."""
    return entries(read(kind, path, body, host=host, now=now)[1])


FIRST = {
    b"070-1740605.wav": (0, timegm((2013, 4, 12, 8, 0, 0))),
    b"070-1740606.wav": (999, timegm((2013, 4, 12, 23, 59, 59))),
    b"070-1740607.mp3": (1024, timegm((2014, 12, 31, 12, 30, 15))),
    b"070-1740608.wav": (1_000_000, timegm((2016, 2, 29, 0, 0, 0))),
    b"070-1740609.wav": (1_572_864, timegm((2018, 7, 13, 14, 5, 9))),
    b"070-1740610.wav": (3_221_225_472, timegm((2019, 2, 18, 6, 7, 8))),
}
ODD = [
    "+44 7700 900123.wav", " leading space.wav", "trailing dot..wav", "Parent Directory.wav", "javascript:alert(1).wav",
    "colon:12:30.wav", "literal %25.wav", "a%2Fb.wav", "a+b=c.wav", "back\\slash.wav", "semi;colon.wav", "hash#tag.wav",
    "q?mark=1.wav", "A&B \"double\" 'single'.wav", "<b>bold<b>.mp3", "<img src=x onerror=alert(1)>.wav",
    "amp&amp;entity.wav", "samtal åäö.wav", "samtal 📞.wav", "{curly} ~tilde^`tick|pipe.wav", "UPPER-070-1740611.WAV",
    "rtl-\u202egpj.wav", "long-" + "0701740612-" * 20 + ".wav"]
#: What lies in /calls/ of every recorded server: name -> size, seconds since 1970.
FILES = {
    **FIRST,
    **{name.encode(): (2000 + i, timegm((2017, 3, 1, 10, i, 30))) for i, name in enumerate(ODD)},
    b"latin1 \xe5\xe4\xf6.wav": (2100, timegm((2017, 3, 2, 10, 0, 0))),
    b"tab\there.wav": (2101, timegm((2017, 3, 2, 10, 1, 0))),
}
FOLDERS = {b"2013", "dir with space å".encode(), b"a&b+c%20d"}
