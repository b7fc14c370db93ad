"""Dovecot as a stranger meets it: in clear, with TLS, after TLS only, and open to nobody in particular."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

import mail_servers as servers
import pytest
from mail_servers import ADDRESS, Running
from test_scan_real import scan

from scanner.model import Access, Ask, Asked, Batch, Endpoint, Observation, Reason
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Imap, Pop3, Probe
from scanner.probes.mail.messages import mark
from tests.fakes import FakeScope

pytestmark = pytest.mark.real

BOXES = {"INBOX": [100, 8 << 30, 300], "R&APY-stmeddelanden": [44] * 12, "Voice \"1\" {2}": [], "Archive/2019": [7]}
PATHS = {"INBOX": "/INBOX/", "R&APY-stmeddelanden": "/R%C3%B6stmeddelanden/",
         "Voice \"1\" {2}": "/Voice%20%221%22%20%7B2%7D/", "Archive/2019": "/Archive%2F2019/"}


@pytest.fixture
def serve(ground: Path) -> Iterator[Callable[[str], Running]]:
    """`serve(SETTINGS)` starts a Dovecot over BOXES."""
    running: list[Running] = []
    servers.certificate(ground)
    servers.mail_store(ground / "store", BOXES)

    def begin(settings: str) -> Running:
        running.append(servers.start(ground / f"dovecot{len(running)}", ground / "store", settings))
        return running[-1]

    yield begin
    for each in running:
        each.stop()


async def everything(probe: Probe, port: int) -> tuple[Observation, dict[str, list[object]], dict[str, int]]:
    """What is said of the root, what each share shows, and the commands that were sent."""
    net = Net(FakeScope(), pace=Pace(1000, 1000, 100, 4), ledger=Ledger(), limits=Limits(),
              identity="security@example.org")
    there = Endpoint(address=ip_address(ADDRESS), port=port, hint=probe.name)
    shares: dict[str, list[object]] = {}
    async with probe.open(there, net) as door:
        root = [shown async for shown in door.list(Ask("/", Asked.ROOT))]
        for share in root[:-1]:
            assert isinstance(share, Ask)
            shares[share.path] = [shown async for shown in door.list(share)]
    seen = root[-1]
    assert isinstance(seen, Observation)
    return seen, shares, dict(net.ledger.conduct().requests)


def names(shown: list[object]) -> list[bytes]:
    return [name for batch in shown if isinstance(batch, Batch) for name in batch.names]


def numbered(name: str) -> list[bytes]:
    mailbox = mark(Endpoint(address=ip_address(ADDRESS), port=143), name.encode())
    return [b"%b-%d.eml" % (mailbox, number) for number in range(1, len(BOXES[name]) + 1)]


def read(log: str) -> set[str]:
    """What its log says of headers and bodies that were read, of messages fetched and deleted."""
    return {f"{word}={count}" for word, count in re.findall(
        r"\b(hdr_count|hdr_bytes|body_count|body_bytes|deleted|expunged|trashed|top|retr|del)=(\d+(?:/\d+)?)", log)}


@pytest.mark.parametrize(("settings", "text"), [
    (servers.PLAIN, "asks for a password, which travels in clear: no TLS is offered"),
    (servers.OPTIONAL, "asks for a password; it may be sent in clear although TLS is offered"),
    (servers.TLS_ONLY, "asks for a password, after TLS only"),
], ids=["plain", "optional", "tls-only"])
async def test_a_server_that_wants_a_login_shows_nothing_and_how_the_password_would_travel(
        serve: Callable[[str], Running], settings: str, text: str) -> None:
    running = serve(settings)
    for probe, port in ((Imap(), running.imap), (Pop3(), running.pop3)):
        seen, shares, _ = await everything(probe, port)
        assert (Access.LOGIN, (Reason.LOGIN, text), {}) == (seen.access, seen.doubt, shares)
        assert "Dovecot" in seen.facts["door.software"]
    assert "Login:" not in running.stop()


@pytest.mark.parametrize("tls", [True, None], ids=["written", "found-out"])
async def test_in_tls_from_the_first_byte_passwords_are_safe(serve: Callable[[str], Running], tls: bool | None) -> None:
    running = serve(servers.TLS_ONLY)
    for probe, port in ((Imap(), running.imaps), (Pop3(), running.pop3s)):
        net = Net(FakeScope(), pace=Pace(1000, 1000, 100, 4), ledger=Ledger(), limits=Limits(first_byte=1.5),
                  identity=None)
        there = Endpoint(address=ip_address(ADDRESS), port=port, tls=tls)
        async with probe.open(there, net) as door:
            seen = await door.look()
        assert "implicit" == seen.facts[f"{probe.name}.tls"]
        assert "only after TLS" == seen.facts[f"{probe.name}.login"]
        assert f"{probe.name}s" == seen.endpoint.scheme


@pytest.mark.parametrize(("settings", "listing"), [
    (servers.ANONYMOUS, {"IMAP LIST": 1}), (servers.NO_LIST_STATUS, {"IMAP LIST": 1, "IMAP STATUS": 4}),
    (servers.ANONYMOUS_AFTER_TLS, {"IMAP LIST": 1, "IMAP STARTTLS": 1}),
], ids=["list-status", "status", "after-tls"])
async def test_mailboxes_open_to_nobody_are_shown_with_their_numbers_and_nothing_is_read(
        serve: Callable[[str], Running], settings: str, listing: dict[str, int]) -> None:
    running = serve(settings)
    seen, shares, sent = await everything(Imap(), running.imap)
    assert (Access.NONE, None) == (seen.access, seen.doubt)
    assert {PATHS[name]: numbered(name) for name in BOXES} == \
        {path: names(shown) for path, shown in shares.items()}
    last = {path: shown[-1] for path, shown in shares.items()}
    assert {Access.ANONYMOUS} == {told.access for told in last.values() if isinstance(told, Observation)}
    assert listing.items() <= sent.items()
    told = last["/INBOX/"]
    assert isinstance(told, Observation)
    if settings is servers.ANONYMOUS:
        assert str(sum(BOXES["INBOX"])) == told.facts["imap.octets"]
    log = running.stop()
    assert "Login: user=<nobody>, method=ANONYMOUS" in log
    assert {"deleted=0", "expunged=0", "trashed=0", "hdr_count=0", "hdr_bytes=0", "body_count=0", "body_bytes=0"} \
        == read(log)


async def test_a_mailbox_open_to_nobody_over_pop3_is_counted_and_nothing_is_read(
        serve: Callable[[str], Running]) -> None:
    running = serve(servers.ANONYMOUS)
    _, shares, sent = await everything(Pop3(), running.pop3)
    assert {"/INBOX/": numbered("INBOX")} == {path: names(shown) for path, shown in shares.items()}
    told = shares["/INBOX/"][-1]
    assert isinstance(told, Observation)
    assert {"pop3.messages": "3", "pop3.octets": str(sum(BOXES["INBOX"]))}.items() <= told.facts.items()
    assert {"POP3 AUTH": 1, "POP3 CAPA": 1, "POP3 QUIT": 1, "POP3 STAT": 1} == sent
    log = running.stop()
    assert {"top=0/0", "retr=0/0", "del=0/3"} == read(log)
    assert sum(map(len, BOXES.values())) == len([*(running.log.parent.parent / "store").rglob("*:2,S")])


def test_a_scan_finds_each_mailbox_once_and_tells_how_passwords_travel_elsewhere(
        serve: Callable[[str], Running], ground: Path, tmp_path: Path) -> None:
    boxes = {"INBOX": [10] * 50, "A": [10] * 50, "B": [10] * 49, "tolvan.testsson@example.org": [10] * 50}
    servers.mail_store(ground / "more", boxes)
    running, closed = servers.start(ground / "open", ground / "more", servers.ANONYMOUS), serve(servers.PLAIN)
    try:
        ports = (running.imap, running.pop3, closed.imap, closed.pop3)
        report = scan(tmp_path, *(f"{ADDRESS}:{port}" for port in ports))
    finally:
        log = running.stop()
    stores = [(one["store"], one["doors"]) for one in report["findings"]]
    found = sorted((store["files"], len(doors), tuple(store["kinds"])) for store, doors in stores)
    assert [(49, 1, ("mail",)), (50, 1, ("mail",)), (50, 1, ("mail",)), (50, 2, ("mail",))] == found
    assert {()} == {tuple(store["people"]) for store, _ in stores}
    assert {(str(port), "login", "asks for a password, which travels in clear: no TLS is offered")
            for port in (closed.imap, closed.pop3)} \
        == {(gap["ports"], gap["reason"], gap["detail"]) for gap in report["gaps"]}
    assert 0 == report["conduct"]["file_contents_requested"]
    assert {"hdr_count=0", "body_count=0", "top=0/0", "retr=0/0", "del=0/50"} <= read(log)
