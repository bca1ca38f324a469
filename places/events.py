"""The events of places: ids, codes and points; the text of a warning stays in its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from accounts.actors import Actor
from core import digests, events
from core.event_kinds import EventKind, Fields
from core.events import Fact
from places.models import Place, PlaceWarning

_WARNING: Fields = {
    "warning": UUID,
    "warning_kind": PlaceWarning.Kind,
    "lat": int,
    "lng": int,
    "radius_metres": int,
    "digest": str,
}
_PLACE: Fields = {"kind": str, "fields": list}


class PlaceEvent(EventKind):
    """What happens to warnings of places and to the gazetteer."""

    WARNING_PROPOSED = "warning.proposed", _("Place warning proposed."), _WARNING
    WARNING_APPROVED = "warning.approved", _("Place warning approved: it holds now."), {**_WARNING, "incidents": int}
    WARNING_REVIEWED = "warning.reviewed", _("Place warning looked at again: it still holds."), _WARNING
    WARNING_ENDED = "warning.ended", _("Place warning ended."), _WARNING
    PLACE_MADE = "place.made", _("Place written down."), _PLACE
    PLACE_EDITED = "place.edited", _("Place changed: %(fields)s."), _PLACE
    PLACE_REMOVED = "place.removed", _("Place taken out."), _PLACE


def emit(
    kind: PlaceEvent,
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


def emit_for_place(kind: PlaceEvent, place: Place, *, actor: Actor, fields: list[str]) -> Fact:
    """Emit inside `transaction()` that the gazetteer has another row, or one less."""
    return events.append(
        kind,
        actor=actor.ref,
        desk=actor.desk,
        subjects=[f"place:{place.id}", f"centre:{place.centre_id}"],
        data={"kind": place.kind, "fields": fields},
    )
