"""What the digits of names are told to be, with the numbers that decided."""

from __future__ import annotations

import functools
import json
import random
import time
from collections.abc import Sequence

import folding
import pytest
from folding import NOW, callers
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.census import Census, PartKey
from scanner.model import Certainty
from scanner.signature import load

DAY = 86_400
Told = tuple[int, str, str, int, int, str]
fold = functools.partial(folding.fold, knowledge=load())


def told(census: Census) -> list[Told]:
    """Place, kind, certainty, files, different ones, reason; from left to right."""
    return sorted((c.place, c.kind, c.certainty.label, c.files, c.distinct, c.because) for c in census.columns)


def stamps(form: str, count: int = 300, step: int = DAY) -> tuple[list[bytes], list[int]]:
    times = [NOW - step * (count - i) for i in range(count)]
    return [time.strftime(form, time.gmtime(at)).encode() for at in times], times


def one(names: Sequence[bytes], times: Sequence[int] | None = None, *, path: str = "/",
        regions: tuple[str, ...] = ("SE",)) -> Told:
    found = told(fold(names, times, path=path, regions=regions))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("form", ["0%09d.wav", "+%011d.wav"])
def test_random_digits_behind_a_zero_or_a_plus_are_no_certain_callers(form: str) -> None:
    least, many = (0, 10**9) if form[0] == "0" else (10**10, 9 * 10**10)
    names = [(form % (least + i * 76_543_219_871 % many)).encode() for i in range(1, 300)]
    assert {"probable"} >= {certainty for _, kind, certainty, *_ in told(fold(names)) if kind == "phone"}


def test_callers_are_told_with_their_country_and_how_many_differ() -> None:
    numbers = callers(60)
    assert (0, "phone", "certain", 60, 60, "all 60 are Swedish mobile numbers, 60 different ones") == one(
        [n + b".wav" for n in numbers])
    assert (5, "phone", "certain", 60, 30, "all 60 are Swedish mobile numbers, 30 different ones") == one(
        [b"call_" + n + b".wav" for n in numbers[:30] * 2])
    mixed = [b"call_" + n + b".wav" for n in numbers] + [b"call_9%09d.wav" % (i * 77_777) for i in range(30)]
    assert (5, "phone", "probable", 60, 60, "60 of 90 are Swedish mobile numbers, 60 different ones") == one(mixed)


def test_the_companys_own_number_a_queue_and_a_counter_are_told_beside_the_caller() -> None:
    names = [b"in-0313900605-%s-600-%04d-x.mp3" % (number, i) for i, number in enumerate(callers(300))]
    assert [(place, kind, files, distinct) for place, kind, _, files, distinct, _ in told(fold(names))] == [
        (3, "own number", 300, 1), (14, "phone", 300, 300), (25, "constant", 300, 1), (29, "counter", 300, 300)]
    reasons = [each[-1] for each in told(fold(names))]
    assert reasons == [
        "the same telephone number in all 300: one of the company's own",
        "all 300 are Swedish mobile numbers, 300 different ones", "the same in all 300 names", "counts by one"]


@pytest.mark.parametrize(("form", "kind", "what"), [
    ("%Y%m%d.mp3", "date", "days"), ("x_%Y-%m-%d.mp3", "date", "days"), ("x_%d.%m.%Y_a.mp3", "date", "days"),
    ("x_%Y%b%d.mp3", "date", "days"),
    ("x_%d-%b-%Y_a.mp3", "date", "days"), ("x_%m-%d-%Y_a.mp3", "date", "days"),
    ("x_%d%m%Y.mp3", "date", "days"), ("%m%d%Y.mp3", "date", "days"), ("%Y%m%d%H.mp3", "timestamp", "times"),
    ("x-%y%m%d.mp3", "date", "days"), ("x-%d%m%y.mp3", "date", "days"),
    ("%Y%m%d_%H%M%S.mp3", "timestamp", "times"), ("%Y%m%d%H%M%S.mp3", "timestamp", "times"),
    ("%Y%m%d%H%M.mp3", "timestamp", "times"), ("%y%m%d%H%M.mp3", "timestamp", "times"),
    ("%d%m%y%H%M.mp3", "timestamp", "times"), ("%y%m%d-%H%M.mp3", "timestamp", "times"),
    ("%d%m%y-%H%M.mp3", "timestamp", "times"), ("%y%m%d%H%M%S.mp3", "timestamp", "times"),
    ("%s.mp3", "epoch", "seconds since 1970"), ("%s000.mp3", "epoch", "seconds since 1970"),
    ("%s.77.mp3", "uniqueid", "unique ids with a time"),
])
@pytest.mark.parametrize("region", ["SE", "DK", "US"])
def test_a_time_that_goes_with_the_files_own_times_is_a_time_whatever_else_it_looks_like(
        form: str, kind: str, what: str, region: str) -> None:
    names, times = stamps(form)
    census = fold(names, times, regions=(region,))
    first = census.columns[0]
    assert (kind, Certainty.CERTAIN, 300) == (first.kind, first.certainty, first.files), first
    assert first.because.startswith(f"all 300 are {what} between 2018-04-2"), first.because
    assert first.because.endswith(" looked at within 31 days of the file's own time")
    assert {} == census.people


