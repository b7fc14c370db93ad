"""XML of any product that is a listing, and XML that is none."""

from __future__ import annotations

import pytest

from scanner.listing import Verdict, reader
from scanner.listing.reader import Reader
from tests.listing.cuts_of_xml import alike, fed, rows

MOMENT = 1550470028                          # 2019-02-18 06:07:08
FILE: tuple[object, ...] = ("", b"x y.wav", 8044, MOMENT)
FOLDER: tuple[object, ...] = ("", b"2013", "dir", None)


def page() -> Reader:
    return reader("xml", "/c/", host="192.0.2.1:8080")


LISTINGS = {
    "nginx": '<?xml version="1.0"?>\n<list>\n<directory mtime="2019-02-18T06:07:08Z">2013</directory>\n'
             '<file mtime="2019-02-18T06:07:08Z" size="8044">x y.wav</file>\n</list>\n',
    "attributes": '<files path="/c"><entry name="2013" type="dir"/><entry name="x y.wav" type="file" size="8044" '
                  'mtime="1550470028"/></files>',
    "children": "<response><status>ok</status><item><fileName>2013</fileName><isDir>true</isDir></item><item>"
                "<fileName>x y.wav</fileName><isDir>false</isDir><Size>8044</Size>"
                "<LastModified>Mon, 18 Feb 2019 06:07:08 GMT</LastModified></item></response>",
    "deeper": "<a:result xmlns:a='urn:x'><a:meta><a:count>2</a:count></a:meta><a:entries>"
              "<a:folder name='2013' date='2019-02-18'/>"
              "<a:file><a:name>x y.wav</a:name><a:file_size>8044</a:file_size>"
              "<a:mod-time>2019-02-18 06:07:08</a:mod-time></a:file></a:entries></a:result>",
    "hrefs": "<d><f href='2013/' type='folder' size='4096'/>"
             "<f href='/c/x%20y.wav' bytes='8044' modified='2019-02-18T06:07:08Z'/></d>",
}


@pytest.mark.parametrize("product", LISTINGS)
def test_a_listing_is_read_whatever_its_elements_are_called(product: str) -> None:
    one, batches = fed(page(), LISTINGS[product].encode())
    assert one.verdict is Verdict.LISTING
    assert rows(batches) == [FOLDER, FILE]
    assert (one.facts["listing.dialect"], one.facts["listing.rows"]) == ("xml", "2")


@pytest.mark.parametrize("product", LISTINGS)
def test_the_rows_do_not_depend_on_how_the_bytes_were_cut(product: str) -> None:
    alike(page, LISTINGS[product].encode())
    alike(page, LISTINGS[product].encode()[:-30])


NOTHING = {
    "rss": "<rss><channel><item><title>a.mp3</title><pubDate>2019-02-18</pubDate><size>3</size></item></channel></rss>",
    "atom": "<feed><entry><title>a.mp3</title><updated>2019-02-18T06:07:08Z</updated><size>1</size></entry></feed>",
    "sitemap": "<urlset><url><loc>http://192.0.2.1/a.wav</loc><lastmod>2019-02-18</lastmod></url></urlset>",
    "svg": "<svg><g><title>a.wav</title><date>2019-02-18</date></g></svg>",
    "soap": "<s:Envelope xmlns:s='x'><s:Body><file name='a.wav' size='3'/></s:Body></s:Envelope>",
    "plist": "<plist><dict><key>a.wav</key><date>2019-02-18</date></dict></plist>",
    "maven": "<metadata><versioning><versions><version>1.0</version></versions></versioning></metadata>",
    "opml": "<opml><body><outline title='a.mp3' type='rss' date='2019-02-18'/></body></opml>",
    "users": "<users><user name='a' type='admin' size='3'/></users>",
    "menu": "<menu><item name='Home' type='link'/><item name='About' type='link'/></menu>",
    "words": "<list><item>a</item><item>b</item></list>", "empty": "<list/>", "one file": "<x><file name='a.c'/></x>",
    "tree": "<tree><directory name='a' size='1'><file name='x.wav' size='3'/></directory></tree>",
    "few among many": "<x>" + "<y a='1' b='2'/>" * 9 + "<file name='a.wav' size='3'/></x>",
    "doctype": "<!DOCTYPE list><list><file size='3'>x.wav</file></list>",
    "entity": "<!DOCTYPE list [<!ENTITY a 'b'>]><list><file size='3'>x.wav</file></list>",
    "multistatus": "<D:multistatus xmlns:D='DAV:'/>", "bucket": "<ListBucketResult/>", "azure": "<EnumerationResults/>",
    "nothing": "", "spaces": " " * 70_000, "declaration": '<?xml version="1.0"?>', "text": "x", "noise": "\0\1\2",
}


