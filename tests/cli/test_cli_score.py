"""`earshot score`: a scan's JSON against a truth file, from outside the process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.listing import CALLS, STORE, WEBSITE, Listing
from tests.cli.program import FAST, Place

ENTRIES = [{"name": "calls", "type": "directory"}, {"name": "readme.txt", "type": "file"}]


def scanned(place: Place, *doors: str, names: bool = True) -> None:
    shown = ("--show-names", "a test") if names else ()
    assert place.run("scan", *doors, *FAST, *shown, "-o", "scan.json").code == 0


def truth(place: Place, *rows: dict[str, Any], **more: Any) -> None:
    place.write("truth.json", json.dumps(rows))
    place.write("where.json", json.dumps(more))


def server(name: str, door: str, **more: Any) -> dict[str, Any]:
    host, _, port = door.rpartition(":")
    return {"id": name, "host": host, "port": int(port), "expected": "open_listing", **more}


def test_a_line_for_each_server_and_the_totals(place: Place, store: Listing) -> None:
    with Listing(WEBSITE) as website:
        scanned(place, store.door, website.door)
        truth(place, server("calls", store.door, list_entries=ENTRIES),
              server("below", store.door, path="/calls/", list_entries=list(CALLS)),
              server("website", website.door, expected="no_listing"), server("files", "192.0.2.7:21", protocol="ftp"))
    ended = place.run("score", "scan.json", "truth.json")
    lines = ended.out.splitlines()
    assert (0, "") == (ended.code, ended.err)
    assert [("ok", "calls"), ("ok", "below"), ("ok", "website")] == [tuple(line.split()[:2]) for line in lines[:3]]
    assert lines[3].startswith("not scanned    files")
    assert "3 of 3 servers right; entries: precision 1.0000, recall 1.0000; 1 not scanned" == lines[4]


def test_what_is_not_so_is_named_and_ends_with_1(place: Place, store: Listing) -> None:
    scanned(place, store.door)
    names = ["calls", *(f"missing\x1b{i}" for i in range(5))]
    truth(place, server("calls", store.door, list_entries=names),
          server("shut", store.door, exposed=False, expected=None))
    ended = place.run("score", "scan.json", "truth.json")
    assert 1 == ended.code
    assert r"missing: missing\u{1b}0, missing\u{1b}1, missing\u{1b}2 and 2 more; beyond: readme.txt" in ended.out
    assert "entries differ calls" in ended.out
    assert "FALSE ALARM    shut" in ended.out
    assert "0 of 2 servers right; entries: precision 0.2500, recall 0.1667" in ended.out


def test_where_servers_stand_may_be_said_apart(place: Place, store: Listing) -> None:
    scanned(place, store.door)
    truth(place, {"id": "calls", "expected": "open_listing", "list_entries": ENTRIES}, calls=store.door)
    assert place.run("score", "scan.json", "truth.json", "--where", "where.json").code == 0
    assert "calls: where it stands is not said" in place.run("score", "scan.json", "truth.json").mistake


@pytest.mark.parametrize("name", ["scan.json", "truth.json", "where.json"])
@pytest.mark.parametrize(("text", "said"), [(None, "cannot be read"), ("{", "JSON"), ("7", "not a")])
def test_a_file_that_is_none_is_a_usage_error_that_names_it(place: Place, store: Listing, name: str, text: str | None,
                                                            said: str) -> None:
    scanned(place, store.door)
    truth(place, server("calls", store.door), calls=store.door)
    (place.folder / name).unlink()
    if text is not None:
        place.write(name, text)
    ended = place.run("score", "scan.json", "truth.json", "--where", "where.json")
    assert (2, "", True) == (ended.code, ended.out, said in ended.mistake)
    assert ended.mistake.startswith(f"earshot: {name}: ")


def test_a_scan_without_names_says_what_to_do(place: Place, store: Listing) -> None:
    scanned(place, store.door, names=False)
    truth(place, server("calls", store.door, list_entries=ENTRIES))
    ended = place.run("score", "scan.json", "truth.json")
    assert (2, "") == (ended.code, ended.out)
    assert "scan.json: the scan shows no names" in ended.mistake
    assert "--show-names REASON" in ended.mistake


def test_a_truth_of_which_nothing_was_scanned_is_a_usage_error(place: Place) -> None:
    with Listing(STORE) as other:
        scanned(place, other.door)
    truth(place, server("calls", "192.0.2.7:80"))
    ended = place.run("score", "scan.json", "truth.json")
    assert 2 == ended.code
    assert "none of its servers was scanned" in ended.err


def test_only_servers_of_the_protocol_that_was_named_are_judged(place: Place, store: Listing) -> None:
    scanned(place, store.door)
    truth(place, server("calls", store.door, list_entries=ENTRIES), server("tls", store.door, protocol="https"))
    ended = place.run("score", "scan.json", "truth.json", "--protocol", "http")
    assert (0, True) == (ended.code, "not scanned    tls" in ended.out)
