"""Words lift what they stand above: a folder's its files, those of a door, of the parties and the scope the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.filenames import PEOPLE
from scanner.model import Certainty, Owner, Setting
from tests.assess.reasons import worked_out
from tests.assess.stores import calls, census, counted, door, judged, numbers, store

PATIENTS = {"/patienter/": calls(30), "/upload/": calls(300, 500)}


def test_words_of_a_folder_lift_its_files_alone():
    (finding,) = judged(store(PATIENTS))
    assert (3.5, 1.5) == (finding.score, finding.overall_score)
    assert [("/patienter/", 3.5, 30, ("patienter",)), ("/upload/", 1.5, 300, ())] == [
        (part.path, part.score, part.files, part.words) for part in finding.parts]


def test_the_store_as_a_whole_has_what_most_of_its_files_have():
    (finding,) = judged(store({"/patienter/": calls(300), "/upload/": calls(30, 500)}))
    assert (3.5, 3.5) == (finding.score, finding.overall_score)


PLACES = [                                   # what a door says, and where the reason says that it stood
    ({"root": "/patienter/"}, "patienter (root path)"),
    ({"host": "klinik.example.org"}, "klinik (host name)"),
    ({"facts": {"http.title": "Sjukhuset: patienter"}}, "patienter (page title)"),
    ({"context": ("health",)}, "health (scope)"),
    ({"context": ("journal",)}, "journal (scope)"),
    ({"context": ("Minors",)}, "minors (scope)"),
    ({"context": ("social",)}, "social (scope)"),
    ({"controller": "Psykiatri Example"}, "psykiatri (controller)"),
]


@pytest.mark.parametrize(("said", "where"), PLACES)
def test_words_of_a_door_lift_the_whole_store_and_the_reason_says_where_they_stood(said, where):
    (finding,) = judged(store(counted({"/upload/": calls(30)}), door(**said)))
    assert (3.5, 3.5) == (finding.score, finding.overall_score)
    assert any(where in why for why in finding.factors.because), finding.factors.because


def test_what_a_party_is_called_excuses_nothing():
    (finding,) = judged(store(counted({"/x/": calls(30)}), door(controller="Music Example")))
    assert 2.0 == finding.factors.dpc


def test_the_label_of_a_target_counts():
    there = door()
    labelled = replace(there, setting=Setting(owner=Owner(label="Psykiatri")))
    (finding,) = judged(store(counted({"/x/": calls(30)}), labelled))
    assert any("psykiatri (label)" in why for why in finding.factors.because)


def test_a_harmless_folder_excuses_its_own_sound_alone():
    (finding,) = judged(store({"/moh/": ["a.wav", "b.wav"], "/upload/": ["c.wav"]}))
    assert [("/upload/", 1)] == [(part.path, part.files) for part in finding.parts]


@pytest.mark.parametrize(("names", "level"), [
    (["a.mp3"], 0), (["a.pdf"], 0), (["id_rsa"], 2), (["a.eml"], 3), (["kunder.csv"], 1), (numbers(30), 2),
])  # fmt: skip
def test_harmless_words_excuse_sound_and_papers_and_nothing_of_people(names, level):
    assert level == judged(store({"/podcast/": names}))[0].severity


@pytest.mark.parametrize(("packages", "dpc"), [(0, 3.0), (30, 0.0)])
def test_a_database_is_excused_among_packages_only(packages, dpc):
    names = ["a.sql", *(f"a{i}-1.0.rpm" for i in range(packages))]
    assert dpc == judged(store({"/mirror/fedora/": names}))[0].factors.dpc


def test_a_register_of_patients_is_excused_nowhere():
    names = ["patients.sql", *(f"a{i}-1.0.tar.gz" for i in range(60))]
    assert 3.0 <= judged(store({"/releases/": names}))[0].score


CONTEXT = [                                  # class of files, word class, word, DPC
    ("calendar", "health", "klinik", 3.0),
    ("calendar", "health", "psykiatri", 4.0),
    ("calendar", "hr", "cv", 2.0),
    ("export", "health", "klinik", 4.0),
    ("export", "finance", "faktura", 3.0),
    ("database", "finance", "faktura", 3.0),
    ("surveillance", "health", "klinik", 4.0),
    ("surveillance", "minors", "skola", 4.0),
    ("surveillance", "home", "sovrum", 4.0),
    ("document", "home", "sovrum", 1.0),
    ("surveillance", "recording", "calls", 2.0),
    ("document", "recording", "calls", 1.0),
    ("audio", "social-legal", "polis", 4.0),
    ("audio", "test-environment", "demo", 2.0),
    ("key", "health", "klinik", 4.0),
    ("package", "health", "klinik", 0.0),
]


@pytest.mark.parametrize(("kind", "group", "word", "dpc"), CONTEXT)
def test_how_far_a_word_raises_a_class_of_files(kind, group, word, dpc):
    made = census(kind, context=[group], words={group: [word]})
    assert dpc == judged(store(made))[0].factors.dpc


IDENTIFIED = [                               # class of files, identifier, how sure (0 possible, 2 certain), EI
    ("audio", "phone", 2, 1.0),
    ("audio", "phone", 1, 1.0),
    ("audio", "name", 0, 0.5),
    ("audio", "reference", 2, 0.5),
    ("document", "name", 0, 0.5),
    ("document", "name", 2, 1.0),
    ("document", "personnummer", 2, 1.0),
    ("document", "nhs", 2, 0.75),
    ("document", "dni", 2, 1.0),                  # no entry of its own
    ("document", "reservnummer", 2, 1.0),
    ("document", "imei", 2, 0.5),
    ("document", "imsi", 2, 0.5),
    ("other", "imei", 2, 0.0),
    ("document", "", 2, 0.25),
    ("other", "name", 0, 0.5),
    ("package", "name", 0, 0.0),
    ("package", "phone", 2, 1.0),
    ("other", "reference", 2, 0.0),
    ("mail", "name", 0, 1.0),
    ("dictation", "", 2, 0.75),
    ("surveillance", "", 2, 0.5),
    ("archive", "", 2, 0.5),
    ("encrypted", "phone", 2, 0.25),
]


@pytest.mark.parametrize(("kind", "identifier", "sure", "ei"), IDENTIFIED)
def test_how_easily_people_are_told(kind, identifier, sure, ei):
    made = census(kind, identifier=identifier, certainty=Certainty(sure))
    (finding,) = judged(store(made))
    assert ei == finding.factors.ei
    assert (finding.factors.dpc, ei, 0.5, finding.score) == worked_out(finding.factors.because)


@pytest.mark.parametrize("identifier", sorted(PEOPLE))
def test_whatever_names_say_of_people_tells_them_apart(identifier):
    (finding,) = judged(store(census("document", identifier=identifier)))
    assert finding.factors.ei >= 0.5


def test_what_is_encrypted_beside_its_key_is_not_unintelligible():
    (finding,) = judged(store({"/x/": [*(f"a{i}.wav.gpg" for i in range(30)), "id_rsa"]}))
    assert "unintelligible" not in finding.tags
    (sealed,) = [part for part in finding.parts if part.kind == "encrypted"]
    assert any("key files lie in the same store" in why for why in sealed.factors.because)


def test_words_of_an_older_census_that_kept_none_for_its_parts_stand_for_the_whole_store():
    made = replace(census("audio", certainty=Certainty.CERTAIN), words={"health": frozenset({"klinik"})})
    assert 4.0 == judged(store(made))[0].factors.dpc


def test_files_that_a_census_keeps_by_kind_alone_are_scored():
    made = census("package", "key")
    without = {key: part for key, part in made.parts.items() if key.kind != "key"}
    (finding,) = judged(store(replace(made, parts=without)))
    assert [("key", 60)] == [(part.kind, part.files) for part in finding.parts]
