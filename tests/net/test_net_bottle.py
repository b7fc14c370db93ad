"""In a network of its own, where every address is this machine, nobody but the target is ever contacted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

_RUN = """
import asyncio, json, socket, sys, threading
from ipaddress import ip_address
import httpx
from scanner.errors import EarshotError
from scanner.model import Endpoint
from scanner.net import Ledger, Limits, Net, Pace, Verb
from tests.fakes import Yes

LOCATIONS = ["http://169.254.169.254/latest/", "//198.51.100.9/", "http:198.51.100.9", "http://[2001:db8::9]/", "/a/",
             "http://198.51.100.7@198.51.100.9/", "http://2130706433/", "http://[::ffff:198.51.100.9]/"]
hits = set()

def serve(family, any_address):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind((any_address, 80))
    listener.listen(64)
    def run():
        count = 0
        while True:
            peer, _ = listener.accept()
            hits.add(peer.getsockname()[0])
            peer.settimeout(2)
            try:
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 302 Found\\r\\nLocation: " + LOCATIONS[count % len(LOCATIONS)].encode()
                             + b"\\r\\nRefresh: 0; url=//198.51.100.9/\\r\\nAlt-Svc: h2=\\"198.51.100.9:80\\"\\r\\n"
                             + b"Content-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
            except OSError: pass
            peer.close()
            count += 1
    threading.Thread(target=run, daemon=True).start()

class Scope:
    def decide(self, address, port=None):
        return Yes(str(address) in ("198.51.100.7", "2001:db8::7"))

async def main():
    net = Net(Scope(), pace=Pace(1e6, 1e6, 100, 100), ledger=Ledger(), limits=Limits(), identity="security@example.org")
    for _ in LOCATIONS:
        for text in ("198.51.100.7", "2001:db8::7"):
            door = Endpoint(address=ip_address(text), port=80, host="files.example.org")
            async with net.fetch(door, Verb.GET, "/") as answer:
                assert answer.status == 302
            async with net.http(door) as client:
                assert (await client.get("/")).status_code == 302
    for text in ("198.51.100.9", "169.254.169.254", "2001:db8::9", "::ffff:198.51.100.9"):
        try:
            await net.connect(Endpoint(address=ip_address(text), port=80))
        except EarshotError: pass
    ours = sorted(hits)
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True, timeout=2) as client:
        for _ in LOCATIONS:
            try: await client.get("http://198.51.100.7/")
            except Exception: pass      # httpx.InvalidURL is no HTTPError
    print(json.dumps([ours, sorted(hits - set(ours))]))

serve(socket.AF_INET, "0.0.0.0")
serve(socket.AF_INET6, "::")
asyncio.run(main())
"""
_BOTTLE = ("ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo && "
           "exec \"$0\" -c \"$1\"")


def _bottle() -> str | None:
    """Why there can be no network of our own here."""
    if sys.platform != "linux" or shutil.which("unshare") is None or shutil.which("ip") is None:
        return "needs Linux with unshare and ip"
    tried = subprocess.run(["unshare", "-rn", "sh", "-c", "ip link set lo up && ip -6 route add local ::/0 dev lo"],
                           capture_output=True, check=False)
    return None if tried.returncode == 0 else "this machine allows no network namespace"


@pytest.mark.namespace
def test_redirects_lead_nowhere_and_a_plain_client_shows_that_they_could() -> None:
    why = _bottle()
    if why is not None:
        pytest.skip(why)
    ran = subprocess.run(["unshare", "-rn", "sh", "-c", _BOTTLE, sys.executable, _RUN], capture_output=True, text=True,
                         timeout=30, check=False)
    assert ran.returncode == 0, ran.stderr
    ours, leaked = json.loads(ran.stdout)
    assert ours == ["198.51.100.7", "2001:db8::7"]
    assert leaked
