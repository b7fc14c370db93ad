"""Directories folded into censuses: counts, grammars, words, hours, parts."""

from __future__ import annotations

import json
import random

import pytest
from census_fakes import FakeGrammar, FakeKnowledge
from folding import NOW, callers, fold, people
from hypothesis import given
from hypothesis import strategies as st

from scanner.census import Census, PartKey
from scanner.model import Certainty
from scanner.signature import load

SECOND = 16_000


def test_the_founding_case_is_counted_exactly() -> None:
    total, seeded = Census(), random.Random(2)
    left, day = 26_430, 0
    while left:
        count = min(left, 12)
        year, month = 2013 + day // 366, 1 + day // 31 % 12
        date = b"%04d%02d%02d" % (year, month, 1 + day % 28)
        names = [b"%s_%02d%02d12_%s.%s" % (date, 6 + i, i, b"AB%c%c" % (65 + i, 66 + i), b"mp3" if i % 3 else b"wav")
                 for i in range(count)]
        path = f"/{year}/{month:02}/{1 + day % 28:02}/"
        total = total.merge(fold(names, sizes=[seeded.randrange(100_000, 5_000_000) for _ in names], path=path))
        left, day = left - count, day + 1
    numbers = [b"%s%s.%s" % (n, b"" if i % 5 else b"_2", b"wav" if i % 2 else b"mp3")
               for i, n in enumerate(callers(570))]
    total = total.merge(fold(numbers, sizes=[900_000] * 570, path="/old/"))
    assert {kind: files for kind, (files, _) in total.kinds.items()} == {"audio": 27_000}
    parts = {(key.identifier, key.certainty): part.files for key, part in total.parts.items()}
    assert parts == {("", Certainty.CERTAIN): 26_430, ("phone", Certainty.CERTAIN): 570}
    assert people(total) == {"phone": (570, "certain")}
    assert total.distinct("phone") == 570
    assert total.parts[PartKey("audio", "phone", Certainty.CERTAIN)].folder == "/old/"
    assert total.signatures == {"recording/tracking": 26_430, "recording/number-only": 570}
    assert len(json.dumps(total.to_json())) < 20_000


@pytest.mark.parametrize(("names", "path", "hits", "hints"), [
    ([b"20190218_083012_ABCD.wav"] * 3, "/", {"recording/tracking": 3}, {}),
    ([b"20190218_083012_ABCD.wav"] + [b"song%d.wav" % i for i in range(9)], "/", {}, {"recording/tracking": 1}),
    ([b"20190218_083012_ABCD.wav"] + [b"x.pdf"] * 9, "/", {"recording/tracking": 1}, {}),       # all of the media
    ([b"3f2b8c1e-1111-4222-8333-abcdefabcde%d.wav" % i for i in range(9)], "/x/archive/", {"recording/uuid": 9}, {}),
    ([b"3f2b8c1e-1111-4222-8333-abcdefabcde%d.wav" % i for i in range(9)], "/x/", {}, {}),
    ([b"a.wav", b"a.vtt", b"b.wav", b"b.vtt", b"c.wav", b"c.vtt"], "/", {"recording/transcript": 3}, {}),
    ([b"a.vtt", b"b.vtt", b"c.vtt", b"a.pdf"], "/", {}, {}),
    ([b"1550478612.wav"] * 9, "/", {}, {}),
    ([b"0701740605.wav", b"0701740606.wav", b"0701740607.wav"], "/", {"recording/number-only": 3}, {}),
])
def test_a_directory_is_a_products_when_enough_of_its_names_are(
        names: list[bytes], path: str, hits: dict[str, int], hints: dict[str, int]) -> None:
    census = fold(names, path=path)
    assert (hits, hints) == (census.signatures, census.hints)


