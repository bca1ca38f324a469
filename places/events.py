"""The facts that places states: ids, codes and points; the words of a warning stay in its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from core import digests, events
from core.events import Fact
from places.models import Place, PlaceWarning


def state(
    kind: str,
    warning: PlaceWarning,
    *,
    actor: Actor,
    at: datetime,
    more: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
) -> Fact:
    """State a fact about a warning inside `transaction()`. more: the subjects whose forms it changes."""
    return events.append(
        kind,
        actor=actor.ref,
        desk=actor.desk,
        at=at,
        subjects={f"centre:{warning.centre_id}", f"warning:{warning.id}", *more},
        data={
            "warning": warning.id,
            "warning_kind": warning.kind,
            "lat": events.micro_degrees(warning.lat),
            "lng": events.micro_degrees(warning.lng),
            "radius_metres": warning.radius_metres,
            "digest": digests.digest(warning.salt, warning.text),
            **(data or {}),
        },
    )


def state_of_place(kind: str, place: Place, *, actor: Actor, fields: list[str]) -> Fact:
    """State inside `transaction()` that the gazetteer has another row, or one less."""
    return events.append(
        kind,
        actor=actor.ref,
        desk=actor.desk,
        subjects=[f"place:{place.id}", f"centre:{place.centre_id}"],
        data={"kind": place.kind, "fields": fields},
    )
