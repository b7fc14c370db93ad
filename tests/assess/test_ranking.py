"""The order of findings: each tie-breaker alone, in its place, and how soon somebody should act."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scanner.assess.ranking import ease, rank, urgency
from scanner.assess.tags import Tag
from scanner.model import Access, Certainty, Doorway, Finding, Owner, Severity, Tally
from tests.assess.stores import calls, counted, door, judged, known, store

BASE: Finding = judged(store(counted({"/": calls(30)}), door(tls=True, controller="Region Example")))[0]
DOOR: Doorway = BASE.doors[0]


def with_store(**said):
    return replace(BASE, store=replace(BASE.store, **said))


def with_door(**said):
    return replace(BASE, doors=(replace(DOOR, **said),))


DOCUMENTS = {"document": Tally(files=1, bytes=0)}
BREAKERS = [                                 # what breaks the tie, the one that comes first, the one after it
    ("the level", replace(BASE, severity=Severity.HIGH, score=1.0), BASE),
    ("the score", replace(BASE, score=1.75), BASE),
    ("how sure it is", replace(BASE, confidence=Certainty.CERTAIN), replace(BASE, confidence=Certainty.PROBABLE)),
    ("files of people", replace(BASE, parts=(replace(BASE.parts[0], files=300),)), BASE),
    ("growing", with_store(live=True), BASE),
    ("how long", with_store(first="2013-04-12", last="2019-02-18"), with_store(first="2019-02-10", last="2019-02-18")),
    ("no login", BASE, with_door(access=Access.LOGIN)),
    ("a usual port", with_door(port=443), with_door(port=8443)),
    ("an odd port at the root", with_door(port=8443), with_door(url="https://192.0.2.7:80/some/where/deep/")),
    ("a path that many guess", with_door(url="https://192.0.2.7:80/RECORDINGS/MP3/"),
     with_door(url="https://192.0.2.7:80/xrec/zmp3/")),
    ("in clear", with_door(tls=False), BASE),
    ("its easiest door", replace(BASE, doors=(replace(DOOR, port=8443), DOOR)), with_door(port=8443)),
    ("writing", replace(BASE, tags=("writable-advertised",)), BASE),
    ("keys beside it", with_store(kinds={"key": Tally(files=1, bytes=0), **DOCUMENTS}), with_store(kinds=DOCUMENTS)),
    ("old software", with_door(product="Apache 2.2.3"), with_door(product="Apache 2.4.7")),
    ("an owner who is not known", replace(BASE, owner=Owner()), BASE),
    ("the id", replace(BASE, id="v1:a"), replace(BASE, id="v1:b")),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), [case[1:] for case in BREAKERS], ids=[case[0] for case in BREAKERS])
def test_a_tie_is_broken_by(first, second):
    assert rank(first, known()) < rank(second, known())


def test_each_tie_breaker_goes_before_those_that_follow():
    """Of two findings, the one that leads by an earlier breaker comes first, though the other leads by a later one."""
    ours = [rank(first, known()) for _, first, _ in BREAKERS]
    theirs = [rank(second, known()) for _, _, second in BREAKERS]
    places = [next(i for i, (one, two) in enumerate(zip(a, b, strict=True)) if one != two)
              for a, b in zip(ours, theirs, strict=True)]
    assert sorted(places) == places
    assert list(range(len(ours[0]))) == sorted(set(places))


def test_the_order_is_the_same_whatever_comes_in():
    findings = [one for _, *both in BREAKERS for one in both]
    expected = sorted(findings, key=lambda one: rank(one, known()))
    for seed in range(3):
        random.Random(seed).shuffle(findings)
        assert [rank(one, known()) for one in expected] == sorted(rank(one, known()) for one in findings)


def test_a_few_files_more_or_less_decide_nothing():
    more = replace(BASE, parts=(replace(BASE.parts[0], files=31),))
    assert rank(more, known()) == rank(BASE, known())


PRODUCTS = [
    ("Apache 2.2.3", True), ("Apache/2.2.3 (CentOS)", True), ("Apache 2.4.7", False), ("Apache 2", False),
    ("Apache", False), ("Microsoft-IIS/8.5", True), ("Microsoft IIS 10.0", False), ("Microsoft IIS 10", False),
    ("Apache Tomcat 8.5.3", True), ("nginx 0.7.1", False), (None, False),
]  # fmt: skip


@pytest.mark.parametrize(("product", "old"), PRODUCTS)
def test_software_is_old_where_it_says_so_itself(product, old):
    assert old == (rank(with_door(product=product), known()) < rank(BASE, known()))


def test_ease_is_that_of_the_easiest_door():
    assert (0, True) == ease(BASE, known())
    assert (3, True) == ease(with_door(access=Access.NONE), known())


URGENT = [
    (4.5, Severity.VERY_HIGH, "", "stop-now"), (3.0, Severity.HIGH, "", "stop-now"),
    (2.75, Severity.MEDIUM, "", "today"),
    (2.0, Severity.MEDIUM, "", "today"), (1.75, Severity.LOW, "", "this-week"), (1.0, Severity.LOW, "", "this-week"),
    (0.75, Severity.LOW, "", "plan"), (0.5, Severity.INFO, "", "plan"), (1.5, Severity.INFO, "", "plan"),
    (0.75, Severity.INFO, "writable-advertised", "stop-now"), (1.0, Severity.LOW, "already-abused", "stop-now"),
    (1.0, Severity.LOW, "live", "this-week"),
]  # fmt: skip


@pytest.mark.parametrize(("score", "level", "tag", "word"), URGENT)
def test_urgency_is_by_the_table_but_for_what_cannot_wait(score, level, tag, word):
    assert word == urgency(score, level, (Tag(tag),) if tag else (), known())
