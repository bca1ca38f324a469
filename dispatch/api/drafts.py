"""Drafts over HTTP: read when a form is opened, written while it is filled in.

The endpoints stand here and not in calls: whose words a draft's are, its call's incident decides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from accounts.api import Request
from calls.drafts import draft_of, keep_draft, own_drafts
from core.types import Version
from dispatch.actions.read_audit import read_words
from dispatch.queries.calls import require_words, restricted_calls

router = Router(tags=["calls"])


class DraftIn(Schema):
    """What a form holds; a null body throws it away.

    `version` as last read, 0 for the first time: what somebody has written since stays. Without it, it is written over.
    """

    body: dict[str, Any] | None
    version: Version | None = None


class DraftForm(Schema):
    """What is kept of a form, and who wrote it last at which desk."""

    id: UUID
    body: dict[str, Any] | None
    version: int
    changed_at: datetime | None
    by: str | None
    desk: str | None


class ListedDraft(DraftForm):
    """A draft with its caller's number; null for a withheld one and for a form without a call."""

    number: str | None


class DraftList(Schema):
    """The asker's own drafts, the newest first, up to 50."""

    items: list[ListedDraft]


@router.get("/drafts", response=DraftList, summary="What the asker has typed and not sent, at any desk")
def list_drafts(request: Request) -> dict[str, Any]:
    """A call's of a restricted incident is left out: it is read where its call is opened, which is logged."""
    found = own_drafts(request.actor)
    hidden = restricted_calls([form["id"] for form in found])
    return {"items": [form for form in found if form["id"] not in hidden]}


@router.get("/drafts/{uuid:draft}", response=DraftForm, summary="What is kept of a form")
def read_draft(request: Request, draft: UUID) -> dict[str, Any]:
    """The id is the call's, or that of a form without a call; nothing kept: a null body, version 0."""
    require_words(request.actor, draft)
    form = draft_of(request.actor, draft)
    if form["body"] is not None:
        read_words(actor=request.actor, call=draft)
    return form


@router.put("/drafts/{uuid:draft}", response=DraftForm, summary="Keep what a form holds")
def put_draft(request: Request, draft: UUID, body: DraftIn) -> dict[str, Any]:
    """Written over what stood at `version`; 409 with what stands there where somebody has written since."""
    require_words(request.actor, draft)
    return keep_draft(actor=request.actor, key=draft, version=body.version, body=body.body)
