"""FTP as a stranger speaks it, against scripts: the ladder of access, folders, lists, what is never sent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scanner.errors import NotThisProtocol, ProtocolError
from scanner.model import Access, Ask, Asked, Batch, Entry, Kind, Observation
from scanner.probes import Ftp, Shown
from tests.fakes import FakeNet, Talk, endpoint

PORT = 40021
DATA = (b"EPSV\r\n", b"229 Extended (|||%d|)\r\n" % PORT)
LOGIN = [
    b"220 files.example.org\r\n", (b"FEAT\r\n", b"211-Features\r\n UTF8\r\n MLST type*;size*;\r\n211 End\r\n"),
    (b"USER anonymous\r\n", b"331 Your address\r\n"), (b"PASS security@example.org\r\n", b"230-Hello\r\n230 In\r\n"),
    (b"SYST\r\n", b"215 UNIX Type: L8\r\n"), (b"OPTS UTF8 ON\r\n", b"200 On\r\n"), (b"PWD\r\n", b'257 "/" is it\r\n'),
]
GOODBYE = (b"QUIT\r\n", b"221 Goodbye\r\n")
MLSD = [DATA, (b"MLSD\r\n", b"150 Here\r\n"), b"226 Done\r\n"]


async def shown(net: FakeNet, *paths: str, port: int = 21) -> list[Shown]:
    async with Ftp().open(endpoint(port), net) as door:
        return [one for path in paths for one in [each async for each in door.list(Ask(path, Asked.ROOT))]]


async def looked(net: FakeNet, port: int = 21) -> Observation:
    async with Ftp().open(endpoint(port), net) as door:
        return await door.look()


def entries(answer: Sequence[Shown]) -> list[Entry]:
    return [entry for batch in answer if isinstance(batch, Batch) for entry in batch.entries()]


async def test_a_stranger_logs_in_and_lists_the_root_and_a_folder():
    rows = b"type=cdir;perm=el; .\r\ntype=file;size=4000;modify=20190218143015; a b.wav\r\ntype=dir; 2019\r\n"
    net = FakeNet(talks=[
        Talk([*LOGIN, *MLSD, (b"CWD /2019\r\n", b"250 There\r\n"), *MLSD, GOODBYE], 21),
        Talk([rows], PORT), Talk([b"type=file;size=1; x.wav\r\n"], PORT)])
    answer = await shown(net, "/", "/2019/")
    assert [Entry(b"a b.wav", Kind.FILE, 4000, 0, 1550500215, 1), Entry(b"2019", Kind.DIRECTORY),
            Entry(b"x.wav", Kind.FILE, 1)] == entries(answer)
    root = next(one for one in answer if isinstance(one, Observation))
    assert (Access.ANONYMOUS, None, "ftp://192.0.2.7:21/") == (root.access, root.doubt, root.endpoint.url())
    assert {"ftp.banner": "files.example.org", "ftp.welcome": "Hello In", "ftp.tls": "none", "ftp.format": "mlsd",
            "ftp.features": "MLST UTF8", "ftp.system": "UNIX Type: L8",
            "listing.rows": "2"}.items() <= root.facts.items()
    assert "logged in as anonymous, in clear; TLS is not offered" == root.facts["door.how"]


@pytest.mark.parametrize(("greeting", "error"), [
    (b"SSH-2.0-OpenSSH_9.2p1\r\n", NotThisProtocol), (b"220 mail.example.org ESMTP Postfix\r\n", NotThisProtocol),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", NotThisProtocol), (b"\x00\x00\x00\x01", NotThisProtocol),
    (b"220-\xff\r\n" * 300, ProtocolError)])
async def test_another_greeting_is_not_this_protocol(greeting, error):
    with pytest.raises(error):
        await looked(FakeNet(talks=[Talk([greeting], 21)]))
