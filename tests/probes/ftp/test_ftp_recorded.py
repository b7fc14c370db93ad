"""What real servers said, byte by byte (fixtures/wire/ftp/), answered in the same way again and read in the same way.

A file holds conversations, each begun by its port: `>` is what we said, `<` what they said, as Python writes bytes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.probes import Ftp
from tests.fakes import FakeNet, Talk, endpoint

WIRE = Path(__file__).parents[3] / "fixtures" / "wire" / "ftp"
FILES = {b"0701740605.wav": 480044, "samtal åäö.wav".encode(): 4000, b".hidden.wav": 4, b"new\nline.wav": 7}


def talks(name: str) -> Iterator[Talk]:
    port, steps, said = 0, list[bytes | tuple[bytes, bytes]](), b""
    for line in (WIRE / f"{name}.talk").read_text().splitlines():
        sign, _, rest = line.partition(" ")
        if sign == "port":
            if port:
                yield Talk(steps, port)
            port, steps, said = int(rest), [], b""
        elif sign == ">":
            said = ast.literal_eval(rest)
        else:
            heard = ast.literal_eval(rest)
            steps.append((said, heard) if said else heard)
            said = b""
    yield Talk(steps, port)


async def root(name: str) -> tuple[Observation, Observation, dict[bytes, int | None], list[bytes]]:
    """The door, the answer to the root, its files with their sizes, its folders."""
    async with Ftp().open(endpoint(21), FakeNet(talks=list(talks(name)))) as door:
        shown = [one async for one in door.list(Ask("/", Asked.ROOT))]
        look = await door.look()
    batches = [one for one in shown if isinstance(one, Batch)]
    answer = shown[-1]
    assert isinstance(answer, Observation)
    files = {entry.name: entry.size for batch in batches for entry in batch.entries() if entry.kind.value == "file"}
    return look, answer, files, [name for batch in batches for name in batch.directories]


@pytest.mark.parametrize(("name", "software", "form", "lacks"), [
    ("vsftpd-open", "(vsFTPd 3.0.3)", "ls", b""),
    ("proftpd-open", "ProFTPD Server (ProFTPD) [127.0.0.1]", "mlsd", b""),
    ("pure-ftpd-open", "Welcome to Pure-FTPd [privsep] [TLS]", "mlsd", b"new\nline.wav"),
    ("pyftpdlib-open", "pyftpdlib 2.2.0 ready.", "mlsd", b""),
])
async def test_an_open_server(name, software, form, lacks):
    look, answer, files, folders = await root(name)
    files.pop(b"up", None)                           # a link, to which some give a size
    assert {name: size for name, size in FILES.items() if name != lacks} == files
    assert [b" lead", b"shut"] == sorted(set(folders) - {b"up"})
    assert (Access.ANONYMOUS, None, form) == (answer.access, answer.doubt, answer.facts["ftp.format"])
    assert software == look.facts["door.software"]


@pytest.mark.parametrize(("name", "access", "reason"), [
    ("vsftpd-login", Access.LOGIN, Reason.LOGIN), ("vsftpd-closed", Access.NONE, Reason.FORBIDDEN),
    ("pyftpdlib-closed", Access.NONE, Reason.FORBIDDEN)])
async def test_a_server_that_shows_nothing(name, access, reason):
    _, answer, files, folders = await root(name)
    assert (access, reason, {}, []) == (answer.access, (answer.doubt or ("",))[0], files, folders)
