"""The corpus: directories of every product, region and size, dated 2013 to 2027, with their truth, from one seed.

It is written from the products' documentation and from the rules of those who issue numbers. It must not know how the
reader under test works: what is changed here needs a reason from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.digits.callers import REGIONS
from tests.digits.ordinary import ORDINARY
from tests.digits.papers import PAPERS, Paper
from tests.digits.recorders import RECORDERS
from tests.digits.scene import DAY, Call, Scene, moments, stamp
from tests.digits.silent import SILENT, TIMES, timed
from tests.digits.truth import Directory, Row, Said

SIZES = (1, 3, 5, 8, 8, *(12, 20, 30) * 8, 300)   # files of a directory
PAPERS_EACH = (1, 3, 5, 8, 8, 12, 20, 30, 300)
NAMED = 2                                    # of each recorder in each region


def directories(seed: int) -> Iterator[Directory]:
    """All of them, in an order that follows from the seed."""
    for region in REGIONS:
        rng = Random(f"{seed} {region}")
        for product in RECORDERS:
            for _ in range(NAMED):
                yield recorded(_scene(rng, region), product)
        for product in SILENT:
            yield silent(_scene(rng, region), product)
        for form in TIMES:
            yield _plain(_scene(rng, region, least=3), f"time-{form}", "/files/", form=TIMES[form])
        for product in ORDINARY:
            yield ordinary(_scene(rng, region, least=5), product)
        yield from _mixed(rng, region)
    for paper in PAPERS:
        rng = Random(f"{seed} {paper.product}")
        for size in PAPERS_EACH:
            yield papers(_scene(rng, paper.region, size=size), paper)


def recorded(scene: Scene, product: str) -> Directory:
    """A recorder's directory: the other side's number is a person's, where it is shown."""
    write, path = RECORDERS[product]
    calls = scene.calls(one_way=_one_way(scene, product))
    return _listed(scene, product, path, [_spoken(write(call, scene.rng), call) for call in calls])


def _spoken(name: str, call: Call) -> Row:
    """A name with its column: the words that the template has before the number, as `in` and `out` are two fields."""
    before = re.sub("[0-9]+", "0", name.partition(call.number)[0].replace(call.contact, ""))
    return Row(name, call.moment, tuple(replace(said, column=before.rstrip("+")) for said in call.said))


def silent(scene: Scene, product: str) -> Directory:
    """A recorder's or a camera's directory that names nobody; one's own number shows only among several files."""
    write, path = SILENT[product]
    calls = [*scene.calls()]
    if len(calls) < 5 and "own" in product:
        return silent(_scene(scene.rng, scene.region, least=5), product)
    return _listed(scene, product, path, [Row(write(call, scene), call.moment) for call in calls])


def ordinary(scene: Scene, product: str) -> Directory:
    """A folder of everyday work that names nobody."""
    rows = [Row(name, moment) for name, moment in zip(ORDINARY[product](scene), scene.moments, strict=True)]
    return _listed(scene, product, "/files/", rows)


def papers(scene: Scene, paper: Paper) -> Directory:
    """Documents named by people: some people have several."""
    people = [paper.draw(scene.rng) for _ in range(max(1, round(len(scene.moments) * scene.rng.uniform(0.6, 1.2))))]
    rows = []
    for i, moment in enumerate(scene.moments):
        who = scene.rng.choice(people)
        rows.append(Row(paper.name(who, i), moment, (Said("patient", paper.kind, who),) if paper.kind else ()))
    return _listed(scene, paper.product, paper.path, rows)


def _mixed(rng: Random, region: str) -> Iterator[Directory]:
    """People beside none: two products in one directory, each with its own truth."""
    for product in ("freepbx-q", "number-only", "vicidial", "samsung", "3cx"):
        for other in (silent(_scene(rng, region, size=30), rng.choice([*SILENT])),
                      ordinary(_scene(rng, region, size=30), rng.choice([*ORDINARY])),
                      _plain(_scene(rng, region, size=30), "times", "/", form=rng.choice([*TIMES.values()]))):
            first = recorded(_scene(rng, region, size=30), product)
            scene = Scene(rng, region, [])
            yield _listed(scene, f"{product}+{other.product}", first.path, [*first.rows, *other.rows])
    for paper in PAPERS:
        if paper.region == region:
            other = ordinary(_scene(rng, region, size=30), rng.choice([*ORDINARY]))
            first = papers(_scene(rng, region, size=30), paper)
            yield _listed(Scene(rng, region, []), f"{paper.product}+{other.product}", first.path,
                          [*first.rows, *other.rows])


def _plain(scene: Scene, product: str, path: str, *, form: str) -> Directory:
    return _listed(scene, product, path, [Row(name, moment) for name, moment in
                                          zip(timed(scene, form), scene.moments, strict=True)])


def _listed(scene: Scene, product: str, path: str, rows: list[Row]) -> Directory:
    """As a listing shows it: a name once, ordered by name, with true times, a copy's, or none."""
    once = {row.name: row for row in rows}
    rows = sorted(once.values(), key=lambda row: row.name)
    manner = scene.rng.random()
    if manner < 0.2:
        times = None
    elif manner < 0.35:
        copied = max(row.moment for row in rows) + scene.rng.randrange(DAY, 20 * DAY)
        times = tuple(copied + i // 20 for i in range(len(rows)))
    else:
        times = tuple(row.moment + scene.rng.randrange(10, 900) for row in rows)
    return Directory(product, scene.region, _of_day(path, rows), tuple(rows), times)


def _of_day(path: str, rows: list[Row]) -> str:
    """A folder is named by the day where all files are of one; else the tree above it."""
    days = {stamp(row.moment, path) for row in rows}
    return days.pop() if len(days) == 1 else path.partition("%")[0]


def _scene(rng: Random, region: str, *, size: int | None = None, least: int = 1) -> Scene:
    count = size or rng.choice([n for n in SIZES if n >= least])
    return Scene(rng, region, moments(rng, count))


def _one_way(scene: Scene, product: str) -> bool | None:
    """Most directories of one template hold one direction; some both."""
    if product.endswith("-in"):
        return True
    return scene.rng.choice((True, True, False, None))
