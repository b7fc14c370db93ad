"""Stores counted by a real `Folder` with the real signatures, for judging."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

from scanner.assess import findings
from scanner.census import Census, Folder, StoreSeen
from scanner.model import Access, Batch, DoorSeen, Endpoint, Evidence, Finding, Owner, Setting, Vantage
from scanner.signature import Knowledge, load

KEY = b"k" * 32
NOW = int(datetime(2019, 2, 18, 9, tzinfo=UTC).timestamp())
DAY = 86_400


@functools.cache
def known() -> Knowledge:
    return load()


def counted(
    tree: Mapping[str, Sequence[str]],
    *,
    regions: Sequence[str] = ("SE",),
    cut_by: str | None = None,
    newest: int = NOW - 30 * DAY,
    days: int = 0,
    size: int = 200_000,
) -> Census:
    """`tree`: folder -> file names. The first file is `days` older than the others."""
    census = Census()
    for path, names in tree.items():
        folder = Folder(known(), regions=tuple(regions), key=KEY, path=path, now=NOW)
        times = [newest - days * DAY, *[newest] * (len(names) - 1)]
        folder.add(Batch(names=[name.encode() for name in names], sizes=[size] * len(names), times=times))
        census = census.merge(folder.close(complete=cut_by is None, cut_by=cut_by))
    return census


def door(
    *,
    address: str = "192.0.2.7",
    port: int = 80,
    host: str | None = None,
    root: str = "/",
    tls: bool = False,
    facts: Mapping[str, str] | None = None,
    context: Sequence[str] = (),
    vantage: Vantage = Vantage.INTERNET,
    regions: Sequence[str] = ("SE",),
    controller: str | None = None,
    signatures: Sequence[str] = (),
) -> DoorSeen:
    there = Endpoint(address=ip_address(address), port=port, host=host, tls=tls)
    return DoorSeen(
        endpoint=there,
        protocol="http",
        access=Access.ANONYMOUS,
        root=root,
        facts=facts or {},
        signatures=tuple(signatures),
        evidence=(Evidence(url=there.url(root), fact="listed"),),
        seen_at=datetime(2026, 11, 21, tzinfo=UTC),
        server_time=datetime.fromtimestamp(NOW, UTC),
        target=address,
        setting=Setting(
            owner=Owner(controller=controller), context=tuple(context), vantage=vantage, regions=tuple(regions)
        ),
    )


def store(tree: Mapping[str, Sequence[str]] | Census, *doors: DoorSeen) -> StoreSeen:
    census = tree if isinstance(tree, Census) else counted(tree, regions=(doors or (door(),))[0].setting.regions)
    return StoreSeen(doors=doors or (door(),), census=census)


def judged(*stores: StoreSeen, knowledge: Knowledge | None = None) -> tuple[Finding, ...]:
    return findings(stores, knowledge or known())


def calls(count: int, first: int = 0) -> list[str]:
    """Names that tell nothing of anybody."""
    return [f"call-{first + i:05}.wav" for i in range(count)]


def numbers(count: int, first: int = 605) -> list[str]:
    """Names that are Swedish telephone numbers of fiction."""
    return [f"0701740{first + i:03}.mp3" for i in range(count)]
