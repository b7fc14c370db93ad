"""Masked text shows times and ids, and never a number that may be someone's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.filenames import MACHINE, mask, mask_file, mask_target, tokens

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
    ("Tolvan Testsson.pdf", "T••••• T•••••.pdf"),
    ("/Testsson, Tolvan/remiss.pdf", "/T•••••, T•••••/remiss.pdf"),
    ("Testsson_Tolvan_070-174 06 05.wav", "T•••••_T•••••_070-••• 05.wav"),
    ("New Recording.wav", "New Recording.wav"),
    ("070.174.06.05.wav", "070.•••.05.wav"),
    ("192.0.2.7.txt", "192.0.2.7.txt"),
    ("070_174_06_05.wav", "070_•••_05.wav"),
    ("070,174,06,05.wav", "070,•••,05.wav"),
    ("070\u2013174\u201306\u201305", "070\u2013•••\u201305"),
    ("070\u200b174\u200b06\u200b05", "070\u200b•••\u200b05"),
    ("070\xa0174\xa006\xa005", "070\xa0•••\xa005"),
    ("070174%200605", "0701•••605"),
    ("\u0660\u0667\u0660.\u0661\u0667\u0664.\u0660\u0666.\u0660\u0665",
     "\u0660\u0667\u0660.•••.\u0660\u0665"),
    ("1990-01-01-9802.pdf", "1990-01-01-••••.pdf"),
    ("19900101 - 9802.pdf", "19900101 - ••••.pdf"),
    ("2019-02-18 0830.wav", "2019-02-18 0830.wav"),
    ("tolvan(at)example.org.eml", "t•••@e•••.eml"),
    ("tolvan\uff20example.org", "t•••@e•••.org"),
    ("meeting at noon.wav", "meeting at noon.wav"),
])
def test_people_are_hidden_and_the_rest_stays(text: str, expected: str) -> None:
    assert expected == mask(text, SE)


def test_products_keep_their_names_in_prose() -> None:
    assert "Apache Tomcat/8.5.1" == mask("Apache Tomcat/8.5.1", SE, prose=True)
    assert "A••••• T•••••/8.5.1" == mask("Apache Tomcat/8.5.1", SE)


@pytest.mark.parametrize(("text", "expected"), [
    ("http://192.0.2.7:8080/0701740605/new/", "http://192.0.2.7:8080/0701•••605/new/"),
    ("http://files.example.org/%54olvan%20Testsson/", "http://files.example.org/T••••• T•••••/"),
    ("192.0.2.0/24", "192.0.2.0/24"), ("files.example.org:443", "files.example.org:443"),
    ("http://[2001:db8::7]:80/", "http://[2001:db8::7]:80/"),
])
def test_a_target_keeps_its_place(text: str, expected: str) -> None:
    assert expected == mask_target(text)


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


@pytest.mark.parametrize(("name", "expected"), [
    ("anna_karlsson_cv.pdf", "a•••••_k•••••_c•••••.pdf"), ("ANNA_KARLSSON.pdf", "A•••••_K•••••.pdf"),
    ("AnnaKarlsson.docx", "A•••••.docx"), ("Anna-Karlsson-2019.pdf", "A•••••-K•••••-2019.pdf"),
    ("tolvan.testsson.pdf", "t•••••.t•••••.pdf"), ("tolvan testsson report.sql.gz", "t••••• t••••• report.sql.gz"),
    ("anna_k_1990.jpg", "a•••••_k•••••_1990.jpg"), ("Анна.pdf", "А•••••.pdf"), ("山田太郎.pdf", "山•••••.pdf"),
    ("tolvan.testsson@example.com_2019-02-18.eml", "t•••@e•••.com_2019-02-18.eml"),
    ("3f2b8c1e-1111-4222-8333-abcdefabcdef.wav", "3f2b8c1e-1111-4222-8333-abcdefabcdef.wav"),
    ("backup_db.sql.gz", "backup_db.sql.gz"), ("customers.csv", "customers.csv"), (".env", ".env"), ("", ""),
    ("q-200-0701740605-20190218-083012-1550478612.123.wav", "q-200-0701•••605-20190218-083012-1550478612.123.wav"),
])
def test_words_side_by_side_that_no_list_knows_are_hidden_in_names_of_files(name: str, expected: str) -> None:
    assert expected == mask_file(name)


@given(st.text(max_size=80))
def test_a_files_name_of_any_letters_shows_no_more_digits_than_it_has(name: str) -> None:
    assert sum(map(str.isdigit, mask_file(name))) <= sum(map(str.isdigit, name))
