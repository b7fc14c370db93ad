"""Real FTP servers on loopback: each open, wanting a login, and closed; some over TLS. Only what was started is ended.

    with serving("vsftpd-open", root, ground) as server: server.port, server.commands()

They give up root's rights themselves, so only root can start most of them. pure-ftpd serves the home of the user ftp:
it is shown a list of users of its own, in a mount namespace.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import FRAMES
from installed import LIBRARIES, SERVERS, UNPACKED, required
from servers import ADDRESS, end

from tests.ports import free

OPEN, LOGIN, CLOSED = "open", "login", "closed"
_COMMAND = {
    "vsftpd": re.compile(r'FTP command: Client "[^"]*", "(.*)"$', re.MULTILINE),
    "proftpd": re.compile(r"^(\S.*)$", re.MULTILINE),
    "pyftpdlib": re.compile(r"<- (.*)$", re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Server:
    """One that is up."""

    product: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def commands(self) -> list[str]:
        """What it was told, by its own log; pure-ftpd writes down transfers only."""
        log = self.folder / "commands.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        told = _COMMAND[self.product].findall(text) if self.product in _COMMAND else []
        return [line.replace("OPTS_", "OPTS ") for line in told]         # as pyftpdlib calls it inside


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one is started."""

    product: str
    kind: str
    settings: str = ""                       # lines of its configuration, or words of its command line
    tls: str = ""                            # required or implicit


_VS_TLS = ("ssl_enable=YES\nallow_anon_ssl=YES\nforce_anon_logins_ssl=YES\nforce_anon_data_ssl=YES\n"
           "require_ssl_reuse=YES\nrsa_cert_file=@PLACE@/cert.pem\nrsa_private_key_file=@PLACE@/key.pem\n")
_VS_OPEN = "anonymous_enable=YES\nlocal_enable=NO\n"
_PRO_OPEN = ("<Anonymous @ROOT@>\n  User nobody\n  Group nogroup\n  UserAlias anonymous nobody\n"
             "  RequireValidShell off\n</Anonymous>\n")
_PRO_TLS = ("LoadModule mod_tls.c\nTLSEngine on\nTLSRequired on\nTLSProtocol TLSv1.2 TLSv1.3\n"
            "TLSRSACertificateFile @PLACE@/cert.pem\nTLSRSACertificateKeyFile @PLACE@/key.pem\n")

RECIPES: Mapping[str, Recipe] = {
    "vsftpd-open": Recipe("vsftpd", OPEN, _VS_OPEN),
    "vsftpd-xferlog": Recipe("vsftpd", "xferlog", f"{_VS_OPEN}log_ftp_protocol=NO\nxferlog_std_format=YES\n"
                             "xferlog_file=@PLACE@/xferlog\n"),
    "vsftpd-login": Recipe("vsftpd", LOGIN, "anonymous_enable=NO\nlocal_enable=YES\n"),
    "vsftpd-closed": Recipe("vsftpd", CLOSED, "anonymous_enable=NO\nlocal_enable=NO\n"),
    "vsftpd-tls": Recipe("vsftpd", OPEN, _VS_OPEN + _VS_TLS, "required"),
    "vsftpd-implicit": Recipe("vsftpd", OPEN, f"{_VS_OPEN}{_VS_TLS}implicit_ssl=YES\n", "implicit"),
    "proftpd-open": Recipe("proftpd", OPEN, _PRO_OPEN),
    "proftpd-login": Recipe("proftpd", LOGIN),
    "proftpd-closed": Recipe("proftpd", CLOSED, _PRO_OPEN.replace("</A", "<Limit DIRS>\n  DenyAll\n</Limit>\n</A")),
    "proftpd-tls": Recipe("proftpd", OPEN, _PRO_TLS + _PRO_OPEN, "required"),
    "pure-ftpd-open": Recipe("pure-ftpd", OPEN, "-e"),
    "pure-ftpd-login": Recipe("pure-ftpd", LOGIN, "-E"),
    "pure-ftpd-closed": Recipe("pure-ftpd", CLOSED, "-e"),      # with a folder that it may not read
    "pure-ftpd-tls": Recipe("pure-ftpd", OPEN, "-e -Y 2 -2 @PLACE@/both.pem", "required"),
    "pyftpdlib-open": Recipe("pyftpdlib", OPEN),
    "pyftpdlib-login": Recipe("pyftpdlib", LOGIN),
    "pyftpdlib-closed": Recipe("pyftpdlib", CLOSED),
    "pyftpdlib-tls": Recipe("pyftpdlib", OPEN, tls="required"),
}


