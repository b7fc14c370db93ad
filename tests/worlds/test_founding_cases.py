"""The cases that this program was made after: what a scan of each says, from the pages to the report."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.demo.recording import NUMBERS
from tests.worlds.rule import FIRST, LAST
from tests.worlds.scanned import Scanned, scanned

CHAIN = ("controller", "processor", "sub_processor", "hosting")


def near(wanted: float) -> Any:
    """The scores of the worked checks hold within a quarter."""
    return pytest.approx(wanted, abs=0.25)


def part(finding: dict[str, Any], path: str) -> dict[str, Any]:
    """The part below `path` that scores highest."""
    return max((one for one in finding["parts"] if one["path"].startswith(path)), key=lambda one: one["score"])


def product(factors: dict[str, Any]) -> float:
    """The score that a reader gets from the three factors."""
    return round((factors["dpc"] * factors["ei"] + factors["cb"]) * 4) / 4


@pytest.fixture(scope="module")
def helpline() -> Scanned:
    return scanned("1177", scale=100)


@pytest.fixture(scope="module")
def mailbox() -> Scanned:
    return scanned("mailbox")


@pytest.fixture(scope="module")
def clinic() -> Scanned:
    return scanned("clinic")


@pytest.fixture(scope="module", params=[(), ("health", "helpline")], ids=["harmless", "harmless at a helpline"])
def harmless(request: pytest.FixtureRequest) -> Scanned:
    return scanned("harmless", context=request.param)


class TestHelpline:
    """2,700,000 calls on an open network drive, February 2019, one in a hundred of them."""

    def test_all_of_it_is_one_finding_that_cannot_wait(self, helpline: Scanned) -> None:
        found, = helpline.findings
        assert ("very-high", "stop-now", "certain") == (found["severity"], found["urgency"], found["confidence"])
        assert {"live", "http-on-tls-port"} <= set(found["tags"])

    def test_calls_score_three_and_a_half_and_those_named_by_number_four_and_a_half(self, helpline: Scanned) -> None:
        found, = helpline.findings
        old = part(found, "/gammalt/")
        assert (3.5, 4.5) == (found["overall_score"], found["score"])
        assert (4.5, "very-high", 570) == (old["score"], old["severity"], old["files"])
        assert {"dpc": 4.0, "ei": 1.0, "cb": 0.5} == {key: found["factors"][key] for key in ("dpc", "ei", "cb")}

    def test_every_call_is_counted_once(self, helpline: Scanned) -> None:
        store = helpline.findings[0]["store"]
        assert (27_000, 27_000, True) == (store["files"], store["kinds"]["audio"]["files"], store["complete"])
        phones, = (one for one in store["people"] if one["kind"] == "phone")
        assert (570, 495, "certain") == (phones["files"], phones["distinct"], phones["certainty"])

    def test_they_last_1_700_hours_within_a_twentieth(self, helpline: Scanned) -> None:
        hours = helpline.findings[0]["store"]["hours"]
        assert pytest.approx(1_700, rel=0.05) == hours["best"]
        assert hours["low"] < hours["best"] < hours["high"]

    def test_they_reach_from_april_2013_to_the_day_of_the_scan(self, helpline: Scanned) -> None:
        store = helpline.findings[0]["store"]
        assert ("2013-04-12", "2019-02-18", True) == (store["first"], store["last"], store["live"])

    def test_nobody_but_callers_of_the_forgotten_folder_is_named(self, helpline: Scanned) -> None:
        kinds = {one["kind"]: one["files"] for one in helpline.findings[0]["store"]["people"]}
        assert {"phone": 570} == kinds

    def test_the_chain_of_four_is_told(self, helpline: Scanned) -> None:
        owner = helpline.findings[0]["owner"]
        assert ["Region Example", "Helpline contractor", "Recording contractor", "Machine hall north"] == [
            owner[party] for party in CHAIN]

    def test_no_number_is_told(self, helpline: Scanned) -> None:
        told = f"{helpline.report}{helpline.html}"
        assert [] == [number for number in NUMBERS if number in told]

    def test_it_was_met_in_clear_on_a_port_meant_for_tls_and_no_file_was_asked_for(self, helpline: Scanned) -> None:
        tally, = helpline.there.tallies
        assert (0, True) == (tally.files, tally.tls_hellos > 0)


class TestMailbox:
    """Mails about patients in a mailbox for tests that is emptied after nine days, June 2018."""

    def test_mails_of_patients_score_as_the_case_did(self, mailbox: Scanned) -> None:
        found, = mailbox.findings
        assert near(4.25) == found["score"]
        assert ("very-high", "stop-now") == (found["severity"], found["urgency"])
        assert ("mail", 1_900) == next((kind, tally["files"]) for kind, tally in found["store"]["kinds"].items())

    def test_the_220_addresses_are_counted_and_none_is_told(self, mailbox: Scanned) -> None:
        people, = (one for one in mailbox.findings[0]["store"]["people"] if one["kind"] == "email")
        assert (660, 220) == (people["files"], pytest.approx(people["distinct"], abs=4))
        told = f"{mailbox.report}{mailbox.html}"
        assert [] == [name for name in (*FIRST, *LAST) if name in told]

    def test_a_test_machine_and_nine_days_of_mails_are_remarked_upon(self, mailbox: Scanned) -> None:
        assert {"prod-data-in-test", "rolling-window", "live"} <= set(mailbox.findings[0]["tags"])

    def test_the_listing_shows_nine_days_only(self, mailbox: Scanned) -> None:
        store = mailbox.findings[0]["store"]
        assert ("2018-06-05", "2018-06-14") == (store["first"], store["last"])
        assert 10 == len(store["inflow"])
        assert 1_900 == sum(store["inflow"].values())

    def test_the_reader_is_told_that_it_has_been_open_for_longer(self, mailbox: Scanned) -> None:
        text = " ".join(mailbox.html.lower().split())
        assert "open for longer than is visible here" in text

    def test_an_empty_folder_of_the_mailbox_is_counted(self, mailbox: Scanned) -> None:
        assert 6 == mailbox.findings[0]["store"]["directories"]

    def test_a_blank_in_the_chain_stays_a_blank(self, mailbox: Scanned) -> None:
        owner = mailbox.findings[0]["owner"]
        assert ["Psychiatry Example", "Programme contractor", None, None] == [owner[party] for party in CHAIN]


class TestClinic:
    """A list of clients and calendars in an open folder, and the clients' way in behind a password, in clear."""

    def test_the_list_of_clients_scores_as_the_case_did(self, clinic: Scanned) -> None:
        found = clinic.finding(clinic.there.ports[0])
        assert near(4.25) == found["score"]
        assert near(4.25) == part(found, "/psykiatri/utskick/")["score"]
        assert "very-high" == found["severity"]

    def test_lists_and_calendars_are_told_by_their_names(self, clinic: Scanned) -> None:
        kinds = clinic.finding(clinic.there.ports[0])["store"]["kinds"]
        assert (2, 49) == (kinds["export"]["files"], kinds["calendar"]["files"])

    def test_the_way_in_is_no_finding_and_is_remarked_upon(self, clinic: Scanned) -> None:
        portal = str(clinic.there.ports[1])
        assert 1 == len(clinic.findings)
        remarks = [gap for gap in clinic.report["gaps"] if (gap["ports"], gap["reason"]) == (portal, "login")]
        assert ["a page that asks for a password, over plain HTTP; no second factor is visible"] == [
            gap["detail"] for gap in remarks]


