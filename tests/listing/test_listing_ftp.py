"""Lists as FTP servers write them: every form, names that tear lines, lines that are no rows, any bytes at all."""

from __future__ import annotations

import time
import tracemalloc
from calendar import timegm

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.listing.text.ftp import Asking, FtpList
from scanner.model import Batch, Entry, Kind

NOW = timegm((2026, 11, 22, 5, 0, 0))
DAY = 86_400


def at(*when: int) -> int:
    return timegm((*when, 0, 0, 0)[:6])


def read(data: bytes, asking: Asking = Asking.LIST, *, step: int = 0) -> tuple[list[Entry], FtpList]:
    reader = FtpList(asking, NOW)
    step = step or len(data) or 1
    batches: list[Batch] = []
    for start in range(0, len(data), step):
        batches += reader.feed(data[start:start + step])
    batches += reader.close()
    return [entry for batch in batches for entry in batch.entries()], reader


def file(name: bytes, size: int | None = None, modified: int | None = None, grain: int = 60, slack: int = 0) -> Entry:
    return Entry(name, Kind.FILE, size, slack, modified, grain)


def folder(name: bytes) -> Entry:
    return Entry(name, Kind.DIRECTORY)


ROWS = [
    # the form, a line, what it says
    ("ls", b"-rw-r--r--    1 0        0            4000 Nov 21 14:30 a b.wav",
     file(b"a b.wav", 4000, at(2026, 11, 21, 14, 30))),
    ("ls", b"-rw-r--r--   1 ftp      ftp          4000 Feb 18  2019  x.wav",
     file(b" x.wav", 4000, at(2019, 2, 18), DAY)),
    ("ls", b"----------    1 0        0        8589934592 Nov 21 04:48 huge.wav",
     file(b"huge.wav", 8589934592, at(2026, 11, 21, 4, 48))),
    ("ls", b"drwxr-xr-x    2 0        0            4096 Nov 21 04:48 2019", folder(b"2019")),
    ("ls", b"lrwxrwxrwx    1 0        0               3 Nov 21 04:48 out -> /",
     file(b"out", None, at(2026, 11, 21, 4, 48))),
    ("ls", b"drwxr-xr-x    2 0        0            4096 Nov 21 04:48 ../../x", folder(b"../../x")),
    ("ls", b"-rw-r--r--    1 1000 4000 Nov 21 14:30 no-group.wav",
     file(b"no-group.wav", 4000, at(2026, 11, 21, 14, 30))),
    ("ls", b"-rw-r--r--    1 some one users 4000 Nov 21 14:30 owner.wav",
     file(b"owner.wav", 4000, at(2026, 11, 21, 14, 30))),
    ("ls", b"-rw-r--r--+   1 0  0  4000 2019-02-18 14:30 iso.wav", file(b"iso.wav", 4000, at(2019, 2, 18, 14, 30))),
    ("dos", b"11-21-26  05:38PM                 1234 x.wav", file(b"x.wav", 1234, at(2026, 11, 21, 17, 38))),
    ("dos", b"02-03-2019  12:08AM                 1234 x y.wav", file(b"x y.wav", 1234, at(2019, 2, 3, 0, 8))),
    ("dos", b"02-03-19  10:08AM       <DIR>          Calls 2019", folder(b"Calls 2019")),
    ("dos", b"2019-02-18  14:30    <DIR>    .calls", folder(b".calls")),
    ("eplf", b"+i8388621.48594,m1550500215,r,s280,\ta b.wav", file(b"a b.wav", 280, 1550500215, 1)),
    ("eplf", b"+i8388621.50690,m1550500215,/,\t2019", folder(b"2019")),
    ("eplf", b"+r,\tnothing.wav", file(b"nothing.wav")),
    ("netware", b"- [R----F--] someone            214059       Oct 20 15:27    x.wav", None),
    ("netware", b"d [R----F--] someone               512       Jan 16 18:53 calls", folder(b"calls")),
    ("ls", b"-------r--         326  1391972  1392298 Nov 22  1995 x.wav",
     file(b"x.wav", 1392298, at(1995, 11, 22), DAY)),
    ("ls", b"drwxrwxr-x               folder        2 May 10  1996 calls", folder(b"calls")),
    ("bare", b"1 owner group 280 Nov 22  1995 x.wav", file(b"x.wav", 280, at(1995, 11, 22), DAY)),
    ("bare", b"280 Nov 21 14:30 x.wav", file(b"x.wav", 280, at(2026, 11, 21, 14, 30))),
    ("vms", b"CALLS.DIR;1              1   8-SEP-1996 16:09:11 [SYSTEM] (RWE,RWE,RE,RE)", folder(b"CALLS")),
    ("vms", b"X.WAV;2              9/12   8-SEP-1996 16:09 [SYSTEM] (RWE,RWE,RE,RE)",
     file(b"X.WAV", 4352, at(1996, 9, 8, 16, 9), 60, 256)),
]


