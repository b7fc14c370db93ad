"""Pages as less common servers print them: names cut without dots, a heading before the first row, days in one word."""

from __future__ import annotations

from scanner.listing import Verdict, reader

# ruff: noqa: E501  pages as they are printed
MINI = b"""<html><head><title>Index of ./calls/</title></head><body bgcolor="#99cc99"><h4>Index of ./calls/</h4><pre>
<a href=".">.                               </a>    18Feb2019 08:00           4096
<a href="..">..                              </a>    18Feb2019 08:00           4096
<a href="q-500-0701740608-20190218-083012-1550478612.1.wav">q-500-0701740608-20190218-083012</a>    18Feb2019 08:30           1132
<a href="q-500-0701740609-20190218-093012-1550482212.2.wav">q-500-0701740609-20190218-093012</a>    18Feb2019 09:30           1058
</pre><hr></body></html>"""

COLUMNS_FIRST = b"""<head><title>192.0.2.7:8080/</title></head><body><h1>listing: <a href="/">/</a></h1><hr noshade size=1><pre>
<b>access      user      group     date             size  name</b>

drwxr-xr-x  root      root      Feb 18 08:00    &lt;DIR&gt;  <a href="calls/">calls</a>
drwxr-xr-x  root      root      Feb 18 08:00    &lt;DIR&gt;  <a href="old/">old</a>
-rw-r--r--  root      root      Feb 18 08:31   590  B  <a href="0701740605.wav">0701740605.wav</a>
</pre><hr noshade size=1></body>"""


def read(page: bytes, path: str):
    rows = reader("html", path, now=1_550_600_000)
    batches = rows.feed(page) + rows.close()
    assert rows.verdict is Verdict.LISTING
    return [entry for batch in batches for entry in batch.entries()]


def test_a_name_that_is_cut_without_dots_is_read_from_its_link():
    entries = read(MINI, "/calls/")
    assert [(entry.name[-6:], entry.size, entry.modified) for entry in entries] == [
        (b".1.wav", 1132, 1_550_478_600), (b".2.wav", 1058, 1_550_482_200)]


def test_a_heading_in_the_first_row_does_not_hide_it():
    entries = read(COLUMNS_FIRST, "/")
    assert {(entry.name, entry.kind.value, entry.size) for entry in entries} == {
        (b"calls", "directory", None), (b"old", "directory", None), (b"0701740605.wav", "file", 590)}


def test_the_last_of_many_rows_that_are_not_closed_is_one_of_them():
    rows = "".join(f'<LI><A HREF="07017406{i:02}.wav">07017406{i:02}.wav</A>' for i in range(60))
    page = f"<TITLE>Index of /calls/</TITLE><H2>Index of /calls/</H2><UL>{rows}</UL>".encode()
    assert len(read(page, "/calls/")) == 60
