"""Hours from sizes: arithmetic, usual rates, rounding, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from census_fakes import FakeRate

from scanner.census.hours import Known, Seconds, arithmetic, choose, counted, measured
from scanner.signature import load

WAV, MP3 = FakeRate(8000, 16000, 176400, 44), FakeRate(1000, 4000, 24000)
FRAMES = (500, 501, 777, 1000, 2001)
KNOWLEDGE = load()


@pytest.mark.parametrize(("extension", "sizes", "expected"), [
    ("wav", [44 + 320 * n for n in FRAMES], ("PCM of 16 bits at 8 kHz", 16000)),
    ("wav", [44 + 320 * n + 160 for n in FRAMES], ("G.711", 8000)),
    ("wav", [58 + 160 * n for n in (501, 503, 777, 1001, 2001)], ("G.711", 8000)),
    ("WAV", [60 + 65 * n for n in FRAMES], ("WAV49", 1625)),
    ("wav49", [60 + 65 * n for n in FRAMES], ("WAV49", 1625)),
    ("gsm", [33 * n for n in FRAMES], ("GSM", 1650)),
    ("wav", [33 * n for n in FRAMES], ("GSM", 1650)),
    ("g729", [20 * n for n in FRAMES], ("G.729", 1000)),
    ("ilbc", [50 * n for n in FRAMES], ("iLBC of 30 ms", 1667)),
    ("ilbc", [38 * n for n in FRAMES], ("iLBC of 20 ms", 1900)),
    ("wav", [20 * n for n in (501, 503, 777, 1003, 2001)], None),            # weak, and the ending does not say so
    ("mp3", [50 * n for n in FRAMES], None),
    ("wav", [44 + 320 * n for n in FRAMES[:4]], None),                       # too few
    ("wav", [100_003, 200_017, 300_041, 400_009, 500_029], None),
    ("mp3", [33 * n for n in FRAMES], None),
    ("wav", [-1, 0, 3, 44 - 320, 7], None),
    ("wav", [], None),
])
def test_sizes_tell_the_codec(extension: str, sizes: Sequence[int], expected: tuple[str, int] | None) -> None:
    known = arithmetic(extension, sizes)
    assert expected == (known and (known.method.partition("(")[2].partition(")")[0], known.best))


def test_nine_of_ten_sizes_are_enough() -> None:
    assert arithmetic("wav", [44 + 320 * n for n in range(500, 509)] + [77_777]) is not None
    assert arithmetic("wav", [44 + 320 * n for n in range(500, 508)] + [77_777, 99_991]) is None


def test_frames_of_twice_the_length_may_be_both_sides_kept_apart() -> None:
    known = arithmetic("wav", [44 + 640 * n for n in range(300, 330)])
    assert known is not None
    assert (known.low, known.best, known.high) == (16000, 16000, 32000)
    assert known.method.endswith("44 over a multiple of 640, or 32,000 if both sides are kept apart")
    few = arithmetic("wav", [44 + 640 * n for n in range(300, 310)])
    assert few is not None
    assert (few.low, few.best, few.high) == (16000, 16000, 16000)


def test_rounded_sizes_are_not_taken_for_frames() -> None:
    sizes = [44 + 320 * n for n in range(500, 520)]
    assert method(choose("wav", sizes, WAV, exact=False)) == "WAV: 16,000 bytes a second, the usual rate"
    assert method(choose("wav", sizes, WAV, exact=True)) == \
        "WAV: 16,000 bytes a second (PCM of 16 bits at 8 kHz), as at least 90 % of the sizes in a folder are " \
        "44 over a multiple of 320"


UNUSUAL = "as at the usual rate half of them would be shorter than 10 s or longer than 30 minutes (rate uncertain)"


@pytest.mark.parametrize(("median", "best", "said"), [
    (4_000 * 10, 4_000, "MP3: 4,000 bytes a second, the usual rate"),
    (4_000 * 1_800, 4_000, "MP3: 4,000 bytes a second, the usual rate"),
    (4_000 * 1_801, 24_000, f"MP3: 24,000 bytes a second, {UNUSUAL}"),
    (4_000 * 10 - 1, 1_000, f"MP3: 1,000 bytes a second, {UNUSUAL}"),
    (24_000 * 1_801, 4_000, "MP3: 4,000 bytes a second, the usual rate (rate uncertain)"),
    (100, 4_000, "MP3: 4,000 bytes a second, the usual rate (rate uncertain)"),
])
def test_a_median_that_no_call_has_takes_the_next_rate_and_says_so(median: int, best: int, said: str) -> None:
    known = choose("mp3", [median] * 9, MP3, exact=True)
    assert known is not None
    assert (best, said) == (known.best, known.method)


def test_the_product_is_named_as_the_source_of_its_rate() -> None:
    assert method(choose("wav", [], WAV, exact=True, product="vicidial")) == \
        "WAV: 16,000 bytes a second, as vicidial writes it"


def test_an_unknown_extension_has_no_rate() -> None:
    assert choose("xyz", [1, 2, 3], None, exact=True) is None


def method(known: Known | None) -> str:
    assert known is not None
    return known.method


def test_the_lowest_rate_gives_the_most_hours() -> None:
    known = Known(8000, 16000, 32000, 44, "m")
    assert Seconds(10, 20, 40, 0) == measured(known, 1, 320_044, 0)


def test_rounding_errors_add_up_as_independent_ones_do_and_are_told() -> None:
    known = Known(10, 10, 10, 0, "m")
    seconds = sum((measured(known, 1, 36_000, 3_600**2) for _ in range(100)), Seconds())
    hours = seconds.hours({"m": 100})
    assert (hours.low, hours.best, hours.high) == (98.0, 100.0, 102.0)
    assert hours.method == "m (100 files); sizes are shown rounded, which adds ±2.0 %"


def test_recordings_without_a_size_are_counted_by_the_average() -> None:
    assert Seconds(60_000, 227_000, 600_000, 0) == counted(1000)


def test_methods_are_named_by_how_much_they_decided() -> None:
    assert Seconds(1, 1, 1).hours({"a": 1, "b": 5}).method == "b (5 files); a (1 file)"
    assert Seconds(1, 2, 3).hours({"a": 5}).method == \
        "a (5 files); low and high are at the highest and the lowest plausible rate"


def test_many_methods_are_cut_short() -> None:
    told = Seconds(1, 1, 1).hours({f"way {n}": 9 - n for n in range(9)}).method
    assert told.endswith("way 5 (4 files); 3 further ways")


# What the founding case would weigh in each codec: bytes a second, bytes over all.
@pytest.mark.parametrize(("rate", "terabytes"), [
    (16_000, 9.79), (8_000, 4.90), (1_625, 0.99), (1_650, 1.01), (2_000, 1.22), (4_000, 2.45), (1_000, 0.61),
])
def test_the_founding_case_comes_to_its_hours_in_any_codec(rate: int, terabytes: float) -> None:
    calls, each = 2_700_000, 226.7
    size = round(calls * each * rate)
    assert terabytes == pytest.approx(size / 1e12, rel=0.01)
    hours = measured(Known(rate, rate, rate, 0, "m"), calls, size, 0).hours({"m": calls})
    assert hours.best == pytest.approx(170_000, rel=0.001)


@pytest.mark.parametrize(("extension", "low", "best", "high"), [
    ("wav", 8_000, 16_000, 176_400), ("ulaw", 8_000, 8_000, 8_000), ("alaw", 8_000, 8_000, 8_000),
    ("pcm", 8_000, 8_000, 16_000), ("sln", 16_000, 16_000, 16_000), ("raw", 8_000, 16_000, 32_000),
    ("sln16", 32_000, 32_000, 32_000), ("sln48", 96_000, 96_000, 96_000), ("wav49", 1_625, 1_625, 1_625),
    ("gsm", 1_650, 1_650, 1_650), ("g729", 1_000, 1_000, 1_000), ("g723", 867, 1_000, 1_000),
    ("ilbc", 1_667, 1_667, 1_900), ("g722", 8_000, 8_000, 8_000), ("g726-32", 4_000, 4_000, 4_000),
    ("g726-40", 5_000, 5_000, 5_000), ("g726-24", 3_000, 3_000, 3_000), ("g726-16", 2_000, 2_000, 2_000),
    ("siren7", 4_000, 4_000, 4_000), ("siren14", 6_000, 6_000, 6_000), ("vox", 3_000, 4_000, 4_000),
    ("mp3", 1_000, 4_000, 8_000), ("ogg", 2_000, 3_000, 5_000), ("opus", 1_500, 3_000, 4_000),
    ("m4a", 4_000, 8_000, 16_000), ("wma", 2_000, 2_500, 4_000), ("amr", 600, 1_500, 1_600),
    ("awb", 825, 2_000, 3_050), ("spx", 1_000, 2_000, 3_000), ("dss", 800, 1_700, 1_700),
    ("ds2", 1_700, 3_500, 3_500), ("nmf", 1_000, 2_000, 8_000), ("pcap", 10_900, 21_800, 21_800),
    ("mp4", 5_600, 55_000, 1_000_000), ("dav", 60_000, 530_000, 1_000_000),
])
def test_every_format_has_its_usual_rate(extension: str, low: int, best: int, high: int) -> None:
    rate = KNOWLEDGE.rate(extension)
    assert rate is not None
    assert (low, best, high) == (rate.low, rate.best, rate.high)


@pytest.mark.parametrize(("product", "extension", "best"), [
    ("freepbx", "WAV", 1_625), ("freepbx", "wav", 16_000), ("freepbx", "mp3", 4_000), ("vicidial", "mp3", 2_000),
    ("vicidial", "gsm", 1_650), ("puzzel", "wma", 2_000), ("puzzel", "mp3", 1_750), ("zoom-cloud", "m4a", 8_000),
    ("3cx", "wav", 16_000), ("oreka", "wav", 16_000),
])
def test_a_product_has_the_rate_that_it_writes(product: str, extension: str, best: int) -> None:
    rate = KNOWLEDGE.rate(extension, f"recording/{product}")
    assert rate is not None
    assert best == rate.best
