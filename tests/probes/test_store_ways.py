"""The ways to list object stores, as transcripts: which request follows which answer, and where a listing ends."""

from __future__ import annotations

import json

import pytest

from scanner.errors import BudgetError, ProtocolError
from scanner.model import Ask, Asked
from scanner.net import is_published
from scanner.probes.ways import WAYS, way_of
from scanner.probes.ways.store import Place
from tests.probes.store_talk import answer, door, listed, net_of

S3 = "GET /calls/?list-type=2&delimiter=%2F&encoding-type=url"
OLD = "GET /calls/?delimiter=%2F"
AZURE = "GET /acc/calls?restype=container&comp=list&delimiter=%2F"
SWIFT = "GET /v1/AUTH_pbx/calls?format=json&limit=1000&delimiter=%2F"
GCS = "GET /storage/v1/b/calls/o?delimiter=%2F"
SURE = "X-Container-Object-Count: 2"


def bucket(*keys: str, token: str = "", marker: str = "", more: bool = False, tail: str = "") -> bytes:
    rows = "".join(f"<Contents><Key>{key}</Key><Size>7</Size></Contents>" for key in keys)
    told = f"<NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    told += f"<NextMarker>{marker}</NextMarker>" if marker else ""
    cut = "true" if token or marker or more else "false"
    return answer(f"<ListBucketResult><Name>calls</Name><IsTruncated>{cut}</IsTruncated>{told}{rows}{tail}"
                  "</ListBucketResult>")


def error(code: str, status: int, more: str = "", *headers: str) -> bytes:
    return answer(f"<Error><Code>{code}</Code>{more}</Error>", status, *headers)


def container(*names: str, marker: str = "") -> bytes:
    blobs = "".join(f"<Blob><Name>{name}</Name><Properties><Content-Length>7</Content-Length></Properties></Blob>"
                    for name in names)
    return answer(f'<EnumerationResults ContainerName="calls"><Blobs>{blobs}</Blobs><NextMarker>{marker}</NextMarker>'
                  "</EnumerationResults>")


async def test_pages_follow_by_token_and_the_token_is_quoted():
    net = net_of({S3: bucket("a", token="1/ü+="), f"{S3}&continuation-token=1%2F%C3%BC%2B%3D": bucket("b")})
    rows, _, error = await listed(door(net), "/calls/", "s3")
    assert ({b"a": 7, b"b": 7}, None, 2) == (rows, error, len(net.asked))


async def test_an_answer_in_the_older_form_is_gone_on_with_in_it():
    net = net_of({S3: bucket("a", marker="a"), "GET /calls/?delimiter=%2F&encoding-type=url&marker=a": bucket("b")})
    rows, _, error = await listed(door(net), "/calls/", "s3")
    assert ({b"a": 7, b"b": 7}, None) == (rows, error)


async def test_where_the_newer_form_is_not_known_the_older_is_asked_for_and_remembered():
    net = net_of({S3: error("NotImplemented", 501), OLD: bucket("x/a"), f"{OLD}&prefix=x%2F": bucket("x/a")})
    here = door(net)
    await listed(here, "/calls/", "s3")
    rows, _, _ = await listed(here, "/calls/x/", "s3")
    assert ({b"a": 7}, [S3, OLD, f"{OLD}&prefix=x%2F"]) == (rows, net.asked)


async def test_a_bucket_that_is_the_host_is_listed_at_the_root():
    net = net_of({"GET /?list-type=2&delimiter=%2F&encoding-type=url": bucket("a"),
                  "GET /?list-type=2&delimiter=%2F&encoding-type=url&prefix=x%2Fy%2F": bucket("x/y/b")})
    assert [{b"a": 7}, {b"b": 7}] == [(await listed(door(net), path, "s3-host"))[0] for path in ("/", "/x/y/")]


async def test_containers_of_azure_follow_by_marker():
    net = net_of({AZURE: container("a", marker="2!8!x"), f"{AZURE}&marker=2%218%21x": container("b")})
    rows, seen, error = await listed(door(net), "/acc/calls/", "azure:/acc/")
    assert ({b"a": 7, b"b": 7}, None, "azure-blob", "calls") == (
        rows, error, seen.protocol, seen.facts["store.name"])


async def test_an_account_of_azure_lists_its_containers_where_it_is_open():
    body = "<EnumerationResults><Containers><Container><Name>calls</Name></Container></Containers></EnumerationResults>"
    net = net_of({"GET /acc?comp=list": answer(body), "GET /?comp=list": answer(body)})
    for path, way in (("/acc/", "azure:/acc/"), ("/", "azure")):
        assert {b"calls/": None} == (await listed(door(net), path, way))[0]


