"""Whole scans of nfs-ganesha: entries equal the tree on disk, closed exports are told, nothing was read."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from nfs_servers import Export, ganesha

pytestmark = [pytest.mark.real, pytest.mark.namespace]

HUGE = 8 << 30
NAMES = (b"Call 070-1740605.wav", "samtal åäö 070-1740606.wav".encode(), b"line\nfeed.wav", b"\x1b[31mred.wav",
         b"\xff\xfe latin.wav", b"a%2Fb & <c>.wav", b"x" * 251 + b".wav")
CLOSED = "a folder for nobody"
PROCEDURES = {(100005, 1), (100005, 3), (100005, 5), (100003, 0), (100003, 1), (100003, 3), (100003, 17)}
"""(program, procedure) of mountd and NFS 3 that may have been called; of NFS 4 it is COMPOUND, which is 1."""
PORT = "exported, but it wants a source port below 1024, which a scan does not use"
OPERATIONS = {"PUTROOTFH", "PUTFH", "LOOKUP", "GETFH", "GETATTR", "READDIR", "EXCHANGE_ID", "CREATE_SESSION",
              "SEQUENCE", "DESTROY_SESSION", "DESTROY_CLIENTID"}


@pytest.fixture
def calls(world: Path) -> Path:
    """A tree that cannot be read: its files have mode 000, one of them 8 GiB; one of its folders is for nobody."""
    for folder in (b"", b"2019/02", b"\xff folder", b"2019/\xc3\xa5\xc3\xa4\xc3\xb6 ; #"):
        path = world / os.fsdecode(folder)
        path.mkdir(parents=True, exist_ok=True)
        for size, name in enumerate(NAMES):
            made = path / os.fsdecode(name)
            made.write_bytes(b"x" * size)
            made.chmod(0)
    with (world / "huge.wav").open("wb") as huge:
        huge.truncate(HUGE)
    (world / "huge.wav").chmod(0)
    (world / "empty").mkdir()
    (world / "link").symlink_to("/etc")
    (world / CLOSED).mkdir(mode=0)
    return world


def on_disk(root: Path) -> list[str]:
    """Paths below a folder as a report shows them: what is no UTF-8 as \\xff, folders with a slash."""
    found = []
    for path in root.rglob("*"):
        slash = "/" if path.is_dir() and not path.is_symlink() else ""
        found.append(os.fsencode(f"/{path.relative_to(root)}{slash}").decode(errors="backslashreplace"))
    return sorted(found)


def shown(store: dict[str, Any], export: str) -> list[str]:
    return sorted(entry.removeprefix(export) for entry in store["entries"])


def called(log: Path) -> tuple[set[tuple[int, int]], set[str]]:
    """(program, procedure) but for COMPOUND, and the operations in it, by the server's own account."""
    text = log.read_text(errors="replace")
    procedures = {(int(program), int(function)) for program, version, function in re.findall(
        r"for Program (\d+), Version (\d+), Function (\d+)", text) if (program, version) != ("100003", "4")}
    return procedures, set(re.findall(r"opcode \d+ is OP_(\w+)", text))


def judged(log: Path) -> None:
    procedures, operations = called(log)
    assert set() == procedures - PROCEDURES
    assert set() == operations - OPERATIONS
    assert procedures or operations


@pytest.mark.parametrize(("protocols", "minor", "how", "path"), [
    ("3", "0", "NFS3", None), ("4", "0", "NFS4", "/srv/calls"), ("3, 4", "0", "NFS4", None),
    ("4", "1", "NFS4 SEQUENCE", "/srv/calls"), ("4", "2", "NFS4 SEQUENCE", "/srv/calls"),
])
def test_ganesha_is_listed_whole_by_each_version(calls, ground, tmp_path, protocols, minor, how, path):
    with ganesha(ground / "server", [Export(calls, "/srv/calls")], protocols=protocols, minor=minor) as server:
        ended = server.scan(tmp_path / "report.json", "127.0.0.1")
        judged(server.log)
    assert (0, False) == (ended.returncode, "Traceback" in ended.stderr), ended.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    (finding,) = report["findings"]
    store, (door,) = finding["store"], finding["doors"]
    export = path or str(calls)
    assert on_disk(calls) == shown(store, export)
    assert sum(file.lstat().st_size for file in calls.rglob("*") if file.is_file() and not file.is_symlink()) == (
        store["bytes"])
    assert ("nfs", "anonymous", f"nfs://127.0.0.1:2049{export}/", True) == (
        door["protocol"], door["access"], door["url"], store["complete"])
    assert [("forbidden", f"{export}/{CLOSED}/: not shown to strangers")] == [
        (gap["reason"], gap["detail"]) for gap in report["gaps"]]
    assert 0 == report["conduct"]["file_contents_requested"]
    assert any(verb.startswith(how) for verb in report["conduct"]["requests"])


def test_closed_twins_of_an_export_are_told_apart(calls, ground, tmp_path):
    for name in ("clients", "kerberos", "port"):
        (ground / name).mkdir()
        (ground / name / "secret.wav").write_bytes(b"x")
    exports = [
        Export(calls, "/srv/calls"), Export(ground / "kerberos", "/srv/kerberos", "Access_Type = RO; SecType = krb5;"),
        Export(ground / "clients", "/srv/clients",
               "Access_Type = None; SecType = sys; CLIENT { Clients = 192.0.2.0/24; Access_Type = RO; }"),
        Export(ground / "port", "/srv/port", "Access_Type = RO; SecType = sys; PrivilegedPort = true;"),
    ]
    with ganesha(ground / "server", exports) as server:
        ended = server.scan(tmp_path / "report.json", "127.0.0.1")
        judged(server.log)
    assert (0, False) == (ended.returncode, "Traceback" in ended.stderr), ended.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert [f"nfs://127.0.0.1:2049{calls}/"] == [finding["doors"][0]["url"] for finding in report["findings"]]
    told = {(gap["reason"], gap["detail"]) for gap in report["gaps"]}
    assert {("login", f"{ground}/kerberos/: wants Kerberos"),
            ("forbidden", f"{ground}/port/: {PORT}"),
            } <= told
    assert "secret" not in json.dumps(report)
