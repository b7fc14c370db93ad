"""Which endings stand beside which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.census.siblings import STEMS, Siblings


def beside(*pieces: list[bytes]) -> dict[str, str]:
    siblings = Siblings()
    for names in pieces:
        siblings.add(names)
    return siblings.of()


@pytest.mark.parametrize(("names", "expected"), [
    ([], {}),
    ([b"a.wav"], {"wav": ""}),
    ([b"a.wav", b"a.XML", b"a.txt"], {"wav": "txt xml", "xml": "txt wav", "txt": "wav xml"}),
    ([b"a.wav", b"a.xml", b"b.wav", b"c.wav"], {"wav": "", "xml": "wav"}),        # beside one of three
    ([b"a.wav", b"a.xml", b"b.wav"], {"wav": "xml", "xml": "wav"}),
    ([b"a.wav", b"a.wav"], {"wav": ""}),
    ([b"a." + b"x" * 12], {}),
    ([b"a", b"a"], {"a": ""}),                                                    # no dot: all of it is the ending
])
def test_an_ending_stands_beside_another_when_half_of_its_files_do(names: list[bytes],
                                                                  expected: dict[str, str]) -> None:
    assert expected == beside(names)


names = st.lists(st.builds(b"%s.%s".__mod__, st.tuples(
    st.sampled_from([b"a", b"b", b"c", b"d"]), st.sampled_from([b"wav", b"WAV", b"xml", b"vtt", b"m4a"]))))


@given(names, st.integers(1, 9))
def test_the_pieces_of_a_listing_and_its_order_do_not_matter(some: list[bytes], piece: int) -> None:
    assert beside(some) == beside(*(some[i:i + piece] for i in range(0, len(some), piece)))
    assert beside(some) == beside(some[::-1])


def test_the_first_thousands_of_stems_are_told_apart_and_no_more_are_kept() -> None:
    siblings = Siblings()
    for i in range(0, 30_000, 1000):
        siblings.add([b"%d.%s" % (n, ending) for n in range(i, i + 1000) for ending in (b"wav", b"xml")])
    assert siblings.of() == {"wav": "xml", "xml": "wav"}
    assert len(siblings._stems) == STEMS
    assert siblings._waiting == []