def test_without_times_of_files_the_path_can_prove_a_time() -> None:
    names = [b"1902%02d-08%02d.wav" % (1 + i % 28, i) for i in range(50)]
    place, kind, certainty, files, _, why = one(names, path="/2019/02/", regions=("DK",))
    assert (0, "timestamp", "certain", 50) == (place, kind, certainty, files)
    assert why.endswith("as the folder's path has it")
    assert {} == fold(names[:8], path="/2019/02/", regions=("DK",)).people


def test_birth_dates_are_no_times_of_files() -> None:
    seeded = random.Random(3)
    names = [b"%02d%02d%02d-%04d.pdf" % (seeded.randrange(1, 29), seeded.randrange(1, 13), seeded.randrange(30, 99), i)
             for i in range(90)]
    _, times = stamps("", 90)
    assert "cpr" in fold(names, times, regions=("DK",)).people


def test_order_numbers_that_look_like_seconds_are_no_times() -> None:
    _, times = stamps("", 60)
    names = [b"%d.pdf" % (1_000_300_000 + 977 * i) for i in range(60)]
    census = fold(names, times)
    assert ("number", None) == (census.columns[0].kind, census.named_first)


@pytest.mark.parametrize(("names", "expected"), [
    ([b"IMG_%04d.jpg" % i for i in range(300)], (4, "counter", "certain", 300, 300, "counts by one")),
    ([b"IMG_%04d.jpg" % i for i in range(300, 0, -1)], (4, "counter", "certain", 300, 300, "counts by one")),
    ([b"q-200-x.mp3"] * 5, (2, "constant", "certain", 5, 1, "the same in all 5 names")),
    ([b"a%05d.bin" % (i * 7919 % 100_000) for i in range(90)],
     (1, "number", "possible", 90, 90,
      "90 different values in 90 names; no time, no identity, no telephone number")),
    ([b"%d_x.bin" % (1_550_478_612 + 37 * i) for i in range(90)],
     (0, "number", "possible", 90, 90,
      "90 different values in 90 names; they could be seconds since 1970, and nothing beside them says so")),
    ([b"x_%06d.bin" % (10_000 * (i % 24) + 100 * (i * 7 % 60) + i * 13 % 60) for i in range(90)],
     (2, "timestamp", "probable", 90, 90, "all 90 are times of day")),
    ([b"%d.wav" % (22_334_400 + i) for i in range(200)],
     (0, "counter", "certain", 200, 200, "counts by one")),
])
def test_what_is_nobody_is_told_as_what_it_is(names: list[bytes], expected: Told) -> None:
    assert expected == one(names)


def test_a_counter_that_could_be_telephone_numbers_is_told_as_none() -> None:
    found = one([b"call_%d.wav" % (22_334_400 + i) for i in range(200)], regions=("DK",))
    assert ("counter", "counts by one, so the 200 that could be numbers of people are none") == (found[1], found[-1])


def test_checks_that_pass_by_chance_are_told_as_chance() -> None:
    seeded = random.Random(8)
    names = [b"%04d%02d%02d-%04d.pdf" % (seeded.randrange(1930, 1999), seeded.randrange(1, 13),
                                         seeded.randrange(1, 29), seeded.randrange(2400, 10_000)) for _ in range(400)]
    place, kind, _, files, _, why = one(names)
    assert (0, "number") == (place, kind)
    assert 20 < files < 70
    assert why.endswith("; by chance one in ten passes the check, so the column is not believed")


def test_many_names_are_told_from_some_of_them() -> None:
    names = [b"q-200-%07d-%d.bin" % (i * 7919 % 10_000_000, i % 7) for i in range(20_000)]
    found = {kind: (files, distinct, why) for _, kind, _, files, distinct, why in told(fold(names)) if kind != "number"}
    looked = found["constant"][2]
    assert (20_000, 1) == found["constant"][:2]
    assert looked.startswith("the same in all ")
    assert looked.endswith(" looked at, of 20,000, names")


def test_fewer_than_five_names_are_no_column() -> None:
    assert () == fold([n + b".wav" for n in callers(4)]).columns


def test_columns_do_not_hold_what_they_count() -> None:
    names = [b"%s-0313900605-%04d.wav" % (n, i) for i, n in enumerate(callers(300))]
    census = fold(names, path="/0701740699/")
    text = json.dumps(census.to_json()["columns"])
    assert "/0701•••699/" in census.columns[0].path
    assert not any(n.decode() in text for n in [*callers(300), b"0313900605", b"0701740699"])


PBX = b"in-0313900605-%s-%s-%d.%d.wav"


def calls(count: int, wrong: int, seconds: int = 700 * DAY) -> tuple[list[bytes], list[int]]:
    texts, times = stamps("%Y%m%d-%H%M%S", count)
    return [PBX % (number, text, at - (seconds if i < wrong else 0), i % 10)
            for i, (number, text, at) in enumerate(zip(callers(count), texts, times, strict=True))], times


