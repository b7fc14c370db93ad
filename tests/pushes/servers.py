"""File servers that push a file where a greeting, an answer or a list is waited for; also where nothing is.

Each is as many lines of its protocol as it takes to get there, and then bytes without end.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from scanner.probes import PROBES, Probe
from tests.net.hostile import BLOCK, Server
from tests.probes.rsync.rsync_lists import FOLDER, HELLO, OK, SEED, Put, answer
from tests.pushes.ways import KIB, LETTERS, WAV, Most

Behave = Callable[[socket.socket, bytes], None]
LINES = b"Dear doctor, it hurts\r\n" * 3000
# What was said before is counted as well, and a line may begin behind the last one in what was read: two portions
UNASKED = Most(2 * KIB + 128, 4 * KIB, 24 * KIB)
# What keeps to the form of the protocol, lines where lines are answers, ends by `Limits.page_bytes` …
TALK = Most(513 * KIB, 640 * KIB, 640 * KIB)
# … and a list by `Limits.element_bytes` without a name, read in portions of as much
LIST = Most(64 * KIB, 640 * KIB, 640 * KIB)


@dataclass(frozen=True, slots=True)
class Push:
    """What is pushed by a server of a protocol, and where."""

    name: str
    protocol: str
    behave: Behave
    most: Most = UNASKED
    tls: bool = False                     # from the first byte on
    lists: Behave | None = None           # what stands at the second port, where lists come over one of their own

    @property
    def probe(self) -> Probe:
        """Who asks there."""
        return next(probe for probe in PROBES if probe.name == self.protocol)

    @contextmanager
    def serving(self) -> Iterator[list[Server]]:
        """The servers, that of the protocol first."""
        with ExitStack() as stack:
            behave, lists = self.behave, list[Server]()
            if self.lists is not None:
                lists.append(stack.enter_context(Server(self.lists, asks=False)))
                behave = talk({}, lists[0].port)
            yield [stack.enter_context(Server(behave, tls=self.tls, asks=False)), *lists]


def pour(*before: bytes | int, block: bytes = BLOCK) -> Behave:
    """Bytes are said, so many lines are read; then the block until nobody takes it."""
    def behave(sock: socket.socket, asked: bytes) -> None:
        reader = sock.makefile("rb")
        for step in before:
            if isinstance(step, bytes):
                sock.sendall(step)
            else:
                for _ in range(step):
                    reader.readline()
        while True:
            sock.sendall(block)
    return behave


REPLIES = {"USER": "331 password", "PASS": "230 in", "SYST": "215 UNIX", "PWD": '257 "/"', "CWD": "250 there",
           "MLSD": "150 here", "LIST": "150 here", "NLST": "150 here", "QUIT": "221 bye", "OPTS": "200 on"}


def talk(push: Mapping[str, bytes], lists: int = 0) -> Behave:
    """FTP: a verb in `push` is answered by these bytes without end."""
    def behave(sock: socket.socket, asked: bytes) -> None:
        reader = sock.makefile("rb")
        sock.sendall(b"220 ready\r\n")
        while line := reader.readline():
            verb = line.split()[0].decode("latin-1")
            while verb in push:
                sock.sendall(push[verb])
            passive = f"229 Extended (|||{lists}|)" if verb == "EPSV" and lists else "502 unknown"
            sock.sendall(REPLIES.get(verb, passive).encode() + b"\r\n")
    return behave


def module(tree: bytes) -> Behave:
    """A daemon of rsync with one module: its tree, and a file that nobody wanted once all was said."""
    def behave(sock: socket.socket, asked: bytes) -> None:
        reader = sock.makefile("rb")
        sock.sendall(HELLO)
        reader.readline()
        if reader.readline() == b"#list\n":
            return sock.sendall(b"calls          \tRecordings\n@RSYNCD: EXIT\n")
        sock.sendall(OK)
        while reader.readline() not in (b"\n", b""):
            pass
        sock.sendall(SEED + tree)
        reader.read(20 if tree else 0)                           # nothing is left out, and no file is wanted
        while True:
            sock.sendall(BLOCK)
    return behave


ROWS = b"type=file;size=1; a.wav\r\ntype=file;size=2; b.wav\r\n" * 40
RPC = struct.pack(">I", 0x80000000 | 1 << 20)
ONE = b"* OK hi\r\n"
_CLEAR: tuple[Push, ...] = (
    Push("in the greeting of FTP", "ftp", pour()),
    Push("a wav in the greeting of FTP", "ftp", pour(b"220 ", block=WAV)),
    Push("lines in the greeting of FTP", "ftp", pour(b"220-hello\r\n", block=LINES), TALK),
    Push("in answer to USER", "ftp", talk({"USER": BLOCK})),
    Push("in answer to PASS, in lines", "ftp", talk({"PASS": LINES})),
    Push("in answer to EPSV", "ftp", talk({"EPSV": WAV})),
    Push("as an FTP list", "ftp", pour(), lists=pour()),
    Push("as an FTP list, a wav", "ftp", pour(), lists=pour(block=WAV)),
    Push("as an FTP list, letters", "ftp", pour(), lists=pour(block=LETTERS)),
    Push("as an FTP list, lines", "ftp", pour(), LIST, lists=pour(block=LINES)),
    Push("behind rows of an FTP list", "ftp", pour(), LIST, lists=pour(ROWS)),
    Push("in place of SMB", "smb", pour()),
    Push("as a message of SMB", "smb", pour(struct.pack(">I", 1 << 16))),
    Push("as a message of SMB of 16 MiB", "smb", pour(struct.pack(">I", 0xFFFFFF))),
    Push("in place of rsync", "rsync", pour()),
    Push("in the greeting of rsync", "rsync", pour(b"@RSYNCD: ", block=WAV)),
    Push("as modules of rsync", "rsync", pour(HELLO, 2)),
    Push("as modules of rsync, lines", "rsync", pour(HELLO, 2, block=LINES), TALK),
    Push("as a tree of rsync", "rsync", module(b"")),
    Push("behind a tree of rsync", "rsync", module(answer([Put(b".", mode=FOLDER), Put(b"a.wav", 5)])), LIST),
    Push("in place of IMAP", "imap", pour()),
    Push("in the greeting of IMAP", "imap", pour(b"* OK ", block=WAV)),
    Push("in answer to IMAP's first command", "imap", pour(ONE, 1)),
    Push("as a literal of IMAP", "imap", pour(ONE, 1, b"* LIST () \"/\" {4294967296}\r\n")),
    Push("as unasked answers of IMAP", "imap", pour(ONE, 1, block=b"* 1 FETCH x\r\n" * 3000), TALK),
    Push("in place of POP3", "pop3", pour()),
    Push("in the greeting of POP3", "pop3", pour(b"+OK ", block=WAV)),
    Push("in answer to POP3's first command", "pop3", pour(b"+OK hi\r\n", 1, b"+OK\r\n")),
    Push("as a list of POP3, lines", "pop3", pour(b"+OK hi\r\n", 1, b"+OK\r\n", block=LINES), TALK),
    Push("in place of SSH", "ssh", pour()),
    Push("in the greeting of SSH", "ssh", pour(b"SSH-2.0-", block=WAV)),
    Push("lines before the greeting of SSH", "ssh", pour(block=LINES), TALK),
    Push("behind the greeting of SSH", "ssh", pour(b"SSH-2.0-x\r\n")),
    Push("in place of NFS", "nfs", pour()),
    Push("as a record of NFS", "nfs", pour(RPC)),
    Push("as fragments of NFS", "nfs", pour(block=struct.pack(">I", 4) + b"RIFF"), TALK),
)
PUSHES = (*_CLEAR, *(replace(push, tls=True) for push in _CLEAR
                     if push.protocol in ("ftp", "imap", "pop3") and push.lists is None))
