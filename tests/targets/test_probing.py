"""The probe description: RFC 9511, in the format of RFC 9116."""

from __future__ import annotations

from datetime import date

import pytest

from scanner.errors import UsageError
from scanner.model import Authorisation
from scanner.targets.probing import probing_text

ALLOWED = Authorisation(organisation="Region Example", authorised_by="Chief information security officer",
                        reference="SEC-2026-117", valid_until="2026-12-31", contact="security@example.org")


def test_the_text_names_contact_end_and_purpose_one_field_a_line() -> None:
    text = probing_text(ALLOWED, expires=date(2027, 1, 31), source="192.0.2.200",
                        canonical="https://probe.example.org/.well-known/probing.txt")
    assert text.splitlines() == [
        "Canonical: https://probe.example.org/.well-known/probing.txt",
        "Contact: mailto:security@example.org",
        "Expires: 2026-12-31T23:59:59Z",
        "Preferred-Languages: en",
        "Description: earshot looks for recordings and files that anyone can list. It reads listings only, "
        "never a file. From 192.0.2.200. Allowed by Chief information security officer of Region Example. "
        "Reference SEC-2026-117. Write to the contact to have it stopped.",
    ]


@pytest.mark.parametrize(("contact", "uri"), [
    ("security@example.org", "mailto:security@example.org"),
    ("mailto:security@example.org", "mailto:security@example.org"),
    ("https://example.org/security", "https://example.org/security"),
    ("+44-7700-900123", "tel:+44-7700-900123"),
])
def test_a_contact_becomes_a_uri(contact: str, uri: str) -> None:
    text = probing_text(Authorisation(contact=contact), expires=date(2026, 11, 30))
    assert text.splitlines()[0] == f"Contact: {uri}"
    assert "Expires: 2026-11-30T23:59:59Z" in text


@pytest.mark.parametrize(("contact", "why"), [(None, "needs a contact"), ("the office", "is no contact")])
def test_without_a_contact_there_is_no_text(contact: str | None, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        probing_text(Authorisation(contact=contact), expires=date(2026, 11, 30))


def test_a_line_end_in_a_field_begins_no_field() -> None:
    text = probing_text(Authorisation(contact="a@example.org\nContact: b@example.org"), expires=date(2026, 11, 30))
    assert [line.partition(":")[0] for line in text.splitlines()] == [
        "Contact", "Expires", "Preferred-Languages", "Description",
    ]
