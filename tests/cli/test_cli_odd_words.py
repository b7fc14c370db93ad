"""Odd words on the command line: whatever is typed, the program ends with a code of the contract and says why."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pytest

from tests.cli.program import Ended, Place

WORDS = (
    "", " ", "-", "--", "---", "-x", "-o", "-l", "-l-", "--help=7", "--scope", "--scope=", "--scope=.",
    "--scope=/dev/null", "=", "--rate=", "--rate=1e400", "--rate=-0", "--max-depth=1e3", "--max-depth=٣",
    "--max-pages=" + "9" * 5000, "--fail-on=", "--ports=,", "--ports=1-99999", "--ports=٨٠", "--exclude=",
    "--exclude=!", "--signatures=/dev/null", "--state=/dev/null", "--state=.", "--state=", "--contact=\r\nX: y",
    "--contact=" + "x" * 300, "--contact=(", "--contact=) \\",
    "--max-duration=9999999999999d", "--max-listing-bytes=-1", "--discover=", "127.0.0.1:0", "127.0.0.1:65536",
    "127.0.0.1:-1", "127.1", "0177.0.0.1", "0x7f000001", "2130706433", "127.0.0.1/", "127.0.0.1/-1", "127.0.0.1/08",
    "127.0.0.9-1", "[::1", "::1]", "[::1]:", "[::1%lo]:80", "fe80::1%eth0", "::/0", "1.2.3.4.5", "http://",
    "http:///x", "http://[", "http://a b/", "http://127.0.0.1:1/../..", "http://u:p@127.0.0.1/", "file:///etc/passwd",
    "javascript:alert(1)", "s3://", "s3://@", "//", "\\\\host\\share", "C:\\x", "a..b", ".", "..", "-.-",
    "x" * 70_000, "ü" * 300, "xn--a", "\x1b[2J", "[/red]", "[link=x]", "{0}", "%s", "%00", "\udcff\udcfe", "\u202e",
    "\ufeff127.0.0.1", "１２７.0.0.1", "٣", "a\nb", "a\tb", "'; DROP TABLE scan; --", "$(id)", "`id`", "~", "*", "@x",
    "+", "json:", "json:/", "log:/", "html:-", ":memory:",
)
SCANS = ("scan", "127.0.0.1:1", "--state")                     # each a scan of a closed port
COMMANDS = (
    ("scan",), ("scan", "-o"), ("scan", "--scope"), ("scan", "-l"), ("scan", "127.0.0.1:1", "--state"), ("plan",),
    ("plan", "-l"), ("plan", "127.0.0.1", "--exclude"), ("report",), ("report", "-o"), ("report", "-o", "r.json"),
    ("forget",), ("diff",), ("history",), ("history", "--state"), ("signatures",), ("signatures", "show"),
    ("signatures", "check"), ("signatures", "list", "--signatures"), ("scope", "check", "--target", "127.0.0.1"),
    ("scope", "probing-txt", "--scope"), ("doctor", "--state"), ("schema",), ("demo", "-o"), (),
)
MAIN = (("scan",), ("plan",), ("report",))
HOLD_MUCH = ("//", ".", "..", "~", "--scope=.")                  # folders that hold other people's files


def told(place: Place, lines: Iterable[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], Ended]]:
    """Run every command line in a process of its own."""
    for words in lines:
        yield words, place.run(*words)


def odd(command: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The command with every odd word; those are left out that would really do something, as they ought to."""
    if command == ("demo", "-o"):
        return [(*command, word) for word in ("/dev/null/x", "x" * 70_000, "\udcff/" * 3000)]
    if command == SCANS:
        return [(*command, word) for word in WORDS[::4]]
    of_signatures = command[:1] == ("signatures",)
    words = WORDS if command in MAIN else WORDS[COMMANDS.index(command) % 2::2]     # every word for many of them
    return [(*command, word) for word in words if not (of_signatures and word in HOLD_MUCH)]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_word_breaks_a_command(place: Place, command: tuple[str, ...]) -> None:
    for words, one in told(place, odd(command)):
        assert one.code in (0, 1, 2), (words, one)
        assert "internal error" not in one.err, (words, one)
        assert one.code != 2 or one.err or one.out, (words, one)
        assert not any(character in one.out + one.err for character in "\x1b\u202e\ufeff"), (words, one)
        if one.code != 0 and command not in ((), ("signatures",)) and "[[target]]" not in one.err:
            assert one.err.count("\n") <= 3, (words, one)


@pytest.mark.timeout(120)
def test_no_two_words_break_plan(place: Place) -> None:
    pairs = list(itertools.permutations(WORDS, 2))[::67]
    for words, one in told(place, (("plan", *pair) for pair in pairs)):
        assert one.code in (0, 2), (words, one)
        assert "internal error" not in one.err, (words, one)
