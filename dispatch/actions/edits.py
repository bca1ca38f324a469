"""Changing what is known of an incident: its type, its priority, its place, who keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Reach, Right, Role
from core import clock, digests, events
from core.errors import Invalid, Refused
from core.versions import check_version, stamp_versions
from dispatch import events as facts
from dispatch.domain.caller_safety import lock_callers, make_callers_unsafe
from dispatch.domain.incident_status import follow, take_up
from dispatch.domain.location import Location, put_location
from dispatch.domain.note_lines import add_line
from dispatch.domain.offers import offer_tasks, withdraw_tasks
from dispatch.domain.opening import current_plan, point_data, public_type, put_narrative, type_of
from dispatch.events import DispatchEvent
from dispatch.models import Incident, Task
from dispatch.queries.incidents import incident_for, locked_incidents, may_read_details, require_not_merged
from dispatch.queries.tasks import planned_agencies
from dispatch.states import NOT_OPEN, TaskState
from dispatch.states import IncidentState as S
from dispatch.timers import arrivals
from dispatch.timers.assignments import judge_warnings, rearm
from dispatch.timers.incidents import judge_again, refresh
from dispatch.timers.tasks import watch_offers

__all__ = ["edit_incident"]

TRIAGES = frozenset({"type", "priority", "location"})
# What a restricted incident keeps from whoever may not read its details.
SECRET = frozenset({"type", "priority_reason"})


def edit_incident(
    *,
    actor: Actor,
    incident: UUID,
    version: int | None,
    changes: Mapping[str, Any],
    narrative: str | None = None,
    at: datetime | None = None,
) -> Incident:
    """Change an incident's fields; disjoint edits merge, colliding ones are refused by name.

    changes: any of type (code), priority (1-5), priority_reason, location ({text?, lat?, lng?, verified?}), owner
    (a dispatcher's user id or None), parent (an incident's id or None). narrative: words to add, never refused for a
    version: the first ones if there are none, else a line. A dispatcher who sends type, priority or place of a new
    incident has triaged it, changed or confirmed.
    A new type brings its plan: agencies it lacks are offered a task, tasks that the old plan offered and nobody has
    answered are withdrawn, accepted ones stay; an unchosen priority follows it, so does `restricted`. Rules are
    re-armed from the same base with the new seconds.
    Raises Unknown, Refused, VersionRequired, Conflict (`version_conflict`, `merged`), Invalid.
    """
    with events.transaction():
        callers = lock_callers([incident]) if "type" in changes else {}
        if changes.get("parent"):
            _lock_with_parent(actor, incident, changes["parent"])
        row = incident_for(actor, incident, lock=True, right=Right.INCIDENT_EDIT)
        stamp = clock.stamp_from_person(at)
        require_not_merged(row)
        wanted = _wanted(row, changes)
        current = current_fields(row)
        if SECRET & wanted.keys() and not may_read_details(actor, row):
            # Another type could lift the restriction, and a conflict would tell what stands there.
            raise Refused("scope_missing" if actor.is_key else "not_allowed")
        if wanted or narrative is None:  # words are only ever added: no version refuses them
            check_version(row, version, wanted, current)
        _require_may_hand_over(actor, row, wanted)
        changed = {field: value for field, value in wanted.items() if current[field] != value}
        before = {"type": public_type(row), "priority": row.priority, "plan": row.plan_id, "place": _place(row)}
        _put(row, changed, at=stamp.at)
        if changed:
            stamp_versions(row, list(changed), actor=actor.ref, at_text=events.utc_text(clock.now()))
        _add_words(row, narrative, actor=actor, at=stamp.at)
        if changed or narrative is not None:
            row.changed_at = clock.now()
            take_up(row, actor=actor)
            row.save()
        if changed:
            _state_edited(row, changed, before, actor=actor, at=stamp.at)
        if "type" in changed:
            make_callers_unsafe(row, callers, actor=actor, at=stamp.at)
        if "location" in changed:
            judge_warnings([row], actor=actor, at=stamp.at)
        _consequences(row, before, actor=actor, at=stamp.at)
        if row.state == S.NEW and TRIAGES & wanted.keys() and actor.may(Right.INCIDENT_STATE):
            triage(row, actor=actor, at=stamp.at)
        return row


def triage(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Mark a locked new incident as triaged: a dispatcher has confirmed or changed what it is."""
    incident.state, incident.changed_at = S.TRIAGED, clock.now()
    take_up(incident, actor=actor)
    incident.save()
    facts.state(
        DispatchEvent.INCIDENT_STATE_CHANGED, incident, actor=actor, at=at, data={"from": S.NEW, "to": S.TRIAGED}
    )


def current_fields(incident: Incident) -> dict[str, Any]:
    """What PATCH can set, as it stands, ready for JSON."""
    return {
        "type": incident.type_id,
        "priority": incident.priority,
        "priority_reason": incident.priority_reason,
        "location": {"text": incident.location_text, "lat": incident.lat, "lng": incident.lng},
        "verified": incident.verified,
        "owner": str(incident.owner_id) if incident.owner_id else None,
        "parent": str(incident.parent_id) if incident.parent_id else None,
    }


