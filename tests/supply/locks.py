"""The lock files read: which package in which version, where it is wanted, and the hashes of its files.

A line is continued by a backslash; `name==version ; marker`, then `--hash=sha256:…` for each file that may be
installed (pip's requirements file format, "Hash-checking mode").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK, BUILD = ROOT / "requirements.lock", ROOT / "requirements-build.lock"
AUDIT, FUZZ = ROOT / ".ci" / "audit.lock", ROOT / ".ci" / "fuzz.lock"
_HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock."""

    wanted: Requirement                      # with one exact version
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its normal name."""
        return canonicalize_name(self.wanted.name)

    @property
    def version(self) -> str:
        """The one version."""
        return next(iter(self.wanted.specifier)).version

    @property
    def here(self) -> bool:
        """Whether this Python on this system has it installed."""
        return self.wanted.marker is None or self.wanted.marker.evaluate()


def pins(lock: Path) -> Mapping[str, Pin]:
    """The packages of a lock by their normal names; of two versions the one of this Python and system. See `lines`."""
    return {pin.name: pin for pin in sorted(lines(lock), key=lambda pin: pin.here)}


def lines(lock: Path) -> list[Pin]:
    """A lock, line by line. Raises ValueError where a line does not name one version and its hashes."""
    text = re.sub(r"\s*\\\n\s*", " ", lock.read_text(encoding="utf-8"))
    return [_pin(line) for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]


def _pin(line: str) -> Pin:
    what, *hashes = line.split(" --hash=")
    wanted = Requirement(what)
    if [one.operator for one in wanted.specifier] != ["=="] or wanted.url or not hashes:
        raise ValueError(f"not one version with its hashes: {what}")
    if wrong := [one for one in hashes if not _HASH.fullmatch(one)]:
        raise ValueError(f"{what}: not a hash: {wrong[0]}")
    return Pin(wanted, tuple(hashes))


def project() -> Mapping[str, list[Requirement]]:
    """What pyproject.toml asks for: `run`, each extra, each group, and `build-system`."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = {"run": said["project"]["dependencies"], **said["project"]["optional-dependencies"],
             **said["dependency-groups"], "build-system": said["build-system"]["requires"]}
    return {name: [Requirement(one) for one in wanted] for name, wanted in lists.items()}


def closure(roots: list[Requirement]) -> set[str]:
    """Names of all that `roots` need on this Python and system, by what is installed here."""
    found: set[str] = set()
    waiting = [*roots]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if _holds(wanted, "") and (name not in found or wanted.extras):
            found.add(name)
            waiting += _needs(name, wanted.extras)
    return found


def _needs(name: str, extras: set[str]) -> Iterator[Requirement]:
    try:
        needs = distribution(name).requires or []
    except PackageNotFoundError:
        return
    for need in map(Requirement, needs):
        if any(_holds(need, extra) for extra in ("", *extras)):
            need.marker = None
            yield need


def _holds(wanted: Requirement, extra: str) -> bool:
    return wanted.marker is None or wanted.marker.evaluate({**default_environment(), "extra": extra})
