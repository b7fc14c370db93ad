"""What leaves us when SMB is spoken: no name of this machine, its user or environment; no more than agreed."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path

from scanner.probes.smb import frame
from tests.probes.smb.smb_server import SETUP, TARGET, Scripted, challenge, login_of, row, setup, shown

CANARIES = {name: f"canary-{name.lower()}" for name in (
    "USER", "USERNAME", "LOGNAME", "HOSTNAME", "COMPUTERNAME", "USERDOMAIN", "KRB5CCNAME", "KRB5_CONFIG", "HOME",
    "NETRC", "SMB_CONF_PATH", "PASSWD", "DOMAIN", "WORKGROUP")}
SAY = """
import asyncio, sys
sys.path.insert(0, {root!r})
from tests.probes.smb.smb_server import Scripted, shown

async def main():
    async with Scripted() as server:
        async with server.door() as door:
            await shown(door)
            await shown(door, "/calls/")
        sys.stdout.buffer.write(server.raw)

asyncio.run(main())
"""


def forms(name: str) -> list[bytes]:
    """A name in every form in which it may be written."""
    return [word.encode(code) for word in (name, name.upper(), name.lower(), name.capitalize())
            for code in ("utf-8", "utf-16-le", "utf-16-be")]


def _own_names() -> set[str]:
    names = {socket.gethostname(), socket.gethostname().partition(".")[0], socket.getfqdn(), getpass.getuser()}
    return {name for name in names if len(name) > 2 and name not in ("localhost", "127.0.0.1")}


def test_no_name_of_the_machine_its_user_or_its_environment_is_sent():
    program = SAY.format(root=str(Path(__file__).parents[3]))
    said = subprocess.run([sys.executable, "-c", program], env={"PATH": os.environ["PATH"], **CANARIES},
                          capture_output=True, check=True, timeout=160).stdout
    assert len(said) > 1_000
    assert said.count("Guest".encode("utf-16-le")) == 1
    for name in [*CANARIES.values(), "canary", *_own_names()]:
        assert [] == [form for form in forms(name) if form in said], name


async def test_the_only_name_ever_sent_is_guest_with_all_other_fields_empty():
    async with Scripted() as server, server.door() as door:
        await shown(door)
        await shown(door, "/calls/")
    assert {None, "", "Guest"} == {login_of(asked) for command, asked in server.heard if command == SETUP}
    first = [asked[asked.find(b"NTLMSSP\0\1"):] for command, asked in server.heard if b"NTLMSSP\0\1" in asked]
    assert {bytes(16)} == {said[16:32] for said in first}                     # no domain, no workstation
    assert {bytes(7) + b"\x0f"} == {said[32:40] for said in first}            # no version of a system


async def test_the_identity_of_the_client_is_chance_and_not_of_this_machine():
    guids = set()
    for _ in range(2):
        async with Scripted() as server, server.door() as door:
            await shown(door)
        guids |= {uuid.UUID(bytes_le=asked[76:92]) for command, asked in server.heard if command == 0}
    assert {4} == {guid.version for guid in (uuid.UUID(bytes=guid.bytes_le) for guid in guids)}
    assert 4 == len(guids)                                                    # two connections each


async def test_a_name_of_the_server_is_no_name_of_ours():
    """The challenge's names go back to the server that sent them, and nowhere else."""
    async with Scripted() as server:
        server.on[SETUP] = lambda asked: (
            setup(asked) if login_of(asked) is not None else setup(asked, challenge(TARGET), 0xC0000016, session=3))
        async with server.door() as door:
            await shown(door)
    holding = [command for command, asked in server.heard if "FILES".encode("utf-16-le") in asked]
    assert [SETUP] == holding


async def test_on_port_139_the_greeting_is_a_constant():
    assert b"\x81\0\0\x44" == frame.session_request()[:4]
    assert [] == [form for name in _own_names() for form in forms(name) if form in frame.session_request()]


async def test_credits_are_spent_and_never_more_than_were_granted():
    """MS-SMB2 §3.2.4.1.5: message ids go up by what a message costs."""
    async with Scripted(rows={"": [row(f"{number}") for number in range(1200)]}) as server, server.door() as door:
        await shown(door, "/calls/")
    per_connection: list[list[tuple[int, int]]] = []
    for command, asked in server.heard:
        if command == 0:
            per_connection.append([])
        per_connection[-1].append((int.from_bytes(asked[24:32], "little"), int.from_bytes(asked[6:8], "little")))
    for sent in per_connection:
        expected = 0
        for number, cost in sent:
            assert expected == number
            expected += max(1, cost)
