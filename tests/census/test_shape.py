"""A plan makes reading quick and never changes what is found."""

from __future__ import annotations

import pytest
from census_fakes import FakeKnowledge
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.census.column import Column
from scanner.census.shape import Setting, Shape
from scanner.census.sketch import Hashing
from scanner.census.verdict import Judge, Opinions
from scanner.filenames.skeleton import canonical, plan, skeletons

_HASHING = Hashing(b"k" * 32)
_JUDGE = Judge(Opinions(FakeKnowledge()), "/")


def read(names: list[bytes], regions: tuple[str, ...], *, quick: bool) -> list[set[tuple[str, str]]]:
    """Kinds and certainties that each name was found to carry."""
    skeleton = canonical(skeletons(names)[0])
    setting = Setting(_JUDGE, regions, lambda kind, certainty: Column(kind, certainty, _HASHING))
    shape = Shape(plan(skeleton) if quick else None, setting, fixed=True, second=0)
    masks = shape._masks(names)
    masks = masks * len(names) if len(masks) == 1 else masks
    return [{(c.kind, c.certainty.label) for i, c in enumerate(shape.columns) if mask >> i & 1} for mask in masks]


def filled(template: str, digits: str) -> bytes:
    """The template with its `0` replaced by digits."""
    supply = iter(digits)
    return "".join(next(supply, "7") if c == "0" else c for c in template).encode()


TEMPLATES = [
    "00000000-000000_0000000000_0000.wav", "q-000-0000000000-00000000-000000-0000000000.000.wav", "0000000000.wav",
    "00000000000.mp3", "000000000000.wav", "00000000000000.wav", "+000000000000.wav", "0000000000000.wav",
    "0000-00-00_00-00-00_0000000000.wav", "out-0000000000-000-00000000-000000.wav", "00000000.wav",
    "000000-0000.pdf", "00000000-0000.pdf", "x0000000000y.wav", "0000000_0000000.wav", "0000000000.0000.wav",
]
_PIECES = ["0701740605", "20190218", "083012", "1550478612", "199001019802", "46701740605", "+46701740605",
           "-", "_", ".",
           "2025550123", "19900101-9802", "131052-308T", "3f2b8c1e-1111-4222-8333-abcdefabcdef", "Tolvan Testsson", " ",
           "tolvan@example.org", "070-1740605", "192.0.2.7", "in", "Q", "å", "a" * 26, "0123456789abcdef01234567", "1"]


@given(st.sampled_from(TEMPLATES), st.lists(st.text("0123456789", min_size=30, max_size=30), min_size=1, max_size=12),
       st.sampled_from([("SE",), ("DK", "SE"), ("NO",), ("US", "SE"), ("FI",), ()]))
@settings(max_examples=300)
def test_columns_of_digits_read_as_whole_names_do(template: str, rows: list[str], regions: tuple[str, ...]) -> None:
    likely = ["070174060520190218083012155047", "201902180830120701740605155047"]
    names = [filled(template, digits) for digits in [*rows, *likely]]
    assert read(names, regions, quick=False) == read(names, regions, quick=True)


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6), st.sampled_from([("SE",), ("DK",), ("US",), ()]))
@settings(max_examples=500)
def test_a_planned_name_reads_as_it_does_whole(pieces: list[str], regions: tuple[str, ...]) -> None:
    names = ["".join(pieces).encode() + b".wav"]
    assert read(names, regions, quick=False) == read(names, regions, quick=True)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_the_pieces_that_a_listing_comes_in_do_not_matter(size: int) -> None:
    names = [b"%010d.wav" % (701740000 + i * 37) for i in range(100)]
    setting = Setting(_JUDGE, ("SE",), lambda kind, certainty: Column(kind, certainty, _HASHING))
    shape = Shape(plan(skeletons(names)[0]), setting, fixed=True, second=0)
    for i in range(0, 100, size):
        shape.add(names[i:i + size], list(range(i, min(100, i + size))), None)
    assert sum(tally.files for tally in shape.tallies.values()) == 100
    assert sum(range(100)) == sum(tally.size for tally in shape.tallies.values())
    assert [column.kind for column in shape.columns] == ["phone"]
    assert shape.columns[0].files == 100
