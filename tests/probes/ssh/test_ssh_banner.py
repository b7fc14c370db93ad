"""Greetings: the forms that the standard allows, those that servers use all the same, and anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.probes.ssh.banner import LONGEST, MOST_LINES, Banner, Verdict, search

DEBIAN = Banner("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", "2.0", "OpenSSH_9.2p1 Debian-2+deb12u3")


@pytest.mark.parametrize(("said", "found"), [
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", DEBIAN),
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\n", DEBIAN),
    (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n\0\0\1\x2c", DEBIAN),
    (b"Not before 8 in the morning\r\n\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", DEBIAN),
    (b"SSH-1.99-Cisco-1.25\n", Banner("SSH-1.99-Cisco-1.25", "1.99", "Cisco-1.25")),
    (b"SSH-2.0-\r\n", Banner("SSH-2.0-", "2.0", "")),
    (b"SSH-2.0-9.39 FlowSsh: Bitvise SSH Server (WinSSHD) 9.39\r\n",
     Banner("SSH-2.0-9.39 FlowSsh: Bitvise SSH Server (WinSSHD) 9.39", "2.0",
            "9.39 FlowSsh: Bitvise SSH Server (WinSSHD) 9.39")),
    (b"SSH-2.0-\xff\x1b[31m\r\n", Banner("SSH-2.0-�\x1b[31m", "2.0", "�\x1b[31m")),
    (b"", Verdict.MORE), (b"\r\n", Verdict.MORE), (b"Hello\r\n", Verdict.MORE), (b"Hel", Verdict.MORE),
    (b"S", Verdict.BEGUN), (b"SSH-2.0-Open", Verdict.BEGUN), (b"Hello\r\nSSH", Verdict.BEGUN),
    (b"SSH-\r\n", Verdict.BROKEN), (b"SSH-2.0\r\n", Verdict.BROKEN), (b"SSH--x\r\n", Verdict.BROKEN),
    (b"SSH-2.0-" + b"x" * LONGEST, Verdict.BROKEN), (b"SSH-2.0-" + b"x" * LONGEST + b"\r\n", Verdict.BROKEN),
    (b"x" * 300, Verdict.NOT_SSH), (b"no\n" * MOST_LINES, Verdict.NOT_SSH), (b"a\n" + b"x" * 9000, Verdict.NOT_SSH),
])
def test_what_is_said_first(said: bytes, found: Banner | Verdict) -> None:
    assert found == search(said)


@pytest.mark.parametrize(("protocol", "modern"), [("2.0", True), ("1.99", True), ("1.5", False), ("3", False)])
def test_only_the_second_generation_is_spoken(protocol: str, modern: bool) -> None:
    assert modern == Banner("", protocol, "").modern


@given(st.lists(st.sampled_from([b"SSH-", b"2.0", b"-", b"\r", b"\n", b"x" * 60, b"\0"]) | st.binary(max_size=20)))
def test_more_bytes_never_change_what_was_found(pieces: list[bytes]) -> None:
    said, before = b"", search(b"")
    for piece in pieces:
        said += piece
        now = search(said)
        if before in (Verdict.NOT_SSH, Verdict.BROKEN) or isinstance(before, Banner):
            assert before == now
        before = now
