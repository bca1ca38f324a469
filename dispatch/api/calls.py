"""Calls over HTTP: by hand, claimed, worked, filed, linked."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from accounts.api import Request
from accounts.roles import Right
from calls.actions import call_control, caller_details, calls, disposition
from calls.queries.calls import calls_of_number, visible_calls
from calls.queries.shapes import CallForm
from calls.states import OPEN, WAITING, CallState
from core import paging
from core.errors import Invalid
from dispatch.actions.calls import link_call, unlink_call
from dispatch.actions.read_audit import read_words
from dispatch.api.call_shapes import (
    Act,
    Answer,
    CallContext,
    CallDetails,
    CallEdit,
    CallFilter,
    CallList,
    ContextOf,
    Disposal,
    End,
    Line,
    LineForm,
    Link,
    NewCall,
    Transfer,
    Undo,
    Unlink,
)
from dispatch.queries.calls import call_context, call_for, call_form_of, call_page, full_call, line_form
from places.areas import point_of

router = Router(tags=["calls"])

# Words for several states at once, beside the states themselves.
_GROUPS = {"open": OPEN, "waiting": WAITING}


@router.get("/calls", response=CallList, summary="Calls, the newest first")
def list_calls(request: Request, wanted: Query[CallFilter]) -> dict[str, Any]:
    """A page of calls."""
    request.actor.require(Right.CALL_SEE)
    rows = visible_calls(request.actor).select_related("number")
    if wanted.state:
        if wanted.state not in {*_GROUPS, *CallState}:
            raise Invalid.field("state", "call_state_unknown")
        rows = rows.filter(state__in=_GROUPS.get(wanted.state, (wanted.state,)))
    if wanted.since:
        rows = rows.filter(started_at__gte=wanted.since)
    if wanted.number:
        rows = rows.filter(calls_of_number(wanted.number))
    forms = partial(call_page, request.actor)
    return paging.page(rows, order=("-started_at", "id"), cursor=wanted.cursor, limit=wanted.limit, forms=forms)


@router.post("/calls", response={200: CallForm, 201: CallForm}, summary="Open a call by hand")
def open_call(request: Request, body: NewCall) -> Status[CallForm]:
    """It starts answered, by whoever opens it."""
    call, new = calls.open_call(actor=request.actor, id=body.id, channel=body.channel, number=body.number, at=body.at)
    return Status(201 if new else 200, call_form_of(call))


@router.get("/calls/{uuid:call}", response=CallDetails, summary="One call with its words")
def read_call(request: Request, call: UUID) -> dict[str, Any]:
    """Its form, the caller, the transcript and the corrections."""
    row = call_for(request.actor, call)
    read_words(actor=request.actor, call=call)
    return full_call(request.actor, row)


@router.patch("/calls/{uuid:call}", response=CallDetails, summary="Change what is known of a call")
def edit_call(request: Request, call: UUID, body: CallEdit) -> dict[str, Any]:
    """On a closed call each change leaves a correction."""
    changes = body.model_dump(exclude_unset=True, exclude={"version"})
    for field in ("safe_to_call_back", "contact_safety"):
        if field in changes and changes[field] is None:
            raise Invalid.field(field, "required")
    row = caller_details.edit_call(actor=request.actor, call=call, version=body.version, changes=changes)
    return full_call(request.actor, row)


@router.get("/calls/{uuid:call}/context", response=CallContext, summary="What is known around a call")
def read_context(request: Request, call: UUID, form: Query[ContextOf]) -> dict[str, Any]:
    """History and nuisance of its number, contact safety, AML fixes, place warnings, possible duplicates."""
    row = call_for(request.actor, call)
    context = call_context(request.actor, row, point_of(form.lat, form.lng), form.type)
    if context["place_warnings"]:  # beside them all that it holds of this call stands on every board
        read_words(actor=request.actor, call=call)
    return context


@router.post("/calls/{uuid:call}/answer", response=CallForm, summary="Claim a call")
def answer(request: Request, call: UUID, body: Answer | None = None) -> CallForm:
    """Of two at the same moment one has it; the other gets the name of who has it (409 `call_taken`)."""
    claim = body or Answer()
    act = call_control.take_over_call if claim.take_over else call_control.answer_call
    return call_form_of(act(actor=request.actor, call=call, at=claim.at))


@router.post("/calls/{uuid:call}/hold", response=CallForm, summary="Put the caller on hold")
def hold(request: Request, call: UUID, body: Act | None = None) -> CallForm:
    """The line stays open."""
    at = body.at if body else None
    return call_form_of(call_control.hold_call(actor=request.actor, call=call, at=at))


@router.post("/calls/{uuid:call}/resume", response=CallForm, summary="Talk on")
def resume(request: Request, call: UUID, body: Act | None = None) -> CallForm:
    """After a hold, or after an attempt to pass the call on."""
    at = body.at if body else None
    return call_form_of(call_control.resume_call(actor=request.actor, call=call, at=at))


@router.post("/calls/{uuid:call}/transfer", response=CallForm, summary="Pass a call on")
def transfer(request: Request, call: UUID, body: Transfer | None = None) -> CallForm:
    """Whoever answers or claims it next has it."""
    wish = body or Transfer()
    row = call_control.transfer_call(actor=request.actor, call=call, to=wish.to, at=wish.at)
    return call_form_of(row)


@router.post("/calls/{uuid:call}/end", response=CallForm, summary="End a call")
def end(request: Request, call: UUID, body: End | None = None) -> CallForm:
    """Five seconds to undo."""
    wish = body or End()
    return call_form_of(call_control.end_call(actor=request.actor, call=call, act=wish.act, at=wish.at))


@router.post("/calls/{uuid:call}/dispose", response=CallForm, summary="File a call")
def dispose(request: Request, call: UUID, body: Disposal) -> CallForm:
    """Five seconds to undo. A call still in talk ends in the record after them; the exchange gets no command."""
    row = disposition.dispose_call(
        actor=request.actor,
        call=call,
        disposition=body.disposition,
        note=body.note,
        act=body.act,
        at=body.at,
    )
    return call_form_of(row)


@router.post("/calls/{uuid:call}/undo", response=CallForm, summary="Take the last disposal or end back")
def undo(request: Request, call: UUID, body: Undo | None = None) -> CallForm:
    """Within five seconds, or while the line is still open; a named act only if none has followed it (`moved_on`)."""
    act = body.act if body else None
    return call_form_of(disposition.undo_act(actor=request.actor, call=call, act=act))


@router.post("/calls/{uuid:call}/reopen", response=CallForm, summary="Take a closed call up again")
def reopen(request: Request, call: UUID, body: Act | None = None) -> CallForm:
    """To file it anew."""
    at = body.at if body else None
    return call_form_of(disposition.reopen_call(actor=request.actor, call=call, at=at))


@router.post("/calls/{uuid:call}/link", response=CallForm, summary="Link a call to an open incident")
def link(request: Request, call: UUID, body: Link) -> CallForm:
    """In whatever state the call is, before it is answered too."""
    row = link_call(
        actor=request.actor,
        call=call,
        incident=body.incident,
        instead_of=body.instead_of,
        at=body.at,
    )
    return call_form_of(row)


@router.post("/calls/{uuid:call}/unlink", response=CallForm, summary="Take a link back")
def unlink(request: Request, call: UUID, body: Unlink | None = None) -> CallForm:
    """A call-taker the own one within five seconds, a dispatcher any; the call is filed as it was before."""
    incident = body.incident if body else None
    return call_form_of(unlink_call(actor=request.actor, call=call, incident=incident))


@router.post("/calls/{uuid:call}/lines", response={200: LineForm, 201: LineForm}, summary="Add a line of words")
def add_line(request: Request, call: UUID, body: Line) -> Status[dict[str, Any]]:
    """Lines are only ever added."""
    row, new = caller_details.add_line(actor=request.actor, call=call, text=body.text, id=body.id, at=body.at)
    return Status(201 if new else 200, line_form(row))
