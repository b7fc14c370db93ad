"""The score table: laid over entry by entry, and every mistake told with its line and what to do."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from pathlib import Path

import pytest

from scanner.errors import SignatureError
from scanner.model import Vantage
from scanner.signature import Files, Knowledge, load
from scanner.signature.table import built_in
from tests.assess.stores import census, judged, store


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "our-score.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def laid(folder: Path, text: str | bytes) -> Knowledge:
    return load().scored_by(written(folder, text))


def test_what_a_table_leaves_out_stays_as_built_in(tmp_path):
    ours = laid(tmp_path, 'name = "Ours"\n[ei.phone.countries]\nSE = 0.5\n[cb.vantage]\ninternal = 0.0\n')
    score, base = ours.score, built_in().score
    assert score.ei["phone"].countries == {**base.ei["phone"].countries, "SE": 0.5}
    assert score.ei["phone"].because == base.ei["phone"].because
    assert score.cb.vantage == {**base.cb.vantage, Vantage.INTERNAL: 0.0}
    assert (score.dpc, score.levels) == (base.dpc, base.levels)


def test_a_table_says_who_it_is_and_in_what_it_differs(tmp_path):
    text = 'name = "Ours"\nmany_people = 100\n[dpc]\ngrave = ["hiv"]\n'
    text += "[dpc.words]\nfinance = 4\n[dpc.classes]\nlog = 3.0\n"
    table = laid(tmp_path, text).table
    assert ("Ours", hashlib.sha256(text.encode()).hexdigest()) == (table.score.name, table.sha256)
    grave, *others = table.differs
    assert grave.startswith("dpc.grave: hiv, built in psychiatry, ")
    assert ["dpc.words.finance: 4, built in none", "dpc.classes.log: 3, built in 2"] == others


def test_the_built_in_table_differs_in_nothing():
    assert ("ENISA 2013", ()) == (load().score.name, load().table.differs)


def test_a_copy_of_the_built_in_table_differs_in_nothing(tmp_path):
    text = (Path(__file__).parents[1] / "signatures" / "score.toml").read_text(encoding="utf-8")
    assert () == laid(tmp_path, text).table.differs


@pytest.fixture
def own(tmp_path):
    """A folder of signatures with a class of its own, of a context of 3."""
    folder = tmp_path / "own" / "files"
    folder.mkdir(parents=True)
    (folder / "genome.toml").write_text(
        'id = "files/genome"\nkind = "files"\ntitle = "Genomes of people"\nclass = "genome"\ndpc = 3.0\n'
        'confidence = "certain"\nrank = 200\nremedy = "Take it away."\nextensions = ["vcfx"]\n'
        '[[example]]\nwhy = "a genome"\n'
        'facts = {"entry.name" = "a.vcfx"}\n[[example]]\nwhy = "none"\nmatches = false\n'
        'facts = {"entry.name" = "a.txt"}\n'
    )
    return folder.parent


def test_a_class_of_ones_own_scores_as_its_signature_says(own):
    (finding,) = judged(store(census("genome")), knowledge=load([own]))
    assert (3.0, "DPC 3: files of the class genome (files/genome)") == (
        finding.factors.dpc, finding.factors.because[0])


def test_a_class_of_ones_own_scores_as_the_table_says_where_that_knows_it(own, tmp_path):
    known = load([own]).scored_by(written(tmp_path, 'name = "Ours"\n[dpc.classes]\ngenome = 4.0\n'))
    (finding,) = judged(store(census("genome")), knowledge=known)
    assert (4.0, "DPC 4: files of the class genome (table: dpc.classes.genome)") == (
        finding.factors.dpc, finding.factors.because[0])


def test_the_table_and_the_signatures_of_a_class_say_one_figure():
    known = load()
    said = {s.id: s.dpc for s in known.signatures if isinstance(s, Files)}
    assert {s.id: known.score.dpc.classes[s.group] for s in known.signatures if isinstance(s, Files)} == said


MISTAKES = [                                 # text, line, what is said
    ('name = "O\n', 1, "no valid TOML"),
    ('name = "Ours"\n[dpc\n', 2, "no valid TOML"),
    ('name = "Ours"\n\n[levels]\nmedium = 1\nmedum = 2\n', 5, "unknown key 'levels.medum'; the built-in score.toml"),
    ('name = "Ours"\n[dpc]\nleast = 1\n[dpc.classes]\nadio = 3\n', 5, "unknown class of files 'adio'; there are "),
    ('name = "Ours"\n[dpc.by_words]\n"minor/export" = 2\n', 3, "unknown class of files 'minor/export'; there are "),
    ('name = "Ours"\n[dpc.words]\nhelth = 4\n', 3, "unknown word class 'helth'; there are "),
    ('name = "Ours"\n[ei.fone]\nei = 1\nbecause = "x"\n', 2, "unknown way to identify 'fone'; there are "),
    ('name = "Ours"\n[cb.vantage]\nintranet = 0.25\n', 3, "unknown vantage 'intranet'; there are internal, "),
    ('name = "Ours"\n[dpc.classes]\nlog = 5\n', 3, "'dpc.classes.log': input should be less than or equal to 4"),
    ('name = "Ours"\n[ei.phone]\nei = 1.5\n', 3, "'ei.phone.ei': input should be less than or equal to 1"),
    ('name = "Ours"\n[ei.phone]\nei = -0.1\n', 3, "'ei.phone.ei': input should be greater than or equal to 0"),
    ('name = "Ours"\n[ei.phone]\nei = nan\n', 3, "'ei.phone.ei': input should be"),
    ('name = "Ours"\n[levels]\nhigh = inf\n', 3, "'levels.high': input should be less than or equal to 6"),
    ('name = "Ours"\n[levels]\nhigh = "3"\n', 3, "'levels.high': input should be a valid number"),
    ('name = "Ours"\n[levels]\nhigh = true\n', 3, "'levels.high': input should be a valid number"),
    ('name = "Ours"\nmany_people = 0\n', 2, "'many_people': input should be greater than or equal to 1"),
    ('name = "Ours"\n[levels]\nmedium = 3\nhigh = 2.5\n', 4, "'levels.high': 'high' is 2.5, below 'medium' (3); write"),
    ('name = "Ours"\n[urgency]\ntoday = 4\n', 2, "'urgency.stop_now': 'stop_now' is 3, below 'today' (4); write"),
    ('name = "Ours"\n[dpc]\nleast = 3\nmost = 2\n', 2, "'dpc': 'least' is 3, above 'most' (2); write them rising"),
    ('name = "Ours"\n[ei.phone.countries]\nse = 0.5\n', 3, "'ei.phone.countries.se': string should match pattern"),
    ('name = "Ours"\nlevels = 3\n', 2, "'levels': input should be a valid dictionary"),
    ("[levels]\nmedium = 1\n", 1, "'name' is missing; write name = "),
    ('name = ""\n', 1, "'name': string should have at least 1 character"),
    (b'name = "Ours"\n# \xe5\n', 2, "not UTF-8; save it as UTF-8"),
    (b"#" * 300_000, 1, "too long, this is no score table"),
]


@pytest.mark.parametrize(("text", "line", "what"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_to_do(tmp_path, text, line, what):
    path = written(tmp_path, text)
    with pytest.raises(SignatureError) as raised:
        load().scored_by(path)
    told = str(raised.value).splitlines()
    assert 1 == len(told), told
    assert told[0].startswith(f"{path}:{line}: {what}"), told[0]


def test_all_mistakes_are_told_at_once(tmp_path):
    with pytest.raises(SignatureError) as raised:
        laid(tmp_path, "[levels]\nmedium = 9\n[cb]\nwritten = 1\n[cb.vantage]\nmars = 1\n")
    lines = {int(line.split(":")[1]) for line in str(raised.value).splitlines()}
    assert ({1, 2, 4, 6}, 4) == (lines, len(str(raised.value).splitlines()))


def test_a_table_that_cannot_be_read_is_told(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(SignatureError, match=r":1: cannot be read: .*; name a score table that can"):
            load().scored_by(path)


def test_of_a_file_that_is_no_score_table_no_more_is_read_than_a_table_may_have(tmp_path: Path) -> None:
    path = tmp_path / "score.toml"
    path.touch()
    os.truncate(path, 64 << 20)
    known = load()
    tracemalloc.start()
    try:
        with pytest.raises(SignatureError, match="too long, this is no score table"):
            known.scored_by(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
