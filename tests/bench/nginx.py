"""The real nginx on loopback over one folder, with autoindex and a log of what it was asked. Ended by its process id.

    with Nginx(root) as nginx: …             # nginx.port, nginx.asked()

Raises LookupError where nginx is not installed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tests.ports import free

ADDRESS = "127.0.0.1"
_PATH = os.environ.get("PATH", "") + ":/usr/sbin"
_LINE = re.compile(r"(\d{3}) (\S+) (\S+)")
_CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
worker_processes 2;
{user}
events {{ worker_connections 1024; }}
http {{
  log_format asked '$status $request_method $request_uri';
  access_log {folder}/access.log asked buffer=64k flush=1s;
  keepalive_timeout 0;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen {address}:{port} backlog=1024;
    root {root};
    autoindex on;
  }}
}}
"""


class Nginx:
    """One server, for as long as the context lasts; its log can be read afterwards as well."""

    def __init__(self, root: Path) -> None:
        nginx = shutil.which("nginx", path=_PATH)
        if nginx is None:
            raise LookupError("nginx is not installed")
        self.port = free()
        self._log = ""
        self._nginx, self._root = nginx, root

    def __enter__(self) -> Nginx:
        self._folder = tempfile.TemporaryDirectory(prefix="nginx-")
        folder = Path(self._folder.name)
        folder.chmod(0o755)                  # its workers may run as somebody else
        user = "user root;" if os.geteuid() == 0 else ""
        config = folder / "nginx.conf"
        config.write_text(_CONFIG.format(folder=folder, port=self.port, address=ADDRESS, root=self._root, user=user))
        command = [self._nginx, "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")]
        self._process = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self._stop()

    def asked(self) -> Counter[tuple[str, str]]:
        """(verb, raw path) -> how often. Whole only after the context has ended."""
        return Counter((verb, path) for _, verb, path in _LINE.findall(self._log))

    def _wait(self) -> None:
        for _ in range(200):
            if self._process.poll() is not None:
                raise RuntimeError(f"nginx ended with {self._process.returncode}")
            with suppress(OSError), socket.create_connection((ADDRESS, self.port), 1):
                return
            time.sleep(0.05)
        raise RuntimeError("nginx does not listen")

    def _stop(self) -> None:
        for told in (signal.SIGQUIT, signal.SIGKILL):            # its own session: nobody else is in it
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, told)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
                break
        log = Path(self._folder.name) / "access.log"
        self._log = log.read_text(errors="surrogateescape") if log.exists() else ""
        self._folder.cleanup()
