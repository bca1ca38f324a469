"""Sending units over HTTP: assignments, and which units to send."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Router, Schema, Status
from pydantic import Field

from accounts.api import Request
from core import sql
from core.types import Code, Moment, Words
from dispatch.actions.assignments import assign_unit, cancel_assignment, give_reason, send_stacked
from dispatch.actions.status_undo import undo_status
from dispatch.actions.unit_status import report_status
from dispatch.models import Assignment
from dispatch.queries.assignments import assignment_entry
from dispatch.queries.incidents import incident_for
from dispatch.queries.recommendation import recommendation
from dispatch.queries.shapes import AssignmentForm
from plans.queries.shapes import Recommendation

router = Router(tags=["assignments"])

Alarm = Annotated[int, Field(ge=1, le=9)]


class Sending(Schema):
    """Which unit (id or callsign), and how. `instead_of`: only if it still is on that assignment."""

    unit: Code
    id: UUID | None = None
    stacked: bool = False
    divert: bool = False
    instead_of: UUID | None = None
    reason: Words | None = None
    at: Moment | None = None


class AssignmentReport(Schema):
    """A status by its name or FMS digit, or how the assignment ended: cancelled, refused, cleared."""

    status: Code
    reason: Words | None = None
    force: bool = False
    at: Moment | None = None


class StatusUndo(Schema):
    """The status to take back, by its name."""

    status: Code


class Reason(Schema):
    """Why this unit."""

    reason: Words


class When(Schema):
    """When it happened."""

    at: Moment | None = None


@router.post(
    "incidents/{uuid:incident}/assignments", response={200: AssignmentForm, 201: AssignmentForm}, summary="Send a unit"
)
def post_assignment(request: Request, incident: UUID, body: Sending) -> Status[AssignmentForm]:
    """201 with the assignment; 200 for the same id again."""
    row, new = assign_unit(
        actor=request.actor,
        incident=incident,
        unit=body.unit,
        id=body.id,
        stacked=body.stacked,
        divert=body.divert,
        instead_of=body.instead_of,
        reason=body.reason,
        at=body.at,
    )
    return Status(201 if new else 200, _form(row.id))


@router.post(
    "assignments/{uuid:assignment}/status",
    response=AssignmentForm,
    summary="The unit of an active assignment reports what it does",
)
def post_assignment_status(request: Request, assignment: UUID, body: AssignmentReport) -> AssignmentForm:
    """The same as the unit's own status; 409 `not_active` for a stacked or ended one."""
    report_status(
        actor=request.actor,
        assignment=assignment,
        status=body.status,
        reason=body.reason,
        force=body.force,
        at=body.at,
    )
    return _form(assignment)


@router.post(
    "assignments/{uuid:assignment}/status/undo",
    response=AssignmentForm,
    summary="Take back the status that was just reported",
)
def post_status_undo(request: Request, assignment: UUID, body: StatusUndo) -> AssignmentForm:
    """Within 15 s, while it still is the present one: 409 `moved_on` or `nothing_to_undo` else."""
    undo_status(actor=request.actor, assignment=assignment, status=body.status)
    return _form(assignment)


@router.post(
    "assignments/{uuid:assignment}/send", response=AssignmentForm, summary="Send a unit to what it is stacked for"
)
def post_send(request: Request, assignment: UUID, body: When) -> AssignmentForm:
    """Once it is free."""
    send_stacked(actor=request.actor, assignment=assignment, at=body.at)
    return _form(assignment)


@router.post(
    "assignments/{uuid:assignment}/cancel",
    response=AssignmentForm,
    summary="Call a unit off, or take it from the stack",
)
def post_cancel(request: Request, assignment: UUID, body: When) -> AssignmentForm:
    """One that was on scene ends as cleared."""
    cancel_assignment(actor=request.actor, assignment=assignment, at=body.at)
    return _form(assignment)


@router.post(
    "assignments/{uuid:assignment}/reason", response=AssignmentForm, summary="Say why this unit, after it was sent"
)
def post_reason(request: Request, assignment: UUID, body: Reason) -> AssignmentForm:
    """Read again in the incident's details, by who may read them."""
    give_reason(actor=request.actor, assignment=assignment, reason=body.reason)
    return _form(assignment)


@router.get(
    "incidents/{uuid:incident}/recommendation",
    response=Recommendation,
    summary="Which units to send, and why",
)
def get_recommendation(request: Request, incident: UUID, alarm: Alarm = 1) -> Recommendation:
    """What the plan needs and hasn't got, met by those that are there first; reasons in the asker's language.

    alarm: 2 asks for the plan's needs once more (a second alarm), up to 9.
    """
    return recommendation(request.actor, incident_for(request.actor, incident), alarm=alarm)


def _form(assignment: UUID) -> AssignmentForm:
    """An assignment as it travels alone: its entry, with its incident."""
    [row] = sql.instances(Assignment, "WHERE t.id = %s::uuid", [assignment], related=("unit", "incident"))
    return {**assignment_entry(row), "incident": {"id": row.incident_id, "number": str(row.incident.number)}}
