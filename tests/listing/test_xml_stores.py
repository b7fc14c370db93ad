"""Azure's XML, Google's JSON and Swift's: rows, next pages, errors."""

from __future__ import annotations

import json

import pytest

from scanner.listing.reader import Reader, Verdict
from scanner.listing.stores import AzurePage, GcsPage, SwiftPage, access
from tests.listing.cuts_of_xml import alike, fed, rows

MOMENT = 1550470028                          # 2019-02-18 06:07:08
FILE: tuple[object, ...] = ("", b"x y.wav", 8044, MOMENT)
FOLDER: tuple[object, ...] = ("", b"2013", "dir", None)


def blob(name: str, more: str = "", inner: str = "") -> str:
    return (f"<Blob><Name{more}>{name}</Name><Properties><Creation-Time>Sun, 17 Feb 2019 06:07:08 GMT</Creation-Time>"
            "<Last-Modified>Mon, 18 Feb 2019 06:07:08 GMT</Last-Modified><Content-Length>8044</Content-Length>"
            f"<BlobType>BlockBlob</BlobType></Properties>{inner}</Blob>")


def container(*parts: str, following: str = "") -> bytes:
    return ('\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://192.0.2.1/store/" '
            f'ContainerName="calls"><Prefix></Prefix><Delimiter>/</Delimiter><Blobs>{"".join(parts)}</Blobs>'
            f"<NextMarker>{following}</NextMarker></EnumerationResults>").encode()


def test_azure_blobs_are_files_and_prefixes_folders() -> None:
    one, batches = fed(AzurePage(), container(blob("x y.wav"), "<BlobPrefix><Name>2013/</Name></BlobPrefix>"))
    assert rows(batches) == [FOLDER, FILE]
    assert one.facts == {
        "xml.root": "EnumerationResults", "store.name": "calls", "listing.title": "", "listing.dialect": "azure",
        "listing.head": "", "listing.tail": "", "listing.rows": "2", "listing.row": "<Blob><Name><Properties>"}


def test_azure_rows_are_relative_to_the_prefix() -> None:
    one, batches = fed(AzurePage(b"2013/"), container(blob("2013/x y.wav"), blob("2013/07/x.wav"), blob("2014/x.wav")))
    assert rows(batches) == [FILE, ("07/", b"x.wav", 8044, MOMENT)]
    assert isinstance(one, AzurePage)
    assert one.strays == 1


def test_azure_names_may_be_encoded_and_other_versions_are_no_rows() -> None:
    _, batches = fed(AzurePage(), container(
        blob("x%20y.wav", ' Encoded="true"'), blob("z", inner="<Snapshot>2019-02-18T06:07:08Z</Snapshot>"),
        blob("w", inner="<Deleted>true</Deleted>"),
        blob("2013", inner="<Metadata><hdi_isfolder>true</hdi_isfolder></Metadata>")))
    assert rows(batches) == [FOLDER, FILE]


@pytest.mark.parametrize(("token", "following"), [("", {}), ("2!76!MDAw", {"marker": "2!76!MDAw"})])
def test_azure_says_how_the_next_page_is_asked_for(token: str, following: dict[str, str]) -> None:
    one, _ = fed(AzurePage(), container(blob("a"), following=token))
    assert isinstance(one, AzurePage)
    assert (one.next, one.more) == (following, bool(following))


def test_azure_services_list_their_containers() -> None:
    body = (b'<EnumerationResults ServiceEndpoint="http://192.0.2.1/store/"><Containers><Container><Name>2013</Name>'
            b"<Properties/></Container></Containers><NextMarker/></EnumerationResults>")
    one, batches = fed(AzurePage(), body)
    assert (one.verdict, rows(batches)) == (Verdict.LISTING, [FOLDER])


def test_an_empty_azure_container_is_a_listing_and_an_error_is_none() -> None:
    assert fed(AzurePage(), container())[0].verdict is Verdict.LISTING
    body = b'\xef\xbb\xbf<?xml version="1.0"?><Error><Code>PublicAccessNotPermitted</Code><Message>x</Message></Error>'
    one, _ = fed(AzurePage(), body)
    assert (one.verdict, one.facts) == (Verdict.NOT, {"xml.root": "Error", "store.code": "PublicAccessNotPermitted"})
    assert access(409, one.facts) == "closed"


OBJECT = {"kind": "storage#object", "name": "x y.wav", "bucket": "calls", "size": "8044", "metadata": {"a": ["}"]},
          "updated": "2019-02-18T06:07:08.123Z"}
OBJECTS = {"kind": "storage#objects", "nextPageToken": "CgF4", "prefixes": ["2013/"], "items": [OBJECT]}


def test_google_objects_are_files_and_prefixes_folders() -> None:
    one, batches = fed(GcsPage(), json.dumps(OBJECTS).encode())
    assert rows(batches) == [FOLDER, FILE]
    assert isinstance(one, GcsPage)
    assert one.next == {"pageToken": "CgF4"}
    assert one.facts["store.name"] == "calls"
    assert one.facts["listing.row"] == '{"kind","name","bucket","size","metadata","updated"}'


def test_google_projects_list_their_buckets() -> None:
    body = {"kind": "storage#buckets", "items": [{"kind": "storage#bucket", "name": "2013", "timeCreated": "x"}]}
    assert rows(fed(GcsPage(), json.dumps(body).encode())[1]) == [FOLDER]


