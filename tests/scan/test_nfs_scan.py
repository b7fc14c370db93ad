"""NFS in a whole scan: exports are stores, closed ones are told, hostile hosts hold up nobody, a stop loses nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from scanner.model import Access
from tests.probes.nfs.nfs_host import (
    MOUNT,
    NFS,
    Host,
    Raw,
    StatusError,
    Tree,
    attributes,
    listening,
    opaque,
    record,
    word,
)
from tests.scan.scans import finish, scan, scope_of, session_of, state_in

CALLS: Tree = {b"20190218-1%02d000_0701740605.wav" % i: 100 + i for i in range(20)}
TREE: Tree = {b"srv": {b"calls": {**CALLS, b"2019": {b"20190219-101500_0701740606.wav": 9}}, b"closed": {}}}
EXPORTS = [(b"/srv/calls", [b"*"])]


async def test_an_export_is_a_store_and_its_openness_is_told() -> None:
    async with listening(Host(EXPORTS, TREE, versions=(3,))) as port:
        done = await scan(f"nfs://127.0.0.1:{port}/")
    (finding,) = done.findings
    assert 21 == finding.store.files
    assert [(f"nfs://127.0.0.1:{port}/srv/calls/", Access.ANONYMOUS)] == [
        (door.url, door.access) for door in finding.doors]
    assert {"access/nfs-export", "access/nfs-nobody"} <= set(finding.signatures)


async def test_exports_that_are_listed_and_closed_are_gaps_with_their_reasons() -> None:
    def mnt(args):
        path = args.opaque()
        if path == b"/srv/closed":
            raise StatusError(13)
        return word(0) + opaque(path) + word(1, 390003 if path == b"/srv/kerberos" else 1)

    host = Host([*EXPORTS, (b"/srv/closed", [b"192.0.2.0/24"]), (b"/srv/kerberos", [b"*"])], TREE, versions=(3,),
                handlers={(MOUNT, 3, 1): mnt})
    async with listening(host) as port:
        done = await scan(f"nfs://127.0.0.1:{port}/")
    assert 1 == len(done.findings)
    assert [("forbidden", "/srv/closed/: exported to clients of which this one is none (1 are named)"),
            ("login", "/srv/kerberos/: wants Kerberos")] == sorted(
        (gap.reason.value, gap.detail) for gap in done.report.gaps if gap.reason.value != "out-of-scope")


def hostile() -> list[Host]:
    """Hosts whose answers go round, lead away, break off, are somebody else's, or have no end."""
    def round_and_round(args):
        return word(0, 0) + bytes(8) + word(1, 0, 1) + opaque(b"x.wav") + word(0, 1, 1) + attributes(1, b"x") + word(
            0, 0, 0)

    def moved(path, args):
        raise StatusError(10019)

    return [
        Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): round_and_round}),
        Host(EXPORTS, TREE, versions=(4,), operations={26: moved}),
        Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): lambda args: word(0, 1)}),
        Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): lambda args: Raw(record(word(1, 1, 0, 0, 0, 0)))}),
        Host(EXPORTS, TREE, versions=(3,), handlers={(MOUNT, 3, 5): lambda args: word(1) + word(0xFFFFFFFF)}),
        Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): lambda args: Raw(word(0x7FFFFFFF) * 9)}),
    ]


async def test_hostile_hosts_are_told_and_a_healthy_one_beside_them_is_found() -> None:
    async with AsyncExitStack() as stack:
        ports = [await stack.enter_async_context(listening(host)) for host in [*hostile(), Host(EXPORTS, TREE)]]
        async with asyncio.timeout(50):
            done = await scan(*(f"nfs://127.0.0.1:{port}/" for port in ports))
    whole = [finding for finding in done.findings if finding.store.files == 21]
    assert [f"nfs://127.0.0.1:{ports[-1]}/srv/calls/"] == [finding.doors[0].url for finding in whole]
    told = {int(gap.ports): set() for gap in done.report.gaps}
    for gap in done.report.gaps:
        told[int(gap.ports)].add(gap.reason.value)
    assert {"cut"} <= told[ports[0]]
    assert {"out-of-scope"} <= told[ports[1]]
    assert all({"protocol", "not-this-protocol", "cut"} & told[port] for port in ports[2:6])


async def test_a_scan_that_was_stopped_goes_on_from_deep_in_an_export(tmp_path: Path) -> None:
    tree: Tree = {b"srv": {b"calls": {b"%02d" % i: {b"deep": {b"201902%02d-101500_0701740605.wav" % j: i + j
                                                             for j in range(1, 6)}} for i in range(30)}}}
    async with listening(Host(EXPORTS, tree, versions=(3,))) as port:
        target = f"nfs://127.0.0.1:{port}/"
        session = session_of(scope_of(target), state=state_in(tmp_path))
        watching = session.watcher
        asked = watching.asked
        watching.asked = lambda line: (asked(line), session.stop.set() if len(watching.asks) == 20 else None)[0]
        stopped = await finish(session)
        stopped.state.close()
        assert 150 > sum(finding.store.files for finding in stopped.findings)
        done = await finish(session_of(scope_of(target), state=state_in(tmp_path)))
    assert [150] == [finding.store.files for finding in done.findings]
    assert [30 + 30] == [finding.store.directories for finding in done.findings]
