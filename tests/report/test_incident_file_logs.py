"""Commands for the logs of file servers: they find what others fetched, leave the scan out, and run nothing else."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from packs import one
from sample import CALLS, REPORT
from strangers import SHELL

from scanner.model import Doorway
from scanner.report.incident import file_logs

SCAN, OTHER = REPORT.conduct.source_addresses[0], "203.0.113.5"
XFERLOG = """\
Sat Nov 21 05:53:10 2026 1 WHO 277958 /calls/2019/20190223-105001_x.wav b _ o a <no_password> ftp 0 * c
Sat Nov 21 05:53:11 2026 1 WHO 277958 /calls/put.wav b _ i a <no_password> ftp 0 * c
Sat Nov  7 05:53:10 2026 0 WHO 12 /srv/calls/two_words.wav b _ o a earshot@ ftp 0 * c
Sat Nov 21 05:53:10 2026 1 WHO 277958 /other/x.wav b _ o a <no_password> ftp 0 * c
"""
VSFTPD = """\
Sat Nov 21 05:53:10 2026 [pid 28452] [ftp] OK DOWNLOAD: Client "WHO", "/calls/2019/x.wav", 277958 bytes, 352.26Kbyte/sec
Sat Nov 21 05:53:10 2026 [pid 28452] [ftp] FTP command: Client "WHO", "LIST -a"
Sat Nov 21 05:53:10 2026 [pid 28452] [ftp] FTP command: Client "WHO", "QUIT"
"""
SMBD = """\
nobody|WHO|pread_send|ok|2019/x.wav
Nov 21 05:53:10 nas smbd_audit[7]: nobody|WHO|connect|ok|calls
  nas (ipv4:WHO:35912) connect to service calls initially as user nobody (uid=65534, gid=65534) (pid 9)
nobody|WHO|connect|ok|music
"""
RSYNCD = """\
2026/11/21 05:53:10 [28454] rsync on calls/2019/x.wav from UNKNOWN (WHO)
2026/11/21 05:53:10 [28454] send UNKNOWN [WHO] calls () 2019/x.wav 277958
2026/11/21 05:53:10 [28455] rsync on callsign from UNKNOWN (WHO)
"""
SYSLOG = "Nov 21 05:53:10 nas rpc.mountd[9]: authenticated mount request from WHO:875 for /calls (/calls)\n"
LOGS = {"xferlog": XFERLOG, "vsftpd.log": VSFTPD, "log.smbd": SMBD, "rsyncd.log": RSYNCD, "syslog": SYSLOG}
FOUND = {
    "ftp": [XFERLOG.splitlines()[0], XFERLOG.splitlines()[2], *VSFTPD.splitlines()[:2]],
    "smb": SMBD.splitlines()[:3], "rsync": RSYNCD.splitlines()[:2], "nfs": SYSLOG.splitlines(),
}


def door(protocol: str, path: str = "/calls/") -> Doorway:
    return replace(CALLS.doors[0], protocol=protocol, url=f"{protocol}://192.0.2.7:21{path}", how="as somebody")


def run(folder: Path, *lines: str) -> list[str]:
    found = [subprocess.run(["/bin/sh", "-c", line], cwd=folder, capture_output=True, text=True, check=False)
             for line in lines]
    assert {""} >= {one.stderr for one in found}
    return [text for one in found for text in one.stdout.splitlines()]


@pytest.mark.parametrize("protocol", FOUND)
def test_others_are_found_and_the_scan_is_left_out(protocol: str, tmp_path: Path) -> None:
    for name, text in LOGS.items():
        (tmp_path / name).write_text(text.replace("WHO", OTHER) + text.replace("WHO", SCAN))
    found = run(tmp_path, *file_logs.commands([door(protocol)], REPORT))
    assert [line.replace("WHO", OTHER) for line in FOUND[protocol]] == found


def test_an_address_that_only_begins_like_the_scan_s_is_not_left_out(tmp_path: Path) -> None:
    for name, text in LOGS.items():
        (tmp_path / name).write_text(text.replace("WHO", f"{SCAN}7"))
    for protocol, lines in FOUND.items():
        assert len(lines) == len(run(tmp_path, *file_logs.commands([door(protocol)], REPORT)))


@pytest.mark.parametrize("name", [*SHELL, "a b"])
@pytest.mark.parametrize("protocol", FOUND)
def test_no_path_runs_anything(protocol: str, name: str, tmp_path: Path) -> None:
    for log in LOGS:
        (tmp_path / log).write_text("")
    doors = [door(protocol, f"/{name}/"), door(protocol, "/%27%3Btouch%20PWNED%3B%27/")]
    run(tmp_path, *file_logs.commands(doors, REPORT))
    assert sorted(LOGS) == sorted(path.name for path in tmp_path.iterdir())


def test_a_pack_of_a_nas_names_the_logs_of_each_protocol_and_no_user_agent() -> None:
    made = one(replace(CALLS, doors=(door("ftp"), door("smb"), door("rsync"), door("nfs", "/srv/"))))
    for said in ("xferlog", "log.smbd", "rsyncd.log", "servers keep no log of what was read", "keep no log"):
        assert said in made
    for said in ("Its User-Agent", "by the User-Agent", "GET and HEAD", "access.log"):
        assert said not in made
    assert "as somebody" in made
