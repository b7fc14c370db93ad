"""Stores counted by a real `Folder` with the real signatures, for judging."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

from scanner.assess import findings
from scanner.census import Census, Folder, PartCount, PartKey, PeopleCount, StoreSeen
from scanner.census.sketch import Distinct, Hashing
from scanner.model import Access, Batch, Certainty, DoorSeen, Endpoint, Evidence, Finding, Owner, Setting, Vantage
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
    access: Access = Access.ANONYMOUS,
    protocol: str = "http",
) -> DoorSeen:
    scheme = None if protocol == "http" else protocol
    there = Endpoint(address=ip_address(address), port=port, host=host, tls=tls, scheme=scheme)
    return DoorSeen(
        endpoint=there,
        protocol=protocol,
        access=access,
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


def census(
    *kinds: str,
    files: int = 60,
    last: int | None = NOW - 30 * DAY,
    inflow: Mapping[int, int] | None = None,
    people: Mapping[str, int] | None = None,
    context: Sequence[str] = (),
    words: Mapping[str, Sequence[str]] | None = None,
    certainty: Certainty = Certainty.CERTAIN,
    identifier: str = "",
) -> Census:
    """Without a folder: `files` of each of `kinds`. `inflow`: days before now -> files; `people`: kind -> distinct."""
    days = {NOW // DAY - age: count for age, count in (inflow or {}).items()}
    found = {group: frozenset(listed) for group, listed in (words or {}).items()}
    seen = {kind: PeopleCount(count, _distinct(count), Certainty.CERTAIN) for kind, count in (people or {}).items()}
    return Census(
        files=files * len(kinds), kinds={kind: [files, 0] for kind in kinds}, last=last, first=last, days=days,
        timed=sum(days.values()), people=seen, words=found,
        parts={PartKey(kind, identifier, certainty, tuple(context)): PartCount(files=files, path=("x",), words=found)
               for kind in kinds})


def _distinct(count: int) -> Distinct:
    found = Distinct()
    found.add([b"%d" % i for i in range(count)], Hashing(KEY))
    return found


def judged(*stores: StoreSeen, knowledge: Knowledge | None = None) -> tuple[Finding, ...]:
    return findings(stores, knowledge or known())


def calls(count: int, first: int = 0) -> list[str]:
    """Names that tell nothing of anybody."""
    return [f"call-{first + i:05}.wav" for i in range(count)]


FICTION = ("07017406{:02}", "08465004{:02}", "03139006{:02}", "04062804{:02}", "09803192{:02}")


def numbers(count: int) -> list[str]:
    """Names that are Swedish telephone numbers of fiction, at most 475; one after the other would be a counter."""
    return [f"{FICTION[i % 5].format(5 + (i // 5 * 37) % 95)}.mp3" for i in range(count)]
