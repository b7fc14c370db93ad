"""What comes from outside is data: no file of ours could run it, load it as objects, or hand it to a shell."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import scanner
from tests.supply.code import starts_programs, suspicious

HOUSE = Path(scanner.__file__).parent
FILES = sorted(HOUSE.rglob("*.py"))
STARTS_PROGRAMS = {"discover/nmap.py", "demo/replica.py"}
SUFFIXES = {".css", ".html", ".js", ".json", ".md", ".py", ".toml", ".typed"}


def test_no_file_of_ours_runs_what_somebody_else_wrote() -> None:
    assert len(FILES) > 200
    found = {str(path.relative_to(HOUSE)): suspicious(path.read_text()) for path in FILES}
    assert {} == {name: said for name, said in found.items() if said}


def test_two_files_start_a_program_and_neither_by_a_shell() -> None:
    users = {str(path.relative_to(HOUSE)) for path in FILES if starts_programs(path.read_text())}
    assert STARTS_PROGRAMS == users


def test_what_ships_is_code_of_ours_and_text() -> None:
    shipped = [*HOUSE.rglob("*"), *(HOUSE.parent / "signatures").rglob("*")]
    assert SUFFIXES == {path.suffix for path in shipped if path.is_file() and "__pycache__" not in path.parts}


def test_the_wheel_has_one_entry_and_asks_for_no_reader_of_yaml() -> None:
    said = tomllib.loads((HOUSE.parent / "pyproject.toml").read_text())["project"]
    assert {"earshot": "scanner.cli:main"} == said["scripts"]
    assert "entry-points" not in said
    assert not [one for one in said["dependencies"] if "yaml" in one.lower()]


@pytest.mark.parametrize("line", [
    "import pickle", "from pickle import loads", "import yaml", "import os.path, marshal", "import importlib",
    "import multiprocessing.pool", "from os import path, system", "asyncio.create_subprocess_shell(text)",
    "from importlib import import_module", "from importlib.metadata import entry_points",
    "import ctypes.util", "eval('1')", "run = exec", "compile('1', '', 'eval')", "__import__('os')",
    "getattr(builtins, 'eval')", "db.enable_load_extension(True)", "db.execute('select 1'); db.load_extension(name)",
    "subprocess.run(words, shell=True)", "os.system(text)", "os.popen(text)", "os.execvp(name, words)",
    "environment.from_string(text)", "def late():\n    if True:\n        import dill",
])
def test_each_way_is_seen(line: str) -> None:
    ast.parse(line)
    assert suspicious(line)


@pytest.mark.parametrize("line", [
    "import json, tomllib", "from importlib.util import find_spec", "re.compile('x')", "db.execute('select 1')",
    "subprocess.Popen(words)", "evaluate(1)", "text = 'pickle'", "facts.system(1)", "os.path.join('a')",
    "getattr(one, 'name')", "sys.executable", "from importlib.metadata import version",
])
def test_what_only_looks_like_one_is_left_alone(line: str) -> None:
    assert [] == suspicious(line)
