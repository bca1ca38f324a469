"""A small world for the contracts: the seeded people, units and agencies, and words that must never reach the log."""

from __future__ import annotations

import itertools
from functools import cached_property
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Agency
from tests.conftest import person
from units.models import Unit

MARK = "ZZTOPSECRET"


class World:
    """What a case acts in. Every free text, name and telephone number that it gives carries a mark."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def words(self) -> str:
        """Free text as a person might give it."""
        return f"{MARK} kata-kata {next(self._count)}"

    def number(self) -> str:
        """A telephone number; its digits are a mark too."""
        return f"+62812309{next(self._count):05d}"

    @cached_property
    def call_taker(self) -> Actor:
        return person("calltaker")

    @cached_property
    def dispatcher(self) -> Actor:
        return person("dispatcher")

    @cached_property
    def supervisor(self) -> Actor:
        return person("supervisor")

    @cached_property
    def admin(self) -> Actor:
        return person("admin")

    @cached_property
    def auditor(self) -> Actor:
        return person("auditor")

    @cached_property
    def agency_desk(self) -> Actor:
        """The desk of DAMKAR."""
        return person("damkar")

    @cached_property
    def crew(self) -> Actor:
        """The crew of DMK1."""
        return person("crew")

    @staticmethod
    def unit(callsign: str) -> Unit:
        """A seeded unit, as it is now."""
        return Unit.objects.get(callsign=callsign)

    @staticmethod
    def agency(code: str) -> UUID:
        """A seeded agency's id."""
        return Agency.objects.get(code=code).id
