"""Doors that speak old, odd or broken TLS: seen, or told apart."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address

import pytest

from scanner.errors import ClientCertificateWanted, DeadlineError, NetError, ProtocolError, TlsError
from scanner.model import Endpoint
from scanner.net import Limits, Verb
from scanner.net.dial import server_name
from scanner.net.tls import asks_for_certificate, context
from tests.net.hostile import Server, certificate, net, say
from tests.ports import free

PAGE = b"<html><body><a href=\"a/\">a/</a></body></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + PAGE


@contextmanager
def s_server(*options: str) -> Iterator[Endpoint]:
    """OpenSSL's own server, answering GET with a page of HTML."""
    cert, key = certificate()
    port = free()
    command = ["openssl", "s_server", "-quiet", "-www", "-accept", f"127.0.0.1:{port}", "-cert", str(cert), "-key",
               str(key), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL)
    try:
        _listening(port)
        yield Endpoint(address=ip_address("127.0.0.1"), port=port, host="files.example.org", tls=True)
    finally:
        process.kill()
        process.wait()


def _listening(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("openssl s_server did not start")


@pytest.mark.parametrize("options", [
    ("-tls1_3",), ("-tls1_2",), ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), ("-tls1", "-cipher", "ALL:@SECLEVEL=0"),
    ("-tls1", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"), ("-tls1_2", "-cipher", "NULL:@SECLEVEL=0"),
    ("-tls1_2", "-nocert", "-cipher", "aNULL:@SECLEVEL=0"),
], ids=" ".join)
async def test_whatever_tls_still_runs_is_spoken(options: tuple[str, ...]) -> None:
    with s_server(*options) as door:
        async with net().fetch(door, Verb.GET, "/") as answer:
            body = b"".join([chunk async for chunk in answer.chunks()])
    assert (answer.status, answer.kind, b"</HTML>" in body or b"</html>" in body) == (200, "html", True)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
async def test_a_second_connection_takes_up_the_session_of_the_first(version: str) -> None:
    with s_server(version) as there:
        here, clear = net(), replace(there, tls=False)
        async with await here.connect(clear) as first:
            await first.start_tls("files.example.org")
            await first.send(b"GET / HTTP/1.0\r\n\r\n")       # in TLS 1.3 the session comes with the first answer
            while await first.read():
                pass
        async with await here.connect(clear) as second:          # this server serves one after the other
            await second.start_tls("files.example.org", like=first)
            assert first.tls is not None
            assert second.tls is not None
            assert (False, True) == (first.tls.resumed, second.tls.resumed)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
async def test_a_server_that_wants_our_certificate_is_closed_and_not_broken(version: str) -> None:
    with s_server(version, "-Verify", "1", "-verify_return_error") as door, pytest.raises(ClientCertificateWanted):
        async with net().fetch(door, Verb.GET, "/"):
            pass


async def test_a_server_that_does_not_know_the_name_is_asked_without_one() -> None:
    cert, key = certificate()
    with s_server("-servername", "other.example.org", "-servername_fatal", "-cert2", str(cert), "-key2",
                  str(key)) as door:
        here = net()
        async with here.fetch(door, Verb.GET, "/") as answer:
            assert (answer.status, answer.tls is not None) == (200, True)
    assert here.ledger.contacts == 2


async def test_a_server_that_takes_no_protocol_that_is_offered_is_asked_without_an_offer() -> None:
    with s_server("-alpn", "h2") as door:
        here = net()
        async with here.fetch(door, Verb.GET, "/") as answer:
            assert 200 == answer.status
    assert here.ledger.contacts == 2


@pytest.mark.parametrize("alert", [b"\x70", b"\x78"])
async def test_a_server_that_knows_neither_name_nor_protocol_ends_after_one_try_without(alert: bytes) -> None:
    with Server(say(b"\x15\x03\x03\x00\x02\x02" + alert), asks=False) as server:
        door = Endpoint(address=ip_address("127.0.0.1"), port=server.port, host="files.example.org", tls=True)
        here = net()
        with pytest.raises(TlsError):
            async with here.fetch(door, Verb.GET, "/"):
                pass
    assert here.ledger.contacts == 2


async def test_clear_text_on_a_tls_port_is_a_tls_error() -> None:
    with Server(say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), asks=False) as server:
        door = Endpoint(address=ip_address("127.0.0.1"), port=server.port, tls=True)
        with pytest.raises(TlsError):
            await net().connect(door)


@pytest.mark.parametrize(("reply", "said"), [
    (b"ERROR\r\nERROR\r\n", b"ERROR\r\nERROR\r\n"), (b"220 " + b"x" * 900 + b"\r\n", b"220 " + b"x" * 508),
    (b"\x15\x03\x01\x00\x02\x02\x28", b""), (b"", b"")])
async def test_what_comes_in_the_stead_of_tls_is_handed_on(reply: bytes, said: bytes) -> None:
    with Server(say(reply), asks=False) as server:
        door = Endpoint(address=ip_address("127.0.0.1"), port=server.port, tls=True)
        with pytest.raises(TlsError) as caught:
            await net().connect(door)
    assert said == caught.value.said


