"""Flag before variable before scope file."""

from __future__ import annotations

import json

import pytest

from tests.cli.listing import Listing
from tests.cli.program import FAST, Place, scope
from tests.ports import free


def told(place: Place, name: str = "r.json") -> dict[str, object]:
    """The report's word on its scan."""
    scan = json.loads((place.folder / name).read_text())["scan"]
    assert isinstance(scan, dict)
    return scan


@pytest.mark.parametrize(("flag", "variable", "in_file", "profile"), [
    (None, None, None, "standard"), (None, None, "gentle", "gentle"), (None, "thorough", "gentle", "thorough"),
    ("standard", "thorough", "gentle", "standard"), ("thorough", None, "gentle", "thorough"),
    (None, "", "gentle", "gentle")])
def test_a_word(place: Place, flag: str | None, variable: str | None, in_file: str | None, profile: str) -> None:
    door = f"127.0.0.1:{free()}"
    place.write("scope.toml", scope(door, f'[scan]\nprofile = "{in_file}"\n' if in_file else ""))
    place.run("scan", "--scope", "scope.toml", *FAST, "-o", "r.json", *(("--profile", flag) if flag else ()),
              env={} if variable is None else {"EARSHOT_PROFILE": variable})
    assert profile == told(place)["profile"]


@pytest.mark.parametrize(("flag", "variable", "in_file", "code"), [
    ((), None, "", 0), ((), None, "fail_on_gaps = true", 3), ((), "0", "fail_on_gaps = true", 0), ((), "1", "", 3),
    (("--no-fail-on-gaps",), "1", "fail_on_gaps = true", 0), (("--fail-on-gaps",), "0", "", 3)])
def test_yes_and_no(place: Place, flag: tuple[str, ...], variable: str | None, in_file: str, code: int) -> None:
    with Listing({"/": ["a/", "b.wav", "c.wav", "d.wav"]}, status=500) as broken:
        place.write("scope.toml", scope(broken.door, f"[scan]\n{in_file}\n"))
        ended = place.run("scan", "--scope", "scope.toml", *FAST, "-o", "r.json", *flag,
                          env={} if variable is None else {"EARSHOT_FAIL_ON_GAPS": variable})
    assert code == ended.code


@pytest.mark.parametrize(("flag", "variable", "in_file", "rate"), [
    ((), {}, "", "500"), ((), {}, "rate = 70", "70"), ((), {"EARSHOT_RATE": "80"}, "rate = 70", "80"),
    (("--rate", "90"), {"EARSHOT_RATE": "80"}, "rate = 70", "90")])
def test_a_limit(place: Place, flag: tuple[str, ...], variable: dict[str, str], in_file: str, rate: str) -> None:
    place.write("scope.toml", scope("127.0.0.1", f"[limits]\n{in_file}\n"))
    assert f"at {rate} a second (standard)" in place.run("plan", "--scope", "scope.toml", *flag, env=variable).out


def test_where_reports_go(place: Place, store: Listing) -> None:
    place.write("scope.toml", scope(store.door, '[scan]\noutput = ["file.json", "file.html"]\nstate = "s.sqlite"\n'))
    words = ("scan", "--scope", "scope.toml", *FAST)
    place.run(*words)
    assert {"scope.toml", "file.json", "file.html", "s.sqlite", "s.sqlite.lock"} == place.files()
    place.run(*words, env={"EARSHOT_OUTPUT": "variable.json variable.csv"})
    place.run(*words, "-o", "flag.json", env={"EARSHOT_OUTPUT": "never.json"})
    assert {"variable.json", "variable.csv", "flag.json"} < place.files()
    assert "never.json" not in place.files()


def test_a_whole_command_line_in_variables(place: Place, store: Listing) -> None:
    place.write("scope.toml", scope(store.door))
    ended = place.run("scan", env={
        "EARSHOT_SCOPE": "scope.toml", "EARSHOT_RATE": "5000", "EARSHOT_HOST_RATE": "5000", "EARSHOT_OUTPUT": "r.json",
        "EARSHOT_STATE": ":memory:", "EARSHOT_FAIL_ON": "low", "EARSHOT_QUIET": "1",
        "EARSHOT_CONTACT": "security@example.org",
        "EARSHOT_SHOW_NAMES": "wanted by the data officer", "EARSHOT_MAX_DURATION": "30s", "EARSHOT_MAX_DEPTH": "9"})
    assert (1, "", {"scope.toml", "r.json"}) == (ended.code, ended.err, place.files())
    assert told(place)["show_names_reason"] == "wanted by the data officer"


def test_exclusions_of_a_variable_add_to_those_typed(place: Place) -> None:
    ended = place.run("plan", "127.0.0.0/30", "--exclude", "127.0.0.1", env={"EARSHOT_EXCLUDE": "127.0.0.2 127.0.0.3"})
    assert "take away 3" in ended.out


def test_a_mistake_in_a_variable_names_it(place: Place) -> None:
    ended = place.run("scan", "127.0.0.1:1", env={"EARSHOT_RATE": "fast"})
    assert (ended.code, "EARSHOT_RATE" in ended.mistake) == (2, True)
    assert "EARSHOT_EXCLUDE: '1.2.3'" in place.run("scan", "127.0.0.1:1", env={"EARSHOT_EXCLUDE": "1.2.3"}).mistake
