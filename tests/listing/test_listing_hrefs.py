"""What a link in a listing of /calls/ points to: the traps that names and servers set."""

from __future__ import annotations

import pytest

from scanner.listing.hrefs import Base, Where

HOST = "files.example.org:8080"


def child(href: bytes, text: bytes, path: str = "/calls/") -> tuple[bytes, bool] | None:
    """Name and slash of a child; None where the link is none."""
    link = Base(path, HOST).link(href, text)
    return (link.name, link.slash) if link.where is Where.CHILD else None


@pytest.mark.parametrize(("href", "text", "expected"), [
    (b"070-1740605.wav", b"070-1740605.wav", (b"070-1740605.wav", False)),
    (b"2013/", b"2013/", (b"2013", True)),
    (b"2013", b"2013/", (b"2013", True)),                                       # the slash only in the text
    (b"./2013/", b"2013/", (b"2013", True)),
    (b"/calls/2013/", b"2013/", (b"2013", True)),
    (b"/calls/./2013", b"2013/", (b"2013", True)), (b"/./calls/a.wav", b"a.wav", (b"a.wav", False)),
    (b"&#47;calls&#47;2013&#47;", b"2013/", (b"2013", True)),
    (b"http://files.example.org:8080/calls/2013/", b"2013/", (b"2013", True)),
    (b"//FILES.example.org:8080/calls/2013/", b"2013/", (b"2013", True)),
    (b"long-070174..&gt;", b"long-070174..>", (b"long-070174..>", False)),
    (b"long-0701740605.wav", b"long-0701..>", (b"long-0701740605.wav", False)),  # the visible text is cut
    (b"a%20b.wav", b"a b.wav", (b"a b.wav", False)),
    (b"%20leading.wav", b" leading.wav", (b" leading.wav", False)),
    (b" leading.wav", b" leading.wav", (b" leading.wav", False)),               # a server that escapes nothing
    (b"literal%20%2525.wav", b"literal %25.wav", (b"literal %25.wav", False)),
    (b"literal %25.wav", b"literal %25.wav", (b"literal %25.wav", False)),
    (b"a%252Fb.wav", b"a%2Fb.wav", (b"a%2Fb.wav", False)),
    (b"a%2Fb.wav", b"a%2Fb.wav", (b"a%2Fb.wav", False)),                        # no name holds a slash
    (b"a+b.wav", b"a+b.wav", (b"a+b.wav", False)),
    (b"a;b.wav", b"a;b.wav", (b"a;b.wav", False)),
    (b"back\\slash.wav", b"back\\slash.wav", (b"back\\slash.wav", False)),
    (b"back%5Cslash.wav", b"back\\slash.wav", (b"back\\slash.wav", False)),
    (b"trailing..", b"trailing..", (b"trailing..", False)),
    (b"javascript:alert(1).wav", b"javascript:alert(1).wav", (b"javascript:alert(1).wav", False)),
    (b"javascript%3Aalert(1).wav", b"javascript:alert(1).wav", (b"javascript:alert(1).wav", False)),
    (b"colon:12:30.wav", b"colon:12:30.wav", (b"colon:12:30.wav", False)),
    (b"./colon:12:30.wav", b"colon:12:30.wav", (b"colon:12:30.wav", False)),
    (b"12:30.wav", b"", (b"12:30.wav", False)),                                 # a scheme begins with a letter
    (b"q?mark=1.wav", b"q?mark=1.wav", (b"q?mark=1.wav", False)),
    (b"hash#tag.wav", b"hash#tag.wav", (b"hash#tag.wav", False)),
    (b"a.wav?download=1", b"a.wav", (b"a.wav", False)),
    (b"Parent%20Directory.wav", b"Parent Directory.wav", (b"Parent Directory.wav", False)),
    (b"A&amp;B.wav", b"A&B.wav", (b"A&B.wav", False)),
    (b"amp&amp;entity.wav", b"amp&amp;entity.wav", (b"amp&amp;entity.wav", False)),    # ampersands not escaped
    (b"%ED%B3%A5.wav", b"\xe5.wav", (b"\xed\xb3\xa5.wav", False)),              # Python's half surrogates
    (b"%E5.wav", b"\xe5.wav", (b"\xe5.wav", False)),
    (b"\xc3\xa5.wav", b"\xc3\xa5.wav", (b"\xc3\xa5.wav", False)),
    (b"new%0Aline.wav", b"new\nline.wav", (b"new\nline.wav", False)),
    (b"%00.wav", b"", (b"\0.wav", False)),
    (b"index.html", b"The report", (b"index.html", False)),
])
def test_a_name_is_read_from_its_link(href: bytes, text: bytes, expected: tuple[bytes, bool]) -> None:
    assert expected == child(href, text)


