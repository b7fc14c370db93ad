"""What signatures are given to match: the markup of a listing, without a stranger's names in it."""

from __future__ import annotations

import pytest

from tests.listing.recorded import FILES, load, read
from tests.listing.shapes import LISTINGS

ANSWERS = {product: load(f"{product}-calls") for product in (
    "nginx", "apache-plain", "apache-fancy", "apache-pre", "lighttpd", "caddy", "python")}


@pytest.mark.parametrize("product", ANSWERS)
def test_no_name_is_in_any_fact(product: str) -> None:
    answer = ANSWERS[product]
    facts = " ".join(read("html", answer.path, answer.body)[0].facts.values())
    stems = {name.decode("utf-8", "replace").rpartition(".")[0].strip() for name in FILES}
    assert [stem for stem in stems - {"Parent Directory"} if stem in facts] == []


@pytest.mark.parametrize("shape", LISTINGS)
def test_no_name_of_a_person_is_in_the_facts_of_a_row(shape: str) -> None:
    one, _ = read("html", "/calls/", LISTINGS[shape], host="files.example.org")
    facts = " ".join(one.facts[key] for key in ("listing.head", "listing.row", "listing.tail"))
    assert [word for word in ("Anna", "070-1740605", "1740605") if word in facts] == []


@pytest.mark.parametrize(("product", "fact", "value"), [
    ("nginx", "listing.title", "Index of /calls/"), ("nginx", "listing.dialect", "pre"),
    ("nginx", "listing.rows", "34"), ("nginx", "listing.columns", "name,date,size"),
    ("nginx", "listing.row", '<a href="N/">N</a> 99-Jan-9999 99:99 -'),
    ("nginx", "listing.tail", "</pre><hr></body> </html>"),
    ("apache-fancy", "listing.sort", "?C=N;O=D"), ("apache-fancy", "listing.dialect", "table"),
    ("caddy", "listing.columns", "name,size,date"), ("python", "listing.dialect", "list"),
    ("python", "listing.columns", "name"),
])
def test_facts_describe_the_listing(product: str, fact: str, value: str) -> None:
    assert read("html", "/calls/", ANSWERS[product].body)[0].facts[fact] == value


@pytest.mark.parametrize("product", ANSWERS)
def test_facts_are_short(product: str) -> None:
    facts = read("html", "/calls/", ANSWERS[product].body)[0].facts
    assert all(len(facts[key]) <= most for key, most in (
        ("listing.head", 2048), ("listing.tail", 1024), ("listing.row", 1024), ("listing.title", 300)))
