"""Where a report goes: whole or not at all, for its owner's eyes alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample import REPORT

from scanner.errors import OutputError
from scanner.report import WRITERS, place, write

FORMATS = ["html", "json", "jsonl", "csv", "incident.html", "incident.md"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_formats_are_these() -> None:
    assert list(WRITERS) == FORMATS


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_holds_what_the_writer_says_and_is_private(fmt: str, tmp_path: Path) -> None:
    target = tmp_path / "new" / "deeper" / f"report.{fmt}"
    write(REPORT, fmt, target)
    assert "".join(WRITERS[fmt](REPORT)).encode() == target.read_bytes()
    assert (mode(target), mode(target.parent), mode(target.parent.parent)) == (0o600, 0o700, 0o700)
    assert [target] == list(target.parent.iterdir())


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_same_report_gives_the_same_bytes(fmt: str) -> None:
    assert list(WRITERS[fmt](REPORT)) == list(WRITERS[fmt](REPORT))


def test_a_report_that_others_could_read_is_private_after_it_is_written_again(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    target.chmod(0o644)
    write(REPORT, "json", target)
    assert mode(target) == 0o600


class BrokenError(Exception):
    """Something that goes wrong while a report is written."""


def breaks(error: Exception) -> Iterator[str]:
    yield "half of it"
    raise error


def test_a_writer_that_breaks_leaves_the_old_report_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    with pytest.raises(BrokenError):
        place(breaks(BrokenError()), target)
    assert target.read_text() == "old"
    assert [target] == list(tmp_path.iterdir())


def test_a_full_disk_is_told_in_one_line_and_leaves_the_old_report(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    with pytest.raises(OutputError, match=r"report\.json: .*No space left; what stood there before is untouched"):
        place(breaks(OSError(28, "No space left")), target)
    assert target.read_text() == "old"
    assert [target] == list(tmp_path.iterdir())


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="could not be written"):
        write(REPORT, "json", tmp_path)


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="could not be written"):
        write(REPORT, "json", tmp_path / "file" / "report.json")


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    link, real = tmp_path / "latest.json", tmp_path / "real.json"
    real.write_text("old")
    link.symlink_to(real)
    write(REPORT, "json", link)
    assert link.is_symlink()
    assert real.read_bytes()[:1] == b"{"


def test_what_is_no_ordinary_file_is_written_to_and_not_replaced() -> None:
    write(REPORT, "json", Path(os.devnull))
    assert not Path(os.devnull).is_file()



def test_a_dash_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write(REPORT, "csv", "-")
    assert "".join(WRITERS["csv"](REPORT)).encode() == capfdbinary.readouterr().out


def test_a_closed_pipe_is_told() -> None:
    program = """if True:
        import os, sys
        from scanner.errors import OutputError
        from scanner.report import place
        try:
            place(iter(["x" * 100_000]), "-")
        except OutputError as error:
            print(error, file=sys.stderr)
        os._exit(0)                          # what is left in the buffer has nowhere to go
    """
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-c", program], stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert "standard output: the report could not be written: Broken pipe" in done.stderr
    assert done.stderr.count("\n") == 1
