"""The child that runs python-nmap keeps its time limit and answers with one JSON object."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from scanner.discover import nmap_run


def child(nmap: Path, seconds: int = 20) -> dict[str, Any]:
    plan = {"nmap": str(nmap), "hosts": "192.0.2.1", "ports": "80", "arguments": "-sT -n -Pn", "seconds": seconds}
    out = subprocess.run([sys.executable, "-P", nmap_run.__file__], input=json.dumps(plan).encode(),
                         capture_output=True, check=True, timeout=30).stdout
    answer: dict[str, Any] = json.loads(out)
    return answer


def program(folder: Path, does: str) -> Path:
    path = folder / "nmap"
    path.write_text(f"#!/bin/sh\n[ \"$1\" = -V ] && echo 'Nmap version 7.93 ( https://nmap.org )' && exit\n{does}\n")
    path.chmod(0o755)
    return path


def test_a_run_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert child(program(tmp_path, "exec sleep 300"), seconds=1) == {"error": "it did not end in time"}


def test_the_states_are_handed_back_with_what_nmap_said(tmp_path: Path) -> None:
    xml = """<nmaprun args=""><host><address addr="192.0.2.1" addrtype="ipv4"/><ports><port protocol="tcp" portid="80">
<state state="filtered" reason="no-response"/></port></ports></host><host><address addr="192.0.2.2" addrtype="ipv4"/>
</host><runstats><finished timestr="" elapsed=""/><hosts up="" down="" total=""/></runstats></nmaprun>"""
    answer = child(program(tmp_path, f"echo '{xml}'; echo 'a word' >&2"))
    assert answer == {"scan": {"192.0.2.1": {"80": ["filtered", "no-response"]}, "192.0.2.2": {}}, "said": "a word"}


def test_an_external_entity_is_not_followed(tmp_path: Path) -> None:
    xml = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><nmaprun>&e;</nmaprun>'
    assert "scan" not in child(program(tmp_path, f"echo '{xml}'"))


def test_a_missing_program_is_told(tmp_path: Path) -> None:
    assert "not found" in child(tmp_path / "nmap")["error"]
