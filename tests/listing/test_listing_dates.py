"""Dates as servers print them, in every order and to every precision."""

from __future__ import annotations

from calendar import timegm

import pytest

from scanner.listing import dates
from tests.listing.recorded import read

EVENING = timegm((2019, 2, 18, 18, 7, 8))
MINUTE = EVENING - 8
DAY = timegm((2019, 2, 18, 0, 0, 0))


def moment(text: bytes, *, first: str | None = None, now: int | None = None) -> int | None:
    """Seconds since 1970 of the date in a text."""
    shown = dates.find(text)
    day = dates.days(shown.day, shown.form, first=first, now=now) if shown else None
    clock = dates.seconds(shown.clock) if shown else None
    return None if day is None or clock is None else day * 86_400 + clock


@pytest.mark.parametrize(("text", "expected", "grain"), [
    (b"18-Feb-2019 18:07", MINUTE, 60),                               # nginx, old Apache
    (b"2019-02-18 18:07  ", MINUTE, 60),                              # Apache
    (b"2019-Feb-18 18:07:08", EVENING, 1),                            # lighttpd
    (b"2019/02/18 18:07", MINUTE, 60),                                # WEBrick
    (b"18Feb2019 18:07", MINUTE, 60),                                 # mini_httpd
    (b"Mon, 18 Feb 2019 18:07:08 GMT", EVENING, 1),                   # RFC 1123
    (b"2019-02-18T18:07:08Z", EVENING, 1),                            # RFC 3339
    (b" 2019-02-18T19:07:08+01:00", EVENING, 1),
    (b"2019-02-18T18:07:08.123456789Z", EVENING, 1),
    (b"2019-02-18 18:07:08 +0000 UTC", EVENING, 1),
    (b"2019-02-18 13:07:08 -0500", EVENING, 1),
    (b"02/18/2019 06:07:08 PM +00:00", EVENING, 1),
    (b"2/18/2019 6:07 PM", MINUTE, 60),
    (b"18/02/2019, 18:07:08", EVENING, 1),
    (b"18.02.2019 18:07", MINUTE, 60),
    (b"Feb 18, 2019, 6:07:08 PM", EVENING, 1),
    (b"February 18, 2019  6:07 PM", MINUTE, 60),
    (b"18 februari 2019 18:07", MINUTE, 60),
    (b"18. Februar 2019", None, 0),                                   # a dot and a space: not known
    (b"Feb 18  2019", DAY, 86_400),                                   # ls -l, an old file
    (b"Mon Feb 18 18:07:08 2019", EVENING, 1),                        # asctime
    (b"Mon Feb 18 18:07:08 GMT 2019", EVENING, 1),
    (b"2019-02-18", DAY, 86_400),
    (b"18-Feb-19 18:07", MINUTE, 60),
])
def test_a_date_is_read_in_any_form(text: bytes, expected: int | None, grain: int) -> None:
    shown = dates.find(text)
    assert expected == moment(text)
    assert grain == (shown.grain if shown else 0)


def test_a_year_that_follows_the_time_is_a_name_where_no_day_of_the_week_is_told() -> None:
    shown = dates.find(b"drwxr-xr-x 2 root root 4096 Feb 18 18:07 2019")
    assert shown is not None
    assert (b"Feb 18", b"18:07") == (shown.day, shown.clock)


@pytest.mark.parametrize("text", [
    b"", b"wav", b"281", b"2019-13-45 10:00", b"31-Feb-2019", b"99999-01-01", b"0000-00-00 00:00", b"32/13/2019",
    b"1.2.3", b"12:30", b"070-1740605", b"2019-02-18-19", b"v2019.1.2.3", b"29-Feb-2019 10:00", b"1969-12-31",
    b"9999-01-01"])
def test_what_is_no_date_is_none(text: bytes) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(("clock", "expected"), [
    (b"12:00 AM", 0), (b"12:00 PM", 43_200), (b"1:05 pm", 47_100), (b"00:00", 0), (b"23:59:59", 86_399), (b"", 0),
    (b"24:00", None), (b"12:60", None), (b"13:00 PM", None)])
def test_a_clock_has_twelve_or_twentyfour_hours(clock: bytes, expected: int | None) -> None:
    assert expected == dates.seconds(clock)


def test_a_date_without_a_year_is_the_last_one_that_has_been() -> None:
    now = timegm((2019, 2, 20, 12, 0, 0))
    assert moment(b"Feb 18 18:07", now=now) == MINUTE
    assert moment(b"Feb 21 18:07", now=now) == timegm((2019, 2, 21, 18, 7, 0))     # a clock a little ahead
    assert moment(b"Mar 18 18:07", now=now) == timegm((2018, 3, 18, 18, 7, 0))


def test_a_date_without_a_year_stays_unknown_where_nobody_says_what_day_it_is() -> None:
    assert moment(b"Feb 18 18:07") is None


def listing(*shown: str) -> bytes:
    """A listing with these dates."""
    rows = "".join(f'<tr><td><a href="{i}.wav">{i}.wav</a></td><td>{text}</td><td>{i}</td></tr>\n'
                   for i, text in enumerate(shown, start=10))
    return f"<html><title>Index of /c/</title><h1>Index of /c/</h1><table>{rows}</table></html>".encode()


@pytest.mark.parametrize(("shown", "expected", "grain"), [
    (("03/04/2019 10:00", "18/02/2019 10:00"), [(2019, 4, 3), (2019, 2, 18)], 60),
    (("03/04/2019 10:00", "02/18/2019 10:00"), [(2019, 3, 4), (2019, 2, 18)], 60),
    (("3/4/2019 10:00:17 AM", "2/1/2019 10:00:17 AM"), [(2019, 3, 4), (2019, 2, 1)], 1),
    (("03/04/2019 10:00", "02/01/2019 10:00"), [(2019, 4, 3), (2019, 1, 2)], dates.YEAR),
    (("03.04.2019 10:00", "02.01.2019 10:00"), [(2019, 4, 3), (2019, 1, 2)], 60),
])
def test_day_and_month_are_told_apart_by_the_whole_column(
        shown: tuple[str, ...], expected: list[tuple[int, int, int]], grain: int) -> None:
    _, batches = read("html", "/c/", listing(*shown))
    seconds = 17 if "17" in shown[0] else 0
    times = [time for batch in batches for time in batch.times or []]
    assert [timegm((*day, 10, 0, seconds)) for day in expected] == times
    assert {grain} == {batch.grain for batch in batches}


def test_a_row_without_a_date_in_a_listing_with_dates_is_minus_one() -> None:
    _, batches = read("html", "/c/", listing("2019-02-18 18:07", "", "2019-02-18 18:07"))
    assert [batch.times for batch in batches] == [[MINUTE, dates.UNKNOWN, MINUTE]]


def test_the_coarsest_date_of_a_listing_is_its_grain() -> None:
    _, batches = read("html", "/c/", listing("Feb 18 18:07", "Feb 18  2019", "Feb 17 10:00"),
                      now=timegm((2019, 2, 20, 0, 0, 0)))
    assert [[MINUTE, DAY, timegm((2019, 2, 17, 10, 0, 0))]] == [batch.times for batch in batches]
    assert [batch.grain for batch in batches] == [86_400]
