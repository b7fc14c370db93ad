"""Masked text shows times and ids, and never a number that may be someone's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.filenames import MACHINE, mask, tokens

SE = ("SE",)


@pytest.mark.parametrize(("text", "expected"), [
    ("0701740605.wav", "0701•••605.wav"),
    ("+447700900123.mp3", "+4477•••123.mp3"),
    ("12345678.wav", "12•••78.wav"),
    ("19900101-9802_remiss.pdf", "19900101-••••_remiss.pdf"),
    ("199001019802.pdf", "19900101••••.pdf"),
    ("131052-308T.pdf", "131052-••••.pdf"),
    ("123-45-6789.pdf", "123-••-••••.pdf"),
    ("999 000 0018.pdf", "999 ••• ••••.pdf"),
    ("tolvan.testsson@example.com_2019-02-18.eml", "t•••@e•••.com_2019-02-18.eml"),
    ("[Testsson, Tolvan]_201-0701740606_20190219120918(380).wav",
     "[T•••••, T•••••]_201-0701•••606_20190219120918(380).wav"),
    ("3f2b8c1e-1111-4222-8333-abcdefabcdef.wav", "3f2b8c1e-1111-4222-8333-abcdefabcdef.wav"),
    ("q-200-20190218-083012-1550478612.123.wav", "q-200-20190218-083012-1550478612.123.wav"),
    ("/calls/0701740605/2019/02/18/", "/calls/0701•••605/2019/02/18/"),
    ("070-174 06 05.wav", "070-••• 05.wav"),
    ("a/\udcff1.wav", "a/?1.wav"),
])
def test_people_are_hidden_and_the_rest_stays(text: str, expected: str) -> None:
    assert expected == mask(text, SE)


def test_a_hostile_name_is_cut_and_no_number_survives_at_the_cut() -> None:
    assert len(mask("x" * 65_536)) <= 121
    assert "0701740605" not in mask("x" * 505 + "0701740605" + "y" * 65_536, SE)
    assert not re.search(r"[0-9]{7}", mask("9" * 65_536))


@given(st.text("0123456789-_. +()/ab٣", max_size=60))
def test_no_run_of_seven_digits_survives_unless_it_is_a_time_or_an_id(text: str) -> None:
    masked = mask(text, SE)
    for segment in masked.split("/"):
        readable = {(t.start, t.end) for t in tokens(segment, SE) if t.kind in MACHINE}
        for run in re.finditer(r"\d{7,}", segment):
            assert any(a <= run.start() and run.end() <= b for a, b in readable), masked


@given(st.text(max_size=200))
def test_masked_text_can_be_written_anywhere(text: str) -> None:
    assert mask(text) == mask(text).encode("utf-8").decode()
