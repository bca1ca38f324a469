"""The events of places: ids, codes and points; the text of a warning stays in its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from core import digests, events
from core.events import Fact
from places.models import Place, PlaceWarning


def emit(
    kind: str,
    warning: PlaceWarning,
    *,
    actor: Actor,
    at: datetime,
    more: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
) -> Fact:
    """Emit an event about a warning inside `transaction()`. more: the subjects whose board items it changes."""
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


def emit_for_place(kind: str, place: Place, *, actor: Actor, fields: list[str]) -> Fact:
    """Emit inside `transaction()` that the gazetteer has another row, or one less."""
    return events.append(
        kind,
        actor=actor.ref,
        desk=actor.desk,
        subjects=[f"place:{place.id}", f"centre:{place.centre_id}"],
        data={"kind": place.kind, "fields": fields},
    )
