"""The real servers themselves: each comes up, answers as its recipe says, lists what is there, and ends."""

from __future__ import annotations

import base64
import html
import http.client
import json
import re
import socket
import ssl
from urllib.parse import quote, unquote_to_bytes

import pytest
import tree
from recipes import ELSEWHERE, HOST, LISTINGS, PAGES, PASSWORD, RECIPES, TWINS, USER, Recipe
from servers import Asked, Running, session

from scanner.model import Kind

pytestmark = pytest.mark.real


def get(running: Running, path: str, **headers: str) -> tuple[int, str | None, bytes]:
    """Status, Location and body, asked as nobody in particular unless `headers` say who."""
    if running.recipe.tls:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(running.place.address, running.port, timeout=10, context=trusting)
    else:
        connection = http.client.HTTPConnection(running.place.address, running.port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location"), answer.read()
    finally:
        connection.close()


def names(body: bytes) -> set[bytes]:
    """Base names, directories with a slash, of everything that a page links to one level down."""
    if body.startswith(b"["):
        rows = json.loads(body.decode("utf-8", "surrogateescape"))
        return {(row["name"] + "/" * (row["type"] == "directory")).encode("utf-8", "surrogateescape") for row in rows}
    links = (html.unescape(link) for link in re.findall(r'<a href="([^"]*)"', body.decode("latin-1")))
    below = (link.removeprefix("./") for link in links)
    kept = (link for link in below if link and link[0] not in "/?" and link not in {"../", "..", "/"}
            and not re.match(r"https?://|\./", link))
    return {unquote_to_bytes(link.encode("latin-1")) for link in kept}


def expected(world: tree.Tree, recipe: Recipe, path: bytes = b"") -> set[bytes]:
    nodes = world.children(path, dotfiles=recipe.dotfiles).values()
    return {node.name + b"/" * (node.kind is Kind.DIRECTORY) for node in nodes}


@pytest.mark.parametrize("name", [recipe.name for recipe in LISTINGS])
def test_a_listing_shows_what_lies_there(name, serve, world):
    grown = tree.recordings(world)
    running = serve(name, world)
    for path in (b"", b"monitor", b"many", b"odd", "folder with spaces å".encode(), b"empty-folder"):
        status, _, body = get(running, quote(b"/" + path + b"/" * bool(path)))
        assert (status, names(body)) == (200, expected(grown, running.recipe, path))


@pytest.mark.parametrize("name", [recipe.name for recipe in TWINS])
def test_a_twin_shows_none(name, serve, world):
    recipe = RECIPES[name]
    (tree.numbers if recipe.kind in {"closed", "login"} else lambda root: tree.behind(root, "app"))(world)
    running = serve(name, world)
    status, location, body = get(running, "/")
    assert (status, b"0701740605" in body) == (recipe.status, False)
    assert location == (f"{ELSEWHERE}/" if recipe.kind == "away" else None)


@pytest.mark.parametrize("name", [recipe.name for recipe in TWINS if recipe.kind == "login"])
def test_behind_a_login_the_listing_is_there(name, serve, world):
    tree.numbers(world)
    key = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    status, _, body = get(serve(name, world), "/", Authorization=f"Basic {key}")
    assert (status, b"0701740605" in body) == (200, True)


@pytest.mark.parametrize("name", [recipe.name for recipe in TWINS if recipe.kind in {"app", "soft-404"}])
def test_an_application_answers_everything_alike(name, serve, world):
    tree.behind(world, "app")
    running = serve(name, world)
    assert {get(running, path)[0::2] for path in ("/", "/0f9c/", "/monitor/2019/")} == {
        (200, (world / "index.html").read_bytes())}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["nginx-html", "apache-fancy", "lighttpd", "caddy", "python"])
def test_a_start_page_hides_the_listing(name, page, serve, world):
    tree.behind(world, page)
    assert get(serve(name, world), "/") == (200, None, (tree.PAGES / f"{page}.html").read_bytes())


def test_a_folder_is_open_that_only_robots_are_told_of(serve, world):
    grown = tree.named_by_robots(world)
    running = serve("nginx-subfolder", world)
    assert get(running, "/")[2] == (world / "index.html").read_bytes()
    assert names(get(running, "/recordings/")[2]) == expected(grown, running.recipe)


def test_a_door_is_closed_by_address_and_open_by_name(serve, world):
    grown = tree.numbers(world)
    running = serve("nginx-by-name", world)
    assert get(running, "/")[0] == 403
    assert names(get(running, "/", Host=f"{HOST}:{running.port}")[2]) == expected(grown, running.recipe)


def test_too_many_questions_are_told_to_slow_down(serve, world):
    tree.numbers(world)
    running = serve("nginx-429", world)
    assert {get(running, "/")[0] for _ in range(8)} == {200, 429}


def test_a_folder_behind_a_login_is_missing_from_its_parent(serve, world):
    grown = tree.recordings(world)
    running = serve("apache-hidden", world)
    assert names(get(running, "/")[2]) == expected(grown, running.recipe) - {b"monitor/"}
    assert get(running, "/monitor/")[0] == 401


def test_a_link_that_leads_up_makes_a_listing_without_end(serve, world):
    tree.looping(world)
    running = serve("nginx-html", world)
    assert {names(get(running, "/" + "loop/" * n + "sub/up/" * n)[2]) == {b"loop/", b"sub/", b"0701740698.wav"}
            for n in (0, 1, 9)} == {True}


@pytest.mark.parametrize("name", ["nginx-html", "nginx-tls", "apache-plain", "lighttpd", "caddy", "python"])
def test_a_server_tells_what_it_was_asked(name, serve, world):
    tree.numbers(world)
    running = serve(name, world)
    get(running, "/")
    get(running, "/none%20such/?x=1")
    running.stop()
    # No order: two processes of one server write their lines when they get to it.
    assert set(running.asked()) == {Asked("GET", "/", 200), Asked("GET", "/none%20such/?x=1", 404)}
    assert len(running.asked()) == 2


@pytest.mark.parametrize("name", ["nginx-html", "apache-plain", "lighttpd", "caddy", "python"])
def test_a_stopped_server_leaves_nobody_behind(name, serve, world):
    running = serve(name, world)
    assert running.pid in session(running.pid)
    running.stop()
    running.stop()
    assert session(running.pid) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((running.place.address, running.port), 1)


def test_what_is_not_installed_skips_or_fails_where_it_is_required(serve, world, monkeypatch):
    monkeypatch.setitem(RECIPES, "none", Recipe(name="none", product="nginx", kind="listing", needs=world / "none.so"))
    monkeypatch.delenv("EARSHOT_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"none\.so is not installed"):
        serve("none", world)
    monkeypatch.setenv("EARSHOT_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match=r"none\.so is not installed"):
        serve("none", world)
