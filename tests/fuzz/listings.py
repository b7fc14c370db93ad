"""Targets of fuzzing: what lists files over HTTP and FTP, read as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from scanner.listing import Dialect, Reader, reader
from scanner.listing.json.documented import Documented
from scanner.listing.json.products import FORMS
from scanner.listing.stores import AzurePage, GcsPage, S3Page, SwiftPage
from scanner.listing.text.ftp import Asking, FtpList
from scanner.listing.xml.device import description
from scanner.listing.xml.didl import Didl
from scanner.listing.xml.multistatus import Multistatus
from scanner.model import Batch
from tests.fuzz.target import Form, Target
from tests.listing.cuts_of_xml import rows
from tests.listing.shapes import LISTINGS, NAMES_ONLY, OTHERS

WIRE = Path(__file__).parents[2] / "fixtures" / "wire"
NOW = 1_550_500_200                          # 2019-02-18
HOST = "files.example.org"
_END = 1                                     # byte of the last line, whose end counts though it did not come
_LEARNED = 35_000                            # steps that the columns and the pattern of a page's rows cost
SMALL = 6000                                 # bytes of a seed
LISTING = b"<html><title>Index of /calls/</title><h1>Index of /calls/</h1><pre>" + b"".join(
    b'<a href="%d.wav">%d.wav</a>  18-Feb-2019 10:00  %d\n' % (i, i, i * i) for i in range(12))


def sound(batches: Iterable[Batch], *, slashes: bool = False, dots: bool = False) -> list[tuple[object, ...]]:
    """The rows of some batches, whose columns fit each other and whose names are base names.

    `slashes`: a name may hold one, as in protocols that say names and no paths. `dots`: `..` is a name like others.
    """
    kept = list(batches)
    for batch in kept:
        columns = [column for column in (batch.sizes, batch.slacks, batch.times) if column is not None]
        assert {len(batch.names)} >= set(map(len, columns)), "columns of several lengths"
        assert all(size >= -1 for size in batch.sizes or ()), "a size below none"
        assert slashes or all(b"/" not in name for name in batch.names + batch.directories), "a name with a slash"
        assert dots or not {b"", b".", b".."} & {*batch.names, *batch.directories}, "a name that is none"
        assert set(batch.hrefs) <= set(batch.directories), "a link of no folder"
    return rows(kept)


def listed(make: Callable[[], Reader], *, keys: bool = False, once: int = 500) -> Form:
    """A reader of listings: it raises nothing, and its rows, verdict and facts hang on the bytes alone.

    `keys`: of a store, where `..` is a name like any other.
    """
    def read(pieces: list[bytes]) -> object:
        one = make()
        shown = sound([batch for piece in pieces for batch in one.feed(piece)] + one.close(), dots=keys)
        assert one.verdict.value != "undecided", "no verdict at the end"
        assert 0 <= one.row_bytes <= sum(map(len, pieces)) + _END, "more bytes of rows than bytes"
        return shown, one.verdict.value, one.facts, one.links
    return Form(stream=read, once=once)


@cache
def _known() -> Dialect | None:
    before = reader("html", "/calls/", host=HOST, now=NOW)
    before.feed(LISTING)
    before.close()
    return before.dialect


def _again(pieces: list[bytes]) -> object:
    """A second page of a server that is known from its first."""
    one = reader("html", "/calls/2019/", host=HOST, now=NOW, dialect=_known())
    shown = sound([batch for piece in pieces for batch in one.feed(piece)] + one.close())
    return shown, one.verdict.value, one.links


def _going_on(pieces: list[bytes]) -> object:
    """What follows rows that have been learned."""
    one = reader("html", "/calls/", host=HOST, now=NOW)
    batches = one.feed(LISTING)
    return sound(batches + [batch for piece in pieces for batch in one.feed(piece)] + one.close())


def _ftp(asking: Asking) -> Form:
    def read(pieces: list[bytes]) -> object:
        one = FtpList(asking, NOW)
        shown = rows([batch for piece in pieces for batch in one.feed(piece)] + one.close())
        return shown, one.form, one.unreadable, one.vague, one.itself, one.writable
    return Form(stream=read)


def recorded(*patterns: str) -> Iterator[bytes]:
    """The bodies of recorded answers, those that are short."""
    for pattern in patterns:
        for path in sorted(WIRE.glob(pattern)):
            body = path.read_bytes().partition(b"\r\n\r\n")[2]
            if 0 < len(body) <= SMALL:
                yield body


def _kind(body: bytes) -> str:
    return {b"<": "html", b"{": "json", b"[": "json"}.get(body.lstrip()[:1], "text")


def _pages() -> Iterator[tuple[str, bytes]]:
    for page in (*LISTINGS.values(), *NAMES_ONLY.values(), *(body for _, body in OTHERS.values())):
        yield "page", page[:SMALL]
    for body in recorded("http/*.http", "products/*/*.http"):
        if _kind(body) == "html":
            yield "page", body
            yield "second", body
    yield "more", b'<a href="a%20b/">a b/</a>  18-Feb-2019 10:00  -\n</pre><p>end</p>'


def _of_kind(kind: str) -> Iterator[bytes]:
    return (body for body in recorded("http/*.http", "products/*/*.http", "stores/*.http") if _kind(body) == kind)


def _jsons() -> Iterator[tuple[str, bytes]]:
    for body in _of_kind("json"):
        yield "page", body
    for form in FORMS:
        for path in sorted(WIRE.glob(f"products/{form}/*.http")):
            body = path.read_bytes().partition(b"\r\n\r\n")[2]
            if _kind(body) == "json" and len(body) <= SMALL:
                yield form, body
    rows_of = b'[{"name":"a.wav","size":8,"mtime":"2019-02-18T06:07:08Z"},{"name":"b","type":"dir"}]'
    yield from ((form, rows_of) for form in _JSON)
    yield "gcs", b'{"kind":"storage#objects","prefixes":["a/"],"items":[{"name":"b.wav","size":"8"}]}'
    yield "swift", b'[{"subdir":"a/"},{"name":"b.wav","bytes":8,"hash":"","last_modified":"2019-02-18T06:07:08.1"}]'
    yield "page", b'{"files":[{"path":"/calls/a.wav","children":[{"name":"b"}]}],"total":2}'


def _xmls() -> Iterator[tuple[str, bytes]]:
    of = {"stores/*dav*.http": "dav", "webdav/*.http": "dav", "stores/azurite*.http": "azure",
          "stores/moto*.http": "s3", "stores/nginx*.http": "any", "dlna/*browse*.http": "didl",
          "dlna/*description.http": "device", "stores/minidlna*.http": "didl"}
    for pattern, form in of.items():
        for body in recorded(pattern):
            yield form, body
            yield "any", body
    yield "any", b'<?xml version="1.0"?><list><file size="8" mtime="2019-02-18T06:07:08Z">a.wav</file></list>'


LS = (b"total 8\ndrwxr-xr-x 2 1000 1000 4096 Feb 18  2019 2019\n-rw-r--r-- 1 root root 8044 Apr 12 08:00 a b.wav\n"
      b"lrwxrwxrwx 1 root root 3 Jan 1 00:00 l -> a b.wav\n")
DOS = b"02-18-19  06:07AM       <DIR>          2019\r\n04-12-2013  08:00PM              8044 a b.wav\r\n"
MLSD = (b"type=cdir;modify=20190218060708;perm=el; .\r\ntype=dir;modify=20190218060708.123; 2019\r\n"
        b"type=file;size=8044;modify=20130412080000; a b.wav\r\n")
EPLF = b"+i8388621.48594,m825718503,r,s280,\tdjb.html\r\n+i8388621.50690,m824255907,/,\t514\r\n"
ODD = (b"d [R----F--] supervisor 512 Jan 16 18:53 login\r\n1 owner group 280 Nov 22 1995 a.sit\r\n",
       b"CORE.DIR;1 1 8-SEP-1996 16:09 [SYSTEM] (RWE,RWE,RE,RE)\r\n", b"./calls/a.wav\r\n\xff.wav\r\nb\nc.wav\r\n")


def _texts() -> Iterator[tuple[str, bytes]]:
    yield from (("page", body) for body in (LS, DOS, MLSD, b"./2019:\n" + LS, b"a.wav\tb\t8044\nc.wav\td\t9\n",
                                            b"a.wav\nb.wav\n2019/\n"))
    yield from (("page", body) for body in _of_kind("text"))


def _ftp_seeds() -> Iterator[tuple[str, bytes]]:
    for text in (LS, LS.replace(b"\n", b"\r\n"), DOS, MLSD, EPLF, *ODD):
        yield from ((asking.value, text) for asking in Asking)


_JSON = {"page": listed(lambda: reader("json", "/calls/", host=HOST)), "gcs": listed(GcsPage, keys=True),
         "swift": listed(lambda: SwiftPage(b"", sure=True), keys=True),
         "swift unsure": listed(lambda: SwiftPage(b"a/", sure=False), keys=True),
         **{name: listed(lambda form=form: Documented(form)) for name, form in sorted(FORMS.items())}}

TARGETS = (
    Target("html", {
        "page": listed(lambda: reader("html", "/calls/", host=HOST, now=NOW), once=_LEARNED),
        "second": Form(stream=_again, once=_LEARNED), "more": Form(stream=_going_on, once=_LEARNED)}, _pages,
           ("listing/html", "listing/hrefs.py", "listing/dates.py", "listing/sizes.py")),
    Target("json", _JSON, _jsons, ("listing/json", "listing/stores")),
    Target("xml", {
        "any": listed(lambda: reader("xml", "/calls/", host=HOST, now=NOW)),
        "dav": listed(lambda: Multistatus("/calls/", HOST)), "s3": listed(lambda: S3Page(b"calls/"), keys=True),
        "azure": listed(lambda: AzurePage(b"calls/"), keys=True), "didl": listed(Didl),
        "device": Form(lambda data: description(data, "/", HOST))}, _xmls, ("listing/xml", "listing/stores")),
    Target("text", {"page": listed(lambda: reader("text", "/calls/", now=NOW))}, _texts, ("listing/text",)),
    Target("ftp-list", {asking.value: _ftp(asking) for asking in Asking}, _ftp_seeds, ("listing/text",)),
)
