"""Whole scans of real object stores: moto, Azurite, fake-gcs-server, versitygw and gofakes3, on loopback.

A bucket that anyone may list is counted to the last key, one that nobody may is a gap with its reason. Each server is
started for one test, filled by plain HTTP as its documentation says, and ended with it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import formatdate
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from installed import required
from servers import free_port

from tests.scan.scans import Done, scan

pytestmark = pytest.mark.real

ADDRESS = "127.0.0.1"
ACCESS, SECRET = "fictional", "fictional-secret"
# Azurite's own account and key, from its documentation: public knowledge, and the same everywhere
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
KEYS = {"070-1740605.wav": 8044, "2019/02/070-1740606.wav": 8045, "2019/02/åäö 070-1740607.wav": 8046,
        "2019/03/e%20+f.wav": 8047, "readme.txt": 3}
MANY = {f"many/call-{i:04}.wav": 1 for i in range(1100)}
POLICY = ('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:ListBucket"],'
          '"Resource":["arn:aws:s3:::recordings"]}]}')
_UP = 30.0                                   # seconds


@contextlib.contextmanager
def running(name: str, folder: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start a program; gives `address:port`. What stands as @HOST@, @PORT@ and @FOLDER@ is filled in."""
    port = free_port(ADDRESS)
    known = {"@HOST@": ADDRESS, "@PORT@": str(port), "@FOLDER@": str(folder)}
    words = [required(name)]
    for argument in arguments:
        for mark, value in known.items():
            argument = argument.replace(mark, value)
        words.append(argument)
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               cwd=folder, env={**os.environ, **(settings or {})}, start_new_session=True)
    try:
        until = time.monotonic() + _UP
        while not _is_up(port):
            assert time.monotonic() < until, f"{name} did not come up"
            assert process.poll() is None, f"{name} ended"
            time.sleep(0.05)
        yield f"{ADDRESS}:{port}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_up(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((ADDRESS, port), 1):
        return True
    return False


def put(where: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> None:
    """One PUT, by the test and to a server of its own."""
    connection = HTTPConnection(where, timeout=10)
    connection.request("PUT", path, body=body, headers=dict(headers))
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    assert answer.status < 300, f"{path}: {answer.status} {told[:200]!r}"


def put_s3(where: str, path: str, query: str = "", body: bytes = b"") -> None:
    """One PUT, signed as AWS Signature Version 4 wants it. `path` is quoted."""
    now = datetime.now(UTC)
    day, at = now.strftime("%Y%m%d"), now.strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    signed = "host;x-amz-content-sha256;x-amz-date"
    heads = f"host:{where}\nx-amz-content-sha256:{digest}\nx-amz-date:{at}\n"
    canonical = "\n".join(["PUT", path, f"{query}=" if query else "", heads, signed, digest])
    place = f"{day}/us-east-1/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", at, place, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{SECRET}".encode()
    for part in (day, "us-east-1", "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    mark = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    put(where, f"{path}?{query}=" if query else path, {
        "x-amz-content-sha256": digest, "x-amz-date": at,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS}/{place}, SignedHeaders={signed}, Signature={mark}",
    }, body)


def fill_s3(where: str, keys: Mapping[str, int], *buckets: str) -> None:
    for bucket in buckets:
        put_s3(where, f"/{bucket}")
        for key, size in keys.items():
            put_s3(where, f"/{bucket}/{quote(key, safe='/')}", body=b"x" * size)


