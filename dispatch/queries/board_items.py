"""The forms of incidents: three plain statements for any number of them, since every change on a board reads one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from alarms.rules import EscalationRule
from core import sql
from core.registry import Form
from dispatch.models import Incident
from dispatch.queries.needs import SentRow, missing_units
from dispatch.queries.shapes import AssignmentEntry, Clock, IncidentForm
from dispatch.states import NOT_OPEN, PRESENT, TaskState
from plans.queries.needs import MissingUnits, NeedRow, not_accepted
from units.states import FMS

# Which escalation rule watches an incident without an assigned unit, by priority.
RULE_OF = {
    1: EscalationRule.P1_WITHOUT_UNITS,
    2: EscalationRule.P2_WITHOUT_UNITS,
    3: EscalationRule.P3_WITHOUT_UNITS,
}
ARRIVAL_RULE = EscalationRule.NOT_ON_SCENE

_INCIDENTS = """
SELECT i.id, i.number, c.code AS centre, i.state, t."group", i.type_id AS type, i.priority, i.now, i.restricted,
       i.version, i.created_at, i.closed_at, i.late, o.id AS owner, o.name AS owner_name, i.desk, i.parent_id,
       i.merged_into_id, i.location_text, i.lat, i.lng, i.kecamatan, i.desa, i.island, i.outside, i.verified,
       i.narrative, i.warnings, i.waiting_since, i.waiting_until, i.wait_seconds, i.changed_at,
       i.arrival_until, i.arrival_seconds, i.first_ring_at, i.reopened_at, i.shortfall,
       (SELECT jsonb_agg(jsonb_build_array(n.id, n.agency, n.capability, n.count) ORDER BY n."order", n.id)
          FROM plans_planneed n WHERE n.plan_id = i.plan_id AND n.required) AS needs,
       (SELECT count(*) FROM dispatch_incidentcall k WHERE k.incident_id = i.id) AS calls,
       (SELECT coalesce(sum(p.count), 0) FROM dispatch_peopleatrisk p
         WHERE p.incident_id = i.id AND p.rescued_at IS NULL) AS people_at_risk
  FROM dispatch_incident i
  JOIN accounts_centre c ON c.id = i.centre_id
  JOIN plans_incidenttype t ON t.code = i.type_id
  LEFT JOIN accounts_user o ON o.id = i.owner_id
"""
_OPEN = "i.state NOT IN ({})".format(", ".join(f"'{state}'" for state in NOT_OPEN))
_BOARD_ORDER = " ORDER BY i.priority, i.created_at, i.id"
_TASKS = """
SELECT t.incident_id, t.agency_id, t.id, a.code AS agency, t.state, t.at
  FROM dispatch_task t JOIN accounts_agency a ON a.id = t.agency_id
 WHERE t.incident_id = ANY(%s) ORDER BY t.offered_at, t."order", t.id
"""
_ASSIGNMENTS = """
SELECT s.incident_id, u.agency_id, s.id, s.unit_id AS unit, u.callsign, s.status, s.at, s.stacked, s.dispatched_at,
       s.acknowledged_at, s.en_route_at, s.on_scene_at, s.cleared_at, s.transporting_at, s.at_destination_at,
       u.capabilities, a.code AS agency
  FROM dispatch_assignment s
  JOIN units_unit u ON u.id = s.unit_id
  JOIN accounts_agency a ON a.id = u.agency_id
 WHERE s.incident_id = ANY(%s) ORDER BY s.made_at, s.id
