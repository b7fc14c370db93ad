"""Signatures against answers of the real products: what is called proven is, and what is not is marked."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from recorded_products import names, recorded

from scanner.model import Ask, Asked, Observation
from scanner.probes import Http
from scanner.signature import Product, load
from tests.fakes import ANSWER_404, FakeNet, endpoint

KNOWN = load()
WIRE = Path(__file__).parents[2] / "fixtures" / "wire"
#: Product -> how answers whose name begins so were asked for.
WAYS = {"copyparty/ls": "copyparty", "dufs/json": "dufs", "hfs/list": "hfs", "jupyter/contents": "jupyter"}
#: What each front page or listing is known by: the first of its listing signatures, and its products.
SAID = {
    "aiohttp/calls": ("listing/aiohttp",),
    "browser-sync/calls": ("listing/serve-index",),
    "cloudcmd/api": ("listing/cloudcmd-json",),
    "cloudcmd/front": ("product/cloudcmd",),
    "copyparty/login": ("product/copyparty",),
    "copyparty/ls": ("listing/copyparty-json",),
    "copyparty/page": ("listing/copyparty",),
    "django/calls": ("listing/django-static",),
    "dufs/json": ("listing/dufs",),
    "dufs/noscript": ("listing/dufs-page",),
    "dufs/page": ("product/dufs",),
    "go-fileserver/calls": ("listing/go-fileserver",),
    "hfs/front": ("product/hfs",),
    "hfs/list": ("listing/hfs-json",),
    "http-server/calls": ("listing/http-server",),
    "jetty/calls": ("listing/jetty",),
    "jupyter/contents": ("listing/jupyter-json",),
    "jupyter/front": ("product/jupyter",),
    "jupyter/front-token": ("product/jupyter",),
    "jupyter/lab-front": ("product/jupyter-lab",),
    "jupyter/notebook-front": ("product/jupyter-lab",),
    "live-server/calls": ("listing/serve-index",),
    "local-web-server/calls": ("listing/serve-index",),
    "micro-httpd/calls": ("listing/micro-httpd",),
    "mini-httpd/calls": ("listing/mini-httpd",),
    "miniserve/calls": ("listing/miniserve",),
    "nginx-fancyindex/calls": ("listing/nginx-fancyindex",),
    "rclone/calls": ("listing/rclone",),
    "rclone/rcd": ("product/rclone-rc",),
    "sanic/calls": ("listing/sanic",),
    "serve-index/calls": ("listing/serve-index",),
    "serve-index/json": ("listing/serve-index-json",),
    "serve/calls": ("listing/serve",),
    "serve/json": ("listing/serve-json",),
    "sfz/calls": ("listing/sfz",),
    "simple-http-server/calls": ("listing/simple-http-server",),
    "syncthing/front": ("product/syncthing",),
    "tomcat/calls": ("listing/tomcat",),
    "transmission/front": ("product/transmission",),
    "twisted/calls": ("listing/twisted",),
    "updog/calls": ("listing/updog",),
    "uploadserver/calls": ("listing/uploadserver",),
    "webfs/calls": ("listing/webfs",),
    "weborf/calls": ("listing/weborf",),
    "webrick/calls": ("listing/webrick",),
    "wsgidav/calls": ("listing/wsgidav",),
}


async def facts_of(path: str, answer: bytes, way: str = "") -> dict[str, str]:
    """What the probe says of one answer."""
    folder = path.partition("?")[0]
    asked = Ask(folder if folder.endswith("/") else "/", Asked.ROOT, way=way)
    net = FakeNet({f"GET {asked.path}": answer, "*": answer if way else ANSWER_404})
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        things = [thing async for thing in door.list(asked)]
    [seen] = [thing for thing in things if isinstance(thing, Observation)]
    return dict(seen.facts)


async def known_by(name: str) -> tuple[str, ...]:
    one = recorded(name)
    way = next((way for beginning, way in WAYS.items() if name.startswith(beginning)), "")
    facts = await facts_of(one.path, one.answer, way)
    first = [signature.id for signature in KNOWN.listing(facts)[:1]]
    return (*first, *(signature.id for signature in KNOWN.products(facts) if signature.kind == "product"))


@pytest.mark.parametrize("name", SAID)
async def test_a_real_product_is_known_by_its_signature(name: str) -> None:
    assert SAID[name] == await known_by(name)


@pytest.mark.parametrize("name", [name for name in names() if name not in SAID])
async def test_another_answer_is_not_taken_for_another_product(name: str) -> None:
    product = name.partition("/")[0]
    own = {identity for said, ids in SAID.items() if said.partition("/")[0] == product for identity in ids}
    assert set() == set(await known_by(name)) - own


#: Signatures that answers recorded for other tests prove: (folder/name, asked for, in which way).
ELSEWHERE = {
    "listing/azure-container": ("stores/talks/azurite-recordings", "/a/recordings/", "azure:/a/"),
    "listing/gcs-bucket": ("stores/talks/fakegcs-recordings", "/recordings/", "gcs"),
    "listing/media-server": ("dlna/minidlna-browse-folder", "/Folder;64/", "dlna:/ctl/ContentDir"),
    "listing/s3-bucket": ("stores/talks/moto-recordings-mark", "/recordings/mark/", "s3"),
    "listing/webdav-collection": ("webdav/apache-calls", "/", "dav"),
    "product/dms": ("dlna/rclone-front", "/", ""),
    "product/minidlna": ("dlna/minidlna-front", "/", ""),
    "product/upnp": ("dlna/minidlna-front", "/", ""),
    "listing/apache-autoindex": ("http/apache-fancy-calls", "/calls/", ""),
    "listing/apache-plain": ("http/apache-plain-calls", "/calls/", ""),
    "listing/caddy": ("http/caddy-calls", "/calls/", ""),
    "listing/caddy-json": ("http/caddy-json-calls", "/calls/", ""),
    "listing/lighttpd": ("http/lighttpd-calls", "/calls/", ""),
    "listing/nginx-autoindex": ("http/nginx-calls", "/calls/", ""),
    "listing/nginx-json": ("http/nginx-json-calls", "/calls/", ""),
    "listing/python": ("http/python-calls", "/calls/", ""),
    "product/azurite": ("stores/azurite-first", "/", ""),
}


@pytest.mark.parametrize("signature", ELSEWHERE)
async def test_a_server_recorded_elsewhere_is_known_by_its_signature(signature: str) -> None:
    name, path, way = ELSEWHERE[signature]
    answer = (WIRE / f"{name}.http").read_bytes()
    begins = re.search(rb"^HTTP/1\.\d \d{3}", answer, re.MULTILINE)
    assert begins is not None
    facts = await facts_of(path, answer[begins.start():], way)
    assert signature in [one.id for one in (*KNOWN.listing(facts)[:1], *KNOWN.products(facts))]


#: Signatures of other protocols: where a real server was recorded, the fact, and what in the record that fact holds.
TALKS = {
    "product/dovecot-imap": ("mail/dovecot-imap-plain.txt", "imap.greeting", rb"\* OK \[[^]]*\] ([^\n]+)"),
    "product/dovecot-pop3": ("mail/dovecot-pop3-plain.txt", "pop3.greeting", rb"\+OK (Dovecot[^\n]+)"),
    "product/dropbear-ssh": ("ssh/dropbear.bin", "ssh.software", rb"SSH-2\.0-([!-~]+)"),
    "product/proftpd": ("ftp/proftpd-open.talk", "ftp.banner", rb"'220 ([^\\\n]+)"),
    "product/pure-ftpd": ("ftp/pure-ftpd-open.talk", "ftp.banner", rb"'220-([^\\\n]+)"),
    "product/pyftpdlib": ("ftp/pyftpdlib-open.talk", "ftp.banner", rb"'220 ([^\\\n]+)"),
    "product/samba-version": ("smb/samba-2.bin", "door.software", b""),
    "product/vsftpd": ("ftp/vsftpd-open.talk", "ftp.banner", rb"'220 ([^\\\n]+)"),
}
WIDE = rb"((?:S\0a\0m\0b\0a\0) \0(?:[0-9.]\0)+)"        # in UTF-16, as SMB has its texts
#: Those whose recorded bytes say it in numbers: tests/probes/smb/test_smb_recorded.py reads "6.1.0" out of a real
#: Samba's.
BY_NUMBERS = {"product/samba": {"smb.os": "6.1.0"}}


@pytest.mark.parametrize("signature", TALKS)
def test_a_server_of_another_protocol_is_known_by_its_signature(signature: str) -> None:
    name, fact, pattern = TALKS[signature]
    wide = name.endswith(".bin") and name.startswith("smb/")
    found = re.search(WIDE if wide else pattern, (WIRE / name).read_bytes())
    assert found is not None
    said = found[1].decode("utf-16-le" if wide else "latin-1")
    assert signature in [one.id for one in KNOWN.products({fact: said})]


@pytest.mark.parametrize("signature", BY_NUMBERS)
def test_a_server_that_tells_a_number_is_known_by_it(signature: str) -> None:
    assert signature in [one.id for one in KNOWN.products(BY_NUMBERS[signature])]


def test_what_is_not_marked_is_proven_and_the_other_way_round() -> None:
    proven = {identity for ids in SAID.values() for identity in ids} | set(ELSEWHERE)
    proven |= {*TALKS, *BY_NUMBERS}
    said = {s.id for s in KNOWN.signatures if isinstance(s, Product) and s.kind != "access" and not s.unproven}
    assert (set(), set()) == (said - proven, proven - said)
