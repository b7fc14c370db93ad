"""Shapes of names, and where their digits may be people."""

from __future__ import annotations

import pytest

from scanner.filenames.skeleton import canonical, coarse, plan, skeletons, tail


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
