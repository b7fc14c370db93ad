"""The engine: files in, knowledge out; mistakes told by file and line."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import SignatureError
from scanner.model import Certainty
from scanner.signature import check, load
from scanner.signature.file import home, line_of, parse
from scanner.signature.pattern import compile_pattern, search

GOOD = """\
#:schema ../signature.schema.json
id = "recording/acme"
kind = "recording"
title = "Call recording named by Acme"
product = "Acme"
what = "call"
confidence = "probable"
rank = 5
remedy = "Move it out of the web root."
paths = ["/acme/calls/"]
mask = ["number"]

[[all]]
fact = "entry.name"
regex = [
  '^acme-',                    # a piece a line
  '(?P<number>\\d{10})\\.wav$',
]

[[example]]
why = "one call"
facts = {"entry.name" = 'acme-0701740605.wav'}
groups = {number = '0701740605'}

[[example]]
why = "no number"
matches = false
facts = {"entry.name" = 'acme-logo.wav'}
"""


def write(root: Path, text: str = GOOD, name: str = "recording/acme") -> Path:
    path = root / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def knowledge():
    return load()


def test_someones_own_signature_joins_the_built_in_ones(tmp_path, knowledge):
    write(tmp_path)
    both = load([tmp_path])
    assert knowledge.count + 1 == both.count
    assert knowledge.sha256 != both.sha256
    [(grammar, groups), *others] = both.recordings("acme-0701740605.wav")
    assert {"path"} == {other.needs for other, _ in others}
    assert (grammar.id, groups) == ("recording/acme", {"number": "0701740605"})
    assert grammar.signature.confidence == Certainty.PROBABLE
    assert "/acme/calls/" in both.asks()


def test_two_of_someones_own_classes_may_name_the_same_group(tmp_path):
    for name in ("one", "two"):
        write(tmp_path, f"""\
id = "files/acme-{name}"
kind = "files"
title = "Files of Acme's"
class = "acme"
dpc = 0.0
rank = 1
[[all]]
fact = "entry.name"
regex = '^acme-(?P<number>\\d)-{name}$'
[[example]]
why = "one of them"
facts = {{"entry.name" = "acme-1-{name}"}}
[[example]]
why = "no number"
matches = false
facts = {{"entry.name" = "acme-x-{name}"}}
""", f"files/acme-{name}")
    assert check(tmp_path) == []
    assert load([tmp_path]).files_of("acme-1-two").id == "files/acme-two"


def test_the_same_files_give_the_same_hash(tmp_path, knowledge):
    copy = tmp_path / "signatures"
    shutil.copytree(home(), copy)
    assert check(copy) == []
    assert len(knowledge.sha256) == 64


def test_a_duplicate_is_an_error_that_names_both_files(tmp_path):
    path = write(tmp_path, (home() / "recording/3cx.toml").read_text(), "recording/3cx")
    with pytest.raises(SignatureError, match=rf"{path}:2: 'recording/3cx' is there already: .*3cx\.toml"):
        load((tmp_path,))


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SignatureError, match="no such folder; name a folder"):
        load((tmp_path / "nowhere",))


MISTAKES = [
    ('what = "call"', 'what = "call"\nsevrity = "high"', 7, "unknown key 'sevrity'"),
    ('title = "Call recording named by Acme"', "", 1, "'title' is missing"),
    ('kind = "recording"', 'kind = "recodring"', 3, "kind is none of access, context"),
    ('id = "recording/acme"', 'id = "recording/other"', 2, "lies at 'recording/acme'"),
    ("'^acme-',", "'^(?=acme)-',", 15, "RE2 cannot take this pattern"),
    ('mask = ["number"]', 'mask = ["caller"]', 11, "mask names groups that the grammar does not have: caller"),
    ('paths = ["/acme/calls/"]', 'paths = ["/acme/calls"]', 10, "'/acme/calls' is no directory path"),
    ('paths = ["/acme/calls/"]', 'paths = ["/samtal för/"]', 10, "not quoted"),
    ('fact = "entry.name"', 'fact = "entry.nmae"', 14, "no probe reports 'entry.nmae'"),
    ('fact = "entry.name"', 'fact = "http.server"', 14, "kind 'recording' is not decided by 'http.server'"),
    ("rank = 5", "rank = 5000", 8, "'rank'"),
    ("rank = 5", "rank = ", 8, "Invalid value"),
    ("rank = 5", 'confidence = "certain"', 8, "Cannot overwrite a value"),
    ("matches = false", "", 20, "its nearest neighbour that does not"),
    ('why = "one call"\n', "", 20, "'example.why' is missing"),
    ('why = "no number"\n', "", 25, "'example.why' is missing"),
    ('[[all]]\nfact', '[all]\nfact', 13, "'all': Input should be a valid tuple"),
    ('confidence = "probable"', 'confidence = "sure"', 7, "confidence is none of possible, probable, certain"),
    ('confidence = "probable"', 'confidence = 1', 7, "confidence is none of possible, probable, certain"),
    ('what = "call"', 'what = "noise"', 6, "'what': Input should be 'call'"),
    ('remedy = "Move it out of the web root."', "", 1, "'remedy' is missing"),
    ('product = "Acme"', "", 1, "'product' is missing"),
    ('product = "Acme"', "product = 1", 5, "'product': Input should be a valid string"),
    ('title = "Call recording named by Acme"', 'title = Call', 4, "no TOML: Invalid value"),
    ('[[all]]', '[[all]', 13, "no TOML: "),
    ('  \'(?P<number>', '  1, \'(?P<number>', 15, "'all.regex': Input should be a valid string"),
    ("'acme-0701740605.wav'", "'acme-0701740.wav'", 21, "'one call' does not match"),
    ("'acme-logo.wav'", "'acme-0701740606.wav'", 26, "'no number' matches"),
    ("groups = {number = '0701740605'}", "groups = {number = '1'}", 21, "group number is '0701740605', not '1'"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), MISTAKES, ids=[said for _, _, _, said in MISTAKES])
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line, said):
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    problem = check(path)[0]
    assert problem.startswith(f"{path}:{line}: ")
    assert said in problem


SHELF = """\
id = "product/acme"
kind = "product"
title = "An Acme Shelf is in reach"
product = "Acme Shelf"
remedy = "Put a login before it."
list = "jupyter"

