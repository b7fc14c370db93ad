"""Logs of real file servers after a scan and a fetch by a stranger: the commands find the stranger, not the scan."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from ftp_servers import serving
from installed import required
from rsync_servers import daemon
from smb_servers import Shared, samba
from test_scan_real import scan

from scanner.report.incident import file_logs
from scanner.report.json import load

pytestmark = pytest.mark.real

NAME = "20190218-143015_call.wav"
ELSEWHERE = "198.51.100.20"


def lines_found(folder: Path, *, scanned_from: str | None = None) -> list[str]:
    """What all commands of the pack print; `scanned_from`: in the place of the scan's own address."""
    report = load((folder / "report.json").read_text())
    if scanned_from:
        report = replace(report, conduct=replace(report.conduct, source_addresses=(scanned_from,)))
    (found,) = report.findings
    ended = [subprocess.run(["/bin/sh", "-c", line], cwd=folder, capture_output=True, text=True, check=False)
             for line in file_logs.commands(found.doors, report)]
    return [line for one in ended for line in one.stdout.splitlines()]


def fetched(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if NAME in line]


def test_ftp(world, ground, tmp_path):
    (world / "calls").mkdir()
    (world / "calls" / NAME).write_bytes(b"x" * 100)
    with serving("vsftpd-open", world, ground) as server:
        scan(tmp_path, f"ftp://127.0.0.1:{server.port}/")
        subprocess.run([required("curl"), "-s", "--interface", "127.0.0.9", "-o", "/dev/null",
                        f"ftp://127.0.0.1:{server.port}/calls/{NAME}"], check=True, timeout=20)
    (tmp_path / "vsftpd.log").write_text((server.folder / "commands.log").read_text())
    found = lines_found(tmp_path)
    assert [True] == ['OK DOWNLOAD: Client "127.0.0.9"' in line for line in fetched(found)]
    assert [] == [line for line in found if '"127.0.0.1"' in line]
    assert [line for line in lines_found(tmp_path, scanned_from=ELSEWHERE) if '"127.0.0.1"' in line]      # control


def test_xferlog(world, ground, tmp_path):
    (world / NAME).write_bytes(b"x" * 100)
    with serving("vsftpd-xferlog", world, ground) as server:
        scan(tmp_path, f"ftp://127.0.0.1:{server.port}/")
        subprocess.run([required("curl"), "-s", "--interface", "127.0.0.9", "-o", "/dev/null",
                        f"ftp://127.0.0.1:{server.port}/{NAME}"], check=True, timeout=20)
    (tmp_path / "xferlog").write_text((server.folder / "xferlog").read_text())
    (line,) = lines_found(tmp_path)
    assert f" 127.0.0.9 100 /{NAME} b _ o a " in line
    assert [] == lines_found(tmp_path, scanned_from="127.0.0.9")


def test_rsync(world, ground, tmp_path):
    (world / NAME).write_bytes(b"x" * 100)
    folder = ground / "rsyncd"
    folder.mkdir()
    with daemon(folder, {"calls": {"path": str(world), "transfer logging": "yes"}}) as server:
        scan(tmp_path, f"rsync://127.0.0.1:{server.port}/")
        subprocess.run([required("rsync"), "-q", "--address=127.0.0.9", f"rsync://127.0.0.1:{server.port}/calls/{NAME}",
                        str(tmp_path / "got")], check=True, timeout=20, stdin=subprocess.DEVNULL)
        (tmp_path / "rsyncd.log").write_text(server.log)
    found = lines_found(tmp_path)
    assert [True, True] == ["127.0.0.9" in line for line in fetched(found)]
    assert [] == [line for line in found if "127.0.0.1" in line]
    assert [line for line in lines_found(tmp_path, scanned_from=ELSEWHERE) if "127.0.0.1" in line]        # control


def test_samba(world, ground, tmp_path):
    (world / NAME).write_bytes(b"x" * 100)
    audit = {"log level": "1", "vfs objects": "full_audit", "full_audit:syslog": "false",
             "full_audit:success": "connect pread_send pread", "full_audit:failure": "none"}
    with samba(ground, {"calls": Shared(world)}, settings=audit) as server:
        scan(tmp_path, f"smb://127.0.0.1:{server.port}/")
        (tmp_path / "log.smbd").write_text(server.log())
        assert [] == lines_found(tmp_path)
        assert lines_found(tmp_path, scanned_from=ELSEWHERE)                                              # control
        subprocess.run([required("smbclient"), "-N", "-p", str(server.port), "//127.0.0.1/calls", "-c",
                        f"get {NAME} {tmp_path / 'got'}"], check=True, timeout=20, stdin=subprocess.DEVNULL,
                       capture_output=True)
    (tmp_path / "log.smbd").write_text(server.log())
    assert [] == lines_found(tmp_path)                   # it came from the same address
    assert fetched(lines_found(tmp_path, scanned_from=ELSEWHERE))
