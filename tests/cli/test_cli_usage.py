"""Bad input: exit 2, one line that names the place and what would be right, and nothing sent."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.cli.listing import Listing
from tests.cli.program import FAST, Place

YESTERDAY = date.today() - timedelta(days=1)
GRANT = '[authorisation]\norganisation = "Region Example"\nauthorised_by = "CISO"\ncontact = "security@example.org"\n'


@pytest.mark.parametrize(("word", "says"), [
    ("192.0.2.1/33", "command line: '192.0.2.1/33'"),
    ("192.0.2.300", "ends in a number"),
    ("pbx.example.7", "ends in a number"),
    ("0x7f.1", "command line: '0x7f.1'"),
    ("2001:db8::/64", "/112"),
    ("a b", "white space"),
    ("files example.org", "white space"),
    ("user@example.org", "mail address"),
    ("192.0.2.1,192.0.2.2", "holds ','"),
    ("gopher://192.0.2.1/", "command line: 'gopher://192.0.2.1/'"),
    ("", "is empty"),
    ("127.0.0.1:99999", "command line: '127.0.0.1:99999'"),
    ("[::1]", "brackets and no port"),
    ("\x1b[31m", "\\u{1b}"),
    ("169.254.169.254", "never contacted"),
])
def test_a_target_of_no_known_form_is_refused(place: Place, store: Listing, word: str, says: str) -> None:
    ended = place.run("scan", store.door, "--state", "s.sqlite", "--", word)
    assert (2, 0, set()) == (ended.code, store.connections, place.files())
    assert says in ended.mistake
    assert "\x1b" not in ended.err


def test_a_bad_line_of_a_list_is_named_by_its_number(place: Place, store: Listing) -> None:
    text = f"# doors\n{store.door}\n192.0.2.0/99\n"
    of_file = place.run("scan", "-l", str(place.write("targets.txt", text)))
    of_input = place.run("scan", "-l", "-", stdin=text.encode())
    assert (of_file.code, of_input.code, store.connections) == (2, 2, 0)
    assert "targets.txt:3: '192.0.2.0/99'" in of_file.mistake
    assert "standard input:3: '192.0.2.0/99'" in of_input.mistake


def test_a_good_list_is_scanned(place: Place, store: Listing) -> None:
    ended = place.run("scan", "-l", "-", *FAST, "-o", "r.json", stdin=f"{store.door}  # the store\n".encode())
    assert (ended.code, "25 call recordings" in ended.out) == (0, True)


@pytest.mark.parametrize(("text", "says"), [
    ('[[target]]\nwhat = ["{door}"]\nexlude = ["127.0.0.1"]\n',
     r"scope\.toml:3: unknown key 'exlude'.*`exclude` is meant"),
    (GRANT + f"valid_until = {YESTERDAY}\n" + '[[target]]\nwhat = ["{door}"]\n', r"scope\.toml:5: .*expired on"),
    (GRANT, r"scope\.toml: names no target"),
    ("", r"scope\.toml: names no target"),
    ('[[target]]\nwhat = ["{door}" 7]\n', r"scope\.toml: is no valid TOML.*line 2"),
    ('[[target]]\nwhat = ["{door}", "2001:db8::/48"]\n', r"scope\.toml:2: '2001:db8::/48'"),
    ('[[target]]\nwhat = ["{door}"]\n[scan]\nfail_on = "grave"\n', r"scope\.toml:4: `fail_on` is 'grave'"),
    ('[[target]]\nwhat = ["{door}"]\n[limits]\nwindow = "22-05"\n', r"scope\.toml:\d: .*window"),
])
def test_a_scope_file_with_a_mistake_sends_nothing(place: Place, store: Listing, text: str, says: str) -> None:
    file = place.write("scope.toml", text.replace("{door}", store.door))
    ended = place.run("scan", "--scope", file.name)
    assert (ended.code, store.connections) == (2, 0)
    assert re.search(says, ended.mistake)
    assert place.run("plan", "--scope", file.name).code == 2


def test_a_scope_file_that_is_not_there(place: Place) -> None:
    ended = place.run("scan", "--scope", "none.toml")
    assert (ended.code, "none.toml: cannot be read" in ended.mistake) == (2, True)


def test_nothing_to_scan(place: Place) -> None:
    ended = place.run("scan")
    assert (ended.code, "nothing to scan" in ended.mistake) == (2, True)


def test_a_signature_file_with_a_mistake_sends_nothing(place: Place, store: Listing) -> None:
    place.write("own/listing/mine.toml", 'title = "mine"\nkind = "listing"\n\n[[all]]\nfact = "no.such"\nregex = "("\n')
    ended = place.run("scan", store.door, "--signatures", "own")
    assert (ended.code, store.connections) == (2, 0)
    assert re.match(r"earshot: own/listing/mine\.toml:\d+: ", ended.err)


def test_signatures_check_shows_all_mistakes_at_once(place: Place) -> None:
    place.write("own/listing/one.toml", 'title = 7\nkind = "listing"\n')
    place.write("own/listing/two.toml", 'title = "two"\nkind = "listing"\n[[all]]\nfact = "http.title"\nregex = "("\n')
    ended = place.run("signatures", "check", "own")
    assert ended.code == 2
    for name in ("one", "two"):
        assert re.search(rf"^own/listing/{name}\.toml:\d+: ", ended.err, re.MULTILINE)


@pytest.mark.parametrize("words", [
    ("--profile", "reckless"), ("--rate", "nan"), ("--rate", "inf"), ("--rate", "0"), ("--rate", "-1"), ("--rate", "x"),
    ("--host-rate", "1e99"), ("--max-depth", "0"), ("--max-pages", "some"), ("--max-duration", "soon"),
    ("--max-duration", "0s"), ("--max-listing-bytes", "1XB"), ("--ports", "0"), ("--ports", "80-70"),
    ("--ports", "http"),
    ("--exclude", "256.1.1.1"), ("--discover", "masscan"), ("--show-names", ""), ("--show-names", "-o"),
    ("--contact", "a\nb"), ("--signatures", "nowhere"), ("--frobnicate",), ("-o",), ("--fail-on-gaps=7",),
])
def test_an_option_that_cannot_be_is_one_line(place: Place, store: Listing, words: tuple[str, ...]) -> None:
    ended = place.run("scan", store.door, "--state", "s.sqlite", *words)
    assert (ended.code, store.connections, ended.out) == (2, 0, "")
    assert ended.mistake.startswith("earshot: ")


@pytest.mark.parametrize("words", [
    ("diff", "a", "b"), ("diff",), ("diff", "--new", "a"), ("scan", "127.0.0.1:1", "--new-only"),
    *((("scan", "127.0.0.1:1", "-o", text)) for text in ("r.sarif", "r.md", "junit:r.xml", "sarif:-")),
])
def test_what_is_reserved_says_so_in_one_line(place: Place, words: tuple[str, ...]) -> None:
    ended = place.run(*words)
    assert (2, "", set()) == (ended.code, ended.out, place.files())
    assert "is reserved for" in ended.mistake


def test_large_scans_must_say_how_long(place: Place) -> None:
    ended = place.run("scan", "10.0.0.0/8", "--authorised-by", "the tests")
    assert (ended.code, "--max-duration 8h" in ended.mistake) == (2, True)


def test_missing_authorisation_prints_a_scope_file_that_works(place: Place) -> None:
    ended = place.run("scan", "192.0.2.7", "files.example.org", "--exclude", "192.0.2.9")
    assert ended.code == 2
    head, _, paste = ended.err.partition("\n\n")
    assert "public" in head
    for key in ("organisation", "authorised_by", "contact"):
        paste = paste.replace(f'{key} = ""', f'{key} = "Example"', 1)
    place.write("scope.toml", paste)
    checked = place.run("scope", "check", "192.0.2.7", "--scope", "scope.toml")
    assert (checked.code, checked.out[:18]) == (0, "allowed  192.0.2.7")
    assert place.run("scope", "check", "192.0.2.9", "--scope", "scope.toml").code == 1


def test_private_addresses_need_somebodys_word(place: Place) -> None:
    assert place.run("plan", "10.1.2.3").code == 2
    assert place.run("plan", "10.1.2.3", "--authorised-by", "the tests").code == 0
