"""What is said of buckets that are not open, and which buckets are likely at a store that shows none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scanner.model import Access, Asked, Observation, Reason
from scanner.scan.doubts import masked, of_answer, worth_a_gap
from scanner.scan.likely import buckets, names
from scanner.scope import Scope
from scanner.signature import load
from scanner.targets import parse
from tests.fakes import endpoint

SCOPE = Scope(targets=(parse("192.0.2.7", where="test"),))
PATHS = ("/recordings/", "/RECORDINGS/MP3/", "/Recordings/", "/.git/", "/asterisk/monitor/", "/sound_recorder/",
         "/a b%20/", "/ab/")


def seen(access: str, status: int, **more: str) -> Observation:
    facts = {"http.status": str(status), "store.kind": "s3", "store.access": access,
             **{name.replace("_", "."): text for name, text in more.items()}}
    return Observation(endpoint=endpoint(9000), protocol="s3", path="/calls/", access=Access.NONE, facts=facts,
                       seen_at=datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.parametrize(("said", "reason", "words"), [
    (seen("closed", 403, store_code="AccessDenied"), Reason.FORBIDDEN, "closed to strangers (AccessDenied)"),
    (seen("closed", 401), Reason.LOGIN, "closed to strangers (status 401)"),
    (seen("absent", 404, store_code="NoSuchBucket"), Reason.NOT_A_LISTING, "no such bucket (NoSuchBucket)"),
    (seen("elsewhere", 301, store_endpoint="calls.s3.example.org", store_region="eu-north-1"), Reason.OUT_OF_SCOPE,
     "lies elsewhere, at calls.s3.example.org: not contacted (status 301)"),
    (seen("elsewhere", 301, store_region="eu-north-1"), Reason.OUT_OF_SCOPE, "at eu-north-1: not contacted"),
    (seen("elsewhere", 301, store_endpoint="0701740605.example.org"), Reason.OUT_OF_SCOPE, "at 0701•••605.example"),
    (seen("closed", 403, store_code="No0701740605"), Reason.FORBIDDEN, "(No0701•••605)"),
    (seen("elsewhere", 307), Reason.OUT_OF_SCOPE, "at a place that it does not name: not contacted"),
    (seen("unknown", 500), Reason.SERVER_ERROR, "it does not say (status 500)"),
    (seen("unknown", 503, store_code="SlowDown"), Reason.SLOW_DOWN, "it does not say (SlowDown)"),
    (seen("open", 200), Reason.NOT_A_LISTING, "shows no bucket to strangers"),
    (seen("closed", 403, store_code="a\x1b[31m\nb"), Reason.FORBIDDEN, "closed to strangers"),
])
def test_a_bucket_that_is_not_open_has_its_reason_in_words(said, reason, words):
    doubt = of_answer(said, SCOPE)
    assert doubt is not None
    assert (reason, True, True) == (doubt[0], words in doubt[1], doubt[1].isprintable())


@pytest.mark.parametrize(("said", "asked", "worth"), [
    (seen("absent", 404), Asked.TARGET, True), (seen("closed", 403), Asked.TARGET, True),
    (seen("absent", 404), Asked.SIGNATURE, False), (seen("closed", 403), Asked.SIGNATURE, False),
    (seen("closed", 401), Asked.SIGNATURE, False), (seen("unknown", 404), Asked.SIGNATURE, False),
    (seen("unknown", 500), Asked.SIGNATURE, True), (seen("unknown", 500, http_control="500"), Asked.SIGNATURE, False),
    (seen("closed", 403), Asked.PRODUCT, True)])
def test_of_a_written_bucket_all_is_told_and_of_a_guessed_one_only_faults(said, asked, worth):
    doubt = of_answer(said, SCOPE)
    assert doubt is not None
    assert worth is worth_a_gap(doubt[0], asked, said, listed=False)


def test_names_of_buckets_are_those_that_every_store_takes():
    assert ["recordings", "mp3", "monitor", "sound-recorder"] == names(PATHS)


@pytest.mark.parametrize(("kind", "own", "first"), [
    ("s3", (), [("/recordings/", "s3"), ("/mp3/", "s3")]), ("gcs", ("/x/",), [("/recordings/", "gcs")]),
    ("azure", ("/devstoreaccount1/", "/a/b/"), [
        ("/devstoreaccount1/", "azure:/devstoreaccount1/"),
        ("/devstoreaccount1/recordings/", "azure:/devstoreaccount1/")]),
    ("swift", ("/v1/AUTH_test/",), [("/v1/AUTH_test/", "swift:/v1/AUTH_test/"),
                                    ("/v1/AUTH_test/recordings/", "swift:/v1/AUTH_test/")]),
    ("azure", (), []), ("swift", ("/x/",), [])])
def test_likely_buckets_are_asked_for_in_the_form_of_their_store(kind, own, first):
    assert first == [(ask.path, ask.way) for ask in buckets(kind, own, PATHS)][:len(first) or 1]


def test_the_likeliest_names_come_within_a_gentle_budget():
    assert {"recordings", "monitor", "calls"} <= set(names(load().asks())[:4])


@pytest.mark.parametrize(("reason", "text", "told"), [
    (Reason.RESET, "SSH: x_0701740605; no answer to the login", "SSH: x_0701•••605; no answer to the login"),
    (Reason.TIMEOUT, "SSH: x_0701740605", "SSH: x_0701•••605"), (Reason.PROTOCOL, "says 0701740605", "says 0701•••605"),
    (Reason.TIMEOUT, "reading from [2001:db8::1234:56]:43823: not in time",
     "reading from [2001:db8::1234:56]:43823: not in time"),
    (Reason.RESET, "192.0.2.7:43823: closed after 12 of 20 bytes", "192.0.2.7:43823: closed after 12 of 20 bytes"),
    (Reason.PROTOCOL, "[0701740605:]:80", "[0701•••605:]:80")])
def test_words_that_may_be_a_strangers_are_masked_and_the_peer_that_we_asked_is_not(reason, text, told):
    assert (reason, told) == masked(reason, text)
