"""File servers that mean harm, as the tests of whole scans list them, for the table: FTP, SMB, rsync and NFS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from tests.hostile.behaviour import Behaviour, Host, Hosting
from tests.probes.rsync.rsync_served import served
from tests.scan.test_hostile_file_servers import FTP, NFS4, QUICK, RSYNC, SMALL, SMB, host

Started = Callable[[], AbstractAsyncContextManager[Any]]

EXACT = {                                # where those tests leave more than one end open
    "M-01 hangs up on SMB 2": {"timeout"}, "M-05 connects to nothing": {"forbidden"},
    "M-06 a message of 16 MiB": {"protocol"}, "M-08 the same page for ever": {"found", "protocol"},
    "M-11 pending for ever": {"timeout"}, "R-01 a welcome without end": {"cut"}, "R-02 no line end": {"protocol"},
    "R-05 a version that is none": {"server-error"}, "R-06 breaks off in the list": {"protocol"},
    "R-08 a list unasked": {"reset"}, "N-07 hangs up": {"timeout"},
}


def hosting(scheme: str, started: Started) -> Hosting:
    """A server of that protocol at one port of loopback; it judges what it was told by itself."""
    @asynccontextmanager
    async def made() -> AsyncIterator[Host]:
        async with started() as server:
            port = server if isinstance(server, int) else server.port
            ports = {port, getattr(server, "data_port", port)}
            yield Host(targets=(f"{scheme}://127.0.0.1:{port}/",), doors=frozenset({("127.0.0.1", port)}),
                       also=frozenset(("127.0.0.1", one) for one in ports), unfit=lambda _: None,
                       session={"limits": QUICK, "profile": SMALL})
    return made


def rows(scheme: str, table: Iterable[tuple[str, Started, set[str]]]) -> list[Behaviour]:
    """A table of these tests; `F-01 a greeting without end` is an id and a title."""
    return [Behaviour(*title.split(" ", 1), frozenset(EXACT.get(title, ends)),
                      hosting(scheme, started)) for title, started, ends in table]


BEHAVIOURS = [
    *rows("ftp", FTP),
    *rows("smb", SMB),
    *rows("rsync", [(title, lambda serve=serve: served(serve), ends) for title, serve, ends in RSYNC]),
    *rows("nfs", [(title, lambda made=made: host(made), ends) for title, made, ends in NFS4 if title[:2] == "N-"]),
]
