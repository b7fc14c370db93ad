"""Naming: the names of a scope, resolved once and pinned. The only traffic is to the system's resolver."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from scanner.model import Address
from scanner.net.names import Resolved, Unresolved, resolve
from scanner.scope import Scope


class NameFault(Exception):  # noqa: N818  a value, never raised
    """Why a name has no addresses, as the scope takes it."""


async def answers(scope: Scope, known: Mapping[str, Sequence[Address]]) -> dict[str, tuple[Address, ...] | NameFault]:
    """The addresses of every name of the scope, excluded names among them; those `known` are not asked again."""
    wanted = dict.fromkeys([*scope.hosts, *scope.excluded_hosts])
    found = await resolve([host for host in wanted if host not in known])
    return {host: tuple(known[host]) if host in known else _answer(found[host]) for host in wanted}


def _answer(found: Resolved) -> tuple[Address, ...] | NameFault:
    if not isinstance(found, Unresolved):
        return found
    return NameFault(f"{'no such name' if found.definite else 'nobody could tell'}: {found.detail}")


def pinned(scope: Scope) -> Scope:
    """The scope with its names resolved and pinned, for commands that only look."""
    return scope.pinned(asyncio.run(answers(scope, {}))) if scope.hosts or scope.excluded_hosts else scope


def resolver_says() -> str | None:
    """What is wrong with the resolver; None where it answers for `localhost`."""
    found = asyncio.run(resolve(["localhost"]))["localhost"]
    return found.detail if isinstance(found, Unresolved) else None
