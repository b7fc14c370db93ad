"""Elements of XML as a stream, and what is refused."""

from __future__ import annotations

import gc
import weakref

import pytest

from scanner.listing.xml.elements import ATTRIBUTES, DEPTH, NAMES, PIECE, TAG, TEXT, Elements, Event
from scanner.listing.xml.plain import raw
from scanner.listing.xml.trees import Trees


def read(body: bytes, step: int = 0, flowing: frozenset[str] = frozenset()) -> tuple[Elements, list[Event]]:
    one = Elements(flowing)
    events: list[Event] = []
    for at in range(0, len(body), step or len(body) or 1):
        events += one.feed(body[at:at + (step or len(body))])
    return one, events + one.close()


def texts(body: bytes, name: str = "n") -> list[bytes]:
    return [event.text for event in read(body)[1] if event.name == name and not event.begins]


def test_elements_have_local_names_and_text_after_their_last_child() -> None:
    one, events = read(b'<D:a xmlns:D="DAV:" D:b="1">x<c/>y<D:d>z&amp;&#xe5;</D:d> </D:a>')
    assert (one.root, one.ended, one.refused) == ("a", True, "")
    assert [(event.begins, event.depth, event.name, event.text) for event in events] == [
        (True, 1, "a", b""), (True, 2, "c", b""), (False, 2, "c", b""), (True, 2, "d", b""),
        (False, 2, "d", "z&å".encode()), (False, 1, "a", b" ")]
    assert events[0].attributes["b"] == b"1"


REFUSED = {
    b'<!DOCTYPE a><a/>': "a document type",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>': "a document type",
    b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://192.0.2.1/x"> %b;]><a/>': "a document type",
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>': "a document type",
    b"<a>&b;</a>": "ill-formed XML: undefined entity",
    b"<a><b></a>": "ill-formed XML: mismatched tag",
    b"<a" * 3: "ill-formed XML: not well-formed (invalid token)",
    b"<a><b>": "the XML is cut",
    b"<a><b": "the XML is cut",
    b"": "the XML is cut",
    b"\0" * 5000: "ill-formed XML: not well-formed (invalid token)",
    b"plain text": "ill-formed XML: syntax error",
    b"<a>" * 200_000: f"elements more than {DEPTH} deep",
    b"<a " + b" ".join(b'b%d="1"' % i for i in range(ATTRIBUTES + 1)) + b"/>":
        f"more than {ATTRIBUTES} attributes in a tag",
    b"<a " + b" ".join(b'b%d="1"' % i for i in range(100_000)) + b"/>": f"a tag of more than {TAG} bytes",
    b'<a b="' + b">" * 2**20 + b'"/>': f"a tag of more than {TAG} bytes",
    b"<a><!--" + b"x" * 2**20: f"a tag of more than {TAG} bytes",
    b"<?" + b"x" * 2**20: f"a tag of more than {TAG} bytes",
    b"<" + b"x" * 2**20: f"a tag of more than {TAG} bytes",
    b"<a>" + b"x" * 2**20: f"more than {TEXT} characters of text in an element",
    b"<a><![CDATA[" + b"x" * 2**20: f"more than {TEXT} characters of text in an element",
    b"<a>" + b"".join(b"<b%d/>" % i for i in range(10_000)):
        f"more than {NAMES} different names of elements and attributes",
}


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: f"{body[:24]!r} of {len(body)}")
def test_what_listings_never_hold_is_refused_with_its_reason(body: bytes) -> None:
    one, _ = read(body)
    assert one.refused == REFUSED[body]


@pytest.mark.parametrize("body", [
    *(body for body in REFUSED if len(body) < 100_000), b"<a>" + b"<n>x</n>" * 1000 + b"</b>",
    "<a><n>\xe5\u1234\U00012345</n></a>".encode(), "<?xml version='1.0'?><a><n>å</n></a>".encode("utf-16"),
    b"<a><n>\xff&#1;&#x41;\xe2\x82</n></a>" * 1], ids=lambda body: f"{body[:24]!r} of {len(body)}")
def test_the_events_do_not_depend_on_how_the_bytes_were_cut(body: bytes) -> None:
    whole, events = read(body)
    for step in (1, 3, 500, PIECE, PIECE + 1):
        one, others = read(body, step)
        assert (one.refused, one.root, one.ended) == (whole.refused, whole.root, whole.ended)
        assert others == events


def test_what_was_complete_before_a_fault_stays() -> None:
    one, events = read(b"<a><n>1</n><n>2</n><n>3</b>")
    assert [event.text for event in events if not event.begins] == [b"1", b"2"]
    assert one.refused == "ill-formed XML: mismatched tag"


def test_what_follows_the_root_is_of_no_account() -> None:
    one, events = read(b"<a/>\n\0garbage<!DOCTYPE x>" + b"<b>" * 100)
    assert (one.ended, one.refused, len(events)) == (True, "", 2)


