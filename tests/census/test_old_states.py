"""A census that an older version wrote is read; what it did not keep is as in an empty one."""

from __future__ import annotations

import json

from scanner.census import Census, PartKey
from scanner.model import Certainty

OLD = r"""
{"files": 3, "directories": 0, "bytes": 2880132, "spread": 0, "unsized": 0, "first": 1550478612, "last": 1550478612,
 "odd_times": 0, "kinds": {"audio": [3, 2880132]}, "seconds": [15, 180, 360, 0],
 "methods": {"usual rate of wav": 3}, "empty_recordings": 0, "voices": 0,
 "people": {"phone": [2, "seAEBDADz/yFJgWzzgT/EciuJAiFbBPc=", 1,
                      ["0701\u2022\u2022\u2022605", "0701\u2022\u2022\u2022606"], [0, 2, 0]]},
 "parts": [["audio", "", 2, 1, 960044, ["1177", "inspelningar"], {}, [5, 60, 120, 0]],
           ["audio", "phone", 1, 2, 1920088, ["1177", "inspelningar"],
            {"phone": [2, "seAEBDADz/yFJgWzzgT/EciuJAiFbBPc=", 1,
                       ["0701\u2022\u2022\u2022605", "0701\u2022\u2022\u2022606"], [0, 2, 0]]}, [10, 120, 240, 0]]],
 "signatures": {"recording/number-only": 2, "recording/tracking": 1}, "hints": {},
 "words": {"health": ["1177"], "recording": ["inspelningar"]},
 "sample": ["0701\u2022\u2022\u2022605.wav", "20190218_083012_ABCD.wav"],
 "sketch": [1277486603592553994, 1398078217757667135, 1438765053309295403], "cut_by": []}
"""


def old() -> Census:
    return Census.from_json(json.loads(OLD))


def test_what_an_older_version_wrote_is_read() -> None:
    census = old()
    phones = PartKey("audio", "phone", Certainty.PROBABLE)
    assert (3, 2, 1550478612) == (census.files, census.people["phone"].distinct, census.last)
    assert {phones: 2, PartKey("audio", "", Certainty.CERTAIN): 1} == {k: p.files for k, p in census.parts.items()}
    assert "/1177/inspelningar/" == census.parts[phones].folder


def test_what_an_older_version_did_not_keep_is_empty() -> None:
    census = old()
    assert (0, {}, None, None, ()) == (census.timed, census.days, census.named_first, census.named_last, census.columns)
    assert {((), ())} == {(key.context, tuple(part.words)) for key, part in census.parts.items()}


def test_an_older_census_goes_on_being_counted_and_written() -> None:
    more = old().merge(Census(files=1, timed=1, days={17_945: 1}))
    assert (4, 1, {17_945: 1}) == (more.files, more.timed, more.days)
    assert more == Census.from_json(json.loads(json.dumps(more.to_json())))


def test_what_a_newer_version_wrote_beside_is_passed_over() -> None:
    assert old() == Census.from_json({**json.loads(OLD), "something": [1]})
