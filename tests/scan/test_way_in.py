"""A page that asks for a password is a remark: how it is guarded, as far as it shows; never a finding."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from scanner.model import Access, Asked, Endpoint, Observation, Reason
from scanner.scan.doubts import of_answer, worth_a_gap
from tests.scan.scans import scope_of

FORM = '<form method="post"><input name="user"><input type="password" name="p">{}<button>Sign in</button></form>'


def page(markup: str, tls: str = "no", **more: str) -> Observation:
    facts = {"http.status": "200", "http.tls": tls, "http.head": markup, "listing.why": "no rows", **more}
    there = Endpoint(address=ip_address("127.0.0.1"), port=8080)
    return Observation(endpoint=there, protocol="http", path="/", access=Access.NONE, facts=facts,
                       seen_at=datetime(2021, 10, 11, tzinfo=UTC))


@pytest.mark.parametrize(("seen", "expected"), [
    (page(FORM.format("")), "a page that asks for a password, over plain HTTP; no second factor is visible"),
    (page(FORM.format(""), tls="yes"), "a page that asks for a password; no second factor is visible"),
    (page(FORM.format("<a>Mobilt BankID</a>")), "a page that asks for a password, over plain HTTP"),
    (page("<INPUT name=p TYPE=PASSWORD>", tls="yes"), "a page that asks for a password; no second factor is visible"),
])
def test_a_way_in_is_told_with_what_guards_it(seen: Observation, expected: str) -> None:
    assert (Reason.LOGIN, expected) == of_answer(seen, scope_of("127.0.0.1"))
    assert worth_a_gap(Reason.LOGIN, Asked.ROOT, seen, listed=False)


@pytest.mark.parametrize("seen", [
    page('<input name="q" placeholder="password">'), page("<p>Forgotten your password?</p>"), page(""),
    page(FORM.format(""), **{"listing.near": "yes"}),
])
def test_a_page_that_asks_for_none_stays_a_page(seen: Observation) -> None:
    answer = of_answer(seen, scope_of("127.0.0.1"))
    assert answer is not None
    assert Reason.NOT_A_LISTING is answer[0]


def test_a_server_that_answers_every_guess_so_is_told_once() -> None:
    seen = page(FORM.format(""), **{"http.control": "200"})
    assert not worth_a_gap(Reason.LOGIN, Asked.SIGNATURE, seen, listed=False)