@pytest.mark.parametrize(("href", "text"), [
    (b"", b"calls"), (b"#", b"top"), (b"?C=N;O=D", b"Name"), (b"?C=N&amp;O=D", b"Name"),
    (b"?sort=name&order=asc", b"Name"),
    (b"/calls/?C=M", b"Date"), (b"./", b"."), (b".", b"."), (b"..", b".."),
    (b"../", b".."), (b"/", b"Parent Directory"),
    (b"/calls/", b"calls"), (b"%2e%2e/", b"up"),
    (b"%2e", b"."), (b"/other/x.wav", b"x.wav"),
    (b"2013/x.wav", b"x.wav"),
    (b"http://other.example.org/calls/x.wav", b"x.wav"), (b"//other.example.org/calls/x.wav", b"x.wav"),
    (b"javascript:void(0)", b"Sort"), (b"mailto:root@example.org", b"mail"), (b"2013/?zip=crc", b"zip"),
    (b"data:text/html,x", b"x"), (b"/callsx/y.wav", b"y.wav"), (b"https://", b"x"), (b"http://[::1", b"x")])
def test_sort_links_parents_and_links_elsewhere_are_no_children(href: bytes, text: bytes) -> None:
    assert child(href, text) is None


@pytest.mark.parametrize(("href", "path"), [
    (b"../", "/"), (b"/other/../x/", "/x/"), (b"a/b/", "/calls/a/b/"), (b"/a%20b/c d/", "/a%20b/c%20d/"),
    (b"http://files.example.org:8080", "/"), (b"http://other.example.org/", None), (b"mailto:x", None),
    (b"/../../etc/", "/etc/"), (b"/%2e%2e/x/", "/x/"), (b"//other/x/", None),
    (b"\\\\other\\x", "/calls/%5C%5Cother%5Cx"),
    (b"/a//b/", "/a/b/"), (b"/x?y=/z/", "/x")])
def test_a_path_is_normal_quoted_and_of_this_host(href: bytes, path: str | None) -> None:
    assert path == Base("/calls/", HOST).link(href).path


def test_a_quoted_path_that_was_asked_for_is_the_same_as_its_other_spellings() -> None:
    assert child(b"/dir%20%c3%a5/x.wav", b"x.wav", path="/dir%20%C3%A5/") == (b"x.wav", False)


def test_a_page_may_say_what_its_links_are_relative_to() -> None:
    base = Base("/app/", HOST)
    base.rebase(b"/app/files/")
    assert base.link(b"x/").path == "/app/files/x/"
    assert base.link(b"../2013/", b"2013/").where is not Where.CHILD


@pytest.mark.parametrize(("href", "path"), [
    (b"http://files.example.org:8080/x/", "/x/"), (b"HTTP://FILES.Example.ORG:8080/x/", "/x/"),
    (b"//files.example.org:8080/x/", "/x/"), (b"http://files.example.org/x/", None), (b"//other.example.org/x/", None),
    (b"///x/", None), (b"http:/x/", None), (b"http:x/", None), (b"http://", None), (b"//", None),
    (b"http://user:pw@files.example.org:8080/x/", None), (b"http://files.example.org:8080@other.example.org/x/", None),
    (b"/\\other.example.org/x/", None), (b"\\/other.example.org/x/", None),
    (b"/x/\ty/", "/x/y/"), (b"/x\r\n/y/", "/x/y/"), (b"ht\ntp://other.example.org/x/", None),
    (b"%2e%2e/%2E%2e/x/", "/x/"), (b"/../../x/", "/x/"), (b"/x/..;/y/", None), (b"..;/..;/x/", None),
    (b"/x;jsessionid=1A2B/y/", "/x/y/"), (b"/x;v=1/y/", "/x;v=1/y/"), (b"/x/#f", "/x/"), (b"/x/?C=M;O=D", "/x/"),
    (b"javascript:alert(1)/", None), (b"mailto:x@example.org/", None), (b"data:text/html,x/", None),
])
def test_a_link_elsewhere_is_a_path_of_this_host_or_nothing(href: bytes, path: str | None) -> None:
    assert path == Base("/calls/", HOST).link(href, b"more").path


@pytest.mark.parametrize(("host", "href", "path"), [
    ("files.example.org", b"http://files.example.org:80/x/", "/x/"),
    ("files.example.org", b"https://files.example.org:443/x/", "/x/"),
    ("files.example.org", b"http://files.example.org:443/x/", None),
    ("files.example.org", b"//files.example.org:80/x/", "/x/"),
    ("files.example.org", b"http://files.example.org:8080/x/", None),
    ("[2001:db8::7]:8080", b"http://[2001:db8::7]:8080/x/", "/x/"),
])
def test_the_usual_port_may_be_written_or_not(host: str, href: bytes, path: str | None) -> None:
    assert path == Base("/calls/", host).link(href, b"more").path


def test_a_base_elsewhere_gives_no_path_here() -> None:
    base = Base("/calls/", HOST)
    base.rebase(b"http://other.example.org/x/")
    assert "/calls/" == base.here
    base.rebase(b"/x/y")
    assert "/x/z/" == base.link(b"z/", b"more").path
