"""The witness of file and mail servers: what it lets pass, that nothing else does, and that the clients say no more."""

from __future__ import annotations

import struct

import pytest

from scanner.probes.ftp.commands import Command as Ftp
from scanner.probes.ftp.commands import written
from scanner.probes.mail.imap_session import Command as Imap
from scanner.probes.mail.pop3_session import Command as Pop3
from scanner.probes.nfs.procedures import Procedure
from scanner.probes.smb import packet
from scanner.probes.smb.command import Command as Smb
from scanner.probes.ssh.sftp import Say
from tests.witness_commands import CALLS, SFTP, SMB, unfit_line, unfit_rpc, unfit_sftp, unfit_smb

ARGUMENTS = {Ftp.USER: b"anonymous", Ftp.PASS: b"security@example.org", Ftp.AUTH: b"TLS", Ftp.PBSZ: b"0",
             Ftp.PROT: b"P", Ftp.OPTS: b"UTF8 ON", Ftp.CWD: b"/a b"}

@pytest.mark.parametrize(("protocol", "line"), [
    ("ftp", b"USER anonymous"), ("ftp", b"PASS anonymous@"), ("ftp", b"CWD /a b"), ("ftp", b"LIST -a"),
    ("imap", b'e2 LIST "" "*"'), ("imap", b'e3 STATUS "a \\"b\\"" (MESSAGES SIZE)'), ("imap", b"e1 LOGOUT"),
    ("imap", b"c2VjdXJpdHlAZXhhbXBsZS5vcmc="), ("pop3", b"STAT"), ("pop3", b"AUTH ANONYMOUS"), ("pop3", b"")])
def test_what_a_scan_may_say_passes(protocol: str, line: bytes) -> None:
    assert unfit_line(protocol, line) is None


@pytest.mark.parametrize(("protocol", "line"), [
    ("ftp", b"RETR a.wav"), ("ftp", b"USER admin"), ("ftp", b"PASS secret"), ("ftp", b"STOR a"), ("ftp", b"SIZE a.wav"),
    ("ftp", b"PORT 10,0,0,1,4,0"), ("ftp", b"LIST a.wav"), ("ftp", b"DELE a"), ("ftp", b"PWD\r\nRETR a"),
    ("imap", b"e1 SELECT INBOX"), ("imap", b"e1 EXAMINE INBOX"), ("imap", b"e1 FETCH 1 BODY[]"),
    ("imap", b"e1 LOGIN a b"), ("imap", b"e1 AUTHENTICATE PLAIN"), ("pop3", b"RETR 1"), ("pop3", b"TOP 1 0"),
    ("pop3", b"USER a"), ("pop3", b"DELE 1"), ("pop3", b"LIST 1 2")])
def test_what_it_may_not_say_is_told(protocol: str, line: bytes) -> None:
    assert unfit_line(protocol, line) == f"{protocol}: {line!r}"


@pytest.mark.parametrize(("message", "why"), [
    (packet.request(Smb.CREATE, packet.open_folder(b""), message=1), None),
    (packet.request(Smb.CREATE, packet.open_pipe(b"s\0"), message=1), None),
    (packet.request(Smb.IOCTL, packet.transceive(bytes(16), b""), message=1), None),
    (packet.request(Smb.CREATE, packet.open_folder(b"").replace(b"\x81\0\x10\0", b"\x89\0\x12\0"), message=1),
     "smb: opens with right 120089, disposition 1, options 1"),
    (packet.request(Smb.IOCTL, packet.transceive(bytes(16), b"").replace(b"\x17\xc0\x11\0", b"\x94\1\6\0"), message=1),
     "smb: another IOCTL than talking to a pipe"),
    (bytes(12) + b"\x08\0", "smb: command 8"), (b"\xffSMB\x72", None), (b"\xffSMB\x73", "smb: command 115 of SMB 1")])
def test_messages_of_smb_are_judged_by_command_and_right(message: bytes, why: str | None) -> None:
    assert why == unfit_smb(message)


@pytest.mark.parametrize(("call", "why"), [
    ((100003, 3, 17), None), ((100003, 4, 1), None), ((100005, 3, 1), None),
    ((100003, 3, 6), "rpc: procedure 6 of program 100003, version 3"),
    ((100005, 3, 4), "rpc: procedure 4 of program 100005, version 3"),
    ((100021, 4, 0), "rpc: procedure 0 of program 100021, version 4")])
def test_calls_are_judged_by_their_procedure(call: tuple[int, int, int], why: str | None) -> None:
    assert why == unfit_rpc(struct.pack(">6I", 1, 0, 2, *call))


def test_no_packet_of_sftp_opens_a_file() -> None:
    assert [(1, None), (3, "sftp: a packet of kind 3")] == [(kind, unfit_sftp(kind)) for kind in (1, 3)]


def test_the_clients_can_say_what_the_witness_knows_and_no_more() -> None:
    assert [] == [command for command in Ftp
                  if unfit_line("ftp", written(command, ARGUMENTS.get(command, b"")).removesuffix(b"\r\n")) is not None]
    assert [] == [command.value for command in Imap
                  if unfit_line("imap", b"e1 " + command.value.replace(b"%b", b'"INBOX"')) is not None]
    assert [] == [command.value for command in Pop3 if unfit_line("pop3", command.value) is not None]
    assert (SMB, SFTP) == (set(Smb), set(Say))
    assert {(*key, one) for key, procedures in CALLS.items() for one in procedures} == {
        procedure.value for procedure in Procedure}
