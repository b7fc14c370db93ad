"""Whatever comes, the readers of text and JSON end: nothing rises, work grows as the answer, cuts do not matter."""

from __future__ import annotations

import json
import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.listing import Verdict
from tests.listing.recorded import entries, read

LS = b"-rw-r--r-- 1 root root 281 Feb 18  2019 a.wav\n"
HURTS = {
    "text": [LS, b"-rw-r--r-- ", b"- ", b"total 1\n", b"./a:\n\n", b"1 ", b"type=", b"a=b;", b"a\t", b"a.wav\n", b"\n",
             b"/", b"01-01-19 ", b"<DIR>", b" Directory of C:\\a\n", b"ls: x\n", b"\r", b"\xff", b" ", b"a.wav ->"],
    "json": [b'{"name":"a.wav","type":"file"},', b"[", b"{", b'"', b'{"a":', b"1,", b'"a.wav",', b'{"a":[', b"\\", b" ",
             b'{"name":"a","type":"dir","children":[', b"\xff", b'"\\u', b"-", b"1e9", b"nul", b'{"a":1}\n'],
}
BEGINNINGS = {"text": LS * 40, "json": b"[" + b'{"name":"a.wav","type":"file"},' * 60}


def work(kind: str, body: bytes) -> int:
    """Calls made while a body is read."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read(kind, "/c/", body, step=65_536)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(("kind", "unit"), [(kind, unit) for kind, units in HURTS.items() for unit in units])
@pytest.mark.parametrize("after", ["nothing", "a listing"])
def test_work_grows_no_faster_than_the_answer(kind: str, unit: bytes, after: str) -> None:
    begin = BEGINNINGS[kind] if after == "a listing" else b""
    half, whole = (work(kind, begin + unit * (size // len(unit))) for size in (60_000, 120_000))
    assert whole < 3 * half + 2000


@pytest.mark.parametrize("kind", ["text", "json"])
@given(st.binary(max_size=3000), st.sampled_from([1, 7, 1024]))
def test_no_bytes_break_a_reader(kind: str, body: bytes, step: int) -> None:
    for begin in (b"", BEGINNINGS[kind]):
        read(kind, "/c/", begin + body, step=step)


LINES = st.lists(st.sampled_from([LS, b"a.wav\n", b"\n", b"./a:\n", b"./a/b:\n", b"total 4\n", b"words and words\n",
                                  b"drwxr-xr-x 2 a b 4096 2019-02-18 06:07 d\n"]), max_size=90)


@given(LINES, st.integers(1, 300))
def test_how_text_is_cut_makes_no_difference(lines: list[bytes], step: int) -> None:
    body = LS + b"".join(lines)
    whole, parts = read("text", "/", body), read("text", "/", body, step=step)
    assert (whole[0].verdict, whole[1], whole[0].row_bytes) == (parts[0].verdict, parts[1], parts[0].row_bytes)


NAMES = st.text("ab .é\"\\", max_size=6).map("n{}".format)
FILES = st.tuples(NAMES, st.integers(-5, 10**20)).map(lambda one: {"name": one[0], "type": "file", "size": one[1]})
TREES = st.recursive(FILES, lambda below: st.tuples(NAMES, st.lists(below, max_size=12)).map(
    lambda one: {"name": one[0], "type": "dir", "children": one[1]}), max_leaves=60)


@given(st.lists(TREES, min_size=1, max_size=20), st.integers(1, 300))
def test_how_json_is_cut_makes_no_difference(rows: list[object], step: int) -> None:
    body = json.dumps(rows).encode()
    whole, parts = read("json", "/", body), read("json", "/", body, step=step)
    assert whole[0].verdict is parts[0].verdict is Verdict.LISTING
    shown = [[(batch.under, entry) for batch in batches for entry in batch.entries()]
             for batches in (whole[1], parts[1])]
    assert shown[0] == shown[1]
    assert _lies(rows) == len(entries(whole[1]))


def _lies(rows: list[object]) -> int:
    """How many entries a tree holds."""
    count = 0
    for row in rows:
        assert isinstance(row, dict)
        count += 1 + _lies(row.get("children", []))
    return count
