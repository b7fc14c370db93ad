"""Deadlines as data: where they hold, and what is said of a file with a mistake."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from scanner.errors import SignatureError
from scanner.signature import check, deadlines, home, read_deadlines

GOOD = """
[[deadline]]
id = "own-rule"
law = "Contract with the region"
where = ["SE", "EEA"]
who = "the processor"
to = "the region's officer on duty"
hours = 4
limit = "within 4 hours"
counted_from = "detection"
when = "always"
source = "https://example.org/contract"
kind = "other"
read = "section 7"
as_of = 2026-11-01
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "deadlines.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_country_of_the_regions_that_are_known_has_a_deadline_in_hours() -> None:
    countries = ("SE", "DK", "NO", "FI", "DE", "GB", "US")
    found = {country: [d.hours for d in deadlines() if country in d.countries and d.hours] for country in countries}
    assert {"SE": 72, "DK": 72, "NO": 72, "FI": 72, "DE": 72, "GB": 72, "US": 1440} == {
        country: hours[0] for country, hours in found.items()}


def test_the_general_regulation_holds_in_the_whole_area_and_not_beyond() -> None:
    (rule,) = (one for one in deadlines() if one.id == "gdpr-33-1")
    assert (30, True, True, False, False) == (
        len(rule.countries), "IS" in rule.countries, "SE" in rule.countries, "GB" in rule.countries,
        "CH" in rule.countries)


def test_every_deadline_names_its_source_what_was_read_and_when() -> None:
    for one in deadlines():
        assert one.source.startswith("https://"), one.id
        assert one.read, one.id
        assert one.as_of >= "2026-11-22", one.id


def test_no_deadline_speaks_as_if_it_were_sure_to_apply() -> None:
    assert [] == [one.id for one in deadlines() if "must" in f"{one.limit} {one.when} {one.to}".split()]


def test_a_folder_adds_its_own_and_one_with_the_same_id_takes_the_place(tmp_path: Path) -> None:
    written(tmp_path, GOOD + GOOD.replace("own-rule", "se-imy").replace("hours = 4", "hours = 5"))
    found = {one.id: one for one in deadlines([tmp_path])}
    assert len(found) == len(deadlines()) + 1
    assert (5, 4, 30) == (found["se-imy"].hours, found["own-rule"].hours, len(found["own-rule"].countries))


def test_a_folder_without_such_a_file_changes_nothing(tmp_path: Path) -> None:
    assert deadlines() == deadlines([tmp_path])


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (('hours = 4', 'hours = "4 h"'), 8, "'deadline.hours': Input should be a valid integer"),
        (('hours = 4', 'hours = 0'), 8, "'deadline.hours'"),
        (('hours = 4', 'hours = true'), 8, "'deadline.hours'"),
        (('kind = "other"', 'kind = "hearsay"'), 13, "'deadline.kind'"),
        (('where = ["SE", "EEA"]', 'where = []'), 5, "'deadline.where'"),
        (('where = ["SE", "EEA"]', 'where = ["NORDIC"]'), 5, "'NORDIC' is no country of two letters; list it"),
        (('who = "the processor"\n', ''), 2, "'deadline.who' is missing; write it"),
        (('as_of = 2026-11-01', 'as_of = "lately"'), 15, "'deadline.as_of'"),
        (('source = "https://example.org/contract"', 'source = "the contract"'), 12, "'deadline.source'"),
        (('read = "section 7"', 'red = "section 7"'), 14, "unknown key 'deadline.red'; write id, law"),
        (('id = "own-rule"', 'id = own-rule'), 3, "Invalid value"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_remedy(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    path = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(SignatureError) as told:
        read_deadlines(path)
    assert f"{path}:{line}: " in str(told.value)
    assert said in str(told.value)
    assert str(told.value).splitlines() == check(tmp_path)


def test_an_id_that_is_used_twice_and_an_area_within_itself_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + GOOD)
    with pytest.raises(SignatureError, match=r"deadlines.toml:18: id 'own-rule' is used twice"):
        read_deadlines(path)
    path = written(tmp_path, '[areas]\nNORDIC = ["SE", "NORDIC"]\n' + GOOD.replace('"EEA"', '"NORDIC"'))
    with pytest.raises(SignatureError, match=r"deadlines.toml:7: 'NORDIC' is no country"):
        read_deadlines(path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 300_000, b"a=" + b"[" * 9000, b"a=" + b"9" * 9000])
def test_what_is_no_such_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "deadlines.toml").write_bytes(content)
    with pytest.raises(SignatureError, match=r"deadlines\.toml:1: "):
        deadlines([tmp_path])


def test_the_check_of_signatures_takes_the_file_and_a_folder_of_it_alone(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert ([], [], []) == (check(path), check(tmp_path), check(home()))


def test_areas_of_areas_of_areas_are_opened_each_once(tmp_path: Path) -> None:
    names = [f"A{chr(65 + i)}X" for i in range(20)]
    areas = "".join(f'{one} = ["{two}"{f", {chr(34)}{two}{chr(34)}" * 9}]\n'
                    for one, two in zip(names, [*names[1:], "SE"], strict=True))
    path = written(tmp_path, f"[areas]\n{areas}" + GOOD.replace('"EEA"', '"AAX"'))
    assert ("SE",) == read_deadlines(path)[0].countries


def test_areas_that_are_nested_without_end_are_told(tmp_path: Path) -> None:
    names = ["A" + "".join(chr(65 + i // n % 26) for n in (676, 26, 1)) for i in range(5000)]
    areas = "".join(f'{one} = ["{two}"]\n' for one, two in pairwise(names))
    path = written(tmp_path, f"[areas]\n{areas}" + GOOD.replace('"EEA"', '"AAAA"'))
    with pytest.raises(SignatureError, match="is no country of two letters"):
        read_deadlines(path)
