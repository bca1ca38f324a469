"""A CAD log as it is read: cases (a call and its incident), the units sent to them, and their stamps."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stamp:
    """A unit status and when it began, as the file has it."""

    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A unit of the file: its callsign there, the kind of vehicle and what it can do."""

    callsign: str
    kind: str
    capabilities: tuple[str, ...]


@dataclass(slots=True)
class Row:
    """A row of a file and what became of it. repairs: reasons, each once; entered: stamps that went in."""

    name: str
    repairs: set[str] = field(default_factory=set)
    refusals: set[str] = field(default_factory=set)
    entered: int = 0

    @property
    def outcome(self) -> str:
        """accepted, repaired or refused."""
        if not self.entered:
            return "refused"
        return "repaired" if self.repairs or self.refusals else "accepted"


@dataclass(slots=True)
class Part:
    """A unit's part in a case: dispatched at, then its stamps in order, then free again. turn: its how many-th case."""

    row: Row
    unit: str
    dispatched_at: datetime
    stamps: list[Stamp]
    turn: int = 0
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def ends_at(self) -> datetime:
        """When its last stamp is, or its dispatch."""
        return self.stamps[-1].at if self.stamps else self.dispatched_at


@dataclass(slots=True)
class Case:
    """A call, the incident opened from it, and the units sent. type: an incident type; priority None: the type's."""

    number: str
    received_at: datetime
    entered_at: datetime
    type: str
    priority: int | None
    place: str
    point: tuple[float, float] | None
    narrative: str
    rows: list[Row]
    parts: list[Part] = field(default_factory=list)
    call: uuid.UUID = field(default_factory=uuid.uuid4)
    incident: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def ends_at(self) -> datetime:
        """When its last unit is free, or when it was opened where none was sent."""
        return max([self.entered_at, *(part.ends_at for part in self.parts)])


@dataclass(slots=True)
class CadLog:
    """A whole file, ready to be played. agency: code and name of who it belongs to."""

    agency: str
    agency_name: str
    vehicles: list[Vehicle]
    cases: list[Case]
    rows: list[Row]

    @property
    def begins_at(self) -> datetime:
        """The first stamp."""
        return min(case.received_at for case in self.cases)

    def outcomes(self) -> Counter[str]:
        """How many rows were accepted, repaired, refused."""
        return Counter(row.outcome for row in self.rows)
