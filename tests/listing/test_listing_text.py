"""Listings in plain text, of `ls`, `dir`, FTP and small scripts; and text that is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scanner.listing import Verdict, reader
from scanner.model import Entry, Kind
from tests.listing.recorded import entries, read

NOW = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())
MINUTE = int(datetime(2019, 2, 18, 6, 7, tzinfo=UTC).timestamp())
DAY = MINUTE - MINUTE % 86_400


def row(line: str) -> Entry:
    """The one entry of a text of one line."""
    one, batches = read("text", "/c/", line.encode() + b"\n", now=NOW)
    assert Verdict.LISTING is one.verdict, one.why
    (entry,) = entries(batches)
    return entry


def file(name: str, size: int | None, time: int | None, grain: int = 60, slack: int = 0) -> Entry:
    return Entry(name.encode(), Kind.FILE, size, slack, time, grain)


@pytest.mark.parametrize(("line", "expected"), [
    ("-rw-r--r-- 1 root root 8044 Feb 18  2019 a.wav", file("a.wav", 8044, DAY, 86_400)),
    ("-rw-r--r--    1 anna     8044 Feb 18  2019 Anna call.wav", file("Anna call.wav", 8044, DAY, 86_400)),
    ("-rw-r--r-- 1 anna domain users 8044 2019-02-18 06:07 a.wav", file("a.wav", 8044, MINUTE)),
    ("-rw-r--r--. 1 1000 1000 8044 2019-02-18 06:07:08.123456789 +0000 a.wav", file("a.wav", 8044, MINUTE + 8, 1)),
    ("-rw-r--r-- 1 root root 8044 2019-02-18 07:07:08.000000000 +0100 a.wav", file("a.wav", 8044, MINUTE + 8, 1)),
    ("-rw-r--r-- 1 root root 8044 2019-02-18  a.wav", file("a.wav", 8044, DAY, 86_400)),
    ("-rw-r--r--+ 1 anna staff 8044 Feb 18 06:07:08 2019 a.wav", file("a.wav", 8044, MINUTE + 8, 1)),
    ("-rw-r--r-- 1 anna staff 8044 Mon Feb 18 06:07:08 2019 a.wav", file("a.wav", 8044, MINUTE + 8, 1)),
    ("-rw-r--r-- 1 root root 977K Feb 18  2019 a.wav", file("a.wav", 977 * 1024, DAY, 86_400, 1024)),
    ("-rw-r--r-- 1 root root 8044 18. Feb 2019 a.wav", file("a.wav", 8044, DAY, 86_400)),
    ("-rw-r--r-- 1 root root 8044 18 févr. 2019 a.wav", file("a.wav", 8044, DAY, 86_400)),
    ("-rw-r--r-- 1 root root 8044  2月 18  2019 a.wav", file("a.wav", 8044, DAY, 86_400)),
    ("   8 -rw-r--r-- 1 root root 8044 Feb 18  2019 a.wav", file("a.wav", 8044, DAY, 86_400)),
    ("-rw-r--r-- 1 root root 8044 Feb 18  2019  leading", file(" leading", 8044, DAY, 86_400)),
    ("crw-rw-rw- 1 root root 1, 3 Feb 18  2019 null", file("null", None, DAY, 86_400)),
    ("lrwxrwxrwx 1 root root 9 Feb 18  2019 new.wav -> ../a/b.wav", file("new.wav", None, DAY, 86_400)),
    ("lrwxrwxrwx 1 root root 9 Feb 18  2019 new -> ../a/", Entry(b"new", Kind.DIRECTORY)),
    ("drwxr-xr-x 2 root root 4096 Feb 18  2019 2013", Entry(b"2013", Kind.DIRECTORY)),
    ("drwxr-xr-x 2 root root 4096 Feb 18  2019 2013/", Entry(b"2013", Kind.DIRECTORY)),
    ("type=file;size=8044;modify=20190218060708.5;UNIX.owner=1000; Anna call.wav",
     file("Anna call.wav", 8044, MINUTE + 8, 1)),
    ("Type=dir;Modify=20190218060700; 2013", Entry(b"2013", Kind.DIRECTORY)),
    ("02-18-19  06:07AM                 8044 Anna call.wav", file("Anna call.wav", 8044, MINUTE)),
    ("18/02/2019  06:07             8.044 a.wav", file("a.wav", 8044, MINUTE)),
    ("18.02.2019  06:07    <DIR>          2013", Entry(b"2013", Kind.DIRECTORY)),
    ("18.02.2019  06:07    <JUNCTION>     here [C:\\there]", Entry(b"here", Kind.DIRECTORY)),
    ("2019-02-18 06:07:08       8044 a.wav", file("a.wav", 8044, MINUTE + 8, 1)),
    ("a.wav\t8044\t2019-02-18 06:07", file("a.wav", 8044, MINUTE)),
    ("a.wav\t2019-02-18 06:07\t7.9K", file("a.wav", 8090, MINUTE, 60, 103)),
])
def test_a_line_is_read_in_each_of_its_forms(line: str, expected: Entry) -> None:
    assert expected == row(line)


@pytest.mark.parametrize(("shown", "year"), [("Nov 20 06:07", 2026), ("Nov 22 06:07", 2026), ("Nov 23 06:07", 2025),
                                             ("Dec 31 23:59", 2025), ("Feb 29 06:07", 2024)])
def test_a_date_without_a_year_is_the_last_one_that_has_been(shown: str, year: int) -> None:
    entry = row(f"-rw-r--r-- 1 root root 8044 {shown} a.wav")
    assert year == datetime.fromtimestamp(entry.modified or 0, UTC).year


def test_a_date_without_a_year_stays_unknown_without_a_clock() -> None:
    _, batches = read("text", "/", b"-rw-r--r-- 1 root root 8044 Nov 20 06:07 a.wav\n")
    assert [None] == [entry.modified for entry in entries(batches)]


DEEP = b"""./:
total 12
drwxr-xr-x 2 anna anna 4096 Feb 18  2019 2013
-rw-r--r-- 1 anna anna    1 Feb 18  2019 a.wav

