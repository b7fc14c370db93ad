"""OpenSSL's own server as a hostile one: what it reads is answered with pages of a listing, by its standard input.

It serves one connection after the other. Without `-quiet` a line that begins with a letter of s_server(1) is a command.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.hostile.behaviour import Host
from tests.hostile.serving import listener
from tests.hostile.tls_certificates import certificate, key, written
from tests.hostile.tls_door import page

_REQUEST = re.compile(rb"[A-Z]+ ([!-~]+) HTTP/1\.[01]\r\n(?:[!-~][^\r\n]*\r\n)*\r\n")
ANY = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"  # ciphers
Answers = Callable[[str], bytes]


@asynccontextmanager
async def s_server(*options: str, shown: Path | None = None, secret: Path | None = None, says: Answers = page,
                   quiet: bool = True, target: str = "https://{}/") -> AsyncIterator[Host]:
    """A server with these options. `shown` is its certificate, `secret` the key of that, `says` gives its answers."""
    with listener() as sock:
        address, port = sock.getsockname()
    command = ["openssl", "s_server", *(["-quiet"] if quiet else []), "-accept", f"{address}:{port}",
               "-cert", str(shown or written(certificate())), "-key", str(secret or key().path), "-cipher", ANY,
               *options]
    process = _started(command)
    host = Host(targets=(target.format(f"{address}:{port}"),), doors=frozenset({(address, port)}))
    talk = asyncio.create_task(_talk(process, host.seen, says))
    try:
        await _until_listening(process, port)
        yield host
    finally:
        process.kill()
        process.wait()
        await talk
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


async def _talk(process: subprocess.Popen[bytes], seen: list[bytes], says: Answers) -> None:
    """Answer each request that it prints."""
    assert process.stdin is not None
    assert process.stdout is not None
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), process.stdout)
    heard = b""
    while more := await reader.read(65_536):
        heard += more
        while asked := _REQUEST.search(heard):
            heard = heard[asked.end():]
            seen.append(asked[0])
            with suppress(BrokenPipeError):
                process.stdin.write(says(asked[1].decode()))
                process.stdin.flush()
    transport.close()


async def _until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(1000):
        if _listens(port):
            return
        if process.poll() is not None:
            break
        await asyncio.sleep(0.01)
    raise RuntimeError(f"openssl s_server did not start ({process.poll()}): {process.args}")


def _listens(port: int) -> bool:
    """Without a contact, as that would be served first."""
    return f":{port:04X} 00000000:0000 0A ".encode() in Path("/proc/net/tcp").read_bytes()