@contextlib.contextmanager
def serving(name: str, root: Path, ground: Path) -> Iterator[Server]:
    """Start one on a free port of loopback, serving `root`."""
    recipe = RECIPES[name]
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=ground))
    folder.chmod(0o755)
    port = free(ADDRESS)
    if recipe.tls:
        certificate(folder)
    words = _WORDS[recipe.product](recipe, {"PLACE": str(folder), "ADDRESS": ADDRESS, "PORT": str(port),
                                            "ROOT": str(root), "MODULES": str(UNPACKED / "usr" / "lib" / "proftpd")})
    with (folder / "output.log").open("wb") as log, (folder / "errors.log").open("w+b") as said:
        process = subprocess.Popen(          # vsftpd writes its errors to file 0
            words, stdin=said if recipe.product == "vsftpd" else subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
            start_new_session=True, env={**os.environ, "LD_LIBRARY_PATH": str(LIBRARIES), "TZ": "UTC"})
    try:
        _wait(process, port, folder)
        yield Server(recipe.product, port, folder, process)
    finally:
        end(process)


def certificate(folder: Path) -> None:
    """`cert.pem`, `key.pem`, and both in `both.pem`."""
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=files.example.org -keyout key.pem -out cert.pem"
    subprocess.run([required("openssl"), *asked.split()], cwd=folder, check=True, capture_output=True)
    (folder / "both.pem").write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())


def _root_alone() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can start this FTP server: it gives its rights up itself")


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _written(name: str, recipe: Recipe, values: Mapping[str, str]) -> Path:
    frame = (FRAMES / name).read_text().replace("@SETTINGS@", recipe.settings)
    path = Path(values["PLACE"], name)
    path.write_text(_filled(frame, values))
    return path


def _vsftpd(recipe: Recipe, values: Mapping[str, str]) -> list[str]:
    _root_alone()
    Path(values["PLACE"], "empty").mkdir(mode=0o555)
    return [required("debian:vsftpd"), str(_written("vsftpd.conf", recipe, values))]


def _proftpd(recipe: Recipe, values: Mapping[str, str]) -> list[str]:
    _root_alone()
    user = f"nobody:x:65534:65534::{values['ROOT']}:/bin/false\n"
    for name, text in (("passwd", user), ("group", "nogroup:x:65534:\n")):
        there = Path(values["PLACE"], name)
        there.write_text(text)
        there.chmod(0o600)
    return [required("debian:proftpd"), "-n", "-c", str(_written("proftpd.conf", recipe, values))]


def _pure_ftpd(recipe: Recipe, values: Mapping[str, str]) -> list[str]:
    _root_alone()
    users = Path(values["PLACE"], "passwd")
    others = [line for line in Path("/etc/passwd").read_text().splitlines() if not line.startswith("ftp:")]
    users.write_text("\n".join([*others, f"ftp:x:65534:65534::{values['ROOT']}:/usr/sbin/nologin"]) + "\n")
    program = required("debian:pure-ftpd")
    wanted = _filled(f"{shlex.quote(program)} -4 -H -S @ADDRESS@,@PORT@ -c 40 -C 40 -g @PLACE@/pid "
                     f"-O clf:@PLACE@/transfers.log {recipe.settings}", values)
    script = f"mount --bind {shlex.quote(str(users))} /etc/passwd && exec {wanted}"
    return [required("unshare"), "-m", "sh", "-c", script]


def _pyftpdlib(recipe: Recipe, values: Mapping[str, str]) -> list[str]:
    python = SERVERS / "python" / "bin" / "python"
    required("pypi:ftpbench")                # comes with it
    return [str(python), str(FRAMES / "ftp_pyftpdlib.py"), values["ADDRESS"], values["PORT"], values["ROOT"],
            recipe.kind, "tls" if recipe.tls else "clear", values["PLACE"]]


_WORDS: Mapping[str, Callable[[Recipe, Mapping[str, str]], list[str]]] = {
    "vsftpd": _vsftpd, "proftpd": _proftpd, "pure-ftpd": _pure_ftpd, "pyftpdlib": _pyftpdlib}


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, port), 1):
            return
        time.sleep(0.02)
    said = "".join(log.read_text(errors="replace")[-800:] for log in sorted(folder.glob("*.log")))
    pytest.fail(f"{folder.name} did not come up: {said}", pytrace=False)
