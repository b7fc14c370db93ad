"""No name leaves the program by any protocol: canaries stand wherever a file server, a mail server or a service may
put a name, and are looked for in every byte that is written. With --show-names those of files and folders are there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.program import FAST, Ended, Place
from tests.ports import listen
from tests.probes.nfs.nfs_host import MOUNT, NFS, PORTMAP, Host, listening
from tests.probes.rsync.rsync_lists import FOLDER, HELLO, OK, SEED, Put, answer
from tests.probes.rsync.rsync_served import served
from tests.probes.smb.smb_server import CREATE, Scripted, folder, row
from tests.probes.smb.smb_server import answer as smb_answer
from tests.scan.ftp_tree import FtpTree
from tests.worlds.canaries import Canaries
from tests.worlds.planted import people

OUTPUTS = ("-o", "r.html", "-o", "r.json", "-o", "r.jsonl", "-o", "r.csv", "-o", "log:contacts.jsonl",
           "-o", "incident:pack.html", "-o", "incident:pack.md")
FILES = frozenset({"an FTP file", "an FTP folder", "an rsync file", "an rsync folder", "an SMB file", "an SMB folder",
                   "an NFS file", "an NFS folder"})
"""Where a name stands that a listing shows as the name of a file or a folder."""


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def some(canaries: Canaries, where: str) -> list[str]:
    """Names of files that a path of any protocol can hold."""
    return [name for name in people(canaries, where, 1) if "/" not in name]


def ftp(canaries: Canaries) -> FtpTree:
    below = {name: dict.fromkeys(some(canaries, "an FTP file"), 480044)
             for name in (canaries.phone("an FTP folder"), canaries.person("an FTP folder"))}
    shut = {canaries.phone("a closed FTP folder"): f"550 {canaries.phone('an FTP refusal')}: no",
            canaries.mail("a broken FTP folder"): f"451 {canaries.mail('an FTP error')}: broken"}
    beside = dict.fromkeys(some(canaries, "an FTP file"), 480044)
    return FtpTree({**below, **shut, **beside}, banner=f"Files of {canaries.person('an FTP banner')} 1.2",
                   welcome=f"call {canaries.phone('an FTP welcome')}", system=f"UNIX {canaries.mail('an FTP system')}")


def closed_ftp(canaries: Canaries) -> FtpTree:
    return FtpTree({}, banner=f"vsFTPd of {canaries.mail('the banner of a closed FTP server')}", closed=True,
                   welcome=f"ask {canaries.phone('the refusal of a closed FTP server')}")


@asynccontextmanager
async def rsync(canaries: Canaries) -> AsyncIterator[int]:
    modules = [canaries.phone("an rsync module"), canaries.mail("an rsync module"), "calls"]
    locked = canaries.phone("a locked rsync module")
    inside = canaries.phone("an rsync folder")
    names = sorted(name.encode() for name in some(canaries, "an rsync file"))
    puts = [*(Put(name, 480_044) for name in names), Put(inside.encode(), mode=FOLDER),
            *(Put(f"{inside}/{name}".encode(), 160) for name in some(canaries, "an rsync file"))]
    motd = f"Files of {canaries.person('an rsync motd')}, {canaries.phone('an rsync motd')}\n"
    comment = canaries.mail("an rsync comment")
    error = canaries.phone("an rsync error")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        await reader.readline()
        asked = (await reader.readline()).decode().strip()
        writer.write(motd.encode())
        if asked == "#list":
            writer.write("".join(f"{name:<15}\t{comment}\n" for name in [*modules, locked]).encode())
            writer.write(b"@RSYNCD: EXIT\n")
        elif asked not in modules:
            writer.write(f"@ERROR: no {asked} for {error}\n".encode())
        else:
            writer.write(OK)
            await reader.readuntil(b"\n\n")
            writer.write(SEED)
            await reader.readexactly(4)
            writer.write(answer(puts))

    async with served(serve) as there:
        yield there.port


def smb(canaries: Canaries) -> Scripted:
    inside, shut = canaries.phone("an SMB folder"), canaries.phone("a closed SMB folder")
    names = [name for name in some(canaries, "an SMB file") if not set(name) & set('<>:"|?*\\')]
    shares = [(canaries.phone("an SMB share"), 0, f"Files of {canaries.person('an SMB comment')}"),
              (f"{canaries.phone('a hidden SMB share')}$", 0, canaries.mail("an SMB comment")),
              (canaries.mail("an SMB printer"), 1, canaries.phone("an SMB printer's comment"))]
    deeper = [name for name in some(canaries, "an SMB file") if not set(name) & set('<>:"|?*\\')]
    server = Scripted(shares, {"": [*(row(name, 480_044) for name in names), folder(inside), folder(shut)],
                               inside: [row(name, 160) for name in deeper]})
    usual = server.on[CREATE]
    server.on[CREATE] = lambda asked: (
        smb_answer(asked, status=0xC0000022) if shut.encode("utf-16-le") in asked else usual(asked))
    return server


@asynccontextmanager
async def nfs(canaries: Canaries) -> AsyncIterator[int]:
    inside = canaries.phone("an NFS folder")
    export = canaries.phone("an NFS export")
    files = {name.encode(): 480_044 for name in some(canaries, "an NFS file")}
    below = {name.encode(): 160 for name in some(canaries, "an NFS file")}
    closed = f"/srv/{canaries.mail('a closed NFS export')}"
    host = Host(exports=[(f"/srv/{export}".encode(), [canaries.mail("an NFS client").encode(), b"*"]),
                         (closed.encode(), [canaries.phone("an NFS client").encode()])],
                tree={b"srv": {export.encode(): {**files, inside.encode(): dict(below)}}})
    async with listening(host) as port:
        host.programs = [(PORTMAP, 2, 6, port), (MOUNT, 3, 6, port), (NFS, 3, 6, port), (NFS, 4, 6, port)]
        yield port


def imap(canaries: Canaries, offered: str) -> bytes:
    return (f"* OK [CAPABILITY IMAP4rev1 {offered}] {canaries.mail('an IMAP greeting')} "
            f"{canaries.phone('an IMAP greeting')}\r\n").encode()


@asynccontextmanager
async def mailboxes(canaries: Canaries) -> AsyncIterator[int]:
    boxes = [canaries.phone("a mailbox"), canaries.mail("a mailbox"), canaries.person("a mailbox"), "INBOX"]
    greeting = imap(canaries, "AUTH=ANONYMOUS SASL-IR")
    said = canaries.phone("an IMAP answer")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        while line := await reader.readline():
            tag, _, command = line.decode(errors="replace").strip().partition(" ")
            if command.startswith("LIST"):
                writer.write("".join(f'* LIST () "/" "{box}"\r\n' for box in boxes).encode())
            elif command.startswith("STATUS"):
                writer.write(f"* {command.split(' (')[0]} (MESSAGES 3)\r\n".encode())
            elif command.startswith("AUTHENTICATE"):
                writer.write(b"+ \r\n")
                await reader.readline()
            writer.write(f"{tag} OK {said}\r\n".encode())
            await writer.drain()

    async with _serving(talk) as port:
        yield port


@asynccontextmanager
async def greeting(text: str) -> AsyncIterator[int]:
    """A server that says this and hears no more."""
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text.encode())
        await reader.read()

    async with _serving(talk) as port:
        yield port


@asynccontextmanager
async def _serving(talk: object) -> AsyncIterator[int]:
    tasks = set[asyncio.Task[None]]()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        with suppress(OSError, asyncio.CancelledError):
            await talk(reader, writer)  # type: ignore[operator]
        writer.close()

    sock = listen()
    server = await asyncio.start_server(one, sock=sock)
    try:
        yield sock.getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def targets(canaries: Canaries) -> AsyncIterator[list[str]]:
    """All of these, each with its protocol, and once more without it where a greeting tells."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        services = [
            f"SSH-2.0-OpenSSH_9.2 {canaries.mail('an SSH banner')}\r\n",
            f"+OK {canaries.phone('a POP3 greeting')} {canaries.mail('a POP3 greeting')} ready\r\n",
            imap(canaries, "AUTH=PLAIN").decode(), f"Welcome to {canaries.phone('a telnet banner')}\r\nlogin: ",
            f"220 {canaries.mail('a mail banner')} ESMTP {canaries.phone('a mail banner')}\r\n",
        ]
        ports = {"ftp": [(await enter(ftp(canaries))).port, (await enter(closed_ftp(canaries))).port],
                 "rsync": [await enter(rsync(canaries))], "smb": [(await enter(smb(canaries))).port],
                 "nfs": [await enter(nfs(canaries))], "imap": [await enter(mailboxes(canaries))],
                 "": [await enter(greeting(text)) for text in services]}
        yield [f"{protocol}://127.0.0.1:{port}/" if protocol else f"127.0.0.1:{port}"
               for protocol, numbers in ports.items() for port in numbers]


