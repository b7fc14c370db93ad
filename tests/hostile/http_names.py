"""HTTP servers that list names of harm. Names are kept in these scans, so that all writers of the report meet them."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from html.parser import HTMLParser

from scanner.report import WRITERS
from tests.hostile.behaviour import Behaviour, Check, Host, Hosting
from tests.hostile.serving import Answer, at, below, ok, serve
from tests.scan.scans import Done

FOUND = frozenset({"found"})
ROW = '<a href="{}">{}</a>      01-Feb-2019 10:00   {}\r\n'
NAMES = {
    "markup": ["<script>alert(1)<.wav", "\"><img src=x onerror=alert(1)>.wav", "' onmouseover='x.wav",
               "javascript:alert(1).wav", "<svg onload=x>.wav", "<!--.wav", "]]>.wav", "&lt;b&gt;.wav"],
    "templates": ["{{7*7}}.wav", "${7*7}.wav", "{% raw %}.wav", "%s%n%p.wav", "#{7}.wav"],
    "direction marks": ["a\u202egpj.wav", "\u2066b.wav", "\u200fc.wav", "\u200bd.wav", "\ufeffe.wav"],
    "escapes for a console": ["\x1b[31mred.wav", "\x1b]0;title\x07.wav", "\x9b2J.wav", "\b\b\b.wav", "[red].wav",
                              "[bold]x.wav"],
    "formulas": ["=1+1.wav", "+1.wav", "-1.wav", "@SUM(1).wav", "\t=1.wav", "\uff1d1.wav", "|x.wav"],
    "line ends": ["a\r\nb.wav", "c\nb.wav", "d\x85b.wav", "e\u2028b.wav", "f\vb.wav"],
    "halves of characters": ["a\ud800b.wav", "\udfffc.wav", "d.wav"],
    "ways up": ["..%2f..%2fx.wav", "..%5cx.wav", "....wav", "C:\\x.wav", "..\\..\\y.wav", "~root.wav"],
}
ACTS = frozenset({"img", "iframe", "object", "embed", "link", "base"})
FORMULAS = tuple("=+-@\t\r\0\uff1d\uff0b\uff0d\uff20")


def shown(answer: Answer) -> Hosting:
    """A server in a scan that keeps names."""
    return lambda: _kept(serve(answer))


def listed(names: Iterable[str], size: str = "8044") -> bytes:
    """A listing of these names, each as it stands, in a link that leads to it and in the words beside it."""
    rows = "".join(ROW.format(_quoted(name), _marked(name), size) for name in names)
    page = f"<html><head><title>Index of /</title></head><body><h1>Index of /</h1><pre>{rows}</pre></body></html>"
    return page.encode(errors="surrogatepass")


def _quoted(name: str) -> str:
    return "".join(char if (char.isalnum() and char.isascii()) or char in "./" else "".join(
        f"%{byte:02X}" for byte in char.encode(errors="surrogatepass")) for char in name)


def _marked(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Elements(HTMLParser):
    """What a browser would make of a report: how many scripts, and whatever else would act."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts, self.acts = 0, list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.acts += [tag] if tag in ACTS else []
        self.acts += [key for key, value in attrs if key.startswith("on") or (value or "").startswith("javascript:")]


_judged: list[tuple[Done, str | None]] = []


def harmless(done: Done, host: Host) -> str | None:
    """Every writer shows the names, and in none of them do they act."""
    if not _judged or _judged[-1][0] is not done:            # once a scan, as a report has the names of all its doors
        _judged[:] = [(done, _acting(done))]
    return _judged[-1][1]


def _acting(done: Done) -> str | None:
    for name, write in WRITERS.items():
        text = "".join(write(done.report))
        if odd := {char for char in set(text) if not char.isprintable()} - {"\r", "\n"}:
            return f"{name}: {odd} as they came"
        if name == "csv" and (cell := next(_formulas(text), None)):
            return f"{name}: a cell that is a formula: {cell!r}"
        if name.endswith("html"):
            page = _Elements(text)
            if page.scripts > 2 or page.acts:
                return f"{name}: {page.scripts} scripts, {page.acts[:3]}"
    return None


def _formulas(text: str) -> Iterator[str]:
    return (cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(FORMULAS))


def kept(names: int) -> Check:
    """The finding has so many files, and they are in the report."""
    def check(done: Done, host: Host) -> str | None:
        ports = {port for _, port in host.doors}
        entries = [len(one.store.entries or ()) for one in done.findings if ports & {door.port for door in one.doors}]
        return harmless(done, host) if entries == [names] else f"{entries} names in the report instead of {names}"
    return check


@asynccontextmanager
async def _kept(started: AbstractAsyncContextManager[Host]) -> AsyncIterator[Host]:
    async with started as host:
        host.session = {"show_names": "a test of names"}
        yield host


BEHAVIOURS = [
    Behaviour("H-22", f"names with {what}", FOUND, shown(at({"/": ok(listed(names))})), (), kept(len(names)))
    for what, names in NAMES.items()
]
BEHAVIOURS += [
    Behaviour("H-22", "a name of 64 KB", frozenset({"found", "cut"}),
              shown(at({"/": ok(listed(["a.wav", "b.wav", "c" * 65536, "d.wav"]))})), (), harmless),
    Behaviour("H-22", "names with NULs, as they are", frozenset({"found", "refused-body"}),
              shown(below(ok(listed(["a\0b.wav", "c\0.wav", "d.wav"])))), ("3 files",), harmless),
    Behaviour("H-22", "names that are paths up", FOUND, shown(at({"/": ok(listed(
        ["../../etc/passwd", "/etc/shadow", "../x.wav", "a.wav", "b.wav", "c.wav"]))})), ("3 files",), kept(3)),
]
