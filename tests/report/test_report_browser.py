"""The HTML report in a real browser: its script works, nobody else's does, and nothing is asked of anyone."""

from __future__ import annotations

import os
import re
import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sample import CALLS, DICTATIONS, EXPORTS, MIRROR, REPORT, many
from strangers import hostile
from test_report_html import Page

from scanner.model import Report
from scanner.report import write
from scanner.report.layout import Layout

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-default-apps",
    "--proxy-server=http://127.0.0.1:9", "--disable-background-networking", "--disable-component-update",
    "--disable-client-side-phishing-detection",
    "--disable-features=OptimizationHints,MediaRouter,Translate", "--hide-scrollbars", "--virtual-time-budget=4000",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("EARSHOT_REQUIRE_SERVERS") != "1",
                       reason="no Chromium here to render the report in"),
]


class Listener(socketserver.ThreadingTCPServer):
    """A proxy on loopback that answers nothing and remembers what it was asked for.

    A browser asks for things of its own, such as the time; what the page asks for names the canary.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Line)

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Listener]:
        """One that listens until the test ends."""
        with cls() as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield server
            server.shutdown()

    @property
    def switch(self) -> str:
        return f"--proxy-server=http://127.0.0.1:{self.server_address[1]}"

    @property
    def canaries(self) -> list[str]:
        return [line for line in self.asked if "canary" in line]


class Line(socketserver.StreamRequestHandler):
    """Hears the first line of a request and hangs up."""

    def handle(self) -> None:
        assert isinstance(self.server, Listener)
        self.server.asked.append(self.rfile.readline(4096).decode("latin-1").strip())


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener.running() as server:
        yield server


def browse(folder: Path, url: str, *switches: str) -> str:
    assert CHROMIUM
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", *switches, "--dump-dom", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


def page_of(report: Report, folder: Path) -> str:
    write(report, "html", folder / "report.html")
    return (folder / "report.html").as_uri()


def titles(dom: str) -> list[str]:
    return re.findall(r'<th scope="row" class="c-title"><span class="title">(.*?)</span>', dom)


def bodies(dom: str) -> str:
    """The drawn findings alone, as markup."""
    found = dom[dom.index('<tbody class="finding ') : dom.index('<nav id="pages"')]
    return found[: found.rindex("</table>")]


@pytest.fixture(scope="module")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(REPORT, tmp_path_factory.mktemp("sample"))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", [CALLS, DICTATIONS, EXPORTS, MIRROR]),
        ("severity=medium", [EXPORTS]),
        ("severity=very-high,info", [CALLS, MIRROR]),
        ("q=BOOKING", [EXPORTS]),
        ("q=192.0.2.214", [MIRROR]),
        ("q=apache+helpline", [CALLS]),
        ("q=number-only&severity=medium", []),
        ("target=Telephony", [CALLS, DICTATIONS]),
        ("tag=rolling-window", [EXPORTS]),
        ("sort=files-up", [EXPORTS, DICTATIONS, MIRROR, CALLS]),
        ("sort=rank-up", [MIRROR, EXPORTS, DICTATIONS, CALLS]),
        ("q=%3Cscript%3E&sort=nonsense&page=-7", []),
    ],
)
def test_a_view_is_an_address(sample_page: str, tmp_path: Path, state: str, expected: list[object]) -> None:
    assert [finding.title for finding in expected] == titles(browse(tmp_path, f"{sample_page}#{state}"))  # type: ignore[attr-defined]


def test_the_script_draws_what_the_template_draws(sample_page: str, tmp_path: Path) -> None:
    drawn = Page(bodies(browse(tmp_path, f"{sample_page}#sort=rank&open=1,2,3,4")).replace(' open=""', ''))
    template = Page(bodies(Path(sample_page.removeprefix("file://")).read_text()))
    assert len(template.elements) > 200
    assert template.elements == drawn.elements
    assert template.text.strip() == drawn.text.strip()


def test_the_script_groups_by_owner_as_the_template_does_until_another_order_is_wanted(tmp_path: Path) -> None:
    write(REPORT, "html", tmp_path / "o.html", Layout(by_owner=True))
    url = (tmp_path / "o.html").as_uri()
    expected = ["Controller: Region Example", "Controller: no controller recorded"]
    for state, headings in (("", expected), ("sort=rank&open=1", expected), ("sort=files", [])):
        found = re.findall(r'<th colspan="6"[^>]*>(.*?)</th>', browse(tmp_path, f"{url}#{state}"))
        assert headings == found, state


def test_a_link_to_a_finding_opens_it(sample_page: str, tmp_path: Path) -> None:
    dom = browse(tmp_path, f"{sample_page}#f-2")
    assert dom.count('<details open="">') == 1
    assert re.search(r'id="f-2".*?<details open="">', dom, re.DOTALL)


def test_sorting_is_told_to_readers_of_screens(sample_page: str, tmp_path: Path) -> None:
    dom = browse(tmp_path, f"{sample_page}#sort=hours")
    assert re.search(r'<th scope="col" data-sort="hours" class="c-number" aria-sort="descending">', dom)
    assert len(re.findall(r"<th [^>]*aria-sort=", dom)) == 1


def test_ten_thousand_findings_open_and_a_hundred_are_drawn(tmp_path: Path) -> None:
    dom = browse(tmp_path, page_of(many(10_000), tmp_path) + "#severity=medium,info&page=2")
    assert len(titles(dom)) == 100
    assert "9,000 of 10,000 findings, 101 to 200 shown" in dom
    assert "Page 2 of 90" in dom


INJECTED = (
    "<script>document.title='pwned'</script><img src='http://canary.example/x' onerror=\"document.title='pwned'\">"
    "<style>@import 'http://canary.example/y';</style><link rel='stylesheet' href='http://canary.example/z'>"
)


def test_even_markup_that_was_not_escaped_runs_nothing_and_asks_nobody(tmp_path: Path, listener: Listener) -> None:
    target = Path(page_of(REPORT, tmp_path).removeprefix("file://"))
    target.write_text(target.read_text().replace("Close these first", INJECTED))
    dom = browse(tmp_path, target.as_uri(), listener.switch)
    assert "http://canary.example/x" in dom
    assert "pwned</title>" not in dom
    assert listener.canaries == []


def test_the_same_markup_does_run_and_ask_without_the_policy(tmp_path: Path, listener: Listener) -> None:
    target = tmp_path / "bare.html"
    target.write_text(f"<!DOCTYPE html><title>bare</title>{INJECTED}")
    assert "pwned</title>" in browse(tmp_path, target.as_uri(), listener.switch)
    assert listener.canaries


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_width_makes_the_page_wider_than_the_window(sample_page: str, tmp_path: Path, width: int) -> None:
    write(hostile("x" * 65_536), "html", tmp_path / "long.html")
    pages = (sample_page, "long.html")
    frames = "".join(f"<iframe width={width} height=600 src='{url}#f-1'></iframe>" for url in pages)
    (tmp_path / "frame.html").write_text(
        f"<!DOCTYPE html>{frames}<p id=widths></p><script>onload = () => widths.textContent = [...document."
        "querySelectorAll('iframe')].map(f => f.contentDocument.documentElement.scrollWidth).join(' ')</script>"
    )
    dom = browse(tmp_path, (tmp_path / "frame.html").as_uri(), "--allow-file-access-from-files")
    widths = re.search(r'<p id="widths">([\d ]+)</p>', dom)
    assert widths
    assert all(int(found) <= width for found in widths[1].split())


def test_it_prints(sample_page: str, tmp_path: Path) -> None:
    browse(tmp_path, sample_page, f"--print-to-pdf={tmp_path / 'report.pdf'}")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
