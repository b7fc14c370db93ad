"""One store behind several doors is one finding, crawled once; what differs stays apart. Ways into a door."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.scan.scans import QUICK, files, finish, scan, scope_of, session_of
from tests.scan.sites import Front, Hidden, Page, Redirect, Status, calls, place

TREE = {f"2019-0{month}": calls(20, first=month * 100) for month in range(1, 7)}
NAMED = "files.example.org"


def folders(site, host=None):
    """How often folders of the store were asked, the root among them."""
    return sum(count for path, count in site.paths(host).items() if re.fullmatch(r"/(2019-\d\d/)?", path))


async def by_name(site, *targets, **more):
    scope = scope_of(*targets, f"{NAMED}:{site.port}")
    return await finish(session_of(scope, names={NAMED: site.address}, **more))


async def test_a_store_by_address_and_by_name_is_one_finding_crawled_once(serve):
    site = await serve(TREE)
    done = await by_name(site, f"{site.address}:8080")
    (finding,) = done.findings
    assert [(NAMED, 8080), (None, 8080)] == [(door.host, door.port) for door in finding.doors]
    assert (120, 6) == (finding.store.files, finding.store.directories)
    assert (7, 4) == (folders(site, NAMED), folders(site, site.address))
    assert "several-doors" in finding.tags


async def test_a_store_on_two_ports_is_one_finding_crawled_once(serve):
    one = await serve(TREE, port=8080)
    two = await serve(TREE, port=8081, address=one.address)
    done = await scan(one.address, ports=[8080, 8081])
    (finding,) = done.findings
    assert [8080, 8081] == [door.port for door in finding.doors]
    assert [4, 7] == sorted([folders(one), folders(two)])


async def test_a_store_over_http_and_https_is_one_finding_with_both_doors(serve, tls):
    plain = await serve(TREE, port=8080)
    secret = await serve(TREE, port=8443, address=plain.address, tls=tls)
    done = await scan(plain.address, ports=[8080, 8443])
    (finding,) = done.findings
    assert [(8080, False), (8443, True)] == [(door.port, door.tls) for door in finding.doors]
    assert [4, 7] == sorted([folders(plain), folders(secret)])


async def test_stores_that_differ_deeper_are_two(serve):
    one = await serve(TREE, port=8080)
    other = {**TREE, "2019-03": calls(20, first=900)}
    await serve(other, port=8081, address=one.address)
    done = await scan(one.address, ports=[8080, 8081])
    assert [120, 120] == files(done.findings)


async def test_a_name_whose_site_differs_from_the_address_is_a_finding_of_its_own(serve):
    site = await serve(calls(30), hosts={NAMED: calls(40, first=500)})
    done = await by_name(site, f"{site.address}:8080")
    assert {(NAMED, 40), (None, 30)} == {(finding.doors[0].host, finding.store.files) for finding in done.findings}


async def test_a_hidden_folder_that_only_one_door_has_is_not_lost(serve):
    hidden = Hidden(TREE, {"calls": calls(25, first=5000)})
    one = await serve(TREE, port=8080)
    await serve(hidden, port=8081, address=one.address)
    done = await scan(one.address, ports=[8080, 8081])
    assert 145 == sum(files(done.findings)) or [145] == files(done.findings)


async def test_a_hidden_folder_that_both_doors_have_is_counted_once(serve):
    site = await serve(Hidden(TREE, {"calls": {"x": calls(25, first=5000)}}))
    done = await by_name(site, f"{site.address}:8080")
    assert [145] == files(done.findings)
    assert 1 == site.paths()["/calls/x/"]


async def test_stores_of_different_controllers_are_never_joined(serve, tmp_path):
    from scanner.scope import build
    from tests.scan.scans import TODAY

    site = await serve(TREE)
    file = tmp_path / "scope.toml"
    file.write_text(
        f"""
