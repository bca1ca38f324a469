"""Writing place warnings and the gazetteer.

A warning holds once somebody else has approved it: what that changes is dispatch's to say.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, digests, events
from core.errors import Conflict, Invalid, Unknown
from core.idempotency import create_once
from places import events as facts
from places.events import PlaceEvent
from places.gazetteer import settle
from places.models import Place, PlaceWarning
from places.queries import today, warning_for

__all__ = ["keep_warning", "propose_warning", "put_place", "remove_place"]


def propose_warning(
    *,
    actor: Actor,
    kind: str,
    lat: float,
    lng: float,
    text: str,
    review_on: date,
    radius_metres: int = 100,
    ends_at: datetime | None = None,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> tuple[PlaceWarning, bool]:
    """Propose what a crew must know before it goes to a point: (the warning, whether it is new).

    kind: danger, dangerous_goods, access, keyholder. lat, lng: degrees; it reaches `radius_metres` round them.
    review_on: the day when somebody looks whether it is still true. ends_at: when it ends by itself; None: by hand.
    Raises Refused, Invalid (`time_in_future`; `review_past`, `end_past` where they lie behind), Conflict (`id_taken`).
    """
    with events.transaction():
        reach = actor.require(Right.PLACE_WARNINGS)
        stamp = clock.stamp_from_person(at)

        def make() -> PlaceWarning:
            now = clock.now()
            if review_on < today(now):
                raise Invalid.field("review_on", "review_past")
            if ends_at is not None and ends_at <= now:
                raise Invalid.field("ends_at", "end_past")
            sealed = digests.seal(text)
            row = PlaceWarning.objects.create(
                id=id or uuid.uuid4(),
                centre_id=actor.centre,
                agency_id=actor.agency if reach is Reach.OWN else None,
                kind=kind,
                lat=lat,
                lng=lng,
                radius_metres=radius_metres,
                text=text,
                salt=sealed.salt,
                created_by=actor.ref,
                author_id=actor.user,
                author_name=actor.name,
                created_at=stamp.at,
                review_on=review_on,
                ends_at=ends_at,
            )
            facts.emit(PlaceEvent.WARNING_PROPOSED, row, actor=actor, at=stamp.at)
            return row

        return create_once(PlaceWarning, id, actor, make)


def keep_warning(*, actor: Actor, warning: UUID, review_on: date, at: datetime | None = None) -> PlaceWarning:
    """Say of a warning that holds that somebody has looked and it is still true, until the next review.

    review_on: the day when somebody looks again. A supervisor's act; the same day twice returns quietly.
    Raises Unknown, Refused, Invalid (`review_past`, `time_in_future`), Conflict (`warning_ended`, `warning_not_held`).
    """
    with events.transaction():
        actor.require(Right.PLACE_WARNINGS_APPROVE)
        stamp = clock.stamp_from_person(at)
        row = warning_for(actor, warning, lock=True)
        if review_on < today(clock.now()):
            raise Invalid.field("review_on", "review_past")
        if row.ended_at:
            raise Conflict("warning_ended")
        if row.approved_at is None:
            raise Conflict("warning_not_held")
        if row.review_on != review_on:
            row.review_on = review_on
            row.save(update_fields=["review_on"])
            facts.emit(PlaceEvent.WARNING_REVIEWED, row, actor=actor, at=stamp.at)
        return row


def put_place(
    *,
    actor: Actor,
    code: str,
    kind: str,
    name: str,
    other_names: str,
    lat: float,
    lng: float,
    landing_only: bool = False,
) -> tuple[Place, bool]:
    """Write a place into the gazetteer, or say anew what the one with this code is: (place, whether it is new).

    Where it lies (desa, kecamatan, island) follows from its point (degrees). landing_only: of a harbour, that no boat
    waits there. Official areas stay as they are decreed.
    Raises Refused, Conflict(`place_official`), Invalid(`code_taken`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        rows = Place.objects.select_for_update(no_key=True)
        row = rows.filter(centre_id=actor.centre, code=code).first()
        new = row is None
        if row is None:
            row = Place(centre_id=actor.centre, code=code, source=actor.ref)
        elif row.official:
            raise Conflict("place_official")
        wanted = {"kind": kind, "name": name, "other_names": other_names, "lat": lat, "lng": lng}
        wanted["landing_only"] = landing_only and kind == Place.Kind.HARBOUR
        changed = sorted(field for field, value in wanted.items() if new or getattr(row, field) != value)
        if changed:
            for field in changed:
                setattr(row, field, wanted[field])
            try:
                with transaction.atomic():
                    settle(row).save(force_insert=new)
            except IntegrityError:  # of two who write it down at once the second looks at the first's
                raise Invalid.field("code", "code_taken") from None
            facts.emit_for_place(
                PlaceEvent.PLACE_MADE if new else PlaceEvent.PLACE_EDITED, row, actor=actor, fields=changed
            )
        return row, new


def remove_place(*, actor: Actor, place: UUID) -> None:
    """Take a place out of the gazetteer: nothing that happened names it, incidents keep their own place.

    Raises Refused, Unknown, Conflict(`place_official`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        row = Place.objects.select_for_update(no_key=True).filter(centre_id=actor.centre, pk=place).first()
        if row is None:
            raise Unknown("place_unknown")
        if row.official:
            raise Conflict("place_official")
        facts.emit_for_place(PlaceEvent.PLACE_REMOVED, row, actor=actor, fields=[])
        row.delete()
