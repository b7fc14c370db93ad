"""What is looked at: a small listing at every loopback address, by nginx, or by Python where there is no nginx.

    with Serving(port, cores) as by: …          # `by` says who serves

Runs in a process session of its own, on the given cores, and is ended by its process id.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType

FILES = 60                                   # rows of the page: about six kilobytes
_PATH = os.environ.get("PATH", "") + ":/usr/sbin"
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
worker_processes {workers};
worker_rlimit_nofile 16384;
{user}
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_timeout 0;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen {port} backlog=4096;
    allow 127.0.0.0/8; deny all;
    root {folder}/files;
    autoindex on;
  }}
}}
"""


class Serving:
    """The servers, for as long as the context lasts."""

    def __init__(self, port: int, cores: Sequence[int]) -> None:
        self._port = port
        self._cores = list(cores)

    def __enter__(self) -> str:
        self._folder = tempfile.TemporaryDirectory(prefix="looks-")
        folder = Path(self._folder.name)
        folder.chmod(0o755)                                      # nginx's workers may run as somebody else
        (folder / "files").mkdir()
        for i in range(FILES):
            (folder / "files" / f"call-{i:04d}.wav").touch()
        nginx = None if os.environ.get("EARSHOT_BENCH_SERVER") == "python" else shutil.which("nginx", path=_PATH)
        command = self._nginx(nginx, folder) if nginx else self._python()
        self._process = subprocess.Popen(pinned(self._cores, command), start_new_session=True, stdin=subprocess.DEVNULL)
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return f"nginx on {len(self._cores)} cores" if nginx else f"Python on {len(self._cores)} cores (no nginx here)"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _nginx(self, nginx: str, folder: Path) -> list[str]:
        user = "user root;" if os.geteuid() == 0 else ""
        config = _NGINX.format(folder=folder, port=self._port, workers=len(self._cores), user=user)
        (folder / "nginx.conf").write_text(config)
        return [nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]

    def _python(self) -> list[str]:
        return [sys.executable, "-m", "tests.bench.serving", str(self._port), str(len(self._cores))]

    def _wait(self) -> None:
        for _ in range(200):
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with {self._process.returncode}")
            try:
                socket.create_connection(("127.1.0.1", self._port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the server does not listen")

    def _stop(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)         # its own session: nobody else is in it
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self._folder.cleanup()


def pinned(cores: Sequence[int], command: Sequence[str]) -> list[str]:
    """The command, so that it runs on these cores where the system can pin."""
    if not hasattr(os, "sched_setaffinity"):
        return list(command)
    code = f"import os, sys; os.sched_setaffinity(0, {set(cores)}); os.execvp(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", code, *command]


class _Page(asyncio.Protocol):
    """Answers each request with one page and closes; strangers with nothing."""

    PAGE = b"<html><head><title>Index of /</title></head><body><h1>Index of /</h1><pre>\n" + b"".join(
        b'<a href="call-%04d.wav">call-%04d.wav</a>%45s12-Apr-2013 06:12%20d\n' % (i, i, b"", 0) for i in range(FILES)
    ) + b"</pre></body></html>\n"
    HEADER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not ip_address(transport.get_extra_info("peername")[0]).is_loopback:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._transport.write(self.HEADER % len(self.PAGE) + self.PAGE)
        self._transport.close()


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Page, "0.0.0.0", port, reuse_port=True, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    for _ in range(int(sys.argv[2]) - 1):
        if os.fork() == 0:
            break
    asyncio.run(_serve(int(sys.argv[1])))
