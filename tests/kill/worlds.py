"""What is scanned while it is killed: a web server behind two doors, an FTP server, a store of three protocols."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.probes.rsync.rsync_lists import FOLDER, Put
from tests.probes.rsync.rsync_served import served
from tests.probes.rsync.test_rsync_scan import module
from tests.probes.smb.smb_server import QUERY, Scripted, folder, row
from tests.scan.ftp_tree import FtpTree
from tests.scan.sites import Hidden, Loop, Page, Site, Status, calls, place

MONTHS = [f"2018-{month:02}" for month in range(1, 13)]


@dataclass(frozen=True, slots=True)
class World:
    """Servers that run. `asked`: how many folders they were asked for so far; `files`: what is to be found in each."""

    targets: tuple[str, ...]
    asked: Callable[[], int]
    files: tuple[int, ...]


Making = Callable[[], AbstractAsyncContextManager[World]]


def tree(years: Sequence[int] = (2018, 2019)) -> dict[str, Any]:
    """Some hundred folders, and what may come between."""
    months = {
        f"{month:02}": {f"{day:02}": calls(3, first=month * 1000 + day * 10) for day in range(1, 16)}
        for month in range(1, 13)
    }
    odd = {"shut": Status(403), "broken": Status(500), "page": Page(), "self": Loop(), "notes.txt": 5}
    return Hidden({**{str(year): {name: dict(days) for name, days in months.items()} for year in years}, **odd},
                  {"calls": {"old": calls(7, first=90_000)}})


def web(years: Sequence[int] = (2018, 2019)) -> Making:
    """One tree behind two doors, which is one finding."""

    @asynccontextmanager
    async def making() -> AsyncIterator[World]:
        address, sites = place(), [Site(tree(years), delay=0.01) for _ in range(2)]
        for site, port in zip(sites, (8080, 8081), strict=True):
            await site.start(address, port)
        yield World((f"{address}:8080", f"{address}:8081"), lambda: sum(len(site.asked) for site in sites),
                    (540 * len(years) + 8,))
        for site in sites:
            await site.stop()
            site.judge()

    return making


def recordings(month: str, days: int = 3) -> dict[str, list[str]]:
    """Folder of a day -> its files."""
    return {f"{day:02}": [f"recording of the day {month}-{day:02} number {i}.wav" for i in range(4)]
            for day in range(1, days + 1)}


def ftp() -> FtpTree:
    """Folders of months and days; one that is shut, one that breaks."""
    months = {month: {day: dict.fromkeys(names, 480_044) for day, names in recordings(month).items()}
              for month in MONTHS}
    return FtpTree({"notes.txt": 5, **months, "shut": "550 not for you", "broken": "451 not now"}, delay=0.01)


@asynccontextmanager
async def files() -> AsyncIterator[World]:
    """The FTP server alone."""
    async with ftp() as server:
        yield World((f"ftp://127.0.0.1:{server.port}/",), lambda: server.told.count("LIST"), (145,))


def smb() -> Scripted:
    """Other files than over FTP, so that nothing is joined. Files in the root are what evidence quotes."""
    rows = {"": [row("notes.txt", 5), *(folder(month) for month in MONTHS)]}
    for month in MONTHS:
        days = recordings(month)
        rows[month] = [folder(day) for day in days]
        rows |= {f"{month}\\{day}": [row(f"talk {name}", 160_000) for name in names] for day, names in days.items()}
    return Scripted([("talks", 0, "Talks"), ("PRINT$", 1, "Drivers")], rows)


def puts() -> Sequence[Put]:
    """What the rsync server lists: again other files."""
    paths = [(f"{month}/{day}/{name}", name) for month in MONTHS for day, names in recordings(month).items()
             for name in names]
    folders = {path.rpartition("/")[0] for path, _ in paths} | set(MONTHS)
    listed = [Put(path.encode(), mode=FOLDER) for path in folders] + [
        Put(f"{path.rpartition('/')[0]}/third {name}".encode(), 320_000) for path, name in paths]
    return sorted(listed, key=lambda put: put.path)


@asynccontextmanager
async def nas() -> AsyncIterator[World]:
    """Three protocols, a server each."""
    async with ftp() as over_ftp, smb() as shares, served(module(puts())) as modules:
        targets = (f"ftp://127.0.0.1:{over_ftp.port}/", f"smb://127.0.0.1:{shares.port}/",
                   f"rsync://127.0.0.1:{modules.port}/")
        yield World(targets, lambda: over_ftp.told.count("LIST") + shares.commands().count(QUERY), (144, 145, 145))