CHARSETS = {
    "ascii": b"<a><n>x</n></a>",
    "utf-8 with a mark": b"\xef\xbb\xbf<a><n>x</n></a>",
    "blank lines first": b"\r\n \n<?xml version='1.0' encoding='utf-8'?><a><n>x</n></a>",
    "unknown": b"<?xml version='1.0' encoding='x-none'?><a><n>x</n></a>",
    "a codec that is no character set": b"<?xml version='1.0' encoding='zlib'?><a><n>x</n></a>",
    "a very long one": b"<?xml version='1.0' encoding='" + b"x" * 5000 + b"'?><a><n>x</n></a>",
    "utf-16 declared in ascii": b"<?xml version='1.0' encoding='utf-16'?><a><n>x</n></a>",
    "utf-16 without mark": "<?xml version='1.0' encoding='utf-16'?><a><n>x</n></a>".encode("utf-16-le"),
    "version 1.1": b"<?xml version='1.1'?><a><n>x</n></a>",
}


@pytest.mark.parametrize("body", CHARSETS.values(), ids=CHARSETS)
def test_a_strange_character_set_hides_no_ascii(body: bytes) -> None:
    assert texts(body) == [b"x"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "koi8-r", "shift_jis", "gb18030"])
def test_declared_character_sets_are_read(charset: str) -> None:
    word = {"koi8-r": "звонок", "shift_jis": "録音", "gb18030": "录音"}.get(charset, "år")
    body = f"<?xml version='1.0' encoding='{charset}'?><a><n>{word}</n></a>".encode(charset)
    assert texts(body) == [word.encode()]


@pytest.mark.parametrize(("printed", "name"), [
    (b"\xe5\xff", b"\xe5\xff"), (b"a\x01b", b"a\x01b"), (b"&#1;&#x0;", b"\x01\0"), (b"\0", b"\0"),
    ("\uf7ff\uf780".encode(), "\uf7ff\uf780".encode()), (b"&#xF7FF;", "\uf7ff".encode()),
    (b"\xed\xa0\x80", b"\xed\xa0\x80"), (b"&#xd800;", b"\xed\xa0\x80"), ("\uffff".encode(), "\uffff".encode()),
    (b"&#9999999;", "\ufffd".encode()), (b"&#x41;&lt;", b"A<"), ("å\U0001f600".encode(), "å\U0001f600".encode())])
def test_every_byte_of_a_name_survives(printed: bytes, name: bytes) -> None:
    assert texts(b"<a><n>" + printed + b"</n></a>") == [name]


def test_raw_is_the_way_back_of_what_was_escaped() -> None:
    assert raw("".join(chr(0xF780 + byte) for byte in range(256))) == bytes(range(256))


def test_flowing_text_comes_in_parts_without_a_bound() -> None:
    body = b"<a><r>" + b"x&lt;" * 100_000 + b"</r></a>"
    _, events = read(body, flowing=frozenset({"r"}))
    parts = [event for event in events if not event.name]
    assert b"".join(part.text for part in parts) == b"x<" * 100_000
    assert max(len(part.text) for part in parts) <= 2 * PIECE


def test_nothing_is_kept_of_elements_that_have_ended() -> None:
    """Twice the entries are twice the bytes looked at, and no more is held."""
    for count in (10_000, 20_000):
        one = Elements()
        one.feed(b"<a>")
        given = sum(len(one.feed(b"\n <n b='1'>x</n>")) for _ in range(count))
        assert len(one._held) < PIECE
        assert 2 * count - 200 < given <= 2 * count + 1
        read = one._read
        assert (len(read._texts), len(read._open), len(read._names)) <= (1, 3, 4)


@pytest.mark.parametrize("document", [b"", b"<a><b>half", b"<html><br></html>", b"<!DOCTYPE x>", b"<a/>"])
def test_a_reader_that_is_dropped_half_way_is_gone_at_once(document: bytes) -> None:
    """It is not left to the garbage collector, which comes late to what has grown old."""
    gc.disable()
    try:
        one = Elements()
        one.feed(document * 100)
        seen = weakref.ref(one)
        del one
        assert seen() is None
    finally:
        gc.enable()


def test_trees_are_the_outermost_elements_of_the_wanted_names() -> None:
    trees = Trees(frozenset({"b", "c"}))
    found = trees.feed(b"<a k='v'><x><b i='1'> t <b><c/></b><d>u</d></b></x><c>w</c></a>") + trees.close()
    assert [(tree.name, tree.above, tree.text) for tree in found] == [("b", "x", b""), ("c", "a", b"w")]
    assert (found[0].value("d"), found[0].first("b", "c") is not None, found[0].value("e", "f")) == (b"u", True, b"")
    assert (trees.root, trees.attributes) == ("a", {"k": b"v"})
    assert found[0].shape == "<b i><b><d>"


def test_an_entry_without_end_is_refused() -> None:
    trees = Trees(frozenset({"b"}))
    found = trees.feed(b"<a><b>1</b><b>" + b"<c>x</c>" * 100_000)
    assert [tree.text for tree in found] == [b"1"]
    assert (trees.refused, trees.done) == ("an entry of more than 262144 bytes", True)
