"""A naive client, the control: plain httpx that follows redirects, and takes every other hint that it is given.

It knows no scope. What it leaks in the rig is what a scan must not.
"""

from __future__ import annotations

import ftplib
import re
from contextlib import suppress
from urllib.parse import urljoin

import httpx

_HINTS = (
    re.compile(r'<base href="([^"]+)"'), re.compile(r'url=([^">\s]+)'), re.compile(r'<a href="([^"?]+)"'),
    re.compile(r"Disallow: (\S+)"), re.compile(r"Sitemap: (\S+)"), re.compile(r"<loc>([^<]+)</loc>"),
    re.compile(r"^<([^>]+)>; rel=next"),
)
_ALTERNATIVE = re.compile(r'h2="([^"]+)"')


def visit(url: str) -> None:
    """Ask for a page and for all that it mentions, and so on one step further."""
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=5, verify=False) as client:
        seen = {url}
        for hint in _hints(client, url):
            if hint not in seen:
                seen.add(hint)
                _fetch(client, hint)
        for path in ("/robots.txt", "/sitemap.xml"):
            for hint in _hints(client, urljoin(url, path)):
                _fetch(client, hint)


def list_by_ftp(address: str, port: int = 21) -> None:
    """A list by FTP, over whatever connection the server names."""
    with suppress(OSError, ftplib.Error), ftplib.FTP(timeout=5) as ftp:
        ftp.trust_server_pasv_ipv4_address = True
        ftp.connect(address, port)
        ftp.login()
        ftp.retrlines("LIST", lambda line: None)


def _fetch(client: httpx.Client, url: str) -> httpx.Response | None:
    try:
        return client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError):
        return None


def _hints(client: httpx.Client, url: str) -> list[str]:
    answer = _fetch(client, url)
    if answer is None:
        return []
    told = [answer.text, answer.headers.get("refresh", ""), answer.headers.get("link", "")]
    found = [urljoin(url, hint) for text in told for pattern in _HINTS for hint in pattern.findall(text)]
    return found + [f"https://{place}/" for place in _ALTERNATIVE.findall(answer.headers.get("alt-svc", ""))]
