"""Tags: what each takes, what is nearest to it and does not, and the figures that it gives as evidence."""

from __future__ import annotations

import pytest

from tests.assess.stores import DAY, NOW, calls, census, counted, door, judged, numbers, store

TEST = {"test-environment": ["demo"]}
DAILY = dict.fromkeys(range(9), 25)


def tagged(made, tag, **said):
    """Why the tag holds; None where it does not."""
    (finding,) = judged(store(made, door(**said)))
    whys = {"prod-data-in-test": "place for tests", "rolling-window": "dated files", "already-abused": "files",
            "unintelligible": "encrypted", "many-people": "people"}
    if tag not in finding.tags:
        assert not any("place for tests" in one.fact for one in finding.evidence if tag == "prod-data-in-test")
        return None
    return next(one.fact for one in finding.evidence if whys[tag] in one.fact)


def mails(inflow, *, files=None, more=(), last=NOW):
    return census("mail", *more, files=files or sum(inflow.values()), inflow=inflow, last=last)


WINDOWS = [                                  # what it is, its census, whether it is a window
    ("nine days, the same every day", mails(DAILY), True),
    ("weekends without", mails({age: 12 for age in range(28) if age % 7 not in (5, 6)}), True),
    ("a few older ones", mails({**DAILY, 40: 9}), True),
    ("more older ones", mails({**DAILY, 40: 14}), False),
    ("a month and a half", mails(dict.fromkeys(range(45), 5)), False),
    ("all at once", mails({**dict.fromkeys(range(9), 5), 4: 200}), False),
    ("now and then", mails({0: 10, 9: 10, 18: 10, 27: 10}), False),
    ("a few", mails(dict.fromkeys(range(9), 2)), False),
    ("three days", mails(dict.fromkeys(range(3), 50)), False),
    ("nothing new for two weeks", mails({age + 14: 25 for age in range(9)}), False),
    ("mails among more packages", mails(DAILY, more=("package", "web")), False),
    ("logs", census("log", files=225, inflow=DAILY), False),
    ("packages", census("package", files=225, inflow=DAILY), False),
    ("without dates", census("mail", files=225), False),
]


@pytest.mark.parametrize(("made", "window"), [case[1:] for case in WINDOWS], ids=[case[0] for case in WINDOWS])
def test_a_rolling_window_is_nearly_all_files_of_the_last_days_and_some_on_most_of_them(made, window):
    assert window == bool(tagged(made, "rolling-window"))


def test_a_rolling_window_says_how_many_days_it_shows_and_that_it_may_have_lasted_longer():
    why = tagged(mails(DAILY), "rolling-window")
    assert why is not None
    assert why.startswith("225 of 225 dated files are of the last 8 days before the server's clock")
    assert "may have been open for longer" in why


IN_TEST = [                                  # what it is, its files, its door, whether production data lie in a test
    ("mails of a test host", {"/": ["a.eml"]}, {"host": "test.example.org"}, True),
    ("mails in a demo's folder", {"/demo/": ["a.eml"]}, {}, True),
    ("recordings in an old copy", {"/old/": numbers(30)}, {}, True),
    ("mails beside a demo's folder", {"/demo/": ["a.html"], "/post/": ["a.eml"]}, {}, False),
    ("recordings of a target that is called so", {"/": numbers(30)}, {"context": ("demo",)}, False),
    ("a mirror under test", {"/test/fedora/": ["a-1.0.rpm", "a.iso"]}, {}, False),
    ("papers of a test", {"/test/": ["a.pdf", "a.log"]}, {}, False),
    ("what recorders call an archive", {"/recordings/archive/2019/": numbers(30)}, {}, False),
    ("a machine's backup in its place", {"/backup/": ["a.vhdx"]}, {}, False),
    ("a database in a backup", {"/backup/": ["a.sql"]}, {}, True),
    ("a page of demo sounds", {"/demo/moh/": ["a.wav", "b.wav"]}, {}, False),
]


@pytest.mark.parametrize(("tree", "said", "held"), [case[1:] for case in IN_TEST], ids=[case[0] for case in IN_TEST])
def test_production_data_in_a_test_takes_both_in_one_place(tree, said, held):
    assert held == bool(tagged(counted(tree), "prod-data-in-test", **said))


def test_production_data_in_a_test_says_which_word_stood_where():
    why = tagged(counted({"/demo/": ["a.eml"]}), "prod-data-in-test", host="staging.example.org")
    assert "1 mail files lie in a place for tests or copies: demo (folder), staging (host name)" == why


ABUSED = [
    ("a note", census("ransom", "document", files=1), True),
    ("endings of extortion on most", census("ransomed", files=60), True),
    ("endings of extortion on half", census("ransomed", "document", files=60), False),
    ("none", census("document"), False),
]


@pytest.mark.parametrize(("made", "held"), [case[1:] for case in ABUSED], ids=[case[0] for case in ABUSED])
def test_a_store_is_abused_by_a_note_or_by_the_endings_of_extortion_on_more_than_half(made, held):
    (finding,) = judged(store(made))
    assert (held, 1.5 if held else 0.5, held) == (
        "already-abused" in finding.tags, finding.factors.cb, finding.urgency == "stop-now")


MANY = [
    ("numbers in names", census("audio", files=300, people={"phone": 101}, identifier="phone"), "at least 100 people"),
    ("a hundred numbers", census("audio", files=100, people={"phone": 100}, identifier="phone"), None),
    ("recordings without numbers", counted({"/calls/": calls(101)}), "likely more than 100 people"),
    ("a hundred recordings", counted({"/calls/": calls(100)}), None),
    ("recordings of forty people", census("audio", files=300, people={"phone": 40}, identifier="phone"), None),
    ("songs", counted({"/music/": [f"{i} song.mp3" for i in range(200)]}), None),
    ("encrypted calls", census("encrypted", files=200), "likely more than 100 people"),
    ("packages", census("package", files=5000), None),
]


@pytest.mark.parametrize(("made", "why"), [case[1:] for case in MANY], ids=[case[0] for case in MANY])
def test_more_than_a_hundred_people_are_counted_or_likely(made, why):
    said = tagged(made, "many-people")
    assert (said is None) == (why is None)
    assert said is None or said.startswith(why or "")


SEALED = [
    ("all", census("encrypted"), True),
    ("half", census("encrypted", "mail"), False),
    ("beside its key", census("encrypted", "key"), False),
    ("among packages", census("encrypted", "package", "web"), True),
]


@pytest.mark.parametrize(("made", "held"), [case[1:] for case in SEALED], ids=[case[0] for case in SEALED])
def test_a_store_is_unintelligible_where_most_of_what_is_personal_is_encrypted(made, held):
    assert held == bool(tagged(made, "unintelligible"))


def test_writing_and_ransom_cannot_wait_whatever_lies_there():
    writable = judged(store({"/": ["a.jar"]}, door(signatures=("access/http-write",))))[0]
    assert ("stop-now", 0) == (writable.urgency, writable.severity)


def test_a_store_is_live_by_the_day_and_window_by_the_servers_clock():
    (finding,) = judged(store(mails(DAILY, last=NOW - DAY)))
    assert {"live", "rolling-window"} <= set(finding.tags)