@pytest.mark.parametrize(("form", "line", "entry"), ROWS, ids=[f"{form}-{line[-12:]!r}" for form, line, _ in ROWS])
def test_a_line_of_each_form(form, line, entry):
    entries, reader = read(line + b"\r\n")
    assert (form, 0) == (reader.form, reader.unreadable)
    assert entry is None or [entry] == entries


def test_facts():
    entries, reader = read(
        b"type=cdir;perm=flcdmpe;modify=20190218143015; .\r\nType=pdir;Perm=el; ..\r\n"
        b"type=file;size=4000;modify=20190218143015.123;UNIX.mode=0644;  lead;semi.wav\r\n"
        b"type=OS.unix=slink:/pub;size=3; link\r\ntype=dir;sizd=4096; 2019\r\nsize=7; untyped.wav\r\n", Asking.MLSD)
    assert [file(b" lead;semi.wav", 4000, 1550500215, 1), file(b"link", grain=1), file(b"untyped.wav", 7, grain=1),
            folder(b"2019")] == entries
    assert ("mlsd", True, True, 0) == (reader.form, reader.writable, reader.itself, reader.unreadable)


@pytest.mark.parametrize("perm", [b"flde", b"el", b""])
def test_rights_of_files_or_to_look_are_no_right_to_write(perm):
    _, reader = read(b"type=cdir;perm=" + perm + b"; .\r\ntype=file;perm=adfrw; x.wav\r\n", Asking.MLSD)
    assert not reader.writable


def test_names_alone():
    entries, reader = read(b"a b.wav\r\n./-la\r\n2019\r\n", Asking.NLST)
    assert ([file(b"a b.wav"), file(b"-la"), file(b"2019")], "names") == (entries, reader.form)


def test_a_list_of_names_alone_is_read_though_rows_were_asked_for():
    entries, reader = read(b"a b.wav\r\n070-1740640\r\n")
    assert ([file(b"a b.wav"), file(b"070-1740640")], "names", 0) == (entries, reader.form, reader.unreadable)


ROW = b"-rw-r--r--    1 0        0            4000 Nov 21 14:30 "


@pytest.mark.parametrize("name", [
    b"new\nline.wav", b"\n", b"a\n\nb", b"cr\rx.wav", b"tab\tx.wav", b" ", b"lat\xe5\xff.wav", b"x -> y", b"tr ail ",
    b"total 5", b"\x1b[2J.wav", b"n\x00l.wav", b"a\n-rw-r--r--", b"../../x", b"/etc/x"])
def test_a_name_is_what_stands_at_the_end_whatever_it_holds(name):
    entries, reader = read(ROW + name + b"\r\n" + ROW + b"y.wav\r\n")
    assert ([name, b"y.wav"], 0) == ([entry.name for entry in entries], reader.unreadable)


def test_a_line_feed_in_a_name_of_facts_is_joined_though_the_server_ended_the_line():
    entries, _ = read(b"type=file;size=1; new\r\nline.wav\r\ntype=file;size=2; y.wav\r\n", Asking.MLSD)
    assert [b"new\nline.wav", b"y.wav"] == [entry.name for entry in entries]