async def test_a_server_that_hangs_up_on_tls_has_none() -> None:
    def behave(sock: socket.socket, request: bytes) -> None:
        sock.recv(4096)
    for end in (behave, say()):                                 # by FIN, and by RST because the hello lies unread
        with Server(end, asks=False) as server:
            door = Endpoint(address=ip_address("127.0.0.1"), port=server.port, tls=True)
            with pytest.raises(TlsError, match="closed during"):
                await net().connect(door)


async def test_tls_on_a_clear_port_is_no_http() -> None:
    with Server(say(OK), tls=True) as server, pytest.raises((ProtocolError, NetError)):
        async with net().fetch(Endpoint(address=ip_address("127.0.0.1"), port=server.port), Verb.GET, "/"):
            pass


async def test_a_handshake_that_stalls_ends_at_the_deadline() -> None:
    with Server(say(40.0), asks=False) as server:
        door = Endpoint(address=ip_address("127.0.0.1"), port=server.port, tls=True)
        start = time.monotonic()
        with pytest.raises(DeadlineError):
            await net(Limits(first_byte=0.3)).connect(door)
        assert time.monotonic() - start < 15


async def test_a_handshake_without_end_is_cut() -> None:
    record = b"\x16\x03\x03\x40\x00" + b"\x0b\xff\xff\xff" + bytes(16380)

    def behave(sock: socket.socket, request: bytes) -> None:
        sock.recv(4096)
        sock.sendall(record * 40)
    with Server(behave, asks=False) as server:
        door = Endpoint(address=ip_address("127.0.0.1"), port=server.port, tls=True)
        with pytest.raises(TlsError):
            await net().connect(door)


@pytest.mark.parametrize(("reply", "spoken"), [
    (b"\x15\x03\x01\x00\x02\x02\x28", True), (b"\x16\x03\x03\x00\x40\x02", True), (b"", False), (b"\x15", False),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", False)])
async def test_whether_tls_was_spoken_is_told_where_it_failed(reply: bytes, spoken: bool) -> None:
    with Server(say(reply), asks=False) as server:
        door = Endpoint(address=ip_address("127.0.0.1"), port=server.port, tls=True)
        with pytest.raises(TlsError) as caught:
            await net().connect(door)
    assert spoken == caught.value.in_tls


async def test_records_without_data_and_without_end_are_cut() -> None:
    """TLS 1.3 sends tickets after the handshake (RFC 8446 section 4.6.1): this server has a million of them."""
    with s_server("-tls1_3", "-num_tickets", "1000000") as door:
        here = net()
        with pytest.raises(TlsError, match="next to nothing"):
            async with here.fetch(door, Verb.GET, "/"):
                pass
    assert here.ledger.bytes_received < 100 * 1024


async def test_a_certificate_is_shown_and_the_protocol_named() -> None:
    with Server(say(OK), tls=True) as server:
        async with await net().connect(server.endpoint) as stream:
            assert stream.tls is not None
            expected = ssl.PEM_cert_to_DER_cert(certificate()[0].read_text(encoding="ascii"))
            assert expected == stream.tls.certificate()
            assert stream.tls.version().startswith("TLSv1")


async def test_a_page_ends_cleanly_with_and_without_close_notify() -> None:
    def rude(sock: socket.socket, request: bytes) -> None:
        sock.sendall(OK)
        socket.socket(fileno=sock.detach()).close()
    for behave in (say(OK), rude):
        with Server(behave, tls=True) as server:
            async with net().fetch(server.endpoint, Verb.GET, "/") as answer:
                assert b"".join([chunk async for chunk in answer.chunks()]) == PAGE


def test_the_context_is_made_once_and_trusts_nobody() -> None:
    assert context("http/1.1") is context("http/1.1")
    assert (context().verify_mode, context().check_hostname) == (ssl.CERT_NONE, False)


def test_no_key_log_is_written(tmp_path) -> None:
    log = tmp_path / "keys"
    code = "from scanner.net.tls import context; print(context('http/1.1').keylog_filename)"
    ran = subprocess.run([sys.executable, "-c", code], env=os.environ | {"SSLKEYLOGFILE": str(log)}, check=True,
                         capture_output=True, text=True)
    assert (ran.stdout.strip(), log.exists()) == ("None", False)


@pytest.mark.parametrize(("host", "expected"), [
    (None, None), ("files.example.org", "files.example.org"), ("192.0.2.7", None), ("2001:db8::7", None),
    ("nas", "nas"), ("127.1", None)])
def test_only_names_are_said_in_clear(host, expected) -> None:
    assert expected == server_name(host)


@pytest.mark.parametrize(("flight", "expected"), [
    (b"", False),
    (b"\x16\x03\x03\x00\x04\x0d\x00\x00\x00", True),
    (b"\x16\x03\x03\x00\x06\x02\x00\x00\x02ab" + b"\x16\x03\x03\x00\x04\x0d\x00\x00\x00", True),
    (b"\x16\x03\x03\x00\x05\x02\x00\x00\x02a" + b"\x16\x03\x03\x00\x05b\x0d\x00\x00\x00", True),   # over two records
    (b"\x16\x03\x03\x00\x06\x02\x00\x00\x02\x0d\x0d", False),
    (b"\x15\x03\x03\x00\x02\x02\x28", False),
    (b"\x16\x03\x03\xff\xff\x02\xff\xff\xff", False),
])
def test_a_request_for_a_certificate_is_seen_in_the_first_flight(flight: bytes, expected: bool) -> None:
    assert expected == asks_for_certificate(flight)
