"""Directories folded into censuses: counts, people, grammars, times, hostile names."""

from __future__ import annotations

import json
import random
import tracemalloc
from collections.abc import Sequence

import pytest
from census_fakes import FakeKnowledge
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.census import Census, PartKey
from scanner.census.folder import Folder
from scanner.model import Batch, Certainty

NOW = 1_550_500_200                          # 2019-02-18
KEY = b"k" * 32
SECOND = 16_000


def fold(names: Sequence[bytes], *, sizes: list[int] | None = None, times: list[int] | None = None, path: str = "/",
         regions: tuple[str, ...] = ("SE",), piece: int = 1800, slacks: list[int] | None = None,
         directories: Sequence[bytes] = (), cut_by: str | None = None) -> Census:
    folder = Folder(FakeKnowledge(), regions=regions, key=KEY, path=path, now=NOW)
    for i in range(0, max(1, len(names)), piece):
        folder.add(Batch(
            names=list(names[i:i + piece]), sizes=sizes and sizes[i:i + piece], times=times and times[i:i + piece],
            slacks=slacks and slacks[i:i + piece], directories=list(directories) if i == 0 else [],
        ))
    return folder.close(complete=cut_by is None, cut_by=cut_by)


def people(census: Census) -> dict[str, tuple[int, str]]:
    return {kind: (count.files, count.certainty.label) for kind, count in census.people.items()}


def callers(count: int, step: int = 7919) -> list[bytes]:
    return [b"070%07d" % (1740605 + i * step % 1_000_000) for i in range(count)]


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


