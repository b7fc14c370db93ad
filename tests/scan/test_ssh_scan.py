"""SSH in a whole scan: what the report says of a server that lets anyone in, and of one that does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scanner.model import Access
from tests.probes.ssh.sftp_talk import Tree, talking
from tests.probes.ssh.ssh_inside import server
from tests.probes.ssh.test_ssh_sftp import row
from tests.scan.scans import finish, scan, scope_of, session_of, state_in


def tree(root: Path) -> Path:
    calls = root / "srv" / "calls"
    calls.mkdir(parents=True)
    for number in range(20):
        (calls / f"20190218-1{number:02}000_0701740605.wav").write_bytes(b"x")
    return root


async def test_a_server_that_lets_anyone_in_is_a_finding_with_its_files(tmp_path: Path) -> None:
    async with server(tree(tmp_path)) as (port, tried):
        done = await scan(f"127.0.0.1:{port}", ssh_none=True)
    finding = done.findings[0]
    assert 20 == finding.store.files
    assert [(f"sftp://127.0.0.1:{port}/", Access.ANONYMOUS)] == [(door.url, door.access) for door in finding.doors]
    assert "access/ssh-none" in finding.signatures
    assert 1 == len(tried)


async def test_without_leave_the_server_is_named_and_nothing_is_tried(tmp_path: Path) -> None:
    async with server(tree(tmp_path)) as (port, tried):
        done = await scan(f"127.0.0.1:{port}")
    assert ([], ()) == (tried, done.findings)
    assert ["recognised"] == [gap.reason.value for gap in done.report.gaps]


async def test_a_server_without_sftp_that_lets_anyone_in_is_told_as_one() -> None:
    async with server(None) as (port, _):
        done = await scan(f"127.0.0.1:{port}", ssh_none=True)
    assert ["access/ssh-none"] == [each for finding in done.findings for each in finding.signatures]
    assert ["lets anyone in without a password, as `anonymous`; has no SFTP to list files with, and nothing else was "
            "tried (the subsystem is refused)"] == [gap.detail for gap in done.report.gaps]


async def test_a_scan_with_leave_is_another_than_one_without(tmp_path: Path) -> None:
    scope, state = scope_of("127.0.0.1:1"), state_in(tmp_path)
    others = [session_of(scope, state=state, ssh_none=leave).identity for leave in (False, True)]
    again = session_of(scope, state=state, ssh_none=True).identity
    assert others[0] != others[1] == again


async def test_another_user_to_ask_for_makes_another_scan_and_only_where_it_is_asked(tmp_path: Path) -> None:
    scope = scope_of("127.0.0.1:1")
    other = replace(scope, targets=tuple(replace(target, ssh_user="guest") for target in scope.targets))
    with_leave = [session_of(one, ssh_none=True).identity for one in (scope, other)]
    without = [session_of(one).identity for one in (scope, other)]
    assert with_leave[0] != with_leave[1]
    assert without[0] == without[1]


async def test_the_user_that_a_target_names_is_asked_for(tmp_path: Path) -> None:
    async with server(tree(tmp_path), open_to=frozenset({"guest"})) as (port, tried):
        scope = scope_of(f"127.0.0.1:{port}")
        scope = replace(scope, targets=tuple(replace(target, ssh_user="guest") for target in scope.targets))
        done = await finish(session_of(scope, ssh_none=True))
    assert 20 == done.findings[0].store.files
    assert [line.split()[1] for line in tried] == ["guest"]


async def test_a_port_with_a_name_and_an_address_is_asked_once_and_done(tmp_path: Path) -> None:
    async with server(tree(tmp_path)) as (port, tried):
        done = await scan(f"localhost:{port}", f"127.0.0.1:{port}", ssh_none=True, names={"localhost": "127.0.0.1"})
    assert ([], True) == (done.gaps(), done.outcome.complete)
    assert 1 == len(tried)


async def test_where_the_root_is_closed_the_home_is_a_store_of_its_own() -> None:
    calls = [row(b"20190218-1430%02d_0701740605.wav" % number) for number in range(20)]
    folders = {b"/srv/in box": [row(b"2019", 0o40755)], b"/srv/in box/2019": calls}
    async with talking(Tree(folders, home=b"/srv/in box").answer) as (port, tried):
        done = await scan(f"127.0.0.1:{port}", ssh_none=True)
    assert [20] == [finding.store.files for finding in done.findings]
    assert [f"sftp://127.0.0.1:{port}/srv/in%20box/"] == [door.url for door in done.findings[0].doors]
    assert ["forbidden"] == [gap.reason.value for gap in done.gaps()]
    assert 1 == len(tried)