def put_azure(where: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes = b"") -> None:
    """One PUT, signed with the key that everybody knows (Azure Storage, "Authorize with Shared Key")."""
    said = {**headers, "x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    heads = "".join(f"{name}:{value}\n" for name, value in sorted(said.items()))
    resource = f"/{ACCOUNT}{path}" + "".join(f"\n{name}:{value}" for name, value in sorted(query.items()))
    length = str(len(body)) if body else ""
    text = "\n".join(["PUT", "", "", length, *[""] * 8]) + f"\n{heads}{resource}"
    mark = base64.b64encode(hmac.digest(base64.b64decode(KEY), text.encode(), "sha256")).decode()
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    put(where, f"{path}?{asked}" if asked else path, {**said, "Authorization": f"SharedKey {ACCOUNT}:{mark}"}, body)


def fill_azure(where: str, container: str, access: str | None) -> None:
    path = f"/{ACCOUNT}/{container}"
    put_azure(where, path, {"restype": "container"}, {"x-ms-blob-public-access": access} if access else {})
    for key, size in KEYS.items():
        put_azure(where, f"{path}/{quote(key)}", {}, {"x-ms-blob-type": "BlockBlob"}, b"x" * size)


def scanned(*targets: str) -> Done:
    return asyncio.run(scan(*targets))


def stores(done: Done) -> dict[str, tuple[int, int, bool]]:
    """Path of each store -> files, bytes, whether all of it was seen."""
    return {"/" + finding.doors[0].url.split("/", 3)[3]: (
        finding.store.files, finding.store.bytes, finding.store.complete) for finding in done.findings}


ALL = (len(KEYS), sum(KEYS.values()), True)


def test_moto_lists_all_buckets_to_the_last_page(ground: Path) -> None:
    with running("pypi:moto_server", ground, "-H", "@HOST@", "-p", "@PORT@") as where:
        fill_s3(where, KEYS | MANY, "recordings")
        fill_s3(where, KEYS, "other")
        both = (2 * len(KEYS) + len(MANY), 2 * sum(KEYS.values()) + len(MANY), True)
        assert {"/": both} == stores(scanned(where))
        assert {"/other/": ALL} == stores(scanned(f"s3://other@{where}"))


def test_gofakes3_lists_its_bucket_to_the_last_page(ground: Path) -> None:
    with running("gofakes3", ground, "-backend", "memory", "-host", "@HOST@:@PORT@") as where:
        fill_s3(where, KEYS | MANY, "recordings")
        whole = (len(KEYS) + len(MANY), sum(KEYS.values()) + len(MANY), True)
        assert {"/": whole} == stores(scanned(where))
        assert {"/recordings/": whole} == stores(scanned(f"s3://recordings@{where}"))


def test_versitygw_shows_no_buckets_and_the_open_one_is_found_all_the_same(ground: Path) -> None:
    keys = {"ROOT_ACCESS_KEY": ACCESS, "ROOT_SECRET_KEY": SECRET}
    with running("versitygw", ground, "--port", "@HOST@:@PORT@", "posix", "@FOLDER@", settings=keys) as where:
        fill_s3(where, KEYS, "recordings", "calls")
        put_s3(where, "/recordings", "policy", POLICY.encode())
        assert {"/recordings/": ALL} == stores(scanned(where))
        closed = scanned(f"s3://calls@{where}")
        assert ({}, ["/calls/: a bucket closed to strangers (AccessDenied)"]) == (
            stores(closed), [gap.detail for gap in closed.gaps("forbidden")])


def test_azurite_is_searched_in_the_account_that_it_has_unless_told_otherwise(ground: Path) -> None:
    with running("npm:azurite-blob", ground, "--blobHost", "@HOST@", "--blobPort", "@PORT@", "--inMemoryPersistence",
                 "--disableTelemetry", "--silent", "--skipApiVersionCheck") as where:
        fill_azure(where, "recordings", "container")
        fill_azure(where, "calls", "blob")
        fill_azure(where, "private", None)
        assert {f"/{ACCOUNT}/recordings/": ALL} == stores(scanned(where))
        assert {f"/{ACCOUNT}/recordings/": ALL} == stores(scanned(f"azure://{ACCOUNT}/recordings@{where}"))
        closed = scanned(f"azure://{ACCOUNT}/private@{where}")
        assert ({}, 1) == (stores(closed), len(closed.gaps("forbidden")))


def test_fake_gcs_server_lists_its_buckets_in_json(ground: Path) -> None:
    for key, size in KEYS.items():
        file = ground / "data" / "recordings" / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * size)
    with running("fake-gcs-server", ground, "-backend", "memory", "-data", "@FOLDER@/data", "-scheme", "http", "-host",
                 "@HOST@", "-port", "@PORT@") as where:
        assert {"/": ALL} == stores(scanned(where))
        assert {"/recordings/": ALL} == stores(scanned(f"gs://recordings@{where}"))
        absent = scanned(f"gs://nosuch@{where}")
        assert ["/nosuch/: there is no such bucket (notFound)"] == [gap.detail for gap in absent.gaps("not-a-listing")]
