"""Where only buckets are named, only these are asked for, and where a bucket says that it lies elsewhere nobody goes.

Whole scans where every address is local and every contact and request is seen, a public cloud's names among them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bottle import AUTHORISED, RESOLVER, Asked, Bottle, unavailable

pytestmark = pytest.mark.namespace

STORE, CLOUD, SERVICE, OUT, METADATA = "192.0.2.7", "52.218.0.7", "52.218.0.8", "198.51.100.9", "169.254.169.254"
NAMES = {
    "calls.s3.eu-west-1.amazonaws.com": [CLOUD],
    "s3.eu-west-1.amazonaws.com": [SERVICE],
    "far.example.org": [OUT],
}
SCOPE = f"""{AUTHORISED}
[[target]]
what = ["s3://calls@{STORE}:80", "s3://far@{STORE}:80", "s3://away@{STORE}:80", "azure://acc/calls@{STORE}:8080",
        "calls.s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"]
ports = [80, 8080]
"""
SCAN = [sys.executable, "-m", "scanner", "scan", "--scope", "scope.toml", "--state", ":memory:", "-o", "report.json",
        "--no-progress", "--rate", "2000", "--host-rate", "500"]
KEYS = "".join(f"<Contents><Key>call-{i}.wav</Key><Size>8044</Size></Contents>" for i in range(4))
ENDPOINTS = f"<Endpoint>{OUT}</Endpoint><Bucket>far</Bucket><Region>eu-north-1</Region>"


def store(log: list[tuple[str, int, str]]) -> object:
    """A store that leads away as far as it can."""

    def answer(asked: Asked) -> bytes:
        path = asked.request.split(b" ")[1].decode() if asked.request.count(b" ") > 1 else ""
        lines = asked.request.split(b"\r\n")
        host = next((line[5:].strip().decode() for line in lines if line.startswith(b"Host:")), "")
        log.append((host, asked.port, path.partition("?")[0]))
        if path.startswith("/far/"):
            return say(301, f"<Error><Code>PermanentRedirect</Code>{ENDPOINTS}</Error>", f"Location: http://{OUT}/far/")
        if path.startswith("/away/"):
            return say(307, "<Error><Code>TemporaryRedirect</Code></Error>", f"Location: http://{METADATA}/latest/")
        token = f"http://{OUT}/?page=2" if "continuation-token" not in path else ""
        more = f"<NextContinuationToken>{token}</NextContinuationToken>" if token else ""
        return say(200, f"<ListBucketResult><Name>calls</Name><IsTruncated>{'true' if token else 'false'}</IsTruncated>"
                        f"{more}{KEYS.replace('call', 'more') if not token else KEYS}</ListBucketResult>",
                   f"Link: <http://{OUT}/>; rel=next")

    return answer


def say(status: int, body: str, *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status} X", "Content-Type: application/xml", "x-amz-request-id: 1", *headers,
            f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", body]).encode()


def test_only_what_is_written_is_asked_for_and_nobody_else_is_met(tmp_path: Path) -> None:
    if reason := unavailable():
        pytest.skip(reason)
    (tmp_path / "scope.toml").write_text(SCOPE)
    log: list[tuple[str, int, str]] = []
    answer = store(log)
    with Bottle({("*", 80): answer, ("*", 8080): answer}, names=NAMES) as bottle:  # type: ignore[dict-item]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        ended = bottle.run([*SCAN], cwd=tmp_path, env=environment)
        assert ended.status == 0, ended.err
        met = {(kind, address) for kind, address, _ in bottle.contacts}
    assert met <= {("tcp", STORE), ("tcp", CLOUD), ("tcp", SERVICE), ("udp", RESOLVER)}
    assert {
        (STORE, 80, "/calls/"), (STORE, 80, "/far/"), (STORE, 80, "/away/"), (f"{STORE}:8080", 8080, "/acc/calls"),
        ("calls.s3.eu-west-1.amazonaws.com", 80, "/"), ("calls.s3.eu-west-1.amazonaws.com:8080", 8080, "/"),
    } == set(log)
    report = json.loads((tmp_path / "report.json").read_text())
    assert {8} == {finding["store"]["files"] for finding in report["findings"]}
    told = [gap["detail"] for gap in report["gaps"]]
    assert any(f"/far/: a bucket that lies elsewhere, at {OUT}: not contacted" in detail for detail in told)
    assert any("/away/: a bucket that lies elsewhere" in detail for detail in told)
    assert any("an object store of a public cloud: write the buckets" in detail for detail in told)
