"""`--help`: quick, the few that everyone needs first, limits in a panel of their own."""

from __future__ import annotations

import re

import pytest

import scanner
from tests.cli.program import Place

COMMANDS = ("demo", "plan", "scan", "report", "history", "forget", "doctor", "score", "schema", "signatures", "scope")
WIDE = {"COLUMNS": "200", "TERM": "xterm"}
LIMITS = {"--rate", "--host-rate", "--max-duration", "--max-listing-bytes", "--max-depth", "--max-pages"}
PANEL = re.compile(r"^╭─ (.*?) ─+╮$(.*?)^╰", re.MULTILINE | re.DOTALL)


def panels(text: str) -> dict[str, list[str]]:
    """Panel -> the long options in it, in their order."""
    return {name: re.findall(r"^│ (--[\w-]+)", body, re.MULTILINE) for name, body in PANEL.findall(text)}


def test_help_imports_no_working_room(place: Place) -> None:
    rooms = ("scanner.net", "scanner.probes", "scanner.scope", "scanner.signature", "scanner.state", "scanner.census",
             "httpx", "pydantic", "jinja2", "re2", "phonenumbers")
    ended = place.run("--help", env={"PYTHONPROFILEIMPORTTIME": "1"})
    imported = {line.rpartition("|")[2].strip() for line in ended.err.splitlines()}
    assert set() == imported & set(rooms)
    assert 45 > len([name for name in imported if name.startswith("scanner")])    # quick because it is little


def test_every_command_of_the_contract_is_listed_and_helps(place: Place) -> None:
    whole = place.run("--help", env=WIDE).out
    for command in COMMANDS:
        assert re.search(rf"^│ {command} ", whole, re.MULTILINE)
        assert place.run(command, "--help").code == 0
    assert "diff" not in whole
    assert "Exit codes: 0 done, 1 findings" in whole


def test_scan_shows_the_few_first_and_limits_apart(place: Place) -> None:
    found = panels(place.run("scan", "--help", env=WIDE).out)
    assert list(found) == ["Arguments", "Options", "Limits", "More"]
    assert len(found["Options"]) <= 10
    assert {"--scope", "--list", "--output", "--authorised-by"} <= set(found["Options"])
    assert set(found["Limits"]) == LIMITS
    assert {"--by", "--fail-on-gaps", "--contact", "--state", "--fresh", "--show-names", "--signatures", "--discover",
            "--ssh-none", "--quiet", "--verbose", "--no-progress"} == set(found["More"])


def test_brackets_in_help_are_shown(place: Place) -> None:
    assert "[v6]:port" in place.run("scan", "--help", env=WIDE).out


def test_the_version_is_said(place: Place) -> None:
    assert f"earshot {scanner.__version__}\n" == place.run("--version").out


@pytest.mark.parametrize("words", [(), ("signatures",), ("scope",)])
def test_no_command_shows_help_once_and_is_a_usage_error(place: Place, words: tuple[str, ...]) -> None:
    ended = place.run(*words)
    assert (ended.code, (ended.out + ended.err).count("Usage: ")) == (2, 1)
