"""Where the endpoints of a fleet are: each at an address of its own, all at one port. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """On loopback."""

    block: int                               # of addresses: 127.block.0.0
    port: int

    def address(self, number: int) -> str:
        """Of endpoint `number`."""
        return f"127.{self.block + (number >> 16)}.{number >> 8 & 255}.{number & 255}"

    def url(self, number: int) -> str:
        """Of its root."""
        return f"http://{self.address(number)}:{self.port}/"
