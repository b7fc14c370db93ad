"""The commands in a pack: they find fetched files in a log, leave the scan's own lines out, and run nothing else."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from packs import one, page, plain
from sample import CALLS, REPORT
from strangers import SHELL, hostile

from scanner.model import Report
from scanner.report.incident import logs

LOG = """\
203.0.113.5 - - [21/Nov/2026:03:12:00 +0000] "GET /share/ HTTP/1.1" 200 512 "-" "Mozilla/5.0"
203.0.113.5 - - [21/Nov/2026:03:12:09 +0000] "GET /share/old/0701740605.mp3 HTTP/1.1" 200 412000 "-" "Mozilla/5.0"
203.0.113.6 - - [21/Nov/2026:03:13:00 +0000] "HEAD /share/a.wav?x=1 HTTP/2.0" 206 0 "-" "curl/8"
203.0.113.6 - - [21/Nov/2026:03:13:00 +0000] "GET /share/b.wav HTTP/1.1" 404 0 "-" "curl/8"
203.0.113.7 - - [21/Nov/2026:03:14:00 +0000] "GET /share/?C=M;O=D HTTP/1.1" 200 512 "-" "curl/8"
203.0.113.8 - - [21/Nov/2026:03:14:00 +0000] "GET /other/a.wav HTTP/1.1" 200 512 "-" "curl/8"
198.51.100.20 - - [21/Nov/2026:20:03:00 +0000] "GET /share/old/ HTTP/1.1" 200 512 "-" "AGENT"
198.51.100.20 - - [21/Nov/2026:20:03:01 +0000] "GET /robots.txt HTTP/1.1" 200 40 "-" "AGENT"
198.51.100.20 - - [21/Nov/2026:20:09:00 +0000] "GET /share/old/ HTTP/1.1" 200 512 "-" "Mozilla/5.0"
198.51.100.21 - - [21/Nov/2026:20:03:00 +0000] "GET /share/old/ HTTP/1.1" 200 512 "-" "AGENT"
""".replace("AGENT", REPORT.scan.user_agent)


def test_the_commands_find_fetched_files_and_leave_only_the_scan_out(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(LOG)
    lines = [line for line in logs.commands(CALLS.doors[1:], REPORT) if not line.startswith("#")]
    found = [subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
             .stdout.splitlines() for line in lines]
    whole = LOG.splitlines()
    assert [[whole[1], whole[2]], [whole[0], whole[4], whole[8], whole[9]], [whole[6], whole[7]]] == found


@pytest.mark.parametrize("logged", [r'+a\"b\\c', r"+a\x22b\x5Cc", '+a"b\\c'])
def test_the_lines_of_the_scan_are_known_however_its_contact_is_logged(logged: str, tmp_path: Path) -> None:
    """Apache puts a backslash before a quote, nginx writes it as hex digits, others leave it."""
    report = replace(REPORT, scan=replace(REPORT.scan, user_agent='earshot/1 (+a"b\\c; authorised)'))
    (tmp_path / "access.log").write_text(LOG.replace(REPORT.scan.user_agent, f"earshot/1 ({logged}; authorised)"))
    line = [line for line in logs.commands(CALLS.doors[1:], report) if not line.startswith("#")][-1]
    done = subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert 2 == len(done.stdout.splitlines())


def test_a_root_takes_every_path(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(LOG)
    line = next(line for line in logs.commands(CALLS.doors[:1], REPORT) if not line.startswith("#"))
    done = subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert 3 == len(done.stdout.splitlines())


def blocks(form: str, report: Report) -> list[str]:
    """The blocks of commands in a pack, as a reader copies them."""
    if form == "incident.md":
        return re.findall(r"^(?:`{3,})sh\n(.*?)^`{3,}$", plain(report), re.DOTALL | re.MULTILINE)
    found = re.findall(r"<pre>(.*?)</pre>", page(report), re.DOTALL)
    return [unescape(re.sub(r"</?code>", "", block)) for block in found]


@pytest.mark.parametrize("form", ["incident.md", "incident.html"])
@pytest.mark.parametrize("path", [
    "/a;touch$IFS+PWNED;/", "/`>PWNED`/" + "a" * 960 + "/", "/'`touch+PWNED`/", "/;touch PWNED;:" + "a" * 900 + "/"])
def test_a_block_of_commands_runs_no_path_however_long_and_whatever_a_shell_takes_for_a_comment(
        path: str, form: str, tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text("")
    door = replace(CALLS.doors[0], url=f"http://192.0.2.17{path}")
    block = blocks(form, replace(REPORT, findings=(replace(CALLS, doors=(door,)),)))[0]
    for pasted in (block, re.sub("^# ", ": ", block, flags=re.MULTILINE)):
        subprocess.run(["/bin/sh"], cwd=tmp_path, input=pasted, text=True, capture_output=True, timeout=20, check=False)
    assert ["access.log"] == [file.name for file in tmp_path.iterdir()]
    assert path in block or "'" in path


def test_doors_of_one_prefix_share_their_commands() -> None:
    assert list(logs.commands(CALLS.doors, REPORT)) == list(logs.commands(CALLS.doors * 3, REPORT))


def test_without_the_address_of_the_scan_nothing_is_left_out() -> None:
    unknown = replace(REPORT, conduct=replace(REPORT.conduct, source_addresses=()))
    assert not [line for line in logs.commands(CALLS.doors, unknown) if "-v" in line or "than the scan" in line]


def test_a_masked_prefix_makes_no_command_and_is_said() -> None:
    masked = replace(CALLS, doors=(replace(CALLS.doors[0], url="http://192.0.2.7:80/0701•••605/"),))
    made = one(masked)
    assert "where a prefix holds •, take the folder's real name from the server itself" in made
    assert "grep" not in made


@pytest.mark.parametrize("name", SHELL)
def test_no_command_of_a_hostile_name_runs_anything_else(name: str, tmp_path: Path) -> None:
    (tmp_path / "access.log").write_text(LOG)
    report = hostile(name)
    for line in logs.commands(report.findings[0].doors, report):
        done = subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, timeout=20,
                              check=False)
        assert done.returncode in (0, 1), line
        assert ["access.log"] == [path.name for path in tmp_path.iterdir()]
