"""What single names give away: the published vectors, identifiers, and near misses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.filenames import PEOPLE, tokens
from scanner.model import Certainty

SE, DK, NO, FI, US = ("SE",), ("DK",), ("NO",), ("FI",), ("US",)


def kinds(name: str, regions: tuple[str, ...] = SE) -> list[str]:
    return [token.kind for token in tokens(name, regions)]


def people(name: str, regions: tuple[str, ...] = SE) -> list[tuple[str, str]]:
    return [(token.kind, token.value) for token in tokens(name, regions) if token.kind in PEOPLE]


@pytest.mark.parametrize(("name", "regions", "expected"), [
    ("q-200-0701740605-20190218-083012-1550478612.123.wav", SE, ["phone", "timestamp", "uniqueid"]),
    ("20130412083012.mp3", SE, ["timestamp"]),
    ("1550491200.123.wav", SE, ["uniqueid"]),
    ("1550478612.wav", SE, ["epoch"]),
    ("1550478612123.wav", SE, ["epoch"]),
    ("0701740605.wav", SE, ["phone"]),
    ("46701740605.wav", SE, ["phone"]),
    ("0046701740605_2.wav", SE, ["phone"]),
    ("+447700900123.mp3", SE, ["phone"]),
    ("20190218.wav", DK, ["date"]),
    ("20190218-0830.wav", SE, ["timestamp"]),
    ("201902180830.wav", SE, ["timestamp"]),
    ("199001019802.pdf", SE, ["personnummer"]),
    ("19900101-9802_remiss.pdf", SE, ["personnummer"]),
    ("131052-308T.pdf", SE, ["hetu"]),
    ("251248-9996.pdf", SE, ["cpr"]),
    ("123-45-6789.pdf", SE, ["ssn"]),
    ("[Testsson, Tolvan]_201-0701740606_20190219120918(380).wav", SE, ["name", "phone", "timestamp"]),
    ("20230414_215701.088-0400_in_2025550123_Tolvan Testsson.oga", US, ["timestamp", "phone", "name"]),
    ("3f2b8c1e-1111-4222-8333-abcdefabcdef.wav", SE, ["uuid"]),
    ("NVR_ch1_main_20190218083012_20190218084012.dav", SE, ["timestamp", "timestamp"]),
    ("192.0.2.10_01_20190218083012345_MOTION.jpg", SE, ["ipv4", "timestamp"]),
    ("tolvan.testsson@example.com_2019-02-18.eml", SE, ["email", "date"]),
    ("DRAB0001.DSS", SE, []),
])
def test_a_published_vector_reads_as_published(name: str, regions: tuple[str, ...], expected: list[str]) -> None:
    assert expected == kinds(name, regions)


@pytest.mark.parametrize(("name", "regions", "expected"), [
    ("q-200-0701740605-20190218-083012-1550478612.123.wav", SE,
     [("phone", "+46701740605"), ("timestamp", "20190218-083012"), ("uniqueid", "1550478612.123")]),
    ("+447700900123.mp3", SE, [("phone", "+447700900123")]),
    ("199001019802.pdf", SE, [("personnummer", "199001019802")]),
    ("251248-9996.pdf", DK, [("cpr", "2512489996")]),
    ("[Testsson, Tolvan]_201-0701740606_20190219120918(380).wav", SE,
     [("name", "testsson tolvan"), ("phone", "+46701740606"), ("timestamp", "20190219120918")]),
    ("20230414_215701.088-0400_in_2025550123_Tolvan Testsson.oga", US,
     [("timestamp", "20230414_215701.088-0400"), ("phone", "+12025550123"), ("name", "testsson tolvan")]),
    ("192.0.2.10_01_20190218083012345_MOTION.jpg", SE, [("ipv4", "192.0.2.10"), ("timestamp", "20190218083012345")]),
    ("tolvan.testsson@example.com_2019-02-18.eml", SE,
     [("email", "tolvan.testsson@example.com"), ("date", "2019-02-18")]),
    ("3f2b8c1e-1111-4222-8333-abcdefabcdef.wav", SE, [("uuid", "3f2b8c1e-1111-4222-8333-abcdefabcdef")]),
])
def test_a_published_vector_has_exact_values(name: str, regions: tuple[str, ...],
                                             expected: list[tuple[str, str]]) -> None:
    assert expected == [(token.kind, token.value) for token in tokens(name, regions)]


@pytest.mark.parametrize("name", [
    "0701740605.wav", "46701740605.wav", "0046701740605_2.wav", "+46701740605.mp3", "070-1740605.wav",
    "070-174 06 05.wav", "tel0701740605x.wav",
])
def test_spellings_of_one_number_are_one_value(name: str) -> None:
    assert people(name) == [("phone", "+46701740605")]


@pytest.mark.parametrize(("name", "regions", "expected"), [
    ("121212-1212.pdf", SE, [("personnummer", "1212121212")]),
    ("19121212-1212.pdf", SE, [("personnummer", "191212121212")]),
    ("19121272-1219.pdf", SE, [("samordningsnummer", "191212721219")]),
    ("191212+1214.pdf", SE, []),
    ("556036-0793.pdf", SE, []),                                   # an organisation's
    ("010203-0007.pdf", DK, [("cpr", "0102030007")]),
    ("9990000018.pdf", SE, []),                                    # bare: no separators
    ("999 000 0018.pdf", SE, []),                                  # a range that is not given out
    ("987-65-4321.pdf", SE, []),                                   # an area that is not given out
    ("131052-308U.pdf", SE, []),
    ("131052-308T.pdf", FI, [("hetu", "131052-308T")]),
    ("(202) 555-0123 call.mp3", US, [("phone", "+12025550123")]),
    ("202-555-0123_2019-02-18.mp3", US, [("phone", "+12025550123")]),
    ("08-20190218.wav", SE, []),                                   # an hour and a date
    ("icon@2x.png", SE, []),
    ("call@192.0.2.7.wav", SE, []),
    ("7000000.wav", SE, []),
    ("116117.wav", SE, []),
    ("Monthly Report 2019-02-18.pdf", SE, []),
    ("Tolvan Testsson.pdf", SE, []),                               # two words alone are no name
    ("Tolvan Testsson 2019-02-18.pdf", SE, [("name", "testsson tolvan")]),
])
def test_shapes_and_their_neighbours(name: str, regions: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert expected == people(name, regions)


def test_norwegian_numbers_pass_both_checks_and_synthetic_ones_are_nobody() -> None:
    assert kinds("010190" + norwegian("010190") + ".pdf", NO) == ["fodselsnummer"]
    assert kinds("018190" + norwegian("018190") + ".pdf", NO) == ["synthetic"]
    assert kinds("410190 " + norwegian("410190") + ".pdf", NO) == ["fodselsnummer"]


def norwegian(date: str) -> str:
    """The first serial whose check digits exist."""
    for serial in range(100, 999):
        nine = f"{date}{serial}"
        first = -sum(w * int(d) for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), nine, strict=True)) % 11
        second = -sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), f"{nine}{first}", strict=False)) % 11
        if first < 10 and second < 10:
            return f"{serial}{first}{second}"
    raise AssertionError


def test_twelve_digits_that_pass_luhn_and_are_a_time_stay_undecided() -> None:
    assert kinds("201902180814.wav") == ["undecided"] or kinds("201902180814.wav") == ["timestamp"]
    found = {kinds(f"2019021808{minute:02}.wav")[0] for minute in range(60)}
    assert {"timestamp", "undecided"} == found


def test_the_home_region_decides_between_swedish_and_danish() -> None:
    both = next(n for n in map("010203-{:04}".format, range(10_000)) if ("personnummer" in kinds(f"{n}.pdf")))
    assert people(f"{both}.pdf", DK)[0][0] == "cpr"


def test_home_goes_before_the_regions() -> None:
    assert people_home("32123456.wav", "DK")[0] == ("phone", "+4532123456")
    assert people("32123456.wav", SE) == []


def people_home(name: str, home: str) -> list[tuple[str, str]]:
    return [(t.kind, t.value) for t in tokens(name, SE, home)]


def test_without_regions_only_written_countries_are_more_than_possible() -> None:
    assert [t.certainty for t in tokens("0701740605.wav")] == [Certainty.POSSIBLE]
    assert [t.certainty for t in tokens("+46701740605.wav")] == [Certainty.PROBABLE]


@given(st.text(max_size=80))
def test_any_name_is_read_and_spans_never_overlap(name: str) -> None:
    found = tokens(name, SE)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= t.start < t.end <= len(name) for t in found)


@given(st.text("0123456789-_. +@Ab", max_size=60))
def test_names_of_digits_and_marks_are_read(name: str) -> None:
    found = tokens(name, ("DK", "SE", "US"))
    assert all(a.end <= b.start for a, b in pairwise(found))
