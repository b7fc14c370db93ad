"""rsync's lines, frames, rows and trees: bytes in, values out, in any pieces."""

from __future__ import annotations

from contextlib import suppress
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import ProtocolError
from scanner.model import Reason
from scanner.probes.rsync.asking import UnaskableError, arguments, folder
from scanner.probes.rsync.frames import Frames
from scanner.probes.rsync.lines import Greeting, Module, Said, greeting, module, refusal, said
from scanner.probes.rsync.rows import Row, Rows
from scanner.probes.rsync.tree import Tree
from tests.probes.rsync.rsync_lists import FILE, FOLDER, LINK, PIPE, Put, frame, rows

_NAMES = st.binary(min_size=1, max_size=300).filter(lambda name: b"/" not in name and name not in (b".", b".."))
_PUTS = st.lists(st.builds(
    Put, st.lists(_NAMES, min_size=1, max_size=4).map(b"/".join), st.integers(0, 2**62),
    st.integers(-2**31, 2**31 - 1), st.sampled_from([FILE, FOLDER, LINK, PIPE])), max_size=30)


def _in_pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at:at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize(("line", "expected"), [
    (b"@RSYNCD: 31.0 sha512 sha256 sha1 md5 md4\n", Greeting(31, "31.0")),
    (b"@RSYNCD: 29\n", Greeting(29, "29")),
    (b"@RSYNCD: 27.0\r\n", Greeting(27, "27.0")),
    (b"@RSYNCD: 9999.0\n", Greeting(9999, "9999.0")),
])
def test_a_greeting_tells_the_protocol(line: bytes, expected: Greeting) -> None:
    assert expected == greeting(line)


@pytest.mark.parametrize("line", [b"@RSYNCD: \n", b"@RSYNCD: abc\n", b"@RSYNCD: 31.0", b"@RSYNCD: 999999\n",
                                  b"@RSYNCD: 31.0\x1b\r[2J\r\n"])
