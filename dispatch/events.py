"""The facts that dispatch states: each names everybody who has a part in its incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from accounts.actors import Actor
from core import events, sql
from core.event_kinds import FORCED, EventKind, Fields
from core.events import Fact
from dispatch.models import Incident
from dispatch.states import PRESENT, AssignmentStatus, IncidentState, TaskState
from units.states import UnitStatus

_PARTS = f"""
SELECT agency_id, NULL FROM dispatch_task WHERE incident_id = ANY(%s::uuid[]) AND state <> '{TaskState.WITHDRAWN}'
UNION
SELECT u.agency_id, u.id FROM dispatch_assignment s JOIN units_unit u ON u.id = s.unit_id
 WHERE s.incident_id = ANY(%s::uuid[]) AND s.status IN {sql.among(PRESENT)}
"""  # noqa: S608 - states of the tables


_NOTE: Fields = {"note": UUID, "digest": str}
_PEOPLE: Fields = {"people": UUID, "count": int}
_TASK: Fields = {"task": UUID, "agency": UUID, "agency_code": str, "from": TaskState, "cause": str, **_NOTE}
_REASON: Fields = {"reason": str, "reason_id": str}
_ASSIGNMENT: Fields = {"assignment": UUID, "unit": UUID, "callsign": str, **_REASON}
_SENT: Fields = {**_ASSIGNMENT, "status": AssignmentStatus, "from": UnitStatus}
_LINK: Fields = {"call": UUID, "incident": UUID, "left": UUID}


class DispatchEvent(EventKind):
    """What happens to incidents: their state, notes, people at risk, tasks, units and calls."""

    INCIDENT_OPENED = (
        "incident.opened",
        _("Incident %(number)s opened: %(type)s, %(priority)s."),
        {
            "number": int,
            "type": str,
            "priority": int,
            "plan": int,
            "call": UUID,
            "split_from": UUID,
            "lat": int,
            "lng": int,
            "kecamatan": str,
            "location_digest": str,
            "narrative_digest": str,
        },
        {"split_from": _("It was split from another incident."), "call": _("Opened from a call.")},
    )
    INCIDENT_EDITED = (
        "incident.edited",
        _("Changed: %(fields)s."),
        {
            "fields": list,
            "version": int,
            "type": dict,
            "priority": dict,
            "owner": UUID,
            "parent": UUID,
            "lat": int,
            "lng": int,
            "kecamatan": str,
            "location_digest": str,
        },
        {"type": _("Type %(type)s."), "priority": _("Priority %(priority)s.")},
    )
    INCIDENT_NARRATIVE_TOLD = "incident.narrative_told", _("First words written down."), {"digest": str}
    INCIDENT_STATE_CHANGED = (
        "incident.state_changed",
        _("%(from)s → %(to)s."),
        {
            **_NOTE,
            "from": IncidentState,
            "to": IncidentState,
            "disposition": str,
            "forced": bool,
            "undone": bool,
        },
        {
            "disposition": _("Disposition: %(disposition)s."),
            "forced": FORCED,
            "undone": _("The opening was taken back."),
        },
    )
    INCIDENT_MERGED = (
        "incident.merged",
        _("Merged into incident %(number)s."),
        {**_NOTE, "into": UUID, "number": int, "calls": list},
    )
    INCIDENT_REOPENED = (
        "incident.reopened",
        _("Reopened (was: %(from)s)."),
        {**_NOTE, "from": IncidentState, "to": IncidentState},
    )
    INCIDENT_SPLIT = (
        "incident.split",
        _("Incident %(number)s split off."),
        {"into": UUID, "number": int, "calls": list},
    )
    INCIDENT_DETAILS_READ = "incident.details_read", _("Restricted details read.")
    INCIDENT_SHORTFALL_ACCEPTED = (
        "incident.shortfall_accepted",
        _("Accepted that units are missing: %(missing)s."),
        {**_NOTE, "missing": list},
    )
    INCIDENT_WARNINGS_SEEN = (
        "incident.warnings_seen",
        _("Place warnings seen: %(count)s."),
        {"warnings": list, "count": int, "unit": UUID, "callsign": str},
        {"unit": _("For unit %(callsign)s.")},
    )
    NUMBERS_RESERVED = (
        "numbers.reserved",
        _("%(count)s incident numbers reserved for blank cards: %(first)s to %(last)s."),
        {"block": UUID, "count": int, "first": int, "last": int},
    )
    NOTE_ADDED = "note.added", _("Note added."), _NOTE
    NOTE_STRUCK = "note.struck", _("Note struck through."), _NOTE
    PEOPLE_REPORTED = "people.reported", _("People at risk: %(count)s."), _PEOPLE
    PEOPLE_CONTACTED = "people.contacted", _("Contact with people at risk."), _PEOPLE
    PEOPLE_RESCUED = "people.rescued", _("People at risk rescued: %(count)s."), _PEOPLE
    TASK_OFFERED = "task.offered", _("Task offered to %(agency_code)s."), {**_TASK, "by_plan": bool}
    TASK_ACCEPTED = (
        "task.accepted",
        _("%(agency_code)s accepted its task."),
        {**_TASK, "callsign": str},
        {"callsign": _("%(callsign)s acknowledged.")},
    )
    TASK_REFUSED = "task.refused", _("%(agency_code)s refused its task."), _TASK
    TASK_DONE = "task.done", _("%(agency_code)s finished its task."), _TASK
    TASK_WITHDRAWN = (
        "task.withdrawn",
        _("Task of %(agency_code)s withdrawn."),
        _TASK,
        {"cause": _("because of another act.")},
    )
    ASSIGNMENT_MADE = (
        "assignment.made",
        _("%(callsign)s assigned."),
        {**_SENT, "field_initiated": bool},
        {"field_initiated": _("It came across the incident itself.")},
    )
    ASSIGNMENT_SENT = "assignment.sent", _("%(callsign)s sent; it was stacked."), _SENT
    ASSIGNMENT_STACKED = "assignment.stacked", _("%(callsign)s stacked."), _SENT
    ASSIGNMENT_STATUS_CHANGED = (
        "assignment.status_changed",
        _("%(callsign)s: %(from)s → %(to)s."),
        {**_ASSIGNMENT, "from": AssignmentStatus, "to": AssignmentStatus, "forced": bool, "skew_seconds": int},
        {"forced": FORCED},
    )
    ASSIGNMENT_STATUS_UNDONE = (
        "assignment.status_undone",
        _("%(callsign)s: %(from)s taken back, %(to)s again."),
        {**_ASSIGNMENT, "from": AssignmentStatus, "to": AssignmentStatus},
    )
    ASSIGNMENT_STAMPED = (
        "assignment.stamped",
        _("%(callsign)s: %(status)s, entered late."),
        {**_ASSIGNMENT, "status": AssignmentStatus},
    )
    ASSIGNMENT_REASON_GIVEN = "assignment.reason_given", _("Reason given for %(callsign)s."), _ASSIGNMENT
    ASSIGNMENT_ENDED = (
        "assignment.ended",
        _("%(callsign)s: %(from)s → %(outcome)s."),
        {
            **_ASSIGNMENT,
            "from": AssignmentStatus,
            "outcome": AssignmentStatus,
            "unit_status": UnitStatus,
            "cause": str,
            "into": UUID,
            "sent_now": bool,
            "forced": bool,
        },
        {"forced": FORCED},
    )
    CALL_LINKED = "call.linked", _("Call linked."), _LINK, {"left": _("It left another incident.")}
    CALL_UNLINKED = "call.unlinked", _("Link of the call taken back."), _LINK


def parts_of(*incidents: UUID) -> set[str]:
    """The agencies and units that have a part in these incidents now, as subjects: one query.

    An agency has one by a task that isn't withdrawn, or by a unit that is active or stacked there.
    """
    ids = list(incidents)
    subjects: set[str] = set()
    for agency, unit in sql.rows(_PARTS, [ids, ids]):
        subjects.add(f"agency:{agency}")
        if unit:
            subjects.add(f"unit:{unit}")
    return subjects


def state(
    kind: DispatchEvent,
    incident: Incident,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    units: Iterable[UUID] = (),
    agencies: Iterable[UUID] = (),
    also: Iterable[str] = (),
    parts: Iterable[str] | None = None,
) -> Fact:
    """State a fact about an incident inside `transaction()`, after its rows are written.

    units, agencies: those that have lost their part with this fact, or whose form changes beside. also: further
    subjects ("call:<uuid>") whose form changes. parts: `parts_of` where the caller has it already.
    Raises ValueError for data that the log may not keep.
    """
    subjects = {
        f"incident:{incident.id}",
        *(parts_of(incident.id) if parts is None else parts),
        *(f"unit:{unit}" for unit in units),
        *(f"agency:{agency}" for agency in agencies),
        *also,
    }
    return events.append(kind, actor=actor.ref, desk=actor.desk, at=at, subjects=subjects, data=data)
