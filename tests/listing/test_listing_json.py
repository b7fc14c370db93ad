"""JSON listings of any product, and JSON that is none."""

from __future__ import annotations

import json

import pytest

from scanner.listing import Verdict, reader
from scanner.model import Entry, Kind
from tests.listing.recorded import entries, read

MOMENT = 1550470028                          # 2019-02-18 06:07:08
FILE = Entry(b"x.wav", Kind.FILE, 8044, 0, MOMENT, 1)
FOLDER = Entry(b"2013", Kind.DIRECTORY)

LISTINGS = {
    "nginx": [{"name": "2013", "type": "directory", "mtime": "Mon, 18 Feb 2019 06:07:08 GMT"},
              {"name": "x.wav", "type": "file", "mtime": "Mon, 18 Feb 2019 06:07:08 GMT", "size": 8044}],
    "caddy": [{"name": "2013/", "size": 4096, "mod_time": "2019-02-18T06:07:08Z", "is_dir": True},
              {"name": "x.wav", "size": 8044, "mod_time": "2019-02-18T07:07:08.5+01:00", "is_dir": False}],
    "dirs and files": {"dirs": [{"href": "2013/", "sz": 4096, "ts": MOMENT}],
                       "files": [{"href": "x.wav", "sz": 8044, "ts": MOMENT}], "acct": "*"},
    "milliseconds": {"path": "/", "entries": [{"Name": "2013", "IsDirectory": True},
                                              {"Name": "x.wav", "IsDirectory": False, "Size": 8044,
                                               "LastModified": MOMENT * 1000}]},
    "nested owners": [{"name": "2013", "type": "dir", "owner": {"name": "root", "ids": [1, 2]}},
                      {"name": "x.wav", "type": "file", "size": "8044", "mtime": str(MOMENT), "owner": {"name": "{["}}],
    "base names": {"files": [{"base": "2013/", "name": "2013", "type": "folder"},
                             {"base": "x.wav", "name": "x", "ext": "wav", "type": "file", "size": "8,044 B",
                              "date": "2019-02-18 06:07:08"}]},
}


@pytest.mark.parametrize("product", LISTINGS)
@pytest.mark.parametrize("step", [0, 1, 100])
def test_a_listing_is_read_whatever_its_keys_are_called(product: str, step: int) -> None:
    one, batches = read("json", "/c/", json.dumps(LISTINGS[product]).encode(), step=step)
    assert one.verdict is Verdict.LISTING
    assert sorted(entries(batches), key=repr) == sorted([FILE, FOLDER], key=repr)


@pytest.mark.parametrize("value", [
    [{"name": "alpha", "id": 1, "type": "user"}, {"name": "beta", "id": 2, "type": "user"}],
    [{"name": "alpha", "id": 1}], {"service": "recordings", "status": "ok"}, {"ok": True}, [], {}, [1, 2, 3], "x.wav",
    17,
    None, [[{"name": "x.wav", "size": 1}]], ["red", "green", "blue"], ["a.wav"],
    [{"name": "alpha", "updated": "2019-02-18"}],
    [{"name": "", "size": 1}], [{"size": 1, "mtime": MOMENT}], {"users": [{"name": "x", "type": "admin", "size": 3}]},
    [{"name": "a", "type": "file"}, 17][1:], [{"type": "file"}]])
def test_json_that_is_no_listing_gives_nothing(value: object) -> None:
    one, batches = read("json", "/c/", json.dumps(value).encode())
    assert (one.verdict, batches) == (Verdict.NOT, [])


def test_bare_names_are_a_listing_where_most_are_names_of_files() -> None:
    _, batches = read("json", "/c/", b'["2013","a.wav","b.wav"]')
    found = [(entry.name, entry.kind) for entry in entries(batches)]
    assert found == [(b"a.wav", Kind.FILE), (b"b.wav", Kind.FILE), (b"2013", Kind.DIRECTORY)]


