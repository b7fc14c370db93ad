"""Object stores and WebDAV servers that mean harm: XML made to hurt, pages without end, hrefs that lead elsewhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from urllib.parse import parse_qs

from tests.hostile.behaviour import Behaviour, Check, Host, Hosting
from tests.hostile.http_leading import alone
from tests.hostile.serving import Answer, Talk, hosting, ok, pours
from tests.scan.scans import Done

CUT, PROTOCOL = frozenset({"found", "cut"}), frozenset({"found", "protocol"})
NO_LISTING, SHUT = frozenset({"not-a-listing"}), frozenset({"found", "cut", "forbidden"})
OUTSIDE = "192.0.2.66"
_number = itertools.count(500_000, 10)
XML = "application/xml"
KEY = "<Contents><Key>{}</Key><Size>8044</Size><LastModified>2019-02-18T06:07:08.000Z</LastModified></Contents>"
ABSENT = ok(b"<Error><Code>NoSuchBucket</Code></Error>", status="404 No", kind=XML)
ENTITIES = "".join(f'<!ENTITY l{i} "{above * 10}">' for i, above in enumerate([f"&l{i};" for i in range(9)], 1))
LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "lol">{ENTITIES}]>'
OUTER = f'<!DOCTYPE x [<!ENTITY e SYSTEM "http://{OUTSIDE}/x">]>'
LOCAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def keys(count: int = 3) -> str:
    """Some objects that no other bucket has."""
    first = next(_number)
    return "".join(KEY.format(f"call-{first + i}.wav") for i in range(count))


def bucket(rows: str, *, token: str = "", before: str = "", name: str = "calls") -> bytes:
    """A page of a bucket's listing."""
    more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    return f"<?xml version='1.0'?>{before}<ListBucketResult><Name>{name}</Name>{more}{rows}</ListBucketResult>".encode()


def store(said: Callable[[int], bytes]) -> Hosting:
    """A bucket `calls`; `said` gets the number of the request to it, from 0 on."""
    count = itertools.count()

    async def answer(talk: Talk) -> None:
        path, _, query = talk.path.partition("?")
        if path == "/calls/" and "list-type" in parse_qs(query):
            body = said(next(count))
            await talk.say(body if body.startswith(b"HTTP/") else ok(body, kind=XML))
        else:
            await talk.say(ABSENT)

    return hosting(answer, target="s3://calls@{}")


def once(body: bytes) -> Hosting:
    """A bucket with one page."""
    return store(lambda number: body)


def within(requests: int) -> Check:
    """An end, and nobody else was asked."""
    def check(done: Done, host: Host) -> str | None:
        return f"{len(host.seen)} requests" if len(host.seen) > requests else alone(done, host)
    return check


def resource(href: str, *, folder: bool = False) -> str:
    """One row of a multistatus."""
    kind = "<D:collection/>" if folder else ""
    size = "" if folder else "<D:getcontentlength>8044</D:getcontentlength>"
    return (f"<D:response><D:href>{href}</D:href><D:propstat><D:prop><D:resourcetype>{kind}</D:resourcetype>{size}"
            "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>")


def multistatus(path: str, *rows: str, before: str = "") -> bytes:
    """An answer to PROPFIND."""
    all_rows = "".join([resource(path, folder=True), *rows])
    return ok(f'<?xml version="1.0"?>{before}<D:multistatus xmlns:D="DAV:">{all_rows}</D:multistatus>'.encode(),
              status="207 Multi-Status", kind=XML)


def dav(said: Callable[[str], bytes | Answer]) -> Hosting:
    """A server that refuses pages and speaks WebDAV; `said` gets the path."""
    async def converse(talk: Talk) -> None:
        if talk.verb == "PROPFIND" and len(talk.path) != 18:     # a control's random path
            answer = said(talk.path)
            await (talk.say(answer) if isinstance(answer, bytes) else answer(talk))
        else:
            status = "404 No" if len(talk.path) == 18 else "403 Forbidden"
            await talk.say(ok(b"<html><body>no</body></html>", "DAV: 1,2", status=status))

    return hosting(converse)


def own(path: str, count: int = 3) -> list[str]:
    """Files of a folder that nobody else has."""
    first = next(_number)
    return [resource(f"{path}call-{first + i}.wav") for i in range(count)]


