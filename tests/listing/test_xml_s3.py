"""S3 answers of any product, and what a store's refusal means."""

from __future__ import annotations

import pytest

from scanner.listing.reader import Verdict
from scanner.listing.stores import S3Page, access
from tests.listing.cuts_of_xml import alike, fed, rows

MOMENT = 1550470028                          # 2019-02-18 06:07:08
TIME = "2019-02-18T06:07:08.000Z"
SPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


def key(name: str, size: int | str = 8044) -> str:
    return (f"<Contents><Key>{name}</Key><LastModified>{TIME}</LastModified><ETag>&#34;d41d&#34;</ETag>"
            f"<Size>{size}</Size><Owner><ID>0</ID><DisplayName>someone</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>")


def folder(name: str) -> str:
    return f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>"


def bucket(*parts: str, head: str = "", truncated: str = "false") -> bytes:
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult {SPACE}><Name>calls</Name><Prefix></Prefix>'
            f"{head}<MaxKeys>1000</MaxKeys><IsTruncated>{truncated}</IsTruncated>{''.join(parts)}</ListBucketResult>").encode()


def found(body: bytes, prefix: bytes = b"") -> tuple[S3Page, list[tuple[object, ...]]]:
    one, batches = fed(S3Page(prefix), body)
    assert isinstance(one, S3Page)
    return one, rows(batches)


def test_keys_are_files_and_common_prefixes_are_folders() -> None:
    one, entries = found(bucket(key("x.wav"), folder("2013/")))
    assert entries == [("", b"2013", "dir", None), ("", b"x.wav", 8044, MOMENT)]
    assert (one.verdict, one.next, one.more, one.strays) == (Verdict.LISTING, {}, False, 0)
    assert one.facts == {
        "xml.root": "ListBucketResult", "store.name": "calls", "listing.title": "", "listing.dialect": "s3",
        "listing.head": "", "listing.tail": "", "listing.rows": "2",
        "listing.row": "<Contents><Key><LastModified><ETag><Size><Owner><StorageClass>"}


def test_rows_are_relative_to_the_prefix_and_others_are_strays() -> None:
    body = bucket(key("2013/"), key("2013/x.wav"), folder("2013/07/"), key("2014/y.wav"), key("2013"))
    one, entries = found(body, b"2013/")
    assert entries == [("", b"07", "dir", None), ("", b"x.wav", 8044, MOMENT)]
    assert one.strays == 2


def test_a_store_that_ignores_the_delimiter_gives_what_lies_below() -> None:
    _, entries = found(bucket(key("a/b c/x.wav"), key("a/y.wav"), key("a/", 0)))
    assert entries == [("", b"a", "dir", None), ("a/", b"y.wav", 8044, MOMENT), ("a/b%20c/", b"x.wav", 8044, MOMENT)]


def test_a_folder_marker_and_its_prefix_are_one_folder() -> None:
    assert found(bucket(key("a/", 0), folder("a/")))[1] == [("", b"a", "dir", None)]


@pytest.mark.parametrize(("name", "under", "last"), [
    ("/x.wav", "/", b"x.wav"), ("a//x.wav", "a//", b"x.wav"), ("../x.wav", "../", b"x.wav"), ("./x", "./", b"x"),
    ("a/../x.wav", "a/../", b"x.wav")])
def test_a_key_may_have_folders_that_no_path_can_say(name: str, under: str, last: bytes) -> None:
    one, entries = found(bucket(key(name)))
    assert (one.strays, entries) == (0, [(under, last, 8044, MOMENT)])


@pytest.mark.parametrize(("name", "last"), [("/", b""), ("../", b".."), ("./", b".")])
def test_a_prefix_may_have_a_name_that_no_path_can_say(name: str, last: bytes) -> None:
    assert found(bucket(folder(name)))[1] == [("", last, "dir", None)]


def test_a_prefix_that_ends_elsewhere_than_at_the_delimiter_is_counted() -> None:
    one, entries = found(bucket(folder("x.wav"), key("y.wav")))
    assert (one.strays, entries) == (1, [("", b"y.wav", 8044, MOMENT)])


