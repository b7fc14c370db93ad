"""The compiled numbering plans agree with the library they are made from."""

from __future__ import annotations

import random

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType as Type

from scanner.filenames.runs import reader

_PEOPLE = {Type.MOBILE, Type.FIXED_LINE, Type.FIXED_LINE_OR_MOBILE, Type.VOIP, Type.PERSONAL_NUMBER}


CODES = {"DK": 45, "NO": 47, "US": 1}


def library(digits: str, region: str) -> bool:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, region) and phonenumbers.number_type(number) in _PEOPLE


@pytest.mark.parametrize("region", ["SE", "FI", "GB"])
@pytest.mark.parametrize("length", [9, 10, 11])
def test_trunk_numbers_are_valid_where_the_library_says_so(region: str, length: int) -> None:
    seeded, plan = random.Random(region + str(length)), reader(length, (region,))
    for _ in range(400):
        digits = f"0{seeded.randrange(10 ** (length - 2), 10 ** (length - 1))}"
        ours = plan.read(digits)
        mine = ours.kind == "phone" and ours.lead == f"+{phonenumbers.country_code_for_region(region)}"
        assert library(digits, region) == mine, digits


@pytest.mark.parametrize(("region", "length"), [("DK", 8), ("NO", 8), ("US", 10)])
def test_numbers_without_a_trunk_prefix_are_valid_where_the_library_says_so(region: str, length: int) -> None:
    seeded, plan = random.Random(region), reader(length, (region,))
    for _ in range(400):
        digits = str(seeded.randrange(10 ** (length - 1), 10**length))
        run = plan.read(digits)
        if run.kind == "number" or (run.kind == "phone" and run.skip == 0 and run.lead == f"+{CODES[region]}"):
            assert library(digits, region) == (run.kind == "phone"), digits


def test_every_column_reads_as_its_values_do() -> None:
    seeded = random.Random(7)
    for length in range(7, 20):
        runs = [str(seeded.randrange(10 ** (length - 1), 10**length)) for _ in range(300)]
        runs += [f"20190218{'0830120000000'[:length - 8]}"[:length], "0701740605"[:length].ljust(length, "0")]
        for regions in (("SE",), ("DK", "NO"), ("US", "SE"), ()):
            made = reader(length, regions)
            assert [made.read(run) for run in runs] == made.column(runs)
            assert [made.read(runs[0])] * 5 == made.column([runs[0]] * 5)
