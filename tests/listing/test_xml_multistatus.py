"""WebDAV answers: rows, strays, folders below, and what is none."""

from __future__ import annotations

import pytest

from scanner.listing.reader import Verdict
from scanner.listing.xml.multistatus import Multistatus
from tests.listing.cuts_of_xml import alike, fed, rows

MOMENT = 1550470028                          # 2019-02-18 06:07:08
TIME = "Mon, 18 Feb 2019 06:07:08 GMT"
FOLDER = "<D:resourcetype><D:collection/></D:resourcetype>"
FILE = f"<D:resourcetype/><D:getcontentlength>8044</D:getcontentlength><D:getlastmodified>{TIME}</D:getlastmodified>"


def response(href: str, prop: str = FILE, status: str = "HTTP/1.1 200 OK") -> str:
    return (f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>{prop}</D:prop><D:status>{status}</D:status>"
            "</D:propstat></D:response>")


def answer(*responses: str) -> bytes:
    return ('<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">' + "\n".join(responses)
            + "</D:multistatus>").encode()


def found(*responses: str, host: str | None = "192.0.2.1:8080") -> tuple[Multistatus, list[tuple[object, ...]]]:
    one, batches = fed(Multistatus("/c/", host), answer(response("/c/", FOLDER), *responses))
    assert isinstance(one, Multistatus)
    return one, rows(batches)


def test_responses_are_rows_named_by_their_hrefs() -> None:
    one, entries = found(response("/c/a%20b.wav", FILE + "<D:displayname>other</D:displayname>"),
                         response("/c/2013/", FOLDER))
    assert entries == [("", b"2013", "dir", None), ("", b"a b.wav", 8044, MOMENT)]
    assert (one.verdict, one.strays) == (Verdict.LISTING, 0)
    assert one.facts == {
        "xml.root": "multistatus", "listing.title": "", "listing.dialect": "multistatus", "listing.head": "",
        "listing.tail": "", "listing.row": "<response><href><propstat>", "listing.rows": "2"}


@pytest.mark.parametrize("href", [
    "/c/x.wav", "http://192.0.2.1:8080/c/x.wav", "HTTP://192.0.2.1:8080/c/x.wav", "//192.0.2.1:8080/c/x.wav", "x.wav",
    "./x.wav", "/c/./x.wav", "/c//x.wav", "/%63/x%2Ewav", "/c/d/../x.wav", "\n /c/x.wav\n", "https://u@192.0.2.1:8080/c/x.wav"])
def test_an_href_within_the_folder_is_a_row_however_it_is_written(href: str) -> None:
    assert found(response(href))[1] == [("", b"x.wav", 8044, MOMENT)]


@pytest.mark.parametrize("href", [
    "", "/", "/d/x.wav", "/c/../x.wav", "/../../etc/passwd", "../x.wav", "/c/..%2f..%2fx/../../..", "http://192.0.2.2/c/x.wav",
    "http://192.0.2.1/c/x.wav", "http://192.0.2.1:8080@192.0.2.2/c/x.wav", "//192.0.2.2/c/x.wav", "file:///c/x.wav",
    "javascript:alert(1)", "mailto:a@example.org", "/" + "c/" * 5000, "\\\\192.0.2.2\\c"])
def test_an_href_that_leads_elsewhere_is_counted_and_not_followed(href: str) -> None:
    one, entries = found(response(href), response("/c/y.wav"))
    if href == "\\\\192.0.2.2\\c":
        assert (one.strays, len(entries)) == (0, 2)                 # a name, for no URL says it so
    else:
        assert (one.strays, entries) == (1, [("", b"y.wav", 8044, MOMENT)])


def test_without_a_host_every_absolute_href_leads_elsewhere() -> None:
    assert found(response("http://192.0.2.1:8080/c/x.wav"), host=None)[0].strays == 1


@pytest.mark.parametrize(("host", "href"), [
    ("example.org", "http://example.org:80/c/x.wav"), ("example.org", "https://EXAMPLE.org:443/c/x.wav"),
    ("[2001:db8::1]:8080", "http://[2001:DB8::1]:8080/c/x.wav")])
def test_a_host_is_the_same_with_its_default_port(host: str, href: str) -> None:
    assert found(response(href), host=host)[1] == [("", b"x.wav", 8044, MOMENT)]


def test_what_lies_deeper_is_put_below() -> None:
    _, entries = found(response("/c/a/", FOLDER), response("/c/a/b%20c/", FOLDER), response("/c/a/b%20c/x.wav"))
    assert entries == [("", b"a", "dir", None), ("a/", b"b c", "dir", None), ("a/b%20c/", b"x.wav", 8044, MOMENT)]


@pytest.mark.parametrize("status", ["HTTP/1.1 403 Forbidden", "HTTP/1.1 404 Not Found", "403", "HTTP/2 500 "])
def test_a_response_that_was_refused_is_no_row(status: str) -> None:
    one, entries = found(f"<D:response><D:href>/c/x.wav</D:href><D:status>{status}</D:status></D:response>")
    assert (entries, one.strays, one.verdict) == ([], 0, Verdict.LISTING)


