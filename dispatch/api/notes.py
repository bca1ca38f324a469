"""Notes over HTTP: lines of words that are added and struck, never erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from accounts.api import Request
from core.types import Moment, Words
from dispatch.actions.notes import add_note, strike_note
from dispatch.api.shapes import NoteForm
from dispatch.queries.details import note_form_of

router = Router(tags=["incidents"])


class NoteIn(Schema):
    """A line of text, and when it was heard."""

    id: UUID | None = None
    text: Words
    at: Moment | None = None


class StrikeIn(Schema):
    """Why a note is wrong."""

    reason: Words
    at: Moment | None = None


@router.post("incidents/{uuid:incident}/notes", response={200: NoteForm, 201: NoteForm})
def add(request: Request, incident: UUID, body: NoteIn) -> Status[dict[str, Any]]:
    """Add a note (201); the same id again changes nothing (200)."""
    note, made = add_note(actor=request.actor, incident=incident, **body.dict())
    return Status(201 if made else 200, note_form_of(note))


@router.post("notes/{uuid:note}/strike", response=NoteForm)
def strike(request: Request, note: UUID, body: StrikeIn) -> dict[str, Any]:
    """Strike a wrong note through; its words stay readable."""
    return note_form_of(strike_note(actor=request.actor, note=note, **body.dict()))
