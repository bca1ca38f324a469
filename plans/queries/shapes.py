"""A recommendation: one definition for the query, the API's document and the browser's types."""

from __future__ import annotations

from uuid import UUID

from typing_extensions import TypedDict


class RecommendedNeed(TypedDict):
    """A need of the response plan, and how many assigned units meet it."""

    id: UUID
    agency: str | None
    capability: str
    count: int
    required: bool
    assigned: int


class Pick(TypedDict):
    """A unit to send for a need, with the reasons in the asker's language."""

    unit: UUID
    callsign: str
    need: UUID
    travel_seconds: int | None
    method: str | None
    reasons: list[str]


class PassedOver(TypedDict):
    """A nearer unit that cannot go, and why."""

    unit: UUID
    callsign: str
    reasons: list[str]


class NeedShortfall(TypedDict):
    """A need that no free unit meets, and why."""

    need: UUID
    missing: int
    reasons: list[str]


class Recommendation(TypedDict):
    """Which units to send for the needs of a response plan."""

    needs: list[RecommendedNeed]
    picks: list[Pick]
    passed_over: list[PassedOver]
    shortfall: list[NeedShortfall]