async def test_the_code_of_azure_stands_in_a_header_where_the_body_is_empty():
    net = net_of({AZURE: answer("", 404, "x-ms-error-code: ContainerNotFound")})
    _, seen, _ = await listed(door(net), "/acc/calls/", "azure:/acc/")
    assert ("absent", "ContainerNotFound") == (seen.facts["store.access"], seen.facts["store.code"])


def objects(*names: str) -> bytes:
    rows = [{"name": name, "bytes": 7, "hash": "0", "last_modified": "2019-02-18T06:07:08.000000"} for name in names]
    return answer(json.dumps(rows), 200, SURE, kind="application/json")


async def test_containers_of_swift_follow_by_the_last_name():
    names = [f"call-{i:04}.wav" for i in range(1000)]
    net = net_of({SWIFT: objects(*names), f"{SWIFT}&marker=call-0999.wav": objects("last.wav")})
    rows, seen, error = await listed(door(net), "/v1/AUTH_pbx/calls/", "swift:/v1/AUTH_pbx/")
    assert (1001, None, "swift") == (len(rows), error, seen.protocol)


async def test_an_account_of_swift_lists_its_containers():
    body = json.dumps([{"name": "calls", "count": 2, "bytes": 14}])
    net = net_of({"GET /v1/AUTH_pbx?format=json&limit=1000": answer(body, 200, "X-Account-Container-Count: 1",
                                                                   kind="application/json")})
    assert {b"calls/": None} == (await listed(door(net), "/v1/AUTH_pbx/", "swift:/v1/AUTH_pbx/"))[0]


@pytest.mark.parametrize(("status", "access"), [(401, "closed"), (403, "closed"), (404, "absent"), (500, "unknown")])
async def test_swift_says_in_its_status_who_may_list(status, access):
    net = net_of({SWIFT: answer("<html><h1>no</h1></html>", status, kind="text/html")})
    _, seen, _ = await listed(door(net), "/v1/AUTH_pbx/calls/", "swift:/v1/AUTH_pbx/")
    assert (access, 1) == (seen.facts["store.access"], len(net.asked))


async def test_google_is_asked_in_xml_where_json_is_not_spoken():
    net = net_of({GCS: answer("<html>404</html>", 404, kind="text/html"), "GET /calls/?delimiter=%2F": bucket("a")})
    rows, seen, _ = await listed(door(net), "/calls/", "gcs")
    assert ({b"a": 7}, "gcs") == (rows, seen.protocol)


@pytest.mark.parametrize(("token", "sent"), [("t=", "t%3D"), ("t\ud800", "t%ED%A0%80"), ("t\udce4", "t%E4")])
async def test_pages_of_google_follow_by_token_whatever_it_is_made_of(token: str, sent: str):
    page = json.dumps({"kind": "storage#objects", "nextPageToken": token, "prefixes": ["2019/"],
                       "items": [{"kind": "storage#object", "name": "a", "size": "7"}]})
    last = json.dumps({"kind": "storage#objects", "items": [{"kind": "storage#object", "name": "b", "size": "7"}]})
    net = net_of({GCS: answer(page, kind="application/json"),
                  f"{GCS}&pageToken={sent}": answer(last, kind="application/json")})
    assert {b"a": 7, b"2019/": None, b"b": 7} == (await listed(door(net), "/calls/", "gcs"))[0]


@pytest.mark.parametrize(("refusal", "access", "told"), [
    (error("PermanentRedirect", 301, "<Endpoint>calls.s3.example.org</Endpoint>"), "elsewhere",
     {"store.endpoint": "calls.s3.example.org"}),
    (answer("", 301, "x-amz-bucket-region: eu-north-1"), "elsewhere", {"store.region": "eu-north-1"}),
    (error("TemporaryRedirect", 307, "", "Location: http://192.0.2.99/calls/"), "elsewhere",
     {"http.location": "http://192.0.2.99/calls/"}),
    (error("AccessDenied", 403), "closed", {"store.code": "AccessDenied"}),
    (error("AllAccessDisabled", 403), "closed", {}), (error("InvalidRequest", 403), "unknown", {}),
    (error("InternalError", 500), "unknown", {}), (answer("<html>no</html>", 500, kind="text/html"), "unknown", {}),
    (error("AccessDenied", 200), "closed", {})])
