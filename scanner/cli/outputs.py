"""Where reports go: what `-o` means, and whether the place can be written, said before anything is sent."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from scanner.cli import options as opt
from scanner.errors import OutputError, UsageError
from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.model import Report
    from scanner.report.layout import Layout

By = Annotated[str | None, opt.option(
    "--by", panel=opt.MORE, metavar="owner",
    help="Group findings by who answers for them, in HTML and in the incident pack.")]

FORMATS = ("html", "json", "jsonl", "csv")
RESERVED = {"sarif": "SARIF", "md": "Markdown", "markdown": "Markdown", "junit": "JUnit"}
LOG, INCIDENT = "log", "incident"
PACK_FOLDER = "incident/"                # one pack for each controller
_PACKS = {".html": "incident.html", ".md": "incident.md", ".txt": "incident.md", "": "incident.html"}
DEFAULT = ("html", "json")               # written where no report was asked for
_SOME = "pack.html"                      # a file in a folder of packs
_ROOM = bytes(4096)                      # what must fit into a place for it to count as writable


@dataclass(frozen=True, slots=True)
class Output:
    """One report to be written: a format, and a path or `-`."""

    format: str
    path: str

    @property
    def is_stdout(self) -> bool:
        """Whether it goes to standard output."""
        return self.path == "-"


def outputs(texts: Sequence[str] | None) -> list[Output]:
    """What each `-o` asks for. Raises UsageError."""
    found = [_output(text) for text in texts or ()]
    for path, count in Counter(one.path if one.is_stdout else os.path.realpath(one.path) for one in found).items():
        if count > 1:
            where = "standard output" if path == "-" else show(path)
            raise UsageError(f"-o: {count} reports would go to {where}; give each a place of its own")
    return found


def settled(wanted: Sequence[Output], scan: str) -> list[Output]:
    """What was asked for; where no report was, `reports/SCAN/report.html` and `.json`."""
    if any(output.format != LOG for output in wanted):
        return list(wanted)
    return [*wanted, *(Output(name, f"reports/{scan}/report.{name}") for name in DEFAULT)]


def _output(text: str) -> Output:
    if text == "-":
        return Output("jsonl", "-")
    head, colon, rest = text.partition(":")
    if colon and head.isalpha() and len(head) > 1:       # one letter is a drive
        known = _known(head.lower(), text)
        if not rest:
            raise UsageError(f"-o {show(text)}: where to? Write {known}:PATH, or {known}:- for standard output")
        return Output(_pack(rest, text) if known == INCIDENT else known, rest)
    return Output(_known(Path(text).suffix.lstrip(".").lower(), text), text)


def _pack(path: str, text: str) -> str:
    """The format of an incident pack, by the end of its path; a page where it says nothing."""
    if path == "-":
        return _PACKS[".md"]
    if path.endswith(("/", os.sep)):
        return PACK_FOLDER
    ending = Path(path).suffix.lower()
    if ending not in _PACKS:
        endings = ", ".join(filter(None, _PACKS))
        raise UsageError(f"-o {show(text)}: end it in {endings}, or in / for a folder with a pack for each controller")
    return _PACKS[ending]


def _known(name: str, text: str) -> str:
    if name in (*FORMATS, LOG, INCIDENT):
        return name
    if name in RESERVED:
        known = ", ".join(FORMATS)
        raise UsageError(f"-o {show(text)}: {RESERVED[name]} is reserved for later; write {known}, incident:PATH or "
                         "log:PATH")
    endings = ", ".join("." + name for name in FORMATS)
    raise UsageError(f"-o {show(text)}: no format is known by that ending; end it in {endings}, or write FORMAT:PATH")


def check_places(wanted: Sequence[Output]) -> None:
    """Raise UsageError where a report could not be written. Leaves no trace."""
    for output in wanted:
        if not output.is_stdout:
            _check(f"{output.path}{_SOME}" if output.format == PACK_FOLDER else output.path)


def layout(wanted: Sequence[Output], by: str | None, folders: Sequence[Path] = ()) -> Layout:
    """How reports are laid out: grouped as `by` says, with the deadlines that packs name. Raises UsageError, and
    SignatureError where the deadlines are damaged.
    """
    from scanner.report.layout import Layout
    from scanner.signature import deadlines

    if by not in (None, "owner"):
        raise UsageError(f"--by {show(by or '')}: findings can be grouped by owner; write --by owner")
    packs = any(output.format.startswith(INCIDENT) for output in wanted)
    return Layout(by_owner=by is not None, deadlines=deadlines(folders) if packs else ())


def _check(text: str) -> None:
    there = Path(os.path.realpath(text))
    try:
        if there.is_dir():
            raise UsageError(f"-o {show(text)}: this is a folder; name a file in it")
        if there.exists() and not there.is_file():       # a pipe, a terminal
            _refuse_unless(os.access(there, os.W_OK), text, "it may not be written to")
            return
        nearest = next(folder for folder in there.parents if folder.exists())
        _refuse_unless(nearest.is_dir(), text, f"{nearest} is no folder")
        _refuse_unless(os.access(nearest, os.W_OK | os.X_OK), text, f"{nearest} may not be written to")
        with tempfile.TemporaryFile(dir=nearest) as trial:
            trial.write(_ROOM)
    except (OSError, ValueError) as error:
        _refuse_unless(False, text, str(getattr(error, "strerror", None) or error))


def _refuse_unless(good: bool, text: str, why: str) -> None:
    if not good:
        raise UsageError(f"-o {show(text)}: cannot be written ({show(why)}); name another place")


def write_all(report: Report, wanted: Sequence[Output], layout: Layout | None = None) -> tuple[list[str], list[str]]:
    """Write every report that can be; the paths written, and what went wrong with the others."""
    from scanner.report import write
    from scanner.report.layout import PLAIN

    written: list[str] = []
    wrong: list[str] = []
    for output, share in _shared(report, wanted):
        try:
            write(share, output.format, "-" if output.is_stdout else Path(output.path), layout or PLAIN)
        except OutputError as error:
            wrong.append(str(error))
        else:
            written += [] if output.is_stdout else [output.path]
    return written, wrong


def _shared(report: Report, wanted: Sequence[Output]) -> Iterator[tuple[Output, Report]]:
    """Each file to be written and what goes into it: a folder of packs has a file for each controller."""
    from scanner.report.incident import shares

    for output in wanted:
        if output.format == PACK_FOLDER:
            yield from ((Output("incident.html", f"{output.path}{name}.html"), share) for name, share in shares(report))
        elif output.format != LOG:
            yield output, report


def parent_of(path: Path) -> None:
    """Make the folders above a file, each with mode 0700."""
    for missing in reversed([folder for folder in path.parents if not folder.exists()]):
        with contextlib.suppress(FileExistsError):
            missing.mkdir(mode=0o700)
