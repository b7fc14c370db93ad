"""The engine: files in, knowledge out; mistakes told by file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import SignatureError
from scanner.model import Certainty, Severity, Vantage
from scanner.signature import Recording, check, load
from scanner.signature.file import home, line_of, parse
from scanner.signature.pattern import compile_pattern, search
from scanner.signature.score import read_score
from scanner.signature.words import Lexicon, Meaning, spellings

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
    [(grammar, groups)] = both.recordings("acme-0701740605.wav")
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
    with pytest.raises(SignatureError, match=rf"{path}:1: 'recording/3cx' is there already: .*3cx\.toml"):
        load((tmp_path,))


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SignatureError, match="no such folder; name a folder"):
        load((tmp_path / "nowhere",))


MISTAKES = [
    ('what = "call"', 'what = "call"\nsevrity = "high"', 7, "unknown key 'sevrity'"),
    ('title = "Call recording named by Acme"', "", 1, "'title' is missing"),
    ('kind = "recording"', 'kind = "recodring"', 1, "kind is none of access, context"),
    ('id = "recording/acme"', 'id = "recording/other"', 2, "lies at 'recording/acme'"),
    ("'^acme-',", "'^(?=acme)-',", 15, "RE2 cannot take this pattern"),
    ('mask = ["number"]', 'mask = ["caller"]', 1, "mask names groups that the grammar does not have: caller"),
    ('paths = ["/acme/calls/"]', 'paths = ["/acme/calls"]', 10, "'/acme/calls' is no directory path"),
    ('paths = ["/acme/calls/"]', 'paths = ["/samtal för/"]', 10, "not quoted"),
    ('fact = "entry.name"', 'fact = "entry.nmae"', 14, "no probe reports 'entry.nmae'"),
    ('fact = "entry.name"', 'fact = "http.server"', 1, "kind 'recording' is not decided by 'http.server'"),
    ("rank = 5", "rank = 5000", 8, "'rank'"),
    ("rank = 5", "rank = ", 8, "Invalid value"),
    ("rank = 5", 'confidence = "certain"', 8, "Cannot overwrite a value"),
    ("matches = false", "", 1, "its nearest neighbour that does not"),
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
    (b"#" * (256 * 1024 + 1), 1, "is no signature"),
], ids=["bytes", "size"])
def test_a_file_that_is_no_text_is_told(tmp_path, data, line, said):
    path = write(tmp_path)
    path.write_bytes(data)
    [problem] = check(path)
    assert problem.startswith(f"{path}:{line}: ")
    assert said in problem


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
    assert problem.startswith(f"{path}:1: 'recording/3cx' is there already: ")


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


NAMES = [
    ("q-200-0701740605-20190218-083012-1550478612.123.wav", "recording/freepbx"),
    ("20190218-083012_2025550123-all.mp3", "recording/vicidial"),
    ("20190218-083012_101_2025550123_Incoming_Auto_1234567890123.mp3", "recording/ringcentral"),
    ("[Testsson, Tolvan]_201-0701740606_20190219120918(380).wav", "recording/3cx"),
    ("3f2b8c1e-1111-4222-8333-abcdefabcdef_2.wav", "recording/freeswitch"),
    ("msg0000.wav", "recording/asterisk-voicemail"),
    ("0701740605.wav", "recording/number-only"),
    ("logo.png", None),
    ("a" * 5000 + ".wav", None),
]


@pytest.mark.parametrize(("name", "expected"), NAMES, ids=[n[:30] for n, _ in NAMES])
def test_a_name_is_claimed_by_its_grammar_first(knowledge, name, expected):
    found = knowledge.recordings(name)
    assert expected == (found[0][0].id if found else None)


def test_one_pass_finds_what_each_grammar_alone_finds(knowledge):
    names = [e.facts["entry.name"] for g in knowledge.grammars for e in g.signature.example]
    for name in names:
        alone = [(g.id, g.match(name)) for g in knowledge.grammars if g.match(name) is not None]
        assert alone == [(g.id, groups) for g, groups in knowledge.recordings(name)]


@pytest.mark.parametrize(("signature", "needs"), [
    ("recording/freepbx", None), ("recording/freeswitch", "path"), ("recording/puzzel", "sibling"),
    ("recording/number-only", "number"),
])
def test_what_a_grammar_needs_beside_the_name_is_seen_from_its_conditions(knowledge, signature, needs):
    assert needs == knowledge.by_id[signature].needs


def test_a_grammar_that_needs_more_is_confirmed_by_it(knowledge):
    grammar = next(g for g in knowledge.grammars if g.id == "recording/freeswitch")
    assert grammar.confirmed({"entry.path": "/recordings/pbx.example.org/archive/2019/Feb/18/"})
    assert not grammar.confirmed({"entry.path": "/songs/"})
    assert not grammar.confirmed({})


def test_the_likeliest_paths_come_first(knowledge):
    asks = knowledge.asks()[:12]
    assert {"/recordings/", "/monitor/", "/calls/", "/RECORDINGS/", "/voicemail/"} <= set(asks)
    assert asks[0] == "/recordings/"
    assert all(path.startswith("/") and path.endswith("/") for path in knowledge.asks())
    assert len(set(knowledge.asks())) == len(knowledge.asks())


KINDS = [
    ("samtal.wav", "audio"), ("samtal.WAV", "audio"), ("samtal.mp3", "audio"), ("vm-goodbye.gsm", "prompt"),
    ("libfoo-1.2.3.tar.gz", "release"), ("libfoo_1.2-3_amd64.deb", "package"), ("www-backup.tar.gz", "archive"),
    ("bilder.zip", "bundle"), ("prod.sql.gz", "database"), ("id_rsa", "key"), ("id_rsa.pub", "other"),
    (".env", "secret"), ("patienter.csv", "export"), ("brev.pdf", "document"), ("index.html", "web"),
    ("README", "documentation"), ("IM0001.dcm", "health"), ("postlada.pst", "mail"),
    ("anteckningar", "other"), ("", "other"), (".", "other"), ("..wav", "audio"), ("samtal.wav.gpg", "encrypted"),
]


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[n for n, _ in KINDS])
def test_a_file_has_the_class_of_its_name(knowledge, name, kind):
    assert kind == knowledge.kind_of(name)


def test_a_product_writes_at_its_own_rate(knowledge):
    assert knowledge.rate("WAV", "recording/freepbx").best == 1625
    assert knowledge.rate("WAV").best == 16000
    assert knowledge.rate("mp3", "recording/vicidial").best == 2000
    assert knowledge.rate("mp3", "recording/freepbx").best == 4000
    assert knowledge.rate("txt") is None


def test_every_class_of_sound_has_rates(knowledge):
    sound = {e for s in knowledge.signatures if getattr(s, "group", "") == "audio" for e in s.extensions}
    rated = {e for e in sound if knowledge.rate(e)}
    assert {"raw"} >= sound - rated


def test_a_listing_names_its_product_and_version(knowledge):
    facts = {"http.server": "nginx/1.22.1", "listing.dialect": "pre",
             "listing.head": "<h1>Index of /calls/</h1><hr><pre>"}
    [signature] = knowledge.listing(facts)
    assert (signature.id, signature.named(facts)) == ("listing/nginx-autoindex", "nginx 1.22.1")
    assert knowledge.listing({"http.server": "nginx/1.22.1", "http.status": "404"}) == ()


WORDS = [
    ("/RECORDINGS/", {"recording": {"recordings"}}),
    ("/CallRecordings/", {"recording": {"call-recordings", "callrecordings", "recordings"}}),
    ("/Patienter/journal/", {"health": {"patienter", "journal"}}),
    ("/journal/", {}),
    ("/lon/2019/", {"finance": {"lön", "løn", "lønn"} & {"lön", "løn"}}),
    ("/v\u0061\u030ard/", {"health": {"vård"}}),
    ("/STRASSE/", {}),
    ("/1177/", {"health": {"1177"}}),
    ("/x1177x/", {"health": {"1177"}}),
    ("/11779/", {}),
    ("", {}),
]


@pytest.mark.parametrize(("path", "words"), WORDS, ids=[p for p, _ in WORDS])
def test_words_are_found_in_any_spelling(knowledge, path, words):
    found = knowledge.words_in(path)
    assert words == {group: set(listed) for group, listed in found.items() if group in words or not words}


def test_doubtful_words_count_in_the_callers_company(knowledge):
    assert {"health": frozenset({"journal"})} == knowledge.words_in("/journal/", company=True)


def test_spellings_of_a_word():
    assert {"røntgen", "rontgen", "roentgen"} == spellings("røntgen")
    assert {"id-kort"} == spellings("id-kort")
    assert {"café", "cafe"} == spellings("café")


def test_a_word_may_say_two_things():
    both = Lexicon([Meaning("health", "bup"), Meaning("minors", "bup")])
    assert {"health": frozenset({"bup"}), "minors": frozenset({"bup"})} == both.find("/bup/")


def test_an_endless_path_is_looked_at_up_to_a_limit(knowledge):
    assert knowledge.words_in("/" + "a-" * 100_000) == {}


def test_the_score_is_enisas(knowledge):
    score = knowledge.score
    assert score.cb.vantage == {Vantage.INTERNET: 0.5, Vantage.PARTNER: 0.25, Vantage.INTERNAL: 0.25}
    assert [score.ei["phone"].at(r) for r in (("US",), ("SE",), ("US", "DK"))] == [0.75, 1.0, 1.0]
    levels = [score.levels.level(se) for se in (1.99, 2.0, 3.0, 3.99, 4.0)]
    assert levels == [Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.HIGH, Severity.VERY_HIGH]
    assert score.levels.level(0.5, personal=False) == Severity.INFO


def test_a_broken_score_table_is_told_with_its_file(tmp_path):
    path = tmp_path / "our-score.toml"
    path.write_text("name = 1\n")
    with pytest.raises(SignatureError, match=r"our-score\.toml:1: 'name'"):
        read_score(path)
    with pytest.raises(SignatureError, match="cannot be read"):
        read_score(tmp_path / "none.toml")


def test_a_recording_is_a_frozen_value(knowledge):
    signature = knowledge.by_id["recording/freepbx"]
    assert isinstance(signature, Recording)
    with pytest.raises(ValueError, match="frozen"):
        signature.rank = 1
