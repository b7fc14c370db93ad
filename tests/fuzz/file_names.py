"""Targets of fuzzing: names of files, columns of a folder, its census, sketches, text on its way to a screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from struct import iter_unpack

from scanner.census import Census, sketch
from scanner.census.folder import Folder
from scanner.census.memory import Memory
from scanner.filenames import masking
from scanner.filenames.read import READ_LIMIT, tokens
from scanner.filenames.skeleton import canonical, coarse, fits, plan, skeletons
from scanner.model import Batch
from scanner.report import console, csv, entries
from scanner.report.show import LIMIT, encodable, show
from scanner.signature import load
from scanner.signature.knowledge import Knowledge
from tests.fuzz.listings import NOW
from tests.fuzz.target import Form, Target
from tests.report.sample import REPORT

KEY = b"k" * 32
_REGIONS: tuple[tuple[str, ...], ...] = ((), ("SE",), ("NO", "DK", "FI", "DE", "GB", "US"))


@cache
def _knowledge() -> Knowledge:
    return load()


@cache
def _memory() -> Memory:
    return Memory(_knowledge())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _read(data: bytes) -> object:
    """What a name gives away: spans of it, in order, that do not lie on each other."""
    name = _text(data)
    shown = []
    for regions in _REGIONS:
        found = tokens(name, regions)
        ends = [0, *(token.end for token in found)]
        assert all(end <= token.start <= token.end <= min(len(name), READ_LIMIT)
                   for end, token in zip(ends, found, strict=False)), f"spans that lie on each other: {found}"
        shown.append(found)
    return shown


def _masked(data: bytes) -> object:
    """What is shown of a name: printable, in one line, none of its mail addresses, and masked once and for all."""
    name = _text(data)
    said = [masking.mask(name), masking.mask(name, ("SE",), prose=True), masking.mask_file(name.replace("/", "")),
            masking.mask_quoted(name), masking.mask_target(name)]
    assert not any("\ud800" <= character <= "\udfff" for text in said[:2] for character in text)
    assert said[0].count("/") == name.count("/"), "other segments than before"
    return said


def _planned(data: bytes) -> object:
    """Shapes of names, and whether plans for columns read nothing but rows that are there."""
    names = data.split(b"\n")
    shapes = skeletons(names)
    assert list(map(len, names)) == list(map(len, shapes)), "a shape of another length"
    shown = []
    for skeleton in dict.fromkeys(shapes):
        made = plan(canonical(skeleton))
        rows = [name.decode("latin-1") for name, shape in zip(names, shapes, strict=True) if shape == skeleton]
        if made is not None:
            kept = list(fits(made, rows, "\n".join(rows)))
            assert set(kept) <= set(range(len(rows))), "rows that are not there"
            shown.append((made, kept))
    return shown, [coarse(shape) for shape in shapes]


def _folded(data: bytes, piece: int) -> Census:
    """A folder of names, a line each; sizes and times are made of the names."""
    names = [name for name in data.split(b"\n") if name and b"/" not in name]
    folder = Folder(_knowledge(), regions=("SE", "DK"), key=KEY, path="/calls/", now=NOW, memory=_memory())
    for at in range(0, len(names), piece):
        some = names[at:at + piece]
        folder.add(Batch(names=some, sizes=[hash_of(name) % 10**7 - 1 for name in some],
                         times=[NOW - hash_of(name[::-1]) % 10**8 for name in some],
                         directories=[name[:20] for name in some if hash_of(name) % 16 == 0]))
    return folder.close(complete=True)


def hash_of(name: bytes) -> int:
    """A number that hangs on a name alone."""
    return sum(byte * (at + 1) for at, byte in enumerate(name[:64]))


def _folder(data: bytes) -> object:
    """The same census in batches of any length; written and read back it is the same."""
    census = _folded(data, 1 << 30)
    assert census == _folded(data, 7), "another census in other batches"
    plain = json.dumps(census.to_json())
    assert census == Census.from_json(json.loads(plain)), "another census when it is read back"
    return plain


def _sketched(data: bytes) -> object:
    """Counts that merge in any order, and come back from their text."""
    hashing = sketch.Hashing(KEY)
    parts = [[value for (value,) in iter_unpack("3s", part[:len(part) // 3 * 3])] for part in data.split(b"\n\n")]
    made = []
    for values in parts:
        one = sketch.Distinct()
        one.add(values, hashing)
        assert one == sketch.Distinct.from_json(one.to_json())
        made.append(one)
    both = [made[0].union(made[-1]), made[-1].union(made[0])]
    assert both[0] == both[1], "other counts in another order"
    bottoms = [sketch.Bottom(KEY, b"calls") for _ in parts]
    for bottom, values in zip(bottoms, parts, strict=True):
        bottom.add(values)
    first, last = bottoms[0].values(), bottoms[-1].values()
    assert sketch.merged(first, last) == sketch.merged(last, first)
    return both[0].count(), sketch.similarity(first, last), sketch.contained(first, last)


def _unsketched(data: bytes) -> object:
    return sketch.Distinct.from_json(_text(data)).count()


def _shown(data: bytes) -> object:
    """Text on its way to a screen, a cell or a page."""
    text = _text(data)
    seen = show(text)
    assert seen.isprintable(), f"not printable: {seen!r}"
    assert len(seen) <= LIMIT
    assert show(text, 20) == show(text, 20)[:20]
    plain = encodable(text)
    plain.encode()
    cell = csv.cell(text)
    assert not cell.lstrip('"').startswith(("=", "+", "-", "@", "\t", "\r")), f"a cell that may be a formula: {cell!r}"
    finding = REPORT.findings[0]
    doors = tuple(replace(door, url=text) for door in finding.doors[:1])
    line = console.line(replace(finding, title=text, doors=doors))
    assert line.isprintable(), f"a line that is not printable: {line!r}"
    return seen, plain, cell, entries.path(data), entries.level(text)


def _written(data: bytes) -> object:
    text = entries.written(data)
    assert entries.read(text) == data, "a name that is not the same when it is read back"
    return text


_NAMES = (b"20190218143015_0701740605_Anna.wav", b"070-174 06 05.wav", "Svensson Åsa 19121212-1212.pdf".encode(),
          b"call_+46701740606_1550473628.123.wav", b"anna.svensson@example.org-2019.eml", b"q-8000-070-1740607-in.wav",
          b"f47ac10b-58cc-4372-a567-0e02b2c3d479.mp3", b"131052-308T.pdf", b"(070) 1740608 [2019-02-18].m4a",
          b"IMG_20190218_060708.jpg", b"\xff\xfe\x00.wav", "‮gpj.wav".encode(), b"=1+1.csv", b"d" * 64 + b".bin")


def _names() -> Iterator[tuple[str, bytes]]:
    for form in ("read", "masked", "written"):
        yield from ((form, name) for name in _NAMES)
    yield "masked", b"https://files.example.org/calls/070-1740605/anna%40example.org/"
    yield "planned", b"\n".join(_NAMES)
    yield "planned", b"\n".join(b"2019021814%04d_070174%04d.wav" % (i, 605 + i) for i in range(30))


def _folders() -> Iterator[tuple[str, bytes]]:
    yield "folder", b"\n".join(_NAMES)
    yield "folder", b"\n".join(b"2019021814%04d_070174%04d.wav" % (i, 605 + i) for i in range(40))
    yield "folder", b"\n".join(b"%06d-%04d.pdf" % (121212 + i * 7, 1212 + i) for i in range(30))
    yield "sketch", b"".join(b"%03d" % i for i in range(400)) + b"\n\n" + b"".join(b"%03d" % i for i in range(99))
    one = sketch.Distinct()
    one.add([b"a", b"b"], sketch.Hashing(KEY))
    yield "sketch text", one.to_json().encode()


def _screen() -> Iterator[tuple[str, bytes]]:
    for text in (*_NAMES, b"\x1b[2J\x07\r\n", b"[red]x[/red]", b"@SUM(A1)", b"\t=1", b"a/b/c", b'"a"', b"<script>"):
        yield "shown", text


TARGETS = (
    Target("filenames", {
        "read": Form(_read, growth=64), "masked": Form(_masked), "planned": Form(_planned, growth=64),
        "written": Form(_written)}, _names, ("filenames",)),
    Target("columns", {
        "folder": Form(_folder, growth=100), "sketch": Form(_sketched),
        "sketch text": Form(_unsketched, raises=(ValueError,))}, _folders,
           ("census", "filenames/context.py", "filenames/clock.py")),
    Target("screen", {"shown": Form(_shown, growth=40, once=15_000)}, _screen, ("report/show.py", "report/csv.py")),
)
