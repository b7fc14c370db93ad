"""What a probe is: it opens one protocol at an endpoint, as a stranger. No scoring, no budget, no output here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from typing import ClassVar

from scanner.model import Ask, Batch, Endpoint, Observation
from scanner.net import Net

Shown = Observation | Batch | Ask
"""What a door gives in answer to an ask."""


class Door(ABC):
    """One protocol spoken at one endpoint: it can look, and list what it is asked for."""

    endpoint: Endpoint                   # with `tls` decided
    looks: int = 1                       # requests to find it, to look at it and to hear what it offers
    once_more: Callable[[], bool] = staticmethod(lambda: True)   # may an ask that searches cost a request more? counted

    @abstractmethod
    async def look(self) -> Observation:
        """What it says of itself and how it lets a stranger in.

        Raises:
            NetError: the contact went wrong; it becomes a gap.
        """

    @abstractmethod
    def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """Answer one ask: entries in batches, further asks that it gives rise to, last an observation of the answer.

        Batches come only once the answer is known to be a listing. Never contents.

        Raises:
            NetError: the contact went wrong; batches given before stand, and the listing is cut.
        """


class Probe(ABC):
    """Opens one protocol at an endpoint, as a stranger."""

    name: ClassVar[str]                  # "http"; prefix of its facts
    ports: ClassVar[frozenset[int]]      # where it is tried unasked; empty: wherever no other probe is at home
    facts: ClassVar[frozenset[str]]      # every fact it can report: the vocabulary of signatures

    def wants(self, endpoint: Endpoint) -> bool:
        """Whether this door looks like ours, by port or by somebody's guess."""
        return endpoint.port in self.ports or endpoint.hint == self.name

    @abstractmethod
    def open(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> AbstractAsyncContextManager[Door]:
        """Speak the protocol far enough to know that it is spoken here.

        `only`: nothing but what the owner wrote may be asked for here, and this is the first of it.

        Raises:
            NetError: it is not, or nothing answers.
        """
