"""A world full of canaries, in every place of an answer that a program may repeat. Served from a thread, on loopback.

Doors of one address, each by its port: folders as nginx prints them, a start page with links, JSON, a bucket, WebDAV,
text. What is read of them is a listing like any other.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import quote

from scanner.demo.mirror import listing, row
from tests import witness
from tests.ports import listen
from tests.worlds.canaries import Canaries

MADE = 1_550_500_200                         # 2019-02-18
WORDS = "A page of a company that sells garden furniture and tells at length about wood, oil and the weather. " * 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path is answered with."""

    body: str = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    verb: str = "GET"


Site = dict[str, Answer]                     # decoded path -> answer


@dataclass
class Doors:
    """The servers; use as a context manager. `sites`: one door each."""

    sites: Sequence[Site]
    server: str = "nginx/1.18.0"
    more: Mapping[str, str] = field(default_factory=dict)      # headers of every answer
    delay: float = 0.0                       # seconds before each answer
    asked: list[tuple[str, str]] = field(default_factory=list)
    _open: list[ThreadingHTTPServer] = field(default_factory=list)

    def __enter__(self) -> Doors:
        for site in self.sites:
            server = _Server(("127.0.0.1", 0), _handler(self, site), bind_and_activate=False)
            server.socket.close()
            server.socket = listen()
            server.server_address = server.socket.getsockname()
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            self._open.append(server)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for server in self._open:
            server.shutdown()
            server.server_close()
        witness.judge(witness.unfit(verb, path) for verb, path in self.asked)

    @property
    def ports(self) -> list[int]:
        return [server.server_address[1] for server in self._open]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes is no error."""


def _handler(doors: Doors, site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = doors.server, ""

        def _answer(self) -> None:
            doors.asked.append((self.command, self.path))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            time.sleep(doors.delay)
            answer = site.get(self.path.partition("?")[0])
            if answer is None or answer.verb != self.command:
                answer = Answer("<html><body>no</body></html>", 404 if answer is None else 405)
            body = answer.body.encode()
            self.send_response_only(answer.status)
            for name, value in {"Server": doors.server, "Content-Type": answer.kind, **doors.more, **answer.headers,
                                "Date": "Mon, 18 Feb 2019 15:00:00 GMT", "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_OPTIONS = do_PROPFIND = _answer  # noqa: N815 - names of http.server

        def log_message(self, form: str, *args: object) -> None:
            pass

    return Handler


def folder(path: str, names: Sequence[str], *, title: str = "") -> Answer:
    """A folder as nginx prints it; names of folders end with a slash."""
    page = listing(path, [row(name, MADE - i * 977, "-" if name.endswith("/") else str(480_044 + i * 320))
                          for i, name in enumerate(names)])
    return Answer(page.replace(f"Index of {path}</title>", f"{title}</title>") if title else page)


def people(canaries: Canaries, where: str, count: int = 5) -> list[str]:
    """Names of files that give somebody away, in every form."""
    found = []
    for _ in range(count):
        found += [
            f"{canaries.phone(where)}.wav", f"20190218-083012_{canaries.phone(where)}_1001.wav",
            f"{canaries.phone(where, '+46{}').replace('+460', '+46')}.mp3", f"{canaries.mail(where)}_2019-02-18.eml",
            f"{canaries.identity(where)}_remiss.pdf", f"{canaries.person(where)}.docx",
            f"[{canaries.person(where, '{}, Tolvan')}]_201-{canaries.phone(where)}_20190219120918(380).wav",
            f"{canaries.person(where, '{}_Tolvan')}_samtal.mp3", f"{_grouped(canaries.phone(where))}.wav",
        ]
    return found


def dictations(canaries: Canaries) -> Site:
    """Documents and dictations that are named by people's names alone, in a folder that is named so as well."""
    client = canaries.person("a folder of names", "{}, Tolvan")
    names = [form for where in ("a name alone",) for _ in range(3) for form in (
        f"{canaries.person(where)}.docx", f"{canaries.person(where, '{}, Tolvan')}.pdf",
        f"{canaries.person(where, '{}_Tolvan')}.ds2", f"{canaries.mail(where)}.vcf")]
    return {"/": folder("/", [f"{client}/", *names[:4]]), f"/{quote(client)}/": folder(f"/{client}/", names[4:])}


def _grouped(number: str) -> str:
    return f"{number[:3]}-{number[3:6]} {number[6:8]} {number[8:]}"


