"""File servers for a measure: one folder over FTP, SMB, NFS or rsync, on loopback or in a namespace of its own.

    with SHARES["rsync"](folder, root) as shared: …          # LookupError says what is missing

Each is a process session of its own, ended by its id. Started by root they serve as nobody.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free
from tests.real.installed import LIBRARIES, program
from tests.samba import end_helpers

ADDRESS = "127.0.0.1"
_UP, _DOWN = 20.0, 5.0                       # seconds to come up, and to end when asked kindly
_ROOT = os.geteuid() == 0
_SAMBA = """[global]
  server role = standalone server
  interfaces = {address}/8
  bind interfaces only = yes
  smb ports = {port}
  disable netbios = yes
  guest account = {user}
  map to guest = Bad User
  private dir = {folder}
  lock directory = {folder}
  state directory = {folder}
  cache directory = {folder}
  pid directory = {folder}
  ncalrpc dir = {folder}/ncalrpc
  load printers = no
  disable spoolss = yes
  mangled names = no
[calls]
  path = {root}
  guest ok = yes
"""
_GANESHA = """NFS_CORE_PARAM {{ NFS_Port = 2049; MNT_Port = 20048; Enable_NLM = false; Enable_RQUOTA = false;
  Protocols = 3, 4; mount_path_pseudo = true; fsid_device = true; }}
NFSV4 {{ Graceless = true; RecoveryRoot = "{folder}"; }}
EXPORT {{ Export_Id = 77; Path = "{root}"; Pseudo = "/calls"; Access_Type = RO; Squash = All_Squash;
  SecType = sys, none; PrivilegedPort = false; Disable_ACL = true; FSAL {{ Name = VFS; }} }}
"""
_INSIDE = """ip link set lo up && mount -t tmpfs none /run || exit
rpcbind -f & until [ -S /run/rpcbind.sock ]; do sleep 0.1; done
exec ganesha.nfsd -F -L {folder}/log -f {folder}/conf -p {folder}/pid"""   # rpcbind: its lock is in /run; ends with us
_VSFTPD = """listen=YES
listen_address={address}
listen_port={port}
anonymous_enable=YES
no_anon_password=YES
anon_root={root}
ftp_username={user}
secure_chroot_dir={folder}/empty
seccomp_sandbox=NO
pasv_address={address}
connect_from_port_20=NO
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """A server that is up, and whoever usually lists it."""

    protocol: str                            # name of the probe
    server: str
    port: int
    usual: Sequence[str]                     # a command that prints a line or so an entry
    inside: Sequence[str] = ()               # what a client's command begins with


@contextmanager
def rsync(folder: Path, root: Path) -> Iterator[Shared]:
    """rsync --daemon, beside the rsync client."""
    path, port, config = program("rsync"), free(), folder / "conf"
    config.write_text(
        f"address = {ADDRESS}\nport = {port}\nuse chroot = no\nlog file = {folder}/log\n"
        + ("uid = nobody\ngid = nogroup\n" if _ROOT else "") + f"[calls]\npath = {root}\n")
    with _up([path, "--daemon", "--no-detach", f"--config={config}"], port):
        yield Shared("rsync", "rsync", port, [path, f"rsync://{ADDRESS}:{port}/calls/"])


@contextmanager
def smb(folder: Path, root: Path) -> Iterator[Shared]:
    """Samba, beside smbclient."""
    path, port, config = program("smbd"), free(), folder / "conf"
    user = "nobody" if _ROOT else getpass.getuser()
    config.write_text(_SAMBA.format(address=ADDRESS, port=port, user=user, folder=folder, root=root))
    try:
        with _up([path, "-F", "--no-process-group", "-s", str(config)], port):
            usual = ["smbclient", "-s", str(config), "-N", "-p", str(port), f"//{ADDRESS}/calls", "-c", "ls"]
            yield Shared("smb", "samba", port, _usual(usual, root))
    finally:
        end_helpers(config)