@pytest.mark.parametrize("name", NOTHING)
def test_xml_that_is_no_listing_gives_nothing(name: str) -> None:
    one, batches = fed(page(), NOTHING[name].encode())
    assert (one.verdict, batches) == (Verdict.NOT, [])
    alike(page, NOTHING[name].encode())


@pytest.mark.parametrize(("body", "facts"), [
    ("<ListBucketResult><Name>calls</Name></ListBucketResult>", {"xml.root": "ListBucketResult"}),
    ("<D:multistatus xmlns:D='DAV:'/>", {"xml.root": "multistatus"}),
    ("<Error><Code>NoSuchBucket</Code><BucketName>a</BucketName></Error>",
     {"xml.root": "Error", "store.code": "NoSuchBucket", "store.name": "a"}),
    ("<!DOCTYPE svg><svg/>", {"xml.root": "svg", "xml.refused": "a document type"}),
    ("<list><a>&b;</a></list>", {"xml.root": "list", "xml.refused": "ill-formed XML: undefined entity"})])
def test_what_is_no_listing_says_what_it_is(body: str, facts: dict[str, str]) -> None:
    assert fed(page(), body.encode())[0].facts == facts


@pytest.mark.parametrize("head", [
    '<?xml version="1.0"?>\n',
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x">\n'])
def test_xhtml_is_read_as_html(head: str) -> None:
    start = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>Index of /c/</title></head><body><pre>"
    body = head + start + "".join(
        f'<a href="{i}.wav">{i}.wav</a>   18-Feb-2019 06:07   {i}\n' for i in range(9)) + "</pre></body></html>"
    one, batches = fed(page(), body.encode())
    other, same = fed(reader("html", "/c/"), body.encode())
    assert len(rows(batches)) == 9
    assert (rows(batches), one.facts, one.why) == (rows(same), other.facts, other.why)


def test_an_empty_folder_is_a_listing_where_another_one_had_rows() -> None:
    one, _ = fed(page(), LISTINGS["nginx"].encode())
    empty = b'<?xml version="1.0"?>\n<list>\n</list>\n'
    assert fed(page(), empty)[0].verdict is Verdict.NOT
    known, batches = fed(reader("xml", "/c/d/", dialect=one.dialect), empty)
    assert (known.verdict, batches) == (Verdict.LISTING, [])


def test_names_keep_their_bytes() -> None:
    body = b'<list><file size="1">\xff\x01 &amp;&lt;</file><file size="1"> a </file></list>'
    assert [row[1] for row in rows(fed(page(), body)[1])] == [b" a ", b"\xff\x01 &<"]


def test_sixty_thousand_rows_are_read_as_they_come() -> None:
    body = "<list>" + "".join(f'\n<file mtime="2019-02-18T06:07:08Z" size="{i}">{i}.wav</file>' for i in range(60_000))
    one = page()
    first = one.feed(body[:2048].encode())
    rest = [batch for at in range(2048, len(body), 2**16) for batch in one.feed(body[at:at + 2**16].encode())]
    rest += one.close()
    assert 20 < sum(map(len, first)) < 40
    assert sum(map(len, first + rest)) == 60_000
    assert (one.facts["xml.refused"], one.row_bytes <= len(body)) == ("the XML is cut", True)


@pytest.mark.parametrize("key", [b"name", b"href", b"url", b"path"])
@pytest.mark.parametrize(("shown", "name"), [
    (b"\xe4.wav", b"\xe4.wav"), (b"\xc3\xa4.wav", b"\xc3\xa4.wav"), (b"\xe4 \xc3\xa4.wav", b"\xe4 \xc3\xa4.wav")])
def test_a_name_that_is_no_utf_8_stays_as_it_is_whatever_key_it_stands_behind(
        key: bytes, shown: bytes, name: bytes) -> None:
    body = b'<list><file %s="%s" size="3" mtime="2019-02-18T06:07:08Z"/></list>' % (key, shown)
    one, batches = fed(page(), body)
    assert one.verdict is Verdict.LISTING
    assert [name] == [found for batch in batches for found in batch.names]


def test_what_is_quoted_in_a_link_and_what_is_not_are_one_name() -> None:
    _, batches = fed(page(), b'<list><file href="%E4\xe4%20.wav" size="3" mtime="2019-02-18T06:07:08Z"/></list>')
    assert [b"\xe4\xe4 .wav"] == [found for batch in batches for found in batch.names]
