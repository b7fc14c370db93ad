"""What the packages that are used are licensed under, as they say themselves, and whether the GPL allows it.

    python -m tests.supply.licences            # the table
    python -m tests.supply.licences --write    # into fixtures/licences.md

earshot is GPL-3.0-or-later; the list of what goes with that is the Free Software Foundation's (gnu.org, "Various
Licenses and Comments about Them").
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import metadata

from tests.supply.locks import BUILD, LOCK, ROOT, closure, pins, project

TABLE = ROOT / "fixtures" / "licences.md"

COMPATIBLE = frozenset({
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "GPL-2.0-or-later", "GPL-3.0-or-later", "ISC", "LGPL-2.1-or-later",
    "MIT", "MIT-0", "MPL-2.0", "PSF-2.0",
})
"""SPDX identifiers of licences whose works may be used in one of GPL-3.0-or-later."""

NAMES = {
    "Apache 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0", "BSD License": "BSD-3-Clause",
    "GNU General Public License (GPL)": "GPL-3.0-or-later", "ISC License": "ISC", "MIT License": "MIT",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""How packages without an SPDX expression call theirs."""

READ = {
    "colorama": "BSD-3-Clause",              # installed on Windows alone; its LICENSE.txt
    "python-nmap": "GPL-3.0-or-later",       # says "gpl-3.0.txt" and "GPL"; the head of nmap.py says which
    "python-stdnum": "LGPL-2.1-or-later",    # says "LGPL" and "v2 or later"; its COPYING is 2.1
    "uvloop": "Apache-2.0 OR MIT",           # two classifiers; its LICENSE-APACHE and LICENSE-MIT
}
"""Read by a person, where what the package says of itself is not enough."""

_HEAD = f"""\
# Licences of the packages that are used

Written by `make licences` from what the packages say of themselves; `tests/supply/test_licences.py` holds it against
what is installed. earshot is GPL-3.0-or-later, with which these go:
{", ".join(sorted(COMPATIBLE))}.

| package | licence | used |
| --- | --- | --- |
"""
_USES = (("run", "by earshot"), ("ssh", "by `--ssh-none`"), ("build", "to build"), ("dev", "to test"))


def said(name: str) -> str:
    """The licence of an installed package as an SPDX expression. Raises KeyError where its words are not known."""
    if name in READ:
        return READ[name]
    about = metadata(name)
    if expression := about.get("License-Expression"):
        return str(expression)
    own = [about.get("License") or "", *(line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or []
                                         if line.startswith("License ::"))]
    known = [NAMES.get(one, one) for one in own if NAMES.get(one, one) in COMPATIBLE or _is_spdx(one)]
    if not known:
        raise KeyError(f"{name} says {own}: read its licence and write it into READ")
    return known[0]


def _is_spdx(text: str) -> bool:
    return all(part in COMPATIBLE | {"EPL-2.0"} for part in re.split(r" OR | AND ", text))


def fits(expression: str) -> bool:
    """Whether one of the choices of an expression without brackets is compatible in all its parts."""
    return any(all(part in COMPATIBLE for part in choice.split(" AND ")) for choice in expression.split(" OR "))


def table() -> str:
    """The text of TABLE. Packages that this system does not install are told from READ."""
    return _HEAD + "".join(f"| {name} | {said(name)} | {use} |\n" for name, use in sorted(_used().items()))


def written() -> dict[str, str]:
    """The licences as TABLE has them, by package."""
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    return {row[0]: row[1] for row in rows[2:]}


def _used() -> dict[str, str]:
    """Each package of the locks with what it is there for; the nearest to a user first."""
    asked, held = project(), {**pins(LOCK), **pins(BUILD)}
    needed = [(closure(asked[group]), use) for group, use in _USES]
    return {name: next((use for names, use in needed if name in names), f"where `{pin.wanted.marker}`")
            for name, pin in held.items()}


def _main(words: list[str]) -> Iterator[str]:
    text = table()
    if "--write" in words:
        TABLE.write_text(text, encoding="utf-8")
    yield text


if __name__ == "__main__":
    sys.stdout.writelines(_main(sys.argv[1:]))
