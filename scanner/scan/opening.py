"""Opening: which protocol is spoken at an open port, and its door. What is asked there afterwards is the crawl's.

The probe that is at home there goes first, or the one that a target meant; everywhere else HTTP. What says something
else is known by what it said: where that is a protocol of ours its probe goes on, else it is named and left alone.
What hangs up without a word, or waits on, may be a server that waits for its own protocol: those are tried last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace

from scanner.errors import (
    ClientCertificateWanted,
    DeadlineError,
    NetError,
    NotThisProtocol,
    Recognised,
    Reset,
    TlsError,
)
from scanner.model import Ask, Asked, Endpoint, Reason
from scanner.probes import PROBES, Door, Http, Probe
from scanner.probes.recognised import recognise
from scanner.scan.patience import patiently
from scanner.scan.site import Site

_AGAIN = (Reason.RESET, Reason.TIMEOUT)  # at the first contact: worth a second one
_AGAIN_AFTER = 1.0                       # seconds
_IN_VAIN = 2                             # requests of a first contact that failed: with TLS and without
_SOMETHING_ELSE = (NotThisProtocol, TlsError, Reset, DeadlineError)


async def opened(site: Site, there: Endpoint, stack: AsyncExitStack, silent: Callable[[], None] = lambda: None) -> Door:
    """The door. Raises NetError where there is none: `Recognised` where what speaks is known, and is no file server.

    `silent` is called where something waits on and may do so again.
    """
    failed = list[NetError]()
    try:
        return await _tried(site, there, stack, failed, silent)
    finally:
        failed.clear()                   # what was raised would hold its own frame, and all that was read: a cycle


async def _tried(site: Site, there: Endpoint, stack: AsyncExitStack, failed: list[NetError],
                 silent: Callable[[], None]) -> Door:
    probe, tried = at_home(there), list[Probe]()
    while True:
        tried.append(probe)
        try:
            return await _enter(site, probe, there, stack, silent, again=len(tried) == 1)
        except ClientCertificateWanted:
            raise
        except _SOMETHING_ELSE as error:
            if there.hint == probe.name and not isinstance(error, NotThisProtocol):
                raise                    # it is meant or known to be spoken here, and nobody says anything else
            failed.append(error)
            following = _next(error, tried, there)
        if following is None:
            raise _most_telling(failed)
        probe = following


def at_home(there: Endpoint) -> Probe:
    """The probe that somebody meant or that is at home here; else HTTP's, which takes any port."""
    meant = next((probe for probe in PROBES if probe.name == there.hint), None)
    return meant or next((probe for probe in PROBES if probe.wants(there)), HTTP)


def _next(error: NetError, tried: list[Probe], there: Endpoint) -> Probe | None:
    """Who goes on: the probe of what was heard, else HTTP's, else those of servers that are silent. None: nobody.

    Raises Recognised.
    """
    said = error.said if isinstance(error, NotThisProtocol) else b""
    service = recognise(said, there.port) if said else None
    if service is not None:
        probe = next((probe for probe in PROBES if probe.name == service.protocol), None)
        if probe is None:
            raise Recognised(service.words) from error
        return None if probe in tried else probe
    if HTTP not in tried:
        return HTTP
    untried = (probe for probe in PROBES if probe.silent and probe not in tried)
    return next(untried, None) if isinstance(error, Reset | DeadlineError) else None


def _most_telling(failed: list[NetError]) -> NetError:
    """What was heard; where nothing was, what went wrong with the probe that is at home here."""
    return next((error for error in failed if isinstance(error, NotThisProtocol) and error.said), failed[0])


async def _enter(site: Site, probe: Probe, there: Endpoint, stack: AsyncExitStack, silent: Callable[[], None], *,
                 again: bool) -> Door:
    """The door of one probe, tried a second time where the first contact was only cut off or slow."""
    meant = replace(there, hint=probe.name)

    async def once() -> Door:
        return await stack.enter_async_context(probe.open(meant, site.net, only_written(site, there)))

    try:
        return await patiently(site, once)
    except NetError as error:
        if error.reason is Reason.TIMEOUT:
            silent()
        if not again or error.reason not in _AGAIN or not await site.may_go_on():
            raise
    await asyncio.sleep(_AGAIN_AFTER)
    door = await patiently(site, once)
    door.looks += _IN_VAIN
    return door


def only_written(site: Site, there: Endpoint) -> Ask | None:
    """The first of what is written, where nothing else may be asked for."""
    if not site.scope.only_buckets(there.address, there.port, there.host):
        return None
    path, way = site.scope.paths_at(there.address, there.port, there.host)[0]
    return Ask(path, Asked.TARGET, way=way)


HTTP = next(probe for probe in PROBES if isinstance(probe, Http))
