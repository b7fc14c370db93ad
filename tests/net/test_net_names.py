"""Names: asked for once, absolutely, and told apart when they do not resolve."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from ipaddress import ip_address

from scanner.net.names import MOST, Unresolved, read_hosts, resolve

NOTHING = {}


def failing(code: int):
    def lookup(name: str) -> list[str]:
        raise socket.gaierror(code, "said the resolver")
    return lookup


async def test_all_addresses_of_both_families_are_kept_in_order() -> None:
    found = await resolve(["a.example"], lookup=lambda name: ["2001:db8::1", "192.0.2.8", "192.0.2.7", "192.0.2.8"],
                          known=NOTHING)
    assert {"a.example": tuple(map(ip_address, ("192.0.2.7", "192.0.2.8", "2001:db8::1")))} == found


async def test_names_are_asked_for_absolutely_and_once() -> None:
    asked = []

    def lookup(name: str) -> list[str]:
        asked.append(name)
        return ["192.0.2.7"]
    await resolve(["a.example", "b.example", "a.example"], lookup=lookup, known=NOTHING)
    assert sorted(asked) == ["a.example.", "b.example."]


async def test_no_such_name_is_definite_and_asked_once() -> None:
    asked = []

    def lookup(name: str) -> list[str]:
        asked.append(name)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    found = await resolve(["a.example"], lookup=lookup, known=NOTHING)
    assert ({"a.example": Unresolved("a.example", definite=True, detail="Name or service not known")}, 1) == (
        found, len(asked))


async def test_a_resolver_that_cannot_tell_is_asked_again_and_is_no_definite_no() -> None:
    answers = [socket.gaierror(socket.EAI_AGAIN, "try again"), OSError(5, "broken"), ["192.0.2.7"]]

    def lookup(name: str) -> list[str]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
    assert {"a.example": (ip_address("192.0.2.7"),)} == await resolve(["a.example"], lookup=lookup, known=NOTHING)
    for code in (socket.EAI_AGAIN, socket.EAI_FAIL):
        found = (await resolve(["a.example"], lookup=failing(code), known=NOTHING, attempts=2))["a.example"]
        assert Unresolved("a.example", definite=False, detail="said the resolver") == found


async def test_a_name_that_takes_too_long_holds_up_no_other() -> None:
    over = threading.Event()

    def lookup(name: str) -> list[str]:
        if name.startswith("slow"):
            over.wait(40)
        return ["192.0.2.7"]
    start = time.monotonic()
    found = await resolve(["slow1.example", "slow2.example", "quick.example"], lookup=lookup, known=NOTHING,
                          timeout=0.3, workers=3)
    assert time.monotonic() - start < 20
    over.set()
    assert (ip_address("192.0.2.7"),) == found["quick.example"]
    assert Unresolved("slow1.example", definite=False, detail="no answer in time") == found["slow1.example"]


async def test_names_that_are_slow_hold_up_no_name_behind_them() -> None:
    """The slow ones are answered once the last one is: with turns that are kept that would never come."""
    last = threading.Event()

    def lookup(name: str) -> list[str]:
        if name == "last.example.":
            last.set()
        return ["192.0.2.7"] if last.wait(30) else ["192.0.2.8"]
    names = [*(f"slow{i}.example" for i in range(40)), "last.example"]
    found = await resolve(names, lookup=lookup, known=NOTHING, patience=0.02)
    assert dict.fromkeys(names, (ip_address("192.0.2.7"),)) == found


async def test_names_that_nobody_answers_for_take_no_other_name_its_thread() -> None:
    over = threading.Event()

    def lookup(name: str) -> list[str]:
        if name.startswith("dead"):
            over.wait(30)
        return ["192.0.2.7"]
    try:
        found = await resolve(["dead1.example", "dead2.example", "well.example"], lookup=lookup, known=NOTHING,
                              workers=2, timeout=1, patience=30)
    finally:
        over.set()
    assert (ip_address("192.0.2.7"),) == found["well.example"]
    assert [False, False] == [found[f"dead{i}.example"].definite for i in (1, 2)]


async def test_threads_are_bounded_and_end() -> None:
    most, before = [], set(threading.enumerate())

    def ours() -> list[threading.Thread]:
        return [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("resolve-")]

    def lookup(name: str) -> list[str]:
        most.append(len(ours()))
        time.sleep(0.002)
        return ["192.0.2.7"]
    await resolve([f"h{i}.example" for i in range(60)], lookup=lookup, known=NOTHING, workers=4)
    for _ in range(100):
        await asyncio.sleep(0.1 if ours() else 0)
    assert max(most) <= 4
    assert not ours()


async def test_a_thousand_addresses_are_cut() -> None:
    found = await resolve(["a.example"], known=NOTHING,
                          lookup=lambda name: [f"198.51.{i // 250}.{i % 250}" for i in range(1000)])
    assert len(found["a.example"]) == MOST


async def test_answers_that_are_no_addresses_are_dropped() -> None:
    found = await resolve(["a.example", "b.example"], known=NOTHING,
                          lookup=lambda name: ["fe80::1%lo", "nonsense"] if name[0] == "a" else ["nonsense"])
    assert ((ip_address("fe80::1"),), Unresolved("b.example", definite=True, detail="no address")) == (
        found["a.example"], found["b.example"])


async def test_a_name_that_cannot_be_written_is_definite() -> None:
    def lookup(name: str) -> list[str]:
        raise UnicodeError("label too long")
    found = (await resolve(["a" * 70], lookup=lookup, known=NOTHING))["a" * 70]
    assert isinstance(found, Unresolved)
    assert found.definite


async def test_localhost_needs_no_resolver() -> None:
    found = await resolve(["localhost"], lookup=failing(socket.EAI_AGAIN))
    assert ip_address("127.0.0.1") in found["localhost"]


def test_a_hosts_file_is_read_as_its_manual_says() -> None:
    text = ("127.0.0.1 localhost # loop\n\n#192.0.2.9 off\n192.0.2.7\tNas nas.example.org\n"
            "2001:db8::7 nas\nrubbish nas\n")
    assert {"localhost": (ip_address("127.0.0.1"),), "nas": (ip_address("192.0.2.7"), ip_address("2001:db8::7")),
            "nas.example.org": (ip_address("192.0.2.7"),)} == read_hosts(text)
