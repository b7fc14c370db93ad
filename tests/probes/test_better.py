"""Better answers: asked for once a door, used where they tell more of the same entries."""

from __future__ import annotations

import json

import pytest

from scanner.model import Ask, Asked, Batch, Observation
from scanner.net import Accept
from scanner.probes import Http
from scanner.probes.better import Form, Told, candidates, newest_first
from tests.fakes import FakeNet, endpoint

NAMES = [f"call-{i}.wav" for i in range(12)]


def page(rows: str, server: str = "Apache/2.4.7") -> bytes:
    body = f"<html><head><title>Index of /</title></head><body><h1>Index of /</h1><ul>{rows}</ul></body></html>"
    return (f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: {server}\r\nContent-Length: {len(body)}\r\n\r\n"
            f"{body}").encode()


PLAIN = page("".join(f'<li><a href="{name}"> {name}</a></li>' for name in NAMES))
ROUNDED = page("".join(f'<li><a href="{name}">{name}</a> 2019-02-18 08:00 1.5K</li>' for name in NAMES))
FANCY = ROUNDED


def as_json(names: list[str], **more: object) -> bytes:
    body = json.dumps([{"name": name, "size": 1500, "mod_time": "2019-02-18T08:00:00Z", "is_dir": False, **more}
                       for name in names])
    return (f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


class Choosy(FakeNet):
    """Answers JSON to whoever asks for it."""

    def fetch(self, where, verb, path, **said):
        if said.get("accept") is Accept.JSON:
            self.answers = {**self.answers, f"GET {path}": self.answers.get(f"JSON {path}", b"")}
        elif f"PAGE {path}" in self.answers:
            self.answers = {**self.answers, f"GET {path}": self.answers[f"PAGE {path}"]}
        return super().fetch(where, verb, path, **said)


def _asked(net: FakeNet) -> list[str]:
    """What was asked for after the control, but for what the door offers."""
    return [line.split()[1] for line in net.asked[1:] if not line.startswith("OPTIONS")]


async def listed(net: FakeNet, *paths: str) -> tuple[Told, list[str]]:
    """What the folders told in all, and the paths that were asked for after the control."""
    async with Http().open(endpoint(), net) as door:
        things = [thing for path in paths async for thing in door.list(Ask(path, Asked.ROOT))]
    assert len(paths) == sum(isinstance(thing, Observation) for thing in things)
    return Told.of([thing for thing in things if isinstance(thing, Batch)]), _asked(net)


async def test_names_alone_are_asked_for_again_as_a_table_and_so_is_every_folder_after() -> None:
    net = FakeNet({"GET /": PLAIN, "GET /?F=2": FANCY, "GET /a/?F=2": FANCY})
    told, asked = await listed(net, "/", "/a/")
    assert (12, 12, 12) == (len(told.files), told.sized // 2, told.timed // 2)
    assert ["/", "/?F=2", "/?F=2", "/a/?F=2"] == asked


async def test_where_no_form_tells_more_the_first_listing_stands_and_nothing_is_asked_again() -> None:
    net = FakeNet({"GET /": PLAIN, "GET /?F=2": PLAIN, "GET /a/": PLAIN})
    told, asked = await listed(net, "/", "/a/")
    assert (12, 0) == (len(told.files), told.sized)
    assert ["/", "/?F=2", "/", "/a/"] == asked              # the third is the question for JSON


async def test_a_form_that_shows_other_names_is_not_used() -> None:
    other = page("".join(f'<li><a href="x{name}">x{name}</a> 2019-02-18 08:00 1.5K</li>' for name in NAMES))
    told, _ = await listed(FakeNet({"GET /": PLAIN, "GET /?F=2": other}), "/")
    assert (set(told.files), told.sized) == ({name.encode() for name in NAMES}, 0)


async def test_rounded_sizes_are_asked_for_as_json() -> None:
    net = Choosy({"PAGE /": ROUNDED, "JSON /": as_json(NAMES)})
    told, asked = await listed(net, "/")
    assert (12, 12, ["/", "/", "/"]) == (told.sized, told.exact, asked)


async def test_exact_sizes_and_dates_need_nothing_better() -> None:
    exact = page("".join(f'<li><a href="{name}">{name}</a> 2019-02-18 08:00 1500</li>' for name in NAMES))
    told, asked = await listed(FakeNet({"GET /": exact}), "/")
    assert (12, ["/"]) == (told.exact, asked)


async def test_trouble_with_a_form_loses_nothing() -> None:
    net = FakeNet({"GET /": PLAIN, "GET /?F=2": b"HTTP/1.1 200 OK\r\nContent-Le"})
    told, _ = await listed(net, "/")
    assert 12 == len(told.files)


async def test_a_long_first_listing_is_compared_by_its_beginning() -> None:
    many = [f"call-{i}.wav" for i in range(9_000)]
    plain = page("".join(f'<li><a href="{name}"> {name}</a></li>' for name in many))
    fancy = page("".join(f'<li><a href="{name}">{name}</a> 2019-02-18 08:00 1.5K</li>' for name in many))
    told, asked = await listed(FakeNet({"GET /": plain, "GET /?F=2": fancy}), "/")
    assert (9_000, 9_000, ["/", "/?F=2", "/?F=2"]) == (len(told.files), told.sized, asked)


@pytest.mark.parametrize(("facts", "told", "expected"), [
    ({"http.server": "Apache"}, Told(frozenset({b"a"}), frozenset(), 0, 0, 0),
     (Form("?F=2"), Form(accept=Accept.JSON))),
    ({"http.server": "nginx"}, Told(frozenset({b"a"}), frozenset(), 0, 0, 0), (Form(accept=Accept.JSON),)),
    ({"http.server": "Apache"}, Told(frozenset({b"a"}), frozenset(), 1, 0, 1), (Form(accept=Accept.JSON),)),
    ({"listing.dialect": "json"}, Told(frozenset({b"a"}), frozenset(), 0, 0, 0), ()),
    ({}, Told(frozenset(), frozenset({b"d"}), 0, 0, 0), ()),
])
def test_what_is_worth_asking_follows_from_what_is_missing(facts, told, expected) -> None:
    assert expected == candidates(facts, told)


def test_newest_first_is_asked_only_where_the_listing_offers_to_sort() -> None:
    assert ("?C=M;O=D", "?C=M&O=D", None, None) == tuple(
        newest_first({"listing.sort": sort}) for sort in ("?C=N;O=D", "?C=N&O=A", "?sort=name", ""))
