"""Object stores by their answers: which dialect, and which way an answer suggests."""

from __future__ import annotations

import pytest

from scanner.model import Ask, Asked
from scanner.probes.smell import is_media, other_ways, store_of
from tests.probes.store_talk import door, net_of, recorded

S3_ERROR = {"http.status": "403", "xml.root": "Error", "store.code": "AccessDenied"}


def facts(**more: str) -> dict[str, str]:
    return {name.replace("_", "."): text for name, text in more.items()}


@pytest.mark.parametrize(("said", "kind"), [
    (S3_ERROR, "s3"), (facts(xml_root="ListAllMyBucketsResult"), "s3"),
    (facts(http_headers="date x-amz-request-id x-rgw-object-type"), "s3"),
    (facts(xml_root="Error", http_headers="x-ms-request-id x-ms-version", store_code="AuthorizationFailure"), "azure"),
    (facts(http_server="Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0", http_headers="x-ms-request-id"), "azure"),
    (facts(http_headers="x-goog-hash x-guploader-uploadid"), "gcs"), (facts(http_headers="x-trans-id"), "swift"),
    (facts(http_headers="x-openstack-request-id"), "swift"),
    (facts(xml_root="Error"), None), (facts(http_headers="x-ms-request-id", http_server="Kestrel"), None),
    (facts(http_headers="x-amz-cf-id via", http_server="CloudFront"), None), (facts(http_status="403"), None),
    ({}, None)])
def test_a_store_is_known_by_its_documents_and_families_of_headers(said, kind):
    assert kind == store_of(said)


@pytest.mark.parametrize(("product", "kind"), [
    ("moto", "s3"), ("gofakes3", "s3"), ("versitygw", "s3"), ("azurite", "azure"), ("fakegcs", None)])
async def test_real_stores_are_known_by_their_first_answer(product, kind):
    answers = recorded(product)
    here = door(net_of({**answers, "*": answers["GET /0123456789abcdef/"]}))
    control = (await here.look()).facts
    root = [thing async for thing in here.list(Ask("/", Asked.ROOT))][-1]
    assert kind == (store_of(root.facts) or store_of(control))


@pytest.mark.parametrize(("said", "path", "asked", "ways"), [
    (facts(xml_root="ListAllMyBucketsResult"), "/", Asked.ROOT, ("s3",)),
    (facts(xml_root="ListAllMyBucketsResult"), "/store/", Asked.LINK, ("s3:/store/",)),
    (facts(xml_root="ListBucketResult"), "/", Asked.ROOT, ("s3-host",)),
    (facts(xml_root="ListBucketResult"), "/recordings/", Asked.SIGNATURE, ("s3",)),
    (facts(xml_root="ListBucketResult"), "/store/recordings/", Asked.LINK, ("s3:/store/",)),
    (facts(http_status="404", http_headers="x-goog-hash"), "/", Asked.ROOT, ("gcs",)),
    (facts(http_status="404", http_type="text/plain; charset=utf-8", http_headers="x-content-type-options"), "/",
     Asked.ROOT, ("gcs",)),
    (facts(http_status="404", http_type="text/html", http_headers="x-content-type-options"), "/", Asked.ROOT, ()),
    (facts(http_status="404", http_type="text/plain", http_headers="x-content-type-options"), "/a/", Asked.LINK, ()),
    (S3_ERROR, "/", Asked.ROOT, ())])
def test_an_answer_suggests_the_way_to_ask_again(said, path, asked, ways):
    assert ways == other_ways(said, path, asked=asked)


def test_a_store_is_no_media_server_wherever_it_listens():
    assert (True, False) == (is_media({"http.status": "403"}, 8200), is_media(S3_ERROR, 8200))
