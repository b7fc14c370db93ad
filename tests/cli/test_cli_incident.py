"""The incident pack from the command line: where it goes, by whom it is grouped, what is wrong said in one line."""

from __future__ import annotations

import json
import re
import stat
import time

from tests.cli.listing import Listing
from tests.cli.program import FAST, Place, scope

OWNER = 'controller = "Region Example"\nprocessor = "Helpline contractor"\n'
STATE = ("--state", "s.sqlite")


def scanned(place: Place, *doors: tuple[Listing, str], more: tuple[str, ...] = ()) -> None:
    place.write("scope.toml", "".join(scope(server.door, owner) for server, owner in doors))
    ended = place.run("scan", "--scope", "scope.toml", *STATE, *FAST, *(more or ("-o", "r.json")))
    assert ended.code == 0, ended.err


def test_a_pack_from_a_scan_is_the_pack_of_a_report_made_later(place: Place, store: Listing) -> None:
    scanned(place, (store, OWNER), more=("-o", "incident:now.md", "-o", "incident:now.html"))
    ended = place.run("report", *STATE, "-o", "incident:later.md", "-o", "incident:later.html", "-o", "incident:later")
    assert ["report: later.md", "report: later.html", "report: later"] == ended.err.splitlines()
    assert (place.folder / "later").read_text() == (place.folder / "later.html").read_text()
    for ending in ("md", "html"):
        now, later = ((place.folder / f"{name}.{ending}").read_text() for name in ("now", "later"))
        assert now == later


def test_a_pack_says_when_it_was_seen_whose_it_is_and_until_when(place: Place, store: Listing) -> None:
    scanned(place, (store, OWNER))
    ended = place.run("report", *STATE, "-o", "incident:-")
    report = json.loads((place.folder / "r.json").read_text())
    (finding,) = report["findings"]
    assert (0, ["SE"]) == (ended.code, finding["regions"])
    first = finding["first_seen"][:16].replace("T", " ")
    assert f"- **First seen:** {first} UTC" in ended.out
    assert "- **Controller:** Region Example" in ended.out
    assert "Integritetsskyddsmyndigheten" in ended.out
    assert f"`{report['scan']['user_agent']}`" in ended.out
    assert "- **Its addresses:** `127.0.0.1`" in ended.out
    assert "- **File contents requested:** 0" in ended.out


def test_the_clock_starts_with_the_first_scan_that_is_kept(place: Place, store: Listing) -> None:
    scanned(place, (store, OWNER))
    first = json.loads((place.folder / "r.json").read_text())["findings"][0]
    time.sleep(1.1)                              # a report tells seconds
    scanned(place, (store, OWNER), more=("-o", "r.json", "--fresh"))
    again = json.loads((place.folder / "r.json").read_text())["findings"][0]
    assert ("open", True) == (again["status"], again["first_seen"] < again["last_seen"])
    assert again["first_seen"] <= first["last_seen"] or again["first_seen"][:16] == first["last_seen"][:16]


def test_no_name_that_is_not_masked_stands_in_a_pack(place: Place, store: Listing) -> None:
    scanned(place, (store, OWNER), more=("-o", "incident:p.md", "-o", "incident:p.html", "--show-names", "audit 7"))
    for name in ("p.md", "p.html"):
        made = (place.folder / name).read_text()
        assert not re.search(r"07017406\d\d", made)
        assert "•••" in made


def test_a_folder_has_a_pack_for_each_controller(place: Place, store: Listing) -> None:
    with Listing(store.tree | {"/calls/": [f"07017406{n}.wav" for n in range(40, 70)]}) as other:
        scanned(place, (store, OWNER), (other, ""), more=("-o", "incident:packs/", "-o", "r.html", "--by", "owner"))
    assert {"packs/region-example.html", "packs/no-controller-recorded.html", "r.html", "scope.toml",
            "s.sqlite"} <= place.files()
    pages = {name: (place.folder / f"packs/{name}.html").read_text()
             for name in ("region-example", "no-controller-recorded")}
    assert store.door in pages["region-example"]
    assert store.door not in pages["no-controller-recorded"]
    assert "Who answers for what" in (place.folder / "r.html").read_text()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (place.folder / "packs").iterdir()}
    assert {0o600} == modes


def test_by_owner_groups_the_html_report_and_the_pack_only(place: Place, store: Listing) -> None:
    scanned(place, (store, OWNER))
    ended = place.run("report", *STATE, "--by", "owner", "-o", "o.html", "-o", "o.json", "-o", "incident:o.md")
    assert ended.code == 0
    assert "Controller: Region Example" in (place.folder / "o.html").read_text()
    assert "## Controller: Region Example" in (place.folder / "o.md").read_text()
    assert (place.folder / "r.json").read_text() == (place.folder / "o.json").read_text()


WRONG = [
    (("-o", "incident:p.pdf"), "-o incident:p.pdf: end it in .html, .md, .txt, or in / for a folder"),
    (("-o", "incident:"), "where to? Write incident:PATH"),
    (("-o", "incident:r.json/p.html"), "r.json is no folder"),
    (("-o", "incident:r.json/"), "r.json is no folder"),
    (("-o", "incident:/proc/p.html"), "cannot be written"),
    (("-o", "incident:p.html", "-o", "p.html"), "2 reports would go to"),
    (("-o", "p.html", "--by", "colour"), "--by colour: findings can be grouped by owner; write --by owner"),
    (("no-such-scan", "-o", "incident:p.html"), "no scan is called no-such-scan"),
    (("--state", "nowhere.sqlite", "-o", "incident:p.html"), "nowhere.sqlite: no such state file"),
]


def test_what_cannot_be_is_one_line_and_writes_nothing(place: Place, store: Listing) -> None:
    scanned(place, (store, OWNER))
    before = place.files()
    for words, said in WRONG:
        ended = place.run("report", *(() if "--state" in words else STATE), *words)
        assert (2, before) == (ended.code, place.files()), words
        assert said in ended.mistake


def test_damaged_deadlines_stop_a_scan_before_anything_is_sent(place: Place, store: Listing) -> None:
    place.write("own/deadlines.toml", '[[deadline]]\nid = "x"\n')
    ended = place.run("scan", store.door, *STATE, *FAST, "--signatures", "own", "-o", "incident:p.html")
    assert (2, 0) == (ended.code, store.connections)
    assert all("own/deadlines.toml:1: '" in line for line in ended.err.splitlines())


def test_own_deadlines_stand_in_the_pack_of_a_later_report(place: Place, store: Listing) -> None:
    place.write("own/deadlines.toml", """[[deadline]]
id = "contract"
law = "Contract with the region"
where = ["SE"]
who = "the processor"
to = "the officer on duty"
hours = 4
limit = "within 4 hours"
counted_from = "detection"
when = "always"
source = "https://example.org/contract"
kind = "other"
read = "section 7"
as_of = 2026-11-01
""")
    scanned(place, (store, OWNER), more=("-o", "incident:now.md", "--signatures", "own"))
    assert "the processor: the officer on duty" in (place.folder / "now.md").read_text()
    ended = place.run("report", *STATE, "-o", "incident:later.md")
    assert ended.code == 0
    assert (place.folder / "now.md").read_text() == (place.folder / "later.md").read_text()
