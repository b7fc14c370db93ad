"""The bottle's two wire formats: packets told apart into contacts, and names answered. No namespace is made here."""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, ip_address

Contact = tuple[str, str, int]               # ("tcp" | "udp" | "icmp", address, port or 0)
Names = Mapping[str, Sequence[str] | Callable[[], Sequence[str]]]

EVERY_OTHER = "*"                            # in Names: every name that is not there

_ARRIVING = 0                                # packet(7), PACKET_HOST: loopback shows each packet leaving and arriving
_SOL_PACKET, _STATISTICS = 263, 6            # packet(7), PACKET_STATISTICS
_RECEIVE_BUFFER_BY_FORCE = 33                # socket(7), SO_RCVBUFFORCE
_ATTACH_FILTER = 26                          # socket(7), SO_ATTACH_FILTER
_TCP, _UDP, _ECHO = 6, 17, {(1, 8), (58, 128)}
_SYN, _SYN_ACK = 0x02, 0x12

# bpf(4), "classic": of TCP only SYN without ACK, of the rest everything, 96 bytes of each. (code, true, false, k)
_FILTER = (
    (0x30, 0, 0, 0), (0x54, 0, 0, 0xF0), (0x15, 0, 6, 0x40),                        # 0: not IPv4? to 9
    (0x30, 0, 0, 9), (0x15, 0, 9, _TCP),                                            # 3: not TCP? to 14
    (0xB1, 0, 0, 0), (0x50, 0, 0, 13), (0x54, 0, 0, _SYN_ACK), (0x15, 5, 6, _SYN),  # 5: flags behind the IP header
    (0x30, 0, 0, 6), (0x15, 0, 3, _TCP),                                            # 9: not TCP? to 14
    (0x30, 0, 0, 53), (0x54, 0, 0, _SYN_ACK), (0x15, 0, 1, _SYN),                   # 11: flags behind 40 bytes
    (0x06, 0, 0, 96), (0x06, 0, 0, 0),                                              # 14: take; 15: leave
)


class Tap:
    """Sees each packet on the namespace's loopback. May be drained from any thread."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.contacts: set[Contact] = set()
        self._guard = threading.Lock()
        code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in _FILTER))
        sock.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("@HP", len(_FILTER), ctypes.addressof(code)))
        with suppress(PermissionError):      # the namespace's root may not, the machine's may: a whole scan fits
            sock.setsockopt(socket.SOL_SOCKET, _RECEIVE_BUFFER_BY_FORCE, 1 << 28)
        sock.setblocking(False)

    def drain(self) -> None:
        """Take in what has passed. RuntimeError where packets were lost: then `contacts` would prove nothing."""
        with self._guard:
            try:
                while True:
                    packet, (_, _, kind, *_) = self.sock.recvfrom(128)
                    if kind == _ARRIVING and (contact := contact_of(packet)) is not None:
                        self.contacts.add(contact)
            except BlockingIOError:
                pass
            _, lost = struct.unpack("=II", self.sock.getsockopt(_SOL_PACKET, _STATISTICS, 8))
            if lost:
                raise RuntimeError(f"{lost} packets passed unseen")


def contact_of(packet: bytes) -> Contact | None:
    """Whom a packet contacts (RFC 791, RFC 8200): a TCP SYN, a datagram, an echo request. None: an answer."""
    if packet[0] >> 4 == 4:
        protocol, target, rest = packet[9], packet[16:20], packet[(packet[0] & 15) * 4:]
    else:
        protocol, target, rest = packet[6], packet[24:40], packet[40:]
    source, port = struct.unpack("!HH", rest[:4])
    if protocol == _TCP:
        return ("tcp", str(ip_address(target)), port) if rest[13] & _SYN_ACK == _SYN else None
    if protocol == _UDP:
        return ("udp", str(ip_address(target)), port) if source != 53 else None     # from 53: the bottle's answer
    return ("icmp", str(ip_address(target)), 0) if (protocol, rest[0]) in _ECHO else None


def answer_questions(sock: socket.socket, names: Names, asked: list[str]) -> None:
    """Answer what waits at a resolver's socket, from the address that each question was sent to; notes the names.

    The socket tells where (ip(7) IP_PKTINFO, ipv6(7) IPV6_RECVPKTINFO) and is given the same to send from.
    """
    with suppress(BlockingIOError):
        while True:
            question, told, _, client = sock.recvmsg(2048, 128, socket.MSG_DONTWAIT)
            name, answer = reply(question, names)
            asked.append(name)
            sock.sendmsg([answer], [(level, kind, _source(data)) for level, kind, data in told], 0, client)


def _source(told: bytes) -> bytes:
    """in_pktinfo or in6_pktinfo of a question made one of its answer."""
    if len(told) == 12:                      # interface, address of the interface, address asked
        return struct.pack("=i4s4s", 0, told[8:12], bytes(4))
    return told


def reply(question: bytes, names: Names) -> tuple[str, bytes]:
    """The name that a DNS question asks for, and its answer (RFC 1035 section 4): A, AAAA, CNAME; else no such name."""
    labels, at = [], 12
    while length := question[at]:
        labels.append(question[at + 1:at + 1 + length].decode("ascii", "backslashreplace"))
        at += 1 + length
    wanted, = struct.unpack("!H", question[at + 1:at + 3])
    name = ".".join(labels).lower()
    records = _records(name, wanted, names)
    header = struct.pack("!HHHHH", 0x8580 if name in names or EVERY_OTHER in names else 0x8583, 1, len(records), 0, 0)
    return name, question[:2] + header + question[12:at + 5] + b"".join(records)


def _records(name: str, wanted: int, names: Names) -> list[bytes]:
    values = names.get(name, names.get(EVERY_OTHER, ()))
    found: list[bytes] = []
    for value in values() if callable(values) else values:
        try:
            address = ip_address(value)
        except ValueError:
            found += [_record(name, 5, _wire(value)), *_records(value.lower(), wanted, names)]
            continue
        kind = 1 if isinstance(address, IPv4Address) else 28
        if kind == wanted:
            found.append(_record(name, kind, address.packed))
    return found


def _record(name: str, kind: int, data: bytes) -> bytes:
    return _wire(name) + struct.pack("!HHIH", kind, 1, 0, len(data)) + data         # time to live 0: asked each time


def _wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
