"""Whole scans of real WebDAV servers: every entry of the disk and no other, what they advertise, and closed twins."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from urllib.parse import quote

import pytest
import tree
from recipes import DAV
from servers import Running
from test_scan_real import asked_only_for_directories, scan

from scanner.model import Ask, Asked, Batch, Endpoint, Kind
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Http
from scanner.scope import build
from scanner.targets import parse

pytestmark = pytest.mark.real

OPEN = [recipe.name for recipe in DAV if recipe.kind == "dav"]
PICTURES = str.maketrans({"\t": "␉", "\n": "␊"})  # how rclone writes what it thinks unfit for a name


def path_of(running: Running, node: tree.Node) -> str:
    """How a true report writes a file's path."""
    path = node.path.decode(errors="backslashreplace")
    return "/" + (path.translate(PICTURES) if running.recipe.product == "rclone" else path)


def files(world: tree.Tree, running: Running) -> dict[str, int]:
    """Path and size of every file that the server shows."""
    return {path_of(running, node): node.size for folder in world.folders(dotfiles=running.recipe.dotfiles)
            for node in world.children(folder, dotfiles=running.recipe.dotfiles).values() if node.kind is Kind.FILE}


def shown(store: dict) -> set[str]:
    return {entry for entry in store["entries"] if not entry.endswith("/")}


def only(report: dict) -> dict:
    (finding,) = report["findings"]
    return finding


async def _propfind(running: Running, path: str) -> dict[tuple[bytes, str], tuple[int | None, int | None]]:
    scope = build(targets=[parse(f"127.0.0.1:{running.port}", where="test")], today=None)
    net = Net(scope, pace=Pace(1e6, 1e6, 100, 100), ledger=Ledger(), limits=Limits(), identity="security@example.org")
    async with Http().open(Endpoint(address=ip_address("127.0.0.1"), port=running.port), net) as door:
        batches = [thing async for thing in door.list(Ask(path, Asked.LINK, way="dav")) if isinstance(thing, Batch)]
    assert {""} >= {batch.under for batch in batches}
    return {(entry.name, entry.kind): (entry.size, entry.modified) for batch in batches for entry in batch.entries()}


@pytest.mark.parametrize("name", OPEN)
def test_a_scan_finds_every_file_and_no_other(name, serve, world, tmp_path):
    grown = tree.recordings(world)
    running = serve(name, world)
    store = only(scan(tmp_path, f"127.0.0.1:{running.port}"))["store"]
    true = files(grown, running)
    assert set(true) == shown(store)
    assert (len(true), sum(true.values()), True) == (store["files"], store["bytes"], store["complete"])
    asked_only_for_directories(running)


@pytest.mark.parametrize("name", OPEN)
def test_names_sizes_and_times_are_those_of_the_disk(name, serve, world):
    grown = tree.recordings(world)
    running = serve(name, world)
    spaced = "folder with spaces å".encode()
    for folder in (b"", b"many", b"monitor/2019", spaced, b"a&b+c%20d", b"empty-folder", b"odd"):
        nodes = grown.children(folder, dotfiles=running.recipe.dotfiles).values()
        told = asyncio.run(_propfind(running, quote(b"/" + folder + b"/" * bool(folder))))
        true = {(node.name, node.kind): (node.size, node.modified) for node in nodes if node.kind is Kind.FILE}
        assert true == {row: value for row, value in told.items() if row[1] is Kind.FILE}
        assert {node.name for node in nodes} == {entry for entry, _ in told}


@pytest.mark.parametrize("name", ["apache-dav", "nginx-dav"])
def test_what_is_advertised_is_asked_once_and_named(name, serve, world, tmp_path):
    tree.recordings(world)
    running = serve(name, world)
    finding = only(scan(tmp_path, f"127.0.0.1:{running.port}"))
    assert {"access/webdav", "access/http-write"} <= set(finding["signatures"])
    assert "webdav" == finding["doors"][0]["protocol"]
    running.stop()
    assert 1 == sum(asked.verb == "OPTIONS" for asked in running.asked())


def test_a_folder_of_five_thousand_is_read_with_one_request(serve, world, tmp_path):
    grown = tree.Tree(world)
    for i in range(5_000):
        grown.add(f"calls/{i:04}-0701740{605 + i % 90}.wav", i)
    running = serve("apache-dav", world)
    store = only(scan(tmp_path, f"127.0.0.1:{running.port}"))["store"]
    assert (5_000, sum(range(5_000)), True) == (store["files"], store["bytes"], store["complete"])
    running.stop()
    assert ["/", "/calls/"] == [asked.path for asked in running.asked() if asked.verb == "PROPFIND"]


def test_a_link_that_leads_up_ends(serve, world, tmp_path):
    grown = tree.looping(world)
    running = serve("nginx-dav", world)
    report = scan(tmp_path, f"127.0.0.1:{running.port}")
    assert set(files(grown, running)) <= shown(only(report)["store"])
    assert "loop" in report["coverage"]["gaps"]


def test_webdav_below_a_home_page_is_found(serve, world, tmp_path):
    below = world / "dav"
    below.mkdir(mode=0o755)
    grown = tree.behind(world, "home") and tree.numbers(below)
    running = serve("apache-dav-below", world)
    finding = only(scan(tmp_path, f"127.0.0.1:{running.port}"))
    assert {f"/dav{path}" for path in files(grown, running)} == shown(finding["store"])
    asked_only_for_directories(running)


def test_webdav_behind_a_login_shows_nothing(serve, world, tmp_path):
    tree.numbers(world)
    running = serve("apache-dav-login", world)
    report = scan(tmp_path, f"127.0.0.1:{running.port}")
    assert ([], True) == (report["findings"], "login" in report["coverage"]["gaps"])


def test_a_folder_whose_page_is_refused_is_part_of_its_store(serve, world, tmp_path):
    grown = tree.recordings(world)
    running = serve("apache-dav-partly", world)
    store = only(scan(tmp_path, f"127.0.0.1:{running.port}"))["store"]
    assert set(files(grown, running)) == shown(store)
    assert store["complete"] is True
    asked_only_for_directories(running)
