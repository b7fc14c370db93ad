"""HTTP servers whose listings are made to break their reader: markup without end, odd sizes and dates."""

from __future__ import annotations

from tests.hostile.behaviour import Behaviour
from tests.hostile.http_names import listed
from tests.hostile.serving import Answer, at, below, folder, hosting, ok, pours, says

FOUND, CUT, PAGE = frozenset({"found"}), frozenset({"found", "cut"}), frozenset({"found", "not-a-listing"})
KIB = 1024


def endless(piece: bytes) -> Answer:
    """A page that is this again and again."""
    return pours(ok(b"<html><body>", length=False), piece * (64 * KIB // len(piece)))


def json_of(rows: str) -> Answer:
    """A listing as nginx prints it in JSON."""
    return says(ok(rows.encode(), kind="application/json"))


MARKUP = {"opened links": b"<a ", "opened attributes": b'<a b="', "comments that are not closed": b"<!--",
          "NULs": b"\0", "links": b'<a href="x.wav">x</a>\n', "cells": b"<tr><td>", "entities": b"&#x41;",
          "less-than signs": b"<", "titles": b"<title>", "scripts": b"<script>"}
SIZES = ["-1", "1e999", "9" * 40, "NaN", "0x10", "1,5", "12 parsecs"]
DATES = ["31-Feb-0000 99:99", "01-Jan-99999 00:00", "00-XXX-2019 10:00", "1e9"]
JSON_ROW = '{"name":"%s","type":"file","mtime":"Mon, 18 Feb 2019 06:07:08 GMT","size":%s}'
READERS = [
    *(Behaviour("H-21", f"{name} without end", PAGE if name != "NULs" else frozenset({"found", "refused-body"}),
                hosting(below(endless(piece))), ("3 files",)) for name, piece in MARKUP.items()),
    Behaviour("H-21", "links without end behind a listing", CUT, hosting(at({"/": pours(
        ok(folder(30).partition(b"</pre>")[0], length=False), b'<a href="#x">y</a> ' * 4000)})), ("30 files",)),
]
NUMBERS = [
    *(Behaviour("H-23", f"a size of {size[:12]}", FOUND,
                hosting(at({"/": ok(listed([f"a{i}.wav" for i in range(5)], size))})), ("5 files",)) for size in SIZES),
    *(Behaviour("H-23", f"a date of {date}", FOUND,
                hosting(at({"/": ok(folder(5).replace(b"01-Feb-2019 10:00", date.encode()))})), ("5 files",))
      for date in DATES),
    *(Behaviour("H-23", f"JSON with a size of {size[:12]}", FOUND, hosting(at({"/": json_of(
        "[" + ",".join(JSON_ROW % (f"j{i}.wav", size) for i in range(5)) + "]")})), ("5 files",))
      for size in ("-1", "1e999", "9" * 40, "NaN", '"x"', "null", "[]")),
]
BEHAVIOURS = [*READERS, *NUMBERS]