./2013:
total 4
drwxr-xr-x 2 anna anna 4096 Feb 18  2019 two words
-rw-r--r-- 1 anna anna    2 Feb 18  2019 b.wav

./2013/two words:
ls: cannot open directory './2013/closed': Permission denied
-rw-r--r-- 1 anna anna    3 Feb 18  2019 c.wav

./2013/../../up:
-rw-r--r-- 1 anna anna    4 Feb 18  2019 d.wav
"""
ABSOLUTE = DEEP.replace(b"./:", b"/srv/calls:").replace(b"\n./2013", b"\n/srv/calls/2013")
WINDOWS = b""" Volume in drive C has no label.\r
\r
 Directory of C:\\calls\r
\r
18/02/2019  06:07    <DIR>          .\r
18/02/2019  06:07    <DIR>          ..\r
18/02/2019  06:07    <DIR>          2013\r
18/02/2019  06:07                 1 a.wav\r
               1 File(s)              1 bytes\r
\r
 Directory of C:\\calls\\2013\r
\r
18/02/2019  06:07    <DIR>          two words\r
18/02/2019  06:07                 2 b.wav\r
               1 File(s)              2 bytes\r
\r
 Directory of C:\\calls\\2013\\two words\r
\r
18/02/2019  06:07                 3 c.wav\r
               1 File(s)              3 bytes\r
