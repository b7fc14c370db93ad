"""Known vulnerabilities of the packages that are used, as pip-audit says; asked for in `.ci/run`.

    python -m tests.supply.audit PIP_AUDIT      # the program; exit 1 where one is known and not explained

A service that cannot be reached fails nothing and is said aloud: so is a package that it does not know.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tests.supply.locks import BUILD, LOCK

SECONDS = 20
EXPLAINED: dict[str, str] = {}
"""Vulnerabilities by their id that do not concern earshot, each with the reason."""


def said(program: str) -> str:
    """What pip-audit prints, as JSON; empty where it did not end well in time."""
    words = [program, "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off",
             "--timeout", "5", "--requirement", str(LOCK), "--requirement", str(BUILD)]
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False).stdout
    except (subprocess.TimeoutExpired, OSError):
        return ""


def judged(text: str) -> tuple[int, list[str]]:
    """The exit code, and lines to print."""
    try:
        packages: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 0, ["audit: NOT DONE: pip-audit's service could not be reached"]
    asked = [one for one in packages if "skip_reason" not in one]
    if not asked:
        return 0, [f"audit: NOT DONE: the service knows none of {len(packages)} packages"]
    found = [*_found(asked)]
    unknown = f", NOT ASKED: {len(packages) - len(asked)}" if len(asked) < len(packages) else ""
    lines = [f"audit: {len(asked)} packages, {len(found)} known vulnerabilities{unknown}"]
    lines += [f"  {package}: {name}: {EXPLAINED.get(name, 'not explained')}" for package, name in found]
    return int(any(name not in EXPLAINED for _, name in found)), lines


def _found(packages: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in packages:
        for vulnerability in one["vulns"]:
            names = [vulnerability["id"], *vulnerability.get("aliases", ())]
            yield f"{one['name']} {one['version']}", next((name for name in names if name in EXPLAINED), names[0])


if __name__ == "__main__":
    code, told = judged(said(sys.argv[1]))
    print(*told, sep="\n")
    sys.exit(code)
