"""What stands for messages and mailboxes: numbered names, marks that tell mailboxes apart, modified UTF-7."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scanner.census import Folder
from scanner.probes.mail.mailbox import decoded, encoded, path_of, quoted, raw_of
from scanner.probes.mail.messages import BATCH, mark, numbered
from scanner.signature import load
from tests.fakes import endpoint

KNOWN = load()


@pytest.mark.parametrize(("raw", "text"), [
    (b"INBOX", "INBOX"), (b"R&APY-st", "Röst"), (b"&ZeVnLIqe-", "日本語"), (b"A&-B", "A&B"), (b"&2D3eAA-", "😀"),
    (b"a&b", None), (b"&APY", None), (b"&AP-", None), (b"&2D0-", None), (b"R\xc3\xb6st", None), (b"&!!!!-", None)])
def test_modified_utf7_is_read(raw: bytes, text: str | None) -> None:
    assert text == decoded(raw)
    assert text is None or encoded(text) == raw


@pytest.mark.parametrize(("raw", "path"), [
    (b"INBOX", "/INBOX/"), (b"R&APY-st", "/R%C3%B6st/"), (b"a/b c", "/a%2Fb%20c/"), (b"a&b", "/a%26b/"),
    (b"A&-B&APY-", "/A%26-B%26APY-/"), (b"\xff\xfe", "/%FF%FE/"), (b"&AGE-", "/%26AGE-/"), (b"a\r\nb", "/a%0D%0Ab/"),
    (b"", None), (b".", None), (b"..", None)])
def test_a_mailbox_has_a_path(raw: bytes, path: str | None) -> None:
    assert path == path_of(raw)


@given(st.binary())
@example(b"\xc2\x80\x00")
@example(b"&AOkACg-")
def test_a_path_leads_back_to_the_name_that_the_server_gave(raw: bytes) -> None:
    path = path_of(raw)
    if path is None:
        return
    assert path.isascii()
    assert (path[0], path[-1], path.count("/")) == ("/", "/", 2)
    back = raw_of(path)
    if set(raw) & set(b"\r\n\0"):
        assert back is None
    elif raw.isascii() or b"&" in raw or decodes_not(raw):
        assert raw == back


def decodes_not(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return True
    return False


@given(st.text())
def test_text_becomes_modified_utf7_and_text_again(text: str) -> None:
    raw = encoded(text)
    assert raw.isascii()
    assert raw.decode().isprintable()
    if text.isprintable():
        assert text == decoded(raw)


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_the_path_of_what_a_server_writes_as_it_should_leads_back(text: str) -> None:
    raw = encoded(text)
    path = path_of(raw)
    assert path is None or raw_of(path) == raw


@given(st.binary())
def test_a_quoted_name_is_one_string_on_one_line(raw: bytes) -> None:
    if set(raw) & set(b"\r\n\0"):
        with pytest.raises(ValueError, match="line end"):
            quoted(raw)
        return
    inside = quoted(raw)[1:-1].replace(b"\\\\", b"").replace(b'\\"', b"")
    assert not set(inside) & set(b'"\\')


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 10_000])
def test_messages_are_numbered_in_batches(count: int) -> None:
    batches = list(numbered(b"bdfgh", count))
    assert [b"bdfgh-%d.eml" % number for number in range(1, count + 1)] == [n for b in batches for n in b.names]
    assert {True} >= {0 < len(batch) <= BATCH for batch in batches}


def test_a_mark_is_a_mailboxs_own_at_its_host_whatever_the_port() -> None:
    here, there = endpoint(143), endpoint(143, address="192.0.2.8")
    assert mark(here, b"INBOX") == mark(replace(here, port=995, tls=True), b"inbox")
    assert 4 == len({mark(here, b"INBOX"), mark(here, b"Sent"), mark(there, b"INBOX"),
                     mark(replace(here, host="mail.example.org"), b"INBOX")})


@pytest.mark.parametrize("count", [1, 12, 2000])
def test_numbered_messages_are_mail_and_nobody(count: int) -> None:
    for mailbox in (b"INBOX", b"Sent", b"R&APY-st", b"tolvan.testsson@example.org", b"070-1740605"):
        folder = Folder(KNOWN, regions=("SE",), key=b"\1" * 32, path="/INBOX/", now=1_550_478_612)
        for batch in numbered(mark(endpoint(143), mailbox), count):
            folder.add(batch)
        census = folder.close(complete=True, cut_by=None)
        assert ({"mail"}, {}, count) == (set(census.kinds), dict(census.people), census.files)
