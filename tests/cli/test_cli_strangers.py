"""One whole scan of servers that say harm wherever a server can say anything: every writer, the log, and a terminal.

Names, titles, banners, certificates and redirects of the hostile corpus, and of every text that strangers may say.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scanner.report import WRITERS
from scanner.report.json import schema
from scanner.report.layout import Layout
from tests.cli.program import FAST, Place
from tests.cli.terminal import on_terminal
from tests.hostile.behaviour import Host
from tests.hostile.corpus import ALL
from tests.hostile.http_names import listed
from tests.hostile.serving import at, ok, says, serve
from tests.report import harmless
from tests.report.reading import Page
from tests.report.sample import REPORT
from tests.report.strangers import AT, HUGE, TEXTS, hostile
from tests.scan.ftp_tree import FtpTree

HARM = "</title><script>alert(1)</script>\x1b]0;pwned\a\x1b[31m\x9b2J\u202egpj=cmd|x!A0{{7*7}}[/red]"
FROM_CORPUS = ("names with ", "a name of ", "names that ", "a script, reversed text", "names of harm",
               "escapes in names", "no UTF-8", "redirects with a line end", "redirects to a script")
WRITTEN = ("r.html", "r.json", "r.jsonl", "r.csv", "contacts.jsonl", "pack.html", "pack.md")
OUTPUTS = ("-o", "r.html", "-o", "r.json", "-o", "r.jsonl", "-o", "r.csv", "-o", "log:contacts.jsonl",
           "-o", "incident:pack.html", "-o", "incident:pack.md", "--state", "s.sqlite", "-vv",
           "--show-names", "a test of names", "--profile", "gentle")
# What rich sends to a terminal by itself: to the line's begin, erase, up, hide and show the cursor, colours
_OURS = re.compile(r"\x1b\[(?:2K|1A|\?25[lh]|[\d;]*m)|\r\n|\r|\n")


@asynccontextmanager
async def strangers() -> AsyncIterator[tuple[list[str], list[Host]]]:
    """Targets and hosts: the corpus's servers of harmful words, and four that say `HARM` wherever they can."""
    page = listed([text for text in TEXTS if text not in HUGE]).replace(b"Index of /", HARM.encode() + b"Index of /")
    odd = f"Server: {HARM}"
    async with AsyncExitStack() as stack:
        hosts = [await stack.enter_async_context(one.host()) for one in ALL
                 if one.host is not None and one.title.startswith(FROM_CORPUS)]
        realm = head(b"no", f'WWW-Authenticate: Basic realm="{HARM}"', f"401 {HARM}")
        own = (serve(at({"/": head(page, odd)}, head(b"no", odd, "404 No"))), serve(says(realm)),
               serve(says(f"SSH-2.0-{HARM}\r\n".encode(), 5.0), greets=True))
        hosts += [await stack.enter_async_context(one) for one in own]
        tree = {"call-1.wav": 16044, "call-2.wav": 16044, "call-3.wav": 16044, HARM: 16044, f"{HARM}d": {"=1.wav": 5}}
        ftp = await stack.enter_async_context(FtpTree(tree, banner=HARM, welcome=HARM, system=f"UNIX {HARM}"))
        yield [*(target for host in hosts for target in host.targets), f"ftp://127.0.0.1:{ftp.port}/"], hosts


def head(body: bytes, header: str, status: str = "200 OK") -> bytes:
    return ok(body, status="STATUS").replace(b"STATUS\r\n", f"{status}\r\n{header}\r\n".encode())


@pytest.mark.timeout(180)
async def test_a_whole_scan_of_strangers_shows_what_they_say_and_obeys_none_of_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    async with strangers() as (targets, hosts):
        words = ("scan", *targets, *OUTPUTS, *FAST)
        code, shown, _ = await asyncio.to_thread(on_terminal, place, *words, both=True, TERM="xterm-256color")
    assert code in (0, 3), shown.decode(errors="replace")[-3000:]
    assert place.files() == {*WRITTEN, "s.sqlite", "s.sqlite.lock"}
    texts = {name: (tmp_path / name).read_bytes().decode() for name in WRITTEN}
    assert {} == {name: found for name, text in texts.items() if (found := harmless.odd(text, Path(name).suffix[1:]))}
    _terminal(shown.decode())
    _pages(texts)
    _tables(texts)
    contacts = [json.loads(line) for line in texts["contacts.jsonl"].removesuffix("\n").split("\n")]
    _events(contacts, hosts, shown.decode())