def nginx(canaries: Canaries) -> Site:
    """Folders named by people, files named by people, titles, redirects, refusals, `robots.txt` and a sitemap."""
    caller, client, mail = (canaries.phone("folder"), canaries.person("folder"), canaries.mail("folder"))
    shut, gone, broken, closed = (canaries.phone(f"a folder that is {how}") for how in
                                  ("closed", "moved", "broken", "refused"))
    odd = ("elsewhere", "labelled", "packed", "marked")
    root = [f"{name}/" for name in (caller, client, mail, shut, gone, broken, closed, *odd)]
    root += people(canaries, "a file", 1)
    site = {
        "/": folder("/", root, title=f"Files of {canaries.person('a title')} {canaries.phone('a title')}"),
        f"/{caller}/": folder(f"/{caller}/", [*people(canaries, "a file of a caller"), "deeper/"]),
        f"/{caller}/deeper/": folder(f"/{caller}/deeper/", people(canaries, "a file further down")),
        f"/{quote(client)}/": folder(f"/{client}/", people(canaries, "a file of a client")),
        f"/{quote(mail)}/": folder(f"/{mail}/", people(canaries, "a file of a mailbox")),
        f"/{shut}/": Answer("<html>no</html>", 401, headers={
            "WWW-Authenticate": f'Basic realm="Files of {canaries.phone("a realm")}"'}),
        f"/{gone}/": Answer("", 302, headers={"Location": f"http://192.0.2.9/{canaries.phone('a redirect')}/"}),
        f"/{broken}/": Answer(f"<html>{canaries.phone('an error')}</html>", 500),
        f"/{closed}/": Answer(f"<html>{canaries.mail('a refusal')}</html>", 403),
        "/elsewhere/": Answer("", 302, headers={"Location": f"http://{canaries.phone('a host')}.example.net/"}),
        "/labelled/": Answer("RIFF", kind=f"audio/{canaries.phone('a type')}"),
        "/packed/": Answer("RIFF", headers={"Content-Encoding": f"x-{canaries.phone('an encoding')}"}),
        "/marked/": Answer(f"<?xml version='1.0'?><n{canaries.phone('an element')}/>", kind="text/xml"),
        "/robots.txt": Answer(f"User-agent: *\nDisallow: /{canaries.phone('robots.txt')}/\n"
                              f"Disallow: /{canaries.mail('robots.txt')}/\n", kind="text/plain"),
        "/sitemap.xml": Answer('<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>'
                               f"<loc>http://127.0.0.1/{canaries.phone('a sitemap')}/x.html</loc></url></urlset>",
                               kind="application/xml"),
    }
    return {**site, f"/{mail}/": site[f"/{quote(mail)}/"]}


def start_page(canaries: Canaries) -> Site:
    """A page that is no listing, with links to one that is."""
    caller, known = canaries.phone("a link"), canaries.phone("a link to a page")
    link = f'<a href="/{caller}/">{canaries.person("the text of a link")}</a><a href="/{known}/">more</a>'
    about = f"<html><head><title>{canaries.person('the title of a page')}</title></head><body><h1>"
    page = Answer(f"{about}Welcome</h1><p>{WORDS}</p>{link}<p>{canaries.phone('a page')}</p></body></html>")
    table = "".join(f"<li><a href='/{known}/{canaries.phone('a link in an article')}.html'>story</a> {WORDS[:90]}</li>"
                    for _ in range(6))
    return {
        "/": page,
        f"/{caller}/": folder(f"/{caller}/", people(canaries, "a file behind a link")),
        f"/{known}/": Answer(f"{about}Stories</h1><ul>{table}</ul><p>{WORDS}</p></body></html>"),
    }


def as_json(canaries: Canaries) -> Site:
    """nginx's JSON."""
    caller = canaries.phone("a folder in JSON")
    rows = [{"name": name, "type": "file", "mtime": "Mon, 18 Feb 2019 10:00:00 GMT", "size": 480_044}
            for name in people(canaries, "a file in JSON")]
    below = [{"name": caller, "type": "directory", "mtime": "Mon, 18 Feb 2019 10:00:00 GMT"}]
    return {"/": Answer(json.dumps(below + rows), kind="application/json"),
            f"/{caller}/": Answer(json.dumps(rows[:4]), kind="application/json")}


def bucket(canaries: Canaries) -> Site:
    """A bucket of S3, its name, its owner and its keys."""
    keys = [f"{canaries.phone('a prefix')}/{name}" for name in people(canaries, "a key")]
    rows = "".join(f"<Contents><Key>{key}</Key><LastModified>2019-02-18T10:00:00.000Z</LastModified><Size>480044</Size>"
                   f"<Owner><ID>1</ID><DisplayName>{canaries.person('an owner')}</DisplayName></Owner></Contents>"
                   for key in keys)
    return {"/": Answer('<?xml version="1.0" encoding="UTF-8"?><ListBucketResult '
                        'xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                        f"<Name>calls-{canaries.phone('the name of a bucket')}</Name><Prefix></Prefix>"
                        f"<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>",
                        kind="application/xml")}


def webdav(canaries: Canaries) -> Site:
    """A collection that shows itself to PROPFIND alone."""
    caller = canaries.phone("a collection")
    names = [f"{caller}/", *people(canaries, "a resource")]
    rows = "".join(_resource(f"/{quote(name)}", canaries.person("a display name")) for name in names)
    root = f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{_resource("/", "root")}{rows}</D:multistatus>'
    return {
        "/": Answer(root, 207, "application/xml", verb="PROPFIND",
                    headers={"DAV": "1,2", "Allow": "OPTIONS, PROPFIND"}),
        f"/{caller}/": Answer("", 403, headers={"DAV": "1,2"}),
    }


def _resource(href: str, shown: str) -> str:
    kind = "<D:collection/>" if href.endswith("/") else ""
    return (f"<D:response><D:href>{href}</D:href><D:propstat><D:prop><D:displayname>{shown}</D:displayname>"
            f"<D:resourcetype>{kind}</D:resourcetype><D:getcontentlength>480044</D:getcontentlength>"
            "<D:getlastmodified>Mon, 18 Feb 2019 10:00:00 GMT</D:getlastmodified></D:prop>"
            "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>")


def text(canaries: Canaries) -> Site:
    """`ls -l`."""
    rows = [f"-rw-r--r-- 1 {canaries.surname().lower()} users 480044 Feb 18  2019 {name}"
            for name in people(canaries, "a line of text")]
    return {"/": Answer("total 12\n" + "\n".join(rows) + "\n", kind="text/plain")}


SITES = (nginx, start_page, as_json, bucket, webdav, text, dictations)