def test_a_greeting_without_a_version_is_none(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        greeting(line)


@pytest.mark.parametrize(("protocol", "reply"), [(27, b"@RSYNCD: 27\n"), (29, b"@RSYNCD: 29\n"),
                                                 (32, b"@RSYNCD: 29\n"), (9999, b"@RSYNCD: 29\n")])
def test_29_is_spoken_with_whoever_can(protocol: int, reply: bytes) -> None:
    assert reply == Greeting(protocol, "").reply


@pytest.mark.parametrize(("line", "expected"), [
    (b"calls          \tCall recordings\n", Module(b"calls", b"Call recordings")),
    (b"secret         \t\n", Module(b"secret", b"")),
    (b"-dash name     \ttab\tand more\n", Module(b"-dash name", b"tab\tand more")),
    (b"a name longer than fifteen\tx\r\n", Module(b"a name longer than fifteen", b"x")),
    (b"\xff\xfe\x1b[31m        \tx\n", Module(b"\xff\xfe\x1b[31m", b"x")),
    (b"Welcome to the archive\n", None),
    (b"Opening\thours\n", None),
    (b"               \tno name\n", None),
    (b"@RSYNCD: EXIT\n", None),
])
def test_only_padded_names_with_a_tab_are_modules(line: bytes, expected: Module | None) -> None:
    assert expected == module(line)


@pytest.mark.parametrize(("line", "expected"), [
    (b"@RSYNCD: OK\n", Said.OPEN), (b"@RSYNCD: AUTHREQD abc123\n", Said.LOGIN), (b"@RSYNCD: EXIT\n", Said.END),
    (b"@ERROR: Unknown module 'x'\n", Said.ERROR), (b"@RSYNCD: CAP 1\n", Said.OTHER), (b"OK\n", Said.OTHER),
])
def test_what_a_line_means(line: bytes, expected: Said) -> None:
    assert expected == said(line)


@pytest.mark.parametrize(("line", "reason"), [
    (b"@ERROR: access denied to calls from host.example.org (192.0.2.7)\n", Reason.FORBIDDEN),
    (b"@ERROR: max connections (4) reached -- try again later\n", Reason.SLOW_DOWN),
    (b"@ERROR: Unknown module 'calls'\n", Reason.NOT_A_LISTING),
    (b"@ERROR: auth failed on module calls\n", Reason.LOGIN),
    (b"@ERROR: chroot failed\n", Reason.SERVER_ERROR),
    (b"@ERROR: chdir failed\n", Reason.SERVER_ERROR),
    (b"@ERROR: invalid uid nobody\n", Reason.SERVER_ERROR),
    (b"@ERROR: protocol startup error\n", Reason.PROTOCOL),
    (b"@ERROR: something else\n", Reason.SERVER_ERROR),
])
def test_a_refusal_has_a_reason_and_none_of_its_own_words(line: bytes, reason: Reason) -> None:
    told, words = refusal(line)
    assert reason is told
    assert "calls" not in words


@pytest.mark.parametrize(("path", "line"), [
    ("/calls/", b"calls/"), ("/calls/a%20b/", b"calls/./a b/"), ("/calls/-x/", b"calls/./-x/"),
    ("/-x/", b"-x/"), ("/calls/%FF/", b"calls/./\xff/"), ("/calls/st%2Ar%5B1%5D%3F/", b"calls/./st\\*r\\[1]\\?/"),
    ("/calls/back%5Cslash/", b"calls/./back\\slash/"), ("/calls/a%5C%2A/", b"calls/./a\\\\\\*/"),
    ("/ref%2A/a/", b"ref*/./a/"),
])
def test_a_folder_is_asked_for_by_its_own_name(path: str, line: bytes) -> None:
    assert b"--server\n--sender\n-r\n.\n" + line + b"\n\n" == arguments(*folder(path), whole=True)
    assert b"--server\n--sender\n-d\n.\n" + line + b"\n\n" == arguments(*folder(path), whole=False)


@pytest.mark.parametrize("path", [
    "/", "//", "/calls/a%0Ab/", "/calls/a%0Db/", "/calls/a%00b/", "/calls/a%2Fb/", "/calls/../", "/calls/./", "/../",
    "/calls//a/", "/%23list/", "/%40x/", "/calls/m%20calls/", "/calls/" + "a" * 2000 + "/",
])
def test_what_no_line_can_hold_is_not_asked_for(path: str) -> None:
    with pytest.raises(UnaskableError):
        arguments(*folder(path), whole=True)


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_whatever_a_path_is_it_is_one_line_and_below_its_module(path: str) -> None:
    try:
        sent = arguments(*folder(f"/calls/{path}/"), whole=True)
    except UnaskableError:
        return
    lines = sent.split(b"\n")
    assert [b"--server", b"--sender", b"-r", b"."] == lines[:4]
    assert lines[4].startswith(b"calls/")
    assert [b"", b""] == lines[5:]
    assert not {b"..", b"\0", b"\r"} & set(lines[4].split(b"/"))


@given(_PUTS, st.integers(1, 50), st.sampled_from([27, 28, 29]))
def test_rows_are_what_was_put_in_any_cutting(puts: list[Put], size: int, protocol: int) -> None:
    reader = Rows(protocol)
    wire = rows(puts, errors=1, protocol=protocol)
    read = [row for piece in _in_pieces(wire, size) for row in reader.feed(piece)]
    assert [_row(put) for put in puts] == read
    assert (True, True) == (reader.ended, reader.unread)


def _row(put: Put) -> Row:
    return Row(put.path, put.size if put.mode == FILE else -1, max(put.time, -1), put.mode == FOLDER)


def test_8_gib_need_eight_bytes() -> None:
    assert [Row(b"big.wav", 8 << 30, 1550480000, False)] == Rows().feed(rows([Put(b"big.wav", 8 << 30)]))


@pytest.mark.parametrize("wire", [
    pack("<Bi", 0x40, -1) + bytes(20), pack("<Bi", 0x40, 2**30), pack("<BBB", 0x20, 5, 1) + b"a" + bytes(20),
], ids=["negative", "huge", "shares what is not there"])
def test_a_name_that_cannot_be_one_ends_the_list(wire: bytes) -> None:
    with pytest.raises(ProtocolError):
        Rows().feed(wire)


@given(st.binary(max_size=600), st.integers(1, 40))
def test_any_bytes_are_rows_or_the_protocols_own_error(data: bytes, size: int) -> None:
    frames, reader = Frames(), Rows()
    tree = Tree(10)
    with suppress(ProtocolError):
        for piece in _in_pieces(data, size):
            list(tree.take(reader.feed(frames.feed(frame(piece)))))
    assert tree.rows * 2 <= len(data)


@given(st.binary(max_size=600), st.integers(1, 40))
def test_any_bytes_are_frames_or_the_protocols_own_error(data: bytes, size: int) -> None:
    frames, reader = Frames(), Rows()
    rows_bytes = 0
    with suppress(ProtocolError):
        for piece in _in_pieces(data, size):
            rows_bytes += len(frames.feed(piece))
    with suppress(ProtocolError):
        reader.feed(data)
    assert rows_bytes <= len(data)


@given(st.lists(st.binary(max_size=50), max_size=10), st.integers(1, 30))
def test_frames_give_rows_and_count_messages_in_any_cutting(parts: list[bytes], size: int) -> None:
    wire = b"".join(frame(part) + frame(b'opendir "x" (in calls) failed: Permission denied (13)\n', 1) + frame(b"hi", 2)
                    for part in parts)
    frames = Frames()
    assert b"".join(parts) == b"".join(frames.feed(piece) for piece in _in_pieces(wire, size))
    assert (len(parts), {13} if parts else set()) == (frames.troubles.count, frames.troubles.numbers)


def test_a_message_of_16_mib_is_not_kept() -> None:
    frames = Frames()
    frames.feed(pack("<I", (1 + 7) << 24 | 0xFFFFFF))
    for _ in range(16):
        frames.feed(bytes(0xFFFFF))
    frames.feed(bytes(15) + frame(b""))
    assert 1 == frames.troubles.count


@pytest.mark.parametrize("wire", [b"@ERROR: gone\n", b"\0\0\0\xff", b"\0\0\0\0"])
def test_what_is_no_frame_ends_the_list(wire: bytes) -> None:
    with pytest.raises(ProtocolError):
        Frames().feed(wire)


def _tree(paths: list[bytes], most: int = 1000) -> tuple[list[tuple[str, list[bytes], list[bytes]]], list[str], bool]:
    """Batches, folders known to be empty, and whether it was stopped. Folders end with a slash."""
    tree = Tree(most)
    read = [Row(path.rstrip(b"/"), 1, 1, path.endswith(b"/")) for path in paths]
    batches = [*tree.take(read), *tree.flush()]
    return ([(batch.under, batch.names, batch.directories) for batch in batches],
            [batch.under for batch in tree.empty()], tree.full)


def test_each_folder_is_a_batch_and_the_empty_ones_are_told() -> None:
    shown = _tree([b".", b"a/", b"b/", b"1", b"a/2", b"a/c/", b"b/3"])
    assert ([("", [b"1"], [b"a", b"b"]), ("a/", [b"2"], [b"c"]), ("b/", [b"3"], [])], ["a/c/"], False) == shown


def test_a_long_walk_stops_before_the_next_folder_and_knows_what_it_passed() -> None:
    paths = [b"a/", b"b/", b"c/", b"d/", b"b/x/", b"b/y/", b"b/z/", b"b/y/1", b"b/y/2", b"c/3"]
    batches, empty, full = _tree(paths, most=9)
    assert [("", [], [b"a", b"b", b"c", b"d"]), ("b/", [], [b"x", b"y", b"z"]), ("b/y/", [b"1", b"2"], [])] == batches
    assert (["a/", "b/x/", "b/z/"], True) == (empty, full)      # c and d are still to be asked for


def test_it_rather_stops_where_the_walk_comes_back_up() -> None:
    paths = [b"a/", b"b/", b"a/x/", b"a/y/", b"a/x/1", b"a/y/2", b"b/3"]
    batches, _, full = _tree(paths, most=5)
    assert (["", "a/", "a/x/", "a/y/"], True) == ([under for under, _, _ in batches], full)


def test_a_server_that_mixes_folders_is_read_to_its_end() -> None:
    batches, empty, full = _tree([b"a/", b"a/1", b"b/", b"b/2", b"c/", b"3"], most=3)
    assert [("", [b"3"], [b"a", b"b", b"c"]), ("a/", [b"1"], []), ("b/", [b"2"], [])] == batches
    assert (["c/"], False) == (empty, full)


@pytest.mark.parametrize("path", [b"../1", b"a/../1", b"a//1", b"..", b"a/.", b"./1"])
def test_a_path_that_leads_elsewhere_ends_the_list(path: bytes) -> None:
    with pytest.raises(ProtocolError):
        _tree([path])
