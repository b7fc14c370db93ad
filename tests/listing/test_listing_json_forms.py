"""JSON listings of further forms: trees, maps, columns, an object a line; and JSON of other things."""

from __future__ import annotations

import json

import pytest

from scanner.listing import Verdict, reader
from tests.listing.recorded import entries, read

MOMENT = 1550470028                          # 2019-02-18 06:07:08
STAMP = "2019-02-18T06:07:08Z"
SHOWN = [("2013", None, None), ("Anna call.wav", 8044, MOMENT), ("b.mp3", 40, MOMENT)]

FORMS = {
    "within an object within an object": {"status": "ok", "data": {"total": 3, "items": [
        {"name": "2013", "type": "dir"}, {"name": "Anna call.wav", "type": "file", "size": 8044, "mtime": MOMENT},
        {"name": "b.mp3", "type": "file", "size": 40, "mtime": MOMENT}]}},
    "folders and files apart": {"folders": [{"name": "2013"}], "cwd": "/c", "files": [
        {"name": "Anna call.wav", "size": 8044, "modified": STAMP}, {"name": "b.mp3", "size": 40, "modified": STAMP}]},
    "names as keys": {"b.mp3": {"size": 40, "mtime": MOMENT}, "Anna call.wav": {"size": 8044, "mtime": MOMENT},
                      "2013/": {"mtime": MOMENT, "size": 0}},
    "names as keys, deeper": {"path": "/c/", "files": {
        "b.mp3": {"bytes": 40, "lastModified": MOMENT * 1000, "isDir": False}, "2013": {"isDir": True},
        "Anna call.wav": {"bytes": 8044, "lastModified": MOMENT * 1000, "isDir": False}}},
    "columns": [["name", "size", "mtime", "type"], ["2013", None, None, "dir"],
                ["Anna call.wav", 8044, MOMENT, "file"], ["b.mp3", 40, MOMENT, "file"]],
    "permissions": [{"name": "2013", "mode": "drwxr-xr-x", "size": 4096},
                    {"name": "Anna call.wav", "mode": "-rw-r--r--", "size": 8044, "time": STAMP},
                    {"name": "b.mp3", "mode": "-rw-r--r--", "size": 40, "time": STAMP}],
    "flags that are numbers": {"list": [{"filename": "2013", "is_dir": 1},
                                        {"filename": "Anna call.wav", "is_dir": 0, "size": "8044", "mtime": MOMENT},
                                        {"filename": "b.mp3", "is_dir": 0, "size": "40", "mtime": str(MOMENT)}]},
    "types of media": [{"name": "2013", "mime": "inode/directory"},
                       {"name": "Anna call.wav", "mime": "audio/x-wav", "size": 8044, "date": STAMP},
                       {"name": "b.mp3", "mime": "audio/mpeg", "size": 40, "date": STAMP}],
    "lists of strings beside": {"perms": ["read", "get"], "dirs": [{"href": "2013/"}], "files": [
        {"href": "Anna%20call.wav", "sz": 8044, "ts": MOMENT}, {"href": "b.mp3?v=1", "sz": 40, "ts": MOMENT}],
        "taglist": [".x", ".y"]},
    "a notebook among them": {"name": "", "path": "", "type": "directory", "format": "json", "content": [
        {"name": "2013", "path": "2013", "type": "directory", "content": None},
        {"name": "Anna call.wav", "type": "notebook", "size": 8044, "last_modified": STAMP},
        {"name": "b.mp3", "type": "file", "size": 40, "last_modified": STAMP}]},
}


@pytest.mark.parametrize("step", [0, 1, 97])
@pytest.mark.parametrize("form", FORMS)
def test_a_listing_is_read_whatever_its_form(form: str, step: int) -> None:
    one, batches = read("json", "/c/", json.dumps(FORMS[form]).encode(), step=step)
    assert Verdict.LISTING is one.verdict, one.why
    found = sorted((entry.name.decode(), entry.size, entry.modified) for entry in entries(batches))
    assert SHOWN == found


@pytest.mark.parametrize("step", [0, 1, 97])
def test_an_object_a_line_is_a_row_a_line(step: int) -> None:
    lines = b"".join(b'{"name":"%d.wav","size":%d,"mtime":%d}\n' % (i, i, MOMENT) for i in range(900))
    one, batches = read("json", "/c/", lines, step=step)
    assert (Verdict.LISTING, 900) == (one.verdict, len(entries(batches)))


