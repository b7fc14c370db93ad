"""The account."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address

from scanner.net.ledger import Contact, Ledger, log_line

CONTACT = Contact(datetime(2019, 2, 18, 6, 0, tzinfo=UTC), "192.0.2.250", ip_address("192.0.2.7"), 80, None, "GET",
                  "directory", 100, 200, "200")


def filled() -> Ledger:
    ledger = Ledger()
    for address in ("192.0.2.7", "192.0.2.7", "192.0.2.8", "2001:db8::7", "::c000:207"):
        ledger.record(replace(CONTACT, address=ip_address(address)))
    ledger.request("GET", "directory")
    ledger.request("GET", "published")
    ledger.request("PROPFIND", "directory")
    ledger.refused(1000)
    ledger.refused(10)
    ledger.declare(7)
    return ledger


def test_conduct_is_what_was_counted() -> None:
    conduct = filled().conduct()
    assert conduct.requests == {"GET": 2, "PROPFIND": 1}
    assert (conduct.bytes_sent, conduct.bytes_received, conduct.addresses_contacted) == (500, 1000, 4)
    assert (conduct.refused_bodies, conduct.largest_refused_body, conduct.declared_by_nmap,
                               conduct.file_contents_requested) == (2, 1000, 7, 0)
    assert conduct.source_addresses == ("192.0.2.250",)


def test_a_request_of_another_class_would_show() -> None:
    ledger = Ledger()
    ledger.request("GET", "file")
    assert ledger.conduct().file_contents_requested == 1


def test_totals_pass_through_json_and_add_up() -> None:
    first, second = filled(), filled()
    second.restore(json.loads(json.dumps(first.totals())))
    conduct = second.conduct()
    assert (conduct.requests, second.contacts, conduct.addresses_contacted) == ({"GET": 4, "PROPFIND": 2}, 10, 4)
    assert (conduct.refused_bodies, conduct.largest_refused_body) == (4, 1000)
    fresh = Ledger()
    fresh.restore(first.totals())
    assert fresh.conduct() == first.conduct()
    fresh.restore({})
    assert fresh.conduct() == first.conduct()


def test_every_contact_reaches_every_sink() -> None:
    ledger, seen = Ledger(), []
    ledger.sinks += [seen.append, seen.append]
    ledger.record(CONTACT)
    assert seen == [CONTACT, CONTACT]


def test_a_log_line_is_one_object_with_the_fields_of_the_contract() -> None:
    expected = {"time": "2019-02-18T06:00:00.000000Z", "source": "192.0.2.250", "address": "192.0.2.7", "port": 80,
                "host": None, "verb": "GET", "path_class": "directory", "sent": 100, "received": 200, "outcome": "200"}
    assert expected == json.loads(log_line(CONTACT))


def test_nothing_foreign_can_forge_a_line() -> None:
    evil = 'x"}\n{"time": "\r\x1b[31m\u2028\u202e\ud800\x00'
    line = log_line(replace(CONTACT, host=evil, outcome=evil))
    assert line.isascii()
    assert line.isprintable()
    assert evil == json.loads(line)["host"]


def test_a_million_addresses_stay_small() -> None:
    ledger = Ledger()
    for block in range(4096):
        ledger._seen[block] = (1 << 256) - 1
    assert ledger.addresses == 1 << 20