def test_lines_that_are_no_rows_are_counted_and_end_nothing():
    garbage = [b"?", b"ls: x: Permission denied", b"x" * 9000, b"-rw-r--r-- 1 0 0"]
    rows = [ROW + b"%d.wav" % i for i in range(5)]
    entries, reader = read(b"\r\n".join([b"total 20", *garbage, *rows[:3], *garbage, *rows[3:]]))
    assert ([b"%d.wav" % i for i in range(5)], 8) == ([entry.name for entry in entries], reader.unreadable)


def test_lines_may_end_in_line_feeds_alone():
    entries, _ = read(ROW + b"x.wav\n" + ROW + b"y.wav\n" + ROW + b"z.wav")
    assert [b"x.wav", b"y.wav", b"z.wav"] == [entry.name for entry in entries]


def test_rows_of_grants_are_counted_in_bytes():
    _, reader = read((ROW + b"x.wav\r\n") * 10 + b"garbage\r\n" * 10)
    assert len(ROW + b"x.wav\r\n") * 10 == reader.row_bytes


@pytest.mark.parametrize("asking", Asking)
@pytest.mark.parametrize("step", [1, 2, 7, 4096])
def test_entries_do_not_hang_on_how_the_bytes_were_cut(asking, step):
    data = b"total 4\r\n" + ROW + b"new\nline.wav\r\n" + b"type=file;size=1; x\r\n" + b"x" * 5000 + b"\r\n" + ROW + b"z"
    whole, one = read(data, asking)
    cut, other = read(data, asking, step=step)
    assert (whole, one.unreadable, one.row_bytes) == (cut, other.unreadable, other.row_bytes)


@pytest.mark.parametrize("start", [
    b"", b"-rw-r--r-- ", ROW, b"+", b"type=", b"11-21-26  05:38PM ", b"- [R----F--] ", b"a;1 ", b"x -> ",
    b"280 Nov 21 "])
@pytest.mark.parametrize("piece", [
    b"1 ", b"a ", b"1", b" ", b"a", b"Nov 21 14:30", b"=;", b"a=b;", b",", b"9/9 ", b"\n", b"\t"])
def test_no_line_takes_long(start, piece):
    line = (start + piece * 4096)[:4095]
    begin = time.perf_counter()
    read((line + b"\r\n") * 10)
    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize(("row", "asking"), [
    (ROW + b"0701740%d_%06d.wav\r\n", Asking.LIST),
    (b"type=file;size=4000;modify=20190218143015; 0701740%d_%06d.wav\r\n", Asking.MLSD)])
def test_twenty_thousand_rows_take_the_memory_of_two_thousand(row, asking):
    reader, rows = FtpList(asking, NOW), 0
    tracemalloc.start()
    for i in range(0, 20_000, 1000):
        block = b"".join(row % (605 + n % 90, n) for n in range(i, i + 1000))
        rows += sum(len(batch) for batch in reader.feed(block))
    rows += sum(len(batch) for batch in reader.close())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 20_000 == rows
    assert peak < 2_000_000


PIECES = st.sampled_from([
    b"\r\n", b"\n", b"\r", ROW, b"type=file;", b"type=dir;size=9; ", b"11-21-26  05:38PM  ", b"<DIR>  ",
    b"+i1,m9,s8,\t", b" -> ", b"../", b"\x00", b"\xff", b"total 3", b"x" * 5000, b"9" * 30, b"Feb 31 25:61 ", b" ",
    b"d [R----F--] o 1 "])


@given(st.lists(st.one_of(st.binary(max_size=60), PIECES), max_size=30).map(b"".join), st.sampled_from(list(Asking)),
       st.integers(1, 300))
def test_whatever_the_bytes_nothing_rises_and_no_line_is_lost(data, asking, step):
    entries, reader = read(data, asking, step=step)
    assert reader.rows == len(entries)
    assert all(entry.name and entry.name not in (b".", b"..") for entry in entries)
    assert reader.row_bytes <= len(data) + 2 * data.count(b"\n") + 2
    lines = sum(bool(line.strip()) for line in data.split(b"\n"))
    assert reader.rows + reader.unreadable <= lines + 1
