"""What media servers answer to Browse, and what they say of themselves."""

from __future__ import annotations

from html import escape

import pytest

from scanner.listing.reader import Verdict
from scanner.listing.xml.device import description
from scanner.listing.xml.didl import Didl, duration
from tests.listing.cuts_of_xml import alike, fed, rows

MOMENT = 1550470028                          # 2019-02-18 06:07:08


def container(title: str, identity: str = "64$0") -> str:
    return (f'<container id="{identity}" parentID="64" restricted="1" childCount="3"><dc:title>{title}</dc:title>'
            "<upnp:class>object.container.storageFolder</upnp:class></container>")


def item(title: str, res: str = 'size="8044" duration="0:01:05.500" protocolInfo="http-get:*:audio/x-wav:*"') -> str:
    return (f'<item id="64$1" parentID="64" restricted="1"><dc:title>{title}</dc:title>'
            "<dc:date>2019-02-18T06:07:08</dc:date>"
            f"<upnp:class>object.item.audioItem</upnp:class><res {res}>http://192.0.2.1:8200/MediaItems/22.wav</res></item>")


def answer(*inner: str, total: int = 7) -> bytes:
    didl = ('<DIDL-Lite xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:upnp="urn:schemas-upnp-org:metadata-1-0/upnp/" '
            f'xmlns="urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/">\n{"".join(inner)}</DIDL-Lite>')
    return ('<?xml version="1.0" encoding="utf-8"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
            '<s:Body><u:BrowseResponse xmlns:u="urn:schemas-upnp-org:service:ContentDirectory:1">'
            f"<Result>{escape(didl)}</Result>\n<NumberReturned>{len(inner)}</NumberReturned>"
            f"<TotalMatches>{total}</TotalMatches><UpdateID>3</UpdateID></u:BrowseResponse></s:Body></s:Envelope>").encode()


def found(*inner: str) -> tuple[Didl, list[tuple[object, ...]]]:
    one, batches = fed(Didl(), answer(*inner))
    assert isinstance(one, Didl)
    return one, rows(batches)


def test_containers_are_folders_and_items_are_files() -> None:
    one, entries = found(container("2013"), item("x y"))
    assert entries == [("", b"2013", "dir", "2013;64$0"), ("", b"x y.wav", 8044, MOMENT)]
    assert (one.verdict, one.returned, one.total) == (Verdict.LISTING, 2, 7)
    assert one.facts == {
        "xml.root": "Envelope", "dlna.seconds": "65", "listing.title": "", "listing.dialect": "didl",
        "listing.head": "", "listing.tail": "", "listing.rows": "2",
        "listing.row": "<container id parentID restricted childCount><title><class>"}


@pytest.mark.parametrize(("title", "name", "href"), [
    ("a;b/c", "a;b∕c".encode(), "a%3Bb%E2%88%95c;64$0"), ("R&amp;amp;B", b"R&amp;B", "R%26amp%3BB;64$0"),
    ("å", "å".encode(), "%C3%A5;64$0"),
    ("", b"64$0", "64%240;64$0")])
def test_a_folder_is_asked_for_by_title_and_id(title: str, name: bytes, href: str) -> None:
    assert found(container(title))[1] == [("", name, "dir", href)]


def test_two_folders_of_one_title_are_two() -> None:
    assert found(container("a", "1"), container("a", "2/;"))[1] == [
        ("", b"a", "dir", "a;1"), ("", "a;2∕;".encode(), "dir", "a;2%2F%3B")]


@pytest.mark.parametrize(("title", "res", "name"), [
    ("x.mp3", 'protocolInfo="http-get:*:audio/x-wav:*"', b"x.mp3"),
    ("x", 'protocolInfo="http-get:*:audio/mpeg:DLNA.ORG_PN=MP3;DLNA.ORG_OP=01"', b"x.mp3"),
    ("x", 'protocolInfo="http-get:*:audio/L16;rate=44100;channels=2:*"', b"x.pcm"), ("x", 'protocolInfo="::"', b"x"),
    ("x", "", b"x"),
    ("070-1740605", 'protocolInfo="http-get:*:video/mp4:*"', b"070-1740605.mp4")])
def test_a_title_without_extension_takes_that_of_its_type(title: str, res: str, name: bytes) -> None:
    assert found(item(title, res))[1] == [("", name, None, MOMENT)]


