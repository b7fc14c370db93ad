"""Documented list endpoints of products: one line an endpoint, asked only of a product that was recognised.

Each is a GET that can only list: what it names is a folder by its form, or by the product's own rules. What lies in a
file is never its answer. Where the endpoint is not open one request is made.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import ClassVar
from urllib.parse import quote

from scanner.listing import Verdict
from scanner.listing.json.documented import Documented, Form
from scanner.listing.json.products import CLOUDCMD, COPYPARTY, DUFS, GOHTTPSERVER, HFS, JUPYTER, WEBHDFS
from scanner.model import Access, Ask
from scanner.net import Accept
from scanner.probes.base import Shown
from scanner.probes.met import fail
from scanner.probes.ways.base import Reading, Talk, Way, argument

_CLOSED = frozenset({401, 403, 407})


class Endpoint(Way):
    """One product's endpoint. The argument of the way is the path that the product lies below: `hfs:/share/`."""

    protocol: ClassVar[str] = "http"
    facts: ClassVar[frozenset[str]] = frozenset({
        "listing.title", "listing.dialect", "listing.head", "listing.row", "listing.tail", "listing.rows",
        "listing.why"})

    def __init__(self, name: str, form: Form, address: Callable[[str, str], str]) -> None:
        """`address` makes the path to ask for of what the product lies below and of the folder, both quoted: the first
        has a slash at both ends, the second at its end only.
        """
        self.name = name
        self._form = form
        self._address = address

    async def list(self, talk: Talk, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Way.list`."""
        base = argument(ask.way)
        path = self._address(base, ask.path.removeprefix(base).removeprefix("/"))
        async with talk.ask(path, accept=Accept.JSON) as answer:
            if answer.status != 200 or answer.kind != "json":
                access = Access.LOGIN if answer.status in _CLOSED else Access.NONE
                yield talk.seen(ask, answer, access, {})
                return
            reader = Documented(self._form)
            reading = Reading(answer, reader)
            async for batch in reading.batches():
                yield batch
            listing = reader.verdict is Verdict.LISTING
            facts = reader.facts if listing else {"listing.why": reader.why}
            yield talk.seen(ask, answer, Access.ANONYMOUS if listing else Access.NONE, facts)
        if reading.error is not None and listing:
            fail(reading)


ENDPOINTS: tuple[Way, ...] = (
    # https://github.com/9001/copyparty/blob/hovudstraum/docs/devnotes.md (http api, read)
    Endpoint("copyparty", COPYPARTY, lambda base, folder: f"{base}{folder}?ls"),
    # https://github.com/sigoden/dufs#api: of a file it tells size and time, never what lies in it
    Endpoint("dufs", DUFS, lambda base, folder: f"{base}{folder}?json"),
    # https://github.com/codeskyblue/gohttpserver: reads a directory whatever the path says
    Endpoint("gohttpserver", GOHTTPSERVER, lambda base, folder: f"{base}{folder}?json=true"),
    # HFS 3, https://github.com/rejetto/hfs (API get_file_list): a file is answered with status 405; it undoes the
    # quoting of `uri` twice, as a parameter and as a path
    Endpoint("hfs", HFS, lambda base, folder: f"{base}~/api/get_file_list?uri={quote('/' + folder, safe='')}"),
    # https://jupyter-server.readthedocs.io/en/latest/developers/rest-api.html: a file is answered with status 400
    Endpoint("jupyter", JUPYTER,
             lambda base, folder: f"{base}api/contents/{folder.rstrip('/')}?content=1&type=directory"),
    # https://cloudcmd.io (api/v1/fs): with a slash at its end a path that is a file is answered with status 404; its
    # pages lie below `fs/`, and so does what is asked for
    Endpoint("cloudcmd", CLOUDCMD, lambda base, folder: f"{base.removesuffix('fs/')}api/v1/fs/{folder}"),
    # https://hadoop.apache.org/docs/stable/hadoop-project-dist/hadoop-hdfs/WebHDFS.html (LISTSTATUS)
    Endpoint("webhdfs", WEBHDFS, lambda base, folder: f"{base}webhdfs/v1/{folder}?op=LISTSTATUS"),
)
