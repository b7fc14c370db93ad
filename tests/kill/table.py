"""Many lives until there were enough kills, and what came of them as a table."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.kill.life import STATES, Life, calm, live, moments
from tests.kill.runs import Begin
from tests.kill.worlds import Making

ROW = "{:6} {:>9} {:>15} {:>7} {:>10} {:>16} {:>6} {:>14} {:>14} {:>11} {:>11}"

_LEAST = 5                               # kills of a life that has all of its stages


@dataclass(slots=True)
class Sum:
    """Of all lives over one protocol."""

    name: str
    lives: list[Life] = field(default_factory=list)

    @property
    def kills(self) -> Counter[str]:
        """State -> how often a scan was killed in it."""
        return sum((life.kills for life in self.lives), Counter[str]())

    @property
    def wrong(self) -> list[str]:
        """Whatever an undisturbed scan would not have had."""
        told = [text for life in self.lives for text in life.wrong]
        for life in self.lives:
            told += [f"{how}: {one}" for how, one in life.differences if one.lost or one.twice or one.other]
        return told

    @property
    def row(self) -> str:
        """For the table."""
        all_of = [one for life in self.lives for _, one in life.differences]
        kills = self.kills
        return ROW.format(self.name, *(kills[state] for state in STATES), kills.total(),
                          *(sum(getattr(one, what) for one in all_of) for what in ("lost", "twice", "files_lost",
                                                                                   "files_twice")))


def head() -> str:
    """The words above the rows."""
    return ROW.format("over", *STATES, "kills", "findings lost", "findings twice", "files lost", "files twice")


async def killed(name: str, making: Making, begin: Begin, folder: Path, *, kills: int, a_life: int, seed: int,
                 states: Collection[str] = (), tell: Callable[[str], None] = lambda _: None) -> Sum:
    """Scan undisturbed once; then live until there were so many kills, and one in each of these states; at most
    `a_life` to one life.
    """
    drawn, total = random.Random(seed), Sum(name)
    async with making() as world:
        before = await calm(world, begin, _made(folder / "calm"))
        assert sorted(world.files) == sorted(one["store"]["files"] for one in before.report["findings"])
        while (left := kills - total.kills.total()) > 0 or set(states) - total.kills.keys():
            asked = world.asked()
            planned = moments(drawn, min(a_life, max(_LEAST, left)))
            total.lives.append(await live(world, begin, before, planned, _made(folder / str(len(total.lives)))))
            assert world.asked() - asked >= before.asked     # it was disturbed indeed
            tell(f"{name}: {total.kills.total()} of {kills} kills, {len(total.wrong)} complaints")
    return total


def told(sums: Sequence[Sum]) -> str:
    """The table, and every complaint below it."""
    return "\n".join([head(), *(one.row for one in sums), *(f"UNEXPECTED {one.name}: {text}" for one in sums
                                                            for text in one.wrong)])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
