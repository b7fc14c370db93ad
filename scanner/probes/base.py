"""What a probe is: it opens one protocol at an endpoint, as a stranger. No scoring, no budget, no output here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import ClassVar

from scanner.model import Access, Ask, Batch, Doubt, Endpoint, Observation
from scanner.net import Net

Shown = Observation | Batch | Ask
"""What a door gives in answer to an ask."""


class Door(ABC):
    """One protocol spoken at one endpoint: it can look, and list what it is asked for."""

    protocol: ClassVar[str] = "http"     # what gaps say that they come from
    web: ClassVar[bool] = False          # its answers hang on the host name, and folders are searched for by guesses
    whole: ClassVar[bool] = False        # a folder is answered with all that lies below it
    endpoint: Endpoint                   # with `tls` and `scheme` decided
    looks: int = 1                       # requests to find it, to look at it and to hear what it offers
    once_more: Callable[[], bool] = staticmethod(lambda: True)   # may an ask that searches cost a request more? counted

    @abstractmethod
    async def look(self) -> Observation:
        """What it says of itself and how it lets a stranger in.

        Raises:
            NetError: the contact went wrong; it becomes a gap.
        """

    def hidden(self, names: Sequence[str]) -> Sequence[Ask]:  # noqa: ARG002  most doors hide nothing
        """What to ask for where names may be hidden: the published `names`, at the profile that allows them.

        Called once the root has been answered. None: this door hides nothing, or has shown all.
        """
        return ()

    @abstractmethod
    def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """Answer one ask: entries in batches, further asks that it gives rise to, last an observation of the answer.

        Batches come only once the answer is known to be a listing. Never contents.

        Raises:
            NetError: the contact went wrong; batches given before stand, and the listing is cut.
        """

    def observed(self, path: str, access: Access, facts: Mapping[str, str], doubt: Doubt | None = None, *,
                 clock: datetime | None = None) -> Observation:
        """What was shown under `path` just now; facts that are empty are none. `clock`: the server's own time, UTC."""
        return Observation(endpoint=self.endpoint, protocol=self.protocol, path=path, access=access,
                           facts={name: text for name, text in facts.items() if text}, seen_at=datetime.now(UTC),
                           server_time=clock, doubt=doubt)


class Probe(ABC):
    """Opens one protocol at an endpoint, as a stranger."""

    name: ClassVar[str]                  # "http"; prefix of its facts
    ports: ClassVar[frozenset[int]]      # where it is tried unasked; empty: wherever no other probe is at home
    facts: ClassVar[frozenset[str]]      # every fact it can report: the vocabulary of signatures

    asks: ClassVar[str] = ""             # what it asks for, in words: `plan` shows it
    never: ClassVar[str] = ""            # what it never asks for, whatever a server offers
    tries: ClassVar[str] = ""            # what it tries published names of, where the profile allows; empty: nothing

    silent: ClassVar[bool] = False       # its servers say nothing unasked, and nothing to whoever asks for pages

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
