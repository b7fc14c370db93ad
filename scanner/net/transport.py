"""httpx on our own connections: the only module that imports it. Adds its client's habits, takes away its reach.

The client speaks to one endpoint, sends none of the caller's headers, keeps no cookie, follows nothing, decodes
nothing and believes no environment variable. Gates, budgets and deadlines are those of every other look.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx

from scanner.errors import OutOfScope, ProtocolError
from scanner.model import Endpoint
from scanner.net.answer import Answer
from scanner.net.http import Verb
from scanner.net.look import Look

if TYPE_CHECKING:
    from scanner.net import Net

_SAID = ("depth", "accept", "browse", "hostless")           # extensions of a request, as `Net.fetch` takes them
_HOP = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})    # no longer true of what we give
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_TEXT = re.compile(r"(?:utf-?8|(?:us-)?ascii|iso-?8859-?\d{1,2}|windows-125\d|cp125\d|shift_?jis|euc-?(?:jp|kr)|gb2312"
                   r"|gbk|gb18030|big5|koi8-[ru])", re.IGNORECASE)


class Body(httpx.AsyncByteStream):
    """The chunks of an answer; closing it closes the connection."""

    def __init__(self, look: Look, answer: Answer) -> None:
        self._look = look
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.chunks():
            yield chunk

    async def aclose(self) -> None:
        """Leave the look."""
        await self._look.__aexit__(None, None, None)


class Transport(httpx.AsyncBaseTransport):
    """Carries requests for one endpoint. What is not for it is never sent."""

    def __init__(self, net: Net, endpoint: Endpoint) -> None:
        self._net = net
        self._endpoint = endpoint

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """`OutOfScope` for another door, `ValueError` for another verb or a path that is no directory; `NetError`."""
        endpoint, url = self._endpoint, request.url
        mine = httpx.URL(endpoint.url())
        if (url.scheme, url.raw_host, url.port or _port(url)) != (mine.scheme, mine.raw_host, endpoint.port):
            raise OutOfScope(f"{url.host}: this client speaks to {endpoint.authority} only")
        if url.userinfo:
            raise ValueError("no password is ever sent")
        said = {name: request.extensions[name] for name in _SAID if name in request.extensions}
        if "depth" in request.headers:
            said["depth"] = int(request.headers["depth"])
        look = self._net.fetch(endpoint, Verb(request.method), url.raw_path.decode("ascii"), **said)
        answer = await look.__aenter__()
        headers = [(name, found) for name, found in answer.headers if name not in _HOP]
        response = httpx.Response(answer.status, headers=headers, stream=Body(look, answer), request=request,
                                  extensions={"answer": answer, "reason_phrase": answer.reason.encode()})
        response.encoding = charset(answer.header("content-type"))
        return response


class Client(httpx.AsyncClient):
    """An AsyncClient that sends straight to its transport: no redirects, no auth flow, no cookies, no hooks."""

    def __init__(self, transport: Transport, base: str) -> None:
        super().__init__(transport=transport, base_url=base, trust_env=False, timeout=None, follow_redirects=False)
        self._straight = transport

    def build_request(self, method: str, url: httpx.URL | str, **more: Any) -> httpx.Request:
        """As httpx does; what it cannot take as a URL is a `ProtocolError`."""
        try:
            return super().build_request(method, url, **more)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ProtocolError(f"not a URL: {error}") from error

    async def send(self, request: httpx.Request, *, stream: bool = False, **_ignored: Any) -> httpx.Response:
        """Send one request. Without `stream` the body is read at once, within its budget."""
        response = await self._straight.handle_async_request(request)
        if not stream:
            try:
                await response.aread()
            finally:
                await response.aclose()
        return response


def client(net: Net, endpoint: Endpoint) -> Client:
    """A client bound to one endpoint; relative URLs are paths at it."""
    return Client(Transport(net, endpoint), endpoint.url())


def charset(content_type: str | None) -> str:
    """A charset that is text, whatever the server calls it; a codec like zlib or idna is not."""
    found = _CHARSET.search(content_type or "")
    if found is None or not _TEXT.fullmatch(found[1]):
        return "utf-8"
    try:
        return codecs.lookup(found[1]).name
    except LookupError:
        return "utf-8"


def _port(url: httpx.URL) -> int:
    return 443 if url.scheme == "https" else 80