def tree(folders: int, files: int, *, root: str | None) -> object:
    """A tree as one object: folders with folders with files."""
    def leaf(name: str) -> dict[str, object]:
        return {"name": name, "type": "file", "size": 7, "mtime": MOMENT}

    made = [{"name": f"f {i}", "type": "directory", "children": [
        {"name": "deep", "type": "directory", "children": [leaf(f"{i}-{j}.wav") for j in range(files)]},
        leaf("beside.wav")]} for i in range(folders)]
    if root is None:
        return made
    return {"name": root, "type": "directory", "children": made}


@pytest.mark.parametrize("step", [0, 97])
@pytest.mark.parametrize("root", [None, "calls"])
@pytest.mark.parametrize("files", [2, 300])
def test_a_tree_tells_what_lies_below(files: int, root: str | None, step: int) -> None:
    one, batches = read("json", "/calls/", json.dumps(tree(3, files, root=root)).encode(), step=step)
    assert Verdict.LISTING is one.verdict, one.why
    lies: dict[str, int] = {}
    for batch in batches:
        lies[batch.under] = lies.get(batch.under, 0) + len(batch)
    below = {f"f%20{i}/": 2 for i in range(3)} | {f"f%20{i}/deep/": files for i in range(3)}
    assert {"": 3, **below} == lies


def test_a_tree_whose_root_is_a_dot_begins_there() -> None:
    body = [{"type": "directory", "name": ".", "contents": [
        {"type": "directory", "name": "a", "contents": [{"type": "file", "name": "b.wav", "size": 3}]}]},
        {"type": "report", "directories": 1, "files": 1}]
    _, batches = read("json", "/", json.dumps(body).encode())
    assert [("", [b"a"], []), ("a/", [], [b"b.wav"])] == [
        (batch.under, batch.directories, batch.names) for batch in batches]


OTHERS: dict[str, object] = {
    "users": [{"id": 1, "name": "Anna", "email": "anna@example.org", "created": STAMP, "type": "user"}],
    "products": [{"name": "Chair", "price": 12.5, "size": 42, "date": "2019-02-18"},
                 {"name": "Table", "price": 99, "size": 180, "date": "2019-02-18"}],
    "versions": [{"name": "v1.0", "size": 1200, "updated": STAMP}, {"name": "v1.1", "size": 1300, "updated": STAMP}],
    "an index of packages": {"meta": {"api-version": "1.1"}, "name": "thing", "files": [
        {"filename": "thing-1.0.tar.gz", "url": "https://files.example.net/thing-1.0.tar.gz", "size": 12345,
         "upload-time": STAMP}]},
    "a registry": {"_id": "thing", "name": "thing", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {
        "name": "thing", "version": "1.0.0", "dist": {"tarball": "https://r.example.net/thing-1.0.0.tgz",
                                                      "unpackedSize": 1234}}}, "time": {"1.0.0": STAMP}},
    "releases": [{"url": "https://api.example.net/1", "id": 1, "tag_name": "v1.0", "name": "Version 1.0",
                  "published_at": STAMP, "assets": [{"name": "thing.zip", "size": 1234, "updated_at": STAMP,
                                                     "browser_download_url": "https://example.net/thing.zip"}]}],
    "an interface": {"openapi": "3.0.0", "info": {"title": "Files", "version": "1"}, "tags": [{"name": "files"}],
                     "paths": {"/files": {"get": {"summary": "x"}}}},
    "a map": {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1.5, 2.5]},
         "properties": {"name": "x.wav", "size": 3}}]},
    "settings": {"server": {"port": 80, "root": "/srv"}, "log": {"file": "a.log", "level": "info", "size": 10}},
    "bookmarks": [{"name": "News", "type": "folder", "children": [{"name": "a", "type": "url", "url": "https://x"}]},
                  {"name": "b", "type": "url", "url": "https://example.net/"}],
    "a menu with menus": [{"name": "Home", "items": [{"name": "News", "items": [{"name": "Old"}]}]}],
    "chapters": {"name": "Book", "children": [{"name": "One", "children": [{"name": "Page", "size": 3}]}]},
    "a package": {"name": "thing", "version": "1.0.0", "files": ["a.js", "b.js", "c.js", "lib/"]},
    "licences": ["AGPL-1.0", "GPL-2.0", "GPL-3.0", "LGPL-2.1"],
    "a menu": [{"name": "Home", "type": "link", "url": "/"}, {"name": "About", "type": "link", "url": "/about"}],
    "songs": [{"title": "One", "artist": "A", "length": "3:45"}, {"title": "Two", "artist": "B", "length": "2:10"}],
    "measures": {"series": [[1, 2], [3, 4]], "labels": ["a", "b"]},
    "a table": [["name", "phone"], ["Anna", "070-1740605"], ["Bo", "070-1740606"]],
    "disks": {"sda": {"size": 100, "type": "ssd"}, "sdb": {"size": 200, "type": "hdd"}},
    "a file alone": {"name": "a.wav", "type": "file", "size": 3, "mtime": MOMENT},
    "hosts": ["a.example.org", "b.example.org"], "paths": {"files": ["a", "b", "c", "d"]},
}


