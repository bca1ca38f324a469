"""The connections of this process that have no complete request head: how many, and which of them has to go.

Past the limit of an address its oldest is ended, not its newest refused: a whole centre may share one address, and
who sends a head has sent it within a moment, while a connection kept open on purpose is among the oldest.
"""

from __future__ import annotations

import functools
import math
import resource
import struct
from typing import Any, Protocol

from django.conf import settings

from core.addresses import network_of

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: what is unsent is dropped, and the client sees a reset
UNLIMITED = 1_048_576


class Ended(Protocol):
    """A connection that can be ended."""

    def end(self) -> None:
        """End it at once, without an answer."""


class Pending:
    """Connections without a complete head, oldest first, by the address that they come from."""

    def __init__(self, most_of_address: int, most: int) -> None:
        self._most_of_address, self._most = most_of_address, most
        self._all: dict[Ended, str | None] = {}
        self._of: dict[str, dict[Ended, None]] = {}

    def add(self, connection: Ended, address: str | None) -> None:
        """Count a connection; ends the oldest of its address, or the oldest of all, where there are too many.

        address: None for one that is counted with all others only.
        """
        self._all[connection] = address
        if address is not None:
            of_address = self._of.setdefault(address, {})
            of_address[connection] = None
            if len(of_address) > self._most_of_address:
                self._end(next(iter(of_address)))
        if len(self._all) > self._most:
            self._end(next(iter(self._all)))

    def remove(self, connection: Ended) -> None:
        """Count a connection no longer."""
        address = self._all.pop(connection, None)
        if address is None or (of_address := self._of.get(address)) is None:
            return
        of_address.pop(connection, None)
        if not of_address:
            del self._of[address]

    def __len__(self) -> int:
        return len(self._all)

    def _end(self, connection: Ended) -> None:
        self.remove(connection)
        connection.end()


@functools.cache
def pending() -> Pending:
    """Those of this process, which takes its share of the limit; in all at most half of its descriptors."""
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    share = math.ceil(settings.HALF_OPEN_MAX / settings.WEB_PROCESSES)
    return Pending(share, min(descriptors, UNLIMITED) // 2 if descriptors > 0 else UNLIMITED)


def network(peer: Any) -> str | None:
    """The address of a peer as limits count it; None where there is none."""
    return network_of(str(peer[0])) if isinstance(peer, tuple) and peer else None
