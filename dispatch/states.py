"""States of incidents, tasks and assignments, with the steps between them (docs/rules/states.md)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Steps
from units.states import UnitStatus as U


class IncidentState(models.TextChoices):
    """Where an incident is (docs/rules/incident-states.md#incident-states)."""

    NEW = "new", _("New")
    TRIAGED = "triaged", _("Triaged")
    ASSIGNED = "assigned", _("Assigned")
    EN_ROUTE = "en_route", _("En route")
    ON_SCENE = "on_scene", _("On scene")
    CONTROLLED = "controlled", _("Under control")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MERGED = "merged", _("Merged")
    ON_HOLD = "on_hold", _("On hold")
    REOPENED = "reopened", _("Reopened")


S = IncidentState
_AS_TRIAGED = (S.ASSIGNED, S.EN_ROUTE, S.ON_SCENE, S.RESOLVED, S.CANCELLED, S.MERGED, S.ON_HOLD)
NOT_OPEN = (S.CLOSED, S.CANCELLED, S.MERGED)
# From which states an incident is merged: an undone merge gives back the one it had.
BEFORE_MERGE = (S.NEW, S.TRIAGED, S.ASSIGNED, S.EN_ROUTE, S.ON_SCENE)
OPEN = tuple(state for state in IncidentState if state not in NOT_OPEN)

STEPS = Steps(
    {
        S.NEW: (S.TRIAGED, *_AS_TRIAGED),
        S.TRIAGED: _AS_TRIAGED,
        S.ASSIGNED: (S.EN_ROUTE, S.ON_SCENE, S.TRIAGED, S.RESOLVED, S.CANCELLED, S.MERGED),
        S.EN_ROUTE: (S.ON_SCENE, S.TRIAGED, S.RESOLVED, S.CANCELLED, S.MERGED),
        S.ON_SCENE: (S.CONTROLLED, S.RESOLVED, S.MERGED),
        S.CONTROLLED: (S.ON_SCENE, S.RESOLVED),
        S.RESOLVED: (S.CLOSED, S.REOPENED),
        S.CLOSED: (S.REOPENED,),
        S.CANCELLED: (S.REOPENED,),
        S.MERGED: (*BEFORE_MERGE, S.REOPENED),
        S.ON_HOLD: (S.TRIAGED, S.CANCELLED),
        S.REOPENED: _AS_TRIAGED,
    }
)


class TaskState(models.TextChoices):
    """Where an agency's task is (docs/rules/incident-states.md#task-states)."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")


T = TaskState
TASK_STEPS = Steps(
    {
        T.OFFERED: (T.ACCEPTED, T.REFUSED, T.WITHDRAWN),
        T.ACCEPTED: (T.DONE, T.WITHDRAWN),
        T.REFUSED: (T.OFFERED,),
        T.DONE: (),
        T.WITHDRAWN: (),
    }
)
TASK_OPEN = (T.OFFERED, T.ACCEPTED)


class AssignmentStatus(models.TextChoices):
    """A unit's part in an incident; while active it is one fact with the unit's status."""

    STACKED = "stacked", _("Stacked")
    DISPATCHED = "dispatched", _("Dispatched")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    EN_ROUTE = "en_route", _("En route")
    STAGING = "staging", _("Staging")
    ON_SCENE = "on_scene", _("On scene")
    TRANSPORTING = "transporting", _("Transporting")
    AT_DESTINATION = "at_destination", _("At destination")
    CLEARED = "cleared", _("Cleared")
    CANCELLED = "cancelled", _("Cancelled")
    REFUSED = "refused", _("Refused")
    DIVERTED = "diverted", _("Diverted")


A = AssignmentStatus
ACTIVE = (A.DISPATCHED, A.ACKNOWLEDGED, A.EN_ROUTE, A.STAGING, A.ON_SCENE, A.TRANSPORTING, A.AT_DESTINATION)
# Those that give a unit, and its agency, a part in the incident.
PRESENT = (*ACTIVE, A.STACKED)
FINAL = (A.CLEARED, A.CANCELLED, A.REFUSED, A.DIVERTED)
WORKED = (A.ON_SCENE, A.TRANSPORTING, A.AT_DESTINATION)

# What the furthest active assignment makes of its incident, forward only.
INCIDENT_OF: dict[str, IncidentState] = {
    A.DISPATCHED: S.ASSIGNED,
    A.ACKNOWLEDGED: S.ASSIGNED,
    A.EN_ROUTE: S.EN_ROUTE,
    A.STAGING: S.EN_ROUTE,
    A.ON_SCENE: S.ON_SCENE,
    A.TRANSPORTING: S.ON_SCENE,
    A.AT_DESTINATION: S.ON_SCENE,
}
STAMP_OF: dict[str, str] = {
    A.DISPATCHED: "dispatched_at",
    A.ACKNOWLEDGED: "acknowledged_at",
    A.EN_ROUTE: "en_route_at",
    A.STAGING: "staging_at",
    A.ON_SCENE: "on_scene_at",
    A.TRANSPORTING: "transporting_at",
    A.AT_DESTINATION: "at_destination_at",
}
assert set(STAMP_OF) == set(ACTIVE) <= set(U.values)  # noqa: S101 - one fact, one vocabulary
