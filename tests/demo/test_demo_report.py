"""The demo as a newcomer runs it: what its report says of the founding case, and what its replica was asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "scanner", "demo", "-o", str(folder), "--no-progress"]
    ended = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=110, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert (folder / "report.html").stat().st_size > 10_000
    assert str(folder / "report.html") in ended.stdout
    return json.loads((folder / "report.json").read_text())


pytestmark = pytest.mark.timeout(120)


def test_the_store_is_the_top_finding(report: dict) -> None:
    top = report["findings"][0]
    assert (top["severity"], top["score"], top["overall_score"]) == ("very-high", 4.5, 3.5)
    assert {"live", "http-on-tls-port"} <= set(top["tags"])
    assert top["doors"][0]["port"] in {8443, 4443, 9443, 5001, 5006, 443, 990, 993, 995}
    assert top["doors"][0]["tls"] is False


def test_every_recording_is_counted_once(report: dict) -> None:
    store = report["findings"][0]["store"]
    assert (store["kinds"]["audio"]["files"], store["complete"], store["live"]) == (27_000, True, True)
    assert (store["first"][:4], store["last"][:4]) == ("2013", "2019")
    assert 0.95 * 1_700 <= store["hours"]["best"] <= 1.05 * 1_700
    assert store["hours"]["low"] < store["hours"]["best"] < store["hours"]["high"]


def test_the_forgotten_folder_scores_apart(report: dict) -> None:
    part = report["findings"][0]["parts"][0]
    assert (part["score"], part["severity"], part["files"]) == (4.5, "very-high", 570)
    assert [(people["kind"], people["files"], people["certainty"]) for people in part["people"]] == [
        ("phone", 570, "certain")
    ]


def test_its_neighbours_are_a_remark_at_most(report: dict) -> None:
    assert {finding["severity"] for finding in report["findings"][1:]} <= {"info"}


def test_nothing_but_listings_was_asked_for(report: dict) -> None:
    conduct = report["conduct"]
    assert (conduct["file_contents_requested"], conduct["addresses_contacted"], set(conduct["requests"])) == (
        0,
        1,
        {"GET", "OPTIONS"},
    )
    assert conduct["largest_refused_body"] <= 1024


def test_no_number_is_shown(report: dict) -> None:
    text = json.dumps(report, ensure_ascii=False)
    assert "0701740605" not in text
    assert "•••" in text
