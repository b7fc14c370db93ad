"""The worked checks of the ENISA method, through real censuses, and the figures of another table."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from scanner.model import Severity, Vantage
from scanner.signature import read_score
from scanner.signature.file import home
from tests.assess.stores import calls, counted, door, judged, known, numbers, store

UUIDS = [f"{uuid.UUID(int=i << 64 | 0x4000_8000_0000_0000_0000, version=4)}.wav" for i in range(1, 201)]
HELPLINE = {"context": ("helpline", "health")}

WORKED = [
    (
        "all calls of a helpline",
        {"/2018/02/": [f"{i:08x}.mp3" for i in range(50)]},
        HELPLINE,
        (4.0, 0.75, 0.5),
        Severity.HIGH,
    ),
    ("its calls that are named by number", {"/gammalt/": numbers(90)}, HELPLINE, (4.0, 1.0, 0.5), Severity.VERY_HIGH),
    (
        "mails of patients",
        {"/maildir/": [f"Re KBT {i}.eml" for i in range(50)]},
        {"context": ("psychiatry",)},
        (4.0, 1.0, 0.5),
        Severity.VERY_HIGH,
    ),
    (
        "a clinic's list, to known recipients",
        {"/psykiatri/": ["adresslista.csv"]},
        {"context": ("psychiatry",), "vantage": Vantage.PARTNER},
        (4.0, 1.0, 0.25),
        Severity.VERY_HIGH,
    ),
    (
        "sales calls with American numbers",
        {"/calls/": [f"20190218-1200{i:02}_212555{i + 100:04}_a-all.mp3" for i in range(50)]},
        {"regions": ("US",)},
        (2.0, 0.75, 0.5),
        Severity.MEDIUM,
    ),
    ("recordings under random names", {"/recordings/": UUIDS}, {}, (2.0, 0.5, 0.5), Severity.LOW),
    (
        "an encrypted archive",
        {"/a/": [f"20190218-1200{i:02}_0701740{i + 605}_a-all.mp3.gpg" for i in range(50)]},
        {},
        (2.0, 0.25, 0.5),
        Severity.LOW,
    ),
    (
        "a mirror of software",
        {"/maven2/org/example/": ["lib-1.0.jar", "lib-1.0.pom", "maven-metadata.xml"]},
        {},
        (0.0, 0.0, 0.5),
        Severity.INFO,
    ),
]


@pytest.mark.parametrize(
    ("tree", "said", "expected", "level"), [case[1:] for case in WORKED], ids=[case[0] for case in WORKED]
)
def test_a_worked_check_comes_out_as_it_was_worked(tree, said, expected, level):
    (finding,) = judged(store(tree, door(**said)))
    factors = finding.factors
    assert (expected, level) == ((factors.dpc, factors.ei, factors.cb), finding.severity)
    assert round(expected[0] * expected[1] + expected[2], 2) == finding.score
    assert factors.because


@pytest.mark.parametrize(("files", "days", "dpc"), [
    (150, 10, 2.0), (150, 364, 2.0), (150, 365, 3.0), (5, 900, 2.0), (10_001, 3, 3.0)])
def test_many_recordings_or_a_long_time_raise_the_context(files, days, dpc):
    census = counted({"/recordings/": calls(files)}, days=days)
    assert dpc == judged(store(census))[0].factors.dpc


@pytest.mark.parametrize(
    ("names", "ei"),
    [
        ([f"anna.svensson{i}@example.org.eml" for i in range(30)], 1.0),  # what lies inside tells more than an address
        ([f"20190218-1200{i:02}_0701740{i + 605}_a-all.mp3" for i in range(30)], 1.0),
    ],
)
def test_the_easiest_way_to_tell_people_apart_counts(names, ei):
    assert ei == judged(store({"/x/": names}))[0].factors.ei


def test_names_that_tell_little_do_not_hide_what_voices_tell():
    tree = {"/calls/": [f"agent{100 + i}_ext{200 + i}.wav" for i in range(30)]}
    assert judged(store(tree, door(**HELPLINE)))[0].factors.ei >= 0.75


@pytest.mark.parametrize(
    ("vantage", "cb"), [(Vantage.INTERNET, 0.5), (Vantage.PARTNER, 0.25), (Vantage.INTERNAL, 0.25)]
)
def test_who_can_reach_it_counts(vantage, cb):
    assert cb == judged(store({"/": calls(3)}, door(vantage=vantage)))[0].factors.cb


def test_writing_that_is_advertised_counts_and_is_said_not_to_have_been_tried():
    (finding,) = judged(store({"/": calls(3)}, door(signatures=("access/http-write",))))
    assert (0.75, True) == (finding.factors.cb, "writable-advertised" in finding.tags)
    assert any("not tried" in why for why in finding.factors.because)


def test_music_on_hold_is_harmless_unless_a_number_speaks_against_it():
    quiet, loud = judged(store({"/mohmp3/": ["a.wav", "b.wav"]})), judged(store({"/mohmp3/": numbers(30)}))
    assert (0.0, True) == (quiet[0].factors.dpc, loud[0].factors.dpc >= 2)


def test_a_table_of_ones_own_changes_the_result(tmp_path):
    table = tmp_path / "our-score.toml"
    text = (home() / "score.toml").read_text(encoding="utf-8")
    table.write_text(
        text.replace('name = "ENISA 2013"', 'name = "Ours"').replace("audio = 2.0", "audio = 3.0"), encoding="utf-8"
    )
    ours = replace(known(), score=read_score(table))
    tree = {"/": calls(30)}
    assert (1.5, 2.0) == (judged(store(tree))[0].score, judged(store(tree), knowledge=ours)[0].score)
    assert ("ENISA 2013", "Ours") == (known().score.name, ours.score.name)


def test_a_table_without_the_newer_ways_falls_back(tmp_path):
    table = tmp_path / "our-score.toml"
    text = (home() / "score.toml").read_text(encoding="utf-8")
    before, _, after = text.partition("[ei.addressed]")
    table.write_text(before + after[after.index("[ei.") :], encoding="utf-8")
    ours = replace(known(), score=read_score(table))
    assert 0.75 == judged(store({"/": ["a.eml", "b.eml"]}), knowledge=ours)[0].factors.ei


def test_more_than_a_hundred_people_are_flagged():
    assert (
        "many-people"
        in judged(store({"/": numbers(300, first=605) + [f"07017{i:05}.mp3" for i in range(40_605, 40_900)]}))[0].tags
    )
    assert "many-people" not in judged(store({"/": numbers(20)}))[0].tags


def test_what_is_said_of_a_store_that_was_cut_is_said_so():
    (finding,) = judged(store(replace(counted({"/": calls(30)}), cut_by=frozenset({"depth", "bytes"}))))
    assert ("bytes, depth", True, False) == (
        finding.store.cut_by,
        finding.title.startswith("At least"),
        finding.store.complete,
    )
