"""What documented list endpoints answered, read: every name, size and time, in whatever pieces it comes."""

from __future__ import annotations

import json
from calendar import timegm

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_products import CALLS, FOLDERS, ROOT, ROOT_FOLDERS, files, folders, recorded

from scanner.listing import Verdict
from scanner.listing.json.documented import LONGEST, Documented
from scanner.listing.json.products import COPYPARTY, DUFS, FORMS, HFS
from scanner.model import Batch

LISTED = [("copyparty", "copyparty/ls"), ("dufs", "dufs/json"), ("hfs", "hfs/list"), ("jupyter", "jupyter/contents")]
ROOTS = [("copyparty", "copyparty/ls-root"), ("dufs", "dufs/json-root"), ("hfs", "hfs/list-root"),
         ("jupyter", "jupyter/contents-root")]
EMPTY = [("copyparty", "copyparty/ls-empty"), ("dufs", "dufs/json-empty"), ("hfs", "hfs/list-empty"),
         ("jupyter", "jupyter/contents-empty")]
CLOSED = [("copyparty", "copyparty/ls-login"), ("jupyter", "jupyter/contents-token"),
          ("jupyter", "jupyter/contents-file")]


def read(product: str, body: bytes, *, step: int = 0) -> tuple[Documented, list[Batch]]:
    reader = Documented(FORMS[product])
    batches: list[Batch] = []
    for at in range(0, len(body), step or len(body) or 1):
        batches += reader.feed(body[at:at + (step or len(body))])
    return reader, batches + reader.close()


@pytest.mark.parametrize(("product", "name"), LISTED)
@pytest.mark.parametrize("step", [0, 1, 7, 64])
def test_every_entry_is_read_with_its_size_and_time(product: str, name: str, step: int) -> None:
    reader, batches = read(product, recorded(name).body, step=step)
    assert (Verdict.LISTING, CALLS, FOLDERS) == (reader.verdict, files(batches), folders(batches))
    assert reader.facts["listing.rows"] == "5"


@pytest.mark.parametrize(("product", "name"), ROOTS)
def test_the_root_is_read(product: str, name: str) -> None:
    reader, batches = read(product, recorded(name).body)
    assert (Verdict.LISTING, ROOT, ROOT_FOLDERS) == (reader.verdict, files(batches), folders(batches))


@pytest.mark.parametrize(("product", "name"), EMPTY)
def test_an_empty_folder_is_a_listing(product: str, name: str) -> None:
    reader, batches = read(product, recorded(name).body)
    assert (Verdict.LISTING, []) == (reader.verdict, batches)


@pytest.mark.parametrize(("product", "name"), CLOSED)
def test_what_may_not_be_listed_is_no_empty_folder(product: str, name: str) -> None:
    reader, batches = read(product, recorded(name).body)
    assert (Verdict.NOT, []) == (reader.verdict, batches)
    assert reader.why


def test_rounded_sizes_and_days_are_read_as_such() -> None:
    _, batches = read("cloudcmd", recorded("cloudcmd/api").body)
    [entry] = [e for batch in batches for e in batch.entries() if e.name == b"070-1740606.mp3"]
    assert (True, timegm((2019, 2, 19, 0, 0, 0)), 86_400) == (
        abs(entry.size - 1_000_000) <= entry.slack <= 10_000, entry.modified, entry.grain)
    assert folders(batches) == FOLDERS


def test_hadoop_lists_below_two_keys() -> None:
    body = json.dumps({"FileStatuses": {"FileStatus": [
        {"accessTime": 0, "length": 2048, "modificationTime": 1550478612000, "pathSuffix": "070-1740605.wav",
         "type": "FILE"},
        {"accessTime": 0, "length": 0, "modificationTime": 1550478612000, "pathSuffix": "2019", "type": "DIRECTORY"},
    ]}}).encode()
    reader, batches = read("webhdfs", body, step=5)
    assert (Verdict.LISTING, {b"070-1740605.wav": (2048, 1550478612)}, [b"2019"]) == (
        reader.verdict, files(batches), folders(batches))


def test_a_file_that_hadoop_was_asked_for_is_no_entry() -> None:
    body = b'{"FileStatuses":{"FileStatus":[{"length":5,"modificationTime":0,"pathSuffix":"","type":"FILE"}]}}'
    assert read("webhdfs", body)[1] == []


