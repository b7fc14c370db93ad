"""Names as shown of one answer: shallow ones first, whatever their order, up to the limit."""

from __future__ import annotations

from scanner.model import Batch
from scanner.scan.showing import SHOWN_LIMIT, Showing


def shown(asked: str, *batches: Batch) -> list[str]:
    showing = Showing(asked)
    for batch in batches:
        showing.add(batch)
    return showing.first()


def test_folders_end_in_a_slash_and_bytes_that_are_no_text_are_escaped() -> None:
    assert ["/å/a\\xe5.wav", "/å/b/"] == shown("/%C3%A5/", Batch(names=[b"a\xe5.wav"], directories=[b"b"]))


def test_a_flat_listing_shows_the_folders_that_its_names_lie_in() -> None:
    batches = (Batch(names=[b"a.wav"], under="2019/02%20b/"), Batch(names=[b"b.wav"], under="2019/02%20b/"),
               Batch(names=[b"top.wav"]))
    assert ["/box/2019/", "/box/top.wav", "/box/2019/02 b/", "/box/2019/02 b/a.wav", "/box/2019/02 b/b.wav"] == shown(
        "/box/", *batches)


def test_what_lies_deeper_gives_way_to_what_comes_late() -> None:
    deep = (Batch(names=[b"%d.wav" % i for i in range(j, j + 1_000)], under="a/") for j in range(0, 60_000, 1_000))
    found = shown("/", *deep, Batch(names=[b"z.wav"]))
    assert (["/a/", "/z.wav"], SHOWN_LIMIT) == (found[:2], len(found))


def test_of_one_folder_alone_no_more_than_the_limit_is_kept() -> None:
    assert SHOWN_LIMIT == len(shown("/", *(Batch(names=[b"%d" % (i + j) for i in range(7_000)]) for j in (0, 7_000))))
