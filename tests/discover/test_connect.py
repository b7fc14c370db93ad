"""The connect engine against a network that is scripted: every pair told once, and only what is the target's doing."""

from __future__ import annotations

import asyncio
import errno
import resource
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.discover.connect import Tempo, sweep
from scanner.discover.knock import Knock
from scanner.errors import LocalFault, OutOfScope
from scanner.model import Address
from scanner.net.dial import Knocked, State

HASTY = Tempo(ceiling=0.001, floor=0.001, retry_after=0.001, pause=0.001, give_up=30)
QUICK = Tempo(ceiling=0.04, floor=0.01, retry_after=0.02, give_up=0.3)


@dataclass(frozen=True)
class Pair:
    address: Address
    port: int


class Net:
    """A scripted network: `says(address, port, try number)` gives the state; it counts what is done to it."""

    def __init__(self, says: Callable[[Address, int, int], State]) -> None:
        self.says = says
        self.tries: Counter[tuple[Address, int]] = Counter()
        self.waits: list[float] = []
        self.now = self.most = 0

    async def knock(self, address: Address, port: int, timeout: float) -> Knocked:
        self.tries[address, port] += 1
        self.waits.append(timeout)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            state = self.says(address, port, self.tries[address, port])
            await asyncio.sleep(timeout if state is State.SILENT else 0)
        finally:
            self.now -= 1
        return Knocked(state, 0.001)


