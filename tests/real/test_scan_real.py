"""Whole scans of real servers: every entry that lies there and no other, nothing of closed twins, no file asked for."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest
import tree
from recipes import LISTINGS, PAGES, RECIPES, TWINS
from servers import Running
from truth import lies

from scanner.model import Ask, Asked, Batch, Endpoint, Entry
from scanner.net import PUBLISHED, Ledger, Limits, Net, Pace
from scanner.probes import Http
from scanner.report.entries import read
from scanner.scope import build
from scanner.targets import parse

pytestmark = pytest.mark.real

HARD = b"bytes/latin1_\xe5\xe4\xf6.wav"  # no UTF-8: what servers make of it differs, and Python's link leads nowhere


def scan(folder: Path, *targets: str, more: tuple[str, ...] = ()) -> dict:
    """The report of a scan by the program itself."""
    report = folder / "report.json"
    command = [
        sys.executable,
        "-m",
        "scanner",
        "scan",
        *targets,
        "--state",
        ":memory:",
        "-o",
        str(report),
        "--no-progress",
        "--rate",
        "5000",
        "--host-rate",
        "5000",
        "--show-names",
        "a test",
        *more,
    ]
    ended = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=160, check=False
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False), ended.stderr
    return json.loads(report.read_text())


def asked_only_for_directories(running: Running) -> None:
    """Whatever the server saw is a directory or on the published list, by a verb that reads no file."""
    running.stop()
    asked = running.asked()
    if running.recipe.product in {"nginx", "apache", "lighttpd", "caddy", "python"}:
        assert asked
    assert [one for one in asked if not one.path.split("?")[0].endswith("/") and one.path not in PUBLISHED] == []
    assert {one.verb for one in asked} <= {"GET", "HEAD", "OPTIONS", "PROPFIND"}


def listed(running: Running, path: str) -> list[Entry]:
    """The entries of one folder, as the probe gives them."""

    async def go() -> list[Entry]:
        scope = build(targets=[parse(f"127.0.0.1:{running.port}", where="test")], today=None)
        net = Net(
            scope, pace=Pace(1e6, 1e6, 100, 100), ledger=Ledger(), limits=Limits(), identity="security@example.org"
        )
        endpoint = Endpoint(address=ip_address("127.0.0.1"), port=running.port)
        async with Http().open(endpoint, net) as door:
            return [
                entry
                async for thing in door.list(Ask(path, Asked.LINK))
                if isinstance(thing, Batch)
                for entry in thing.entries()
            ]

    return asyncio.run(go())


@pytest.mark.parametrize("name", [recipe.name for recipe in LISTINGS])
def test_a_scan_finds_every_file_and_no_other(name, serve, world, tmp_path):
    grown = tree.recordings(world)
    running = serve(name, world)
    report = scan(tmp_path, f"127.0.0.1:{running.port}")
    (store,) = [finding["store"] for finding in report["findings"]]
    nodes = [
        node
        for folder in grown.folders(dotfiles=running.recipe.dotfiles)
        for node in grown.children(folder, dotfiles=running.recipe.dotfiles).values()
    ]
    expected = {b"/" + node.path + b"/" * (node.kind == "directory") for node in nodes}
    shown = {read(entry) for entry in store["entries"]} if name != "python" else None
    files = sum(node.kind == "file" for node in nodes)
    assert (store["files"], store["complete"], store["cut_by"]) == (files, True, None)
    if shown is not None:
        assert {path for path in shown if b"latin1" not in path} == expected - {b"/" + HARD}
    asked_only_for_directories(running)


@pytest.mark.parametrize("name", [recipe.name for recipe in LISTINGS])
def test_names_sizes_and_dates_are_those_of_the_disk(name, serve, world):
    grown = tree.recordings(world)
    running = serve(name, world)
    wrong = []
    for folder in grown.folders(dotfiles=running.recipe.dotfiles):
        nodes = grown.children(folder, dotfiles=running.recipe.dotfiles)
        entries = {entry.name: entry for entry in listed(running, quote(b"/" + folder + b"/" * bool(folder)))}
        if folder == b"bytes" and name in {"python", "caddy"}:
            nodes.pop(HARD.rpartition(b"/")[2])
            entries = {entry: value for entry, value in entries.items() if not entry.startswith(b"latin1")}
        if set(nodes) != set(entries):
            wrong.append(
                f"{folder!r}: missing {sorted(set(nodes) - set(entries))}, beyond {sorted(set(entries) - set(nodes))}"
            )
        wrong += [
            f"{folder!r}: {lie}"
            for entry in set(nodes) & set(entries)
            for lie in lies(running.recipe, nodes[entry], entries[entry])
        ]
    assert wrong == []


@pytest.mark.parametrize("name", [recipe.name for recipe in TWINS])
def test_a_closed_twin_is_no_finding(name, serve, world, tmp_path):
    (tree.numbers if RECIPES[name].kind in {"closed", "login"} else lambda root: tree.behind(root, "app"))(world)
    running = serve(name, world)
    report = scan(tmp_path, f"127.0.0.1:{running.port}")
    assert report["findings"] == []
    asked_only_for_directories(running)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["nginx-html", "apache-fancy", "lighttpd", "caddy", "python"])
def test_a_page_before_the_listing_is_no_finding(name, page, serve, world, tmp_path):
    tree.behind(world, page)
    running = serve(name, world)
    report = scan(tmp_path, f"127.0.0.1:{running.port}")
    assert [finding for finding in report["findings"] if finding["doors"][0]["url"].endswith(f":{running.port}/")] == []
    asked_only_for_directories(running)


def test_one_store_behind_plain_and_tls_is_one_finding_with_two_doors(serve, world, tmp_path):
    grown = tree.numbers(world)
    doors = [serve(name, world) for name in ("nginx-html", "nginx-tls")]
    report = scan(tmp_path, *(f"127.0.0.1:{door.port}" for door in doors))
    (finding,) = report["findings"]
    assert {(door["port"], door["tls"]) for door in finding["doors"]} == {(doors[0].port, False), (doors[1].port, True)}
    shown = [f"/{name.decode()}" for name in sorted(grown.nodes)]
    assert [door["entries"] for door in finding["doors"]] == [shown, shown]


def test_a_store_one_level_down_is_found_by_its_name(serve, world, tmp_path):
    tree.named_by_robots(world)
    running = serve("nginx-subfolder", world)
    report = scan(tmp_path, f"127.0.0.1:{running.port}")
    assert [finding["doors"][0]["url"] for finding in report["findings"]] == [
        f"http://127.0.0.1:{running.port}/recordings/"
    ]
    asked_only_for_directories(running)


def test_a_server_that_asks_to_slow_down_is_read_to_the_end(serve, world, tmp_path):
    grown = tree.numbers(world)
    running = serve("nginx-429", world)
    report = scan(tmp_path, f"127.0.0.1:{running.port}", more=("--host-rate", "50"))
    (finding,) = report["findings"]
    assert (finding["store"]["files"], finding["store"]["complete"]) == (len(grown.nodes), True)


def test_a_loop_of_links_ends(serve, world, tmp_path):
    grown = tree.looping(world)
    report = scan(tmp_path, f"127.0.0.1:{serve('nginx-html', world).port}")
    (finding,) = report["findings"]
    files = [node for node in grown.nodes.values() if node.kind == "file"]
    assert finding["store"]["files"] == len(files)