class TestHarmless:
    """What lies open everywhere and is meant to."""

    def test_nothing_is_above_low(self, harmless: Scanned) -> None:
        above = [(one["title"], one["severity"], one["factors"]) for one in harmless.findings
                 if one["severity"] not in ("info", "low")]
        assert [] == above

    def test_all_four_doors_are_told(self, harmless: Scanned) -> None:
        assert [985, 182, 694, 136] == [harmless.finding(port)["store"]["files"] for port in harmless.there.ports]

    def test_nobody_is_seen_in_the_names(self, harmless: Scanned) -> None:
        assert [] == [one for found in harmless.findings for one in found["store"]["people"]]


def test_a_reader_gets_each_score_from_its_factors(
    helpline: Scanned, mailbox: Scanned, clinic: Scanned, harmless: Scanned,
) -> None:
    rows = [row for world in (helpline, mailbox, clinic, harmless) for found in world.findings
            for row in (found, *found["parts"])]
    assert [row["score"] for row in rows] == [product(row["factors"]) for row in rows]


def test_no_world_was_asked_for_a_file(
    helpline: Scanned, mailbox: Scanned, clinic: Scanned, harmless: Scanned,
) -> None:
    worlds = (helpline, mailbox, clinic, harmless)
    assert [] == [path for world in worlds for tally in world.there.tallies for path in tally.paths]
    assert {0} == {world.report["conduct"]["file_contents_requested"] for world in worlds}