def pairs(hosts: int, *ports: int) -> Iterator[tuple[int, Pair]]:
    for i in range(hosts * len(ports)):
        yield i, Pair(IPv4Address(0x7F000001 + i // len(ports)), ports[i % len(ports)])


async def all_of(
    net: Net, wanted: Iterator[tuple[int, Pair]], in_flight: int = 50, tempo: Tempo = QUICK,
) -> list[Knock]:
    return [knock async for knock in sweep(wanted, net.knock, in_flight=in_flight, tempo=tempo)]


async def test_every_pair_is_told_once_with_its_state() -> None:
    states = {80: State.OPEN, 81: State.CLOSED, 82: State.SILENT, 83: State.UNREACHABLE}
    net = Net(lambda _, port, __: states[port])
    knocks = await all_of(net, pairs(100, *states))
    assert sorted(knock.index for knock in knocks) == list(range(400))
    assert {(knock.port, knock.state) for knock in knocks} == set(states.items())


async def test_no_pairs_no_knocks() -> None:
    assert await all_of(Net(lambda *_: State.OPEN), pairs(0, 80)) == []


async def test_silence_is_tried_twice_and_everything_else_once() -> None:
    net = Net(lambda address, *_: State.SILENT if int(address) % 2 else State.CLOSED)
    await all_of(net, pairs(4, 80))
    assert [net.tries[pair.address, pair.port] for _, pair in pairs(4, 80)] == [2, 1, 2, 1]


async def test_a_host_heard_only_the_second_time_is_not_lost() -> None:
    net = Net(lambda _, __, number: State.SILENT if number == 1 else State.OPEN)
    assert {knock.state for knock in await all_of(net, pairs(30, 80))} == {State.OPEN}


async def test_the_second_try_comes_after_a_pause_and_waits_the_ceiling() -> None:
    net = Net(lambda address, *_: State.SILENT if int(address) == 0x7F000001 + 99 else State.CLOSED)
    start = asyncio.get_running_loop().time()
    await all_of(net, pairs(100, 80), in_flight=10)
    assert asyncio.get_running_loop().time() - start >= QUICK.floor + QUICK.retry_after + QUICK.ceiling - 0.005
    assert net.waits[-2:] == [QUICK.floor, QUICK.ceiling]


async def test_never_more_in_flight_than_allowed() -> None:
    net = Net(lambda *_: State.OPEN)
    await all_of(net, pairs(500, 80), in_flight=7)
    assert net.most == 7


async def test_millions_of_pairs_are_read_only_as_needed() -> None:
    read = 0

    def endless() -> Iterator[tuple[int, Pair]]:
        nonlocal read
        for i, pair in pairs(2**30, 80):
            read = i + 1
            yield i, pair

    told = 0
    knocks = sweep(endless(), Net(lambda *_: State.CLOSED).knock, in_flight=100, tempo=QUICK)
    async for _ in knocks:
        told += 1
        if told == 5000:
            break
    await knocks.aclose()
    assert read <= told + 1024 + 100


async def test_a_reader_who_stops_leaves_nothing_in_flight() -> None:
    net = Net(lambda *_: State.SILENT)
    knocks = sweep(pairs(1000, 80), net.knock, in_flight=100, tempo=QUICK)
    await anext(knocks)
    await knocks.aclose()
    assert net.now == 0
    assert len(asyncio.all_tasks()) == 1


async def test_a_reader_who_stops_in_the_pause_after_a_fault_is_not_woken() -> None:
    def once(address: Address, port: int, number: int) -> State:
        if int(address) % 8 == 0 and number == 1:
            raise LocalFault("for once")
        return State.CLOSED

    net = Net(once)
    knocks = sweep(pairs(1000, 80), net.knock, in_flight=4, tempo=QUICK)
    await anext(knocks)
    await knocks.aclose()
    tries = sum(net.tries.values())
    await asyncio.sleep(3 * QUICK.pause)
    assert sum(net.tries.values()) == tries


async def test_holes_in_the_pairs_are_skipped() -> None:
    wanted = [(i, None if i % 3 else pair) for i, pair in pairs(3000, 80)]
    knocks = [knock async for knock in sweep(wanted, Net(lambda *_: State.OPEN).knock, in_flight=9, tempo=QUICK)]
    assert sorted(knock.index for knock in knocks) == list(range(0, 3000, 3))


@pytest.mark.parametrize("shown", [[], [0], [5000], [0, 5000, 9999]])
async def test_nothing_but_holes_comes_to_an_end(shown: list[int]) -> None:
    wanted = [(i, pair if i in shown else None) for i, pair in pairs(10_000, 80)]
    knocks = [knock async for knock in sweep(wanted, Net(lambda *_: State.OPEN).knock, in_flight=9, tempo=QUICK)]
    assert [knock.index for knock in knocks] == shown


async def test_a_slow_reader_gets_everything() -> None:
    told = 0
    async for _ in sweep(pairs(3000, 80), Net(lambda *_: State.CLOSED).knock, in_flight=20, tempo=QUICK):
        told += 1
        if told % 300 == 0:
            await asyncio.sleep(0.01)
    assert told == 3000


async def test_a_fault_of_this_machine_is_never_told_of_the_target() -> None:
    left = 60

    def starved(address: Address, port: int, number: int) -> State:
        nonlocal left
        if net.now > 10 and left:
            left -= 1
            raise LocalFault("too many open files")
        return State.OPEN

    net = Net(starved)
    knocks = await all_of(net, pairs(300, 80))
    assert Counter(knock.state for knock in knocks) == {State.OPEN: 300}
    assert len({knock.index for knock in knocks}) == 300


async def test_after_a_fault_half_as_many_are_in_flight() -> None:
    faults = 1

    def once(address: Address, port: int, number: int) -> State:
        nonlocal faults
        if net.now == 40 and faults:
            faults, net.most = 0, 0
            raise LocalFault("no buffers")
        return State.SILENT

    net = Net(once)
    knocks = sweep(pairs(400, 80), net.knock, in_flight=40, tempo=QUICK)
    for _ in range(60):
        await anext(knocks)
    await knocks.aclose()
    assert 20 <= net.most <= 32


async def test_a_fault_that_does_not_end_ends_the_sweep() -> None:
    def broken(*_: object) -> State:
        raise LocalFault("no network on this machine")

    with pytest.raises(LocalFault, match="no network"):
        await all_of(Net(broken), pairs(10, 80))


async def test_any_other_error_of_the_knocker_rises() -> None:
    def barred(address: Address, port: int, number: int) -> State:
        if int(address) % 16 == 0:
            raise OutOfScope("the authorisation has ended")
        return State.OPEN

    with pytest.raises(OutOfScope, match="ended"):
        await all_of(Net(barred), pairs(100, 80))


class Link:
    """Is up until so many tries were made, then down for a while."""

    def __init__(self, tries: int, seconds: float) -> None:
        self.left, self.seconds = tries, seconds
        self.until = 0.0

    def down(self) -> bool:
        now = asyncio.get_running_loop().time()
        self.left -= 1
        if not self.left:
            self.until = now + self.seconds
        return now < self.until


def by_address(address: Address) -> State:
    return (State.OPEN, State.CLOSED, State.SILENT)[int(address) % 3]


async def test_a_link_that_falls_in_the_middle_changes_no_outcome() -> None:
    link = Link(500, 0.5)
    net = Net(lambda address, *_: State.SILENT if link.down() else by_address(address))
    knocks = await all_of(net, pairs(1500, 80), in_flight=100, tempo=Tempo(ceiling=0.01, floor=0.01, retry_after=0.01))
    assert {knock.address: knock.state for knock in knocks} == {
        pair.address: by_address(pair.address) for _, pair in pairs(1500, 80)
    }
    assert len(knocks) == 1500


@pytest.mark.parametrize("lost", [State.SILENT, State.UNREACHABLE])
async def test_a_link_that_falls_at_the_very_end_is_noticed(lost: State) -> None:
    link = Link(80, 0.3)
    net = Net(lambda *_: lost if link.down() else State.CLOSED)
    knocks = await all_of(net, pairs(100, 80), in_flight=10, tempo=Tempo(ceiling=0.01, floor=0.01, retry_after=0.01))
    assert Counter(knock.state for knock in knocks) == {State.CLOSED: 100}


async def test_a_link_that_stays_down_ends_the_sweep_without_saying_closed() -> None:
    link = Link(200, 99)
    net = Net(lambda *_: State.UNREACHABLE if link.down() else State.CLOSED)
    knocks = sweep(pairs(2000, 80), net.knock, in_flight=50, tempo=QUICK)
    told = [await anext(knocks) for _ in range(199)]
    with pytest.raises(LocalFault, match="run the same command again"):
        await anext(knocks)
    assert {knock.state for knock in told} == {State.CLOSED}


@settings(max_examples=25)
@given(script=st.lists(st.sampled_from([*State, None]), min_size=1, max_size=40), hosts=st.integers(0, 120),
       in_flight=st.integers(1, 64))
def test_whatever_happens_every_pair_is_told_once(script: list[State | None], hosts: int, in_flight: int) -> None:
    """A script of answers and faults (None), in turns over the tries, a second try of a host always answered."""
    turns = cycle(script)

    def says(address: Address, port: int, number: int) -> State:
        if (state := next(turns)) is None and number == 1:
            raise LocalFault("for once")
        return State.CLOSED if state is None or number > 2 else state

    net = Net(says)
    knocks = asyncio.run(all_of(net, pairs(hosts, 80), in_flight, HASTY))
    assert sorted(knock.index for knock in knocks) == list(range(hosts))


async def test_a_sparse_network_is_no_fallen_link() -> None:
    net = Net(lambda address, *_: State.OPEN if int(address) < 0x7F000001 + 5 else State.UNREACHABLE)
    knocks = await all_of(net, pairs(3000, 80))
    assert Counter(knock.state for knock in knocks) == {State.OPEN: 5, State.UNREACHABLE: 2995}
    assert sum(net.tries.values()) < 3000 + 60                   # the witnesses were asked a few times


# the same with sockets, on loopback

KNOWN = {0: State.OPEN, errno.ECONNREFUSED: State.CLOSED}


def knocker() -> Callable[[Address, int, float], Awaitable[Knocked]]:
    """The least that a knock can be."""
    loop = asyncio.get_running_loop()

    async def knock(address: Address, port: int, timeout: float) -> Knocked:
        try:
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        except OSError as error:
            raise LocalFault(str(error)) from error
        with sock:
            start = loop.time()
            try:
                await loop.sock_connect(sock, (str(address), port))
            except ConnectionRefusedError:
                return Knocked(State.CLOSED, loop.time() - start)
            return Knocked(State.OPEN, loop.time() - start)

    return knock


async def test_open_and_closed_ports_of_loopback_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=600) as server, socket.create_server(("127.0.0.1", 0)) as gone:
        port, closed = server.getsockname()[1], gone.getsockname()[1]
        gone.close()
        wanted = enumerate(Pair(ip_address("127.0.0.1"), p) for p in (port, closed) * 200)
        knocks = [knock async for knock in sweep(wanted, knocker(), in_flight=100)]
    assert Counter((k.port, k.state) for k in knocks) == {(port, State.OPEN): 200, (closed, State.CLOSED): 200}


async def test_running_out_of_files_loses_no_port() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.create_server(("127.0.0.1", 0), backlog=2000) as server:
        port = server.getsockname()[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (server.fileno() + 40, hard))
        try:
            wanted = ((i, Pair(pair.address, port)) for i, pair in pairs(600, 80))
            knocks = [knock async for knock in sweep(wanted, knocker(), in_flight=500)]
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert sorted(knock.index for knock in knocks) == list(range(600))
    # the server listens on one address: the others of 127/8 refuse
    assert Counter(knock.state for knock in knocks) == {State.OPEN: 1, State.CLOSED: 599}
