"""A report says by what it was judged: the hash of the signatures' files, one's own among them, and of the table."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from scanner.signature.file import home
from tests.cli.listing import STORE, Listing
from tests.cli.program import FAST, Place

OWN = """id = "recording/own"
kind = "recording"
title = "Call recording of our own"
product = "Own"
what = "call"
confidence = "probable"
rank = 5
remedy = "Move it out of the web root."
[[all]]
fact = "entry.name"
regex = ['^own-(?P<number>\\d{10})\\.wav$']
[[example]]
why = "as it names its files"
matches = true
facts = {"entry.name" = "own-0701740605.wav"}
[[example]]
why = "too short to be a number"
matches = false
facts = {"entry.name" = "own-07017406.wav"}
"""


def of_files(*folders: Path) -> tuple[int, str]:
    """How many signatures there are, and the SHA-256 of their files, in the order of their ids."""
    files = dict(_identified(folders))
    return len(files), hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()


def _identified(folders: Iterable[Path]) -> Iterable[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*.toml"):
            name = tomllib.loads(path.read_text(encoding="utf-8")).get("id")
            if name is not None:
                yield name, path.read_bytes()


def test_each_report_names_the_signatures_and_the_table_that_it_was_judged_by(tmp_path: Path) -> None:
    place = Place(tmp_path)
    own = place.write("own/recording/own.toml", OWN).parent.parent
    expected = [of_files(home()), of_files(home(), own)]
    table = hashlib.sha256((home() / "score.toml").read_bytes()).hexdigest()
    with Listing(STORE) as store:
        words = ("scan", store.door, *FAST, "-o", "r.json", "-o", "r.html", "-o", "incident:p.md")
        for more, (count, digest) in zip(((), ("--signatures", "own")), expected, strict=True):
            ended = place.run(*words, *more)
            assert ended.code == 0, ended.err
            report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
            assert {"sha256": digest, "count": count} == report["signatures"]
            assert table == report["scan"]["score_sha256"]
            assert all(digest in (tmp_path / name).read_text(encoding="utf-8") for name in ("r.html", "p.md"))
    assert expected[0][1] != expected[1][1]
