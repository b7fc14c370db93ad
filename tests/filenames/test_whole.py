"""Names of one shape read by their plan give what they give when each is read whole."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from scanner.census.column import Columns
from scanner.census.shape import Setting, Shape
from scanner.census.verdict import Judge, Opinions, decoded
from scanner.filenames.skeleton import canonical, plan, skeletons
from tests.census.census_fakes import FakeKnowledge

KEY = b"\1" * 32
PIECES = (
    "0701740605", "+46701740605", "0046701740605", "46701740605", "070-1740605", "070-174 06 05", "+46 70 174 06 05",
    "07700 900123", "(202) 555-0123", "2025550123", "00000000", "20190218", "18022019", "20190218083012",
    "20190218-083012", "20190218_083012345", "2019-02-18", "2019-02-18_08-30-12", "2019_02_18 083012", "18.02.2019",
    "18Feb2019", "2019-02-18 at 08.30.12", "20190218T083012+0100", "190218-0830", "20190218-0830", "201902180814",
    "1550478612", "1550478612.123", "1550478612123", "0701180830", "18021908301", "191212121212", "19900101-9802",
    "131052-308T", "251248-9996", "123-45-6789", "999 000 0018", "010190 00000", "A123456780", "12345678Z",
    "3f2b8c1e-1111-4222-8333-abcdefabcdef", "0123456789abcdef01234567", "0" * 30, "192.0.2.10", "200", "1", "12345",
    "case", "ärende", "cpr", "patient", "IMEI", "imsi 490154203237518", "dnr 2019-01234", "kvnr", "nr", "Ticket-77001",
    "[Testsson, Tolvan]", "Tolvan Testsson", "Tolvan", "tolvan.testsson@example.com", "@", "Monthly Report", "Åsa Öst",
    "Call recording", "(0701740605)", "in", "exten", "q", "ä", "\u2013", "(380)", "GMT", "Zoom Meeting", "99999999999",
)
MARKS = ("-", "_", " ", ".", "", "_", "-", "__", "(", ")", "+", "T", ", ")
ENDS = (".wav", ".mp3", "", ".pdf", "-in.wav", ".1", ".case")
REGIONS = (("SE",), ("DK", "NO"), ("US", "GB"), ("FI",), (), ("DE", "PL", "BE"), ("SE", "DK", "NO", "FI"))


def named(rng: random.Random) -> str:
    text = "".join(rng.choice(PIECES) + rng.choice(MARKS) for _ in range(rng.randint(1, 4)))
    return text.replace("/", "") + rng.choice(ENDS)


def alike(name: str, rng: random.Random) -> list[bytes]:
    """The name, and others of its shape: some with other digits, some with other letters."""
    def digit(match: re.Match[str]) -> str:
        return str(rng.randrange(10)) if rng.random() < 0.3 else match.group()

    def letter(match: re.Match[str]) -> str:
        return chr(97 + rng.randrange(26)) if rng.random() < 0.1 else match.group()

    others = [re.sub("[0-9]", digit, name) for _ in range(6)]
    others += [re.sub("[a-z]", letter, other) for other in others[:3]]
    return [text.encode() for text in (name, *others)]


def counted(names: list[bytes], regions: tuple[str, ...], *, planned: bool) -> Counter[tuple[object, ...]]:
    """Files by what their names carry, values by column."""
    setting = Setting(Judge(Opinions(FakeKnowledge()), "/"), regions, Columns(KEY).made)
    skeleton = canonical(skeletons(names)[0])
    shape = Shape(plan(skeleton) if planned else None, setting, fixed=True, second=0)
    shape.add(names, None, None)
    found: Counter[tuple[object, ...]] = Counter()
    for (_, bits), tally in shape.tallies.items():
        carried = tuple(sorted((c.kind, int(c.certainty)) for i, c in enumerate(shape.columns) if bits >> i & 1))
        found["files", carried] += tally.files
    for start, place in shape.places.items():
        for (kind, sure), i in place.columns.items():
            column = shape.columns[i]
            found[start, kind, int(sure), column.distinct.to_json()] += column.files
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_finds_what_reading_whole_finds(seed: int) -> None:
    rng = random.Random(seed)
    planned = 0
    for _ in range(400):
        names, regions = alike(named(rng), rng), rng.choice(REGIONS)
        by_shape: dict[bytes, list[bytes]] = {}
        for name, skeleton in zip(names, skeletons(names), strict=True):
            by_shape.setdefault(canonical(skeleton), []).append(name)
        for skeleton, group in by_shape.items():
            planned += plan(skeleton) is not None
            told = [decoded(name) for name in group]
            assert counted(group, regions, planned=False) == counted(group, regions, planned=True), (told, regions)
    assert planned > 100, "most names are read by a plan in life"
