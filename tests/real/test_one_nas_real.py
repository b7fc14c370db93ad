"""One NAS, many protocols: a tree that stands behind several doors of one address is one finding with all of them."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ftp_servers import serving
from nfs_servers import Export, ganesha
from rsync_servers import daemon
from smb_servers import Shared, samba
from test_scan_real import scan

pytestmark = pytest.mark.real

SHARES = ("calls", "music", "board")
FTPD = ("vsftpd-open", "proftpd-open")


def make(root: Path) -> int:
    """Recordings in folders by year, and the files of others beside them; how many files a stranger may list."""
    made = 0
    for share, count in zip(SHARES, (60, 45, 30), strict=True):
        for year in (2018, 2019):
            folder = root / share / str(year)
            folder.mkdir(parents=True)
            for i in range(count):
                name = folder / f"{share} of the day {year}-{i % 12 + 1:02}-{i:04}.wav"
                name.write_bytes(b"")
                name.chmod(0)
                made += 1
    (root / ".hidden.wav").write_bytes(b"")            # nginx does not show it
    return made + 1


def doors(finding: dict[str, Any]) -> set[tuple[str, str]]:
    """(protocol, path) of each."""
    return {(door["protocol"], "/" + door["url"].split("/", 3)[3]) for door in finding["doors"]}


@contextlib.contextmanager
def rsyncd(ground: Path, modules: dict[str, dict[str, str]]) -> Iterator[int]:
    """Its port."""
    folder = ground / "rsyncd"
    folder.mkdir()
    with daemon(folder, modules) as running:
        yield running.port


@pytest.mark.parametrize("ftpd", FTPD)
def test_one_tree_by_four_protocols_is_one_finding_with_the_fullest_count(ftpd, serve, world, ground, tmp_path):
    whole = make(world)
    web = serve("nginx-html", world)
    with (serving(ftpd, world, ground) as ftp, samba(ground, {"all": Shared(world)}) as smb,
          rsyncd(ground, {"all": {"path": str(world)}}) as rsync):
        report = scan(tmp_path, f"127.0.0.1:{web.port}", f"ftp://127.0.0.1:{ftp.port}/", f"smb://127.0.0.1:{smb.port}/",
                      f"rsync://127.0.0.1:{rsync}/")
    (found,) = report["findings"]
    assert {("http", "/"), ("ftp", "/"), ("smb", "/all/"), ("rsync", "/all/")} == doors(found)
    assert (whole, True) == (found["store"]["files"], found["store"]["complete"])


def test_a_handful_of_files_is_told_apart_and_joined_as_well(serve, world, ground, tmp_path):
    (world / "in").mkdir()
    for name in ("in/a.wav", "b.wav", "c.wav", "d.wav", ".e.wav"):
        (world / name).write_bytes(b"")
    web = serve("nginx-html", world)
    with (serving("vsftpd-open", world, ground) as ftp, samba(ground, {"all": Shared(world)}) as smb,
          rsyncd(ground, {"all": {"path": str(world)}}) as rsync):
        report = scan(tmp_path, f"127.0.0.1:{web.port}", f"ftp://127.0.0.1:{ftp.port}/", f"smb://127.0.0.1:{smb.port}/",
                      f"rsync://127.0.0.1:{rsync}/")
    (found,) = report["findings"]
    assert (4, 5) == (len(found["doors"]), found["store"]["files"])


@pytest.mark.parametrize("ftpd", FTPD)
def test_shares_that_ftp_and_http_show_from_above_are_one_finding_and_a_locked_one_is_a_gap(
        ftpd, serve, world, ground, tmp_path):
    whole = make(world)
    web = serve("nginx-html", world)
    shares = {name: Shared(world / name) for name in SHARES[:2]}
    shares |= {"board$": Shared(world / "board"), "locked": Shared(world / "board", {"guest ok": "no"})}
    modules = {name: {"path": str(world / name)} for name in SHARES[:2]}
    modules |= {"board": {"path": str(world / "board"), "auth users": "somebody"},
                "recordings": {"path": str(world / "calls"), "list": "no"}}
    with (serving(ftpd, world, ground) as ftp, samba(ground, shares) as smb, rsyncd(ground, modules) as rsync):
        report = scan(tmp_path, f"127.0.0.1:{web.port}", f"ftp://127.0.0.1:{ftp.port}/", f"smb://127.0.0.1:{smb.port}/",
                      f"rsync://127.0.0.1:{rsync}/", more=("--profile", "thorough"))
    (found,) = report["findings"]
    below = {(protocol, f"/{name}/") for protocol in ("smb", "rsync") for name in SHARES[:2]}
    assert below | {("http", "/"), ("ftp", "/"), ("smb", "/board%24/"), ("rsync", "/recordings/")} == doors(found)
    assert whole == found["store"]["files"]
    assert {("login", str(smb.port)), ("login", str(rsync))} <= {
        (gap["reason"], gap["ports"]) for gap in report["gaps"]}


def test_what_two_controllers_answer_for_is_never_joined(serve, world, ground, tmp_path):
    make(world)
    web = serve("nginx-html", world)
    with serving("vsftpd-open", world, ground) as ftp, samba(ground, {"calls": Shared(world / "calls")}) as smb:
        scope = tmp_path / "scope.toml"
        scope.write_text("".join(
            f'[[target]]\nwhat = ["{what}"]\ncontroller = "{who}"\n' for who, what in (
                ("One", f"127.0.0.1:{web.port}"), ("Two", f"ftp://127.0.0.1:{ftp.port}/"),
                ("Two", f"smb://127.0.0.1:{smb.port}/"))))
        report = scan(tmp_path, "--scope", str(scope))
    assert {("One", (("http", "/"),)), ("Two", (("ftp", "/"), ("smb", "/calls/")))} == {
        (one["owner"]["controller"], tuple(sorted(doors(one)))) for one in report["findings"]}


@contextlib.contextmanager
def entered(pid: int) -> Iterator[None]:
    """Stand in the network of a process, and start servers there (setns(2))."""
    system = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/self/ns/net").open() as home, Path(f"/proc/{pid}/ns/net").open() as there:
        assert 0 == system.setns(there.fileno(), 0), os.strerror(ctypes.get_errno())
        try:
            yield
        finally:
            assert 0 == system.setns(home.fileno(), 0), os.strerror(ctypes.get_errno())


@pytest.mark.namespace
def test_nfs_is_one_more_door_of_the_same_machine(serve, world, ground, tmp_path):
    whole = make(world)
    with ganesha(ground / "server", [Export(world, "/srv/all")]) as nfs, entered(nfs.process.pid):
        web = serve("nginx-html", world)
        with (serving("vsftpd-open", world, ground) as ftp,
              samba(ground, {name: Shared(world / name) for name in SHARES}) as smb,
              rsyncd(ground, {"all": {"path": str(world)}}) as rsync):
            ended = nfs.scan(tmp_path / "report.json", "nfs://127.0.0.1/", f"127.0.0.1:{web.port}",
                             f"ftp://127.0.0.1:{ftp.port}/", f"smb://127.0.0.1:{smb.port}/",
                             f"rsync://127.0.0.1:{rsync}/")
        web.stop()
    assert 0 == ended.returncode, ended.stderr
    (found,) = json.loads((tmp_path / "report.json").read_text())["findings"]
    assert {"http", "ftp", "smb", "rsync", "nfs"} == {protocol for protocol, _ in doors(found)}
    assert (7, whole) == (len(found["doors"]), found["store"]["files"])
