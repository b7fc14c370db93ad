"""Names are read from certificates that openssl made, and from nothing that only looks like one."""

from __future__ import annotations

import random
import ssl
import subprocess
from pathlib import Path

import pytest

from scanner.net.certificate import names


def made(folder: Path, subject: str, alternatives: str = "", *, v1: bool = False) -> bytes:
    """A certificate in DER."""
    cert = folder / "c.pem"
    more = ["-addext", f"subjectAltName={alternatives}"] if alternatives else []
    more += ["-x509v1"] if v1 else []
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", folder / "k.pem", "-out", cert, "-days", "2", "-utf8", "-subj", subject, *more],
                   check=True, capture_output=True)
    return ssl.PEM_cert_to_DER_cert(cert.read_text())


@pytest.mark.parametrize(("subject", "alternatives", "expected"), [
    ("/CN=files.example.org", "", ("files.example.org",)),
    ("/CN=Files.Example.ORG", "DNS:files.example.org,DNS:www.example.org", ("files.example.org", "www.example.org")),
    ("/O=Example/CN=last.example.org", "DNS:first.example.org", ("first.example.org", "last.example.org")),
    ("/CN=*.example.org", "DNS:*.example.org,DNS:a.example.org,IP:192.0.2.7,email:a@example.org,URI:https://b.example.org/",
     ("a.example.org",)),
    ("/CN=Storage of the clinic", "", ()), ("/CN=192.0.2.7", "", ()), ("/CN=nas", "", ("nas",)), ("/O=Example", "", ()),
    ("/CN=xn--bcher-kva.example", "DNS:under_score.example.org", ("under_score.example.org", "xn--bcher-kva.example")),
    ("/CN=b\u00fccher.example", "", ()),
])
def test_host_names_are_read(tmp_path, subject, alternatives, expected):
    assert expected == names(made(tmp_path, subject, alternatives))


def test_forty_names_are_taken(tmp_path):
    many = ",".join(f"DNS:n{i}.example.org" for i in range(120))
    assert tuple(f"n{i}.example.org" for i in range(40)) == names(made(tmp_path, "/CN=x.example.org", many))


def test_whatever_the_bytes_nothing_rises(tmp_path):
    whole = made(tmp_path, "/CN=files.example.org", "DNS:www.example.org")
    chance = random.Random(7)
    for cut in range(len(whole)):
        assert set(names(whole[:cut])) <= {"files.example.org", "www.example.org"}
    for _ in range(3_000):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        assert all(isinstance(name, str) and len(name) <= 253 for name in names(bytes(broken)))


@pytest.mark.parametrize("der", [
    b"", b"0", b"0\x80", b"0\x84\xff\xff\xff\xff", b"\x30\x03\x30\x01\x30", b"\x30\x82" * 50_000, b"\x1f" * 1000,
    b"\x30\x83\x01\xff\xfb" + b"\x30\x00" * 65_000,
])
def test_what_is_no_certificate_has_no_names(der):
    assert () == names(der)
