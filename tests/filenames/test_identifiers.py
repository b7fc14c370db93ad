"""Identifiers by country, by the words beside them, and what looks like them; each has a masked form.

Numbers are of the ranges that are given to nobody, or made here by their check digits.
"""

from __future__ import annotations

import random

import pytest
from stdnum.be import nn
from stdnum.ee import ik
from stdnum.fr import nir
from stdnum.pl import pesel

from scanner.filenames import INDIRECT, PEOPLE, mask, tokens
from scanner.model import Certainty

POSSIBLE, PROBABLE = Certainty.POSSIBLE, Certainty.PROBABLE
SE, DK, NO, FI, GB, US, DE, NONE = ("SE",), ("DK",), ("NO",), ("FI",), ("GB",), ("US",), ("DE",), ()


def told(name: str, regions: tuple[str, ...]) -> list[tuple[str, str, Certainty]]:
    return [(t.kind, t.value, t.certainty) for t in tokens(name, regions) if t.kind not in ("date", "timestamp")]


@pytest.mark.parametrize(("name", "regions", "expected"), [
    ("19900101-9802.pdf", SE, [("personnummer", "199001019802", PROBABLE)]),
    ("19900101-9802kopia.pdf", SE, [("personnummer", "199001019802", PROBABLE)]),
    ("app-20150101-9804f29ab4.zip", SE, []),                                        # goes on: a digest of a build
    ("19900101-9802.pdf", US, [("personnummer", "199001019802", POSSIBLE)]),
    ("199001019802.pdf", NONE, [("personnummer", "199001019802", PROBABLE)]),
    ("19121212+1212.pdf", SE, [("personnummer", "191212121212", PROBABLE)]),
    ("191212121212.pdf", SE, [("undecided", "191212121212", POSSIBLE)]),           # 12:12:12 on 12 December 2019
    ("900101-9802.pdf", SE, [("personnummer", "9001019802", PROBABLE)]),
    ("9001019802.pdf", SE, [("personnummer", "9001019802", POSSIBLE)]),
    ("9001019802.pdf", GB, [("number", "9001019802", POSSIBLE)]),
    ("personnr 9001019802.pdf", SE, [("personnummer", "9001019802", PROBABLE)]),
    ("16556036-0793.pdf", SE, [("organisation", "5560360793", PROBABLE)]),
    ("556036-0793.pdf", SE, [("organisation", "5560360793", PROBABLE)]),
    ("patient 19900101-R123.pdf", SE, [("reservnummer", "19900101R123", POSSIBLE)]),
    ("19900101-R123.pdf", SE, []),
    ("251248-9996.pdf", DK, [("cpr", "2512489996", POSSIBLE)]),
    ("851248-9996.pdf", DK, [("cpr", "8512489996", POSSIBLE)]),                    # day + 60
    ("251258-6996.pdf", DK, []),                                                   # born in 1858
    ("2512489996.pdf", DK, [("number", "2512489996", POSSIBLE)]),
    ("CPR_2512489996.pdf", DK, [("cpr", "2512489996", POSSIBLE)]),
    ("borger 2512489996.pdf", DK, [("cpr", "2512489996", POSSIBLE)]),
    ("borger 2512489996.pdf", GB, [("reference", "2512489996", POSSIBLE)]),
    ("131052-308T.pdf", NONE, [("hetu", "131052-308T", PROBABLE)]),
    ("123-45-6789.pdf", US, [("ssn", "123456789", POSSIBLE)]),
    ("987-65-4320.pdf", US, []),
    ("999 000 0018.pdf", GB, [("synthetic", "9990000018", POSSIBLE)]),
    ("NHS 9990000018.pdf", GB, [("synthetic", "9990000018", PROBABLE)]),
    ("kvnr A123456780.pdf", DE, [("kvnr", "A123456780", PROBABLE)]),
    ("A123456780.pdf", DE, [("number", "123456780", POSSIBLE)]),
    ("imei 490154203237518.txt", NONE, [("imei", "490154203237518", PROBABLE)]),
    ("490154203237518.txt", NONE, [("number", "490154203237518", POSSIBLE)]),
    ("IMSI_001010123456789.txt", NONE, [("imsi", "001010123456789", PROBABLE)]),
    ("ärende 2019-01234.pdf", SE, [("reference", "2019-01234", POSSIBLE)]),
    ("ARENDE_77001.wav", SE, [("reference", "77001", POSSIBLE)]),
    ("journalnr-770012.pdf", NO, [("reference", "770012", PROBABLE)]),
    ("dnr 20190218.pdf", SE, []),                                                  # a date
    ("ticket 0701740605.wav", SE, [("phone", "+46701740605", PROBABLE)]),
    ("suitcase-77001.pdf", GB, []),
    ("case-2019.pdf", GB, []),
    ("case 12.pdf", GB, []),
    ("200-12345-654321.wav", SE, []),                                              # extensions are nothing
])
def test_what_a_number_is_depends_on_country_and_words(name: str, regions: tuple[str, ...],
                                                       expected: list[tuple[str, str, Certainty]]) -> None:
    assert expected == told(name, regions)


def test_every_century_sign_of_finland_is_read_and_temporary_numbers_too() -> None:
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int("131052308") % 31]
    signs = "+-YXWVU" + "ABCDEF"
    real = {sign: told(f"131012{sign}900{_finnish('131012900')}.pdf", FI) for sign in signs}
    assert check == "T"
    assert {sign: [("hetu", f"131012{sign}900{_finnish('131012900')}", PROBABLE)] for sign in signs} == real