async def test_a_refusal_says_where_a_bucket_stands(refusal, access, told):
    net = net_of({S3: refusal})
    rows, seen, failed = await listed(door(net), "/calls/", "s3")
    assert ({}, None, 1, access) == (rows, failed, len(net.asked), seen.facts["store.access"])
    assert told.items() <= seen.facts.items()


@pytest.mark.parametrize("page", [
    answer("<html><body>Welcome</body></html>", kind="text/html"), answer('{"a": 1}', kind="application/json"),
    answer("<rss></rss>"), answer("", 200)])
async def test_what_is_no_store_is_said_to_be_none(page):
    _, seen, _ = await listed(door(net_of({S3: page})), "/calls/", "s3")
    assert ("none", None) == (seen.access, seen.facts.get("store.access"))


@pytest.mark.parametrize(("pages", "rows", "kind", "why"), [
    ({"1": bucket("b", token="1")}, 2, ProtocolError, "the same page marker again"),
    ({"1": bucket("a", token="2")}, 1, ProtocolError, "the same page again and again"),
    ({"1": error("AccessDenied", 403)}, 1, ProtocolError, "page 2 of the listing: status 403, AccessDenied"),
    ({"1": error("InternalError", 500)}, 1, ProtocolError, "page 2 of the listing: status 500"),
    ({"1": answer("<ListBucketResult><Contents><Key>b</Key><Size>7</Size></Contents><Conte")}, 2, ProtocolError,
     "page 2 of the listing: the XML is cut"),
    ({"1": bucket("b", "c/d", more=True, tail="<Contents><Key>z</Key></Contents>").replace(b"NextMarker", b"No")}, 4,
     ProtocolError, "page 3"),
    ({str(i): bucket(token=str(i + 1)) for i in range(1, 60)}, 1, ProtocolError, "50 pages without a row")])
async def test_a_listing_that_does_not_end_well_is_cut_with_its_reason(pages, rows, kind, why):
    net = net_of({S3: bucket("a", token="1"), **{f"{S3}&continuation-token={n}": page for n, page in pages.items()}})
    found, seen, failed = await listed(door(net), "/calls/", "s3")
    assert (rows, kind, "open") == (len(found), type(failed), seen.facts["store.access"])
    assert why in str(failed)


async def test_all_pages_together_have_one_budget():
    full = {f"{S3}&continuation-token={i}": bucket(f"k{i}", token=str(i + 1)) for i in range(1, 200)}
    net = net_of({S3: bucket("k0", token="1"), **full}, listing_bytes=2000)
    found, _, failed = await listed(door(net), "/calls/", "s3")
    assert BudgetError is type(failed)
    assert 5 < len(found) < 20


@pytest.mark.parametrize("way", [way.name for way in WAYS if way.any_name])
@pytest.mark.parametrize("path", ["/../", "/./", "//", "/%2e%2e/x/"])
async def test_a_bucket_that_no_request_can_name_is_not_asked_for(way, path):
    if way == "s3-host":
        return
    net = net_of({})
    _, _, failed = await listed(door(net), path, way)
    assert (ProtocolError, []) == (type(failed), net.asked)


@pytest.mark.parametrize(("path", "base", "expected"), [
    ("/", "/", Place("/")), ("/b/", "/", Place("/", "b")), ("/b/x/y/", "/", Place("/", "b", b"x/y/")),
    ("/acc/", "/acc/", Place("/acc/")), ("/acc/c/x//", "/acc/", Place("/acc/", "c", b"x//")),
    ("/b/%FF%2F/", "/", Place("/", "b", b"\xff//"))])
def test_a_path_names_a_bucket_and_a_prefix(path, base, expected):
    assert expected == Place.of(path, base)


@pytest.mark.parametrize(("path", "way"), [
    ("/b/x/", "s3"), ("/x/", "s3-host"), ("/b/x/", "gcs"), ("/", "gcs"), ("/c/x/", "azure"), ("/a/c/x/", "azure:/a/"),
    ("/a/", "azure:/a/"), ("/v1/AUTH_a/c/x/", "swift:/v1/AUTH_a/"), ("/v1/AUTH_a/", "swift:/v1/AUTH_a/"),
    ("/swift/v1/AUTH_a/c/x/", "swift:/swift/v1/AUTH_a/")])
def test_the_first_request_of_every_way_is_a_directory_or_published(path, way):
    asked = way_of(way).first(Ask(path, Asked.TARGET, way=way))
    assert asked.partition("?")[0].endswith("/") or is_published(asked)