def test_an_epoch_within_a_day_of_the_date_beside_it_proves_the_product() -> None:
    names, times = calls(30, 0, 0)
    census = fold(names, times)
    assert ({"recording/freepbx": 30}, {}) == (census.signatures, census.hints)
    ids = next(column for column in census.columns if column.kind == "uniqueid")
    assert (Certainty.CERTAIN, True) == (ids.certainty, "30 of 30 looked at within a day of the date" in ids.because)
    alone = fold([names[0], *(b"song %d.wav" % i for i in range(9))], None)
    assert {"recording/freepbx": 1} == alone.signatures


def test_an_epoch_far_from_the_date_beside_it_makes_the_product_doubtful() -> None:
    names, times = calls(30, 30)
    census = fold(names, times)
    assert ({}, {"recording/freepbx": 30}) == (census.signatures, census.hints)
    ids = next(column for column in census.columns if column.kind == "uniqueid")
    assert ids.certainty is Certainty.PROBABLE
    assert ids.because.endswith("only 0 of 30 looked at within a day of the date beside it: the product is doubted")
    assert (NOW - 30 * DAY) // DAY * DAY == census.named_first               # the ids' days are not believed


@pytest.mark.parametrize(("wrong", "expected"), [(14, {"recording/freepbx": 30}), (16, {})])
def test_most_of_the_names_decide_about_the_product(wrong: int, expected: dict[str, int]) -> None:
    assert expected == fold(*calls(30, wrong)).signatures


@pytest.mark.parametrize("hours", [-24, 0, 13, 24])
def test_time_zones_do_not_make_a_product_doubtful(hours: int) -> None:
    assert {"recording/freepbx": 30} == fold(*calls(30, 30, hours * 3600)).signatures


@pytest.mark.parametrize(("names", "first", "last"), [
    ([b"20130412_083012_ABCD.mp3", b"20190218_083012_ABCD.mp3"], "2013-04-12", "2019-02-18"),
    ([b"x_2013-04-12.pdf", b"x_2019-02-18.pdf"], "2013-04-12", "2019-02-18"),
    ([b"%d.5.wav" % (1_365_748_212 + i * 10_000_000) for i in range(5)], "2013-04-12", "2014-07-19"),
    ([b"20381231.pdf", b"20190218.pdf", b"00000101.pdf"], "2019-02-18", "2019-02-18"),
    ([b"20190301.pdf"], None, None),                                         # has not been
    ([b"1550478612.pdf"], None, None),                                       # one number proves no epoch
    ([b"%08d.pdf" % (i * 7_777_777 + 20_190_218) for i in range(9)], None, None),
    ([b"0701740605.wav"], None, None),
])
def test_the_days_that_names_say(names: list[bytes], first: str | None, last: str | None) -> None:
    census = fold(names)
    shown = [at and time.strftime("%Y-%m-%d", time.gmtime(at)) for at in (census.named_first, census.named_last)]
    assert [first, last] == shown


def test_a_doubted_product_makes_no_part_certain() -> None:
    names, times = calls(30, 30)
    plain = [name.replace(name.split(b"-")[2], b"unknown") for name in names]
    assert [PartKey("audio", "", Certainty.PROBABLE)] == list(fold(plain, times).parts)     # by its looks alone


_PIECES = [b"0701740605", b"20190218", b"083012", b"1550478612", b"1550478612.9", b"199001019802", b"99999", b"-", b"_",
           b".", b" ", b"00000000", b"20190231", b"2019Feb18", b"19900101-9802", b"\xff", b"\n", b"@", b".wav", b".mp3",
           b"9" * 40, "٣٤٥٦٧٨٩".encode(), b"+447700900123", b"251248-9996", b"18.02.2019"]
built = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=5).map(b"".join)
anything = st.integers() | st.sampled_from([-1, 0, NOW, NOW - DAY, 2**63, -62_167_219_200, 3_093_527_980_800])
rows = st.lists(st.tuples(built | st.binary(max_size=30), anything), max_size=12)


@given(rows, st.integers(1, 9), st.integers(1, 60), st.sampled_from([("SE",), ("DK", "NO"), ()]))
@settings(max_examples=200)
def test_columns_of_any_names_are_told_and_do_not_depend_on_the_pieces(
        some: list[tuple[bytes, int]], copies: int, piece: int, regions: tuple[str, ...]) -> None:
    names, times = [name for name, _ in some] * copies, [at for _, at in some] * copies
    census = fold(names, times, regions=regions)
    assert census == fold(names, times, regions=regions, piece=piece)
    assert census == Census.from_json(json.loads(json.dumps(census.to_json())))
    assert len(census.columns) <= 24
    assert all(0 <= column.distinct <= len(names) and column.files <= len(names) for column in census.columns)
    days = [at for at in (census.named_first, census.named_last) if at is not None]
    assert all(631_152_000 <= at <= NOW + DAY for at in days)