def _finnish(nine: str) -> str:
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(nine) % 31]


def made(module: object, pattern: str) -> str:
    """The first number like `pattern`, # any digit, that is valid."""
    rng = random.Random(pattern)
    for _ in range(200_000):
        text = "".join(str(rng.randrange(10)) if c == "#" else c for c in pattern)
        if module.is_valid(text):            # type: ignore[attr-defined]
            return text
    raise AssertionError(pattern)


@pytest.mark.parametrize(("region", "kind", "module", "pattern", "certainty"), [
    ("EE", "isikukood", ik, "3850101####", POSSIBLE), ("PL", "pesel", pesel, "850101#####", POSSIBLE),
    ("BE", "rijksregisternummer", nn, "850199#####", PROBABLE), ("FR", "nir", nir, "185017500######", PROBABLE),
])
def test_further_countries_are_read_only_where_they_are_at_home(region: str, kind: str, module: object, pattern: str,
                                                                certainty: Certainty) -> None:
    number = made(module, pattern.replace("850199", "850141"))
    assert [(kind, number, certainty)] == told(f"{number}.pdf", (region,))
    assert kind not in {t.kind for t in tokens(f"{number}.pdf", SE)}


@pytest.mark.parametrize(("name", "expected"), [
    ("tolvan@example.org.eml", ["tolvan@example.org"]), ("tolvan@mail.example.com", ["tolvan@mail.example.com"]),
    ("tolvan@example.com-2019-02-18.eml", ["tolvan@example.com"]), ("tolvan@exämple.org.zip", ["tolvan@exämple.org"]),
    ("tolvan@163.example.pst", ["tolvan@163.example"]),
    ("a84b4c76e66710@192.0.2.7.wav", []), ("a84b4c76e66710@pbx.wav", []), ("@eaDir", []), ("photo@2x.png", []),
    ("lodash@4.17.21.tgz", []), ("user@1000.service", []), ("getty@tty1.service.d", []), ("@types.tgz", []),
    ("name@latest.zip", []),
])
def test_an_address_has_a_host_that_is_a_name(name: str, expected: list[str]) -> None:
    assert expected == [t.value for t in tokens(name, SE) if t.kind == "email"]


@pytest.mark.parametrize(("name", "expected"), [
    ("[Tolvan]_201-0701740606_20190219120918(380).wav", ["tolvan"]),
    ("[tolvan 0701740605]_201-0701740606_20190219120918(380).wav", ["tolvan"]),
    ("[46701740605]_46701740605-100_20190211124743(3).wav", []),
    ("[Unknown]_100-0701740605_20190211124709(2).wav", []),
    ("Tolvan(0701740605)_20190218083012.mp3", ["tolvan"]),
    ("tolvan testsson@0701740605_20190218083012.amr", ["testsson tolvan"]),
    ("Samtalsinspelning Tolvan_190218_083012.m4a", ["tolvan"]),
    ("20230414_215701.088-0400_in_2025550123_mamma.oga", ["mamma"]),
    ("2019-02-18 08.30.12 tolvan testsson's Zoom Meeting 77001", ["testsson tolvan"]),
    ("Tolvan O'Testsson 2019-02-18.pdf", ["o'testsson tolvan"]), ("Tolvan von Testsson 2019-02-18.pdf",
                                                                 ["testsson tolvan von"]),
    ("Łucja Żółw 2019-02-18.pdf", ["łucja żółw"]), ("Call Recording 2019-02-18.wav", []),
])
def test_names_of_people_are_possible_at_most(name: str, expected: list[str]) -> None:
    found = [t for t in tokens(name, SE) if t.kind == "name"]
    assert [(value, POSSIBLE) for value in expected] == [(t.value, t.certainty) for t in found]


@pytest.mark.parametrize(("name", "regions"), [
    ("+46 (0)70-174 06 05.wav", NONE), ("0046 70 174 06 05.wav", NONE), ("(070) 174 06 05.wav", SE),
    ("+46 70 174 06 05 2019-02-18.wav", NONE), ("070 1740605.wav", SE), ("070-174 06 05.wav", SE),
])
def test_numbers_written_for_the_eye_are_one_number(name: str, regions: tuple[str, ...]) -> None:
    assert ["+46701740605"] == [t.value for t in tokens(name, regions) if t.kind == "phone"]


@pytest.mark.parametrize(("text", "expected"), [
    ("556036-0793.pdf", "556•••-••••.pdf"), ("imei 490154203237518.txt", "imei 49•••••••••••••.txt"),
    ("ärende 77001.pdf", "ärende •••••.pdf"), ("kvnr A123456780.pdf", "kvnr A12•••••••.pdf"),
    ("patient 19900101-R123.pdf", "patient 19900101-••••.pdf"), ("tolvan@пример.рф", "t•••@п•••.рф"),
    ("[Tolvan 0701740605]_201-0701740606_20190219120918(380).wav",
     "[T••••• 0701•••605]_201-0701•••606_20190219120918(380).wav"), ("0" * 30, "0000•••000"),
])
def test_every_kind_has_a_masked_form(text: str, expected: str) -> None:
    assert expected == mask(text, SE)


def test_indirect_kinds_are_people_but_no_identity() -> None:
    assert {"reference", "imei", "imsi"} == INDIRECT
    assert INDIRECT < PEOPLE
    assert PEOPLE.isdisjoint({"organisation", "synthetic", "undecided", "number"})
