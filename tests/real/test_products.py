"""One scan of every product at once, scored by the program itself against the disk: each entry and its type."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
import tree
from products import CLOSED, DEBIAN, NPM, PRODUCTS, PYPI, VARIED, Product
from recipes import RECIPES
from servers import Running

from scanner.report.entries import written

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]

NAMES = (*VARIED, *PRODUCTS)
ROOT = Path(__file__).parents[2]


def recipe(name):
    return PRODUCTS.get(name) or RECIPES[name]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scanner", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)


def grown(name: str, number: int, ground: Path) -> Path:
    """A tree for this server alone: stores that are alike would become one."""
    root = ground / f"world-{number}"
    root.mkdir(mode=0o755)
    made = recipe(name)
    if made.kind == "app":
        tree.behind(root, "app")
    elif isinstance(made, Product):
        tree.shelf(root, number, without=made.misprints)
    else:
        tree.shelf(root, number)
    return root


def fill(running: Running, bucket: str) -> None:
    """Put the files of its tree into the bucket of an object store, which knows no empty folders."""
    root = running.place.root
    (root / "empty-folder").rmdir()
    for file in (path for path in root.rglob("*") if path.is_file()):
        connection = http.client.HTTPConnection(running.place.address, running.port, timeout=10)
        connection.request("PUT", quote(f"/{bucket}/{file.relative_to(root)}"), body=b"x")
        assert connection.getresponse().status == 200
        connection.close()


def truth(running: Running) -> dict[str, object]:
    """What is true of a server, read off the disk."""
    made = running.recipe
    bucket = made.bucket if isinstance(made, Product) else ""
    if bucket:
        fill(running, bucket)
    exposed = made.kind == "listing"
    there = [entry for entry in os.scandir(os.fsencode(running.place.root))
             if made.dotfiles or not entry.name.startswith(b".")]
    listed = [{"name": written(entry.name), "type": "directory" if entry.is_dir() else "file"} for entry in there]
    return {"id": made.name, "url": running.url(f"/{bucket}"), "exposed": exposed,
            "list_entries": listed if exposed else None}


def test_at_least_25_products_of_three_origins_are_there():
    assert len({recipe(name).product for name in NAMES if recipe(name).kind == "listing"}) >= 25
    assert all(len(origin) >= 6 for origin in (DEBIAN, PYPI, NPM, CLOSED))


def test_every_product_is_told_as_it_is(ground, serve, tmp_path):
    roots = [grown(name, number, ground) for number, name in enumerate(NAMES)]
    with ThreadPoolExecutor(4) as several:
        addresses = (f"127.0.77.{number}" for number in range(1, 255))     # one each: what slows one slows no other
        started = list(several.map(serve, NAMES, roots, addresses))
    doors = [f"{running.place.address}:{running.port}" for running in started]
    (tmp_path / "truth.json").write_text(json.dumps([truth(running) for running in started]))
    scan = run("scan", *doors, "--state", ":memory:", "--no-progress", "--rate", "5000", "--host-rate", "5000",
               "--show-names", "a test", "-o", str(tmp_path / "scan.json"))
    assert scan.returncode == 0, scan.stderr
    score = run("score", str(tmp_path / "scan.json"), str(tmp_path / "truth.json"))
    print(score.stdout)
    wrong = [line for line in score.stdout.splitlines()[:-1] if not line.startswith("ok ")]
    assert (wrong, score.returncode) == ([], 0), score.stderr
