"""Names in certificates: those of the scope are asked at that very address, the others are only said."""

from __future__ import annotations

import ssl
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from scanner.scan.certified import strangers
from tests.scan.scans import files, finish, scope_of, session_of, state_in, stop_after
from tests.scan.sites import Front, Page, Slow, Status, calls, place

HIDDEN = "hidden.example.org"
OTHERS = ("a.example.org", "b.example.org", "c.example.org", "d.example.org")


@cache
def server_of(*names: str) -> ssl.SSLContext:
    """A server's side of TLS with a certificate for `names`."""
    folder = Path(mkdtemp(prefix="earshot-names-"))
    cert, key = folder / "c.pem", folder / "k.pem"
    alternatives = ",".join(f"DNS:{name}" for name in names)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={names[0]}",
                    "-addext", f"subjectAltName={alternatives}"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


async def done_of(site, *targets, exclude=(), elsewhere=None, **more):
    scope = scope_of(f"{site.address}:8443", *targets, exclude=exclude)
    return await finish(session_of(scope, names={HIDDEN: elsewhere or place()}, **more))


async def test_a_name_of_the_scope_is_asked_where_its_certificate_is_shown(serve):
    site = await serve(Status(404), hosts={HIDDEN: {"a": calls(3)}}, port=8443, tls=server_of(HIDDEN))
    elsewhere = await serve(calls(9), port=8080)
    done = await done_of(site, f"https://{HIDDEN}:8443/", elsewhere=elsewhere.address)
    (finding,) = done.findings
    assert (HIDDEN, site.address, 3) == (finding.doors[0].host, finding.doors[0].address, finding.store.files)
    assert [] == [gap for gap in done.report.gaps if gap.probe == "certificate"]
    assert 25 + 1 == sum(one.host.startswith(HIDDEN) for one in site.asked)  # the store has one folder


async def test_names_beyond_the_scope_are_said_once_and_not_asked(serve):
    site = await serve(Front(Page(), {}), port=8443, tls=server_of(*OTHERS, "*.example.org"))
    done = await done_of(site)
    assert {site.address, ""} == {one.host.partition(":")[0] for one in site.asked}
    (gap,) = done.gaps("out-of-scope")
    assert (site.address, "8443", "certificate", 1) == (gap.addresses, gap.ports, gap.probe, gap.count)
    assert "4 hosts that are not in the scope: a.example.org, b.example.org, c.example.org and 1 more" in gap.detail


async def test_a_number_in_a_name_beyond_the_scope_is_masked(serve):
    site = await serve(Front(Page(), {}), port=8443, tls=server_of("0701740605.example.net"))
    (gap,) = (await done_of(site)).gaps("out-of-scope")
    assert "not in the scope: 0701•••605.example.net;" in gap.detail


async def test_an_excluded_name_is_neither_asked_nor_said(serve):
    site = await serve(Status(404), hosts={HIDDEN: calls(3)}, port=8443, tls=server_of(HIDDEN))
    done = await done_of(site, f"{HIDDEN}:8443", exclude=[HIDDEN])
    assert ((), 0) == (done.findings, done.gap("out-of-scope"))
    assert {site.address, ""} == {one.host.partition(":")[0] for one in site.asked}


async def test_a_name_that_shows_the_store_of_the_address_is_a_second_door_of_it(serve):
    tree = {f"2019-0{month}": calls(20, first=month * 100) for month in range(1, 7)}
    site = await serve(tree, port=8443, tls=server_of(HIDDEN))
    done = await done_of(site, f"{HIDDEN}:8443")
    (finding,) = done.findings
    assert [HIDDEN, None] == [door.host for door in finding.doors]
    assert 120 == finding.store.files


async def test_a_path_that_the_owner_wrote_with_the_name_is_asked_by_the_name(serve):
    site = await serve(Status(404), hosts={HIDDEN: Front(Page(), {"odd": {"path": calls(4)}})}, port=8443,
                       tls=server_of(HIDDEN))
    assert [4] == files((await done_of(site, f"https://{HIDDEN}:8443/odd/path/")).findings)


async def test_a_name_read_before_a_stop_is_asked_after_it(serve, tmp_path):
    first = {"slow": Slow(0.6, calls(2, first=70))}
    site = await serve(first, hosts={HIDDEN: {"a": calls(3)}}, port=8443, tls=server_of(HIDDEN))
    scope, names = scope_of(f"{site.address}:8443", f"{HIDDEN}:8443"), {HIDDEN: place()}
    with_state = state_in(tmp_path)
    begun = await stop_after(session_of(scope, names=names, state=with_state), 0.5)
    assert not begun.outcome.ended
    done = await finish(session_of(scope, names=names, state=with_state))
    assert [2, 3] == sorted(files(done.findings))


@pytest.mark.parametrize(("names", "expected"), [
    (["a.example.org", HIDDEN], ["a.example.org"]), (["nas", "localhost"], []), (["shut.example.org"], []),
    (["0x7f.1", "-a.example.org"], ["0x7f.1", "-a.example.org"]),
])
def test_strangers_are_names_that_the_scope_does_not_know(names, expected):
    scope = scope_of("127.0.0.1", HIDDEN, "shut.example.org", exclude=["shut.example.org"])
    assert expected == strangers(names, scope)