@pytest.mark.parametrize(("status", "body", "code", "meaning"), [
    (401, {"code": 401, "message": "m", "errors": [{"message": "m", "domain": "global", "reason": "required"}]},
     "required", "closed"),
    (403, {"code": 403, "errors": [{"reason": "forbidden"}]}, "forbidden", "closed"),
    (404, {"code": 404, "errors": [{"reason": "notFound"}]}, "notFound", "absent"),
    (401, {"code": 401, "status": "UNAUTHENTICATED"}, "UNAUTHENTICATED", "closed"),
    (500, {"code": 500}, "500", "unknown")])
def test_google_errors_say_who_may_list(status: int, body: object, code: str, meaning: str) -> None:
    one, batches = fed(GcsPage(), json.dumps({"error": body}).encode())
    assert (one.verdict, batches, one.facts) == (Verdict.NOT, [], {"store.code": code})
    assert access(status, one.facts) == meaning


@pytest.mark.parametrize("body", [
    b"", b"{}", b"[]", b"null", b'{"items": []}', b'{"items": [1, null, {}]}', b'{"kind": "storage#object"}',
    b"{" * 9999, b'{"items": ' + b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}", b'{"a": NaN, "error": 3}',
    b'{3: 4}', b"<html>", b'{"items": [{"kind": "drive#file", "name": "x"}]}'])
def test_json_that_is_no_store_gives_nothing(body: bytes) -> None:
    for one in (GcsPage(), SwiftPage()):
        read, batches = fed(one, body)
        assert (read.verdict, batches) == (Verdict.NOT, [])


def test_an_empty_google_bucket_is_a_listing() -> None:
    assert fed(GcsPage(), b'{"kind": "storage#objects"}')[0].verdict is Verdict.LISTING


SWIFT = [{"name": "x y.wav", "bytes": 8044, "hash": "0", "last_modified": "2019-02-18T06:07:08.123456",
          "content_type": "audio/x-wav"}, {"subdir": "2013/"}]


def test_swift_objects_are_files_and_subdirs_folders() -> None:
    one, batches = fed(SwiftPage(limit=2), json.dumps(SWIFT).encode())
    assert rows(batches) == [FOLDER, FILE]
    assert isinstance(one, SwiftPage)
    assert one.next == {"marker": "2013/"}
    assert isinstance(last := fed(SwiftPage(limit=3), json.dumps(SWIFT).encode())[0], SwiftPage)
    assert (last.next, last.more) == ({}, False)


def test_swift_accounts_list_their_containers() -> None:
    body = json.dumps([{"name": "2013", "count": 3, "bytes": 9}]).encode()
    assert rows(fed(SwiftPage(None), body)[1]) == [FOLDER]
    assert fed(SwiftPage(), body)[0].verdict is Verdict.NOT


def test_swift_folder_objects_are_folders() -> None:
    body = json.dumps([{"name": "2013", "bytes": 0, "hash": "0", "content_type": "application/directory"}]).encode()
    assert rows(fed(SwiftPage(), body)[1]) == [FOLDER]


@pytest.mark.parametrize("step", [0, 1, 3])
def test_bare_names_and_emptiness_are_swift_only_where_the_headers_said_so(step: int) -> None:
    assert rows(fed(SwiftPage(sure=True), b"2013/\nx y.wav", step)[1]) == [FOLDER, ("", b"x y.wav", None, None)]
    assert rows(fed(SwiftPage(None, sure=True), b"2013\n", step)[1]) == [FOLDER]
    assert fed(SwiftPage(sure=True), b"[]", step)[0].verdict is Verdict.LISTING
    assert fed(SwiftPage(), b"2013/\nx.wav\n", step)[0].verdict is Verdict.NOT


@pytest.mark.parametrize("one", [
    lambda: AzurePage(), lambda: GcsPage(), lambda: SwiftPage(), lambda: SwiftPage(sure=True)])
def test_the_rows_do_not_depend_on_how_the_bytes_were_cut(one: type[Reader]) -> None:
    many = [{**SWIFT[0], **OBJECT, "name": f"å{i}\udcff{'x' * i}"} for i in range(60)]
    alike(one, container(*(blob(f"{i % 3}/{i}") for i in range(40))))
    for value in ({"kind": "storage#objects", "items": many}, many):
        body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogateescape")
        alike(one, body)
        alike(one, body[:7000])


def test_json_names_keep_their_bytes() -> None:
    body = b'[{"name":"a\xff\xe5\\u00e5\xc3\xa5","bytes":1,"hash":""},{"name":"\\ud800","bytes":1,"hash":""}]'
    assert [row[1] for row in rows(fed(SwiftPage(), body)[1])] == [b"\xed\xa0\x80", b"a\xff\xe5\xc3\xa5\xc3\xa5"]


@pytest.mark.parametrize("size", [-1, 1e999, 10**40, True, None, "x", [], 2**63])
def test_json_sizes_beyond_sense_are_unknown_and_the_row_stays(size: object) -> None:
    unknown = [("", b"x", None, None)]
    assert rows(fed(GcsPage(), json.dumps({"items": [{"name": "x", "size": size}]}).encode())[1]) == unknown
    assert rows(fed(SwiftPage(), json.dumps([{"name": "x", "bytes": size, "hash": ""}]).encode())[1]) == unknown
