"""What the way of media servers makes of answers: pages, views, loops; one fixed question, and no URL of an item."""

from __future__ import annotations

from dataclasses import replace
from xml.sax.saxutils import escape

import pytest

from scanner.errors import NetError, ProtocolError, Reset
from scanner.model import Access, Ask, Asked, Batch, Observation
from scanner.probes import Http
from tests.fakes import FakeNet, endpoint

WAY = "dlna:/ctl"
CONTROL = 1                              # requests before the first of ours


def http(status: str, body: str = "", **headers: str) -> bytes:
    lines = {"Content-Type": "text/xml", "Content-Length": str(len(body.encode())), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n{body}".encode()


def item(key: str, title: str, size: int = 8044, refers: str = "", length: str = "0:01:40.000") -> str:
    refer = f' refID="{refers}"' if refers else ""
    return (f'<item id="{key}"{refer}><dc:title>{escape(title)}</dc:title><res size="{size}" duration="{length}" '
            f'protocolInfo="http-get:*:audio/x-wav:*">http://192.0.2.7:8200/MediaItems/{key}.wav</res></item>')


def container(key: str, title: str) -> str:
    return f'<container id="{key}"><dc:title>{escape(title)}</dc:title></container>'


def soap(*objects: str, total: int | None = None, returned: int | None = None) -> bytes:
    didl = ('<DIDL-Lite xmlns="urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">{"".join(objects)}</DIDL-Lite>')
    given = len(objects) if returned is None else returned
    return http("200 OK", (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<u:BrowseResponse xmlns:u="urn:schemas-upnp-org:service:ContentDirectory:1"><Result>{escape(didl)}</Result>'
        f"<NumberReturned>{given}</NumberReturned><TotalMatches>{given if total is None else total}</TotalMatches>"
        "</u:BrowseResponse></s:Body>"
        "</s:Envelope>"))


def calls(first: int, count: int) -> list[str]:
    return [item(f"7${i}", f"Call {i} 070-1740605") for i in range(first, first + count)]


FAULT = http("500 Internal Server Error", "<s:Envelope xmlns:s='x'><s:Body><s:Fault><errorCode>701</errorCode>"
             "</s:Fault></s:Body></s:Envelope>")


def scripted(answers: dict[str, bytes]) -> FakeNet:
    return FakeNet({f"POST /ctl {what}": answer for what, answer in answers.items()} | {"POST /ctl": FAULT})


async def walked(net: FakeNet, *paths: str) -> tuple[list[str], list[Observation], list[NetError]]:
    """Paths of all below `paths`, asked for one after the other at one door; what was seen; errors."""
    found: list[str] = []
    seen: list[Observation] = []
    errors: list[NetError] = []
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        for path in paths:
            try:
                async for thing in door.list(Ask(path, Asked.PRODUCT, way=WAY)):
                    if isinstance(thing, Batch):
                        found += [path + name.decode() for name in thing.names]
                        found += [path + thing.hrefs.get(name, name.decode()) + "/" for name in thing.directories]
                    else:
                        assert isinstance(thing, Observation)
                        seen.append(thing)
            except NetError as error:
                errors.append(error)
    return found, seen, errors


async def test_titles_are_names_and_containers_are_folders():
    net = scripted({"0+0": soap(container("2$1", "My / calls; old"), item("9", "Call 070-1740605"))})
    found, (seen,), errors = await walked(net, "/")
    assert ["/Call 070-1740605.wav", "/My%20%E2%88%95%20calls%3B%20old;2$1/"] == found
    assert (Access.ANONYMOUS, "dlna", "100", []) == (seen.access, seen.protocol, seen.facts["dlna.seconds"], errors)


@pytest.mark.parametrize(("path", "identity"), [
    ("/", "0"), ("/Calls;64/", "64"), ("/Calls;64/a%3Bb;64$0%3B1/", "64$0;1"), ("/Calls;/", "0"),
    ("/x;%2Fsrv%2Fa/", "/srv/a"), ("/x;a%3Cb/", "a&lt;b")])
async def test_the_object_of_a_path_is_what_follows_the_semicolon(path, identity):
    net = scripted({f"{identity}+0": soap()})
    _, (seen,), _ = await walked(net, path)
    assert (f"POST /ctl {identity}+0", Access.ANONYMOUS) == (net.asked[-1], seen.access)


# ---- pages


async def test_pages_are_asked_for_until_all_is_shown():
    net = scripted({"7+0": soap(*calls(0, 200), total=450), "7+200": soap(*calls(200, 200), total=450),
                    "7+400": soap(*calls(400, 50), total=450)})
    found, (seen,), errors = await walked(net, "/Calls;7/")
    assert (450, 450, [], "45000") == (len(found), len(set(found)), errors, seen.facts["dlna.seconds"])


async def test_a_server_that_gives_less_than_was_asked_for_is_asked_on():
    net = scripted({"7+0": soap(*calls(0, 3), total=5), "7+3": soap(*calls(3, 2), total=5)})
    found, _, errors = await walked(net, "/Calls;7/")
    assert (5, []) == (len(found), errors)


async def test_a_server_that_does_not_know_its_total_is_asked_until_it_has_no_more():
    net = scripted({"7+0": soap(*calls(0, 3), total=0), "7+3": soap(*calls(3, 3), total=0), "7+6": soap(total=0)})
    found, (seen,), errors = await walked(net, "/Calls;7/")
    assert (6, [], Access.ANONYMOUS) == (len(found), errors, seen.access)


@pytest.mark.parametrize(("second", "why"), [
    (soap(total=450), "200 of 450 objects shown, and no more"),
    (FAULT, "200 of 450 objects shown, and no more"),
    (http("200 OK", "<html>busy</html>"), "200 of 450 objects shown, and no more"),
    (soap(*calls(0, 200), total=450), "the page from 200 on shows nothing new"),
    (b"", "closed before an answer"),
])
async def test_pages_that_end_too_early_or_repeat_themselves_are_a_listing_that_is_cut(second, why):
    net = scripted({"7+0": soap(*calls(0, 200), total=450), "7+200": second})
    found, (seen,), errors = await walked(net, "/Calls;7/")
    assert (200, Access.ANONYMOUS, [why]) == (len(found), seen.access, [str(error) for error in errors])
    assert isinstance(errors[0], ProtocolError | Reset)


async def test_a_server_that_shows_less_than_it_announces_is_a_listing_that_is_cut():
    net = scripted({"7+0": soap(*calls(0, 3), total=200, returned=200)})
    found, (seen,), errors = await walked(net, "/Calls;7/")
    assert (3, Access.ANONYMOUS) == (len(found), seen.access)
    assert ["200 objects announced, 3 shown"] == [str(error) for error in errors]


async def test_pages_that_turn_in_a_circle_end():
    ring = {f"7+{start}": soap(*calls(start % 400, 200), total=10_000_000) for start in range(0, 10_000, 200)}
    found, _, errors = await walked(net := scripted(ring), "/Calls;7/")
    assert (400, 1, 3) == (len(found), len(errors), len(net.asked) - CONTROL)


@pytest.mark.parametrize(("answer", "access"), [
    (FAULT, Access.NONE), (http("401 Unauthorized"), Access.LOGIN), (http("404 Not Found"), Access.NONE),
    (http("200 OK", "<html><a href='a.wav'>a.wav</a></html>"), Access.NONE),
    (http("200 OK", "<!DOCTYPE a [<!ENTITY b 'c'>]><s:Envelope xmlns:s='x'/>"), Access.NONE),
])
async def test_what_is_no_answer_to_browse_is_no_listing_and_costs_one_request(answer, access):
    net = scripted({"0+0": answer})
    found, (seen,), errors = await walked(net, "/")
    assert ([], access, [], ["POST /ctl 0+0"]) == (found, seen.access, errors, net.asked[CONTROL:])


async def test_an_empty_server_is_open():
    found, (seen,), errors = await walked(scripted({"0+0": soap()}), "/")
    assert ([], Access.ANONYMOUS, []) == (found, seen.access, errors)


# ---- views


FOLDERS = {"64+0": soap(container("64$1", "2019")), "64$1+0": soap(item("64$1$0", "Call 070-1740605"))}
VIEWS = {"1+0": soap(container("1$7", "Album"), container("1$4", "All")), "1$7+0": soap(),
         "1$4+0": soap(item("1$4$0", "Call 070-1740605", refers="64$1$0"))}


async def test_a_container_that_shows_references_only_is_not_walked_where_another_shows_the_items():
    net = scripted({"0+0": soap(container("1", "Music"), container("64", "Folders")), **FOLDERS, **VIEWS})
    found, (seen,), _ = await walked(net, "/")
    assert (["/Folders;64/"], "1") == (found, seen.facts["dlna.views"])


async def test_where_references_are_all_that_is_shown_they_are_walked_and_counted_once():
    again = {"1$7+0": soap(item("1$7$0", "Call 070-1740605", refers="64$1$0"))}
    net = scripted({"0+0": soap(container("1", "Music"), container("2", "Video")), **VIEWS, **again, "2+0": soap()})
    found, seen, _ = await walked(net, "/", "/Music;1/", "/Music;1/Album;1$7/", "/Music;1/All;1$4/")
    assert ["/Music;1/", "/Video;2/", "/Music;1/Album;1$7/", "/Music;1/All;1$4/",
            "/Music;1/Album;1$7/Call 070-1740605.wav"] == found
    assert (None, "1") == (seen[0].facts.get("dlna.views"), seen[-1].facts.get("dlna.again"))


async def test_without_references_an_item_is_known_by_title_size_and_date():
    net = scripted({"5+0": soap(item("a", "Call 070-1740605"), item("b", "Call 070-1740606")),
                    "6+0": soap(item("c", "Call 070-1740606"), item("d", "Call 070-1740606", 9000))})
    found, _, _ = await walked(net, "/A;5/", "/B;6/")
    assert ["/A;5/Call 070-1740605.wav", "/A;5/Call 070-1740606.wav", "/B;6/Call 070-1740606.wav"] == found


async def test_where_references_are_said_items_that_look_alike_are_different_ones():
    net = scripted({"1$4+0": soap(item("r", "other", refers="64$9")), "5+0": soap(item("a", "message")),
                    "6+0": soap(item("b", "message"))})
    found, _, _ = await walked(net, "/V;1$4/", "/A;5/", "/B;6/")
    assert ["/V;1$4/other.wav", "/A;5/message.wav", "/B;6/message.wav"] == found


async def test_items_of_one_container_may_be_alike():
    found, _, _ = await walked(scripted({"5+0": soap(item("a", "message"), item("b", "message"))}), "/A;5/")
    assert ["/A;5/message.wav"] * 2 == found


async def test_a_container_asked_for_again_shows_the_same():
    found, _, _ = await walked(scripted({"5+0": soap(item("a", "message"))}), "/A;5/", "/A;5/")
    assert ["/A;5/message.wav"] * 2 == found


async def test_a_container_that_contains_itself_is_listed_once():
    net = scripted({"5+0": soap(container("5", "A"), item("a", "message"))})
    found, seen, _ = await walked(net, "/A;5/", "/A;5/A;5/")
    assert (["/A;5/message.wav", "/A;5/A;5/"], [Access.ANONYMOUS] * 2) == (found, [one.access for one in seen])


# ---- discovery


DEVICE = ('<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">{base}<device>'
          "<friendlyName>Calls</friendlyName><modelName>Box</modelName><serviceList><service>"
          "<serviceType>urn:schemas-upnp-org:service:ContentDirectory:1</serviceType>"
          "<controlURL>{control}</controlURL></service></serviceList></device></root>")


async def led_to(net: FakeNet, path: str, port: int = 80, reason: Asked = Asked.ROOT) -> list[tuple[str, str]]:
    async with Http().open(replace(endpoint(port), tls=None), net) as door:
        return [(thing.path, thing.way) async for thing in door.list(Ask(path, reason)) if isinstance(thing, Ask)]


@pytest.mark.parametrize(("server", "port", "status", "wanted"), [
    ("Linux DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0", 80, "200 OK", True),
    ("Linux/6.1 UPnP/1.0 GUPnP/1.6", 80, "404 Not Found", True),
    ("nginx/1.22.1", 8200, "404 Not Found", True),
    ("nginx/1.22.1", 8200, "200 OK", False),
    ("nginx/1.22.1", 80, "404 Not Found", False),
])
async def test_descriptions_are_asked_for_where_a_media_server_may_be(server, port, status, wanted):
    net = FakeNet({"GET /": http(status, "<html><p>Status</p></html>", Server=server)})
    described = [("/rootDesc.xml", ""), ("/description.xml", ""), ("/DeviceDescription.xml", "")]
    assert (described if wanted else []) == await led_to(net, "/", port)


@pytest.mark.parametrize(("base", "control", "way"), [
    ("", "/ctl/ContentDir", "dlna:/ctl/ContentDir"), ("", "ctl/ContentDir", "dlna:/ctl/ContentDir"),
    ("", "http://192.0.2.7/upnp/cds", "dlna:/upnp/cds"), ("", "http://192.0.2.8/upnp/cds", None),
    ("", "//192.0.2.8/upnp/cds", None), ("", "http://192.0.2.7:81/upnp/cds", None), ("", "/control?service=cds", None),
    ("<URLBase>http://192.0.2.7/box/</URLBase>", "cds", "dlna:/box/cds"), ("", "file:///etc/passwd", None),
    ("", "", None),
])
async def test_only_a_control_path_on_this_very_door_is_used(base, control, way):
    net = FakeNet({"GET /rootDesc.xml": http("200 OK", DEVICE.format(base=base, control=control))})
    assert ([("/", way)] if way else []) == await led_to(net, "/rootDesc.xml", reason=Asked.PRODUCT)


@pytest.mark.parametrize("answer", [
    http("404 Not Found"), http("200 OK", "<html>everything is answered so</html>"), http("200 OK", "<root/>"),
    http("200 OK", DEVICE.format(base="", control="/ctl")[:-80], **{"Content-Length": "9999"}), b"",
    http("200 OK", "RIFF....WAVE" + "\0" * 200)])
async def test_what_is_no_description_leads_nowhere(answer):
    net = FakeNet({"GET /rootDesc.xml": answer})
    try:
        found = await led_to(net, "/rootDesc.xml", reason=Asked.PRODUCT)
    except Reset:
        found = []
    assert [] == found


async def test_nothing_but_the_fixed_question_is_sent():
    net = scripted({"0+0": soap(container("64", "Folders"), item("9", "Call 070-1740605")), **FOLDERS})
    await walked(net, "/", "/Folders;64/", "/Folders;64/2019;64$1/")
    assert {"POST /ctl"} == {line.rpartition(" ")[0] for line in net.asked[CONTROL:]}
