"""Packets of SFTP: what can be sent, and that whatever comes is a value or a ProtocolError."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import ProtocolError
from scanner.probes.ssh import sftp
from scanner.probes.ssh.sftp import Columns, Row, Say

OPEN, READ, WRITE, REMOVE, STAT = 3, 5, 6, 13, 17


def text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def row(name: bytes, mode: int | None = 0o100644, size: int | None = 5, modified: int | None = 1550480400,
        long: bytes = b"", extra: bytes = b"") -> bytes:
    """As a server writes it: size, owner, mode, times, extensions."""
    flags = 2 | (size is not None) | (mode is not None) << 2 | (modified is not None) << 3 | bool(extra) << 31
    parts = [text(name), text(long), struct.pack(">I", flags)]
    parts += [struct.pack(">Q", size)] if size is not None else []
    parts += [struct.pack(">II", 0, 0)]
    parts += [struct.pack(">I", mode)] if mode is not None else []
    parts += [struct.pack(">II", 1, modified)] if modified is not None else []
    return b"".join(parts) + extra


def names(*rows: bytes) -> bytes:
    return struct.pack(">I", len(rows)) + b"".join(rows)


def test_nothing_that_can_be_said_opens_reads_or_changes_a_file() -> None:
    assert {1, 4, 11, 12, 16} == set(Say)
    assert not {OPEN, READ, WRITE, REMOVE, STAT} & set(Say)


def test_requests_are_written_as_the_draft_says() -> None:
    assert b"\0\0\0\5\1\0\0\0\3" == sftp.init()
    assert b"\0\0\0\x0a\x0b\0\0\0\7\0\0\0\1/" == sftp.request(Say.OPENDIR, 7, b"/")


@pytest.mark.parametrize(("raw", "expected"), [
    (row(b"a b.wav"), Row(b"a b.wav", 5, 1550480400, False, 0)),
    (row(b"calls", 0o40755), Row(b"calls", 5, 1550480400, True, 0)),
    (row(b"link", 0o120777), Row(b"link", 5, 1550480400, False, 0)),
    (row(b"\xff\n", size=8 << 30), Row(b"\xff\n", 8 << 30, 1550480400, False, 0)),
    (row(b"big", size=1 << 63), Row(b"big", None, 1550480400, False, 0)),
    (row(b"old", None, None, None), Row(b"old", None, None, False, 0)),
    (row(b"dir", None, None, None, b"drwxr-xr-x"), Row(b"dir", None, None, True, 0)),
    (row(b"x", extra=struct.pack(">I", 1) + text(b"a@b") + text(b"c")), Row(b"x", 5, 1550480400, False, 0)),
    (row(b"y", long=b"z" * 9000), Row(b"y", 5, 1550480400, False, 0)),
], ids=lambda value: "" if isinstance(value, bytes) else repr(value))
def test_rows(raw: bytes, expected: Row) -> None:
    assert [replace(expected, weight=min(len(raw), 2 * len(expected.name) + 256))] == list(sftp.rows(names(raw)))


@pytest.mark.parametrize("rest", [
    b"", b"\0\0\0\1", struct.pack(">I", 2**32 - 1), names(row(b"x")[:-1]), struct.pack(">II", 1, 2**32 - 1),
    names(text(b"x") + text(b"") + struct.pack(">II", 0x80000000, 2**32 - 1)),
])
def test_a_packet_that_cannot_be_read_is_an_error_of_the_protocol(rest: bytes) -> None:
    with pytest.raises(ProtocolError):
        list(sftp.rows(rest))


@pytest.mark.parametrize("size", [0, 4, 256 * 1024 + 1, 2**32 - 1])
def test_no_packet_is_so_small_or_so_large(size: int) -> None:
    with pytest.raises(ProtocolError):
        sftp.size_of(struct.pack(">I", size))


@given(st.binary(max_size=400))
def test_any_bytes_are_values_or_an_error_of_the_protocol(raw: bytes) -> None:
    for read in (sftp.reply, sftp.handle, sftp.status, lambda rest: len(list(sftp.rows(rest)))):
        try:
            read(raw)
        except ProtocolError:
            continue


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=30), st.integers(0, 2**62), st.integers(0, 2**32 - 1))))
def test_what_is_written_is_what_is_read(rows: list[tuple[bytes, int, int]]) -> None:
    read = list(sftp.rows(names(*[row(name, size=size, modified=when) for name, size, when in rows])))
    assert rows == [(one.name, one.size, one.modified) for one in read]


def test_the_two_names_of_every_folder_are_no_entries() -> None:
    columns = Columns()
    for name in (b".", b"..", b"", b"..."):
        columns.add(Row(name, None, None, False, 1))
    assert ([b"..."], [-1], [-1], []) == (columns.names, columns.sizes, columns.times, columns.folders)
