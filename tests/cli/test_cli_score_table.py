"""An organisation's own score table, from the scope file to the report."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.cli.listing import Listing
from tests.cli.program import FAST, Place, scope

TABLE = 'name = "Region Example 2026"\n[dpc.classes]\naudio = 3.0\n'
USE = '\n[score]\ntable = "our-score.toml"\n'


@pytest.fixture
def scanned(place: Place, store: Listing) -> Place:
    place.write("our-score.toml", TABLE)
    place.write("scope.toml", scope(store.door, USE))
    assert 0 == place.run("scan", "--scope", "scope.toml", *FAST, "-o", "r.json", "-o", "r.html").code
    return place


def told(place: Place, name: str = "r.json") -> dict[str, object]:
    scan = json.loads((place.folder / name).read_text())["scan"]
    return {key: scan[key] for key in ("score_table", "score_sha256", "score_differs")}


def test_the_report_says_which_table_was_used_and_in_what_it_differs(scanned: Place) -> None:
    digest = hashlib.sha256(TABLE.encode()).hexdigest()
    assert told(scanned) == {
        "score_table": "Region Example 2026", "score_sha256": digest,
        "score_differs": ["dpc.classes.audio: 3, built in 2"],
    }
    page = (scanned.folder / "r.html").read_text()
    assert all(text in page for text in ("Region Example 2026", digest, "dpc.classes.audio: 3, built in 2"))


def test_a_report_made_again_says_where_the_table_has_changed(scanned: Place) -> None:
    assert "note" not in scanned.run("report", "-o", "same.json").err
    scanned.write("our-score.toml", TABLE.replace("3.0", "4.0").replace("2026", "2027"))
    again = scanned.run("report", "-o", "other.json")
    assert (0, True) == (again.code, "the score table is not the one of the scan" in again.err)
    assert "Region Example 2027" == told(scanned, "other.json")["score_table"]


def test_a_report_made_again_says_where_the_table_is_gone(scanned: Place) -> None:
    (scanned.folder / "our-score.toml").unlink()
    again = scanned.run("report", "-o", "other.json")
    assert (0, True) == (again.code, "our-score.toml is gone; judged by the built-in score table" in again.err)
    said = told(scanned, "other.json")
    assert ("ENISA 2013", []) == (said["score_table"], said["score_differs"])


def test_a_report_made_again_by_a_broken_table_is_refused(scanned: Place) -> None:
    scanned.write("our-score.toml", TABLE + "log = 9\n")
    again = scanned.run("report", "-o", "other.json")
    assert (2, True) == (again.code, "our-score.toml:4: 'dpc.classes.log'" in again.err)


@pytest.mark.parametrize(("text", "said"), [
    ("[dpc.classes]\naudio = 3.0\n", "our-score.toml:1: 'name' is missing; write name"),
    ('name = "Ours"\n[cb.vantage]\nmars = 1.0\n', "our-score.toml:3: unknown vantage 'mars'"),
    (None, "our-score.toml:1: cannot be read: No such file or directory"),
])  # fmt: skip
@pytest.mark.parametrize("command", ["scan", "plan"])
def test_a_table_with_a_mistake_ends_before_anything_is_sent(
    place: Place, store: Listing, text: str | None, said: str, command: str
) -> None:
    if text is not None:
        place.write("our-score.toml", text)
    place.write("scope.toml", scope(store.door, USE))
    ended = place.run(command, "--scope", "scope.toml")
    assert (2, True, 0) == (ended.code, said in ended.err, len(store.requests)), ended.err
