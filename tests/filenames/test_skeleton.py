"""Shapes of names, and where their digits may be people."""

from __future__ import annotations

import pytest

from scanner.filenames.context import silent
from scanner.filenames.skeleton import canonical, coarse, fits, plan, skeletons, tail


def test_a_shape_keeps_length_and_marks() -> None:
    names = [b"Q-0701740605.wav", "å1.mp3".encode(), b"a\nb"]
    assert skeletons(names) == [b"A-0000000000.aaa", b"bb0.aa0", b"a\na"]
    assert skeletons([b"a/1", b"b"]) == [b"a/0", b"a"]


def test_uuids_and_hashes_have_one_shape() -> None:
    names = [b"3f2b8c1e-1111-4222-8333-abcdefabcdef.wav", b"00000000-aaaa-bbbb-cccc-0123456789ab.wav"]
    assert len({canonical(s) for s in skeletons(names)}) == 1
    assert len({canonical(s) for s in skeletons([b"0123456789abcdef01234567", b"abcdef0123456789abcdef01"])}) == 1
    assert canonical(b"0" * 24) == b"0" * 24


def test_coarse_shapes_forget_lengths() -> None:
    assert coarse(b"aaaa_000.aaa") == coarse(b"aA_0.aa") == b"a_0.a"


@pytest.mark.parametrize(("skeleton", "checks", "runs"), [
    (b"00000000-000000_0000000000_0000.aaa", ["timestamp"], [(16, 26)]),
    (b"a-000-0000000000-00000000-000000-0000000000.000.aaa", ["uniqueid", "timestamp"], [(6, 16)]),
    (b"0000000000.aaa", [], [(0, 10)]),
    (b"+00000000000.aaa", [], [(1, 12)]),
    (b"0000-00-00.aaa", ["date"], []),
    (b"aaaa000.aaa", [], []),
])
def test_a_plan_names_what_is_checked_and_what_is_read(skeleton: bytes, checks: list[str],
                                                       runs: list[tuple[int, int]]) -> None:
    made = plan(skeleton)
    assert made is not None
    assert [check.kind for check in made.checks] == checks
    assert [(digits.start, digits.end) for digits in made.runs] == runs


@pytest.mark.parametrize("skeleton", [
    b"000000-0000.aaa", b"00000000-0000.aaa", b"000-00-0000.aaa", b"aaa@aaa.aaa", b"Aaaaa Aaaa 0000.aaa",
    b"000 000 0000", b"000-0000000.aaa", b"0.0.0.0", b"a" * 300,
])
def test_shapes_that_may_hold_more_are_read_whole(skeleton: bytes) -> None:
    assert plan(skeleton) is None


@pytest.mark.parametrize(("skeleton", "expected"), [
    (b"aaa.aaa", (3, 3)), (b"000-aa.aaa", (6, 3)), (b"000_aaa.aa0", (7, 3)), (b"aaa", (3, 3)), (b"aaa.", (4, 4)),
    (b".aaa", (0, 0)), (b"a." + b"a" * 30, (32, 32)),
])
def test_the_ending_of_a_shape(skeleton: bytes, expected: tuple[int, int]) -> None:
    assert tail(skeleton) == expected


@pytest.mark.parametrize(("texts", "expected"), [
    (["QAHO", "QAHP"], True), (["QAHO", "CPR"], False), (["cpr"], False), (["ärende"], False), (["öppet"], False),
    ([], True),
])
def test_many_words_are_silent_where_none_says_anything(texts: list[str], expected: bool) -> None:
    assert expected == silent(texts)


@pytest.mark.parametrize("rows", [1, 63, 64, 500])
@pytest.mark.parametrize(("good", "odd"), [
    ("20140331_225155_XKRN.mp3", "20140332_225155_XKRN.mp3"),
    ("20140331_225155_XKRN.mp3", "20140331_225165_XKRN.mp3"),
    ("20140331_225155_XKRN.mp3", "20140331_225155_IMEI.mp3"),
    ("2014-03-31-22-51-55.wav", "2014-03-31-22-51-60.wav"),
    ("a 20140331-225155123 20140331-225155 b.wav", "a 20140331-225155123 20140331-225160 b.wav"),
    ("q-1396306315.12.wav", "q-2396306315.12.wav"),
    ("2014-03-31.txt", "2014-02-30.txt"),
])
def test_a_name_that_does_not_fit_is_found_among_any_number(good: str, odd: str, rows: int) -> None:
    skeleton, = {canonical(found) for found in skeletons([good.encode(), odd.encode()])}
    made = plan(skeleton)
    assert made is not None
    for place in {0, rows // 2, rows - 1}:
        names = [good] * rows
        assert [] == list(fits(made, names, "\n".join(names)))
        names[place] = odd
        assert [place] == list(fits(made, names, "\n".join(names)))
