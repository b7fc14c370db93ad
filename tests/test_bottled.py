"""A suite in a bottle sees whom its tests contact, by any way, and a test that meets a stranger fails for it."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.bottled import LIE, Ground, ground, run_inside, watched
from tests.ports import listen

pytestmark = pytest.mark.namespace
ROOT = Path(__file__).parents[1]


@pytest.fixture
def bottled() -> Ground:
    found = ground()
    if isinstance(found, str):
        pytest.skip(found)
    found.forget()
    return found


def reach(address: str, port: int) -> None:
    """A contact; whether anybody answers does not matter."""
    with suppress(OSError), socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as sock:
        sock.settimeout(2)
        sock.connect((address, port))


def in_a_thread() -> None:
    thread = Thread(target=reach, args=("192.0.2.7", 80))
    thread.start()
    thread.join()


CODE = "import socket; socket.socket().connect_ex(('192.0.2.7', 80))"


def in_a_program() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)


STRANGER = "('tcp', '192.0.2.7', 80)"


@pytest.mark.parametrize(("act", "met"), [
    (lambda: reach("192.0.2.7", 80), [STRANGER]),
    (lambda: reach("192.0.2.7", 4444), ["('tcp', '192.0.2.7', 4444)"]),
    (lambda: reach("2001:db8::7", 80), ["('tcp', '2001:db8::7', 80)"]),
    (lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"?", ("203.0.113.5", 161)),
     ["('udp', '203.0.113.5', 161)"]),
    (in_a_thread, [STRANGER]),
    (in_a_program, [STRANGER]),
], ids=["a port listened on", "a port nobody listens on", "IPv6", "a datagram", "from a thread", "from a program"])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_stranger_is_seen(bottled: Ground, act, met: list[str]) -> None:
    with bottled.entered():
        act()
    assert met == bottled.strangers()


def test_a_name_is_answered_with_a_lie_and_is_seen(bottled: Ground) -> None:
    code = "import socket; print(socket.gethostbyname('files.example.org'))"
    with bottled.entered():
        told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    assert LIE == told
    assert "the name 'files.example.org' was asked for" in bottled.strangers()


def test_servers_on_loopback_are_at_home_and_the_account_begins_anew(bottled: Ground) -> None:
    with bottled.entered():
        reach("192.0.2.7", 80)
        bottled.forget()
        with listen("127.5.0.1") as sock:
            reach(*sock.getsockname())
        reach("::1", 4444)
    assert [] == bottled.strangers()


def test_what_a_thread_outside_does_is_not_mixed_in_and_leaving_is_complete(bottled: Ground) -> None:
    with bottled.entered():
        inside = Path("/proc/thread-self/ns/net").readlink()
    assert Path("/proc/thread-self/ns/net").readlink() != inside
    assert [] == bottled.strangers()


def test_a_test_that_meets_a_stranger_fails_and_the_sum_says_how_many_ran_inside(bottled: Ground, tmp_path) -> None:
    suite = tmp_path / "tests" / "real"
    suite.mkdir(parents=True)
    (tmp_path / "tests" / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (suite / "test_two.py").write_text(
        "import socket\n"
        "def test_out(): socket.socket().connect_ex(('192.0.2.7', 4444))\n"
        "def test_home(): socket.socket().connect_ex(('127.0.0.1', 4444))\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "1", f"--rootdir={tmp_path}", "tests"],
        cwd=tmp_path, env={"PATH": "/usr/bin:/bin:/usr/sbin", "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False)
    assert 1 == ran.returncode, ran.stdout + ran.stderr
    assert "contacts outside the scope: ('tcp', '192.0.2.7', 4444)" in ran.stdout
    assert "bottle: 2 tests ran where every address is local" in ran.stdout
    assert "2 passed, 1 error" in ran.stdout


def test_a_program_can_do_all_its_work_inside_and_is_told_whom_it_met(bottled: Ground) -> None:
    said = "all ran where every address is local; met outside loopback: "
    assert (7, f"{said}nobody", []) == run_inside(lambda: 7)
    assert (None, f"{said}{STRANGER}", [STRANGER]) == run_inside(lambda: reach("192.0.2.7", 80))


def test_a_network_that_a_test_makes_inside_is_watched_as_well(bottled: Ground) -> None:
    made = "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && echo made && exec sleep 50"
    with (bottled.entered(), subprocess.Popen(["unshare", "--net", "sh", "-c", made], text=True,
                                              stdout=subprocess.PIPE) as inner):
        assert inner.stdout is not None
        assert "made\n" == inner.stdout.readline()
        with watched(f"/proc/{inner.pid}/ns/net"):
            subprocess.run(["nsenter", f"--target={inner.pid}", "--net", sys.executable, "-c", CODE], check=True)
        inner.kill()
    assert [STRANGER] == bottled.strangers()
