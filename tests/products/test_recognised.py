"""What follows from the recognition of a product: one more ask where it documents an endpoint, else a sentence."""

from __future__ import annotations

import pytest

from scanner.model import Ask, Asked
from scanner.probes.ways import is_known
from scanner.scan.products import asks, told
from scanner.signature import load

KNOWN = load()
DUFS = {"http.head": '<link rel="stylesheet" href="/__dufs_v0.47.0__/index.css">'}
LAB = {"http.server": "TornadoServer/6.6.1", "http.location": "/of/lab/lab"}
SYNCTHING = {"http.headers": "date x-syncthing-id x-syncthing-version"}


@pytest.mark.parametrize(("facts", "path", "wanted"), [
    (DUFS, "/", [("/", "dufs")]),
    (DUFS, "/calls/", [("/calls/", "dufs")]),
    (LAB, "/", [("/of/lab/", "jupyter:/of/lab/")]),
    (SYNCTHING, "/", []),
    ({"http.title": "Home"}, "/", []),
    ({**DUFS, "listing.rows": "3"}, "/", []),
], ids=["the root", "below", "elsewhere", "needs a token", "a home page", "a listing"])
def test_a_recognised_product_is_asked_once_more(facts, path, wanted) -> None:
    found = asks(KNOWN, Ask(path, Asked.ROOT), facts)
    assert wanted == [(ask.path, ask.way) for ask in found]
    assert all(is_known(ask.way) and ask.reason is Asked.PRODUCT for ask in found)


def test_what_was_asked_at_an_endpoint_is_not_asked_again() -> None:
    assert [] == asks(KNOWN, Ask("/", Asked.PRODUCT, way="dufs"), DUFS)


def test_what_a_product_would_need_is_told() -> None:
    assert ["Syncthing: recognised; its names are given away with a token only, which is not tried"] == \
        told(KNOWN, SYNCTHING)
    assert ["dufs 0.47.0: recognised"] == told(KNOWN, DUFS)


NEXTCLOUD = {"http.cookie": "__Host-nc_sameSiteCookielax __Host-nc_sameSiteCookiestrict oc_sessionPassphrase"}
OWNCLOUD = {"http.cookie": "oc_sessionPassphrase ocabcdefghij"}


@pytest.mark.parametrize(("facts", "path", "reason", "wanted"), [
    (NEXTCLOUD, "/s/AbCdEf123/", Asked.TARGET, ["/public.php/dav/files/AbCdEf123/"]),
    (NEXTCLOUD, "/cloud/index.php/s/AbCdEf123/", Asked.TARGET, ["/cloud/public.php/dav/files/AbCdEf123/"]),
    (OWNCLOUD, "/s/AbCdEf123/", Asked.TARGET, ["/remote.php/dav/public-files/AbCdEf123/"]),
    (NEXTCLOUD, "/s/AbCdEf123/", Asked.LINK, []),
    (NEXTCLOUD, "/s/", Asked.TARGET, []),
    (NEXTCLOUD, "/", Asked.ROOT, []),
    ({"http.title": "Songs"}, "/s/AbCdEf123/", Asked.TARGET, []),
], ids=["nextcloud", "below a path", "owncloud", "a link on a page", "no link", "the root", "another site"])
def test_only_a_public_link_that_the_scope_names_is_asked_for(facts, path, reason, wanted) -> None:
    found = asks(KNOWN, Ask(path, reason), facts)
    assert wanted == [ask.path for ask in found]
    assert all(ask.way == "dav" and is_known(ask.way) for ask in found)