def test_a_chain_of_folders_is_followed_from_its_first() -> None:
    body = b'{"files":[{"name":"2019/02","type":"dir","size":1,"mtime":1550478612000}],"auth":{}}'
    assert folders(read("gohttpserver", body)[1]) == [b"2019"]


HOSTILE = [
    ("array", b"[]"), ("nothing", b""), ("text", b"hello"), ("number", b"12"), ("half", b'{"paths": [{"name": "a'),
    ("strings", b'{"paths": ["a", "b"]}'), ("deep", b'{"paths": ' + b"[" * 100_000), ("other key", b'{"files": []}'),
    ("deep value", b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "paths": []}'),
    ("no array", b'{"paths": {}}'), ("bytes", b"\xff\xfe{"),
    ("number as key", b'{1: 2, "paths": []}'), ("long", b'{"x": "' + b"a" * (2 * LONGEST)),
]


@pytest.mark.parametrize("body", [body for _, body in HOSTILE], ids=[what for what, _ in HOSTILE])
def test_another_form_is_no_listing(body: bytes) -> None:
    reader, batches = read("dufs", body, step=65_536)
    assert (Verdict.NOT, []) == (reader.verdict, batches)


ODD = [
    {"path_type": "File", "name": "a/b", "mtime": 1, "size": 1}, {"path_type": "Dir", "name": ".."},
    {"path_type": "File", "name": 7}, {"path_type": "File"}, {}, {"name": "\0"},
]


def test_rows_that_name_nothing_here_are_left_out() -> None:
    rows = [*ODD, {"path_type": "File", "name": "x.wav", "mtime": -5, "size": 1e300},
            {"path_type": "File", "name": "y.wav", "mtime": 10**30, "size": 2**80},
            {"path_type": "File", "name": "\udce5.wav", "mtime": True, "size": "big"}]
    reader, batches = read("dufs", json.dumps({"paths": rows}).encode())
    assert {b"x.wav": (None, None), b"y.wav": (None, None), b"\xe5.wav": (None, None)} == files(batches)
    assert reader.facts["listing.row"] == '{"path_type","name","mtime","size"}'


def test_bytes_that_are_no_utf8_are_kept() -> None:
    _, batches = read("dufs", b'{"paths": [{"path_type": "File", "name": "\xe5.wav"}]}', step=1)
    assert list(files(batches)) == [b"\xe5.wav"]


def test_what_was_listed_before_the_answer_broke_off_stands() -> None:
    body = recorded("dufs/json").body
    reader, batches = read("dufs", body[:body.index(b"plan")])
    assert (Verdict.LISTING, 2) == (reader.verdict, len(files(batches)))


def test_a_readme_beside_the_rows_is_passed_over() -> None:
    body = json.dumps({"dirs": [], "files": [], "perms": ["read"], "readmes": ["x" * 100_000, ""]}).encode()
    assert read("copyparty", body, step=4096)[0].verdict is Verdict.LISTING


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda some: st.lists(some) | st.dictionaries(
                        st.sampled_from(["paths", "dirs", "files", "list", "perms", "n", "href", "name", "x"]), some)),
       st.integers(1, 50), st.sampled_from([COPYPARTY, DUFS, HFS]))
def test_whatever_comes_nothing_rises_and_pieces_do_not_matter(value: object, step: int, form: object) -> None:
    body = json.dumps(value).encode()
    told = []
    for size in (step, len(body)):
        reader = Documented(form)  # type: ignore[arg-type]
        batches = [batch for at in range(0, len(body), size) for batch in reader.feed(body[at:at + size])]
        batches += reader.close()
        told.append((reader.verdict, files(batches), folders(batches)))
    assert told[0] == told[1]


def test_many_rows_are_read_within_bounded_memory() -> None:
    rows = ",".join(f'{{"path_type":"File","name":"070-17406{n:06}.wav","mtime":1550478612000,"size":{n}}}'
                    for n in range(60_000))
    reader, batches = read("dufs", f'{{"href":"/","paths":[{rows}]}}'.encode(), step=65_536)
    assert (Verdict.LISTING, 60_000) == (reader.verdict, sum(map(len, batches)))
    assert max(map(len, batches)) < 2000
    assert reader.row_bytes > 4_000_000
