"""What NFS, mountd, the portmapper and RPC say, as bytes: tables, and any bytes at all."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scanner.errors import NetError, ProtocolError
from scanner.probes.nfs import mount, portmap, rpc, session, wire3, wire4
from scanner.probes.nfs.export import (
    Export,
    covering,
    joined,
    leading,
    listed,
    paired,
    segments,
)
from scanner.probes.nfs.folder import Circle
from scanner.probes.nfs.mount import Listed, Mounted
from scanner.probes.nfs.portmap import Program
from scanner.probes.nfs.procedures import Operation, Procedure
from scanner.probes.nfs.rows import Page
from scanner.probes.nfs.rpc import Credential, DeniedError, StrangeError, UnavailableError
from scanner.probes.nfs.status import RefusedError, meant
from scanner.probes.nfs.xdr import Reader, long, opaque, word, words

# ---- what the client can say at all


def test_the_client_can_call_these_procedures_and_no_other():
    """Of mount neither DUMP nor UMNTALL; of NFS 3 no READ (6), READLINK (5), WRITE, CREATE, REMOVE or any other."""
    assert {(100000, 2, 3), (100000, 2, 4), (100000, 3, 4), (100005, 3, 1), (100005, 3, 3), (100005, 3, 5),
            (100003, 3, 0), (100003, 3, 1), (100003, 3, 3), (100003, 3, 16), (100003, 3, 17), (100003, 4, 1),
            } == {procedure.value for procedure in Procedure}


def test_a_compound_can_hold_these_operations_and_no_other():
    """No OPEN (18), READ (25), READLINK (27), WRITE (38), CREATE, REMOVE, LOOKUPP or any other."""
    assert {9, 10, 15, 22, 24, 26} == {operation.value for operation in Operation if operation < 40}
    assert {42, 43, 44, 53, 57} == {operation.value for operation in Operation if operation >= 40}


def test_there_is_one_user_to_be():
    assert {"NONE", "SYS"} == set(Credential.__members__)
    assert (65534, b"earshot") == (rpc.NOBODY, rpc.MACHINE)


# ---- XDR (RFC 4506)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.binary(max_size=99), st.lists(st.integers(0, 9)))
def test_what_is_written_is_read_again(small, large, data, many):
    reader = Reader(word(small) + long(large) + opaque(data) + words(many))
    assert (small, large, data, many, 0) == (reader.word(), reader.long(), reader.opaque(99), reader.words(999),
                                             reader.left)


@pytest.mark.parametrize(("data", "take"), [
    (b"\0\0\0", Reader.word), (bytes(7), Reader.long), (word(2), Reader.truth), (b"", Reader.truth),
    (word(0xFFFFFFFF), lambda reader: reader.opaque(1 << 20)), (word(5) + b"abcde", lambda reader: reader.opaque(9)),
    (word(6) + b"abcdef\0\0", lambda reader: reader.opaque(5)), (word(3), lambda reader: reader.words(2)),
    (word(0xFFFFFFFF), lambda reader: reader.words(1 << 20)), (word(1) * 4, lambda reader: [*reader.chain(3)]),
    (b"", lambda reader: reader.fixed(1 << 40)),
])
def test_what_is_too_long_or_too_short_is_an_error(data, take):
    with pytest.raises(ProtocolError):
        take(Reader(data))


# ---- RPC (RFC 5531)


def test_a_call_is_one_record_with_nobodys_credential():
    sent = rpc.call(7, Procedure.NFS3_LOOKUP, b"ARGS", Credential.SYS)
    assert struct.pack(">I6I", 0x80000000 | len(sent) - 4, 7, 0, 2, 100003, 3, 3) == sent[:28]
    assert bytes.fromhex("00000001 0000001c 00000000 00000007") + b"earshot\0" + bytes.fromhex(
        "0000fffe 0000fffe 00000000 00000000 00000000") + b"ARGS" == sent[28:]


@pytest.mark.parametrize(("header", "told"), [
    ("80000010", (True, 16)), ("00000010", (False, 16)), ("ffffffff", (True, 0x7FFFFFFF)), ("80000000", (True, 0)),
])
def test_a_fragment_says_whether_it_is_the_last(header, told):
    assert told == rpc.fragment(bytes.fromhex(header))


def test_a_reply_gives_its_results():
    assert 42 == rpc.reply(word(7) + word(1) + word(0) + word(0) + opaque(b"verify") + word(0) + word(42), 7).word()


@pytest.mark.parametrize(("record", "error"), [
    (word(8) + word(1) + bytes(16), StrangeError), (word(7) + word(0) + bytes(16), StrangeError), (b"", StrangeError),
    (word(7) + word(1), ProtocolError),
    (word(7) + word(1) + word(0) * 3 + word(1), UnavailableError),
    (word(7) + word(1) + word(0) * 3 + word(2) + word(2) + word(3), UnavailableError),
    (word(7) + word(1) + word(0) * 3 + word(2), UnavailableError),                       # a part is left out
    (word(7) + word(1) + word(0) * 3 + word(2) + word(0), UnavailableError),
    (word(7) + word(1) + word(0) * 3 + word(3), UnavailableError),
    (word(7) + word(1) + word(0) * 3 + word(4), ProtocolError),
    (word(7) + word(1) + word(0) * 3 + word(5), ProtocolError),
    (word(7) + word(1) + word(0) * 3 + word(9), ProtocolError),
    (word(7) + word(1) + word(1) + word(1) + word(5), DeniedError),
    (word(7) + word(1) + word(1) + word(0) + word(2) + word(2), ProtocolError),
])
def test_a_reply_that_gives_none_says_why(record, error):
    with pytest.raises(ProtocolError) as told:
        rpc.reply(record, 7)
    assert error is type(told.value)


# ---- exports


@pytest.mark.parametrize(("written", "path"), [
    (b"/srv/calls", (b"srv", b"calls")), (b"/srv//calls/", (b"srv", b"calls")), (b"/", ()), (b"/\xff a", (b"\xff a",)),
    (b"srv", None), (b"", None), (b"/srv/..", None), (b"/./srv", None), (b"/a\0b", None), (b"/x" * 65, None),
])
def test_a_path_is_its_segments(written, path):
    assert path == segments(written)


@pytest.mark.parametrize(("clients", "said", "everybody"), [
    ((b"*",), "*", True), ((), "*", True), ((b"192.0.2.0/24", b"*"), "*", True), ((b"0.0.0.0/0",), "*", True),
    ((b"192.0.2.0/24", b"a.example.org"), "192.0.2.0/24, a.example.org", False), ((b"*.example.org",),
                                                                                  "*.example.org", False),
    ((b"\xff",), "�", False), (None, "", False),
])
def test_clients_are_told(clients, said, everybody):
    export = Export((b"srv",), b"/srv", clients)
    assert (said, everybody) == (export.said, export.for_everybody)


def test_many_clients_are_told_in_part():
    assert 130 > len(Export((), b"/", tuple(b"host%d.example.org" % i for i in range(500))).said) > 100


def test_rows_of_one_path_are_one_export_for_the_clients_of_all():
    rows = [Listed(b"/a", (b"x",)), Listed(b"/a/", (b"y",)), Listed(b"/b", (b"x",)), Listed(b"/b", ()),
            Listed(b"/../c", ())]
    assert [Export((b"a",), b"/a", (b"x", b"y")), Export((b"b",), b"/b", ())] == listed(rows)


def test_both_versions_exports_are_joined_by_their_paths_and_by_what_is_the_same():
    three = [Export((b"srv", b"calls"), b"/srv/calls", ()), Export((b"b",), b"/b", ())]
    both = joined(three, [(b"b",), (b"calls",)])
    assert [Export((b"b",), b"/b", (), (b"b",)), Export((b"calls",), four=(b"calls",)), three[0]] == both
    paired_up = paired(both, {(b"calls",): (b"srv", b"calls")})
    assert [both[0], Export((b"srv", b"calls"), b"/srv/calls", (), (b"calls",))] == paired_up


def test_the_deepest_export_that_holds_a_path_is_tried_first():
    exports = {path: Export(path) for path in [(), (b"a",), (b"b",), (b"a", b"c")]}
    assert [exports[b"a", b"c"], exports[b"a",], exports[()]] == covering(exports, (b"a", b"c", b"d"))
    assert {(), (b"a",)} == leading(exports)


@pytest.mark.parametrize(("flavours", "credential", "said"), [
    ((1,), Credential.SYS, "sys"), ((), Credential.SYS, ""), ((0,), Credential.NONE, "none"),
    ((390003, 1), Credential.SYS, "krb5, sys"), ((390003, 390004, 390005), None, "krb5, krb5i, krb5p"),
    ((6, 77), None, "gss, 77"),
])
def test_a_mount_says_how_one_may_say_who_one_is(flavours, credential, said):
    mounted = Mounted(b"h", flavours)
    assert (credential, said) == (mounted.credential, mounted.said)


def test_programs_are_named():
    programs = [Program(100003, 3, 17, 2049), Program(100003, 3, 6, 2049), Program(100000, 2, 6, 111),
                Program(390113, 1, 6, 7937)]
    assert ("390113, nfs, portmapper", 2049, None) == (
        portmap.said(programs), portmap.port_of(programs, 100003, 3), portmap.port_of(programs, 100005, 3))
    assert 12 == portmap.said([Program(n, 1, 6, 1) for n in range(50)]).count(",") + 1


# ---- lists that come round


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(6, 40), min_size=1, max_size=40, unique=True))
def test_a_circle_is_seen_within_some_turns(before, turn):
    circle = Circle()
    assert any(circle.closes(cookie) for cookie in before + turn * (9 + 60 // len(turn)))


@given(st.integers(1, 5000))
def test_a_list_without_a_circle_has_none(length):
    circle = Circle()
    assert not any(circle.closes(cookie) for cookie in range(length))


# ---- any bytes


def _every_status(data: bytes) -> object:
    try:
        return wire3.found(Reader(data))
    except RefusedError as refused:
        return meant(refused)


PARSERS: dict[str, Callable[[bytes], object]] = {
    "dump": lambda data: portmap.said(portmap.dumped(Reader(data))),
    "dump 3": lambda data: portmap.said(portmap.bound(Reader(data))),
    "export": lambda data: listed(mount.exported(Reader(data))),
    "mnt": lambda data: mount.mounted(Reader(data)).said,
    "lookup": _every_status,
    "getattr": lambda data: wire3.identity(Reader(data)),
    "readdirplus": lambda data: wire3.page_plus(Reader(data), 0).batch(),
    "readdir": lambda data: wire3.page_plain(Reader(data), 0).batch(),
    "compound": lambda data: wire4.begin(Reader(data)),
    "done": lambda data: wire4.done(Reader(data), Operation.GETFH),
    "getfh": lambda data: wire4.handle(Reader(data)),
    "attributes": lambda data: wire4.row(wire4.told(Reader(data))),
    "readdir 4": lambda data: wire4.page(Reader(data), 0).batch(),
    "exchange_id": lambda data: session.known(Reader(data)).begin(),
    "create_session": lambda data: session.opened(Reader(data)).rows,
    "reply": lambda data: rpc.reply(data, 7),
}
PIECES = st.lists(st.one_of(
    st.binary(max_size=8), st.sampled_from([word(0), word(1), word(2), word(7), word(0xFFFFFFFF), word(0x02000812),
                                            opaque(b"name"), opaque(b"/srv"), bytes(84), long(1)])), max_size=40,
).map(b"".join)


@pytest.mark.parametrize("name", PARSERS)
def test_any_bytes_are_a_value_or_an_error_of_ours(name):
    @given(PIECES)
    @example(b"")
    def parse(data):
        with suppress(NetError):
            PARSERS[name](data)

    parse()


def test_a_page_gives_its_rows_in_columns():
    page = Page(0, b"")
    for row in ((b".", 2, 1, 1), (b"..", 2, 1, 1), (b"", 1, 1, 1), (b"a", 1, 5, 9), (b"d", 2, 4096, 9),
                (b"l", 5, 7, -9), (b"?", 0, -1, -1), (b"e", 1, 1 << 63, 1 << 63)):
        page.add(*row)
    batch = page.batch()
    assert ([b"a", b"l", b"?", b"e"], [5, -1, -1, -1], [9, -1, -1, -1], [b"d"], 8) == (
        batch.names, batch.sizes, batch.times, batch.directories, page.rows)
