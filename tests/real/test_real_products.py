"""Whole scans of real products whose pages show no names: all of the tree is found by the endpoint they document.

What is no part of .ci/run is tried where it is there.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from installed import required

from tests.scan.scans import QUICK, Done, scan

pytestmark = pytest.mark.real

UP = 30.0                                    # seconds: some compile themselves at their first start
TREE = {
    "calls/070-1740605.wav": 2048, "calls/070-1740606.mp3": 1_000_000, "calls/samtal åäö & <1>.wav": 1536,
    "calls/2019/02/070-1740607.wav": 4096, "calls/no extension/plan": 12, "notes.txt": 300, "a%2Fb+c #1/x.wav": 77,
}
FOLDERS = {"calls", "calls/2019", "calls/2019/02", "calls/no extension", "empty", "a%2Fb+c #1"}
COUNTED = (len(TREE), len(FOLDERS), sum(TREE.values()))


@dataclass(frozen=True, slots=True)
class Product:
    """How one is started: its program, and words in which PORT, ROOT and HOME stand for what they say."""

    program: str
    words: tuple[str, ...]
    exact: bool = True                       # it tells sizes to the byte
    path: str = "/"                          # where it is asked


PRODUCTS = {
    "dufs": Product("dufs", ("-b", "127.0.0.1", "-p", "PORT", "ROOT")),
    "hfs": Product("npm:hfs", ("--cwd", "HOME")),
    "jupyter": Product("pypi:jupyter-server", (
        "--allow-root", "--no-browser", "--ip=127.0.0.1", "--port=PORT", "--ServerApp.root_dir=ROOT",
        "--IdentityProvider.token=", "--ServerApp.base_url=/of/us/"), path="/of/us/"),
    "jupyter-lab": Product("pypi:jupyter-lab", (
        "--allow-root", "--no-browser", "--ip=127.0.0.1", "--port=PORT", "--ServerApp.root_dir=ROOT",
        "--IdentityProvider.token=")),
    "cloudcmd": Product("npm:cloudcmd", (
        "--no-open", "--port", "PORT", "--root", "ROOT", "--no-console", "--no-terminal"), exact=False),
    "copyparty": Product("pypi:copyparty", ("-i", "127.0.0.1", "-p", "PORT", "-v", "ROOT::r")),
}
CLOSED = {
    "dufs": Product("dufs", ("-b", "127.0.0.1", "-p", "PORT", "-a", "someone:fictional@/:rw", "ROOT")),
    "jupyter": Product("pypi:jupyter-server", (
        "--allow-root", "--no-browser", "--ip=127.0.0.1", "--port=PORT", "--ServerApp.root_dir=ROOT",
        "--IdentityProvider.token=fictional")),
    "copyparty": Product("pypi:copyparty", (
        "-i", "127.0.0.1", "-p", "PORT", "-a", "someone:fictional", "-v", "ROOT::r,someone")),
}
_HFS = "port: {port}\nlisten_interface: 127.0.0.1\nopen_browser_at_start: false\nvfs:\n  source: {root}\n"


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """The tree that is served."""
    root = tmp_path / "world"
    for name, size in TREE.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as new:
            new.truncate(size)
    (root / "empty").mkdir()
    return root


@dataclass
class Running:
    """One product that is up."""

    port: int
    path: str

    async def scan(self) -> Done:
        return await scan(f"http://127.0.0.1:{self.port}{self.path}", profile=replace(QUICK, host_rate=200))


@pytest.fixture
def serve(tmp_path: Path, world: Path) -> Iterator:
    """`serve(PRODUCT)` starts it on loopback; all are ended when the test ends."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(product: Product) -> Running:
        program, port, home = required(product.program), _free_port(), tmp_path / "home"
        home.mkdir()
        (home / "config.yaml").write_text(_HFS.format(port=port, root=world))
        said = {"PORT": str(port), "ROOT": str(world), "HOME": str(home)}
        words = [_put(word, said) for word in product.words]
        with (tmp_path / "output.log").open("wb") as log:
            started.append(subprocess.Popen(
                [program, *words], cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "JUPYTER_CONFIG_DIR": str(home),
                     "PATH": f"{Path(program).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}))
        _wait(port, started[-1], tmp_path / "output.log")
        return Running(port, product.path)

    yield begin
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


def _put(word: str, said: dict[str, str]) -> str:
    for name, text in said.items():
        word = word.replace(name, text)
    return word


def _free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + UP
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail(f"it did not come up: {log.read_text(errors='replace')[-1500:]}")


@pytest.mark.parametrize("name", PRODUCTS)
async def test_all_of_the_tree_is_found_and_nothing_else(name: str, serve) -> None:
    done = await serve(PRODUCTS[name]).scan()
    (finding,) = done.findings
    counted = (finding.store.files, finding.store.directories, finding.store.bytes)
    if not PRODUCTS[name].exact:
        assert abs(counted[2] - COUNTED[2]) <= COUNTED[2] // 100
        counted = (*counted[:2], COUNTED[2])
    assert (COUNTED, True) == (counted, finding.store.complete)


@pytest.mark.parametrize("name", CLOSED)
async def test_a_product_with_a_login_gives_no_finding(name: str, serve) -> None:
    assert () == tuple((await serve(CLOSED[name]).scan()).findings)