def _events(contacts: list[dict[str, Any]], hosts: list[Host], shown: str) -> None:
    """Lines of the log are what the servers saw, request by request, and what the terminal was told, line by line."""
    keys = {"time", "source", "address", "port", "host", "verb", "path_class", "sent", "received", "outcome"}
    assert [keys] * len(contacts) == [one.keys() for one in contacts]
    assert len(contacts) == len(re.findall(r"  \d+ bytes out, \d+ in\r?\n", shown))
    for host in hosts:
        if host.targets[0].startswith("http://") and all(host.seen):         # one that greets has none
            seen = Counter(request.split(b" ")[0].decode() for request in host.seen)
            told = Counter(one["verb"] for one in contacts if (one["address"], one["port"]) in host.doors)
            assert seen | Counter(connect=told["connect"]) == told, host.targets


def _terminal(shown: str) -> None:
    """Nothing but what rich sends moves, colours or deletes anything, and whatever was said stands on one line."""
    assert "1 audio file open to anyone" in shown
    assert "\\u{1b}]0;pwned" in shown
    assert [] == sorted(char for char in set(_OURS.sub("", shown)) if not char.isprintable())
    assert [] == [text for text in (HARM, *TEXTS) if len(text) > 2 and not text.isprintable() and text in shown]


def _pages(texts: dict[str, str]) -> None:
    """No element or attribute that a page of a harmless report has not, and no address of theirs in any."""
    for name, form in (("r.html", "html"), ("pack.html", "incident.html")):
        page = Page(texts[name])
        others = [Page("".join(WRITERS[form](report, Layout()))) for report in (hostile("harmless"), REPORT)]
        assert page.comments == []
        assert set() == set(page.shape) - {shape for other in others for shape in other.shape}
        assert _scripts(others[0]) == _scripts(page)
        values = [value or "" for _, attributes in page.elements for _, value in attributes]
        assert [] == [value for value in values if AT in value or "pwned" in value or value.startswith("javascript:")]


def _scripts(page: Page) -> tuple[int, str | None]:
    return [tag for tag, _ in page.elements].count("script"), page.raw.get("script")


def _tables(texts: dict[str, str]) -> None:
    """What a spreadsheet, a reader of JSON and a reader of lines are given: rows, values and lines of ours."""
    report = json.loads(texts["r.json"])
    assert [] == list(Draft202012Validator(schema()).iter_errors(report))
    rows = harmless.rows(texts["r.csv"])
    assert ({len(rows[0])}, len(report["findings"]) + 1) == ({len(row) for row in rows}, len(rows))
    assert [] == harmless.formulas(rows)
    lines = [json.loads(line)["type"] for line in texts["r.jsonl"].removesuffix("\n").split("\n")]
    told = {"scan": 1, "finding": len(report["findings"]), "suppressed": len(report["suppressed"]),
            "gap": len(report["gaps"]), "end": 1}
    assert Counter(told) == Counter(lines)
    assert {"http", "ftp", "smb", "rsync"} == {door["protocol"] for one in report["findings"] for door in one["doors"]}
    names = {name for finding in report["findings"] for name in finding["store"]["entries"] or ()}
    assert {"/{{7*7}}.wav", "/[red].wav"} <= names
    assert len(names) > 150


def test_a_plan_shows_the_words_of_its_scope_and_obeys_none(place: Place) -> None:
    """They may have come from anywhere: a list of machines, an export, a mail."""
    said = json.dumps(HARM)
    place.write("scope.toml", f'[authorisation]\norganisation = {said}\nauthorised_by = {said}\nreference = {said}\n\n'
                              f'[[target]]\nwhat = ["127.0.0.1:9"]\nlabel = {said}\ncontroller = {said}\n'
                              f'context = [{said}]\n')
    ended = place.run("plan", "--scope", "scope.toml")
    assert (0, True) == (ended.code, "\\u{1b}]0;pwned" in ended.out + ended.err), ended
    assert [] == harmless.odd(ended.out + ended.err, "text")