def test_sound_without_a_known_grammar_is_a_recording_by_its_looks_or_only_maybe() -> None:
    sizes = [60_000 + i * 30_011 for i in range(90)]
    stamped = fold([b"x-2019-02-18_08-%02d-%02d.wav" % (i // 60, i % 60) for i in range(90)], sizes=sizes)
    assert [PartKey("audio", "", Certainty.PROBABLE)] == list(stamped.parts)
    assert stamped.looks["sounds"] == 90
    songs = fold([b"song %02d.wav" % i for i in range(90)], sizes=sizes)
    assert [PartKey("audio", "", Certainty.POSSIBLE)] == list(songs.parts)


@pytest.mark.parametrize("sure", Certainty)
def test_sound_is_a_recording_as_surely_as_the_grammar_that_it_follows(sure: Certainty) -> None:
    knowledge = FakeKnowledge(grammars=[FakeGrammar("recording/x", r"x \w+\.wav", certainty=sure)])
    census = fold([b"x %s.wav" % name for name in (b"a", b"bb", b"cde")], knowledge=knowledge)
    assert [PartKey("audio", "", sure)] == list(census.parts)


def test_sizes_are_summed_and_what_is_not_shown_is_counted() -> None:
    census = fold([b"a.wav", b"b.wav", b"c.pdf"], sizes=[100, -1, 50], slacks=[0, 0, 5])
    assert (census.bytes, census.unsized, census.spread, census.bytes_exact) == (150, 1, 25, False)
    assert census.kinds == {"audio": [2, 100], "document": [1, 50]}
    assert fold([b"a.wav"], sizes=[0]).bytes_exact


def test_hours_come_from_frames_where_sizes_are_exact() -> None:
    sizes = [44 + 160 * 100 * (60 + i) + 160 * (i % 2 == 0) for i in range(100)]
    census = fold([b"x%03d.wav" % i for i in range(100)], sizes=sizes)
    assert census.hours is not None
    assert census.hours.method.startswith("WAV: 8,000 bytes a second (G.711), as at least 90 % of the sizes")
    assert census.hours.best == pytest.approx(sum(sizes) / 8000 / 3600, rel=1e-3)
    assert census.empty_recordings == 0


def test_recordings_of_less_than_a_second_are_counted_apart() -> None:
    assert fold([b"a.wav", b"b.wav", b"c.wav"], sizes=[44, 16_043, 16_044]).empty_recordings == 2


def test_legs_of_one_call_last_once() -> None:
    stems = [b"20190218-0830%02d_0701740605" % i for i in range(50)]
    minute = 44 + SECOND * 60
    once = fold([s + b"-all.wav" for s in stems], sizes=[minute] * 50)
    thrice = fold([s + leg + b".wav" for s in stems for leg in (b"-all", b"-in", b"-out")], sizes=[minute] * 150)
    pairs = fold([s + leg + b".wav" for s in stems for leg in (b"-in", b"-out")], sizes=[minute] * 100)
    assert once.seconds == thrice.seconds == pairs.seconds
    assert (once.files, thrice.files, pairs.files) == (50, 150, 100)


def test_directions_of_different_calls_are_no_legs() -> None:
    names = [b"20190218-0830%02d_0701740605-%s.wav" % (i, b"in" if i % 2 else b"out") for i in range(50)]
    whole = [b"20190218-0830%02d_0701740605.wav" % i for i in range(50)]
    minute = 44 + SECOND * 60
    assert fold(names, sizes=[minute] * 50).seconds == fold(whole, sizes=[minute] * 50).seconds


def test_without_sizes_the_average_is_used_and_named() -> None:
    census = fold([b"x%d.wav" % i for i in range(3600)])
    assert census.hours is not None
    assert (census.hours.low, census.hours.best, census.hours.high) == (60, 227, 600)
    assert "by the 1177 average" in census.hours.method


def test_words_of_the_path_directories_and_cuts_are_kept() -> None:
    census = fold([b"a.wav"], path="/1177/inspelningar/", directories=[b"2019", b"2020"], cut_by="bytes")
    assert {"health": frozenset({"1177"}), "recording": frozenset({"inspelningar"})} == census.words
    assert (2, frozenset({"bytes"}), False) == (census.directories, census.cut_by, census.complete)
    assert fold([], path="/1177/").words == {}


def test_the_same_names_make_the_same_sketch_wherever_they_are_seen() -> None:
    names = [b"x%d.wav" % i for i in range(1000)]
    assert fold(names, path="/a/calls/").similar(fold(names[::-1], path="/calls", piece=7)) == 1.0
    assert fold(names, path="/a/").similar(fold(names, path="/b/")) == 0.0


names = st.lists(st.one_of(
    st.binary(max_size=20).map(lambda b: b.replace(b"/", b"")),
    st.sampled_from([b"0701740605.wav", b"20190218_083012_ABCD.wav", b"201902180830.wav", b"19900101-9802.pdf",
                     b"in-0313900605-0701740608-20190218-083012-1550478612.9.wav", b"x-in.wav", b"x-out.wav"]),
), max_size=60)


@given(names, st.integers(1, 60))
def test_the_pieces_of_a_listing_do_not_matter(some: list[bytes], piece: int) -> None:
    sizes = [44 + 320 * len(name) for name in some]
    whole, pieces = fold(some, sizes=sizes), fold(some, sizes=sizes, piece=piece)
    assert whole == pieces
    assert len(some) == whole.files
    assert whole == Census.from_json(json.loads(json.dumps(whole.to_json())))
    assert len(some) == sum(part.files for part in whole.parts.values())


@pytest.mark.parametrize(("path", "kind"), [("/en/prompts/", "prompt"), ("/en/calls/", "audio")])
def test_the_folder_decides_where_a_name_may_be_of_two_classes(path: str, kind: str) -> None:
    assert {kind: [3, 0]} == fold([b"one.gsm", b"two.gsm", b"three.gsm"], path=path).kinds


def test_a_folder_that_is_worse_than_the_whole_is_a_part_of_its_own() -> None:
    total = fold([b"song %d.wav" % i for i in range(30)], path="/music/")
    total = total.merge(fold([b"song %d.wav" % i for i in range(9)], path="/patient/x/"))
    parts = {key.context: (part.files, part.words, part.folder) for key, part in total.parts.items()}
    assert parts == {
        ("harmless",): (30, {"harmless": frozenset({"music"})}, "/music/"),
        ("health",): (9, {"health": frozenset({"patient"})}, "/patient/x/"),
    }
    assert total.words == {"harmless": frozenset({"music"}), "health": frozenset({"patient"})}


def test_words_of_the_folders_above_count_and_each_class_is_in_the_key() -> None:
    census = fold([b"a.wav"], path="/1177/2019/inspelningar/02/")
    assert [("health", "recording")] == [key.context for key in census.parts]


@pytest.mark.parametrize(("names", "path", "expected"), [
    ([b"notes.pdf"], "/journal/", ()),                                        # a magazine's, or a system's
    ([b"notes.pdf"], "/journal/patienter/", ("health",)),
    ([b"20190218-083012_0701740605-all.wav"] * 3, "/journal/", ("health",)),  # a recorder's files are company
])
def test_doubtful_words_make_a_context_only_in_company(names: list[bytes], path: str,
                                                        expected: tuple[str, ...]) -> None:
    assert [expected] == [key.context for key in fold(names, path=path, knowledge=load()).parts]


def test_files_are_counted_by_day() -> None:
    census = fold([b"%d.wav" % i for i in range(4)], times=[NOW, NOW - 86_400, NOW, -1])
    assert (3, {17_945: 2, 17_944: 1}) == (census.timed, census.days)