def test_bytes_that_are_no_utf8_survive() -> None:
    body = b'[{"name":"\xe5\xe4.wav","type":"file","size":1},{"name":"\\u00e5.wav","type":"file","size":2}]'
    for step in (0, 1):
        names = [entry.name for entry in entries(read("json", "/", body, step=step)[1])]
        assert names == [b"\xe5\xe4.wav", b"\xc3\xa5.wav"]


@pytest.mark.parametrize("size", [-1, 1e999, 10**40, 1.5e300, None, True, "many", [], {}])
def test_a_size_that_cannot_be_is_unknown_and_its_row_is_kept(size: object) -> None:
    body = json.dumps([{"name": "a.wav", "type": "file", "size": size}, {"name": "b.wav", "type": "file", "size": 3}])
    found = [(entry.name.decode(), entry.size) for entry in entries(read("json", "/", body.encode())[1])]
    assert found == [("a.wav", None), ("b.wav", 3)]


@pytest.mark.parametrize("body", [
    b"[" * 100_000, b'{"a":' * 100_000, b'[{"name":"' + b"x" * 300_000,
    b'[{"name":"x","size":' + b"9" * 100_000 + b"}]",
    b'{"files":' * 10_000, b"[1," * 100_000, b'"' * 100_000, b"\xff\xfe" * 1000, b"[{]", b"nul", b"[{},", b'[{"":1}]'])
def test_broken_json_never_raises_and_is_no_listing(body: bytes) -> None:
    one, batches = read("json", "/c/", body, step=4096)
    assert (one.verdict, batches) == (Verdict.NOT, [])


def test_reading_stops_where_the_listing_does() -> None:
    one = reader("json", "/c/")
    rows = b",".join(b'{"name":"%d.wav","type":"file","size":%d}' % (i, i) for i in range(4000))
    batches = one.feed(b"[" + rows + b"]")
    granted = one.row_bytes
    batches += one.feed(b"\0" * (1 << 20)) + one.close()
    assert [sum(len(batch) for batch in batches)] == [4000]
    assert granted <= one.row_bytes <= len(rows) + 2


def test_a_large_listing_streams() -> None:
    one = reader("json", "/c/")
    body = b"[" + b",\n".join(b'{"name":"%d.wav","type":"file","size":%d}' % (i, i) for i in range(20_000))
    early = one.feed(body[:200_000])
    assert sum(len(batch) for batch in early) > 1000
    late = one.feed(body[200_000:]) + one.close()
    assert sum(len(batch) for batch in early + late) == 20_000
    assert sum(size for batch in early + late for size in batch.sizes or []) == sum(range(20_000))


def test_the_row_fact_holds_keys_alone() -> None:
    one, _ = read("json", "/c/", json.dumps(LISTINGS["nginx"]).encode())
    assert one.facts["listing.row"] == '{"name","type","mtime"}'
    assert one.facts["listing.dialect"] == "json"


STATS = (
    b'{"dirs":[{"name":"2018","stats":{"size":4096,"mtimeMs":1520524666000}}],'
    b'"files":[{"name":"a.wav","stats":{"size":52044,"mtime":"2018-03-08T15:57:46.000Z"}}]}')


def test_what_the_file_system_says_may_stand_one_level_deeper():
    page = reader("json", "/files/")
    batches = page.feed(STATS) + page.close()
    assert page.verdict is Verdict.LISTING
    assert [b"2018"] == [name for batch in batches for name in batch.directories]
    assert [(b"a.wav", 52044, 1520524666)] == [
        (entry.name, entry.size, entry.modified) for batch in batches for entry in batch.entries() if entry.size]


def test_rows_that_go_on_as_something_else_are_a_broken_listing():
    rows = b"".join(b'{"name":"%d.wav","size":1,"mtime":1520524666},' % i for i in range(400))
    page = reader("json", "/")
    batches = page.feed(b"[" + rows) + page.feed(b'{"name":"c.wav"},{"name":"d.wav"}]') + page.close()
    assert (Verdict.LISTING, True) == (page.verdict, "listing.broken" in page.facts)
    assert 400 == sum(len(batch) for batch in batches)
