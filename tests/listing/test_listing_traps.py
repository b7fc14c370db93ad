"""What servers print that misleads: each trap by its number, as pages and what is read of them.

1 titles, 6 sizes, 7 dates, 8 names, 9 injection, 10 character sets, 11 links that leave, 12 folders without a slash,
13 rows without size or date and listings without rows, 14 how much comes, 16 JSON, 18 forms, 19 what the page leaks.
What concerns requests rather than pages (2 to 5, 15, 17, 20) is tested where requests are made.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scanner.listing import Verdict, reader
from scanner.model import Kind
from tests.listing.recorded import entries, read
from tests.listing.shapes import WORDS, page

NOW = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())


def row(name: str, size: str = "281", date: str = "2019-02-18 06:07", href: str | None = None) -> str:
    return f'<tr><td><a href="{name if href is None else href}">{name}</a></td><td>{date}</td><td>{size}</td></tr>'


def table(*rows: str, title: str = "Index of /c/") -> bytes:
    return page(title, '<a href="../">Parent Directory</a><table>' + "".join(rows) + "</table>")


# 1: titles

@pytest.mark.parametrize("title", ["", "files.example.org", "Welcome!", "Ｆｉｌｅｓ", "/c", "Download - Acme", "500"])
def test_1_a_listing_needs_no_title(title: str) -> None:
    one, batches = read("html", "/c/", table(*(row(f"{i}.wav") for i in range(5)), title=title))
    assert (Verdict.LISTING, 5) == (one.verdict, len(entries(batches))), one.why


@pytest.mark.parametrize("body", [
    page("Index of /", "<p>" + WORDS * 12 + '<a href="?C=N;O=D">Name</a> <a href="?C=S;O=A">Size</a></p><pre>'
                                            '../\na.wav  '
         "281\nb.wav  282</pre><p>" + WORDS * 9 + "</p>"),
    page("Directory listing for /", "<p>" + WORDS * 12 + "</p>"),
    page("Index of /c/", "".join(f'<li><a href="/chapter/{i}">Chapter {i}</a></li>' for i in range(30))),
])
def test_1_a_title_makes_no_listing(body: bytes) -> None:
    one, batches = read("html", "/", body)
    assert (Verdict.NOT, []) == (one.verdict, batches)
    assert one.near


# 6: sizes

@pytest.mark.parametrize(("shown", "size", "slack"), [
    ("3145728.0 KiB", 3221225472, 103), ("3,221,225,472", 3221225472, 0), ("3.221.225.472 Byte", 3221225472, 0),
    ("3 221 225 472", 3221225472, 0), ("3'221'225'472 B", 3221225472, 0), ("1,5 Mo", 1572864, 104858),
    ("(7.9 KB)", 8090, 103), ("0.0K", 0, 103), ("1.0 КБ", 1024, 103), ("281 байт", 281, 0), ("281 字节", 281, 0),
    ("281 バイト", 281, 0), ("2 ГБ", 2 << 30, 1 << 30)])
def test_6_a_size_is_read_however_it_is_written(shown: str, size: int, slack: int) -> None:
    _, batches = read("html", "/c/", table(*(row(f"{i}.wav", shown) for i in range(4))))
    assert {(size, slack)} == {(entry.size, entry.slack) for entry in entries(batches)}


def test_6_the_size_of_a_folder_is_none() -> None:
    _, batches = read("html", "/c/", table(row("d/", "4096"), row("a.wav", "281"), row("b.wav", "-")))
    assert {"d": None, "a.wav": 281, "b.wav": None} == {entry.name.decode(): entry.size for entry in entries(batches)}


# 7: dates

@pytest.mark.parametrize(("dates", "month"), [
    (["02/03/2019 06:07", "18/02/2019 06:07"], 3), (["02/03/2019 06:07", "02/18/2019 06:07"], 2),
    (["2/3/2019 6:07 AM", "2/4/2019 6:07 PM"], 2), (["02.03.2019 06:07", "04.05.2019 06:07"], 3),
    (["2019年3月2日 06:07"] * 2, 3), (["2019년 3월 2일 06:07"] * 2, 3), (["2019/03/02 06:07"] * 2, 3)])
def test_7_the_order_of_day_and_month_is_that_of_the_whole_column(dates: list[str], month: int) -> None:
    rows = [row(f"{i}.wav", date=dates[0]) for i in range(30)] + [row("last.wav", date=dates[1])]
    _, batches = read("html", "/c/", table(*rows))
    (first,) = [entry for entry in entries(batches) if entry.name == b"0.wav"]
    assert (month, 60) == (datetime.fromtimestamp(first.modified or 0, UTC).month, first.grain)


def test_7_where_no_date_tells_the_order_a_year_is_all_that_is_known() -> None:
    _, batches = read("html", "/c/", table(*(row(f"{i}.wav", date="02/03/2019 06:07") for i in range(9))))
    assert {366 * 86_400} == {entry.grain for entry in entries(batches)}


def test_7_a_file_from_the_future_is_taken_for_last_years_where_no_year_is_shown() -> None:
    rows = "".join(f'<a href="{i}.wav">{i}.wav</a>  281 Dec {i:2} 10:00\n' for i in range(1, 10))
    _, batches = read("html", "/c/", page("Index of /c/", f"<pre>{rows}</pre>"), now=NOW)
    assert {2025} == {datetime.fromtimestamp(entry.modified or 0, UTC).year for entry in entries(batches)}


# 8 and 9: names, injection

@pytest.mark.parametrize(("name", "href", "text"), [
    ("literal %25.wav", "literal%20%2525.wav", "literal %25.wav"), ("a%2Fb.wav", "a%252Fb.wav", "a%2Fb.wav"),
    ("a+b.wav", "a+b.wav", "a+b.wav"), ("semi;colon.wav", "semi;colon.wav", "semi;colon.wav"),
    ("back\\slash.wav", "back%5Cslash.wav", "back\\slash.wav"), ("dot..wav", "dot..wav", "dot..wav"),
    (" lead.wav", "%20lead.wav", " lead.wav"), ("trail.", "trail.", "trail."),
    ("javascript:alert(1).wav", "javascript:alert(1).wav", "javascript:alert(1).wav"),
    ("colon:12:30.wav", "./colon:12:30.wav", "colon:12:30.wav"), ("Parent Directory.wav", "Parent%20Directory.wav",
                                                                  "Parent Directory.wav"),
    ("a" * 60 + ".wav", "a" * 60 + ".wav", "a" * 40 + "..&gt;"), ("x.wav", "/c/x.wav", "x.wav"),
    ("x.wav", "http://files.example.org/c/x.wav", "x.wav"), ("<img src=x onerror=alert(1)>.wav",
                                                             "%3Cimg%20src=x%20onerror=alert(1)%3E.wav",
                                                             "<img src=x onerror=alert(1)>.wav"),
    ("a&b.wav", "a&b.wav", "a&b.wav"), ("a&amp;b.wav", "a&amp;amp;b.wav", "a&amp;amp;b.wav"),
    ("hash#tag.wav", "hash%23tag.wav", "hash#tag.wav"), ("q?m.wav", "q?m.wav", "q?m.wav"),
])
def test_8_a_name_survives(name: str, href: str, text: str) -> None:
    odd = f'<tr><td><a href="{href}">{text}</a></td><td>2019-02-18 06:07</td><td>7</td></tr>'
    body = table(row("a.wav"), odd, row("z.wav"), row("y.wav"))
    _, batches = read("html", "/c/", body, host="files.example.org")
    assert {"a.wav", "z.wav", "y.wav", name} == {entry.name.decode() for entry in entries(batches)}


# 10: character sets

def test_10_bytes_that_are_no_utf8_are_kept() -> None:
    names = [b"\xe5\xe4\xf6.wav", b"\x93quoted\x94.wav", b"\xff\xfe.wav"]
    rows = b"".join(b'<li><a href="' + name + b'">' + name + b"</a></li>" for name in names)
    body = b'<meta charset="shift_jis"><title>Index of /c/</title><ul>' + rows + b"</ul>"
    assert names == [entry.name for entry in entries(read("html", "/c/", body)[1])]


# 11: links that leave or loop

def test_11_ways_to_sort_up_and_around_are_no_entries() -> None:
    ways = "".join(f'<a href="{way}">this way</a> ' for way in (
        "", ".", "./", "..", "../", "/", "/c/", "?C=N;O=D", "?sort=name&order=asc", "?N=D", "#", "?C=M&O=A", "//",
        "https://example.net/", "mailto:anna@example.org", "/icons/"))
    one, batches = read("html", "/c/", page("Index of /c/", f"{ways}<table>{row('a.wav')}{row('b.wav')}</table>"))
    assert (Verdict.LISTING, [b"a.wav", b"b.wav"]) == (one.verdict, [entry.name for entry in entries(batches)])


# 12: folders without a slash

@pytest.mark.parametrize("mark", ['<img alt="[DIR]">', '<i class="icon-folder"></i>', '<svg><use xlink:href="#folder">'
                                  "</use></svg>", "<td>Directory</td>", "<td>&lt;DIR&gt;</td>", "<td>drwxr-xr-x</td>"])
def test_12_a_folder_without_a_slash_is_told_by_its_mark(mark: str) -> None:
    cell = mark if mark.startswith("<td>") else f"<td>{mark}</td>"
    plain = "<td></td>"
    folder = f'<tr>{cell}<td><a href="2013">2013</a></td><td>2019-02-18 06:07</td><td>-</td></tr>'
    files = "".join(f'<tr>{plain}<td><a href="{i}.wav">{i}.wav</a></td><td>2019-02-18 06:07</td><td>{i}00</td></tr>'
                    for i in range(4))
    _, batches = read("html", "/c/", page("Index of /c/", f"<table>{folder}{files}</table>"))
    assert {b"2013"} == {entry.name for entry in entries(batches) if entry.kind is Kind.DIRECTORY}


# 13: no sizes, no dates, no rows

EMPTY = {
    "a title alone": (page("Index of /c/", "<hr><pre><a href=\"../\">../</a>\n</pre><hr>"), "/c/"),
    "the head of a table": (page("/c/", '<a href="..">Up</a><table><thead><tr><th>Name</th><th>Size</th><th>'
                                        'Modified</th>'
                                 "</tr></thead><tbody></tbody></table>"), "/c/"),
    "a table with ways to sort it": (page("/", '<table><tr><th><a href="?s=n">Name</a></th><th><a href="?s=s">Size</a>'
                                          "</th></tr></table>"), "/"),
    "a list": (page("Directory listing for /c/", "<hr><ul>\n</ul><hr>"), "/c/"),
    "a note": (page("Index of /c/", "<p>This folder is empty.</p>"), "/c/"),
    "German": (page("Verzeichnis von /c/", "<p>Das Verzeichnis ist leer.</p>"), "/c/"),
    "lines of ls": (page("c", "<pre>total 0\ndrwxr-xr-x 2 root root 40 Feb 18  2019 .\ndrwxr-xr-x 3 root root 60 "
                              "Feb 18  "
                         "2019 ..\n-rw-r--r-- 1 root root 1 Feb 18  2019 .hidden\n</pre>"), "/other/"),
}


@pytest.mark.parametrize("what", list(EMPTY)[:-1])
def test_13_an_empty_folder_is_a_listing(what: str) -> None:
    body, path = EMPTY[what]
    one, batches = read("html", path, body)
    assert (Verdict.LISTING, []) == (one.verdict, batches), one.why


@pytest.mark.parametrize("body", [
    page("Files", "<table><tr><th>Name</th><th>Size</th></tr></table>"), page("/c/", ""), page("c", '<a href="..">'
                                                                                                    'Up</a>'),
    page("/c/ was not found", '<a href="..">Back</a>'), page("Login for /c/", "<form><input></form>"),
    page("Contents", "<p>Nothing yet.</p>")])
def test_13_a_page_without_rows_is_no_empty_folder(body: bytes) -> None:
    assert Verdict.NOT is read("html", "/c/", body)[0].verdict


LINES = ("total 8\ndrwxr-xr-x 2 anna anna 4096 Feb 18  2019 2013\n-rw-r--r-- 1 anna anna 8044 Feb 18  2019 "
         "a&amp;b.wav\n"
         "-rw-r--r-- 1 anna anna   40 Feb 18  2019 c.wav\n")


@pytest.mark.parametrize("step", [0, 1, 300])
@pytest.mark.parametrize("more", [0, 400, 4000])
def test_13_lines_of_ls_on_a_page_without_links_are_rows(more: int, step: int) -> None:
    lines = LINES + "".join(f"-rw-r--r-- 1 anna anna {i} Feb 18  2019 {i}.wav\n" for i in range(more))
    one, batches = read("html", "/c/", page("ls -l", f"<pre>{lines}</pre><hr>"), step=step, now=NOW)
    found = entries(batches)
    assert (Verdict.LISTING, 3 + more) == (one.verdict, len(found)), one.why
    assert {b"a&b.wav": 8044, b"2013": None, b"c.wav": 40} == {
        entry.name: entry.size for entry in found if entry.name in (b"a&b.wav", b"2013", b"c.wav")}
    assert one.row_bytes > 40 * more


def test_13_lines_of_ls_in_an_article_are_none() -> None:
    body = page("How to read it", f"<p>{WORDS * 5}</p><pre>{LINES}</pre><p>{WORDS * 5}</p>")
    assert Verdict.NOT is read("html", "/c/", body)[0].verdict


# 14: how much comes

def test_14_a_page_of_sixty_thousand_rows_is_read_to_its_last_row() -> None:
    body = table(*(row(f"070-{i:07}.wav", str(i)) for i in range(60_000)))
    one = reader("html", "/c/")
    batches = [batch for at in range(0, len(body), 65_536) for batch in one.feed(body[at:at + 65_536])]
    early = sum(map(len, batches))
    batches += one.close()
    assert (True, 60_000) == (early > 50_000, sum(map(len, batches)))


def test_14_a_page_that_ends_in_the_middle_gives_what_came() -> None:
    body = table(*(row(f"{i:05}.wav", str(i)) for i in range(3_000)))
    one, batches = read("html", "/c/", body[:len(body) // 2])
    assert Verdict.LISTING is one.verdict
    assert 1_450 < sum(map(len, batches)) < 1_550


# 18 and 19: forms, leaks

def test_18_a_form_to_upload_does_not_hide_rows() -> None:
    form = '<form method="post"><input type="file" name="f"><button>Upload</button></form>'
    one, batches = read("html", "/c/", page("/c/", form + "<table>" + row("a.wav") + row("b.wav") + row("c.wav")
                                            + "</table>"))
    assert (Verdict.LISTING, 3) == (one.verdict, len(entries(batches))), one.why


def test_19_names_are_in_no_fact_and_in_no_reason() -> None:
    bodies = [table(*(row(f"anna-{i}.wav") for i in range(5))),
              page("Notes", "<p>" + WORDS * 40 + "</p>" + "".join(f'<a href="anna-{i}.wav">anna-{i}.wav</a><br>'
                                                                  for i in range(9)))]
    for body in bodies:
        one, _ = read("html", "/c/", body)
        assert "anna" not in repr((one.facts, one.why))


# what is near a listing says why it is none

@pytest.mark.parametrize(("body", "why"), [
    (page("Notes", "<p>" + WORDS * 20 + "</p>" + "".join(f'<a href="{i}.wav">{i}.wav</a><br>' for i in range(12))),
     "12 links to children among about 184 words of prose"),
    (page("Index of /recordings", "<p>" + WORDS * 20 + "</p>"),
     "a title or heading speaks of a listing, but there are no rows"),
    (page("Downloads", "<table>" + "".join(row(f"{i}.zip", href=f"/dl/{i}.zip") for i in range(6)) + "</table>"),
     "6 files are shown with sizes or dates, but their links lead elsewhere"),
    (page("Browse", "<table>" + "".join(
        f'<tr><td><a href="/view/{i}.wav">{i}.wav</a></td><td><a href="/get/{i}.wav"></a></td><td>2{i} KB</td></tr>'
        for i in range(6)) + "</table>"), "6 files are shown with sizes or dates, but their links lead elsewhere"),
])
def test_what_is_near_a_listing_says_why_it_is_none(body: bytes, why: str) -> None:
    one, _ = read("html", "/c/", body)
    assert (Verdict.NOT, True, why) == (one.verdict, one.near, one.why)


@pytest.mark.parametrize("body", [
    page("Acme", '<nav><a href="/">Home</a><a href="about/">About</a><a href="shop/">Shop</a></nav><p>' + WORDS * 9),
    page("It works!", f"<p>{WORDS}</p>"), b"", page("Sign in", "<form><input></form>")])
def test_an_ordinary_home_page_is_not_near_a_listing(body: bytes) -> None:
    one, _ = read("html", "/", body)
    assert (Verdict.NOT, False) == (one.verdict, one.near), one.why