@pytest.mark.parametrize("late", [False, True])
def test_keys_are_decoded_where_the_answer_says_that_they_are_encoded(late: bool) -> None:
    said = "<EncodingType>url</EncodingType>"
    parts = [key("a+b%2B%C3%A5%FF.wav"), folder("d%20e/"), key("plain")]
    body = bucket(*parts, said) if late else bucket(*parts, head=said)
    assert found(body)[1] == sorted([("", b"a b+\xc3\xa5\xff.wav", 8044, MOMENT), ("", b"d e", "dir", None),
                                     ("", b"plain", 8044, MOMENT)], key=repr)


def test_keys_are_taken_as_they_are_where_nothing_says_encoded() -> None:
    assert found(bucket(key("a+b%20c.wav"), key(" x ")))[1] == [
        ("", b" x ", 8044, MOMENT), ("", b"a+b%20c.wav", 8044, MOMENT)]


@pytest.mark.parametrize(("head", "parts", "following"), [
    ("<NextContinuationToken>1/ab+c==</NextContinuationToken>", [key("a")], {"continuation-token": "1/ab+c=="}),
    ("<NextMarker>b c</NextMarker>", [key("a")], {"marker": "b c"}),
    ("<EncodingType>url</EncodingType><NextMarker>b%20c</NextMarker>", [key("a")], {"marker": "b c"}),
    ("", [key("a"), key("b")], {"marker": "b"}),
    ("", [key("a"), folder("c/")], {"marker": "c/"}),
    ("", [folder("c/"), key("d")], {"marker": "d"}),
    ("<EncodingType>url</EncodingType>", [key("a%2Bb")], {"marker": "a+b"}),
    ("", [], {})])
def test_a_page_that_was_truncated_says_how_the_next_one_is_asked_for(
        head: str, parts: list[str], following: dict[str, str]) -> None:
    one, _ = found(bucket(*parts, head=head, truncated="true"))
    assert (one.next, one.more) == (following, True)


def test_the_last_page_has_no_next() -> None:
    assert found(bucket(key("a"), head="<NextMarker>b</NextMarker>"))[0].next == {}


def test_an_empty_bucket_is_a_listing() -> None:
    one, entries = found(bucket())
    assert (one.verdict, entries) == (Verdict.LISTING, [])
    assert found(b"<ListBucketResult/>")[0].verdict is Verdict.LISTING


SERVICE = (f"<ListAllMyBucketsResult {SPACE}><Owner><ID>0</ID><DisplayName>someone</DisplayName></Owner><Buckets>"
           f"<Bucket><Name>calls</Name><CreationDate>{TIME}</CreationDate></Bucket><Bucket><Name>b.2</Name></Bucket></Buckets>"
           "</ListAllMyBucketsResult>").encode()