def test_names_alone_in_an_object_that_tells_of_nothing_else_are_a_listing() -> None:
    body = {"path": "/c/", "dirs": [], "files": ["a.wav", "b.wav", "c.wav"]}
    _, batches = read("json", "/c/", json.dumps(body).encode())
    assert [b"a.wav", b"b.wav", b"c.wav"] == [entry.name for entry in entries(batches)]


@pytest.mark.parametrize("what", OTHERS)
@pytest.mark.parametrize("step", [0, 1])
def test_json_of_other_things_gives_nothing(what: str, step: int) -> None:
    one, batches = read("json", "/", json.dumps(OTHERS[what]).encode(), step=step)
    assert (Verdict.NOT, [], 0) == (one.verdict, batches, one.row_bytes)


@pytest.mark.parametrize(("what", "why"), [
    ("products", "2 JSON objects that may as well be products"),
    ("users", "JSON, but no listing: objects with names, but neither type nor size nor time"),
    ("an index of packages", "JSON, but no listing: its objects link to another host")])
def test_what_looked_like_a_listing_says_why_it_is_none(what: str, why: str) -> None:
    one, _ = read("json", "/", json.dumps(OTHERS[what]).encode())
    assert (True, why) == (one.near, one.why)


@pytest.mark.parametrize("body", [
    b'{"name":"a","children":[' * 5000,
    b'[{"name":"a","type":"dir","children":[' * 5000,
    b'{"a":{' * 50_000,
    b'[{"name":"a.wav","type":"file","size":1e999},{"name":"b.wav","type":"file","size":' + b"1" * 5000 + b"}",
    b'[{"a":[' * 20_000,
    b'{"' + b"k" * 200_000,
    b"[" + b'"a",' * 50_000,
    b'{"x":[' + b"1," * 100_000,
    b"[[" + b'"name",' * 30_000,
])
@pytest.mark.parametrize("step", [512, 100_000])
def test_depth_and_length_are_bounded_and_nothing_rises(body: bytes, step: int) -> None:
    one, batches = read("json", "/", body, step=step)
    assert (one.verdict, len(entries(batches))) in ((Verdict.NOT, 0), (Verdict.LISTING, len(entries(batches))))
    assert len(entries(batches)) <= 64


@pytest.mark.parametrize(("value", "size"), [("NaN", None), ("Infinity", None), ("-1", None), ("true", None),
                                             ("1e999", None), ("1" * 400, None), ("1.5e3", 1500), ('"8 KB"', 8192)])
def test_an_absurd_number_makes_a_size_unknown(value: str, size: int | None) -> None:
    body = (f'[{{"name":"a.wav","type":"file","size":{value},"mtime":{value}}},'
            '{"name":"b.wav","type":"file","size":1}]')
    found = [(entry.name, entry.size) for entry in entries(read("json", "/", body.encode())[1])]
    assert [(b"a.wav", size), (b"b.wav", 1)] == found


def test_the_last_of_two_equal_keys_counts() -> None:
    body = b'[{"name":"a.wav","name":"b.wav","type":"file","size":1,"size":2}]'
    assert [(b"b.wav", 2)] == [(entry.name, entry.size) for entry in entries(read("json", "/", body)[1])]


def test_json_that_is_no_listing_is_told_within_its_first_kib() -> None:
    one = reader("json", "/")
    body = json.dumps([{"id": i, "name": f"user {i}", "email": "a@example.org"} for i in range(200)]).encode()
    one.feed(body[:1024])
    assert Verdict.NOT is one.verdict
