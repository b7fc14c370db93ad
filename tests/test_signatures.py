"""House rules for every signature file. What a failure says is the example's own sentence."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from scanner.signature import FACTS, Files, Product, Recording, Words, check, load, schema
from scanner.signature import file as signature_file
from scanner.signature.check import idle, misjudged

HOME = Path(__file__).parents[1] / "signatures"
KNOWLEDGE = load()
EXAMPLES = [pytest.param(s, e, id=f"{s.id}: {e.why}") for s in KNOWLEDGE.signatures for e in s.example]
POSITIVE = [p for p in EXAMPLES if p.values[1].matches]
BY_ID = pytest.mark.parametrize("signature", KNOWLEDGE.signatures, ids=lambda s: s.id)

# Numbers that are nobody's: Sweden's, Britain's and North America's ranges for fiction.
FICTIONAL = re.compile(
    r"(?:\+46|0046|46|0)(?:70174(?:060[5-9]|06[1-9]\d)|313900[67]\d\d|846500[45]\d\d)$"
    r"|(?:\+44|0044|44|0)(?:7700900\d{3}|2079460\d{3}|1632960\d{3})$"
    r"|1?[2-9]\d\d55501\d\d$"
)
NUMBERLIKE = re.compile(r"(?<![A-Za-z\d.])(?:\+|00)?\d(?:[ ()-]?\d){8,11}(?![A-Za-z\d])")
TIMELIKE = re.compile(r"(?:19|20)\d{2}[-]?[01]\d|1[0-9]{9}$|190218|190219|230414")
RUNNING = ("0000", "1234", "987", "871000", "9999999")  # of recorders, of meetings, digits made alike
DOCUMENTATION = re.compile(r"192\.0\.2\.|198\.51\.100\.|203\.0\.113\.")


@pytest.mark.parametrize(("signature", "example"), EXAMPLES)
def test_an_example_gets_its_verdict(signature, example):
    assert misjudged(signature, example) is None


@BY_ID
def test_every_condition_is_needed(signature):
    assert list(idle(signature)) == []


@BY_ID
def test_patterns_are_ones_that_re2_takes(signature):
    path = HOME / f"{signature.id}.toml"
    assert list(signature_file.unsound(signature, path.read_text(), path)) == []


@BY_ID
def test_a_pattern_stays_quick_on_endless_names(signature):
    for example in signature.example:
        signature.match({fact: text * 1000 for fact, text in example.facts.items()})


def test_the_folder_as_a_whole_has_nothing_wrong():
    assert check(HOME) == []


def test_each_file_lies_where_its_id_says():
    lying = {f"{p.parent.name}/{p.stem}" for p in HOME.glob("*/*.toml")}
    assert lying == {s.id for s in KNOWLEDGE.signatures}


def test_the_schema_is_fresh():
    """`python -m scanner.signature.check` writes it."""
    assert json.loads((HOME / "signature.schema.json").read_text()) == schema()


def test_the_schema_offers_the_facts():
    assert sorted(FACTS) == schema()["$defs"]["Condition"]["properties"]["fact"]["enum"]


@pytest.mark.parametrize(("signature", "example"), POSITIVE)
def test_a_positive_example_is_claimed_by_its_own_signature_first(signature, example):
    match signature:
        case Product() if signature.kind == "listing":
            claims = [s for s in KNOWLEDGE.listing(example.facts) if s.rank <= signature.rank]
        case Recording():
            claims = [s for s in (g.signature for g in KNOWLEDGE.grammars)
                      if s.rank <= signature.rank and s.match(example.facts) is not None]
        case Files():
            claims = [KNOWLEDGE.files_of(example.facts["entry.name"], example.facts.get("entry.path", "/"))]
        case _:
            claims = [signature]
    assert [signature.id] == [s.id for s in claims if s.id not in signature.also]


def test_grammars_have_ranks_of_their_own():
    ranks = [g.signature.rank for g in KNOWLEDGE.grammars]
    assert all(one < other for one, other in pairwise(ranks)), ranks


@pytest.mark.parametrize(("signature", "example"), EXAMPLES)
def test_numbers_and_addresses_in_examples_are_nobodys(signature, example):
    for text in example.facts.values():
        for found in NUMBERLIKE.findall(text):
            digits = re.sub(r"[ ()-]", "", found)
            assert TIMELIKE.search(digits) or FICTIONAL.match(digits) or digits.startswith(RUNNING), found
        for address in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text):
            assert DOCUMENTATION.match(address), address
        for host in re.findall(r"@([a-z][a-z.-]+\.[a-z]+)", text):
            assert host.startswith("example.") or host.endswith((".test", ".invalid")), host


def test_classes_of_files_have_a_fallback_in_the_score():
    classes = {s.group for s in KNOWLEDGE.signatures if isinstance(s, Files)}
    assert set() == classes - set(KNOWLEDGE.score.dpc.classes)


def test_words_are_listed_once_in_a_language():
    doubled = [(s.id, w) for s in KNOWLEDGE.signatures if isinstance(s, Words)
               for words in s.words.values() for w in set(words) if words.count(w) > 1]
    assert doubled == []


def test_ids_in_also_are_there():
    named = {i for s in KNOWLEDGE.signatures for i in s.also}
    assert set() == named - set(KNOWLEDGE.by_id)


def test_the_example_in_the_manual_is_sound(tmp_path):
    manual = (HOME / "README.md").read_text()
    path = tmp_path / "recording" / "acme.toml"
    path.parent.mkdir()
    path.write_text(manual.partition("```toml\n")[2].partition("```")[0])
    assert check(tmp_path) == []


def test_the_manual_has_every_folder():
    manual = (HOME / "README.md").read_text()
    assert [s.kind for s in KNOWLEDGE.signatures if f"| `{s.kind}/` |" not in manual] == []
