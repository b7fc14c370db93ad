"""Nobody outside the scope is contacted: whole scans where every address is local and every contact is seen."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bottle import AUTHORISED, RESOLVER, Asked, Bottle, unavailable

pytestmark = pytest.mark.namespace

IN, ALSO_IN, EXCLUDED, OUT, METADATA = "192.0.2.7", "192.0.2.20", "192.0.2.13", "198.51.100.9", "169.254.169.254"
NAMES = {
    "files.example.org": [ALSO_IN],
    "mixed.example.org": [ALSO_IN, METADATA, "10.0.0.1", EXCLUDED],  # only the first may be pinned
    "elsewhere.example.org": [OUT],
    "shut.example.org": [EXCLUDED],
}
SCOPE = f"""{AUTHORISED}
[[target]]
what = ["{IN}", "{ALSO_IN}", "{EXCLUDED}", "files.example.org", "mixed.example.org", "2001:db8::7"]
exclude = ["{EXCLUDED}"]
ports = [80, 8080]
"""
SCAN = [
    sys.executable,
    "-m",
    "scanner",
    "scan",
    "--scope",
    "scope.toml",
    "--state",
    ":memory:",
    "-o",
    "report.json",
    "-o",
    "log:contacts.jsonl",
    "--no-progress",
    "--rate",
    "2000",
    "--host-rate",
    "500",
]
FOLLOWS = f"import httpx; httpx.get('http://{IN}/away/', follow_redirects=True, trust_env=False, timeout=5)"


def site(asked: Asked) -> bytes:
    """A store that tries to lead away: redirects, absolute links, base, refresh, other ports and schemes."""
    path = asked.request.split(b" ")[1].decode() if asked.request.count(b" ") > 1 else "/"
    away = {
        "/away/": f"http://{METADATA}/latest/",
        "/name/": "http://elsewhere.example.org/",
        "/slashes/": f"//{OUT}/",
        "/port/": f"http://{IN}:81/",
        "/tls/": f"https://{OUT}/",
        "/user/": f"http://{IN}@{OUT}/",
        "/odd/": "http:evil.example.org",
        "/back/": f"\\\\{OUT}\\share\\",
        "/shut/": f"http://{EXCLUDED}/",
        "/mapped/": f"http://[::ffff:{OUT}]/",
    }
    if path in away:
        return f"HTTP/1.1 302 Found\r\nLocation: {away[path]}\r\nContent-Length: 0\r\n\r\n".encode()
    if path != "/":
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    rows = "".join(f'<a href="{name[1:]}">{name[1:]}</a>   18-Feb-2019 08:30   -\r\n' for name in away)
    rows += "".join(f'<a href="{url}">{url}</a>   18-Feb-2019 08:30   -\r\n' for url in away.values())
    rows += "".join(
        f'<a href="0701740{i}.wav">0701740{i}.wav</a>   18-Feb-2019 08:30   480044\r\n' for i in range(605, 630)
    )
    page = (
        f'<html><head><title>Index of /</title><base href="http://{OUT}/"><meta http-equiv="refresh" content="0;url=http://{OUT}/"></head>'
        f'<body><h1>Index of /</h1><hr><pre><a href="../">../</a>\r\n{rows}</pre><hr></body></html>'
    )
    return (
        f'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nAlt-Svc: h2="{OUT}:443"\r\n'
        f"Refresh: 0; url=http://{OUT}/\r\nLink: <http://{OUT}/>; rel=preload\r\n\r\n{page}"
    ).encode()


@pytest.fixture(autouse=True)
def _granted() -> None:
    if reason := unavailable():
        pytest.skip(reason)


@pytest.mark.parametrize("engine", ["connect", "nmap"])
def test_a_store_that_leads_away_leads_nowhere(engine: str, tmp_path: Path) -> None:
    (tmp_path / "scope.toml").write_text(SCOPE)
    with Bottle({("*", 80): site}, names=NAMES) as bottle:
        ended = bottle.run([*SCAN, "--discover", engine], cwd=tmp_path, env=_environment())
        assert ended.status == 0, ended.err
        tried = {("tcp", address, port) for address in (IN, ALSO_IN, "2001:db8::7") for port in (80, 8080)}
        assert bottle.contacts == tried | {("udp", RESOLVER, 53)}
    report = json.loads((tmp_path / "report.json").read_text())
    assert all(
        25 <= finding["store"]["files"] <= 27 for finding in report["findings"]
    )  # two links read as names of files
    logged = {
        (line["address"], line["port"])
        for line in map(json.loads, (tmp_path / "contacts.jsonl").read_text().splitlines())
    }
    assert logged <= {(address, port) for _, address, port in tried}
    assert any(gap["reason"] == "out-of-scope" for gap in report["gaps"])


def test_a_plain_client_that_follows_is_seen_there() -> None:
    with Bottle({("*", 80): site}, names=NAMES) as bottle:
        bottle.run([sys.executable, "-c", FOLLOWS])
        assert ("tcp", METADATA, 80) in bottle.contacts


def _environment() -> dict[str, str]:
    """Poisoned: a proxy that nobody named, and a home that is not there."""
    root = str(Path(__file__).parents[1])
    return {
        **os.environ,
        "PYTHONPATH": root,
        "HTTP_PROXY": f"http://{OUT}:3128",
        "http_proxy": f"http://{OUT}:3128",
        "ALL_PROXY": f"socks5://{OUT}:1080",
    }
