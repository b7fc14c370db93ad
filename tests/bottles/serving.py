"""Servers that lead away: one web server and one FTP server, which answer at whatever address they are asked.

What was really handed to a client is counted: `served` holds (carrier, form) for each lure.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from tests.bottles.world import Lure
from tests.scan.sites import calls, listing

_HEADERS = {"refresh": "Refresh: 0; url={}", "Link": "Link: <{}>; rel=next", "Alt-Svc": 'Alt-Svc: h2="{}"; ma=60'}
_MARKS = {"link": '<a href="{0}">{0}</a>   18-Feb-2019 08:30   -\r\n', "base": '<base href="{}">',
          "refresh in the page": '<meta http-equiv="refresh" content="0;url={}">'}
_HELLO = b"220 ready\r\n"
_FTP = {"USER": "230 in", "TYPE": "200 fine", "PWD": '257 "/"', "CWD": "250 there", "QUIT": "221 bye"}


class Stage:
    """What the servers show at present."""

    def __init__(self) -> None:
        self.lures: tuple[Lure, ...] = ()
        self.served: Counter[tuple[str, str]] = Counter()
        self.asked = 0

    async def web(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            host = next((line[5:].strip() for line in lines if line.lower().startswith("host:")), "")
            self.asked += 1
            writer.write(self.answer(lines[0].split(" ")[1], host))
            await writer.drain()
        writer.close()

    async def ftp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A login for everybody, and lists that somebody else is to send."""
        with suppress(ConnectionError):
            writer.write(_HELLO)
            while line := await reader.readline():
                self.asked += 1
                writer.write(f"{self._reply(line.split()[0].decode('latin-1').upper() if line.split() else '')}\r\n"
                             .encode())
                await writer.drain()
        writer.close()

    def answer(self, path: str, host: str) -> bytes:
        """The answer of the web server."""
        if path == "/":
            return self._root()
        if path == "/robots.txt":
            lines = [f"Disallow: {one.text}\r\nSitemap: {one.text}sitemap.xml\r\n" for one in self._take("robots.txt")]
            lines += [f"Sitemap: http://{host}/sitemap.xml\r\n" for one in self.lures if one.carrier == "sitemap"]
            return say(200, "User-agent: *\r\nDisallow: /l0/\r\n" + "".join(lines), "text/plain")
        if path == "/sitemap.xml":
            urls = "".join(f"<url><loc>{one.text}</loc></url>" for one in self._take("sitemap"))
            return say(200, f'<?xml version="1.0"?><urlset>{urls}</urlset>', "application/xml")
        redirects = [one for one in self.lures if one.carrier == "redirect"]
        number = path.strip("/").removeprefix("l")
        if number.isdigit() and int(number) < len(redirects):
            one = redirects[int(number)]
            self.served[one.carrier, one.form] += 1
            return say(one.status, "", "text/html", f"Location: {one.text}")
        return say(404, "no", "text/html")

    def _root(self) -> bytes:
        tree = {**calls(2), **{f"l{n}": {} for n in range(sum(one.carrier == "redirect" for one in self.lures))}}
        page = listing("/", tree).decode()
        marks = {name: "".join(form.format(one.text) for one in self._take(name)) for name, form in _MARKS.items()}
        page = page.replace("<head>", f"<head>{marks['base']}{marks['refresh in the page']}")
        page = page.replace("</pre>", f"{marks['link']}</pre>")
        return say(200, page, "text/html",
                   *(form.format(one.text) for name, form in _HEADERS.items() for one in self._take(name)))

    def _reply(self, verb: str) -> str:
        if verb == "PASV" and (found := list(self._take("PASV"))):
            return f"227 Entering Passive Mode ({found[0].text})"
        return _FTP.get(verb, "502 no")

    def _take(self, carrier: str) -> Iterable[Lure]:
        for one in self.lures:
            if one.carrier == carrier:
                self.served[one.carrier, one.form] += 1
                yield one


def say(status: int, body: str, kind: str, *headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status} X", "Server: nginx/1.24.0", f"Content-Type: {kind}", f"Content-Length: {len(body)}",
             "Connection: close", *headers]
    return "\r\n".join([*lines, "", body]).encode("latin-1")


