"""Folders that share a memory come to the census that each comes to alone, in any order."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.census import Census, Folder, Memory
from scanner.census.verdict import Opinion, Opinions
from scanner.model import Batch
from scanner.signature import Files, Knowledge, load

KEY = b"k" * 32
NOW = 1_550_500_200                          # 2019-02-18
Tree = Sequence[tuple[str, list[bytes]]]

KNOWLEDGE = load()
EXAMPLES = sorted({
    example.facts["entry.name"] for signature in KNOWLEDGE.signatures for example in signature.example
    if "entry.name" in example.facts
})
_PIECES = ["0701740605", "20190218", "083012", "1550478612", "199001019802", "+447700900123", "-", "_", ".", " ", "in",
           "19900101-9802", "3f2b8c1e-1111-4222-8333-abcdefabcdef", "Tolvan Testsson", "tolvan@example.org", "AAQX",
           "é", "vm", "msg0000", ".wav", ".WAV", ".mp3", ".xml", ".tar.gz", ".pdf", ".jpg", "a1f", "\udcff", "\n"]
built = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map("".join)
some_names = st.one_of(built, st.sampled_from(EXAMPLES), st.text(max_size=20).map(lambda text: text.replace("/", "")))
paths = st.sampled_from([
    "/", "/2019/02/18/", "/recordings/pbx.example.org/archive/2019/Feb/18/", "/Zoom/x/", "/Recordings/20110203/",
    "/music/", "/0701740605/inspelningar/",
])
folders = st.tuples(paths, st.lists(some_names, max_size=24).map(lambda names: [encoded(name) for name in names]))


def encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def fold(path: str, names: list[bytes], memory: Memory | None, knowledge: Knowledge = KNOWLEDGE) -> Census:
    folder = Folder(knowledge, regions=("SE",), key=KEY, path=path, now=NOW, memory=memory)
    folder.add(Batch(names=names, sizes=[44 + 320 * len(name) for name in names]))
    return folder.close()


@given(st.lists(folders, min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_folders_that_share_a_memory_count_as_each_does_alone(tree: Tree, order: random.Random) -> None:
    alone = [fold(path, names, None) for path, names in tree]
    shared, again = Memory(KNOWLEDGE), Memory(KNOWLEDGE)
    assert alone == [fold(path, names, shared) for path, names in tree]
    places = list(range(len(tree)))
    order.shuffle(places)
    assert [alone[i] for i in places] == [fold(*tree[i], again) for i in places]


def asked(name: str) -> tuple[list[str], list[str]]:
    """What knowledge says when it is asked for this very name."""
    return [each.id for each in KNOWLEDGE.classes_of(name)], [grammar.id for grammar, _ in KNOWLEDGE.recordings(name)]


def held(opinion: Opinion) -> tuple[list[str], list[str]]:
    """What was remembered."""
    classes = [each.id for each in opinion.classes if isinstance(each, Files)]
    return classes, [grammar.id for grammar in opinion.grammars]


SHARED = Opinions(KNOWLEDGE)


@given(st.lists(some_names, min_size=1, max_size=20))
@settings(max_examples=300)
def test_the_opinion_of_a_sort_is_that_of_each_of_its_names(names: list[str]) -> None:
    opinions = [SHARED.of(name) for name in names]
    assert [asked(name) for name in names] == [held(opinion) for opinion in opinions]


@pytest.mark.parametrize("change", [str, str.upper, str.lower, lambda name: name + ".gpg", lambda name: "x" + name])
def test_the_opinion_of_every_published_name_and_its_neighbours_is_its_own(change) -> None:
    names = [change(name) for name in EXAMPLES]
    opinions = [SHARED.of(name) for name in names]
    assert [asked(name) for name in names] == [held(opinion) for opinion in opinions]


def test_names_of_one_recorder_are_one_sort() -> None:
    names = [f"20130412_0240{i:02}_{a}AQX.wav" for i in range(60) for a in "ABC"]
    assert len({KNOWLEDGE.sort(name) for name in names}) == 1
    assert KNOWLEDGE.sort("x" * 200_000) is None


def test_a_memory_is_bounded_whatever_it_is_shown() -> None:
    memory, seeded = Memory(KNOWLEDGE), random.Random(7)
    for i in range(600):
        names = [bytes(seeded.choices(b"aA0-_. @[]", k=seeded.randrange(1, 30))) for _ in range(9)]
        fold(f"/{i}/{i}x/" + "y" * 9000, names, memory)
    assert len(memory.opinions._sorts) <= 4096
    assert memory.masked.cache_info().currsize <= 4096
    assert memory.second.cache_info().currsize <= 1024


@pytest.mark.parametrize(("extension", "size"), [
    ("wav", 16_044), ("WAV", 3_294), ("gsm", 1_650), ("mp3", 2_000), ("pdf", 0), ("", 0),
])
def test_a_recording_is_empty_below_a_second(extension: str, size: int) -> None:
    assert size == Memory(KNOWLEDGE).second(extension)


@pytest.mark.parametrize(("names", "hours"), [
    ([b"GMT201902%02d-083012_Recording_1920x1080.mp4" % day for day in range(1, 11)], 10.0),
    ([b"0%d.00.00-0%d.15.00[R][0@0][0].mp4" % (hour, hour) for hour in range(1, 9)], 0.0),        # a camera's
    ([b"film%d.mp4" % n for n in range(10)], 0.0),
    ([b"20190218-0830%02d_2025550123-all.wav.gpg" % n for n in range(10, 20)], 0.0),
])
def test_films_of_meetings_have_hours_and_those_of_cameras_have_none(names: list[bytes], hours: float) -> None:
    folder = Folder(KNOWLEDGE, key=KEY, now=NOW)
    folder.add(Batch(names=names, sizes=[55_000 * 3600] * len(names)))
    assert hours == folder.close().seconds.best / 3600