"""


class _Incident(NamedTuple):
    id: UUID
    number: int
    centre: str
    state: str
    group: str
    type: str
    priority: int
    now: bool
    restricted: bool
    version: int
    created_at: datetime
    closed_at: datetime | None
    late: bool
    owner: UUID | None
    owner_name: str | None
    desk: str | None
    parent: UUID | None
    merged_into: UUID | None
    location_text: str
    lat: float | None
    lng: float | None
    kecamatan: str | None
    desa: str | None
    island: str | None
    outside: bool
    verified: bool
    narrative: str | None
    warnings: int
    waiting_since: datetime
    waiting_until: datetime | None
    wait_seconds: list[int]
    changed_at: datetime
    arrival_until: datetime | None
    arrival_seconds: list[int]
    first_ring_at: datetime | None
    reopened_at: datetime | None
    shortfall: str
    needs: str | None
    calls: int
    people_at_risk: int


class _Task(NamedTuple):
    incident: UUID
    agency_id: UUID
    id: UUID
    agency: str
    state: str
    at: datetime


class _Assignment(NamedTuple):
    incident: UUID
    agency_id: UUID
    id: UUID
    unit_id: UUID
    callsign: str
    status: str
    at: datetime
    stacked: bool
    dispatched_at: datetime | None
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    cleared_at: datetime | None
    transporting_at: datetime | None
    at_destination_at: datetime | None
    capabilities: list[str]
    agency: str


def incident_forms(ids: Collection[UUID] | None) -> dict[UUID, Form[IncidentForm]]:
    """The forms of open incidents, as a board is ordered: of all, or of these."""
    if ids is None:
        return _read(f"{_INCIDENTS} WHERE {_OPEN}{_BOARD_ORDER}", [])
    return _read(f"{_INCIDENTS} WHERE i.id = ANY(%s) AND {_OPEN}{_BOARD_ORDER}", [list(ids)])


def forms_of(incidents: Collection[Incident]) -> dict[UUID, Form[IncidentForm]]:
    """The forms of these incidents in any state, in their order, with who has a part in each."""
    found = _read(f"{_INCIDENTS} WHERE i.id = ANY(%s)", [[incident.id for incident in incidents]])
    return {incident.id: found[incident.id] for incident in incidents}


def incident_form_of(incident: Incident) -> IncidentForm:
    """An incident as it travels, in any state."""
    return forms_of([incident])[incident.id].body


def _read(statement: str, parameters: Sequence[Any]) -> dict[UUID, Form[IncidentForm]]:
    incidents = [_Incident(*row) for row in sql.rows(statement, parameters)]
    if not incidents:
        return {}
    ids = [incident.id for incident in incidents]
    tasks: Mapping[UUID, list[_Task]] = defaultdict(list)
    for row in sql.rows(_TASKS, [ids]):
        tasks[row[0]].append(_Task(*row))
    assignments: Mapping[UUID, list[_Assignment]] = defaultdict(list)
    for row in sql.rows(_ASSIGNMENTS, [ids]):
        assignments[row[0]].append(_Assignment(*row))
    return {
        incident.id: _form(incident, tasks.get(incident.id, ()), assignments.get(incident.id, ()))
        for incident in incidents
    }


def _form(incident: _Incident, tasks: Iterable[_Task], assignments: Sequence[_Assignment]) -> Form[IncidentForm]:
    present = [row for row in assignments if row.status in PRESENT]
    agencies = {task.agency_id for task in tasks if task.state != TaskState.WITHDRAWN}
    body: IncidentForm = {
        "id": incident.id,
        "number": str(incident.number),
        "centre": incident.centre,
        "state": incident.state,
        "type": incident.group if incident.restricted else incident.type,
        "priority": incident.priority,
        "now": incident.now,
        "restricted": incident.restricted,
        "version": incident.version,
        "created_at": incident.created_at,
        "closed_at": incident.closed_at,
        "late": incident.late,
        "owner": {"id": incident.owner, "name": incident.owner_name or ""} if incident.owner else None,
        "desk": incident.desk,
        "parent": incident.parent,
        "merged_into": incident.merged_into,
        "location": {
            "text": incident.location_text,
            "lat": incident.lat,
            "lng": incident.lng,
            "kecamatan": incident.kecamatan,
            "desa": incident.desa,
            "island": incident.island,
            "outside": incident.outside,
            "verified": incident.verified,
        },
        "narrative": None if incident.restricted else incident.narrative,
        "calls": incident.calls,
        "warnings": incident.warnings,
        "people_at_risk": incident.people_at_risk,
        "tasks": [{"id": task.id, "agency": task.agency, "state": task.state, "at": task.at} for task in tasks],
        "assignments": [_assignment_entry(row) for row in assignments],
        "missing": _missing(incident, assignments),
        "clocks": _clocks(incident),
        "changed_at": incident.changed_at,
    }
    return Form(
        body,
        agencies=frozenset(agencies | {row.agency_id for row in present}),
        units=frozenset(row.unit_id for row in present),
    )


def _assignment_entry(row: _Assignment) -> AssignmentEntry:
    return {
        "id": row.id,
        "unit": row.unit_id,
        "callsign": row.callsign,
        "status": row.status,
        "fms": FMS.get(row.status),
        "at": row.at,
        "stacked": row.stacked,
        "dispatched_at": row.dispatched_at,
        "acknowledged_at": row.acknowledged_at,
        "en_route_at": row.en_route_at,
        "on_scene_at": row.on_scene_at,
        "cleared_at": row.cleared_at,
    }


def _missing(incident: _Incident, assignments: Sequence[_Assignment]) -> list[MissingUnits] | None:
    """The units that the incident's plan requires and nobody was sent for, less those accepted as missing.

    None for a restricted incident: what it needs would name its type.
    """
    if incident.restricted:
        return None
    if not incident.needs:
        return []
    needs = [NeedRow(*each) for each in json.loads(incident.needs)]
    sent = [
        SentRow(row.unit_id, row.status, row.at, row.on_scene_at, row.transporting_at, row.at_destination_at)
        for row in assignments
    ]
    units = {row.unit_id: (row.capabilities, row.agency) for row in assignments}
    missing = missing_units(needs, sent, units, since=incident.reopened_at)
    return not_accepted(json.loads(incident.shortfall), missing)


def arrival_base(first_ring_at: datetime | None, created_at: datetime, reopened_at: datetime | None) -> datetime:
    """What rule 7 counts from: the first ringing of the first call, else the opening; anew when reopened."""
    first = first_ring_at or created_at
    return max(first, reopened_at) if reopened_at else first


def _clocks(incident: _Incident) -> list[Clock]:
    """The clocks of rules 2 to 4 and of rule 7, as they were armed: the target of each is its first level."""
    clocks: list[Clock] = []
    if (rule := RULE_OF.get(incident.priority)) and incident.wait_seconds:
        clocks.append(_clock(rule, incident.waiting_since, incident.wait_seconds, incident.waiting_until))
    base_at = arrival_base(incident.first_ring_at, incident.created_at, incident.reopened_at)
    if incident.arrival_seconds:
        clocks.append(_clock(ARRIVAL_RULE, base_at, incident.arrival_seconds, incident.arrival_until))
    return clocks


def _clock(rule: int, since: datetime, seconds: Sequence[int], done_at: datetime | None) -> Clock:
    due_at = [since + timedelta(seconds=each) for each in seconds]
    return {"kind": f"rule.{rule}", "from": since, "due_at": due_at, "target_at": due_at[0], "done_at": done_at}
