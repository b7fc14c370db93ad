"""Durations, sizes and windows of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scanner.errors import UsageError
from scanner.targets import ports
from scanner.targets.quantities import Window, duration, size


@pytest.mark.parametrize(("text", "seconds"), [
    ("90", 90), (90, 90), ("45s", 45), ("30m", 1800), ("2h30m", 9000), ("1d", 86400), ("1d2h3m4s", 93784),
])
def test_a_duration_is_read_in_seconds(text: str | int, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-5", "2.5h", "1 h", "30m2h", "soon", "٣h"])
def test_what_is_no_duration_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="is no duration; write such as 45s"):
        duration(text)


@pytest.mark.parametrize(("text", "count"), [
    ("1048576", 1048576), (5, 5), ("64MiB", 64 << 20), ("64 MiB", 64 << 20), ("2GiB", 2 << 30), ("500KB", 500_000),
    ("1M", 1_000_000), ("1TiB", 1 << 40), ("7B", 7),
])
def test_a_size_is_read_in_bytes(text: str | int, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5GiB", "many", "1 PiB"])
def test_what_is_no_size_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="is no size; write a number of bytes"):
        size(text)


@pytest.mark.parametrize(("text", "expected"), [
    ("80", (80,)), ("80,443,8000-8002", (80, 443, 8000, 8001, 8002)), ("443, 80, 443", (443, 80)),
    ("1-65535", range(1, 65536)),
])
def test_ports_stand_in_the_order_written_each_once(text: str, expected: tuple[int, ...]) -> None:
    assert ports(text) == tuple(expected)


@pytest.mark.parametrize(("text", "why"), [
    ("", "'' for a port"), ("80,", "'' for a port"), ("0", "'0'"), ("65536", "'65536'"), ("http", "'http'"),
    ("90-80", "write 80-90"), ("80-", "'' for a port"), ("-80", "'' for a port"), ("+80", "'\\+80'"), ("080", "'080'"),
])
def test_a_bad_list_of_ports_is_an_error_with_its_remedy(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        ports(text)


STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(("window", "moment", "wait"), [
    ("22:00-05:00", datetime(2026, 11, 10, 21, 30, tzinfo=UTC), timedelta(0)),                  # 22:30 there
    ("22:00-05:00", datetime(2026, 11, 10, 3, 59, tzinfo=UTC), timedelta(0)),
    ("22:00-05:00", datetime(2026, 11, 10, 4, 0, tzinfo=UTC), timedelta(hours=17)),             # the end is outside
    ("22:00-05:00", datetime(2026, 11, 10, 20, 59, 30, tzinfo=UTC), timedelta(seconds=30)),
    ("08:00-12:00", datetime(2026, 11, 10, 12, 0, tzinfo=UTC), timedelta(hours=19)),
    ("08:00-12:00", datetime(2026, 11, 10, 10, 0, tzinfo=UTC), timedelta(0)),
    ("20:00-24:00", datetime(2026, 11, 10, 22, 59, tzinfo=UTC), timedelta(0)),
    ("20:00-24:00", datetime(2026, 11, 10, 23, 0, tzinfo=UTC), timedelta(hours=20)),
    ("08:00-12:00", datetime(2026, 10, 24, 12, 0, tzinfo=UTC), timedelta(hours=19)),            # the clock goes back
    ("08:00-12:00", datetime(2026, 3, 28, 12, 0, tzinfo=UTC), timedelta(hours=18)),             # and forward
])
def test_a_window_says_how_long_to_wait(window: str, moment: datetime, wait: timedelta) -> None:
    hours = Window.read(window, STOCKHOLM)
    assert hours.is_open(moment) is (wait == timedelta(0))
    assert hours.wait(moment) == wait


def test_a_window_without_a_zone_is_in_local_time() -> None:
    here = datetime(2026, 11, 10, 12, 0).astimezone()
    assert Window.read("11:00-13:00").is_open(here)
    assert Window.read("13:00-14:00").wait(here) == timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "22-05", "22:00", "24:00-05:00", "22:60-23:00", "9:00-10:00", "22:00 - 05:00"])
def test_what_is_no_window_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="is no window; write such as 22:00-05:00"):
        Window.read(text)


def test_an_empty_window_is_an_error() -> None:
    with pytest.raises(UsageError, match="leave the window out for the whole day"):
        Window.read("05:00-05:00")
