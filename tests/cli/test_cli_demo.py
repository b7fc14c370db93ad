"""`earshot demo`: in an empty environment, in an empty home, into any folder."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys

import pytest

from tests.cli.program import ROOT, Place, command


def test_the_demo_in_an_empty_environment(place: Place) -> None:
    home = place.folder / "home"
    home.mkdir()
    bare = ["env", "-i", f"HOME={home}", "PATH=/usr/bin:/bin", f"PYTHONPATH={ROOT}"]
    done = subprocess.run([*bare, *command("demo", "-o", "out")], cwd=place.folder, capture_output=True, timeout=160,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert {"out/report.html", "out/report.json"} == place.files()
    assert list(home.iterdir()) == []
    out = done.stdout.decode()
    assert re.search(r"^VERY HIGH  4\.5  27,000 call recordings", out, re.MULTILINE)
    lines = out.splitlines()
    assert lines[-5] == "out/report.html"
    assert [line.strip()[0] for line in lines[-4:-1]] == ["1", "2", "3"]
    report = json.loads((place.folder / "out/report.json").read_text())
    first = report["findings"][0]
    assert (first["severity"], first["overall_score"], first["score"]) == ("very-high", 3.5, 4.5)
    assert report["conduct"]["file_contents_requested"] == 0


@pytest.mark.parametrize(("words", "file"), [((), "reports"), (("-o", "out"), "out")])
def test_the_demo_into_a_place_that_cannot_be_written(place: Place, words: tuple[str, ...], file: str) -> None:
    place.write(file, "in the way")
    ended = place.run("demo", *words)
    assert (ended.code, f"{place.folder / file} is no folder" in ended.mistake) == (2, True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_demo_interrupted_leaves_no_server(place: Place, number: int, code: int) -> None:
    running = place.begin("demo", "-o", "out")
    assert running.stderr is not None
    told = running.stderr.readline().decode()
    running.send_signal(number)
    _, err = running.communicate(timeout=40)
    assert code == running.returncode, err
    assert b"Traceback" not in err
    port = int(re.findall(r"\d+", told.split("ports")[1])[0])
    knock = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
    assert subprocess.run([sys.executable, "-c", knock], capture_output=True, check=False).returncode != 0