[[all]]
fact = "http.location"
regex = '^(?P<base>/.*)?/shelf/$'

[[example]]
why = "below a path"
facts = {"http.location" = '/of/acme/shelf/'}
groups = {base = '/of/acme'}

[[example]]
why = "another shelf"
matches = false
facts = {"http.location" = '/shelves/'}
"""


def test_a_recognised_product_says_how_it_may_be_listed(tmp_path):
    write(tmp_path, SHELF, "product/acme")
    assert check(tmp_path) == []
    known = load([tmp_path])
    assert ("jupyter:/of/acme/",) == known.ways({"http.location": "/of/acme/shelf/"})
    assert ("jupyter",) == known.ways({"http.location": "/shelf/"})
    assert () == known.ways({"http.location": "/shelves/"})


@pytest.mark.parametrize(("old", "new", "said"), [
    ('list = "jupyter"', 'list = "hfs"\nneeds = "login"', "write 'list' or 'needs', not both"),
    ('list = "jupyter"', 'list = "ftp"', "no list endpoint is called 'ftp'; known ones: "),
    ('list = "jupyter"', 'needs = "patience"', "'needs': "),
    ('list = "jupyter"', 'unproven = "yes, but"', "'unproven': "),
    ('product/acme"\nkind = "product', 'access/acme"\nkind = "access', "are said of products and listings"),
], ids=lambda text: text[:30])
def test_a_mistake_in_how_a_product_is_listed_is_told(tmp_path, old, new, said):
    assert old in SHELF
    name = "access/acme" if "access" in new else "product/acme"
    [problem] = check(write(tmp_path, SHELF.replace(old, new), name))
    assert said in problem


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path):
    write(tmp_path, GOOD.replace('what = "call"', 'what = "noise"\nextra = 1'))
    write(tmp_path, "id = ", "files/broken")
    told = {":".join(problem.rpartition("/")[2].split(":")[:2]) for problem in check(tmp_path)}
    assert {"broken.toml:1", "acme.toml:6", "acme.toml:7"} == told


def test_a_condition_that_no_example_needs_is_told(tmp_path):
    idle = '\n[[none]]\nfact = "entry.name"\nregex = "xyz"\n\n[[example]]\nwhy = "one call"'
    path = write(tmp_path, GOOD.replace('\n[[example]]\nwhy = "one call"', idle))
    [problem] = check(path)
    assert problem.startswith(f"{path}:21: without [[none]] number 1 every example gets the same verdict")


@pytest.mark.parametrize(("data", "line", "said"), [
    (b'id = "recording/\xff"\n', 1, "not UTF-8"),
    (b'id = "recording/acme"\ntitle = "l\xf6sning"\n', 2, "not UTF-8"),
    (GOOD.encode("utf-16"), 1, "not UTF-8"),
    (b"#" * (256 * 1024 + 1), 1, "is no signature"),
], ids=["bytes", "latin", "sixteen bits", "size"])
def test_a_file_that_is_no_text_is_told(tmp_path, data, line, said):
    path = write(tmp_path)
    path.write_bytes(data)
    [problem] = check(path)
    assert problem.startswith(f"{path}:{line}: ")
    assert said in problem


def test_a_mark_of_the_encoding_is_no_mistake(tmp_path):
    path = write(tmp_path)
    path.write_bytes(GOOD.encode("utf-8-sig"))
    assert [] == check(path)


def test_what_is_no_file_is_told_and_not_waited_for(tmp_path):
    write(tmp_path)
    (tmp_path / "recording" / "folder.toml").mkdir()
    odd = ["folder"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "recording" / "pipe.toml")
        odd.append("pipe")
    said = [f"{tmp_path / 'recording' / name}.toml:1: no file; move it away, or make it a file of text" for name in odd]
    assert said == check(tmp_path)
    with pytest.raises(SignatureError, match="no file; move it away"):
        load((tmp_path,))


def test_a_folder_without_signatures_is_told(tmp_path):
    assert [f"{tmp_path}: no signature in it; they lie in folders by kind, such as {tmp_path}/recording/NAME.toml"] == \
        check(tmp_path)


def test_a_file_that_would_not_be_read_is_told(tmp_path):
    write(tmp_path)
    lost = write(tmp_path, GOOD, "acme")
    deep = write(tmp_path, GOOD, "recording/old/acme")
    said = "1: not read here; a signature lies at"
    assert [f"{lost}:{said}", f"{deep}:{said}"] == [p[:p.index(said) + len(said)] for p in check(tmp_path)]
    with pytest.raises(SignatureError, match="not read here"):
        load((tmp_path,))


def test_a_name_that_a_built_in_signature_has_is_told(tmp_path):
    path = write(tmp_path, GOOD.replace("recording/acme", "recording/3cx"), "recording/3cx")
    [problem] = check(path)
    assert problem.startswith(f"{path}:2: 'recording/3cx' is there already: ")


def test_a_broken_pattern_of_someones_own_stops_the_loading(tmp_path):
    path = write(tmp_path, GOOD.replace("'^acme-',", "'^(acme-',").replace('mask = ["number"]', ""))
    with pytest.raises(SignatureError, match=rf"{path}:15: RE2 cannot take this pattern: missing \)"):
        load((tmp_path,))


@pytest.mark.parametrize(("place", "line"), [
    (("title",), 4), (("all", 0, "regex"), 15), (("example", 1, "why"), 26),
    (("example", 0, "facts", "entry.name"), 22),    (("paths", 0), 10), (("nowhere",), 1),
])
def test_a_place_is_found_in_the_text(place, line):
    assert line == line_of(GOOD, place)


LINES = GOOD.splitlines()
PIECES = st.sampled_from([
    *LINES, "", "[", "]]", "all = 1", "example = []", "regex = [1]", "x = nan", "[[all]]", '"" = 1', "facts = 3",
    "rates.wav = {low = 1}", 'kind = "files"', 'kind = "context"', "words = {en = 1}",
])


@given(st.lists(PIECES, max_size=8), st.integers(0, len(LINES)), st.integers(0, 6))
def test_whatever_a_file_says_it_is_a_signature_or_told_by_line(pieces, start, length):
    text = "\n".join([*LINES[:start], *pieces, *LINES[start + length:]])
    path = Path("recording/acme.toml")
    try:
        parse(text, path)
    except SignatureError as error:
        for line in str(error).splitlines():
            assert re.match(r"recording/acme\.toml:\d+: \S", line)


@given(st.text(max_size=300))
def test_whatever_a_name_holds_it_is_judged(text):
    known = load()
    assert known.kind_of(text)
    assert all(grammar.match(text) == groups for grammar, groups in known.recordings(text))
    assert isinstance(known.words_in(text), dict)


def test_a_lone_surrogate_in_a_name_is_no_error(knowledge):
    assert search(compile_pattern("^.\\.wav$"), "\udcff.wav") == {}
    assert knowledge.kind_of("\udcff.wav") == "audio"
    assert knowledge.recordings("\udcff\ud800.bin") == []


@pytest.mark.parametrize(("folder", "expected"), [("/recordings/", False), ("/recordings/a/", True), ("/", True)])
def test_a_folder_may_speak_against_a_grammar(tmp_path, folder, expected):
    against = '[[none]]\nfact = "entry.path"\nregex = "^/recordings/$"\n\n[[example]]\nwhy = "one call"'
    held = '\n[[example]]\nwhy = "kept out"\nmatches = false\n' \
        'facts = {"entry.name" = "acme-0701740605.wav", "entry.path" = "/recordings/"}\n'
    path = write(tmp_path, GOOD.replace('[[example]]\nwhy = "one call"', against) + held)
    assert [] == check(path)
    [grammar] = [g for g in load([tmp_path]).grammars if g.id == "recording/acme"]
    assert "path" == grammar.needs
    assert {"number": "0701740605"} == grammar.match("acme-0701740605.wav")
    assert expected == grammar.confirmed({"entry.path": folder})
