"""The rig: real scans of generated worlds over real sockets, inside a network namespace where every address is local.

Runs inside only. Each contact is taken from the packets; each name asked from the resolver.
"""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from scanner.errors import EarshotError
from scanner.model import Address
from scanner.scan.naming import answers
from scanner.scan.profile import PROFILES
from scanner.scan.session import Session
from scanner.scope import Scope, build
from scanner.signature import Knowledge, load
from scanner.state import State
from tests import bottle_inside
from tests.bottle_wire import Contact, Tap, answer_questions
from tests.bottles.lures import ELSEWHERE, LISTS, OUTSIDE
from tests.bottles.oracle import FTP, Oracle
from tests.bottles.serving import Stage
from tests.bottles.world import World
from tests.scan.scans import TODAY, Watching

PROFILE = replace(PROFILES["gentle"], rate=100_000, host_rate=100_000, open_host=4)
_FREEBIND = {socket.AF_INET: (socket.IPPROTO_IP, 15), socket.AF_INET6: (socket.IPPROTO_IPV6, 78)}


@dataclass(frozen=True, slots=True)
class Case:
    """What came of one world."""

    contacts: frozenset[Contact]
    questions: tuple[str, ...]
    complaints: tuple[str, ...]              # contacts and questions that the oracle does not allow
    missed: int                              # (address, port) pairs named and allowed that nobody knocked at
    spared: int                              # pairs named by address that an exclusion took away
    refused: str | None                      # why the program would not scan


class Rig:
    """Sockets of the namespace, used for one world after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tap = Tap(bottle_inside.tap())
        self._resolvers = list(bottle_inside.resolvers())
        self._world = World(())
        self._turn = 0
        self.questions: list[str] = []
        self.stage = Stage()
        self._knowledge: Knowledge = load()

    def told(self, world: World) -> dict[str, frozenset[Address]]:
        """What each name is answered at first."""
        return {name: frozenset(_final(world, name)) for name in world.names}

    async def scan(self, world: World, doors: Sequence[tuple[Address, int]] = ()) -> Case:
        """Scan it and judge. `doors`: where somebody answers, if it is not to be chosen here."""
        oracle = Oracle(world, self.told(world))
        async with _Serving(self, world, doors or _doors(world, oracle)):
            refused = await self._run(world)
            contacts = self.contacts()
        return judged(world, oracle, contacts, tuple(self.questions), refused)

    async def let_loose(self, world: World, doors: Sequence[tuple[Address, int]], client: Callable[[], object]
                        ) -> frozenset[Contact]:
        """Whom another client contacts in the same world: the control."""
        async with _Serving(self, world, doors):
            await asyncio.to_thread(client)
            return self.contacts()

    def later(self) -> None:
        """From now on names are answered as they are later."""
        self._turn = 1

    def contacts(self) -> frozenset[Contact]:
        """Since the world began."""
        self._tap.drain()
        return frozenset(self._tap.contacts)

    async def _run(self, world: World) -> str | None:
        path = self._folder / "scope.toml"
        path.write_text(world.scope_file())

        async def resolved(scope: Scope, known: Mapping[str, Sequence[Address]]) -> Mapping[str, Any]:
            found = await answers(scope, known)
            self.later()
            return found

        try:
            session = Session(
                scope=build(file=path, today=TODAY), knowledge=self._knowledge, profile=PROFILE, state=State(None),
                watcher=Watching(), contact="security@example.org", today=TODAY, resolve=resolved)
            await session.run()
        except EarshotError as error:
            return str(error)
        session.state.close()
        return None

    def begin(self, world: World) -> None:
        """Nothing of the world before is left."""
        self._world, self._turn = world, 0
        self.stage.lures = world.lures
        self._tap.drain()
        self._tap.contacts.clear()
        self.questions.clear()
        book = {name: functools.partial(self._answer, name) for name in world.names}
        for sock in self._resolvers:
            asyncio.get_running_loop().add_reader(
                sock, answer_questions, sock, {**book, ELSEWHERE: [str(OUTSIDE)]}, self.questions)

    def end(self) -> None:
        for sock in self._resolvers:
            asyncio.get_running_loop().remove_reader(sock)

    def close(self) -> None:
        for sock in (self._tap.sock, *self._resolvers):
            sock.close()

    def _answer(self, name: str) -> Sequence[str]:
        turns = self._world.names[name]
        return turns[min(self._turn, len(turns) - 1)]


class _Serving:
    """The servers of one world, for a while."""

    def __init__(self, rig: Rig, world: World, doors: Sequence[tuple[Address, int]]) -> None:
        self._rig, self._world, self._doors = rig, world, doors
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> None:
        self._rig.begin(self._world)
        for address, port in self._doors:
            talk = self._rig.stage.ftp if port == FTP else self._rig.stage.web
            self._servers.append(await asyncio.start_server(talk, sock=_listen(address, port)))

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        self._rig.end()


def judged(world: World, oracle: Oracle, contacts: frozenset[Contact], questions: tuple[str, ...],
           refused: str | None) -> Case:
    """What the oracle says of a scan."""
    asked = [contact for contact in contacts if contact == ("udp", bottle_inside.RESOLVER, 53)]
    wrong = [f"{contact}: {'excluded' if oracle.excludes(ip_address(contact[1])) else 'not in the scope'}"
             for contact in contacts if contact not in asked and not _is_allowed(oracle, contact)]
    ours = {words.host for words, _ in world.wanted} | {words.host for words in world.shut}
    wrong += [f"the name {name} was asked for" for name in questions if name not in ours]
    wrong += [f"the name {name} was asked for again" for name in set(questions) if questions.count(name) > 2]
    knocked = {(ip_address(address), port) for kind, address, port in contacts if kind == "tcp"}
    named = {(address, port) for words, table in world.wanted for address, port in oracle.named(words, table)}
    return Case(contacts, questions, tuple(sorted(wrong)), 0 if refused else len(oracle.must() - knocked),
                sum(oracle.excludes(address) for address, _ in named), refused)


def _is_allowed(oracle: Oracle, contact: Contact) -> bool:
    kind, address, port = contact
    return kind == "tcp" and oracle.allows(ip_address(address), port)


def _doors(world: World, oracle: Oracle) -> list[tuple[Address, int]]:
    """Where somebody answers, one server a world: an FTP server, or a web server at an address or behind a name.

    The rest is closed, and seen all the same.
    """
    led = {(address, port) for words, _ in world.wanted for address in oracle.told.get(words.host or "", ())
           for port in (*world.ports, words.port or 80) if oracle.allows(address, port)}
    speaking = [(address, port) for address, port in oracle.must() | led if port != 443]
    ftp = sorted({address for address, port in speaking if port == FTP}, key=str)[:1]
    if ftp:
        return [(ftp[0], FTP), (ftp[0], LISTS)]
    return sorted(speaking, key=str)[:1]


def _final(world: World, name: str) -> Iterator[Address]:
    """The addresses behind a name when it is first asked for, aliases followed."""
    for text in world.names.get(name, ((),))[0]:
        try:
            yield ip_address(text)
        except ValueError:
            yield from _final(world, text)


def _listen(address: Address, port: int) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(*_FREEBIND[family], 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((str(address), port))
    sock.listen(64)
    return sock


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    """Make this namespace one where every address is local, and set the rig up in it."""
    bottle_inside.make_every_address_local()
    bottle_inside.resolve_here(folder)
    made = Rig(folder)
    try:
        yield made
    finally:
        made.close()
