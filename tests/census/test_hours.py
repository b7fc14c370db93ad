"""Hours from sizes: arithmetic, usual rates, rounding."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from census_fakes import FakeRate

from scanner.census.hours import Known, Seconds, arithmetic, choose, counted, measured

WAV, MP3 = FakeRate(8000, 16000, 176400, 44), FakeRate(1000, 4000, 24000)


@pytest.mark.parametrize(("extension", "sizes", "expected"), [
    ("wav", [44 + 320 * n for n in (500, 501, 777, 1000, 2001)], "PCM 16 bit 8 kHz"),
    ("wav", [44 + 320 * n + 160 for n in (500, 501, 777, 1000, 2001)], "G.711"),
    ("wav", [58 + 160 * n for n in (501, 503, 777, 1001, 2001)], "G.711"),
    ("WAV", [60 + 65 * n for n in (500, 501, 777, 1000, 2001)], "WAV49"),
    ("gsm", [33 * n for n in (500, 501, 777, 1000, 2001)], "GSM"),
    ("wav", [44 + 320 * n for n in (500, 501, 777, 1000)], None),            # too few
    ("wav", [100_003, 200_017, 300_041, 400_009, 500_029], None),
    ("mp3", [33 * n for n in (500, 501, 777, 1000, 2001)], None),
])
def test_sizes_tell_the_codec(extension: str, sizes: Sequence[int], expected: str | None) -> None:
    known = arithmetic(extension, sizes)
    assert (expected and f"size arithmetic: {expected}") == (known and known.method)


def test_nine_of_ten_sizes_are_enough() -> None:
    assert arithmetic("wav", [44 + 320 * n for n in range(500, 509)] + [77_777]) is not None
    assert arithmetic("wav", [44 + 320 * n for n in range(500, 508)] + [77_777, 99_991]) is None


def test_rounded_sizes_are_not_taken_for_frames() -> None:
    sizes = [44 + 320 * n for n in range(500, 520)]
    assert method(choose("wav", sizes, WAV, exact=False, product=False)) == "usual rate of wav"
    assert method(choose("wav", sizes, WAV, exact=True, product=False)) == "size arithmetic: PCM 16 bit 8 kHz"


def test_a_median_that_no_call_has_takes_the_next_rate_and_says_so() -> None:
    known = choose("mp3", [24_000 * 300] * 9, MP3, exact=True, product=False)
    assert known is not None
    assert (known.method, known.best) == ("usual rate of mp3", 4000)
    known = choose("mp3", [24_000 * 1000] * 9, MP3, exact=True, product=False)
    assert known is not None
    assert (known.method, known.best) == ("usual rate of mp3, uncertain", 24000)


def test_the_product_is_named_as_the_source_of_its_rate() -> None:
    assert method(choose("wav", [], WAV, exact=True, product=True)) == "usual rate of the product"


def test_an_unknown_extension_has_no_rate() -> None:
    assert choose("xyz", [1, 2, 3], None, exact=True, product=False) is None


def method(known: Known | None) -> str:
    assert known is not None
    return known.method


def test_the_lowest_rate_gives_the_most_hours() -> None:
    known = Known(8000, 16000, 32000, 44, "m")
    assert Seconds(10, 20, 40, 0) == measured(known, 1, 320_044, 0)


def test_rounding_errors_add_up_as_independent_ones_do() -> None:
    known = Known(10, 10, 10, 0, "m")
    seconds = sum((measured(known, 1, 36_000, 3_600**2) for _ in range(100)), Seconds())
    hours = seconds.hours({"m": 100})
    assert (hours.low, hours.best, hours.high) == (98.0, 100.0, 102.0)


def test_recordings_without_a_size_are_counted_by_the_average() -> None:
    assert Seconds(60_000, 227_000, 600_000, 0) == counted(1000)


def test_methods_are_named_by_how_much_they_decided() -> None:
    assert Seconds(1, 1, 1).hours({"a": 1, "b": 5}).method == "b; a"
