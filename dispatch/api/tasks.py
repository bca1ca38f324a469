"""Agencies' tasks over HTTP: offer, accept, refuse, done, withdraw."""

from __future__ import annotations

from uuid import UUID

from ninja import Router, Schema, Status

from accounts.api import Request
from core.types import Code, Moment, Words
from dispatch.actions.tasks import accept_task, finish_task, offer_task, refuse_task, withdraw_task
from dispatch.queries.shapes import TaskForm
from dispatch.queries.tasks import task_form_of
from dispatch.states import TaskState

router = Router(tags=["tasks"])


class OfferIn(Schema):
    """Which agency is asked."""

    id: UUID | None = None
    agency: Code
    at: Moment | None = None


class AnswerIn(Schema):
    """When it happened; a person who answers on an agency's behalf gives the reason."""

    reason: Words | None = None
    at: Moment | None = None


class RefusalIn(Schema):
    """Why an agency can't."""

    reason: Words
    at: Moment | None = None


class WithdrawIn(AnswerIn):
    """Why, in words. `expected`: only if it still is in that state."""

    expected: TaskState | None = None


@router.post("incidents/{uuid:incident}/tasks", response={200: TaskForm, 201: TaskForm})
def offer(request: Request, incident: UUID, body: OfferIn) -> Status[TaskForm]:
    """Offer an agency a task (201); 409 `task_exists` with the one it has."""
    task, made = offer_task(actor=request.actor, incident=incident, **body.dict())
    return Status(201 if made else 200, task_form_of(task))


@router.post("tasks/{uuid:task}/accept", response=TaskForm)
def accept(request: Request, task: UUID, body: AnswerIn | None = None) -> TaskForm:
    """Accept an offered task."""
    return task_form_of(accept_task(actor=request.actor, task=task, **(body or AnswerIn()).dict()))


@router.post("tasks/{uuid:task}/refuse", response=TaskForm)
def refuse(request: Request, task: UUID, body: RefusalIn) -> TaskForm:
    """Refuse an offered task; the next agency is asked at once."""
    return task_form_of(refuse_task(actor=request.actor, task=task, **body.dict()))


@router.post("tasks/{uuid:task}/done", response=TaskForm)
def finish(request: Request, task: UUID, body: AnswerIn | None = None) -> TaskForm:
    """Report an accepted task done."""
    return task_form_of(finish_task(actor=request.actor, task=task, **(body or AnswerIn()).dict()))


@router.post("tasks/{uuid:task}/withdraw", response=TaskForm)
def withdraw(request: Request, task: UUID, body: WithdrawIn | None = None) -> TaskForm:
    """Withdraw an offered or accepted task."""
    words = (body or WithdrawIn()).dict()
    return task_form_of(withdraw_task(actor=request.actor, task=task, **words))
