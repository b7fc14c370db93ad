"""Who is seen in the names of one directory, and how surely; nobody leaves unmasked."""

from __future__ import annotations

import json
import random

from folding import callers, fold, people

from scanner.census import PartKey
from scanner.model import Certainty


def test_dates_and_danish_numbers_are_not_mixed_up() -> None:
    days = [b"2019%02d%02d.wav" % (1 + i // 28, 1 + i % 28) for i in range(280)]
    assert people(fold(days, regions=("DK",))) == {}


def test_random_ids_are_nobody() -> None:
    seeded = random.Random(3)
    ids = [b"%010d.wav" % seeded.randrange(10**10) for _ in range(2000)]
    assert people(fold(ids)) == {}


def test_running_numbers_are_nobody_even_where_they_are_valid() -> None:
    assert people(fold([b"%d.wav" % (22_334_400 + i) for i in range(200)], regions=("DK",))) == {}


def test_a_column_of_numbers_without_prefix_is_probable_of_recordings_and_possible_of_few_documents() -> None:
    numbers = [b"%d.wav" % (22_334_400 + i * 7919 % 600_000) for i in range(200)]
    assert people(fold(numbers, regions=("DK",))) == {"phone": (200, "probable")}
    assert people(fold([b"call_" + number for number in numbers], regions=("DK",))) == {"phone": (200, "probable")}
    documents = [b"%d.pdf" % (22_334_400 + i * 7919 % 600_000) for i in range(8)]
    assert people(fold(documents, regions=("DK",))) == {"phone": (8, "possible")}


def test_a_grammars_field_is_believed_with_some_short_numbers_in_it() -> None:
    names = [b"20190218-0830%02d_202555%04d-all.wav" % (i % 60, 100 + i) for i in range(90)]
    odd = [b"20190218-0930%02d_1112223%03d-all.wav" % (i % 60, i) for i in range(30)]
    assert people(fold(names + odd, regions=("US",))) == {"phone": (90, "probable")}


def test_products_beside_dates_are_no_people() -> None:
    assert people(fold([b"Tolvan Testsson 2019-02-%02d.pdf" % (i + 1) for i in range(20)])) == {}


def test_the_companys_own_number_is_nobody_and_the_caller_is() -> None:
    names = [b"in-0313900605-%s-20190218-083012-1550478%03d.9.wav" % (n, i % 1000) for i, n in enumerate(callers(300))]
    census = fold(names)
    assert people(census) == {"phone": (300, "certain")}
    assert census.distinct("phone") == 300
    assert census.signatures == {"recording/freepbx": 300}


def test_times_beside_numbers_are_taken_out_of_the_share() -> None:
    names = [n + b".wav" for n in callers(40)] + [b"15504%05d.wav" % (i * 37) for i in range(400)]
    census = fold(names)
    assert people(census) == {"phone": (40, "certain")}
    assert {40, 400} == {part.files for part in census.parts.values()}


def test_few_numbers_are_probable_until_they_are_many() -> None:
    assert people(fold([b"0701740605.wav", b"0701740606.wav"])) == {"phone": (2, "probable")}
    assert people(fold([b"0701740605%s.wav" % s for s in (b"", b"_1", b"_12", b"_123")]
                                                    + [b"0701740699.wav"])) == {"phone": (5, "certain")}


def test_personnummer_are_certain_in_a_column_and_mail_and_names_are_seen() -> None:
    names = [b"19900101-9802_remiss.pdf", b"19121212-1212_remiss.pdf", b"Tolvan Testsson 2019-02-18.pdf",
             b"tolvan@example.org_2019-02-18.pdf"]
    assert people(fold(names)) == {"personnummer": (2, "probable"), "name": (1, "possible"), "email": (1, "probable")}


def test_the_strongest_identifier_names_the_part() -> None:
    census = fold([b"19900101-9802_0701740605.pdf"])
    assert [PartKey("document", "personnummer", Certainty.PROBABLE)] == list(census.parts)
    assert {"phone", "personnummer"} == set(census.people)


def test_paths_of_parts_are_masked() -> None:
    census = fold([b"a.wav"], path="/calls/0701740605/")
    assert [part.folder for part in census.parts.values()] == ["/calls/0701•••605/"]


def test_nothing_that_leaves_holds_a_number() -> None:
    text = json.dumps(fold([n + b"_Tolvan Testsson_1.wav" for n in callers(3000)], path="/0701740605/").to_json())
    assert not any(n.decode() in text or n[1:].decode() in text for n in callers(3000))
    assert "Testsson" not in text
