"""Sizes as servers print them, and how far off each may be."""

from __future__ import annotations

import pytest

from scanner.listing import sizes

MIB = 1 << 20


@pytest.mark.parametrize(("text", "size"), [
    (b"281", (281, 0)), (b"0", (0, 0)), (b"  281 ", (281, 0)), (b"281 B", (281, 0)), (b"281B", (281, 0)),
    (b"281 Bytes", (281, 0)), (b"1 byte", (1, 0)), (b"3,221,225,472 Bytes", (3221225472, 0)),
    (b"3.221.225.472", (3221225472, 0)), (b"3 221 225 472", (3221225472, 0)), (b"3'221'225'472", (3221225472, 0)),
    (b"1,024", (1024, 0)), (b"977K", (977 * 1024, 1024)), (b"1.5M", (MIB * 3 // 2, 104858)),
    (b"1.5 MiB", (MIB * 3 // 2, 104858)), (b"1,5 MB", (MIB * 3 // 2, 104858)), (b"3G", (3 << 30, 1 << 30)),
    (b"0.2K", (205, 103)), (b"0.0K", (0, 103)), (b"3145728.0 KiB", (3 << 30, 103)), (b"1,024 KB", (MIB, 1024)),
    (b"7.86\xc2\xa0KiB", (8049, 11)), (b"2.00k", (2048, 11)), (b"281.0 B", (281, 0)),
    (b"1.5 Mo", (MIB * 3 // 2, 104858)),
])
def test_a_size_is_read_with_its_precision(text: bytes, size: tuple[int, int]) -> None:
    assert size == sizes.parse(text)


@pytest.mark.parametrize("text", [b"", b"-", b"wav", b"-1", b"1e999", b"2019-02-18", b"12:30", b"1.2.3", b"1.5", b"K",
                                  b"audio/x-wav", b"(12)", b"7z", b"0x10", b"1" * 400, b"12 files"])
def test_what_is_no_size_is_none(text: bytes) -> None:
    assert sizes.parse(text) is None


@pytest.mark.parametrize("text", [b"9" * 19, b"9" * 19 + b"G", b"999999999999 T"])
def test_more_than_a_file_can_hold_is_unknown(text: bytes) -> None:
    assert sizes.parse(text) == (sizes.UNKNOWN, 0)


@pytest.mark.parametrize("true", [0, 1, 40, 281, 511, 512, 999, 1023, 1024, 1535, 1536, 999_999, 1 << 20, 3 << 30])
def test_the_true_size_lies_within_the_slack_however_it_was_rounded(true: int) -> None:
    for power, unit in enumerate(b"KMG", start=1):
        for tenths in (True, False):
            scale = 1024**power
            value = true * (10 if tenths else 1)
            for shown in (value // scale, (value + scale // 2) // scale):
                text = f"{shown // 10}.{shown % 10}{chr(unit)}" if tenths else f"{shown}{chr(unit)}"
                size, slack = sizes.parse(text.encode()) or (0, 0)
                assert abs(size - true) <= slack, text


@pytest.mark.parametrize("text", [b"-", b"", b" - ", b"&mdash;", "—".encode()])
def test_a_dash_says_that_no_size_is_shown(text: bytes) -> None:
    assert sizes.is_blank(text)


def test_the_memory_of_sizes_is_bounded() -> None:
    memory = sizes.Sizes()
    for number in range(120_000):
        assert (number, 0) == memory[b"%d" % number]
    assert len(memory) <= 50_001
