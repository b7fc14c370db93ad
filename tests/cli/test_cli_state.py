"""What is kept of scans: listed, reported again, forgotten for good."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.listing import CALLS, Listing
from tests.cli.program import FAST, Place, scope
from tests.ports import free

NAMES = [name.removesuffix(".wav").encode() for name in CALLS]


def scan_id(place: Place, path: str = "r.json") -> str:
    """The scan that a report is of."""
    name = json.loads((place.folder / path).read_text())["scan"]["id"]
    assert isinstance(name, str)
    return name


def state_bytes(folder: Path) -> bytes:
    """Everything that the state has on disk."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("s.sqlite*")))


def test_history_lists_scans_newest_first(place: Place, store: Listing, mirror: Listing) -> None:
    assert ((ended := place.run("history")).out, ended.err) == ("", "no scan is kept yet\n")
    for door in (store.door, mirror.door):
        place.run("scan", door, *FAST, "-o", f"{door[-5:]}.json")
    place.run("scan", "nowhere.invalid", "--authorised-by", "the tests", "-o", "n.json")
    lines = place.run("history").out.splitlines()
    assert {scan_id(place, f"{store.port}.json"), scan_id(place, f"{mirror.port}.json"), scan_id(place, "n.json")} == {
        line.split()[0] for line in lines}
    assert max(line.split()[0][:15] for line in lines) == lines[0][:15]
    assert {"complete", "incomplete"} == {line.split()[3] for line in lines}


def test_states_are_one_per_scope_in_the_users_folder(place: Place, store: Listing, mirror: Listing) -> None:
    for door in (store.door, mirror.door, store.door):
        place.run("scan", door, *FAST, "-o", "r.json")
    assert len(list((place.folder / "home/.local/state/earshot").glob("*.sqlite"))) == 2
    place.run("scan", store.door, *FAST, "-o", "r.json", env={"XDG_STATE_HOME": str(place.folder / "xdg")})
    assert len(list((place.folder / "xdg/earshot").glob("*.sqlite"))) == 1


def test_a_report_from_the_state_is_the_first_report(place: Place, store: Listing) -> None:
    place.write("scope.toml", scope(store.door))
    place.run("scan", "--scope", "scope.toml", *FAST, *(f"-or.{name}" for name in ("json", "html", "jsonl", "csv")))
    again = place.run("report", *(f"-oagain.{name}" for name in ("json", "html", "jsonl", "csv")))
    assert again.code == 0
    for name in ("json", "html", "jsonl", "csv"):
        assert (place.folder / f"r.{name}").read_bytes() == (place.folder / f"again.{name}").read_bytes()
    named = place.run("report", scan_id(place), "-o", "json:-")
    assert (place.folder / "r.json").read_text() == named.out


def test_a_report_judges_by_the_signatures_of_its_scan(place: Place, store: Listing) -> None:
    place.write("own/listing/mine.toml", OWN)
    place.run("scan", store.door, *FAST, "--signatures", "own", "-o", "r.json", "--state", "s.sqlite")
    assert "listing/mine" in (place.folder / "r.json").read_text()
    again = place.run("report", "--state", "s.sqlite", "-o", "again.json")
    assert (again.code, "note:" in again.err) == (0, False)
    assert (place.folder / "r.json").read_text() == (place.folder / "again.json").read_text()
    place.write("own/listing/mine.toml", OWN.replace("Stop it.", "Stop it now."))
    assert "signatures have changed" in place.run("report", "--state", "s.sqlite", "-o", "again.json").err


def test_a_report_needs_no_server(place: Place) -> None:
    place.run("scan", f"127.0.0.1:{free()}", *FAST, "-o", "r.json", "--state", "s.sqlite")
    assert place.run("report", "--state", "s.sqlite", "-o", "again.json").code == 0


@pytest.mark.parametrize(("words", "says"), [
    (("report",), "say where to"), (("report", "-o", "r.json"), "no scan is kept yet"),
    (("report", "none", "-o", "r.json"), "no scan is called none"), (("forget", "none"), "no scan is called none"),
    (("report", "-o", "log:x"), "cannot be made afterwards"),
    (("history", "--state", "none.sqlite"), "no such state file"),
    (("history", "--state", "odd.sqlite"), "state file cannot be used"), (("forget",), "Missing argument 'SCAN'")])
def test_what_is_not_kept_is_one_line(place: Place, words: tuple[str, ...], says: str) -> None:
    place.write("odd.sqlite", "this is no database, however long it may be " * 30)
    ended = place.run(*words)
    assert (2, {"odd.sqlite"}) == (ended.code, place.files())
    assert says in ended.mistake