def test_dates_and_danish_numbers_are_not_mixed_up() -> None:
    days = [b"2019%02d%02d.wav" % (1 + i // 28, 1 + i % 28) for i in range(280)]
    assert people(fold(days, regions=("DK",))) == {}


def test_random_ids_are_nobody() -> None:
    seeded = random.Random(3)
    ids = [b"%010d.wav" % seeded.randrange(10**10) for _ in range(2000)]
    assert people(fold(ids)) == {}


def test_running_numbers_are_nobody_even_where_they_are_valid() -> None:
    assert people(fold([b"%d.wav" % (22_334_400 + i) for i in range(200)], regions=("DK",))) == {}


def test_a_column_of_numbers_without_prefix_is_possible_and_probable_as_the_whole_name() -> None:
    numbers = [b"%d.wav" % (22_334_400 + i * 7919 % 600_000) for i in range(200)]
    assert people(fold(numbers, regions=("DK",))) == {"phone": (200, "probable")}
    assert people(fold([b"call_" + number for number in numbers], regions=("DK",))) == {"phone": (200, "possible")}


def test_a_grammars_field_is_believed_with_some_short_numbers_in_it() -> None:
    names = [b"20190218-0830%02d_202555%04d-all.wav" % (i % 60, 100 + i) for i in range(90)]
    odd = [b"20190218-0930%02d_1112223%03d-all.wav" % (i % 60, i) for i in range(30)]
    assert people(fold(names + odd, regions=("US",))) == {"phone": (90, "probable")}


def test_products_beside_dates_are_no_people() -> None:
    assert people(fold([b"Tolvan Testsson 2019-02-%02d.pdf" % (i + 1) for i in range(20)])) == {}


def test_the_companys_own_number_is_nobody_and_the_caller_is() -> None:
    names = [b"in-0313900605-%s-20190218-083012-1550478%03d.9.wav" % (n, i % 1000) for i, n in enumerate(callers(300))]
    census = fold(names)
    assert people(census) == {"phone": (300, "certain")}
    assert census.distinct("phone") == 300
    assert census.signatures == {"recording/freepbx": 300}


def test_times_beside_numbers_are_taken_out_of_the_share() -> None:
    names = [n + b".wav" for n in callers(40)] + [b"15504%05d.wav" % (i * 37) for i in range(400)]
    census = fold(names)
    assert people(census) == {"phone": (40, "certain")}
    assert {40, 400} == {part.files for part in census.parts.values()}


def test_few_numbers_are_probable_until_they_are_many() -> None:
    assert people(fold([b"0701740605.wav", b"0701740606.wav"])) == {"phone": (2, "probable")}
    assert people(fold([b"0701740605%s.wav" % s for s in (b"", b"_1", b"_12", b"_123")]
                                                    + [b"0701740699.wav"])) == {"phone": (5, "certain")}


def test_personnummer_are_certain_in_a_column_and_mail_and_names_are_seen() -> None:
    names = [b"19900101-9802_remiss.pdf", b"19121212-1212_remiss.pdf", b"Tolvan Testsson 2019-02-18.pdf",
             b"tolvan@example.org_2019-02-18.pdf"]
    assert people(fold(names)) == {"personnummer": (2, "probable"), "name": (1, "possible"), "email": (1, "probable")}


def test_the_strongest_identifier_names_the_part() -> None:
    census = fold([b"19900101-9802_0701740605.pdf"])
    assert [PartKey("document", "personnummer", Certainty.PROBABLE)] == list(census.parts)
    assert {"phone", "personnummer"} == set(census.people)


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
    assert stamped.voices == 90
    songs = fold([b"song %02d.wav" % i for i in range(90)], sizes=sizes)
    assert [PartKey("audio", "", Certainty.POSSIBLE)] == list(songs.parts)


def test_absurd_times_are_set_aside() -> None:
    times = [0, 1, 1_365_766_212, 1_550_478_612, NOW + 86_000, NOW + 90_000, 4_000_000_000, -1]
    census = fold([b"%d.wav" % i for i in range(8)], times=times)
    assert (census.first, census.last, census.odd_times) == (1_365_766_212, NOW + 86_000, 4)
    assert (fold([b"a"], times=[0]).first, fold([b"a"]).last) == (None, None)


def test_sizes_are_summed_and_what_is_not_shown_is_counted() -> None:
    census = fold([b"a.wav", b"b.wav", b"c.pdf"], sizes=[100, -1, 50], slacks=[0, 0, 5])
    assert (census.bytes, census.unsized, census.spread, census.bytes_exact) == (150, 1, 25, False)
    assert census.kinds == {"audio": [2, 100], "document": [1, 50]}
    assert fold([b"a.wav"], sizes=[0]).bytes_exact


def test_hours_come_from_frames_where_sizes_are_exact() -> None:
    sizes = [44 + 160 * 100 * (60 + i) + 160 * (i % 2 == 0) for i in range(100)]
    census = fold([b"x%03d.wav" % i for i in range(100)], sizes=sizes)
    assert census.hours is not None
    assert census.hours.method == "size arithmetic: G.711"
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


def test_paths_of_parts_are_masked() -> None:
    census = fold([b"a.wav"], path="/calls/0701740605/")
    assert [part.folder for part in census.parts.values()] == ["/calls/0701•••605/"]


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
@settings(deadline=None)
def test_the_pieces_of_a_listing_do_not_matter(some: list[bytes], piece: int) -> None:
    sizes = [44 + 320 * len(name) for name in some]
    whole, pieces = fold(some, sizes=sizes), fold(some, sizes=sizes, piece=piece)
    assert whole == pieces
    assert len(some) == whole.files
    assert whole == Census.from_json(json.loads(json.dumps(whole.to_json())))
    assert len(some) == sum(part.files for part in whole.parts.values())


def hostile(count: int) -> list[bytes]:
    seeded = random.Random(5)
    letters = b"aA0-_. +@\x00\n\xff\xc3\xed\xa0\x80["
    return [bytes(seeded.choices(letters, k=seeded.randrange(1, 90))) for _ in range(count)]


def test_names_that_are_all_different_in_shape_take_bounded_memory() -> None:
    folder = Folder(FakeKnowledge(), regions=("SE",), key=KEY, path="/", now=NOW)
    some = hostile(4000)
    tracemalloc.start()
    for i in range(0, 4000, 500):
        folder.add(Batch(names=some[i:i + 500], sizes=[1] * 500))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    census = folder.close()
    assert len(folder._shapes) <= 513
    assert (census.files, census.bytes) == (4000, 4000)
    assert peak < 40_000_000
    assert len(json.dumps(census.to_json())) < 100_000


def test_names_of_64_kilobytes_are_cut_and_counted() -> None:
    long = [b"x" * 65_536 + b"%d.wav" % i for i in range(50)] + [b"0701740605" * 6554 + b".wav"]
    census = fold(long, sizes=[1] * 51)
    assert census.files == 51
    assert all(len(name) <= 121 for name in census.sample)
    assert "0701740605" not in json.dumps(census.to_json())


@pytest.mark.parametrize("name", [
    b"", b".", b".wav", b"\x00", b"\n", b"a\nb.wav", b"\xff\xfe", b"\xed\xa0\x80.wav", b"a/b",
    "\u202ewav.0701740605".encode(), b"0701740605", b"..wav", b"a." + b"b" * 300,
])
def test_odd_names_are_counted_one_by_one_and_together(name: bytes) -> None:
    assert fold([name]).files == 1
    assert fold([name] * 9).files == 9
    assert fold([name, b"a.wav", name]).files == 3
    assert json.dumps(fold([name]).to_json()).encode("utf-8")


def test_nothing_that_leaves_holds_a_number() -> None:
    text = json.dumps(fold([n + b"_Tolvan Testsson_1.wav" for n in callers(3000)], path="/0701740605/").to_json())
    assert not any(n.decode() in text or n[1:].decode() in text for n in callers(3000))
    assert "Testsson" not in text


def test_a_census_stays_small_while_the_store_grows() -> None:
    census = fold([n + b".wav" for n in callers(60_000, 7)], sizes=[SECOND * 60] * 60_000)
    assert people(census) == {"phone": (60_000, "certain")}
    assert pytest.approx(census.distinct("phone"), rel=0.06) == 60_000
    assert len(json.dumps(census.to_json())) < 20_000