[authorisation]
organisation = "Region Example"
authorised_by = "CISO"
valid_from = 2026-11-01
valid_until = 2026-12-31
contact = "security@example.org"
[[target]]
what = ["a.example.org:8080"]
controller = "One"
[[target]]
what = ["b.example.org:8080"]
controller = "Two"
[[target]]
what = ["{site.address}:8080"]
""",
        encoding="utf-8",
    )
    names = dict.fromkeys(["a.example.org", "b.example.org"], site.address)
    done = await finish(session_of(build(file=file, today=TODAY), names=names))
    assert {"One", "Two", None} == {finding.owner.controller for finding in done.findings}
    assert [120, 120, 120] == files(done.findings)


async def test_plain_http_on_a_tls_port_is_found_and_tagged(serve):
    site = await serve(calls(30), port=8443)
    (finding,) = (await scan(f"{site.address}:8443")).findings
    assert (False, True) == (finding.doors[0].tls, "http-on-tls-port" in finding.tags)


async def test_tls_on_a_plain_port_is_found(serve, tls):
    site = await serve(calls(30), port=8080, tls=tls)
    (finding,) = (await scan(f"{site.address}:8080")).findings
    assert (True, False) == (finding.doors[0].tls, "http-on-tls-port" in finding.tags)


async def test_a_name_out_of_the_scope_is_never_asked(serve):
    site = await serve(
        Front(Page(["//other.example.org/pub/", "http://other.example.org:8080/x/"]), {"calls": calls(3)})
    )
    done = await by_name(site, f"{site.address}:8080")
    assert {site.address, NAMED, ""} == {one.host.partition(":")[0] for one in site.asked}
    assert [3] == files(done.findings)


async def test_an_address_on_another_port_of_the_same_machine_is_not_dialled(serve):
    other = await serve(calls(9), port=9999)
    site = await serve(
        Front(Page([f"http://{other.address}:9999/"]), {"x": Redirect("http://127.0.0.1:9999/")}), address=other.address
    )
    await scan(f"{site.address}:8080")
    assert 0 == other.dialled


async def test_excluded_addresses_are_not_dialled(serve):
    address = place()
    first, _, last = address.rpartition(".")
    neighbour = f"{first}.{int(last) ^ 1}"
    one, two = await serve(calls(3), address=address), await serve(calls(4), address=neighbour)
    done = await scan(f"{first}.{int(last) & ~1}/31", exclude=[neighbour], ports=[8080])
    assert ([3], 0) == (files(done.findings), two.dialled)
    assert one.dialled > 0


async def test_a_port_that_speaks_first_is_answered_in_its_own_protocol():
    said: list[bytes] = []

    async def ftp(reader, writer):
        writer.write(b"220 files ready\r\n")
        with suppress(ConnectionError):
            while line := await reader.readline():
                said.append(line)
                writer.write(b"530 no\r\n")
        writer.close()

    address = place()
    server = await asyncio.start_server(ftp, address, 2121)
    done = await scan(f"{address}:2121")
    server.close()
    assert {"login": 1} == dict(done.report.coverage.gaps)
    assert b"USER anonymous\r\n" in said
    assert not [line for line in said if b"HTTP" in line]


@pytest.mark.parametrize("word", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"\x15\x03\x01\x00\x02\x02\x28", b"\x00" * 200])
async def test_what_is_no_http_is_a_gap_and_no_finding(word):
    async def odd(reader, writer):
        writer.write(word)
        writer.close()

    address = place()
    server = await asyncio.start_server(odd, address, 8080)
    done = await scan(f"{address}:8080")
    server.close()
    assert ((), 1) == (done.findings, sum(done.report.coverage.gaps.values()))


async def test_a_door_that_fails_once_is_asked_again(serve):
    site = await serve(calls(3))
    hang_up, first = site._converse, []

    async def once(reader, writer):
        if not first:
            first.append(1)
            writer.transport.abort()
            return
        await hang_up(reader, writer)

    await site.stop()
    server = await asyncio.start_server(once, site.address, 8088)
    done = await scan(f"{site.address}:8088", profile=replace(QUICK, silent_requests=3))
    server.close()
    assert [3] == files(done.findings)


async def test_a_wall_and_a_store_side_by_side(serve):
    site = await serve(None, everything=Status(401))
    await serve(TREE, port=8081, address=site.address)
    done = await scan(site.address, ports=[8080, 8081])
    assert ([120], 1) == (files(done.findings), done.gap("login"))