def test_a_service_lists_its_buckets_and_its_owner_is_not_kept() -> None:
    one, entries = found(SERVICE)
    assert entries == [("", b"b.2", "dir", None), ("", b"calls", "dir", None)]
    assert "someone" not in repr(one.facts)
    assert found(b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>")[0].verdict is Verdict.LISTING


ERRORS = [
    (403, "<Code>AccessDenied</Code><Message>Access Denied</Message>", "closed", {}),
    (404, "<Code>NoSuchBucket</Code><BucketName>calls</BucketName>", "absent", {"store.name": "calls"}),
    (301, "<Code>PermanentRedirect</Code><Endpoint>calls.s3.example.org</Endpoint><Bucket>calls</Bucket>", "elsewhere",
     {"store.endpoint": "calls.s3.example.org", "store.name": "calls"}),
    (307, "<Code>TemporaryRedirect</Code><Endpoint>s3.example.org</Endpoint>", "elsewhere",
     {"store.endpoint": "s3.example.org"}),
    (400, "<Code>AuthorizationHeaderMalformed</Code><Region>eu-north-1</Region>", "elsewhere",
     {"store.region": "eu-north-1"}),
    (400, "<Code>AuthorizationHeaderMalformed</Code>", "closed", {}),
    (403, "<Code>AllAccessDisabled</Code>", "closed", {}), (403, "<Code>SignatureDoesNotMatch</Code>", "closed", {}),
    (400, "<Code>MissingSecurityHeader</Code>", "closed", {}), (400, "<Code>InvalidRequest</Code>", "unknown", {}),
    (404, "<Code>ContainerNotFound</Code>", "absent", {}), (404, "<Code>ResourceNotFound</Code>", "unknown", {}),
    (403, "<Code>AuthorizationFailure</Code>", "closed", {}),
    (409, "<Code>PublicAccessNotPermitted</Code>", "closed", {}),
    (401, "<Code>NoAuthenticationInformation</Code>", "closed", {}),
    (403, "<Code>AccountIsDisabled</Code>", "closed", {}),
    (403, "<Code>UserProjectAccountProblem</Code>", "closed", {}), (503, "<Code>SlowDown</Code>", "unknown", {}),
    (403, "<Code>SomethingNew</Code>", "closed", {}), (404, "<Code>SomethingNew</Code>", "absent", {}),
    (200, "<Code>SomethingNew</Code>", "unknown", {}), (200, "<Code>AccessDenied</Code>", "closed", {}),
]


@pytest.mark.parametrize(("status", "inner", "meaning", "facts"), ERRORS)
def test_an_error_is_no_listing_and_says_who_may_list(
        status: int, inner: str, meaning: str, facts: dict[str, str]) -> None:
    one, entries = found(f'<?xml version="1.0"?>\n<Error>{inner}<RequestId>0</RequestId></Error>'.encode())
    code = inner.split("<Code>")[1].split("<")[0]
    assert (one.verdict, entries, one.why) == (Verdict.NOT, [], f"an error: {code}")
    assert one.facts == {"xml.root": "Error", "store.code": code} | facts
    assert access(status, one.facts) == meaning


@pytest.mark.parametrize(("status", "facts", "meaning"), [
    (200, {}, "open"), (204, {}, "open"), (401, {}, "closed"), (403, {}, "closed"), (404, {}, "absent"),
    (302, {}, "unknown"),
    (301, {"store.endpoint": "example.org"}, "elsewhere"), (400, {}, "unknown"), (500, {}, "unknown"),
    (401, {"store.code": "required"}, "closed"), (404, {"store.code": "notFound"}, "absent")])
def test_without_a_document_the_status_says_who_may_list(status: int, facts: dict[str, str], meaning: str) -> None:
    assert access(status, facts) == meaning


@pytest.mark.parametrize("body", [
    b"", b"<html/>", b'<?xml version="1.0"?><!DOCTYPE ListBucketResult><ListBucketResult/>', b"<EnumerationResults/>",
    b"<ListVersionsResult><Version><Key>a</Key></Version></ListVersionsResult>", b"Error", b"<Err"])
def test_what_is_no_bucket_is_none(body: bytes) -> None:
    one, entries = found(body)
    assert (one.verdict, entries) == (Verdict.NOT, [])


@pytest.mark.parametrize("body", [
    bucket(*(key(f"{i}%20.wav") for i in range(40)), "<EncodingType>url</EncodingType>", truncated="true"),
    bucket(*(key(f"{i // 7}/{i}.wav") for i in range(40)))[:5000], SERVICE, SERVICE[:-30]])
def test_the_rows_do_not_depend_on_how_the_bytes_were_cut(body: bytes) -> None:
    alike(S3Page, body)


def test_sizes_beyond_sense_are_unknown_and_the_row_stays() -> None:
    for size in ("-1", "1e9", "9" * 30, "", "٣"):
        assert found(bucket(key("x", size)))[1] == [("", b"x", None, MOMENT)]


def test_what_is_said_to_be_encoded_and_cannot_be_is_taken_as_it_stands() -> None:
    body = bucket(folder("dir with space+å%20/"), folder("a+b/"), head="<EncodingType>url</EncodingType>")
    assert [row[1] for row in found(body)[1]] == [b"a b", "dir with space+å%20".encode()]
