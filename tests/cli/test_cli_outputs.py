"""What -o means: formats, places, standard output; and what is written where nothing was asked for."""

from __future__ import annotations

import csv
import json
import re
import stat

import jsonschema

from tests.cli.listing import Listing
from tests.cli.program import FAST, Place


def test_many_outputs_of_one_scan(place: Place, store: Listing) -> None:
    wanted = ("a/r.html", "a/r.json", "r.jsonl", "r.csv", "json:plain", "log:contacts.txt")
    ended = place.run("scan", store.door, *FAST, *(word for path in wanted for word in ("-o", path)))
    assert ended.code == 0
    assert {"a/r.html", "a/r.json", "r.jsonl", "r.csv", "plain", "contacts.txt"} == place.files()
    assert (place.folder / "a/r.json").read_text() == (place.folder / "plain").read_text()
    assert len(list(csv.reader((place.folder / "r.csv").read_text(encoding="utf-8-sig").splitlines()))) == 2
    assert [f"report: {path}" for path in wanted[:4]] + ["report: plain"] == ended.err.splitlines()[1:]


def test_reports_and_folders_are_for_their_owner_alone(place: Place, store: Listing) -> None:
    places = ("-o", "deep/er/r.html", "-o", "log:deep/log/contacts", "--state", "st/a/s.sqlite")
    place.run("scan", store.door, *FAST, *places)
    modes = {str(path.relative_to(place.folder)): stat.S_IMODE(path.stat().st_mode)
             for name in ("deep", "st") for path in [place.folder / name, *(place.folder / name).rglob("*")]}
    assert {0o600, 0o700} == set(modes.values())
    assert all(mode == (0o700 if (place.folder / path).is_dir() else 0o600) for path, mode in modes.items())


def test_without_o_the_reports_go_into_a_folder_of_the_scan(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, *FAST)
    found = re.findall(r"^report: reports/(\S+)/report\.(html|json)$", ended.err, re.MULTILINE)
    assert [name for _, name in found] == ["html", "json"]
    assert {f"reports/{found[0][0]}/report.html", f"reports/{found[0][0]}/report.json"} == place.files()


def test_a_contact_log_alone_does_not_take_the_place_of_a_report(place: Place, store: Listing) -> None:
    place.run("scan", store.door, *FAST, "-o", "log:contacts.txt")
    assert len(place.files()) == 3


def test_the_contact_log_has_a_line_for_each_contact_and_grows(place: Place, store: Listing) -> None:
    for _ in range(2):
        place.run("scan", store.door, *FAST, "-o", "log:contacts.txt", "-o", "r.json")
    lines = [json.loads(line) for line in (place.folder / "contacts.txt").read_text().splitlines()]
    assert store.connections == len(lines)
    assert {"time", "source", "address", "port", "host", "verb", "path_class", "sent", "received",
            "outcome"} == set(lines[0])
    assert {("127.0.0.1", store.port)} == {(line["address"], line["port"]) for line in lines}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["time"]) for line in lines)


def test_a_dash_gives_json_lines_and_nothing_else(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, *FAST, "-o", "-")
    kinds = [json.loads(line)["type"] for line in ended.out.splitlines()]
    assert (ended.code, kinds[0], kinds[1], kinds[-1]) == (0, "scan", "finding", "end")
    assert set() == place.files()


def test_json_to_standard_output_is_one_clean_document(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, *FAST, "-o", "json:-", "-o", "r.html", "-v")
    schema = json.loads(place.run("schema").out)
    jsonschema.validate(json.loads(ended.out), schema)
    assert {"r.html"} == place.files()


def test_the_contact_log_may_go_to_standard_output(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, *FAST, "-o", "log:-", "-o", "r.json")
    assert store.connections == len([json.loads(line) for line in ended.out.splitlines()])
    assert {"r.json"} == place.files()


def test_two_reports_never_share_a_place(place: Place, store: Listing) -> None:
    for pair in (("-", "json:-"), ("r.json", "html:./r.json"), ("log:-", "csv:-")):
        ended = place.run("scan", store.door, "-o", pair[0], "-o", pair[1])
        assert (ended.code, store.connections, "a place of its own" in ended.mistake) == (2, 0, True)


def test_an_ending_that_says_no_format(place: Place, store: Listing) -> None:
    for text in ("report", "r.pdf", "json:", "pdf:r.html", ".", ""):
        ended = place.run("scan", store.door, "-o", text)
        assert (2, 0, set()) == (ended.code, store.connections, place.files())
        assert ended.mistake.startswith(f"earshot: -o {text}:")


def test_a_real_report_keeps_to_the_schema(place: Place, store: Listing) -> None:
    place.run("scan", store.door, "nowhere.invalid", "--authorised-by", "the tests", *FAST, "-o", "r.json",
              "--show-names", "asked for by the data protection officer")
    schema = json.loads(place.run("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((place.folder / "r.json").read_text()), schema)
