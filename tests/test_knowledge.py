"""The built-in knowledge, asked: names, folders, rates, doors, paths."""

from __future__ import annotations

import pytest

from scanner.model import Severity, Vantage
from scanner.signature import Recording, load


@pytest.fixture(scope="module")
def knowledge():
    return load()


NAMES = [
    ("q-200-0701740605-20190218-083012-1550478612.123.wav", "recording/freepbx"),
    ("20190218-083012_2025550123-all.mp3", "recording/vicidial"),
    ("20190218-083012_101_2025550123_Incoming_Auto_1234567890123.mp3", "recording/ringcentral"),
    ("[Testsson, Tolvan]_201-0701740606_20190219120918(380).wav", "recording/3cx"),
    ("3f2b8c1e-1111-4222-8333-abcdefabcdef_2.wav", "recording/freeswitch"),
    ("msg0000.wav", "recording/asterisk-voicemail"),
    ("0701740605.wav", "recording/number-only"),
    ("logo.png", None),
    ("a" * 5000 + ".wav", "recording/folder-voicemail"),     # in such a folder alone
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


@pytest.mark.parametrize("piece", [
    "0", "1-", "20190218-083012_", "Tolvan Testsson ", "q-200-0701740605-", "åäö", "\udcff", "a.", "[", "\n", "Aa0_-.",
])
@pytest.mark.parametrize("size", [300, 3_000, 30_000])
def test_one_pass_over_a_long_name_finds_what_each_grammar_alone_finds(knowledge, piece, size):
    for ending in (".wav", "-in.WAV", ".vtt", ""):
        name = piece * (size // len(piece)) + ending
        alone = [g.id for g in knowledge.grammars if g.match(name) is not None]
        assert alone == [g.id for g, _ in knowledge.recordings(name)]


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
    (".env", "secret"), ("patienter.csv", "health"), ("kunder.csv", "export"),
    ("brev.pdf", "document"), ("index.html", "web"),
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


def test_the_score_is_enisas(knowledge):
    score = knowledge.score
    assert score.cb.vantage == {Vantage.INTERNET: 0.5, Vantage.PARTNER: 0.25, Vantage.INTERNAL: 0.25}
    assert [score.ei["phone"].at(r) for r in (("US",), ("SE",), ("US", "DK"))] == [0.75, 1.0, 1.0]
    levels = [score.levels.level(se) for se in (1.99, 2.0, 3.0, 3.99, 4.0)]
    assert levels == [Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.HIGH, Severity.VERY_HIGH]
    assert score.levels.level(0.5, personal=False) == Severity.INFO


def test_a_recording_is_a_frozen_value(knowledge):
    signature = knowledge.by_id["recording/freepbx"]
    assert isinstance(signature, Recording)
    with pytest.raises(ValueError, match="frozen"):
        signature.rank = 1
