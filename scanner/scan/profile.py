"""Profiles: how hard a scan knocks and how far it goes. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One bundle of limits; each can be set apart on the command line."""

    name: str
    rate: float                          # connections a second, all hosts
    host_rate: float                     # connections a second, one host
    open_all: int | None                 # open connections, all hosts; None: as many as the file limit allows
    open_host: int                       # open connections, one host
    directories: int | None              # a store; None: no limit
    depth: int                           # levels below the root of a store
    listing_bytes: int                   # one listing page
    names: bool = False                  # whether published names are tried where a server may hide some
    silent_requests: int                 # to a door that shows nothing, per endpoint and host name


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(name="gentle", rate=50, host_rate=4, open_all=200, open_host=2, directories=500, depth=6,
                listing_bytes=64 * MIB, silent_requests=6),
        Profile(name="standard", rate=500, host_rate=20, open_all=2_000, open_host=6, directories=20_000, depth=16,
                listing_bytes=512 * MIB, silent_requests=25),
        Profile(name="thorough", rate=2_000, host_rate=50, open_all=None, open_host=16, directories=None, depth=64,
                listing_bytes=4096 * MIB, silent_requests=120, names=True),
    )
}