def _wanted(incident: Incident, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes by field, the place as one: its text and its point form one value."""
    wanted = {field: value for field, value in changes.items() if field != "location"}
    for field in ("owner", "parent"):
        if wanted.get(field) is not None:
            wanted[field] = str(wanted[field])
    place = dict(changes.get("location") or {})
    if "verified" in place:
        wanted["verified"] = bool(place.pop("verified"))
    if place:
        now = {"text": incident.location_text, "lat": incident.lat, "lng": incident.lng}
        wanted["location"] = {**now, **place}
        if wanted["location"]["text"] is None:
            raise Invalid.field("location.text", "required")
    if wanted.get("priority", 1) is None or wanted.get("type", "") is None:
        raise Invalid.field("priority" if "priority" in wanted else "type", "required")
    return wanted


def _require_may_hand_over(actor: Actor, incident: Incident, wanted: Mapping[str, Any]) -> None:
    """An incident's keeper gives it to whom they like, an unkept one is anybody's; taking over is a supervisor's."""
    if "owner" not in wanted or wanted["owner"] == (str(incident.owner_id) if incident.owner_id else None):
        return
    actor.require(Right.INCIDENT_STATE)
    if incident.owner_id in {None, actor.user}:
        return
    if actor.reach(Right.MEASURES) is not Reach.ANY:
        raise Refused("take_over_refused", owner=incident.owner_id)


def _put(incident: Incident, changed: Mapping[str, Any], *, at: datetime) -> None:
    priority = incident.priority
    if "type" in changed:
        _put_type(incident, changed["type"])
    if "priority" in changed:
        incident.priority = changed["priority"]
    if incident.priority != priority:
        judge_again(incident)
    if "priority_reason" in changed:
        incident.priority_reason = changed["priority_reason"]
    if "location" in changed:
        put_location(incident, Location(**changed["location"]), at=at)
    if "verified" in changed:
        incident.verified = changed["verified"]
    if "owner" in changed:
        incident.owner = _keeper(incident, changed["owner"])
    if "parent" in changed:
        incident.parent = _parent(incident, changed["parent"])


def _put_type(incident: Incident, code: str) -> None:
    incident.type = type_of(code)
    incident.restricted, incident.now = incident.type.restricted, incident.type.now
    if "priority" not in incident.field_versions:
        incident.priority = incident.type.priority
    if incident.state not in NOT_OPEN:
        incident.plan = current_plan(incident)


def _keeper(incident: Incident, user: str | None) -> User | None:
    if user is None:
        return None
    found = User.objects.filter(pk=user, centre_id=incident.centre_id, is_active=True).first()
    if found is None or not {Role.DISPATCHER, Role.SUPERVISOR} & set(found.roles):
        raise Invalid.field("owner", "not_a_dispatcher")
    return found


def _lock_with_parent(actor: Actor, incident: UUID, parent: UUID | str) -> None:
    """Of two that are put under each other at once the second sees what the first has become."""
    seen = incident_for(actor, incident, right=Right.INCIDENT_EDIT)
    locked_incidents([seen.id, UUID(str(parent))])


def _parent(incident: Incident, parent: str | None) -> Incident | None:
    if parent is None:
        return None
    found = Incident.objects.filter(pk=parent, centre_id=incident.centre_id).first()
    if found is None or found.id == incident.id or found.parent_id or incident.children.exists():
        raise Invalid.field("parent", "not_a_parent")
    return found


def _add_words(incident: Incident, narrative: str | None, *, actor: Actor, at: datetime) -> None:
    if narrative is None:
        return
    if incident.narrative is None:
        put_narrative(incident, narrative)
        incident.changed_at = clock.now()
        incident.save()
        data = {"digest": digests.digest(incident.salt, narrative)}
        facts.state(DispatchEvent.INCIDENT_NARRATIVE_TOLD, incident, actor=actor, at=at, data=data)
    else:
        add_line(incident, narrative, actor=actor, at=at)


def _consequences(incident: Incident, before: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    """What a new type or priority brings with it, while the incident is worked."""
    if incident.state in {*NOT_OPEN, S.RESOLVED}:
        return
    replanned, urgency = before["plan"] != incident.plan_id, before["priority"] != incident.priority
    if replanned:
        _replan(incident, actor=actor, at=at)
    moved = before["place"] != _place(incident)
    if replanned or urgency or moved:
        arrivals.rearm(incident, at=at)
    if urgency:
        refresh(incident, actor=actor, at=at)
        watch_offers(incident, list(Task.objects.filter(incident=incident, state=TaskState.OFFERED)), at=at)
        rearm(incident, at=at)
    if replanned or urgency:
        follow(incident, actor=actor, at=at)


def _place(incident: Incident) -> tuple[str | None, str | None]:
    """What the arrival target depends on of a place."""
    return incident.island, incident.kecamatan


def _replan(incident: Incident, *, actor: Actor, at: datetime) -> None:
    planned = planned_agencies(incident)
    rows = Task.objects.filter(incident=incident).select_related("agency").order_by("pk")
    tasks = list(rows.select_for_update(of=("self",), no_key=True))  # not the agencies: all incidents share those
    unanswered = [
        task for task in tasks if task.by_plan and task.state == TaskState.OFFERED and task.agency not in planned
    ]
    withdraw_tasks(incident, unanswered, actor=actor, at=at, cause="replanned")
    asked = {task.agency_id for task in tasks}
    missing = [agency for agency in planned if agency.id not in asked]
    offer_tasks(incident, missing, actor=actor, at=at, by_plan=True)


def _state_edited(
    incident: Incident,
    changed: Mapping[str, Any],
    before: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    data: dict[str, Any] = {"fields": sorted(changed), "version": incident.version}
    if before["type"] != public_type(incident):
        data["type"] = {"from": before["type"], "to": public_type(incident)}
    if before["priority"] != incident.priority:
        data["priority"] = {"from": before["priority"], "to": incident.priority}
    if "location" in changed:
        data |= point_data(incident) | {"location_digest": digests.digest(incident.salt, incident.location_text)}
    if "owner" in changed:
        data["owner"] = incident.owner_id
    if "parent" in changed:
        data["parent"] = incident.parent_id
    facts.state(DispatchEvent.INCIDENT_EDITED, incident, actor=actor, at=at, data=data)
