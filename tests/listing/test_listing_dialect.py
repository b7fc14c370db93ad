"""What is learned of one page serves the next ones: the same entries at less cost, and small folders are known."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.listing import Dialect, Reader, Verdict, reader
from scanner.model import Entry
from tests.listing.recorded import entries, load
from tests.listing.shapes import LISTINGS, NAMES_ONLY, OTHERS, page
from tests.listing.test_listing_stream import PRINTERS, Printer, name

PRODUCTS = ["nginx", "apache-plain", "apache-fancy", "apache-pre", "lighttpd", "caddy", "python"]
NOW = 1_550_000_000


def read(path: str, body: bytes, dialect: Dialect | None, *, kind: str = "html",
         steps: Sequence[int] = ()) -> tuple[Reader, list[Entry]]:
    """Read one page, in pieces of the given lengths over and over."""
    one, batches, at = reader(kind, path, host="files.example.org", now=NOW, dialect=dialect), [], 0
    while at < len(body):
        for step in steps or [len(body)]:
            batches += one.feed(body[at:at + step])
            at += step
    batches += one.close()
    return one, sorted(entries(batches), key=repr)


def folder(printer: Printer, path: str, numbers: Sequence[int], folders: Sequence[str] = ()) -> bytes:
    """A page of one store."""
    rows = "".join(printer(n, f"{one}/", f"{one}/") for n, one in enumerate(folders))
    rows += "".join(printer(n, name(n * 200), name(n * 200)) for n in numbers)
    return (f"<html><head><title>Index of {path}</title></head><body><h1>Index of {path}</h1>"
            f'<a href="../">up</a><hr><pre>\n{rows}</pre><hr><address>Server 1.2</address></body></html>').encode()


STORE = [("/c/", range(30), ("2013", "2014")), ("/c/2013/", range(12), ()), ("/c/2014/", range(3), ("01", "02")),
         ("/c/2014/01/", range(900), ()), ("/c/2014/02/", range(19, 40), ("a", "b"))]


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("step", [1, 1000, 1 << 20])
def test_recorded_pages_give_the_same_with_and_without(product: str, step: int) -> None:
    dialect = None
    for directory in ("calls", "folders", "single", "empty", "calls"):
        if (product, directory) == ("caddy", "folders"):
            continue
        answer = load(f"{product}-{directory}")
        alone, without = read(answer.path, answer.body, None)
        one, found = read(answer.path, answer.body, dialect, steps=[step])
        assert without == found
        assert {fact: alone.facts[fact] for fact in ("listing.title", "listing.rows")}.items() <= one.facts.items()
        dialect = one.dialect


@pytest.mark.parametrize("printer", PRINTERS)
def test_a_store_is_read_the_same_with_and_without(printer: str) -> None:
    dialect = None
    for path, numbers, folders in STORE * 2:
        body = folder(PRINTERS[printer], path, numbers, folders)
        one, found = read(path, body, dialect)
        assert read(path, body, None)[1] == found
        dialect = one.dialect


@settings(max_examples=60)
@given(st.sampled_from(sorted(PRINTERS)), st.lists(st.integers(0, 60), min_size=2, max_size=5),
       st.lists(st.integers(1, 5000), min_size=1, max_size=4))
def test_pages_of_any_length_in_any_pieces_are_read_the_same(
        printer: str, lengths: list[int], steps: list[int]) -> None:
    dialect = None
    for turn, length in enumerate(lengths):
        path = f"/c/{turn}/"
        body = folder(PRINTERS[printer], path, range(turn, turn + length), ("new",) * (turn % 2))
        alone, without = read(path, body, None)
        one, found = read(path, body, dialect, steps=steps)
        assert alone.verdict is not Verdict.LISTING or (one.verdict, found) == (Verdict.LISTING, without)
        dialect = one.dialect


@pytest.mark.parametrize("listing", [*LISTINGS, *NAMES_ONLY])
def test_listings_of_any_shape_are_read_the_same_twice(listing: str) -> None:
    body = {**LISTINGS, **NAMES_ONLY}[listing]
    body = body if isinstance(body, bytes) else body.encode()
    first, without = read("/calls/", body, None)
    again, found = read("/calls/", body, first.dialect)
    assert (first.verdict, without) == (again.verdict, found)


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_page_printed_as_the_last_one_teaches_nothing_new(product: str) -> None:
    answer = load(f"{product}-calls")
    first, _ = read(answer.path, answer.body, None)
    again, _ = read(answer.path, answer.body, first.dialect)
    assert first.dialect is not None
    assert again.dialect is first.dialect


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("other", OTHERS)
def test_a_page_that_is_no_listing_stays_none_in_a_known_store(product: str, other: str) -> None:
    answer = load(f"{product}-calls")
    dialect = read(answer.path, answer.body, None)[0].dialect
    path, body = OTHERS[other]
    for at in (path, "/calls/2013/"):
        one, _ = read(at, body, dialect)
        assert read(at, body, None)[0].verdict is one.verdict
    assert Verdict.NOT is read(path, body, dialect)[0].verdict


GO = b"<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n%b</pre>\n"
GO_ROWS = b"".join(b'<a href="%d.wav">%d.wav</a>\n' % (i, i) for i in range(20))


@pytest.mark.parametrize("rows", [b"", b'<a href="070-1740605">070-1740605</a>\n'])
def test_a_folder_with_one_row_or_none_is_known_by_what_stands_around_it(rows: bytes) -> None:
    assert Verdict.NOT is read("/c/2013/", GO % rows, None)[0].verdict
    one, found = read("/c/2013/", GO % rows, read("/c/", GO % GO_ROWS, None)[0].dialect)
    assert Verdict.LISTING is one.verdict
    assert bool(rows) == len(found)
    assert str(len(found)) == one.facts["listing.rows"]


@pytest.mark.parametrize("body", [
    GO % b"Nothing to see here.\n", GO % b'<a href="/login">Sign in</a>\n', b"<pre>\n</pre>\n<p>Gone</p>", b"",
    b"<html></html>", GO % b'<a href="login">Please sign in</a> before you go on.\n',
    GO % (b'<a href="login">login</a> ' + b"You must sign in before you go on. " * 9),
    b"<!doctype html>\n<form><pre>\n</pre></form>", GO.replace(b"</pre>", b"") % b"",
    GO.partition(b"<pre>")[0]])
def test_what_says_something_else_is_no_empty_folder(body: bytes) -> None:
    dialect = read("/c/", GO % GO_ROWS, None)[0].dialect
    assert Verdict.NOT is read("/c/2013/", body, dialect)[0].verdict


def shelves(path: str, folders: str, files: str, up: str = "/") -> bytes:
    """A page of two parts, of which each is there only where it has rows; the row of the folder above has a date."""
    both = (("d", folders), ("f", files))
    parts = "".join(f'<section class="{kind}">{rows}</section>' for kind, rows in both if rows)
    return page(f"Shelves {path}", f'<h1>Shelves<a href="/{path}">{path.strip("/")}</a></h1><ul>'
                f'<li><a href="{up}">..</a> {"03 Mar" if files else "25 Aug"} 2018 10:00</li>{parts}</ul>')


@pytest.mark.parametrize("up", ["/c/..", "/", ".."])
def test_an_empty_folder_is_known_though_what_holds_its_rows_goes_with_them(up: str) -> None:
    files = "".join(f'<li><a href="{i}.wav">{i}.wav</a> {i} kB</li>' for i in range(12))
    empty = shelves("/c/2013/", "", "", up.replace("/c/", "/c/2013/"))
    assert Verdict.NOT is read("/c/2013/", empty, None)[0].verdict
    full, found = read("/c/", shelves("/c/", "", files, up), None)
    assert 12 == len(found)
    one, found = read("/c/2013/", empty, full.dialect)
    assert (Verdict.LISTING, []) == (one.verdict, found)
    assert Verdict.NOT is read("/c/2013/", empty.replace(b"</h1>", b"</h1>Gone"), full.dialect)[0].verdict
    assert Verdict.NOT is read("/c/2013/", empty.replace(b"</ul>", b""), full.dialect)[0].verdict


def busy(path: str, rows: str) -> bytes:
    """A page with much around its rows, and a trail of the directories above it."""
    trail, at = "", "/"
    for part in path.strip("/").split("/"):
        at += f"{part}/"
        trail += f' <a href="{at}">{part}</a>'
    words = "upload search settings player message unpost control panel " * 8
    return page(f"store {path.strip('/')}", (
        f'<h1 id="path"><a href="/">/</a>{trail}</h1><form><input name="f"></form>{words}<table><tr><th>Name</th></tr>'
        f'{rows}</table><p>{len(rows)}.5 GiB free</p><script nonce="{path}">{path}</script>'))


def row(text: str) -> str:
    """One row of it."""
    return (f'<tr><td>-</td><td><a href="{text}">{text}</a></td><td>8044</td><td>2019-02-18 06:07:08</td></tr>\n')


def test_the_frame_of_a_busy_page_is_known_however_deep_it_stands() -> None:
    first, found = read("/c/", busy("/c/", "".join(row(f"070-17406{n:02}.wav") for n in range(40))), None)
    assert (first.verdict, len(found)) == (Verdict.LISTING, 40)
    for path, count in (("/c/2013/", 0), ("/c/2013/04/", 1), ("/c/2013/04/12/", 2)):
        one, found = read(path, busy(path, "".join(row(f"{n}") for n in range(count))), first.dialect)
        assert (Verdict.LISTING, count) == (one.verdict, len(found))


def test_a_directory_that_shows_no_slash_stays_one() -> None:
    tile = ('<li><a href="{0}/{1}" class="icon {2}" title="{1}"><span class="name">{1}</span>'
            '<span class="size">{3}</span></a></li>\n')
    files = "".join(tile.format("/c", f"{n}.wav", "wav", n) for n in range(20))
    mixed = tile.format("/c/x", "2013", "icon-directory", "") + tile.format("/c/x", "plain", "wav", 7)
    frame = "<title>listing directory {0}</title><h1>{0}</h1><ul>{1}</ul>"
    dialect = read("/c/", frame.format("/c/", files).encode(), None)[0].dialect
    assert dialect is not None
    assert dialect.fast is not None
    body = frame.format("/c/x/", mixed).encode()
    _, found = read("/c/x/", body, dialect)
    assert sorted((one.name, one.kind.value) for one in found) == [(b"2013", "directory"), (b"plain", "file")]


def test_links_that_count_from_the_root_are_children_of_the_directory_asked_for_alone() -> None:
    def links(*hrefs: str) -> bytes:
        rows = "".join(f'<li><a href="{one}">{one.rpartition("/")[2]}</a></li>\n' for one in hrefs)
        return f"<title>Index of</title><h1>Index of</h1><ul>\n{rows}</ul>".encode()
    dialect = read("/a/", links(*(f"/a/{n}.wav" for n in range(20))), None)[0].dialect
    assert dialect is not None
    assert dialect.fast is not None
    _, found = read("/a/b/", links("/a/b/1.wav", "/a/b/2.wav", "/a/b/3.wav"), dialect)
    assert [one.name for one in found] == [b"1.wav", b"2.wav", b"3.wav"]
    _, found = read("/a/b/", links("/a/b/1.wav", "/a/2.wav", "/a/b/3.wav"), dialect)
    assert b"2.wav" not in [one.name for one in found]


def test_a_server_that_changes_its_pages_is_read_carefully_and_remembered_in_little() -> None:
    dialect = None
    for turn in range(60):
        words = "".join(chr(97 + turn // place % 26) for place in (1, 26))
        body = folder(PRINTERS["table"], f"/c/{turn}/", range(turn % 20 + 5)).replace(b"Server", words.encode())
        one, found = read(f"/c/{turn}/", body, dialect)
        assert read(f"/c/{turn}/", body, None)[1] == found
        dialect = one.dialect
    assert dialect is not None
    assert len(dialect.outlines) <= 8


def test_a_cut_page_is_no_empty_folder() -> None:
    answer = load("apache-fancy-calls")
    dialect = read(answer.path, answer.body, None)[0].dialect
    for cut in (10, 100, 300):
        assert Verdict.NOT is read("/other/", answer.body[:cut], dialect)[0].verdict


ROW = {"name": "x.wav", "type": "file", "size": 8044}
UP = {"base": "..", "type": "directory"}


@pytest.mark.parametrize(("full", "empty"), [
    ([ROW], []), ([ROW], None), ({"files": [ROW], "path": "/c/"}, {"files": [], "path": "/c/2013/"}),
    ({"files": [UP, ROW], "paths": [{"name": "c"}]}, {"files": [UP], "paths": []}),
    ({"dirs": [], "files": [ROW], "acct": "*"}, {"dirs": [], "files": None, "acct": "*"})])
@pytest.mark.parametrize("steps", [[1 << 20], [1], [7, 3]])
def test_json_without_rows_is_an_empty_folder_where_rows_would_stand_so(
        full: object, empty: object, steps: list[int]) -> None:
    body = json.dumps(empty).encode()
    dialect = read("/c/", json.dumps(full).encode(), None, kind="json")[0].dialect
    one, found = read("/c/2013/", body, dialect, kind="json", steps=steps)
    assert (one.verdict, found) == (Verdict.LISTING, [])
    assert Verdict.NOT is read("/c/2013/", body, None, kind="json")[0].verdict


@pytest.mark.parametrize("full", [[ROW], {"files": [ROW]}])
@pytest.mark.parametrize("other", [
    {}, {"error": "none", "files": []}, {"ok": True}, [1], ["a"], {"files": "none"}, {"files": [1]}, 17, "x", False,
    [[]],     [{"name": "alpha", "id": 1}], {"files": {}}])
def test_json_that_says_something_else_stays_none(full: object, other: object) -> None:
    dialect = read("/c/", json.dumps(full).encode(), None, kind="json")[0].dialect
    assert Verdict.NOT is read("/c/x/", json.dumps(other).encode(), dialect, kind="json")[0].verdict
    assert Verdict.NOT is read("/c/x/", json.dumps(other).encode() + b" " * 9999, dialect, kind="json")[0].verdict


@pytest.mark.parametrize(("href", "found"), [("a&amp;amp;b.wav", b"a&amp;b.wav"), ("a&amp;b.wav", b"a&amp;b.wav")])
def test_an_ampersand_is_read_as_its_own_server_writes_it(href: str, found: bytes) -> None:
    dialect = None
    for path, names in (("/c/", [f"{n}.wav" for n in range(30)]), ("/c/x/", ["1.wav", "2.wav", "3.wav", "4.wav"])):
        rows = "".join(f'<a href="{one}">{one}</a>  18-Feb-2019 10:00  17\n' for one in names)
        rows += f'<a href="{href}">a&amp;amp;b.wav</a>  18-Feb-2019 10:00  17\n' * (path == "/c/x/")
        text = f"<title>Index of {path}</title><h1>Index of {path}</h1><pre>\n{rows}</pre>"
        one, last = read(path, text.encode(), dialect)
        dialect = one.dialect
    assert found in [entry.name for entry in last]