@contextmanager
def ftp(folder: Path, root: Path) -> Iterator[Shared]:
    """vsftpd or pyftpdlib, beside curl, which takes no row apart."""
    port, config = free(), folder / "conf"
    name = _first("debian:vsftpd", "vsftpd", "pypi:ftpbench")
    if name.endswith("vsftpd"):
        (folder / "empty").mkdir(mode=0o755)
        user = "daemon" if _ROOT else getpass.getuser()      # one whose home is there
        config.write_text(_VSFTPD.format(address=ADDRESS, port=port, folder=folder, root=root, user=user)
                          + ("" if _ROOT else f"run_as_launching_user=YES\nnopriv_user={user}\n"))
        command = [program(name), str(config)]
    else:
        command = [str(Path(program(name)).with_name("python")), "-m", "pyftpdlib", "-i", ADDRESS, "-p", str(port),
                   "-d", str(root)]
    with _up(command, port):
        yield Shared("ftp", "vsftpd" if name.endswith("vsftpd") else "pyftpdlib", port,
                     _usual(["curl", "-sS", f"ftp://{ADDRESS}:{port}/"], root))


@contextmanager
def nfs(folder: Path, root: Path) -> Iterator[Shared]:
    """nfs-ganesha in a network namespace, as it binds every address; beside a plain walk of the folder itself."""
    for needed in ("ganesha.nfsd", "rpcbind", "ip", "unshare", "nsenter"):
        program(needed)
    if not _ROOT:
        raise LookupError("nfs-ganesha needs root")
    (folder / "conf").write_text(_GANESHA.format(folder=folder, root=root))
    with _up(["unshare", "-n", "-m", "sh", "-c", _INSIDE.format(folder=folder)], 2049, inside=True) as process:
        yield Shared("nfs", "nfs-ganesha", 2049, _walk(root), ["nsenter", "-t", str(process.pid), "-n"])


SHARES: Mapping[str, Callable[[Path, Path], AbstractContextManager[Shared]]] = {
    "ftp": ftp, "smb": smb, "nfs": nfs, "rsync": rsync}


def _first(*names: str) -> str:
    """The first of these programs that is there."""
    for name in names:
        with suppress(LookupError):
            program(name)
            return name
    raise LookupError(f"none of {', '.join(names)} is installed")


def _usual(command: list[str], root: Path) -> list[str]:
    """Who usually lists it; a plain walk of the folder itself where that program is missing."""
    return command if shutil.which(command[0]) else _walk(root)


def _walk(root: Path) -> list[str]:
    script = "import os, sys\nfor entry in os.scandir(sys.argv[1]): print(entry.name, entry.stat().st_size)"
    return [sys.executable, "-c", script, str(root)]


@contextmanager
def folder_for(name: str, above: Path) -> Iterator[Path]:
    """A new folder that a server may write to."""
    folder = above / name
    folder.mkdir(mode=0o755)
    if _ROOT and name == "rsync":            # it opens its log once it has given its rights away
        shutil.chown(folder, "nobody")
    yield folder


@contextmanager
def _up(command: Sequence[str], port: int, *, inside: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, env={**os.environ, "LD_LIBRARY_PATH": str(LIBRARIES)})
    try:
        until = time.monotonic() + _UP
        while not (_listens_inside(process.pid, port) if inside else _listens(port)):
            if process.poll() is not None or time.monotonic() > until:
                raise LookupError(f"{Path(command[0]).name} does not come up")
            time.sleep(0.1)
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for told in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, told)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_DOWN)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection((ADDRESS, port), 1):
        return True
    return False


def _listens_inside(process: int, port: int) -> bool:
    """By its own table of sockets: state 0A is LISTEN (proc(5))."""
    rows = [row.split() for table in ("tcp", "tcp6") for row in _lines(Path(f"/proc/{process}/net/{table}"))]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows if len(row) > 3)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return []
