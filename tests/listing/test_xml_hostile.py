"""Servers that mean harm: nothing rises, nothing grows, and what was read stays the same."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable

import pytest

from scanner.listing import Reader, Verdict, reader
from scanner.listing.stores import AzurePage, GcsPage, S3Page, SwiftPage
from scanner.listing.xml.device import description
from scanner.listing.xml.didl import Didl
from scanner.listing.xml.elements import PIECE, Elements
from scanner.listing.xml.multistatus import Multistatus
from tests.listing.cuts_of_xml import alike, fed
from tests.listing.test_xml_recorded import RECORDED, load

READERS: dict[str, Callable[[], Reader]] = {
    "any": lambda: reader("xml", "/c/", host="192.0.2.1:8080"), "dav": lambda: Multistatus("/calls/", "192.0.2.1:8080"),
    "s3": lambda: S3Page(b"calls/"), "azure": lambda: AzurePage(b"calls/"), "gcs": GcsPage, "didl": Didl,
    "swift": lambda: SwiftPage(b"", sure=True)}

LOL = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
BOMBS = {
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "lol">{LOL}]><{{0}}>&l9;</{{0}}>',
    "quadratic": f'<!DOCTYPE r [<!ENTITY a "{"x" * 50_000}">]><{{0}}>{"&a;" * 5000}</{{0}}>',
    "external": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><{0}>&a;</{0}>',
    "parameter": '<!DOCTYPE r [<!ENTITY % a SYSTEM "http://192.0.2.9/x.dtd"> %a;]><{0}/>',
    "external subset": '<!DOCTYPE {0} SYSTEM "http://192.0.2.9/x.dtd"><{0}/>',
    "attributes by default": '<!DOCTYPE {0} [<!ATTLIST {0} a CDATA "x">]><{0}/>',
}
ROOTS = {"any": "list", "dav": "multistatus", "s3": "ListBucketResult", "azure": "EnumerationResults",
         "didl": "Envelope"}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("kind", ROOTS)
def test_document_types_and_entities_are_refused_by_every_reader(bomb: str, kind: str) -> None:
    body = BOMBS[bomb].format(ROOTS[kind]).encode()
    one, batches = fed(READERS[kind](), body)
    assert (one.verdict, batches, one.facts["xml.refused"]) == (Verdict.NOT, [], "a document type")
    alike(READERS[kind], body[:5000])


@pytest.mark.parametrize("inner", [
    b"<a>" * 200_000, b"<a " + b" ".join(b'b%d=""' % i for i in range(100_000)) + b">", b"<a b='" + b"x" * 2**20,
    b"<a>" + b"x" * 2**20, b"".join(b"<n%d/>" % i for i in range(9000)), b"\0" * 2**16, b"&nbsp;",
    b"&#x110000;" * 9000,
    b"<![CDATA[" + b"x" * 2**20, b"<!--" + b"x" * 2**20, b"<?a " + b"x" * 2**20, "<a>ü".encode("utf-16") * 9000,
    b"<response>" + b"<x>y</x>" * 90_000, b"<Contents>" + b"<Key>y%</Key>" * 90_000, b"</a>" * 9, b"]]>", b"<<<<"])
@pytest.mark.parametrize("kind", ROOTS)
def test_what_is_beyond_bounds_within_a_listing_ends_it(inner: bytes, kind: str) -> None:
    body = b"<" + ROOTS[kind].encode() + b">" + inner
    one, batches = fed(READERS[kind](), body, 4096)
    assert "xml.refused" in one.facts or one.why == "XML, but no listing"
    assert sum(map(len, batches)) == 0


@pytest.mark.parametrize("kind", READERS)
def test_no_bytes_make_a_reader_fail(kind: str) -> None:
    chance = random.Random(20190218)
    words = [b"<", b">", b"/", b"&", b"&#0;", b"'", b'"', b"<!DOCTYPE a", b"<![CDATA[", b"\xff", b"\0", b"%",
             b"%2F", b"..", b"{", b"[", b"]", b"}", b",", b"\\u", b"9" * 30,
             b"<Key>", b"</Key>", b"<href>//</href>", b"\xe2\x80"]
    for name in RECORDED:
        body = load(name)[1][:6000]
        for _ in range(12):
            broken = bytearray(body)
            for _ in range(chance.randrange(1, 12)):
                at = chance.randrange(len(broken) + 1)
                broken[at:at + chance.randrange(9)] = chance.choice(words)
            one, _ = fed(READERS[kind](), bytes(broken), chance.choice((0, 1, 777, 1024)))
            assert one.verdict is not Verdict.UNDECIDED
            description(bytes(broken))


@pytest.mark.parametrize(("kind", "head", "row"), [
    ("dav", b"<multistatus>", b"<response><href>/calls/%d.wav</href><propstat><prop>"
     b"<getcontentlength>8</getcontentlength></prop></propstat></response>"),
    ("s3", b"<ListBucketResult>", b"<Contents><Key>calls/%d/%%41.wav</Key><Size>8</Size></Contents>"),
    ("s3", b"<ListBucketResult>", b"<CommonPrefixes><Prefix>calls/%d/</Prefix></CommonPrefixes>"),
    ("azure", b"<EnumerationResults><Blobs>", b"<Blob><Name>calls/%d</Name></Blob>"),
    ("any", b"<list>", b'<file size="8" mtime="2019-02-18T06:07:08Z">%d.wav</file>'),
    ("swift", b"[", b'{"name":"%d.wav","bytes":8,"hash":""},')])
def test_memory_does_not_grow_with_the_rows(kind: str, head: bytes, row: bytes) -> None:
    one = READERS[kind]()
    tracemalloc.start()
    try:
        one.feed(head)
        peaks = []
        for part in range(4):
            tracemalloc.reset_peak()
            for block in range(30):
                one.feed(b"".join(row % (part * 60_000 + block * 100 + i) for i in range(100)))
            peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert one.verdict is Verdict.LISTING
    assert max(peaks) < 12 * 2**20
    assert kind == "s3" or peaks[3] < peaks[1] + 2**20        # its escaped keys are held, to their bound


def test_the_parser_is_given_every_byte_once() -> None:
    for count in (5_000, 10_000):
        one = Elements()
        body = b"<a>" + b"<n>x</n>" * count
        for at in range(len(body)):
            one.feed(body[at:at + 1])
        one.close()
        assert (one.taken, one._passed) == (len(body), len(body))


def test_a_long_token_is_given_up_soon() -> None:
    one = Elements()
    for _ in range(2**20):
        one.feed(b"<")
        if one.done:
            break
    assert one.taken <= PIECE
    two = Elements()
    two.feed(b"<a b='")
    for _ in range(1024):
        two.feed(b"x" * 1024)
    assert two.taken <= 12 * PIECE
