"""Linking calls to incidents, and taking a link back: a call belongs to one incident at a time."""

from __future__ import annotations

import contextlib
from datetime import datetime
from uuid import UUID

from django.db import transaction as django_transaction
from django.db.models import Min

from accounts.actors import Actor
from accounts.roles import Reach, Right
from calls.actions.calls import mark_incident, unmark_incident
from calls.domain.locks import lock_with_number
from calls.durations import UNDO_GRACE, UNDO_WITHIN
from calls.models import Call
from calls.queries.calls import call_for, is_takeable
from calls.states import Disposition
from core import clock, events
from core.errors import Busy, Conflict, Refused
from dispatch import events as facts
from dispatch.domain.caller_safety import make_caller_unsafe
from dispatch.events import DispatchEvent
from dispatch.models import Incident, IncidentCall
from dispatch.queries.incidents import incident_for, locked_incidents, require_open
from dispatch.timers import arrivals

__all__ = ["link_call", "unlink_call"]

TRIES = 5


def link_call(
    *,
    actor: Actor,
    call: UUID,
    incident: UUID,
    instead_of: UUID | None = None,
    at: datetime | None = None,
) -> Call:
    """Link a call, in whatever state it is, to an open incident (E2); one that belongs to another moves.

    instead_of: only if it still belongs to that one. Linked there already returns quietly. Raises Unknown, Refused
    (`not_your_call`), Conflict (`merged`, `incident_not_open`, `moved_on`), Invalid (`time_in_future`).
    """
    with events.transaction():
        call_for(actor, call, right=Right.CALL_LINK)
        row = lock_linkable(actor, call)
        wanted = incident_for(actor, incident)
        stamp = clock.stamp_from_person(at)
        link, locked = _lock_with_link(row, wanted.id)
        if link and link.incident_id == wanted.id:
            return row
        if instead_of:
            _require_in(link, instead_of)
        target = locked[wanted.id]
        require_open(target)
        if link:
            IncidentCall.objects.filter(call=row).update(incident=target, linked_at=stamp.at, linked_by=actor.ref)
        else:
            IncidentCall.objects.create(call=row, incident=target, linked_at=stamp.at, linked_by=actor.ref)
        left = locked[link.incident_id] if link else None
        _touch(target, row)
        if left:
            forget_ring(left, row.started_at)
            _touch(left)
        _state_link(row, target, left, actor=actor, at=stamp.at)
        mark_incident(row, Disposition.E2, actor=actor, at=stamp.at)
        make_caller_unsafe(row.number, [row.id], target, actor=actor, at=stamp.at)
        return row


def unlink_call(*, actor: Actor, call: UUID, incident: UUID | None = None) -> Call:
    """Take a call out of the incident that it was linked to; its E2 is cleared, it is filed as it was before.

    incident: only out of this one. A call-taker takes back an own link within five seconds, a dispatcher or supervisor
    any at any time. Not linked: returns quietly. Raises Unknown, Refused (`not_your_call`), Conflict (`too_late`;
    `moved_on`: it is in another one; `call_opened_it`: the incident was opened from it), Busy.
    """
    with events.transaction():
        call_for(actor, call, right=Right.CALL_LINK)
        row = lock_linkable(actor, call)
        link, locked = _lock_with_link(row, None)
        if link is None:
            return row
        if incident:
            _require_in(link, incident)
        now = clock.now()
        if row.disposition == Disposition.E1:
            raise Conflict("call_opened_it", incident=link.incident_id)
        if actor.reach(Right.CALL_LINK) is Reach.OWN:
            if link.linked_by != actor.ref:
                raise Refused("not_allowed", right=str(Right.CALL_LINK))
            if now - link.linked_at > UNDO_WITHIN + UNDO_GRACE:
                raise Conflict("too_late", since=link.linked_at)
        left = locked[link.incident_id]
        link.delete()
        forget_ring(left, row.started_at)
        _touch(left)
        data = {"call": row.id, "incident": left.id}
        facts.state(DispatchEvent.CALL_UNLINKED, left, actor=actor, at=now, also=[f"call:{row.id}"], data=data)
        unmark_incident(row, actor=actor, at=now)
        return row


def _require_in(link: IncidentCall | None, incident: UUID) -> None:
    if link is None or link.incident_id != incident:
        raise Conflict("moved_on", incident=link.incident_id if link else None)


def _lock_with_link(call: Call, wanted: UUID | None) -> tuple[IncidentCall | None, dict[UUID, Incident]]:
    """The locked call's link, with the incident it is in and the wanted one, if any, all locked. Raises Busy.

    A merge or a split moves links without the call: so look, lock, look again, and begin anew if it went elsewhere.
    """
    for _ in range(TRIES):
        with contextlib.suppress(_Moved), django_transaction.atomic():
            link = IncidentCall.objects.filter(call=call).first()
            locked = locked_incidents({each for each in (wanted, link and link.incident_id) if each})
            again = IncidentCall.objects.filter(call=call).first()
            if (again and again.incident_id) != (link and link.incident_id):
                raise _Moved
            return again, locked
    raise Busy


class _Moved(Exception):
    """Between looking and locking, the call went to another incident."""


def lock_linkable(actor: Actor, call: UUID) -> Call:
    """The locked call, if the actor may link it or open an incident from it: any, or one's own or a waiting one.

    A key that opens incidents names calls that it doesn't see. Raises Unknown, Refused (`not_your_call`).
    """
    reach = actor.require(Right.CALL_LINK)
    row, _ = lock_with_number(actor, call, unseen=actor.is_key and reach is Reach.ANY)
    if reach is Reach.OWN and row.claimed_by != actor.ref and not is_takeable(row):
        raise Refused("not_your_call")
    return row


def _touch(incident: Incident, call: Call | None = None) -> None:
    """Note that an incident's form changed; a call that rang before it was opened, and first of all, gives its ring."""
    incident.changed_at, before = clock.now(), incident.first_ring_at
    if call and call.started_at <= incident.created_at:
        incident.first_ring_at = min(call.started_at, incident.first_ring_at or call.started_at)
    incident.save(update_fields=["changed_at", "first_ring_at"])
    if incident.first_ring_at != before:
        arrivals.rearm(incident, at=incident.changed_at)


def forget_ring(incident: Incident, ring: datetime | None) -> None:
    """A call that rang then has left a locked incident, which the caller saves.

    Was it the first ring, then that is now the first of the others that rang before the opening.
    """
    if ring and incident.first_ring_at == ring:
        left = IncidentCall.objects.filter(incident=incident, call__started_at__lte=incident.created_at)
        incident.first_ring_at = left.aggregate(first=Min("call__started_at"))["first"]


def _state_link(call: Call, incident: Incident, left: Incident | None, *, actor: Actor, at: datetime) -> None:
    also = {f"call:{call.id}"}
    if left:
        also |= {f"incident:{left.id}", *facts.parts_of(left.id)}
    facts.state(
        DispatchEvent.CALL_LINKED,
        incident,
        actor=actor,
        at=at,
        also=also,
        data={"call": call.id, "incident": incident.id, "left": left.id if left else None},
    )
