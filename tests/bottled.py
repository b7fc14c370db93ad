"""Suites in a bottle: their tests run where every address is local, and a test that met a stranger fails.

The main thread enters the namespace before a test is set up and leaves it when it has been torn down (setns(2)
concerns one thread; what it starts is born inside), so servers, scans and programs of the test are all inside. Hooks
for `tests/conftest.py`. Strangers are whoever is not on loopback, and a resolver
that was asked for a name.
"""

from __future__ import annotations

import ctypes
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

import pytest

from tests import bottle_inside
from tests.bottle import Bottle, lacks
from tests.bottle_wire import Contact, Tap

T = TypeVar("T")
SUITES = ("real", "hostile", "scan", "probes", "products", "net", "worlds")      # folders of tests
LIE = "198.51.100.9"                         # where every name leads that a test lets out
_PORTS = (21, 53, 80, 443)                   # listened on at every address, so that a stranger is talked to as well
_WHO_ASKS_ME = ".127.in-addr.arpa"            # some servers ask for the name of a client on loopback
_NEWNET = 0x40000000                         # setns(2), CLONE_NEWNET
_SAID = "bottle"                             # the property of a test that says where it ran


@dataclass
class Ground:
    """A bottle that this process can enter."""

    bottle: Bottle
    home: int                                # the network namespace of this process, as a file
    inside: int
    elsewhere: set[Contact] = field(default_factory=set)         # in networks that a test made itself

    def strangers(self) -> list[str]:
        """Who was contacted since `forget`, and what was asked of a resolver."""
        contacts, questions = self.bottle.contacts | self.elsewhere, set(self.bottle.questions)
        told = {name for name in questions if name.endswith(_WHO_ASKS_ME)}
        met = {contact for contact in contacts if not _is_at_home(contact) and not (told and _is_question(contact))}
        return sorted(map(str, met)) + sorted(f"the name {name!r} was asked for" for name in questions - told)

    def forget(self) -> None:
        """Begin a new account."""
        self.bottle.forget()
        self.elsewhere.clear()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This thread, and what it starts, is inside."""
        _enter(self.inside)
        try:
            yield
        finally:
            _enter(self.home)

    def close(self) -> None:
        """Nobody enters again."""
        self.bottle.__exit__(None, None, None)
        os.close(self.inside)
        os.close(self.home)


@cache
def ground() -> Ground | str:
    """This process's bottle, or why there is none."""
    if reason := lacks():
        return reason
    home = _file("/proc/thread-self/ns/net")
    try:
        bottle = Bottle({("*", port): b"" for port in _PORTS}, names={"*": [LIE]}).__enter__()
    except OSError as error:
        os.close(home)
        return f"this machine grants no network namespace: {error}"
    try:
        found = Ground(bottle, home, _file(bottle.network))
        with found.entered():
            return found
    except PermissionError:
        bottle.__exit__(None, None, None)
        return "only root enters a network namespace with servers that are to keep their rights"


@contextmanager
def watched(network: str | Path) -> Iterator[None]:
    """A network namespace that a test made itself: who is contacted there counts with the rest."""
    within = ground()
    if isinstance(within, str):
        yield
        return
    there = _file(network)
    here = _file("/proc/thread-self/ns/net")
    _enter(there)
    try:
        tap = Tap(bottle_inside.tap())
    finally:
        _enter(here)
        os.close(there)
        os.close(here)
    with tap.sock:
        yield
        tap.drain()
        within.elsewhere |= tap.contacts


def run_inside(work: Callable[[], T]) -> tuple[T, str, list[str]]:
    """Do all of `work` inside, for programs: its result, in words where it ran, and the strangers that it met."""
    within = ground()
    if isinstance(within, str):
        return work(), f"ran OUTSIDE the bottle: {within}", []
    within.forget()
    with within.entered():
        done = work()
    met = within.strangers()
    return done, f"all ran where every address is local; met outside loopback: {', '.join(met) or 'nobody'}", met


def _is_at_home(contact: Contact) -> bool:
    return ip_address(contact[1]).is_loopback


def _is_question(contact: Contact) -> bool:
    return contact[0] == "udp" and contact[2] == 53


def _file(path: str | Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _enter(network: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(network, _NEWNET):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


# The hooks.


def _is_ours(item: pytest.Item) -> bool:
    return item.path.relative_to(item.config.rootpath / "tests").parts[0] in SUITES


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Everything of a test is inside, the making of its fixtures too."""
    if not _is_ours(item):
        return (yield)
    within = ground()
    item.user_properties.append((_SAID, within if isinstance(within, str) else ""))
    if isinstance(within, str):
        return (yield)
    within.forget()
    with within.entered():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """When its servers have ended: whom did it meet?"""
    yield
    within = ground() if _is_ours(item) else ""
    if not isinstance(within, str) and (met := within.strangers()):
        pytest.fail(f"contacts outside the scope: {'; '.join(met[:10])}", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many ran inside, and how many could not."""
    ran = Counter(
        said
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if getattr(report, "when", "") == "call"
        for name, said in report.user_properties
        if name == _SAID
    )
    if inside := ran.pop("", 0):
        terminalreporter.write_line(f"bottle: {inside} tests ran where every address is local, each contact seen")
    for why, count in ran.items():
        terminalreporter.write_line(f"bottle: {count} tests ran OUTSIDE: {why}")


def pytest_sessionfinish() -> None:
    """The namespace goes."""
    if ground.cache_info().currsize and not isinstance(within := ground(), str):
        within.close()
        ground.cache_clear()
