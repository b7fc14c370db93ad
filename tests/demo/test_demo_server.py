"""The replica over the wire: it comes up, answers, counts what it is asked, and ends with whoever started it."""

from __future__ import annotations

import asyncio
import errno
import http.client
import signal
import socket
import subprocess
import sys
import time
import tomllib
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from scanner.demo import Replica, scope_text, three_lines
from scanner.demo.mirror import Mirror
from scanner.demo.serve import Clock, Door, Tally
from scanner.demo.server import MEANT_FOR_TLS


@pytest.fixture(scope="module")
def replica():
    with Replica() as running:
        yield running


Answer = tuple[int, dict[str, str], bytes]   # status, headers, body


def ask(replica: Replica, path: str, *, verb: str = "GET", port: int | None = None) -> Answer:
    connection = http.client.HTTPConnection(replica.address, port or replica.store, timeout=10)
    try:
        connection.request(verb, path)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def send(replica: Replica, data: bytes) -> bytes:
    with socket.create_connection((replica.address, replica.store), timeout=10) as wire:
        wire.sendall(data)
        received = b""
        while more := wire.recv(65_536):
            received += more
    return received


def test_the_store_speaks_in_clear_on_a_port_meant_for_tls(replica):
    assert replica.store in MEANT_FOR_TLS
    status, headers, body = ask(replica, "/")
    assert (status, headers["server"]) == (200, "Apache/2.4.7 (Unix)")
    assert b"Index of /" in body


def test_its_clock_is_in_february_2019_and_runs(replica):
    said = parsedate_to_datetime(ask(replica, "/")[1]["date"])
    assert f"{said:%Y-%m-%d %H:%M}"[:15] == "2019-02-18 14:3"


def test_a_tls_hello_gets_400_in_clear(replica):
    assert send(replica, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("head", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET x HTTP/1.1\r\n\r\n"])
def test_what_is_no_request_gets_400(replica, head):
    assert send(replica, head).startswith(b"HTTP/1.1 400 ")


def test_a_head_without_end_gets_431(replica):
    assert send(replica, b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000 + b"\r\n\r\n").startswith(b"HTTP/1.1 431 ")


def test_an_old_client_gets_its_page_until_close(replica):
    assert send(replica, b"GET /gammalt/ HTTP/1.0\r\n\r\n").endswith(b"</body></html>\n")


def test_several_requests_go_over_one_connection(replica):
    answers = send(replica, b"GET / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert (answers.count(b"HTTP/1.1 200 OK"), answers.count(b"</html>")) == (3, 2)


def test_the_forgotten_folder_is_read_whole_in_chunks(replica):
    _, headers, body = ask(replica, "/gammalt/?C=M;O=A")
    assert (headers["transfer-encoding"], body.count(b"[SND]")) == ("chunked", 570)


@pytest.mark.parametrize(("verb", "status"), [
    ("HEAD", 200), ("OPTIONS", 200), ("PROPFIND", 405), ("PUT", 405), ("DELETE", 405), ("TRACE", 405),
])
def test_other_verbs_are_answered_as_apache_does(replica, verb, status):
    said, headers, body = ask(replica, "/2019/", verb=verb)
    assert status == said
    assert (verb == "HEAD") == ("allow" not in headers)
    assert (status == 200) == (body == b"")


def test_the_neighbours_are_a_mirror_and_a_web_site(replica):
    assert b"Index of /" in ask(replica, "/", port=replica.mirror)[2]
    assert b"Region Example" in ask(replica, "/", port=replica.website)[2]


def test_everything_is_counted_and_said_at_the_end():
    with Replica() as replica:
        for path in ("/", "/2019/", "/robots.txt", "/gammalt/0313900600.mp3", "/2013"):
            ask(replica, path)
        ask(replica, "/", verb="PROPFIND")
        ask(replica, "/", port=replica.website)
        send(replica, b"\x16\x03\x01\x00\x00")
    assert Tally(verbs={"GET": 5, "PROPFIND": 1}, directories=3, published=1, files=2, tls_hellos=1,
                 paths=["/gammalt/0313900600.mp3", "/2013"]) == replica.asked["store"]
    assert Tally(verbs={"GET": 1}, directories=1) == replica.asked["website"]
    assert Tally() == replica.asked["mirror"]


def test_two_replicas_stand_side_by_side():
    with Replica() as one, Replica() as two:
        assert len({one.store, one.mirror, one.website, two.store, two.mirror, two.website}) == 6


def test_a_folder_called_scanner_where_one_stands_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "scanner").mkdir()
    (tmp_path / "scanner" / "__init__.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.chdir(tmp_path)
    with Replica() as replica:
        assert ask(replica, "/")[0] == 200


class Leaving:
    """The writer of a connection whose other side has gone in the meantime."""

    def write(self, data: bytes) -> None:
        pass

    async def drain(self) -> None:
        pass

    def write_eof(self) -> None:
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    def close(self) -> None:
        self.closed = True


async def test_a_client_that_goes_while_it_is_refused_ends_the_talk_and_nothing_else():
    reader, writer = asyncio.StreamReader(), Leaving()
    reader.feed_data(b"\x16\x03\x01")
    await Door(Mirror(), Clock(0)).converse(reader, writer)
    assert writer.closed


def test_it_ends_on_sigterm_with_its_account():
    process = subprocess.Popen([sys.executable, "-m", "scanner.demo.server"], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=120)
    assert '"tls_hellos": 0' in said
    assert process.returncode == 0


def test_it_ends_when_its_parent_is_killed():
    parent = ("from scanner.demo import Replica; import time\n"
              "with Replica() as r: print(r.pid, flush=True); time.sleep(60)")
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    server = int(process.stdout.readline())
    process.kill()
    process.communicate(timeout=120)
    assert ended(server)


def ended(pid: int) -> bool:
    """Gone, or dead and waiting for somebody to take note: its new parent may be in no hurry."""
    for _ in range(100):
        status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if not status.stdout.strip() or status.stdout.startswith("Z"):
            return True
        time.sleep(0.1)
    return False


def test_the_scope_names_three_doors_and_the_chain(replica):
    scope = tomllib.loads(scope_text(replica, today=date(2026, 11, 21)))
    target, = scope["target"]
    assert (["127.0.0.1"], [replica.store, replica.mirror, replica.website]) == (target["what"], target["ports"])
    assert (date(2026, 11, 21), date(2026, 12, 21)) == (
        scope["authorisation"]["valid_from"], scope["authorisation"]["valid_until"])
    chain = [target[party] for party in ("controller", "processor", "sub_processor", "hosting")]
    assert chain == ["Region Example", "Helpline contractor", "Recording contractor", "Machine hall north"]


def test_three_lines_follow_the_path():
    lines = three_lines(Path("reports/demo/report.html")).splitlines()
    assert (lines[0], len(lines)) == ("reports/demo/report.html", 4)