BUCKETS = [
    Behaviour("H-29", "says that more follows, with the same token for ever", PROTOCOL,
              store(lambda number: bucket(keys(), token="same")), (), within(40)),
    Behaviour("H-29", "the same page for ever, with new tokens", PROTOCOL, (lambda page: store(
        lambda number: page.replace(b"TOKEN", b"t%d" % number)))(bucket(keys(), token="TOKEN")), (), within(40)),
    Behaviour("H-29", "ever new pages", CUT,
              store(lambda number: bucket(keys(40), token=f"t{number}")), (), within(300)),
    Behaviour("H-29", "a token of 9,000 letters", PROTOCOL, once(bucket(keys(), token="t" * 9000)),
              ("which no request can hold",)),
    Behaviour("H-29", "entities that grow by ten", NO_LISTING, once(bucket(keys() + "<x>&l9;</x>", before=LAUGHS))),
    Behaviour("H-29", "an entity of somebody else's server", NO_LISTING, once(bucket(keys() + "&e;", before=OUTER)), (),
              within(40)),
    Behaviour("H-29", "an entity that is a file of ours", NO_LISTING, once(bucket(keys() + "&e;", before=LOCAL))),
    Behaviour("H-29", "a DOCTYPE and nothing else", NO_LISTING, once(bucket(keys(), before="<!DOCTYPE x>"))),
    Behaviour("H-29", "200,000 elements deep", CUT, once(bucket(keys() + "<a>" * 70_000))),
    Behaviour("H-29", "100,000 attributes", CUT, once(bucket(
        keys() + "<a " + " ".join(f'b{i}="c"' for i in range(20_000)) + "/>"))),
    Behaviour("H-29", "a text without end in a key", CUT, once(bucket(keys() + "<Contents><Key>" + "a" * 400_000))),
    Behaviour("H-29", "an error with HTML in it", frozenset({"forbidden"}), once(ok(
        b"<Error><Code>Access<b>Denied</b></Code><Message><html><script>alert(1)</script></html></Message></Error>",
        status="403 Forbidden", kind=XML))),
    Behaviour("H-29", "lies in another region", frozenset({"out-of-scope"}), once(ok(
        b"<Error><Code>PermanentRedirect</Code><Endpoint>calls.s3.example.org</Endpoint></Error>",
        "x-amz-bucket-region: eu-north-1", f"Location: http://{OUTSIDE}/", status="301 Moved", kind=XML)),
        ("not contacted",), within(40)),
]
FOLDERS = [
    Behaviour("H-30", "hrefs to other hosts", SHUT - {"cut"} | {"out-of-scope"}, dav(lambda path: multistatus(
        path, *own(path), resource(f"http://{OUTSIDE}/x.wav"), resource(f"//{OUTSIDE}/y/", folder=True),
        resource("http://169.254.169.254/latest/", folder=True), resource(f"ftp://{OUTSIDE}/z/", folder=True))),
        ("3 files", "lead elsewhere"), within(40)),
    Behaviour("H-30", "hrefs that lead up", SHUT | {"out-of-scope"}, dav(lambda path: multistatus(
        path, *own(path), resource("/../../etc/", folder=True), resource("..%2f..%2f/", folder=True))), (), within(60)),
    Behaviour("H-30", "ever another folder below", SHUT, dav(
        lambda path: multistatus(path, *own(path), resource(f"{path}d/", folder=True))), (), within(60)),
    Behaviour("H-30", "all of its depths at once", SHUT, dav(lambda path: multistatus(
        path, *own(path), *(resource(path + "d/" * i, folder=True) for i in range(1, 60)))), (), within(80)),
    Behaviour("H-30", "a response without end", SHUT, dav(
        lambda path: pours(multistatus(path).replace(b"Content-Length", b"X-Length").removesuffix(b"</D:multistatus>"),
                           "".join(own(path, 9)).encode()))),
    Behaviour("H-30", "entities that grow by ten", frozenset({"forbidden"}), dav(
        lambda path: multistatus(path, *own(path), resource(f"{path}&l9;"), before=LAUGHS))),
    Behaviour("H-30", "an entity of somebody else's server", frozenset({"forbidden"}), dav(
        lambda path: multistatus(path, resource(f"{path}&e;"), before=OUTER)), (), within(40)),
    Behaviour("H-30", "a folder that names itself only", SHUT - {"cut"}, dav(lambda path: multistatus(
        path, *(resource(path, folder=True) for _ in range(50)))), (), within(40)),
]
BEHAVIOURS = [*BUCKETS, *FOLDERS]
