"""Targets of fuzzing: what servers of FTP, SMB, NFS and rsync answer, taken apart by their pure files."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from scanner.errors import BudgetError, ProtocolError
from scanner.model import Doubt
from scanner.probes.ftp import replies
from scanner.probes.nfs import export, mount, portmap, rpc, session, wire3, wire4
from scanner.probes.nfs.rows import Page
from scanner.probes.nfs.xdr import Reader
from scanner.probes.rsync import lines
from scanner.probes.rsync.frames import Frames
from scanner.probes.rsync.rows import Rows
from scanner.probes.rsync.tree import Tree
from scanner.probes.smb import directory, frame, ntlm, old, packet, reply, spnego, srvsvc
from tests.fuzz.listings import sound
from tests.fuzz.target import Form, Target
from tests.probes.rsync.rsync_lists import FILE, FOLDER, Put, answer
from tests.probes.rsync.rsync_lists import rows as listed

WIRE = Path(__file__).parents[2] / "fixtures" / "wire"
_BROKEN = (ProtocolError,)
_HEADER = struct.pack("<4sHHIHHIIQIIQ16s", packet.SMB2, 64, 1, 0, 0, 32, 1, 0, 0, 0xFEFF, 1, 1, b"")
_SHOWN = struct.pack("<HHI", 9, 72, 1024)
_XID = 7


def bodies(folder: str, mark: bytes) -> Iterator[bytes]:
    """What a server said in the conversations recorded in a folder: the lines with this mark."""
    for path in sorted((WIRE / folder).iterdir()):
        for line in path.read_bytes().splitlines():
            before, found, said = line.partition(mark)
            if found and len(before) < 8:
                yield said


# ---- FTP

def _reply(data: bytes) -> object:
    """Lines as a session reads them, and all that may be asked of the reply."""
    reading, found = replies.Reading(), None
    for line in data.splitlines(keepends=True):
        found = reading.add(line)
        if found is not None:
            break
    if found is None:
        return None
    ways = (replies.judged, replies.features, replies.home, replies.ended, replies.most, replies.is_mail)
    return found, found.text, found.title, [way(found) for way in ways], replies.greets(data)


def _port(data: bytes) -> object:
    """A reply that names a port, of which none below 1024 is taken."""
    one = replies.Reply(229, (data,)), replies.Reply(227, (data,))
    found = []
    for way, answered in zip((replies.extended, replies.passive), one, strict=True):
        try:
            found.append(way(answered))
        except ProtocolError:
            found.append(None)
    assert all(port is None or replies.LEAST_PORT <= port < 65536 for port in found)
    return found


def _ftp() -> Iterator[tuple[str, bytes]]:
    for said in bodies("ftp", b"< "):
        text = said[2:-1].decode().encode("latin-1").decode("unicode_escape").encode("latin-1")
        yield "reply", text[:2000]
    yield "reply", b'257 "/a ""b"" c" is the current directory\r\n'
    yield "port", b"Entering Extended Passive Mode (|||40001|)"
    yield "port", b"Entering Passive Mode (192,0,2,7,156,65)"


# ---- SMB

def _of_reply(read: Callable[[packet.Reply], object]) -> Form:
    """What a message holds, behind a header that is in order."""
    return Form(lambda data: read(packet.parse_reply(_HEADER + data)), raises=_BROKEN)


def _message(data: bytes) -> object:
    kind, size = frame.parse_head(data[:4], 1 << 17)
    message = data[4:4 + size]
    return kind, packet.is_smb(message), old.speaks_smb1(message), packet.parse_reply(message)


def _entries(data: bytes) -> object:
    return [sound([directory.parse_page(data, form).batch()], slashes=True, dots=True) for form in directory.Form]


def _shares(data: bytes) -> object:
    found = srvsvc.parse_shares(data)
    return found, [(share.disk, share.noun) for share in found.shares]


def _pipe(data: bytes) -> object:
    try:
        srvsvc.accepted(data)
    except ProtocolError:
        return srvsvc.fragment(data)
    return True


def _login(data: bytes) -> object:
    """An envelope, the challenge in it, and the answer that it gets."""
    challenge = ntlm.parse_challenge(spnego.unwrapped(data))
    answers = [ntlm.authenticate(login, challenge, seconds=1.5e9, nonce=b"01234567") for login in ntlm.Login]
    return challenge, [challenge.text(pair) for pair in range(8)], answers


def _smb() -> Iterator[tuple[str, bytes]]:
    of = {0: "negotiated", 1: "setup", 3: "tree", 5: "handle", 11: "output", 14: "rows"}
    for path in sorted((WIRE / "smb").iterdir()):
        said, at = path.read_bytes(), 0
        while at < len(said):
            size = int.from_bytes(said[at + 1:at + 4], "big")
            message = said[at + 4:at + 4 + size]
            yield "message", said[at:at + 4 + size][:2000]
            command = int.from_bytes(message[12:14], "little")
            if command in of and len(message) < 2000:
                yield of[command], message[64:]
                yield from _within(of[command], message)
            at += 4 + size


def _within(command: str, message: bytes) -> Iterator[tuple[str, bytes]]:
    if command == "rows" and (data := message[72:]):
        yield "entries", data
    if command == "output" and message[112:114] == b"\x05\x00":
        yield "pipe", message[112:]
        yield "shares", message[136:]
    if command == "setup" and (at := message.find(b"NTLMSSP\0")) > 0:
        yield "challenge", message[at:]


# ---- NFS

def _answered(read: Callable[[Reader], object]) -> Form:
    """A reply to our call, and its result."""
    return Form(lambda data: read(rpc.reply(_ACCEPTED + data, _XID)), raises=_BROKEN)


_ACCEPTED = struct.pack(">6I", _XID, 1, 0, 0, 0, 0)


def _record(data: bytes) -> object:
    last, size = rpc.fragment(data[:4])
    return last, rpc.reply(data[4:4 + size], int.from_bytes(data[4:8]) if data[:1] < b"\x90" else _XID).left


def _exports(reader: Reader) -> object:
    found = export.listed(mount.exported(reader))
    return found, [one.said for one in found], export.leading([one.path for one in found])


def _programs(reader: Reader) -> object:
    found = portmap.dumped(reader)
    return found, portmap.said(found), portmap.port_of(found, 100003, 3)


def _four(read: Callable[[Reader], object]) -> Callable[[Reader], object]:
    def one(reader: Reader) -> object:
        wire4.begin(reader)
        reader.word()
        if status := reader.word():
            return status
        return read(reader)
    return one


def _nfs_page(page: Page) -> object:
    return page.cookie, page.last, sound([page.batch()], slashes=True)


def _told(reader: Reader) -> object:
    known = wire4.told(reader)
    return known, wire4.row(known), wire4.system(known), wire4.identity(known)


def _mounted(reader: Reader) -> object:
    found = mount.mounted(reader)
    return found, found.said, found.credential is None


_NFS = {
    "record": Form(_record, raises=_BROKEN), "programs": _answered(_programs), "bound": _answered(portmap.bound),
    "exports": _answered(_exports), "mounted": _answered(_mounted), "found": _answered(wire3.found),
    "identity": _answered(wire3.identity), "plus": _answered(lambda reader: _nfs_page(wire3.page_plus(reader, 0))),
    "plain": _answered(lambda reader: _nfs_page(wire3.page_plain(reader, 0))),
    "four": _answered(_four(lambda reader: _nfs_page(wire4.page(reader, 0)))), "told": _answered(_four(_told)),
    "known": _answered(session.known), "opened": _answered(session.opened),
}


def _nfs() -> Iterator[tuple[str, bytes]]:
    for said in bodies("nfs", b" < "):
        record = bytes.fromhex(said.decode())
        if len(record) < 3000:
            yield "record", record
            yield from ((form, record[28:]) for form in _NFS if form != "record")
    yield "bound", struct.pack(">4I3sxI", 1, 100003, 3, 3, b"tcp", 13) + b"192.0.2.7.8.1" + bytes(11)
    yield "exports", struct.pack(">2I4s2I1s3x2I", 1, 4, b"/srv", 1, 1, b"*", 0, 0)
    yield "programs", struct.pack(">5I", 1, 100003, 3, 6, 2049) + bytes(4)


# ---- rsync

def _lines(data: bytes) -> object:
    """What lines of a daemon mean. Each of our own words once: they are not made of what it says."""
    welcome, modules, meanings, refusals = lines.Welcome(), list[lines.Module](), Counter[lines.Said](), set[Doubt]()
    for line in data.splitlines(keepends=True):
        meanings[lines.said(line)] += 1
        refusals.add(lines.refusal(line))
        found = lines.module(line)
        if found is None:
            welcome.take(line)
        else:
            modules.append(found)
    return modules, meanings, refusals, welcome


def _list(protocol: int) -> Callable[[list[bytes]], object]:
    """Frames, rows and the tree of them, as the talk reads them."""
    def read(pieces: list[bytes]) -> object:
        frames, made, tree = Frames(), Rows(protocol), Tree(1000)
        batches = []
        for piece in pieces:
            batches += list(tree.take(made.feed(frames.feed(piece))))
        batches += [*tree.flush(), *tree.empty()]
        return sound(batches), made.ended, made.unread, frames.troubles
    return read


PUTS = [Put(b".", mode=FOLDER), Put(b"a b.wav", 8044), Put(b"2019", mode=FOLDER), Put(b"x.wav", 8 << 30),
        Put(b"2019/\xe5.wav", 9), Put(b"2019/02", mode=FOLDER), Put(b"2019/02/l", mode=FILE)]


def _rsync() -> Iterator[tuple[str, bytes]]:
    for path in sorted((WIRE / "rsync").iterdir()):
        said = path.read_bytes()
        head, opened, rest = said.partition(b"@RSYNCD: OK\n")
        yield "lines", head + opened
        yield "greeting", head.partition(b"\n")[0] + b"\n"
        if rest:
            yield "list", rest[4:2004]
    for errors in (0, 1):
        yield "list", answer(PUTS, messages=[b"rsync: opendir x failed: Permission denied (13)\n"], errors=errors)
    yield "list 27", struct.pack("<I", 7 << 24 | len(listed(PUTS, protocol=27))) + listed(PUTS, protocol=27)


TARGETS = (
    Target("ftp", {"reply": Form(_reply, raises=_BROKEN), "port": Form(_port)}, _ftp, ("probes/ftp/replies.py",)),
    Target("smb", {
        "message": Form(_message, raises=_BROKEN), "negotiated": _of_reply(reply.parse_negotiated),
        "setup": _of_reply(reply.parse_setup), "tree": _of_reply(reply.parse_tree),
        "handle": _of_reply(reply.parse_handle), "output": _of_reply(reply.parse_output),
        "rows": _of_reply(reply.parse_rows), "entries": Form(_entries), "pipe": Form(_pipe, raises=_BROKEN),
        "shares": Form(_shares, raises=_BROKEN), "challenge": Form(_login, raises=_BROKEN)}, _smb,
           ("probes/smb/reply.py", "probes/smb/directory.py", "probes/smb/srvsvc.py", "probes/smb/ntlm.py")),
    Target("nfs", _NFS, _nfs, ("probes/nfs/rpc.py", "probes/nfs/portmap.py", "probes/nfs/export.py")),
    Target("rsync", {
        "greeting": Form(lambda data: lines.greeting(data), raises=_BROKEN), "lines": Form(_lines),
        "list": Form(stream=_list(29), raises=(ProtocolError, BudgetError)),
        "list 27": Form(stream=_list(27), raises=(ProtocolError, BudgetError))}, _rsync,
           ("probes/rsync/lines.py", "probes/rsync/trouble.py")),
)
