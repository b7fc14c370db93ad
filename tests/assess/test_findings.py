"""Findings: which stores are one, what they are called, in which order they come, and what they are known by."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scanner.census import Census, StoreSeen
from tests.assess.stores import DAY, NOW, calls, counted, door, judged, numbers, store


def test_the_order_is_level_then_certainty_people_life_and_span():
    stores = [
        store(counted({"/": numbers(90)}), door(address="192.0.2.1", context=("helpline", "health"))),
        store(counted({"/": numbers(90)}), door(address="192.0.2.2", controller="a")),
        store(counted({"/": numbers(20)}), door(address="192.0.2.3", controller="b")),
        store(counted({"/": calls(30)}, newest=NOW), door(address="192.0.2.4", controller="c")),
        store(counted({"/": calls(30, 100)}, days=300), door(address="192.0.2.5", controller="d")),
        store(counted({"/": calls(30, 200)}), door(address="192.0.2.6", controller="e")),
        store({"/": ["a.jar"]}, door(address="192.0.2.7")),
    ]
    random.Random(3).shuffle(stores)
    assert [f"192.0.2.{i}" for i in range(1, 8)] == [finding.doors[0].address for finding in judged(*stores)]


def test_the_order_does_not_depend_on_the_order_of_the_stores():
    stores = [store(counted({"/": calls(30, first=i * 100)}), door(address=f"192.0.2.{i}")) for i in range(1, 9)]
    expected = [finding.id for finding in judged(*stores)]
    for seed in range(5):
        random.Random(seed).shuffle(stores)
        assert expected == [finding.id for finding in judged(*stores)]


def test_parts_score_apart_and_the_worst_of_them_names_the_finding():
    census = counted({"/2018/": calls(300), "/gammalt/": numbers(60)})
    (finding,) = judged(store(census, door(context=("helpline", "health"))))
    assert (4.5, 3.5) == (finding.score, finding.overall_score)
    assert [("/gammalt/", 4.5, 60), ("/2018/", 3.5, 300)] == [
        (part.path, part.score, part.files) for part in finding.parts
    ]
    assert ["phone"] == [people.kind for people in finding.parts[0].people]
    assert "360 call recordings open to anyone, 60 named by telephone number" == finding.title


def test_a_title_counts_the_names_of_sound_alone():
    (finding,) = judged(store({"/calls/": calls(300), "/x/": ["19900101-9802.pdf", "19900101-9802_2.pdf"]}))
    assert ["personnummer"] == [people.kind for people in finding.store.people]
    assert "300 call recordings open to anyone" == finding.title


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (["a.jar"], "1 file listed to anyone, nothing personal seen"),
        (calls(1), "1 audio file open to anyone"),
        (["a.eml", "b.eml", "adresslista.csv"], "3 files open to anyone: 2 mail files, 1 exported list"),
        (["a.sql"], "1 file open to anyone: 1 database"),
    ],
)
def test_a_title_counts_what_lies_there(names, title):
    assert title == judged(store({"/x/": names}))[0].title


def test_an_empty_folder_is_called_one():
    assert "An open folder without entries" == judged(store(Census()))[0].title
    assert "1 folder listed to anyone, without files" == judged(store(Census(directories=1)))[0].title


def test_the_same_names_behind_other_doors_are_one_finding():
    tree = {"/2018/": calls(40)}
    (finding,) = judged(
        store(tree, door(address="192.0.2.9")),
        store(tree, door(address="192.0.2.8", port=8080)),
        store(tree, door(address="192.0.2.9", host="files.example.org")),
    )
    assert [("files.example.org", 80), (None, 80), (None, 8080)] == [(one.host, one.port) for one in finding.doors]
    assert 40 == finding.store.files


@pytest.mark.parametrize(("files", "found"), [(19, 2), (20, 1)])
def test_too_few_names_join_nothing(files, found):
    tree = {"/": calls(files)}
    assert found == len(judged(store(tree, door(address="192.0.2.8")), store(tree, door(address="192.0.2.9"))))


def test_different_controllers_are_never_joined():
    tree = {"/": calls(90)}
    stores = [store(tree, door(address=f"192.0.2.{i}", controller=name)) for i, name in enumerate(("One", "Two", None))]
    assert 3 == len(judged(*stores))


def test_a_store_that_grew_between_two_looks_is_still_the_same_and_the_fuller_counts():
    (finding,) = judged(
        store({"/": calls(100)}, door(address="192.0.2.8")), store({"/": calls(104)}, door(address="192.0.2.9"))
    )
    assert 104 == finding.store.files


def test_stores_that_share_half_their_names_are_two():
    assert 2 == len(
        judged(
            store({"/": calls(100)}, door(address="192.0.2.8")), store({"/": calls(100, 50)}, door(address="192.0.2.9"))
        )
    )


def test_a_shallower_root_takes_in_the_deeper_ones():
    stores = [
        store({"/a/b/": calls(5)}, door(root="/a/b/")),
        store({"/a/": calls(7, 50)}, door(root="/a/")),
        store({"/ab/": calls(2, 90)}, door(root="/ab/")),
    ]
    assert [("http://192.0.2.7:80/a/", 12), ("http://192.0.2.7:80/ab/", 2)] == [
        (finding.doors[0].url, finding.store.files)
        for finding in sorted(judged(*stores), key=lambda one: one.doors[0].url)
    ]


def test_a_deeper_store_brings_the_doors_that_the_shallower_one_has_not():
    lower = StoreSeen(doors=(door(root="/a/b/"), door(port=8080, root="/a/b/")), census=counted({"/a/b/": calls(5)}))
    (finding,) = judged(store({"/a/": calls(7, 50)}, door(root="/a/")), lower)
    assert [80, 8080] == [one.port for one in finding.doors]


def test_roots_that_differ_only_in_what_is_masked_are_one_finding():
    stores = [
        store({"/x/": calls(3)}, door(root="/0701740605/")),
        store({"/x/": calls(4, 9)}, door(root="/0701749605/")),
    ]
    found = judged(*stores)
    assert len(found) == len({finding.id for finding in found})


def test_ten_thousand_stores_are_judged_in_reasonable_time():
    small = counted({"/": ["a.jar"]})
    stores = [
        store(small, door(address=f"192.0.{i // 250}.{i % 250 + 1}", root=f"/{j}/"))
        for i in range(2000)
        for j in range(5)
    ]
    assert 10_000 == len(judged(*stores))


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ({"facts": {"http.on-tls-port": "yes"}}, "http-on-tls-port"),
        ({}, "plain-http"),
        ({"facts": {"http.catch-all": "yes"}}, "catch-all"),
        ({"signatures": ("access/http-write",)}, "writable-advertised"),
        ({"signatures": ("access/upload-form",)}, "writable-advertised"),
        ({"signatures": ("access/content-network",)}, "shared-hosting"),
    ],
)
def test_a_door_gives_its_tag(said, tag):
    assert tag in judged(store({"/": calls(2)}, door(**said)))[0].tags
    assert "plain-http" not in judged(store({"/": calls(2)}, door(tls=True)))[0].tags


@pytest.mark.parametrize(
    ("age", "live"), [(0, True), (DAY, True), (2 * DAY, True), (2 * DAY + 60, False), (-DAY, True), (-3 * DAY, False)]
)
def test_a_store_is_live_by_the_servers_own_clock(age, live):
    assert live == judged(store(counted({"/": calls(2)}, newest=NOW - age)))[0].store.live


def test_remedies_name_the_server_first_and_the_log_before_changes():
    (finding,) = judged(
        store({"/": calls(2)}, door(signatures=("listing/nginx-autoindex",), facts={"http.on-tls-port": "yes"}))
    )
    assert "autoindex" in finding.remedy[0]
    assert any("access log" in step for step in finding.remedy)
    assert "TLS" in finding.remedy[-1]
    assert finding.references


def test_an_id_is_that_of_the_canonical_door_and_the_masked_root():
    tree = {"/": calls(30)}
    named, bare = door(host="files.example.org"), door()
    (one,) = judged(store(tree, named, bare))
    (two,) = judged(store(tree, bare, named))
    assert one.id == two.id == judged(store(tree, named))[0].id != judged(store(tree, bare))[0].id


def test_urgency_follows_the_score():
    calm, urgent = judged(store({"/": ["a.jar"]})), judged(store({"/": numbers(50)}, door(context=("health",))))
    assert ("plan", "stop-now") == (calm[0].urgency, urgent[0].urgency)


def test_every_kind_of_cut_is_said():
    census = replace(counted({"/": calls(3)}), cut_by=frozenset({"reset"}))
    assert ("reset", True) == ((finding := judged(store(census))[0]).store.cut_by, "at-least" in finding.tags)


def test_why_a_folder_looks_like_a_recorders_is_among_the_evidence():
    (finding,) = judged(store(counted({"/samtal/": [f"x{i}.gsm" for i in range(30)]})))
    assert "why it looks like a recorder's" == finding.evidence[-1].fact
    assert finding.evidence[-1].excerpt.startswith("30 of 30 files are sound; 30 are in formats that telephony ")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([f"DM{i:06}.DS2" for i in range(30)], "30 dictations open to anyone"),
        ([f"PTT-20190218-WA{i:04}.opus" for i in range(30)], "30 voice messages open to anyone"),
        (
            [name for sound in numbers(60) for name in (sound, sound[:-4] + ".json")],
            "60 call recordings open to anyone, 60 named by telephone number",
        ),
    ],
)
def test_a_title_calls_speech_what_it_is_and_counts_no_transcript_as_sound(names: list[str], expected: str):
    (finding,) = judged(store(counted({"/x/": names}), door(regions=("SE",))))
    assert expected == finding.title
