"""Whole scans of real media servers, in namespaces of their own: each item once, by one fixed question, no URL."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
import time
import wave
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from installed import required

from tests.bottle import Bottle, unavailable

pytestmark = [pytest.mark.real, pytest.mark.namespace]

REPO = Path(__file__).parents[2]
PORT = 8200
FILES = {"Call 070-1740605.wav": 1, "2019/02/Call 070-1740606.wav": 2, "2019/02/Call 070-1740607.wav": 3,
         "2020/Call 070-1740606.wav": 4, "åäö; half/Samtal 070-1740608.wav": 5, "a%2Fb & <c>/x#?.wav": 6,
         **{f"many/{i:03} 070-1740{605 + i % 90}.wav": 1 for i in range(450)}}
"""Path below the served folder -> seconds of sound."""


def sound(path: Path, seconds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(1)
        made.setframerate(8000)
        made.writeframes(b"\x80" * 8000 * seconds)


@pytest.fixture
def media(ground: Path) -> Path:
    """A folder of sounds, one empty folder among them."""
    root = ground / "media"
    for path, seconds in FILES.items():
        sound(root / path, seconds)
    (root / "empty").mkdir()
    return root


ANNOUNCED = ("udp", "239.255.255.250", 1900)     # where the servers themselves say that they are there


@pytest.fixture
def bottle() -> Iterator[Bottle]:
    """Media servers listen on every address and speak multicast: a network of their own, from which nothing leaves."""
    if reason := unavailable():
        pytest.skip(reason)
    with Bottle({}) as made:
        yield made
        met = {contact for contact in made.contacts if not ip_address(contact[1]).is_loopback}
    assert met <= {ANNOUNCED}


@contextlib.contextmanager
def serving(bottle: Bottle, argv: list[str]) -> Iterator[None]:
    process = bottle.start(argv)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


READY = """
import sys, time, urllib.request
for _ in range(150):
    try:
        text = urllib.request.urlopen("http://127.0.0.1:{port}{path}", timeout=2).read().decode()
        if {wanted!r} in text:
            sys.exit(0)
    except OSError:
        pass
    time.sleep(0.1)
sys.exit(1)
"""


def wait(bottle: Bottle, path: str, wanted: str) -> None:
    ended = bottle.run([sys.executable, "-c", READY.format(port=PORT, path=path, wanted=wanted)])
    assert (0, "") == (ended.status, ended.err)


def scan(bottle: Bottle, folder: Path) -> dict:
    report = folder / "report.json"
    ended = bottle.run(
        [sys.executable, "-m", "scanner", "scan", f"127.0.0.1:{PORT}", "--state", ":memory:", "-o", report,
         "--no-progress", "--rate", "5000", "--host-rate", "5000", "--show-names", "a test"], cwd=REPO)
    assert (0, False) == (ended.status, "Traceback" in ended.err), ended.err
    return json.loads(report.read_text())


def served(media: Path) -> dict[str, int]:
    """Path below the served folder -> bytes."""
    return {str(path.relative_to(media)): path.stat().st_size for path in media.rglob("*.wav")}


def shown(store: dict, above: str) -> list[str]:
    """Paths of the files in a store, without the ids of their folders, below a folder that is not the disk's."""
    plain = [re.sub(r";[^/;]*/", "/", entry) for entry in store["entries"] if not entry.endswith("/")]
    return sorted(entry.removeprefix(above) for entry in plain)


def test_minidlna_shows_each_file_once_though_it_shows_it_in_many_views(bottle, media, ground, tmp_path):
    server, folder = required("minidlnad"), ground / "minidlna"
    folder.mkdir()
    (folder / "conf").write_text(f"port={PORT}\nmedia_dir={media}\ndb_dir={folder}\nlog_dir={folder}\ninotify=no\n")
    with serving(bottle, [server, "-S", "-f", str(folder / "conf"), "-P", str(folder / "pid")]):
        wait(bottle, "/", f"<td>Audio files</td><td>{len(FILES)}</td>")
        report = scan(bottle, tmp_path)
    (finding,) = report["findings"]
    store, true = finding["store"], served(media)
    assert sorted(true) == shown(store, "/Browse Folders/")
    assert (len(true), sum(true.values()), True) == (store["files"], store["bytes"], store["complete"])
    assert ("dlna", "anonymous") == (finding["doors"][0]["protocol"], finding["doors"][0]["access"])
    assert {"GET", "POST"} == set(report["conduct"]["requests"])
    assert (0, 0) == (report["conduct"]["file_contents_requested"], report["conduct"]["refused_bodies"])


def test_rclone_serves_folders_and_one_path_that_is_asked(bottle, media, ground, tmp_path):
    server, folder = required("rclone"), ground / "rclone"
    folder.mkdir()
    log = folder / "log"
    with serving(bottle, [server, "serve", "dlna", str(media), "--addr", f":{PORT}", "--config", str(folder / "conf"),
                          "--log-trace", "--log-file", str(log), "-vv"]):
        wait(bottle, "/rootDesc.xml", "ContentDirectory")
        report = scan(bottle, tmp_path)
        time.sleep(0.1)
    (finding,) = report["findings"]
    store, true = finding["store"], served(media)
    assert sorted(true) == shown(store, "/")
    assert (len(true), sum(true.values()), True) == (store["files"], store["bytes"], store["complete"])
    asked = set(re.findall(r": ([A-Z]+) (/\S*) HTTP/1\.[01]", log.read_text()))
    assert {("GET", "/rootDesc.xml"), ("POST", "/ctl")} <= asked
    assert {("POST", "/ctl")} == {(verb, path) for verb, path in asked if verb != "GET"}
    assert [] == [path for _, path in asked if path.startswith("/r/")]      # where it serves contents