def test_forget_leaves_nothing_of_a_scan(place: Place, store: Listing, mirror: Listing) -> None:
    words = ("--authorised-by", "the tests", *FAST, "--state", "s.sqlite", "--show-names", "to see them forgotten")
    place.run("scan", store.door, "--contact", "forgotten@example.org", *words, "-o", "r.json")
    place.run("scan", mirror.door, *words, "-o", "m.json")
    secrets = [store.door.encode(), str(store.port).encode(), b"forgotten@example.org", *NAMES]
    assert all(secret in state_bytes(place.folder) for secret in secrets)
    assert place.run("forget", scan_id(place), "--state", "s.sqlite").code == 0
    left = state_bytes(place.folder)
    assert [secret for secret in secrets if secret in left] == []
    assert scan_id(place).encode() not in left
    lines = place.run("history", "--state", "s.sqlite").out.splitlines()
    assert [scan_id(place, "m.json")] == [line.split()[0] for line in lines]
    assert place.run("report", scan_id(place, "m.json"), "--state", "s.sqlite", "-o", "again.json").code == 0


def test_forget_keeps_what_another_scan_knows(place: Place, store: Listing) -> None:
    for name in ("1.json", "2.json"):
        place.run("scan", store.door, *FAST, "--state", "s.sqlite", "-o", name)
    status = [json.loads((place.folder / name).read_text())["findings"][0]["status"] for name in ("1.json", "2.json")]
    place.run("forget", scan_id(place, "1.json"), "--state", "s.sqlite")
    place.run("scan", store.door, *FAST, "--state", "s.sqlite", "-o", "3.json")
    status.append(json.loads((place.folder / "3.json").read_text())["findings"][0]["status"])
    for name in ("2.json", "3.json"):
        place.run("forget", scan_id(place, name), "--state", "s.sqlite")
    place.run("scan", store.door, *FAST, "--state", "s.sqlite", "-o", "4.json")
    status.append(json.loads((place.folder / "4.json").read_text())["findings"][0]["status"])
    assert status == ["new", "open", "open", "new"]


def test_no_unmasked_name_leaves_the_process(place: Place, store: Listing) -> None:
    place.write("scope.toml", scope(store.door))
    outputs = [*(f"-or.{name}" for name in ("json", "html", "jsonl", "csv")), "-olog:contacts"]
    ended = place.run("scan", "--scope", "scope.toml", *FAST, *outputs, "--state", "s.sqlite", "-vv")
    written = b"".join((place.folder / name).read_bytes() for name in place.files()) + (ended.out + ended.err).encode()
    assert [name for name in NAMES if name in written] == []
    assert "0701•••6" in json.dumps(json.loads((place.folder / "r.json").read_text()), ensure_ascii=False)
    assert "entries" not in json.loads((place.folder / "r.json").read_text())["findings"][0]["store"]


def test_folders_that_identify_people_are_masked_in_what_is_kept(place: Place) -> None:
    link = b'<html><body><p>Hello. <a href="/0701740605/">calls</a></p></body></html>'
    tree = {"/0701740605/": ["0701740606/", *CALLS[2:]], "/0701740605/0701740606/": CALLS[2:]}
    with Listing(tree, front=link) as linked:
        place.write("scope.toml", scope(linked.door))
        ended = place.run("scan", "--scope", "scope.toml", *FAST, "-o", "r.json", "-o", "r.html", "--state", "s.sqlite")
    assert "/0701740605/0701740606/" in linked.paths
    assert len(json.loads((place.folder / "r.json").read_text())["findings"]) == 1
    written = b"".join((place.folder / name).read_bytes() for name in place.files()) + (ended.out + ended.err).encode()
    assert [name for name in NAMES if name in written] == []


def test_names_are_shown_with_a_reason_and_only_there(place: Place, store: Listing) -> None:
    place.write("scope.toml", scope(store.door))
    outputs = ("-o", "r.json", "-o", "r.html", "-o", "log:contacts")
    words = ("scan", "--scope", "scope.toml", *FAST, "--state", "s.sqlite", *outputs)
    place.run(*words, "--show-names", "wanted by the data protection officer")
    report = json.loads((place.folder / "r.json").read_text())
    names = ["/calls/", "/readme.txt", *(f"/calls/{name}" for name in CALLS)]
    assert names == report["findings"][0]["store"]["entries"]
    assert report["scan"]["show_names_reason"] == "wanted by the data protection officer"
    assert "wanted by the data protection officer" in (place.folder / "r.html").read_text()
    assert [name for name in NAMES if name in (place.folder / "contacts").read_bytes()] == []
    place.run(*words)
    assert "entries" not in json.loads((place.folder / "r.json").read_text())["findings"][0]["store"]


OWN = """
id = "listing/mine"
kind = "listing"
title = "A server of one's own lists its files for anyone"
product = "A server of one's own"
confidence = "certain"
rank = 100
remedy = "Stop it."

[[all]]
fact = "http.server"
regex = '^BaseHTTP/'

[[example]]
why = "what it says of itself"
[example.facts]
"http.server" = 'BaseHTTP/0.6 Python/3.11.7'

[[example]]
why = "its well-known child"
matches = false
[example.facts]
"http.server" = 'SimpleHTTP/0.6 Python/3.11.7'
"""
