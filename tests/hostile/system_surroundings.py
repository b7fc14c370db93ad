"""Odd surroundings: a link that falls, a clock that is moved, streams that are closed, a poisoned environment."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from tests.bottle import Asked, Bottle
from tests.cli.listing import CALLS, page
from tests.cli.program import ROOT
from tests.cli.test_cli_streams import broken
from tests.hostile.behaviour import Behaviour
from tests.hostile.system_course import ALL_FOUND, Course, course
from tests.hostile.system_signals import begin, end
from tests.net.hostile import Server, say
from tests.ports import listen

CLOCK = """
import datetime, pathlib, time

AHEAD, true_time, true_date = pathlib.Path({path!r}), time.time, datetime.datetime

def ahead():
    return float(AHEAD.read_text() or 0)

class Moved(true_date):
    @classmethod
    def now(cls, zone=None):
        return super().fromtimestamp(time.time(), zone)

time.time = lambda: true_time() + ahead()
datetime.datetime = Moved
"""
DAY = 86_400
NO_PORT, SILENT, NO_WORD = "no port told otherwise", "nobody else asked", "no word of it"
SEALED = "asked over TLS too"
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_FALL = "ip link set lo down; sleep 1.5; ip link set lo up"


@course("X-05", "the link falls in the middle of a scan and comes back", "exit 0", "16 doors found", NO_PORT)
def fallen_link(one: Course) -> Iterator[str]:
    with Bottle({("*", 80): _listing}) as bottle:
        words = ("scan", "10.99.0.0/28", "--ports", "80,81", "--authorised-by", "the tests", "--rate", "150",
                 "-o", "r.json")
        running = bottle.start([sys.executable, "-m", "scanner", *words], cwd=one.place.folder,
                               env=one.place.environment())
        deadline = time.monotonic() + 60
        while len(bottle.contacts) < 12 and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        bottle.run(["sh", "-c", _FALL])
        _, err = running.communicate(timeout=90)
    report = json.loads((one.place.folder / "r.json").read_text())
    doors = [door for finding in report["findings"] for door in finding["doors"]]
    seen = report["coverage"]
    yield f"exit {running.returncode}" if "Traceback" not in err else err
    yield f"{len(doors)} doors found"
    yield NO_PORT if (seen["ports_tried"], seen["ports_open"]) == (32, 16) else str(seen)


def _listing(asked: Asked) -> bytes:
    body = page("/", CALLS) if asked.request.split(b" ")[1:2] == [b"/"] else b"<h1>no</h1>"
    status = b"200 OK" if b"Index" in body else b"404 Not Found"
    return (b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (status, len(body), body))


def moved(by: int, title: str) -> Behaviour:
    """The wall clock is moved while a scan runs, by a module that Python loads first: the machine's is everybody's."""
    def play(one: Course) -> Iterator[str]:
        clock = one.place.write("ahead", "0")
        one.place.write("first/sitecustomize.py", CLOCK.format(path=str(clock)))
        running = begin(one, PYTHONPATH=f"{one.place.folder / 'first'}:{ROOT}")
        clock.write_text(str(by))
        ended = end(running)
        yield from one.told(ended)
        scan = json.loads((one.place.folder / "r.json").read_text())["scan"]
        went = scan["finished"][:10] != scan["started"][:10]
        yield "the clock did move" if went else "the clock did not move"

    return course("X-06", title, "exit 0", ALL_FOUND, "the clock did move", delay=0.1)(play)


@course("X-09", "nobody reads standard output any more", "exit 0", ALL_FOUND)
def closed_output(one: Course) -> Iterator[str]:
    yield from one.told(broken(one.place, *one.words()))


@course("X-10", "LANG=C, no terminal, no UTF-8", "exit 0", ALL_FOUND, "ASCII alone")
def old_locale(one: Course) -> Iterator[str]:
    ended = one.scan(env={"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": ""})
    yield from one.told(ended)
    yield "ASCII alone" if (ended.out + ended.err).isascii() else ended.out


@course("X-11", "HTTP_PROXY, NETRC, SSLKEYLOGFILE, KRB5CCNAME and PYTHON* mean harm", "exit 0", ALL_FOUND, SILENT,
        NO_WORD, SEALED)
def poisoned(one: Course) -> Iterator[str]:
    with _Trap() as trap, Server(say(_NOT_FOUND), tls=True) as sealed:
        proxy = f"http://{trap.address}"
        netrc = one.place.write("home/.netrc", "machine 127.0.0.1 login canary password CANARY-0701740699\n")
        env = {name: proxy for way in ("http", "https", "all", "ftp", "socks")
               for name in (f"{way}_proxy", f"{way}_proxy".upper())}
        env |= {"NETRC": str(netrc), "SSLKEYLOGFILE": str(one.place.folder / "keys"), "KRB5CCNAME": f"FILE:{netrc}",
                "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "ascii:strict", "PYTHONUNBUFFERED": "1",
                "PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONSTARTUP": str(netrc),
                "PYTHONSAFEPATH": "1", "REQUESTS_CA_BUNDLE": str(netrc), "SSL_CERT_FILE": str(netrc)}
        yield from one.told(one.scan(f"https://127.0.0.1:{sealed.port}/", env=env))
        yield SEALED if any(b" / HTTP" in request for request in sealed.requests) else "nobody asked over TLS"
        yield SILENT if not trap.contacts else "the proxy was asked"
    written = b"".join(path.read_bytes() for path in one.place.folder.rglob("*") if path.is_file() and path != netrc)
    yield NO_WORD if b"CANARY" not in written and not (one.place.folder / "keys").exists() else "it is told"


class _Trap:
    """A port that whoever obeyed the environment would dial."""

    def __enter__(self) -> _Trap:
        self.contacts = 0
        self._sock = listen()
        self.address = f"127.0.0.1:{self._sock.getsockname()[1]}"
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()
        return self

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self._sock.accept()[0].close()
                self.contacts += 1

    def __exit__(self, *_: object) -> None:
        self._sock.shutdown(2)
        self._sock.close()
        self._thread.join()


back = moved(-DAY, "the clock is set back a day in the middle of a scan")
ahead = moved(365 * DAY, "the clock is set a year ahead in the middle of a scan")

BEHAVIOURS = [fallen_link, back, ahead, closed_output, old_locale, poisoned]