async def run(place: Place, *words: str) -> Ended:
    return await asyncio.to_thread(place.run, *words)


def leaks(canaries: Canaries, place: Place, *said: str) -> dict[str, list[str]]:
    """Which canaries show, and in what."""
    files = {path.name: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()}
    texts = {**files, **{f"said {number}": text.encode() for number, text in enumerate(said)}}
    found = {name: canaries.seen_in(data) for name, data in texts.items() if name != "scope.toml"}
    return {name: seen for name, seen in found.items() if seen}


def scope(targets: Sequence[str]) -> str:
    return f'[[target]]\nwhat = {json.dumps(targets)}\nregion = "SE"\n'


@pytest.mark.parametrize("loud", [(), ("-vv",)], ids=["plain", "-vv"])
async def test_nothing_that_is_written_shows_a_name(
        place: Place, targets: list[str], canaries: Canaries, loud: tuple[str, ...]) -> None:
    place.write("scope.toml", scope(targets))
    done = await run(place, "scan", "--scope", "scope.toml", *FAST, "--state", "s.sqlite", *OUTPUTS, *loud)
    assert 0 == done.code, done.err
    found = json.loads((place.folder / "r.json").read_text())["findings"]
    assert {"ftp", "smb", "rsync", "nfs", "imap"} == {door["protocol"] for one in found for door in one["doors"]}
    again = await run(place, "report", "--state", "s.sqlite", "-o", "again.html", "-o", "again.json",
                      "-o", "incident:again.md")
    past = await run(place, "history", "--state", "s.sqlite")
    assert {} == leaks(canaries, place, done.out, done.err, again.out, again.err, past.out, past.err)


async def test_names_show_where_they_are_asked_for(place: Place, targets: list[str], canaries: Canaries) -> None:
    place.write("scope.toml", scope(targets))
    done = await run(place, "scan", "--scope", "scope.toml", *FAST, "--state", "s.sqlite", *OUTPUTS,
                     "--show-names", "wanted by the data officer")
    assert 0 == done.code, done.err
    seen = leaks(canaries, place)
    assert set() == {f"{one.where}: {one.text}" for one in canaries.planted if one.where in FILES} - set(seen["r.json"])
    assert "contacts.jsonl" not in seen
