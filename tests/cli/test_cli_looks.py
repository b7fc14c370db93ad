"""The commands that only look: plan, scope, doctor, schema, signatures. Nothing is sent to a target by any of them."""

from __future__ import annotations

import json
import re
from datetime import date

import jsonschema
import pytest

from tests.cli.listing import Listing
from tests.cli.program import Place, scope

FULL = """
[authorisation]
organisation = "Region Example"
authorised_by = "Chief information security officer"
valid_until = {until}
contact = "security@example.org"

[[target]]
what = ["192.0.2.0/24", "localhost:{port}", "127.0.0.9:{port}"]
exclude = ["192.0.2.13", "192.0.2.128/25"]
ports = [80, "8000-8002", {port}]

[limits]
window = "22:00-05:00"
zone = "Europe/Stockholm"
"""


def test_plan_says_all_that_would_be_touched_and_touches_nothing(place: Place, store: Listing) -> None:
    place.write("scope.toml", FULL.format(until=date(date.today().year + 1, 1, 1), port=store.port))
    ended = place.run("plan", "--scope", "scope.toml", "--profile", "gentle")
    assert (0, 0, {"scope.toml"}) == (ended.code, store.connections, place.files())
    for text in (
        "authorised by: Chief information security officer, Region Example, until ",
        "(+security@example.org; ",
        "targets: 3, 258 addresses, of which exclusions and denials take away 129",
        "192.0.2.0/24: 256 addresses", "excluded: 192.0.2.13", "excluded: 192.0.2.128/25",
        "localhost is pinned to 127.0.0.1",
        "connections to find open ports: 1,282 at most, about 26 s at 50 a second (gentle)",
        "only within 22:00-05:00, Europe/Stockholm",
        "probes: http",
        "6 at most while nothing is listed, about 2 s at 4 a second",
        "500 folders at most, 6 deep",
        "/robots.txt: ",
    ):
        assert text in ended.out, ended.out
    assert len(re.findall(r"^  /\S*/$", ended.out, re.MULTILINE)) == 6


def test_plan_shows_names_that_lead_where_the_scope_does_not_reach(place: Place) -> None:
    place.write("scope.toml", scope("nowhere.invalid", "exclude = []\n"))
    ended = place.run("plan", "--scope", "scope.toml")
    assert re.search(r"^  not nowhere\.invalid: .+; .+$", ended.out, re.MULTILINE)


@pytest.mark.parametrize("command", [("plan",), ("scope", "check", "127.0.0.1")], ids=["plan", "check"])
def test_a_context_word_that_no_list_has_is_told_with_the_one_that_is_meant(
    place: Place, command: tuple[str, ...]) -> None:
    place.write("scope.toml", scope("127.0.0.1", 'context = ["health", "social-legal", "helpnile", "zzyzx"]\n'))
    notes = [line for line in place.run(*command, "--scope", "scope.toml").err.splitlines() if "context" in line]
    assert 2 == len(notes)
    assert "scope.toml:" in notes[0]
    assert "the context 'helpnile' is in no list of words" in notes[0]
    assert "'helpline' is meant?" in notes[0]
    assert "one of the classes finance, health, home, hr, identity, minors, social-legal" in notes[1]


@pytest.mark.parametrize(("address", "line"), [
    ("127.0.0.1", "allowed  127.0.0.1  named by 127.0.0.0/29"),
    ("127.0.0.3", "refused  127.0.0.3  excluded by 127.0.0.3"),
    ("127.0.0.9", "refused  127.0.0.9  "),
    ("169.254.169.254", "refused  169.254.169.254  "),
    ("::ffff:127.0.0.3", "refused  ::ffff:127.0.0.3  "),
    ("files.example.org", "refused  files.example.org  files.example.org is no target"),
    ("\x1b[31mred", "refused  \\u{1b}[31mred  "),
])
def test_scope_check_says_why(place: Place, address: str, line: str) -> None:
    place.write("scope.toml", scope("127.0.0.0/29", 'exclude = ["127.0.0.3"]\n'))
    ended = place.run("scope", "check", address, "--scope", "scope.toml")
    assert (line.startswith("refused"), "") == (bool(ended.code), ended.err)
    assert ended.out.startswith(line)


def test_scope_check_of_several_is_1_where_one_is_refused(place: Place) -> None:
    ended = place.run("scope", "check", "127.0.0.1", "127.0.0.2", "--target", "127.0.0.1")
    assert (ended.code, [line.split()[0] for line in ended.out.splitlines()]) == (1, ["allowed", "refused"])


def test_probing_txt_is_what_rfc_9511_wants(place: Place) -> None:
    place.write("scope.toml", FULL.format(until=date(date.today().year + 1, 1, 1), port=80))
    where = "https://scan.example.org/.well-known/probing.txt"
    ended = place.run("scope", "probing-txt", "--scope", "scope.toml", "--canonical", where)
    assert ended.code == 0
    assert re.search(r"^Canonical: https://scan\.example\.org/\.well-known/probing\.txt\r?$", ended.out, re.MULTILINE)
    assert re.search(r"^Contact: mailto:security@example\.org\r?$", ended.out, re.MULTILINE)
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT", ended.out, re.MULTILINE)
    assert place.run("scope", "probing-txt").code == 2


def test_doctor_looks_at_everything_a_scan_needs(place: Place) -> None:
    ended = place.run("doctor")
    names = [line[6:].split(":")[0] for line in ended.out.splitlines()]
    assert names == ["file limit", "nmap", "privileges", "resolver", "clock", "state", "event loop", "python"]
    assert (0, set()) == (ended.code, place.files())


def test_doctor_finds_a_state_that_cannot_be_written(place: Place) -> None:
    place.write("file", "")
    ended = place.run("doctor", "--state", "file/below/s.sqlite")
    assert (ended.code, "BAD   state: file/below: cannot be written" in ended.out) == (2, True)


def test_doctor_finds_a_file_limit_that_is_too_low(place: Place) -> None:
    low = ("sh", "-c", 'ulimit -n 64; exec "$@"', "sh")
    assert ((ended := place.run("doctor", prefix=low)).code, "BAD   file limit: " in ended.out) == (2, True)


def test_the_schema_is_one(place: Place) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(place.run("schema").out))


def test_signatures_are_listed_shown_and_checked(place: Place) -> None:
    listed = place.run("signatures", "list")
    heading, *lines = listed.out.splitlines()
    ids = [line.split()[0] for line in lines]
    assert heading.split() == ["ID", "PRODUCT", "ANSWERS", "PROOF", "TITLE"]
    assert (sorted(ids), True) == (ids, "recording/number-only" in ids)
    assert f"{len(ids)} signatures, sha256 " in listed.err
    shown = place.run("signatures", "show", "listing/nginx-autoindex")
    assert (shown.code, shown.out.splitlines()[0]) == (0, "listing/nginx-autoindex")
    assert all(word in shown.out for word in ("Remedy: ", "  matches: ", "  does not match: "))
    assert "perhaps listing/nginx-autoindex" in place.run("signatures", "show", "nginx").mistake
    assert place.run("signatures", "check").out == "all signatures hold\n"


def test_signatures_check_of_what_is_not_there(place: Place) -> None:
    assert "nowhere: no such file or folder" in place.run("signatures", "check", "nowhere").mistake