"""


@pytest.mark.parametrize("step", [0, 1, 100])
@pytest.mark.parametrize("body", [DEEP, ABSOLUTE, WINDOWS, DEEP[4:]], ids=["below .", "below /", "dir", "no first one"])
def test_folders_below_are_told_apart(body: bytes, step: int) -> None:
    _, batches = read("text", "/calls/", body, step=step, now=NOW)
    shown = [(batch.under, batch.names, batch.sizes, batch.directories) for batch in batches]
    assert shown == [("", [b"a.wav"], [1], [b"2013"]), ("2013/", [b"b.wav"], [2], [b"two words"]),
                     ("2013/two%20words/", [b"c.wav"], [3], [])]


def test_owners_are_not_kept() -> None:
    one, batches = read("text", "/", b"-rw-r--r-- 1 anna.andersson staff 8044 Feb 18  2019 a.wav\n" * 3, now=NOW)
    assert "anna" not in repr((one.facts, batches, one.why))


def test_the_folder_itself_and_the_one_above_are_an_empty_folder() -> None:
    body = (b"total 0\ndrwxr-xr-x 2 root root 40 Feb 18  2019 .\ndrwxr-xr-x 3 root root 60 Feb 18  2019 ..\n")
    one, batches = read("text", "/", body)
    assert (Verdict.LISTING, []) == (one.verdict, batches)


def test_names_alone_are_a_listing_where_all_of_them_are_files_or_folders() -> None:
    _, batches = read("text", "/", b"Anna call.wav\r\nb.mp3\r\nold/\r\n")
    assert [([b"Anna call.wav", b"b.mp3"], [b"old"], None)] == [
        (batch.names, batch.directories, batch.sizes) for batch in batches]


def test_the_order_of_day_and_month_is_that_of_the_whole_column() -> None:
    body = b"02-03-19  06:07AM   1 a.wav\r\n" * 40 + b"02-18-19  06:07AM   1 b.wav\r\n"
    _, batches = read("text", "/", body)
    assert {(2, 60), } == {(datetime.fromtimestamp(entry.modified or 0, UTC).month, entry.grain)
                           for entry in entries(batches)}


LS = b"".join(b"-rw-r--r-- 1 root root %d Feb 18  2019 %d.wav\n" % (i, i) for i in range(6000))


@pytest.mark.parametrize("step", [0, 1000, 4096])
def test_a_long_text_is_read_as_it_comes(step: int) -> None:
    one, batches = read("text", "/", LS, step=step)
    assert (len(entries(batches)), one.row_bytes) == (6000, len(LS))


def test_reading_stops_where_the_rows_do() -> None:
    one = reader("text", "/")
    one.feed(LS[:4096])
    granted = one.row_bytes
    one.feed(b"\nand then come other words\n" * 4000)
    assert granted + 100 > one.row_bytes


CALLS = "".join(f"2026-10-0{i} 12:0{i}:00 070-174060{i} 070-174061{i} answered 00:0{i}:10\n" for i in range(1, 9))
TEXTS = {
    "robots.txt": "User-agent: *\nDisallow: /a/\nDisallow: /b.html\nAllow: /c.txt\n",
    "a changelog": "Version 1.2 (2026-10-03)\n  * fixed it in a.c\n\nVersion 1.1 (2026-09-03)\n  * new file b.c\n",
    "source code": "import os\nfrom a import b\n\ndef main():\n    return os.path\n",
    "a table": "name,phone,date\nAnna,070-1740605,2026-10-03\nBo,070-1740606,2026-10-04\n",
    "a table with tabs": "Anna\t070-1740605\tSweden\nBo\t070-1740606\tNorway\n",
    "numbers with tabs": "Anna\t23\nBo\t42\nCarl\t17\n",
    "words": "alpha\nbeta\ngamma\ndelta\nepsilon\n",
    "hosts": "example.org\nwww.example.org\nmail.example.net\nfiles.example.com\n",
    "a log": "2026-10-03 12:00:01 started a.service\n2026-10-03 12:00:02 stopped b.service\n",
    "calls": CALLS,
    "sums": "d41d8cd98f00b204e9800998ecf8427e  a.wav\nd41d8cd98f00b204e9800998ecf8427f  b.wav\n",
    "paths": "src/a.py\nsrc/b.py\ndoc/index.html\nREADME.md\n",
    "accounts": "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n",
    "a tree": ".\n├── a\n│   └── b.wav\n└── c.txt\n\n2 directories, 2 files\n",
    "settings": "listen=80\nroot=/srv\nname=a.example.org\n",
    "a letter with a listing": "Hello,\n\nhere is what I see:\n\n-rw-r--r-- 1 root root 1 Feb 18  2019 a.wav\n\nBye\n",
    "sentences": "Read this.md\nIt is in the file a.txt\nThen call us.\nThanks\n",
    "a sum": "total 0\n",
    "the same": "a.wav\na.wav\na.wav\na.wav\n",
    "ok": "OK\n", "nothing": "", "blank": "\n\n\n",
    "versions": "1.0\n1.1\n1.2\n2.0\n",
    "a long line": "a.wav " * 1000,
    "money": "01.02.2019  06:07  paid 12.50\n02.02.2019  06:07  paid 11.00\n",
    "permissions": "-rw-r--r-- means that others may read\n-rwxr-xr-x means that others may run it\n",
}


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_is_no_listing_gives_nothing(text: str) -> None:
    for step in (0, 1):
        one, batches = read("text", "/", TEXTS[text].encode(), step=step)
        assert (Verdict.NOT, [], 0) == (one.verdict, batches, one.row_bytes), one.why


def test_text_that_is_no_listing_is_told_within_its_first_kib() -> None:
    one = reader("text", "/")
    assert ([], Verdict.NOT) == (one.feed(CALLS.encode() * 3), one.verdict)


def test_a_letter_about_listings_is_near_one() -> None:
    body = b"Hello\n" + b"".join(LS.splitlines(keepends=True)[:6]) + b"Bye\nand thanks\n"
    one, _ = read("text", "/", body)
    assert (True, "6 lines like those of ls among 3 others") == (one.near, one.why)
