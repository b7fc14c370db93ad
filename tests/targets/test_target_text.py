"""The forms in which a target may be written, and what is refused with which remedy."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import TargetError
from scanner.targets import Exclusion, Span, Target, parse, parse_exclusion, read_list


def span(text: str) -> tuple[Span, ...]:
    first, _, last = text.partition("-")
    return (Span(ip_address(first), ip_address(last or first)),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.7", {"networks": span("192.0.2.7")}),
        ("2001:DB8::7", {"networks": span("2001:db8::7")}),
        ("2001:db8::1:80", {"networks": span("2001:db8::1:80")}),
        ("::1", {"networks": span("::1")}),
        ("192.0.2.0/24", {"networks": span("192.0.2.0-192.0.2.255")}),
        ("192.0.2.7/32", {"networks": span("192.0.2.7")}),
        ("0.0.0.0/0", {"networks": span("0.0.0.0-255.255.255.255")}),
        ("2001:db8::/112", {"networks": span("2001:db8::-2001:db8::ffff")}),
        ("192.0.2.1-40", {"networks": span("192.0.2.1-192.0.2.40")}),
        ("192.0.2.1-192.0.3.4", {"networks": span("192.0.2.1-192.0.3.4")}),
        ("2001:db8::1-2001:db8::ff", {"networks": span("2001:db8::1-2001:db8::ff")}),
        ("files.example.org", {"host": "files.example.org"}),
        ("Files.Example.ORG.", {"host": "files.example.org"}),
        ("localhost", {"host": "localhost"}),
        ("10-20.example.org", {"host": "10-20.example.org"}),
        ("192.0.2.1-40.example.org", {"host": "192.0.2.1-40.example.org"}),
        ("bücher.example", {"host": "xn--bcher-kva.example"}),
        ("BÜCHER.example", {"host": "xn--bcher-kva.example"}),
        ("straße.example", {"host": "xn--strae-oqa.example"}),
        ("xn--bcher-kva.example", {"host": "xn--bcher-kva.example"}),
        ("files.example.org:8080", {"host": "files.example.org", "ports": (8080,), "single": True}),
        ("192.0.2.7:80", {"networks": span("192.0.2.7"), "ports": (80,), "single": True}),
        ("[2001:db8::7]:8443", {"networks": span("2001:db8::7"), "ports": (8443,), "single": True}),
        ("http://files.example.org", {"host": "files.example.org", "ports": (80,), "tls": False, "path": "/",
                                      "scheme": "http", "single": True}),
        ("HTTPS://192.0.2.7/a/b", {"networks": span("192.0.2.7"), "ports": (443,), "tls": True, "path": "/a/b/",
                                   "scheme": "https", "single": True}),
        ("https://[2001:db8::7]:8443/x/", {"networks": span("2001:db8::7"), "ports": (8443,), "tls": True,
                                           "path": "/x/", "scheme": "https", "single": True}),
        ("http://files.example.org/å%20b/", {"host": "files.example.org", "ports": (80,), "tls": False,
                                             "path": "/%C3%A5%20b/", "scheme": "http", "single": True}),
        ("http://files.example.org/.git", {"host": "files.example.org", "ports": (80,), "tls": False,
                                           "path": "/.git/", "scheme": "http", "single": True}),
        ("s3://recordings@storage.example.org:9000",
         {"host": "storage.example.org", "ports": (9000,), "path": "/recordings/", "bucket": "recordings",
          "scheme": "s3", "single": True}),
        ("azure://devstoreaccount1/calls@192.0.2.7:10000/",
         {"networks": span("192.0.2.7"), "ports": (10000,), "path": "/devstoreaccount1/calls/", "bucket": "calls",
          "scheme": "azure", "single": True}),
        ("gs://calls@storage.example.org",
         {"host": "storage.example.org", "ports": (443, 80), "path": "/calls/", "bucket": "calls", "scheme": "gs",
          "single": True}),
        ("swift://AUTH_pbx/calls@[2001:db8::7]:8080",
         {"networks": span("2001:db8::7"), "ports": (8080,), "path": "/v1/AUTH_pbx/calls/", "bucket": "calls",
          "scheme": "swift", "single": True}),
    ],
)
def test_each_form_is_read_as_written(text: str, expected: dict[str, object]) -> None:
    assert parse(text, where="list:1") == Target(what=text, **expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [
    "127.1", "0x7f.1", "0x7F000001", "2130706433", "0177.0.0.1", "017700000001", "127.000.000.001", "1", "0",
    "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①②⑦.⓪.⓪.①", "１２７.0.0.1", "١٢٧.٠.٠.١", "127.0.0.1.", "1.2.3.4.5",
    "192.0.2.300", "files.example.0x1f", "files.example.0x", "files.7", "192.0.2.1-2.1", "127.1:80", "http://2130706433/",
    "s3://bucket@0x7f.1:80",
])
def test_what_a_resolver_takes_for_an_address_is_never_a_name(text: str) -> None:
    with pytest.raises(TargetError, match=r"ends in a number.*write the address in full"):
        parse(text, where="list:1")


@pytest.mark.parametrize(("text", "why"), [
    ("", "is empty"),
    ("a" * 5000, "is longer than 4096 characters"),
    ("files.example.org files.example.net", "white space"),
    ("ht\ntp://files.example.org/", "white space or a character"),
    ("files\tx.example.org", "white space or a character"),
    ("loca\u00adlhost", "cannot be seen"),
    ("file\u202es.example.org", "cannot be seen"),
    ("\ud800.example.org", "cannot be seen"),
    ("files\u00a0.example.org", "white space"),
    ("ⓛocalhost", "write 'localhost' if that is meant"),
    ("ｆiles.example.org", "write 'files.example.org' if"),
    ("in。example", "write 'in.example' if"),
    ("fe80::1%1", "zone id"),
    ("[fe80::1%eth0]:80", "zone id"),
    ("http://[fe80::1%25eth0]/", "zone id"),
    ("2001:db8::/32", "wider than /112.*name hosts"),
    ("2001:db8::/111", "wider than /112"),
    ("2001:db8::-2001:db8::1:0", "wider than /112"),
    ("192.0.2.7/24", "write 192.0.2.0/24, or 192.0.2.7 for"),
    ("2001:db8::7/120", "write 2001:db8::/120"),
    ("192.0.2.0/255.255.255.0", "prefix length from 0 to 32; write such as 192.0.2.0/24"),
    ("192.0.2.0/024", "prefix length"),
    ("192.0.2.0/33", "prefix length from 0 to 32"),
    ("192.0.2.0/", "prefix length"),
    ("2001:db8::/129", "prefix length from 0 to 128; write such as 2001:db8::/120"),
    ("192.0.2.0/24:80", "prefix length"),
    ("example.org/files/", "a URL begins with http://"),
    ("//example.org/", "a URL begins with http://"),
    ("::ffff:192.0.2.7", "another notation; write 192.0.2.7"),
    ("::192.0.2.7", "another notation; write 192.0.2.7"),
    ("::ffff:192.0.2.0/120", "another notation; write 192.0.2.0/24"),
    ("::/112", "another notation; write 0.0.255.255"),
    ("http://[::ffff:192.0.2.7]/", "another notation; write 192.0.2.7"),
    ("192.0.2.40-1", "ends before it begins; write 192.0.2.1-192.0.2.40"),
    ("192.0.2.1-2001:db8::1", "mixes IPv4 and IPv6"),
    ("*.example.org", "never guessed or enumerated; write each name"),
    ("a_b.example.org", "only letters, digits and inner hyphens"),
    ("-v", "no host name"),
    ("-files.example.org", "no host name"),
    ("files-.example.org", "no host name"),
    ("a..b", "no host name"),
    (".", "empty or longer than the 253"),
    ("a." * 130 + "org", "empty or longer than the 253"),
    ("a" * 64 + ".example.org", "63 at most"),
    ("xn--a.example", "broken xn-- part"),
    ("☃☃.example", "no host name"),
    ("ab--é.example", "no host name"),
    ("admin@example.org", "mail address or carries a user name"),
    ("192.0.2.1,192.0.2.2", "write one target a line"),
    ("files.example.org;ls", "write one target a line"),
    ("[::1]", "write ::1, or \\[::1\\]:443"),
    ("[::1", "bracket"),
    ("[::1]80", "bracket"),
    ("[192.0.2.7]:80", "brackets around an IPv6 address"),
    ("[files.example.org]:80", "brackets around an IPv6 address"),
    ("files.example.org:", "write a number from 1 to 65535"),
    ("files.example.org:0", "write a number from 1 to 65535"),
    ("files.example.org:080", "write a number from 1 to 65535"),
    ("files.example.org:65536", "write a number from 1 to 65535"),
    ("files.example.org:+80", "write a number from 1 to 65535"),
    ("2001:db8::7:80x", "write a number from 1 to 65535"),
    ("gopher://files.example.org/", "scheme 'gopher', which is not known; write http://.* or swift://, or host:port"),
    ("javascript://x", "scheme 'javascript'"),
    ("http:evil", "write a number"),
    ("http:///x", "empty"),
    ("http://user@files.example.org/", "before the '@'"),
    ("http://user:word@files.example.org/", "before the '@'"),
    ("http://files.example.org/?a=b", "has a query.*without the '\\?'"),
    ("http://files.example.org?a=b", "has a query"),
    ("http://files.example.org/#a", "has a fragment"),
    ("http://files.example.org\\@192.0.2.7/", "has a backslash"),
    ("http://files.example.org/a/../b/", "'.' or '..' between slashes"),
    ("http://files.example.org/a/%2E%2e", "'.' or '..' between slashes"),
    ("http://files.example.org/.", "'.' or '..' between slashes"),
    ("http://files.example.org/%zz/", "write the '%' itself as %25"),
    ("http://files.example.org/" + "a" * 2001, "more than 2000 characters"),
    ("http://evil.example%2f.example.org/", "no host name"),
    ("s3://recordings", "write s3://bucket@host:port"),
    ("s3://recordings@storage.example.org/prefix", "no host name"),
    ("s3://a/b@storage.example.org:9000", "for a bucket"),
    ("s3://@storage.example.org:9000", "for a bucket"),
    ("s3://key:word@storage.example.org:9000", "for a bucket"),
])
def test_anything_else_is_an_error_with_its_remedy(text: str, why: str) -> None:
    with pytest.raises(TargetError, match=f"^list:7: '.*{why}"):
        parse(text, where="list:7")


def test_a_path_that_looks_like_a_file_is_taken_as_its_directory_and_said_so() -> None:
    target = parse("http://files.example.org/a/call.wav", where="list:1")
    assert target.path == "/a/"
    assert target.note == "'/a/call.wav' looks like a file: its directory /a/ is asked for, files never are"


def test_an_error_shows_foreign_characters_harmlessly() -> None:
    with pytest.raises(TargetError) as caught:
        parse("\x1b[31m'x" + "y" * 100, where="list:1")
    assert str(caught.value).startswith("list:1: '\\u{1b}[31m\\u{27}xyyy")
    assert "…'" in str(caught.value)


@pytest.mark.parametrize(("text", "named"), [
    ("192.0.2.7", False), ("192.0.2.0/24", False), ("192.0.2.1-40", False),
    ("files.example.org", True), ("192.0.2.7:80", True), ("http://192.0.2.7/", True),
])
def test_the_silence_of_names_urls_and_doors_counts_as_work_left(text: str, named: bool) -> None:
    assert parse(text, where="list:1").named is named


@pytest.mark.parametrize(("text", "expected"), [
    ("192.0.2.13", Exclusion(what="192.0.2.13", networks=span("192.0.2.13"))),
    ("192.0.2.8/29", Exclusion(what="192.0.2.8/29", networks=span("192.0.2.8-192.0.2.15"))),
    ("192.0.2.1-4", Exclusion(what="192.0.2.1-4", networks=span("192.0.2.1-192.0.2.4"))),
    ("192.0.2.1-192.0.3.4", Exclusion(what="192.0.2.1-192.0.3.4", networks=span("192.0.2.1-192.0.3.4"))),
    ("2001:db8::/32", Exclusion(what="2001:db8::/32",
                                networks=span("2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"))),
    ("::ffff:192.0.2.13", Exclusion(what="::ffff:192.0.2.13", networks=span("::ffff:192.0.2.13"))),
    ("Files.Example.org.", Exclusion(what="Files.Example.org.", host="files.example.org")),
])
def test_an_exclusion_is_an_address_network_range_or_name(text: str, expected: Exclusion) -> None:
    assert parse_exclusion(text, where="list:1") == expected


@pytest.mark.parametrize(("text", "why"), [
    ("files.example.org:80", "has a port or path"),
    ("http://files.example.org/", "has a port or path"),
    ("*.example.org", "wildcard"),
    ("127.1", "ends in a number"),
    ("192.0.2.7/24", "write 192.0.2.0/24"),
    ("192.0.2.9-1", "ends before it begins"),
    ("a b", "white space"),
    ("", "is empty"),
])
def test_an_exclusion_that_is_not_clear_is_an_error(text: str, why: str) -> None:
    with pytest.raises(TargetError, match=f"^list:7: '.*{why}"):
        parse_exclusion(text, where="list:7")


def test_a_list_has_comments_blank_lines_exclusions_and_any_line_end() -> None:
    lines = [b"\xef\xbb\xbf192.0.2.0/24\r\n", b"\r\n", b"# all of it\n", b"  files.example.org  # telephony\n",
             b"!192.0.2.13\n", b"- files.example.net\n", b"http://files.example.org/a/"]
    found = [(type(item).__name__, item.what, item.where) for item in read_list(lines, where="hosts.txt")]
    assert found == [
        ("Target", "192.0.2.0/24", "hosts.txt:1"),
        ("Target", "files.example.org", "hosts.txt:4"),
        ("Exclusion", "192.0.2.13", "hosts.txt:5"),
        ("Exclusion", "files.example.net", "hosts.txt:6"),
        ("Target", "http://files.example.org/a/", "hosts.txt:7"),
    ]


def test_a_list_of_text_lines_is_read_like_one_of_bytes() -> None:
    found = [item.what for item in read_list(["\ufeff192.0.2.7\n", "192.0.2.8"], where="-")]
    assert found == ["192.0.2.7", "192.0.2.8"]


@pytest.mark.parametrize(("line", "why"), [
    (b"\xff\xfe1\x009\x00", r"'\\xff\\xfe1\\x009\\x00' is not UTF-8; save the list as UTF-8"),
    (b"192.0.2.7 192.0.2.8", "white space"),
    (b"x" * 5000, "longer than 4096 characters"),
    (b"http://files.example.org/#top", "has a fragment"),
    (b"!", "is empty"),
    ("\ufeff192.0.2.7", "cannot be seen"),
])
def test_a_bad_line_of_a_list_is_named_by_its_number(line: bytes | str, why: str) -> None:
    with pytest.raises(TargetError, match="^hosts.txt:2: .*" + why):
        list(read_list([b"192.0.2.7\n", line], where="hosts.txt"))


def outcome(text: str) -> Target | str:
    try:
        return parse(text, where="list:1")
    except TargetError as error:
        return str(error)


LIKELY = st.text(alphabet="aB19.:/-[]@%?#*_\\~ ::é。１\u202e\n", max_size=30)


@given(st.one_of(st.text(max_size=40), LIKELY, LIKELY.map("http://".__add__), LIKELY.map("s3://b@".__add__)))
def test_any_text_is_a_target_or_one_printable_line_of_error(text: str) -> None:
    found = outcome(text)
    if isinstance(found, str):
        assert found.isprintable()
        return
    assert bool(found.networks) != bool(found.host)
    assert found.host is None or found.host.isascii()
    assert found.path is None or (found.path.startswith("/") and found.path.endswith("/") and found.path.isascii())


@given(st.ip_addresses())
def test_an_address_is_read_as_ipaddress_reads_it(address: IPv4Address | IPv6Address) -> None:
    found = outcome(str(address))
    if isinstance(found, str):
        assert "another notation" in found
    else:
        assert found.networks == (Span(address, address),)
