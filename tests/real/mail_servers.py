"""Dovecot on loopback, in the forms that a stranger may meet, and a mail store that it serves.

A client at the server's own address counts as secured for Dovecot, whatever is set: so it listens at 127.0.0.2,
where clients come from 127.0.0.1.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from installed import required

from tests.ports import free

ADDRESS = "127.0.0.2"
_UP = 60.0                                # seconds
_MODULES = ("/usr/lib/dovecot/imap-login", "/usr/lib/dovecot/pop3-login")
_FOLDER = 0o755

PLAIN = "ssl = no\ndisable_plaintext_auth = no\nauth_mechanisms = plain login\n"
OPTIONAL = "ssl = yes\ndisable_plaintext_auth = no\nauth_mechanisms = plain\n"
TLS_ONLY = "ssl = required\ndisable_plaintext_auth = yes\nauth_mechanisms = plain\n"
ANONYMOUS = "ssl = no\ndisable_plaintext_auth = no\nauth_mechanisms = plain anonymous\n"
ANONYMOUS_AFTER_TLS = "ssl = required\ndisable_plaintext_auth = yes\nauth_mechanisms = plain anonymous\n"
NO_LIST_STATUS = ANONYMOUS + "imap_capability = IMAP4rev1 CHILDREN\n"


@dataclass(frozen=True, slots=True)
class Running:
    """A Dovecot that is up."""

    imap: int
    pop3: int
    imaps: int
    pop3s: int
    log: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> str:
        """End it and all that it started; its log, whole."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(10)
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def start(folder: Path, store: Path, settings: str) -> Running:
    """Start one with `settings`, serving the mail in `store`; files of its own in `folder`."""
    program = required("dovecot")
    for module in _MODULES:
        required(module)
    folder.mkdir(mode=_FOLDER)
    ports = dict(zip(("imap", "pop3", "imaps", "pop3s"), _free(4), strict=True))
    (folder / "dovecot.conf").write_text(_configuration(folder, store, settings, ports))
    log = folder / "dovecot.log"
    with (folder / "stderr").open("wb") as told:
        process = subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=told, start_new_session=True)
    running = Running(**ports, log=log, process=process)
    if not _is_up(running):
        said = running.stop()
        pytest.fail(f"dovecot did not come up: {(folder / 'stderr').read_text(errors='replace')}{said}"[-1500:])
    return running


def certificate(folder: Path) -> None:
    """A key and a certificate of its own."""
    subprocess.run([required("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=mail.example.org", "-keyout", folder / "key", "-out", folder / "certificate"],
                   check=True, capture_output=True)


def mail_store(folder: Path, boxes: dict[str, list[int]]) -> None:
    """A Maildir below `folder`, a mailbox each, with a message of each size: mode 000, sparse, nobody can read them."""
    for name, sizes in boxes.items():
        box = folder / "Maildir" / ("" if name == "INBOX" else name)
        for part in ("cur", "new", "tmp"):
            (box / part).mkdir(parents=True, mode=_FOLDER)
        for number, size in enumerate(sizes):
            message = box / "cur" / f"155047861{number % 10}.M{number}P1.mail.example.org,S={size},W={size}:2,S"
            with message.open("wb") as file:
                file.truncate(size)
            message.chmod(0)
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "nobody", "nogroup")


def _free(count: int) -> list[int]:
    ports = set[int]()
    while len(ports) < count:
        ports.add(free(ADDRESS))
    return list(ports)


def _configuration(folder: Path, store: Path, settings: str, ports: dict[str, int]) -> str:
    root = os.geteuid() == 0
    own = pwd.getpwuid(os.geteuid()).pw_name
    login, inside, user = ("dovenull", "dovecot", "nobody") if root else (own, own, own)
    who = pwd.getpwnam(user)
    tls = "ssl = no" not in settings
    listeners = "\n".join(
        f"service {name}-login {{\n  chroot =\n"
        f"  inet_listener {name} {{\n    address = {ADDRESS}\n    port = {ports[name]}\n  }}\n"
        f"  inet_listener {name}s {{\n    address = {ADDRESS}\n    port = {ports[name + 's'] if tls else 0}\n"
        f"    ssl = yes\n  }}\n}}" for name in ("imap", "pop3"))
    return f"""{settings}
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap pop3
listen = {ADDRESS}
default_login_user = {login}
default_internal_user = {inside}
default_internal_group = {pwd.getpwnam(inside).pw_name if root else ""}
ssl_cert = <{folder.parent}/certificate
ssl_key = <{folder.parent}/key
auth_anonymous_username = nobody
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{store}/Maildir:LAYOUT=fs
mail_log_prefix = "%s(%u): "
namespace {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = passwd-file
  args = {folder}/nobody
}}
userdb {{
  driver = static
  args = uid={who.pw_uid} gid={who.pw_gid} home={store}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
{listeners}
"""


def _is_up(running: Running) -> bool:
    end = time.monotonic() + _UP
    while time.monotonic() < end and running.process.poll() is None:
        if _greets(running.imap) and _greets(running.pop3):
            return True
        time.sleep(0.05)
    return False


def _greets(port: int) -> bool:
    try:
        with socket.create_connection((ADDRESS, port), 1) as sock:
            sock.settimeout(5)
            return bool(sock.recv(1))
    except OSError:
        return False