@pytest.mark.parametrize(("text", "seconds"), [
    (b"0:01:05", 65), (b"1:00:00.000", 3600), (b"00:00:59.9/10", 59), (b"+0:00:01", 1), (b"1:05", None), (b"", None),
    (b"x", None),
    (b"999999:00:00", None), (b"-1:00:00", None)])
def test_durations_are_read(text: bytes, seconds: int | None) -> None:
    assert duration(text) == seconds


def test_an_empty_folder_is_a_listing() -> None:
    one, entries = found()
    assert (one.verdict, entries, one.returned) == (Verdict.LISTING, [], 0)


FAULT = (b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>'
         b"<detail><UPnPError><errorCode>701</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>")


@pytest.mark.parametrize("body", [
    b"", b"<html/>", FAULT, b"<!DOCTYPE x><s/>", answer().replace(b"DIDL-Lite", b"Other"), b"<rss/>"])
def test_what_is_no_answer_to_browse_is_none(body: bytes) -> None:
    one, batches = fed(Didl(), body)
    assert (one.verdict, batches) == (Verdict.NOT, [])
    assert one.facts.get("dlna.error") == ("701" if body == FAULT else None)


@pytest.mark.parametrize("inner", [
    "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<a>" * 100, "<item><title>x</title>" + "<b/>" * 100_000])
def test_the_inner_document_is_bounded_as_well(inner: str) -> None:
    body = answer().replace(b"&lt;DIDL-Lite", escape(inner).encode() + b"&lt;DIDL-Lite", 1)
    assert fed(Didl(), body)[0].facts["xml.refused"]


@pytest.mark.parametrize("body", [
    answer(*(container(f"å{i}", str(i)) for i in range(30)), *(item(f"{i}&amp;lt;") for i in range(30))),
    answer(*(item(f"{i}") for i in range(30)))[:6000], FAULT])
def test_the_rows_do_not_depend_on_how_the_bytes_were_cut(body: bytes) -> None:
    alike(Didl, body)


def test_a_thousand_items_come_from_one_text() -> None:
    assert len(found(*(item(f"{i}") for i in range(2000)))[1]) == 2000


def device(control: str, base: str = "") -> bytes:
    return (f'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">{base}<device>'
            "<deviceType>urn:schemas-upnp-org:device:MediaServer:1</deviceType><friendlyName>den</friendlyName>"
            "<manufacturer>Someone</manufacturer><modelName>Thing</modelName><serviceList><service>"
            "<serviceType>urn:schemas-upnp-org:service:ConnectionManager:1</serviceType><controlURL>/no</controlURL>"
            "</service><service><serviceType>urn:schemas-upnp-org:service:ContentDirectory:1</serviceType>"
            f"<controlURL>{control}</controlURL></service></serviceList></device></root>").encode()


@pytest.mark.parametrize(("control", "base", "path"), [
    ("/ctl/ContentDir", "", "/ctl/ContentDir"), ("ctl", "", "/d/ctl"), ("../ctl?a=b", "", "/ctl?a=b"),
    ("/a b", "", "/a%20b"),
    ("http://192.0.2.1:8200/ctl#x", "", "/ctl"), ("http://192.0.2.2:8200/ctl", "", None), ("//192.0.2.2/ctl", "", None),
    ("file:///ctl", "", None), ("", "", None), ("ctl", "<URLBase>http://192.0.2.1:8200/e/</URLBase>", "/e/ctl"),
    ("ctl", "<URLBase>http://192.0.2.2/e/</URLBase>", "/d/ctl"), ("http://[", "", None), ("/../../x", "", "/x")])
def test_a_description_says_where_its_content_is_asked_for(control: str, base: str, path: str | None) -> None:
    assert description(device(control, base), "/d/desc.xml", "192.0.2.1:8200") == (path, {
        "dlna.name": "den", "dlna.manufacturer": "Someone", "dlna.model": "Thing",
        "dlna.type": "urn:schemas-upnp-org:device:MediaServer:1"})


@pytest.mark.parametrize("data", [
    b"", b"<root/>", b"<html/>", b"\0\xff", device("/x").replace(b"root", b"boot"), b"<!DOCTYPE root><root/>"])
def test_other_documents_describe_nothing(data: bytes) -> None:
    assert description(data) == (None, {})
