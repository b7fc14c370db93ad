"""--ssh-none on the command line: flag, variable, scope file, what plan says, and where asyncssh is missing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.program import FAST, Place, scope
from tests.probes.ssh.ssh_inside import server

TRIED = "asked to let in `anonymous` without a password"
NOT_TRIED = "its greeting is read, nothing is said"


@pytest.mark.parametrize(("flag", "variable", "in_file", "said"), [
    ((), None, "", NOT_TRIED), ((), None, "ssh_none = true", TRIED), ((), "0", "ssh_none = true", NOT_TRIED),
    ((), "1", "", TRIED), (("--no-ssh-none",), "1", "ssh_none = true", NOT_TRIED), (("--ssh-none",), "0", "", TRIED)])
def test_plan_says_what_is_done_at_ssh_servers(
        place: Place, flag: tuple[str, ...], variable: str | None, in_file: str, said: str) -> None:
    place.write("scope.toml", scope("127.0.0.1", f"[scan]\n{in_file}\n"))
    ended = place.run("plan", "--scope", "scope.toml", *flag,
                      env={} if variable is None else {"EARSHOT_SSH_NONE": variable})
    assert said in ended.out
    assert 0 == ended.code


@pytest.mark.parametrize(("name", "code"), [
    ("guest", 0), ("svc-files_2", 0), ("", 2), ("two words", 2), ("né", 2), ("a\\nb", 2)])
def test_a_scope_file_names_the_user_that_is_asked_for(place: Place, name: str, code: int) -> None:
    place.write("scope.toml", f'[[target]]\nwhat = ["127.0.0.1"]\nssh_user = "{name}"\n')
    ended = place.run("plan", "--scope", "scope.toml", "--ssh-none")
    assert code == ended.code
    assert (f"asked to let in `{name}`" in ended.out) == (code == 0)
    assert "scope.toml:3" in ended.err or code == 0


@pytest.mark.parametrize("command", ["scan", "plan"])
def test_without_asyncssh_it_is_one_line_and_nothing_is_sent(place: Place, command: str) -> None:
    (place.folder / "missing").mkdir()
    place.write("missing/sitecustomize.py", """
import sys
from importlib.abc import MetaPathFinder
import importlib.util

real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "asyncssh" else real(name, *more)
""")
    root = place.environment()["PYTHONPATH"]
    ended = place.run(command, "127.0.0.1:1", "--ssh-none", env={"PYTHONPATH": f"{place.folder / 'missing'}:{root}"})
    assert 2 == ended.code
    assert "pip install 'earshot[ssh]'" in ended.mistake
    assert "r.json" not in place.files()


async def test_a_scan_lists_what_a_stranger_is_shown(place: Place, tmp_path: Path) -> None:
    tree = tmp_path / "tree" / "calls"
    tree.mkdir(parents=True)
    for number in range(5):
        (tree / f"20190218-1430{number:02}_0701740605.wav").write_bytes(b"x")
    async with server(tree.parent) as (port, tried):
        ended = await asyncio.to_thread(place.run, "scan", f"127.0.0.1:{port}", *FAST, "--ssh-none", "-o", "r.json")
    assert "1 finding; " in ended.err
    assert 0 == ended.code
    found = json.loads((place.folder / "r.json").read_text())["findings"]
    assert [(5, f"sftp://127.0.0.1:{port}/")] == [(one["store"]["files"], one["doors"][0]["url"]) for one in found]
    assert 1 == len(tried)
