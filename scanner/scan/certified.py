"""The names in a door's certificate: those that the scope wrote are asked there as well, the others are only said.

A name opens no address: where is dialled is decided on the address, as always. Wildcards are never asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.filenames import mask
from scanner.model import Endpoint, Gap, Observation, Reason
from scanner.report.show import show
from scanner.scan.site import Site
from scanner.scope import Scope
from scanner.state import State

PROBE = "certificate"                    # what the gap says that it comes from
_WRITTEN_OUT = 3
_SHOWN = 80                              # characters of a name


async def keep(site: Site, there: Endpoint, seen: Observation) -> list[str]:
    """The names to be asked at this very address; on disk, as doors that wait, before any of them is asked."""
    named = seen.facts.get("http.names", "").split()
    wanted = [name for name in named if site.scope.decide_host(name).allowed]
    stranger = strangers(named, site.scope)
    if not named or not (wanted or stranger):
        return []

    def work(state: State) -> None:
        for name in wanted:
            state.door(site.scan.id, Endpoint(address=there.address, port=there.port, host=name))
        if stranger:
            state.put_gap_once(site.scan.id, _gap(there, stranger))

    await site.journal.do(work)
    return wanted


def strangers(names: Iterable[str], scope: Scope) -> list[str]:
    """Names that the scope neither wrote nor excluded. A name without a dot is known inside one network only."""
    excluded = frozenset(scope.excluded_hosts)
    return [name for name in names if "." in name and name not in excluded and not scope.decide_host(name).allowed]


def _gap(there: Endpoint, names: Sequence[str]) -> Gap:
    many = f"{len(names)} hosts that are" if len(names) > 1 else "a host that is"
    shown = ", ".join(mask(show(name, _SHOWN)) for name in names[:_WRITTEN_OUT])
    more = f" and {len(names) - _WRITTEN_OUT} more" if len(names) > _WRITTEN_OUT else ""
    them = "them" if len(names) > 1 else "it"
    detail = (f"the certificate names {many} not in the scope: {shown}{more}; write {them} into the scope to have "
              f"{them} asked")
    return Gap(addresses=str(there.address), ports=str(there.port), probe=PROBE, reason=Reason.OUT_OF_SCOPE,
               detail=detail)
