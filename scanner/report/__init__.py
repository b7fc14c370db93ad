"""The report in every format, written whole or not at all. The one list of formats is `WRITERS`.

A writer is pure: it turns a report into pieces of text, and the same report into the same text. `write` puts
them where they belong: a temporary file in the same folder, synced, renamed over the old report, readable by
its owner alone, because a report is a map of open doors. A failed write leaves the old report as it was.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Literal, Protocol

from scanner.errors import OutputError
from scanner.model import Report
from scanner.report import csv, html, json, jsonl
from scanner.report.layout import PLAIN, Layout


class Writer(Protocol):
    """A report as pieces of text."""

    def __call__(self, report: Report, layout: Layout = PLAIN) -> Iterator[str]:
        """The pieces, in order."""


def _of_one_layout(chunks: Callable[[Report], Iterator[str]]) -> Writer:
    """A format that leaves its reader no choice."""
    def written(report: Report, layout: Layout = PLAIN) -> Iterator[str]:
        del layout
        return chunks(report)

    return written


def _page(report: Report, layout: Layout = PLAIN) -> Iterator[str]:
    from scanner.report import incident  # a room that few runs need

    return incident.page(report, layout)


def _plain_text(report: Report, layout: Layout = PLAIN) -> Iterator[str]:
    from scanner.report import incident

    return incident.plain_text(report, layout)


WRITERS: dict[str, Writer] = {
    "html": html.chunks,
    "json": _of_one_layout(json.chunks),
    "jsonl": _of_one_layout(jsonl.chunks),
    "csv": _of_one_layout(csv.chunks),
    "incident.html": _page,
    "incident.md": _plain_text,
}


def write(report: Report, fmt: str, target: Path | Literal["-"], layout: Layout = PLAIN) -> None:
    """Write `report` as `fmt` (a key of WRITERS) to a file, or to standard output for `-`, as `place` does."""
    place(WRITERS[fmt](report, layout), target)


def place(pieces: Iterator[str], target: Path | Literal["-"]) -> None:
    """Put text where it belongs, in UTF-8, whole or not at all.

    Missing folders are made with mode 0700, the file has mode 0600; a link is followed and stays a link. What
    is no ordinary file (a pipe, a terminal) is written to directly. Raises OutputError in one line.
    """
    try:
        if target == "-":
            _pour(pieces, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        path = Path(os.path.realpath(target))
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                _pour(pieces, stream)
            return
        _replace(path, pieces)
    except OSError as error:
        raise OutputError(_told(target, error)) from error


def _pour(pieces: Iterator[str], stream: IO[bytes]) -> None:
    stream.writelines(piece.encode() for piece in pieces)


def _replace(path: Path, pieces: Iterator[str]) -> None:
    _make_folder(path.parent)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as stream:
        try:                                               # the file is made with mode 0600
            _pour(pieces, stream)
            stream.flush()
            os.fsync(stream.fileno())
            Path(stream.name).replace(path)
        except BaseException:
            Path(stream.name).unlink()
            raise
    _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """Each missing folder with mode 0700: `Path.mkdir(parents=True)` gives its mode to the last one only."""
    for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    """So that the new name outlives a power cut; not every file system lets a folder be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _told(target: Path | str, error: OSError) -> str:
    where = "standard output" if target == "-" else str(target)
    kept = "" if target == "-" else "; what stood there before is untouched"
    return f"{where}: the report could not be written: {error.strerror or error}{kept}; name another place with -o"
