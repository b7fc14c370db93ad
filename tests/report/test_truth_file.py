"""Truth files: what is read from them, and what each mistake is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.report.truth import Server, TruthError, authority, load
from scanner.report.truth import places as read_places

ONE = {"id": "one", "address": "192.0.2.7", "port": 8080, "expected": "open_listing", "list_entries": ["a.wav", "b"]}


def truth(*rows: Any, places: Any = None) -> tuple[Server, ...]:
    return load(json.dumps(rows), None if places is None else read_places(json.dumps(places)))


def one(**more: Any) -> Server:
    (server,) = truth({**ONE, **more})
    return server


def test_a_server_is_read() -> None:
    assert Server(id="one", host="192.0.2.7", port=8080, path="/", exposed=True, entries={b"a.wav": "", b"b": ""},
                  flat=False, protocol="http") == one(tree={"files": 3}, risk="high")


@pytest.mark.parametrize(("more", "member", "expected"), [
    ({"path": "/calls"}, "path", "/calls/"), ({"path": "/a%20b/%E5/"}, "path", r"/a b/\xe5/"),
    ({"path": "/pot/box?restype=container&comp=list"}, "path", "/pot/box/"), ({"path": None}, "path", "/"),
    ({"expected": "no_listing"}, "exposed", False), ({"expected": "auth_required"}, "exposed", False),
    ({"expected": None, "exposed": True}, "exposed", True), ({"exposed": True}, "exposed", True),
    ({"protocol": "FTP"}, "protocol", "ftp"), ({"list_entries": None}, "entries", None),
    ({"list_entries": []}, "entries", {}),
    ({"list_entries": [{"name": "a", "type": "directory"}, "b/", "c"], "entry_types": {"c": "file"}}, "entries",
     {b"a": "directory", b"b": "directory", b"c": "file"}),
    ({"list_entries": [r"\xe5.wav", "\udce6.wav"]}, "entries", {b"\xe5.wav": "", b"\xe6.wav": ""}),
    ({"list_entries": ["2019/a.wav"]}, "flat", True), ({"list_entries": ["2019/"]}, "flat", False),
    ({"address": None, "host": "Files.Example.org."}, "host", "files.example.org"),
    ({"address": "2001:DB8::0:7"}, "host", "2001:db8::7"),
])
def test_what_may_be_written(more: dict[str, Any], member: str, expected: Any) -> None:
    assert expected == getattr(one(**more), member)


@pytest.mark.parametrize(("row", "places", "expected"), [
    ({"url": "http://192.0.2.7/calls/"}, None, ("192.0.2.7", 80, "/calls/", "http")),
    ({"url": "https://[2001:db8::7]:8443/"}, None, ("2001:db8::7", 8443, "/", "https")),
    ({"url": "https://files.example.org/", "path": "/x/"}, None, ("files.example.org", 443, "/x/", "https")),
    ({"url": "ftp://192.0.2.7/pub/"}, None, ("192.0.2.7", 21, "/pub/", "ftp")),
    ({"url": "ftps://192.0.2.7/pub/"}, None, ("192.0.2.7", 990, "/pub/", "ftps")),
    ({"url": "smb://nas.example.org/calls/"}, None, ("nas.example.org", 445, "/calls/", "smb")),
    ({"url": "nfs://192.0.2.7/srv/calls"}, None, ("192.0.2.7", 2049, "/srv/calls/", "nfs")),
    ({"url": "rsync://192.0.2.7:8873/calls/"}, None, ("192.0.2.7", 8873, "/calls/", "rsync")),
    ({"url": "sftp://192.0.2.7/"}, None, ("192.0.2.7", 22, "/", "sftp")),
    ({"url": "imaps://mail.example.org/"}, None, ("mail.example.org", 993, "/", "imaps")),
    ({"url": "pop3://mail.example.org/"}, None, ("mail.example.org", 110, "/", "pop3")),
    ({}, {"one": "192.0.2.9:81"}, ("192.0.2.9", 81, "/", "http")),
    ({}, {"one": {"addr": "192.0.2.9", "port": 81, "pid": 7}}, ("192.0.2.9", 81, "/", "http")),
    ({"host": "192.0.2.7", "port": 80}, {"one": {"host": "192.0.2.9", "port": 81}}, ("192.0.2.9", 81, "/", "http")),
    ({"address": "192.0.2.7", "port": 80}, {"other": "192.0.2.9:81"}, ("192.0.2.7", 80, "/", "http")),
])
def test_where_a_server_stands(row: dict[str, Any], places: Any, expected: tuple[Any, ...]) -> None:
    (server,) = truth({"id": "one", "exposed": False, **row}, places=places)
    assert expected == (server.host, server.port, server.path, server.protocol)


@pytest.mark.parametrize(("text", "said"), [
    ("{", "not JSON"), ("[" * 10**5, "not JSON"), ("{}", "not a truth file: write a JSON array"), ("[]", "not a truth"),
    ("[1]", "server 1 has no id"), ('[{"id": ""}]', "server 1 has no id"), ('[{"id": "\\u001b"}]', "\\u{1b}: where it"),
    ('[{"id": "one", "expected": "no_listing"}]', "one: where it stands is not said; write `host` and `port`"),
    (json.dumps([ONE | {"port": "80"}]), "one: `host` must be a text and `port` a number"),
    (json.dumps([ONE | {"port": 0}]), "`port` a number from 1 to 65535"),
    (json.dumps([ONE | {"path": 7}]), "one: `path` must be a text"),
    (json.dumps([ONE | {"expected": "closed"}]), "one: write `expected` (open_listing, no_listing, auth_required)"),
    (json.dumps([ONE | {"exposed": False}]), "contradict each other: false and open_listing"),
    (json.dumps([ONE | {"list_entries": "a"}]), "one: `list_entries` must be a list"),
    (json.dumps([ONE | {"list_entries": [7]}]), "one: each of `list_entries` must be a name"),
    (json.dumps([ONE | {"list_entries": [{"name": "a", "type": "pipe"}]}]), "the type of a must be file or directory"),
    (json.dumps([ONE, ONE]), "one stands there twice"),
])
def test_a_mistake_is_told_in_one_line(text: str, said: str) -> None:
    with pytest.raises(TruthError) as raised:
        load(text)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_places_that_are_no_object_are_told() -> None:
    with pytest.raises(TruthError, match="not a file of places"):
        truth(ONE, places=[])


@pytest.mark.parametrize(("text", "expected"), [
    ("192.0.2.7:80", ("192.0.2.7", 80)), ("[2001:db8::7]:80", ("2001:db8::7", 80)),
    ("http://192.0.2.7:81/x", ("192.0.2.7", 81)),
    ("192.0.2.0/24", None), ("192.0.2.1-40", None), ("files.example.org", None), ("192.0.2.7:99999", None), ("", None),
    ("2001:db8::7", None),
])
def test_host_and_port_are_read_from_a_target(text: str, expected: tuple[str, int] | None) -> None:
    assert expected == authority(text)
