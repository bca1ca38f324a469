"""The board item of a call: one definition for the queries, the API's document and the browser's types."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from calls.states import ContactSafety


class Ref(TypedDict):
    """A person, or a program, by id and name."""

    id: UUID
    name: str


class NumberRef(TypedDict):
    """An incident by id and number."""

    id: UUID
    number: str


class Nuisance(TypedDict):
    """How much noise came from the number: level 0 to 3 by strikes in 24 h."""

    level: int
    strikes_24h: int


class CallLocation(TypedDict):
    """Where the caller's telephone is, by its own report."""

    lat: float
    lng: float
    accuracy_metres: float | None
    source: str
    at: datetime


class CallBack(TypedDict):
    """What stands to be done for a caller who wasn't answered."""

    id: UUID
    state: str
    tries: int
    due_at: datetime


class Offer(TypedDict):
    """Whom a waiting call rings: every ready call-taker, or these operators until a moment."""

    all: bool
    operators: list[Ref]
    until: datetime | None


class Safety(TypedDict):
    """Whether a number may be called back."""

    safe_to_call_back: bool
    contact_safety: ContactSafety


class CallForm(TypedDict):
    """A call."""

    id: UUID
    state: str
    channel: str
    number: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    operator: Ref | None
    incident: NumberRef | None
    nuisance: Nuisance
    calls_before: int
    safe_to_call_back: bool
    contact_safety: ContactSafety
    offered_to: Offer | None
    language: str | None
    location: CallLocation | None
    disposition: str | None
    callback: CallBack | None
    version: int


class OperatorForm(TypedDict):
    """An operator as it travels."""

    id: UUID
    name: str
    desk: str | None
    roles: list[str]
    state: str
    reason: str | None
    since: datetime
    call: UUID | None


class Kpis(TypedDict):
    """The figures of the board; a share of no call is null."""

    waiting: int
    longest_since: datetime | None
    in_10_s_hour: float | None
    in_10_s_today: float | None
    calls_today: int
    emergencies_today: int
