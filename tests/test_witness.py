"""The witness itself: what it lets pass, and that nothing else does."""

from __future__ import annotations

import pytest

from scanner.net.http import Browse, Request, Verb
from tests.witness import UnfitError, judge, unfit, unfit_bytes

BROWSE = Browse("0").render()


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("GET", "/", b""), ("GET", "/a/b%20c/?C=M;O=D", b""), ("HEAD", "/a/", b""), ("OPTIONS", "/", b""),
        ("OPTIONS", "*", b""), ("GET", "/robots.txt", b""), ("PROPFIND", "/a/", b'<propfind xmlns="DAV:"/>'),
        ("POST", "/ctl/ContentDir", BROWSE),
    ],
)
def test_what_a_scan_may_send_passes(verb, path, body):
    assert unfit(verb, path, body) is None


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("GET", "/a.wav", b""), ("GET", "/a.wav?x=/", b""), ("HEAD", "/a.wav", b""), ("PUT", "/", b""),
        ("DELETE", "/a/", b""), ("POST", "/", b""), ("POST", "/login", b"user=a"), ("MKCOL", "/a/", b""),
        ("POST", "/ctl", BROWSE.replace(b"Browse", b"DestroyObject")), ("GET", "/a/", b"x"),
        ("PROPFIND", "/a/", b"<propertyupdate/>"), ("PROPFIND", "/a.wav", b""), ("CONNECT", "example.org:443", b""),
    ],
)
def test_what_it_may_not_send_is_told(verb, path, body):
    assert unfit(verb, path, body) is not None


@pytest.mark.parametrize(
    "request_",
    [
        Request(Verb.GET, "/a/", "h"), Request(Verb.PROPFIND, "/a/", "h"),
        Request(Verb.BROWSE, "/c", "h", browse=Browse("0")),
    ],
    ids=["get", "propfind", "browse"],
)
def test_what_the_factory_makes_passes_over_the_wire(request_):
    assert unfit_bytes(request_.render("agent")) is None


def test_the_start_of_tls_is_no_request():
    assert unfit_bytes(b"\x16\x03\x01\x02\x00") is None


def test_all_that_is_unfit_is_told_at_once():
    with pytest.raises(UnfitError, match=r"GET /a\.wav.*; PUT /"):
        judge([unfit("PUT", "/"), None, unfit("GET", "/a.wav"), unfit("GET", "/a.wav")])