def test_properties_that_were_refused_say_nothing() -> None:
    _, entries = found(
        "<D:response><D:href>/c/x.wav</D:href>"
        "<D:propstat><D:prop><D:getcontentlength>7</D:getcontentlength></D:prop>"
        "<D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>"
        "<D:propstat><D:prop><D:getlastmodified>2019-02-18T06:07:08Z</D:getlastmodified></D:prop>"
        "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>")
    assert entries == [("", b"x.wav", None, MOMENT)]


@pytest.mark.parametrize(("prop", "href", "kind"), [
    (FOLDER, "/c/x", "dir"), ("<D:resourcetype/>", "/c/x", None), ("", "/c/x/", "dir"), ("", "/c/x", None),
    ("<D:iscollection>1</D:iscollection>", "/c/x", "dir"),
    ("<D:resourcetype> <D:collection> </D:collection></D:resourcetype>", "/c/x", "dir"),
    ("<D:resourcetype/>", "/c/x/", None)])
def test_a_folder_says_that_it_is_one_or_ends_with_a_slash(prop: str, href: str, kind: str | None) -> None:
    assert [row[2] for row in found(response(href, prop))[1]] == [kind]


def test_an_empty_folder_is_a_listing_without_rows() -> None:
    one, entries = found()
    assert (one.verdict, entries, one.facts["listing.rows"]) == (Verdict.LISTING, [], "0")


@pytest.mark.parametrize("body", [
    b"", b"<a/>", b"<html><body>x</body></html>", answer(), answer(response("/c/")), answer(response("/d/x.wav")),
    answer("<D:response><D:href>/c/</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response>"),
    b"<!DOCTYPE multistatus>" + answer(response("/c/", FOLDER)), b"<ListBucketResult/>",
    b'<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>'])
def test_what_is_no_open_folder_is_none(body: bytes) -> None:
    one, batches = fed(Multistatus("/c/", None), body)
    assert (one.verdict, batches) == (Verdict.NOT, [])


def test_sizes_and_dates_beyond_sense_are_unknown_and_the_row_stays() -> None:
    for number in ("-1", "1e999", "9" * 40, "", "12 KB"):
        _, entries = found(response("/c/x.wav", f"<D:getcontentlength>{number}</D:getcontentlength>"
                                    "<D:getlastmodified>Mon, 99 Feb 99999 00:00:00 GMT</D:getlastmodified>"))
        assert entries == [("", b"x.wav", None, None)]


def test_names_keep_their_bytes() -> None:
    names = {"/c/%FF%00%1b.wav": b"\xff\0\x1b.wav", "/c/å.wav": "å.wav".encode(), "/c/a%2Fb": b"a%2Fb",
             "/c/100%.wav": b"100%.wav", "/c/a&amp;b#c?d": b"a&b#c?d"}
    assert sorted(row[1] for row in found(*map(response, names))[1]) == sorted(names.values())  # type: ignore[type-var]


def test_a_folder_is_asked_for_as_it_was_shown() -> None:
    assert found(response("/c/a%2Bb/", FOLDER))[1] == [("", b"a+b", "dir", "a%2Bb")]


@pytest.mark.parametrize("body", [
    answer(response("/c/", FOLDER), *(response(f"/c/{i}.wav") for i in range(50))),
    answer(response("/c/", FOLDER), *(response(f"/c/{i}.wav") for i in range(50)))[:9999],
    answer(response("/c/", FOLDER), response("/c/x.wav"))[:-40] + b"&nbsp;"])
def test_the_rows_do_not_depend_on_how_the_bytes_were_cut(body: bytes) -> None:
    alike(lambda: Multistatus("/c/", None), body)


def test_rows_before_a_cut_stay_and_the_reason_is_told() -> None:
    body = answer(response("/c/", FOLDER), response("/c/x.wav"), response("/c/y.wav"))
    one, batches = fed(Multistatus("/c/"), body[:-60])
    assert rows(batches) == [("", b"x.wav", 8044, MOMENT)]
    assert (one.verdict, one.facts["xml.refused"]) == (Verdict.LISTING, "the XML is cut")


def test_sixty_thousand_rows_are_read_as_they_come() -> None:
    body = answer(response("/c/", FOLDER), *(response(f"/c/{i}.wav") for i in range(60_000)))
    one = Multistatus("/c/")
    first = one.feed(body[:4096])
    assert sum(map(len, first)) > 5
    rest = [batch for at in range(4096, len(body), 2**16) for batch in one.feed(body[at:at + 2**16])] + one.close()
    assert sum(map(len, first + rest)) == 60_000
    assert len(body) * 0.9 < one.row_bytes <= len(body)
    assert max(len(batch) for batch in rest) < 2**16 // 200


def test_bytes_without_rows_grant_nothing() -> None:
    one = Multistatus("/c/")
    one.feed(answer(response("/c/", FOLDER), response("/c/x.wav"))[:-16])
    granted = one.row_bytes
    for _ in range(1000):
        one.feed(b"<filler>0123456789</filler>")
    one.feed(response("/c/y.wav").encode() * 10)
    assert one.row_bytes <= granted + 11 * 16 * 1024
