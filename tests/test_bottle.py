"""The bottle sees whom a program contacts, and can fail: a plain client that follows a redirect is seen."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.bottle import RESOLVER, Asked, Bottle, unavailable

pytestmark = pytest.mark.namespace

ASKED = ("udp", RESOLVER, 53)
FOLLOW = """
import httpx
with httpx.Client(trust_env=False, follow_redirects={follow}, timeout=5) as client:
    print(client.get({url!r}).status_code)
"""
TO_METADATA = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n"
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(autouse=True)
def _granted() -> None:
    if reason := unavailable():
        pytest.skip(reason)


def python(bottle: Bottle, code: str) -> str:
    ended = bottle.run([sys.executable, "-c", code])
    assert (ended.status, ended.err) == (0, "")
    return ended.out


def test_a_client_that_follows_a_redirect_is_seen_where_it_went() -> None:
    with Bottle({("198.51.100.7", 80): TO_METADATA, ("*", 80): EMPTY}) as bottle:
        assert python(bottle, FOLLOW.format(follow=True, url="http://198.51.100.7/")) == "200\n"
        assert bottle.contacts == {("tcp", "198.51.100.7", 80), ("tcp", "169.254.169.254", 80)}


def test_a_client_that_does_not_follow_is_not() -> None:
    with Bottle({("198.51.100.7", 80): TO_METADATA}) as bottle:
        assert python(bottle, FOLLOW.format(follow=False, url="http://198.51.100.7/")) == "302\n"
        assert bottle.contacts == {("tcp", "198.51.100.7", 80)}


@pytest.mark.parametrize(("address", "seen"), [
    ("192.0.2.1", "192.0.2.1"), ("127.3.2.1", "127.3.2.1"), ("2001:db8::5", "2001:db8::5"), ("::1", "::1"),
    ("::ffff:203.0.113.9", "203.0.113.9"),
])
def test_every_address_is_local(address: str, seen: str) -> None:
    code = f"import socket; print(socket.create_connection(({address!r}, 8080), 5).recv(99))"
    with Bottle({("*", 8080): lambda asked: asked.address.encode()}) as bottle:
        assert python(bottle, code) == f"{seen.encode()}\n"
        assert bottle.contacts == {("tcp", seen, 8080)}


def test_a_port_that_nobody_listens_on_is_seen_too() -> None:
    code = "import socket; print(socket.socket().connect_ex(('203.0.113.5', 4444)))"
    with Bottle({}) as bottle:
        assert python(bottle, code) == "111\n"
        assert bottle.contacts == {("tcp", "203.0.113.5", 4444)}


@pytest.mark.parametrize("address", ["203.0.113.5", "2001:db8::7"])
def test_a_datagram_is_seen(address: str) -> None:
    family = "AF_INET6" if ":" in address else "AF_INET"
    code = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM).sendto(b'?', ({address!r}, 161))"
    with Bottle({}) as bottle:
        python(bottle, code)
        assert bottle.contacts == {("udp", address, 161)}


def test_names_are_answered_by_the_bottle_alone() -> None:
    names = {"files.example.org": ["192.0.2.7", "2001:db8::7"], "www.example.org": ["files.example.org"]}
    code = """
import socket
for name in ("files.example.org", "www.example.org", "other.example.org"):
    try:
        print(sorted({where[4][0] for where in socket.getaddrinfo(name, 80)}))
    except socket.gaierror as error:
        print(error.errno == socket.EAI_NONAME)
"""
    with Bottle({}, names=names) as bottle:
        assert python(bottle, code).splitlines() == ["['192.0.2.7', '2001:db8::7']"] * 2 + ["True"]
        assert bottle.contacts == {ASKED}
        assert set(bottle.questions) >= {"files.example.org", "www.example.org", "other.example.org"}


def test_a_name_can_answer_differently_each_time() -> None:
    addresses = iter(["192.0.2.1", "169.254.169.254"])
    code = "import socket\nfor _ in '..': print(socket.gethostbyname('flip.example.org'))"
    with Bottle({}, names={"flip.example.org": lambda: [next(addresses)]}) as bottle:
        assert python(bottle, code).splitlines() == ["192.0.2.1", "169.254.169.254"]


def test_an_answer_may_be_a_function_of_the_request() -> None:
    def page(asked: Asked) -> bytes:
        path = asked.request.split()[1]
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path)

    code = "import httpx; print(httpx.get('http://192.0.2.9:8000/a/b', trust_env=False).text)"
    with Bottle({("192.0.2.9", 8000): page}) as bottle:
        assert python(bottle, code) == "/a/b\n"


def test_a_program_runs_where_it_is_told_and_sees_its_own_environment(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd(), os.environ['WORD'])"
    with Bottle({}) as bottle:
        ended = bottle.run([sys.executable, "-c", code], cwd=tmp_path, env={"WORD": "here"})
        assert ended.out.split() == [str(tmp_path), "here"]


def test_a_program_that_hangs_is_ended_with_all_it_started() -> None:
    code = "import subprocess; subprocess.run(['sleep', '30'])"
    with Bottle({}) as bottle:
        start = time.monotonic()
        assert bottle.run([sys.executable, "-c", code], timeout=1).status is None
        assert time.monotonic() - start < 10


def test_the_real_network_is_out_of_reach() -> None:
    with Bottle({}) as bottle:
        ended = bottle.run(["ip", "-brief", "link"])
        assert [line.split()[0] for line in ended.out.splitlines()] == ["lo"]


@pytest.mark.parametrize("resolver", ["192.0.2.53", "203.0.113.5", "127.0.0.1", "2001:db8::53"])
def test_a_question_is_answered_wherever_it_is_sent_and_by_a_lie_if_need_be(resolver: str) -> None:
    family = "AF_INET6" if ":" in resolver else "AF_INET"
    code = f"""
import socket
sock = socket.socket(socket.{family}, socket.SOCK_DGRAM)
sock.connect(({resolver!r}, 53))
sock.settimeout(5)
sock.send(bytes.fromhex("0102 0100 0001 0000 0000 0000") + b"\\3any\\7example\\0\\0\\1\\0\\1")
print(".".join(map(str, sock.recv(512)[-4:])))
"""
    with Bottle({}, names={"*": ["198.51.100.9"]}) as bottle:
        assert python(bottle, code) == "198.51.100.9\n"
        assert bottle.contacts == {("udp", resolver, 53)}
        assert bottle.questions == ["any.example"]
