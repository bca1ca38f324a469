"""Drafts: what a form holds before it is sent, kept while it is typed so that no crash costs a word.

A draft is no fact of the trade: it is written over again and again, nothing is stated of it, and its words are read by
whoever may work the call alone, and not where its restricted incident hides them (the doors ask: dispatch.api.drafts).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Reach, Right
from calls.models import Call, Draft
from calls.queries.calls import call_for, claimant, may_work
from calls.states import CallState
from core import clock, events, json_codec
from core.errors import Conflict, Invalid, Refused, Unknown

LARGEST = 65_536  # bytes
DEEPEST = 12
KEPT = timedelta(days=7)
MOST_LISTED = 50


def draft_of(actor: Actor, key: UUID) -> dict[str, Any]:
    """A draft as it travels; `body` null and `version` 0 where nothing is kept.

    key: the call's id, or the one that its maker gave it. Raises Refused (not the actor's call), Unknown.
    """
    call = _workable(actor, key)
    return draft_form(key, _draft(actor, key, call))


def own_drafts(actor: Actor) -> list[dict[str, Any]]:
    """The drafts that the actor wrote last and that hold something, the newest first, up to 50. Raises Refused.

    Not those of a call that somebody else works on by now. The caller leaves out what a restricted incident hides.
    """
    actor.require(Right.CALL_WORK)
    rows = Draft.objects.filter(centre=actor.centre, changed_by=actor.ref, body__isnull=False, version__gt=0)
    newest = rows.select_related("call__number").order_by("-changed_at", "id")[:MOST_LISTED]
    return [
        {**draft_form(row.id, row), "number": row.call.number.e164 if row.call and row.call.number else None}
        for row in newest
        if row.call is None or may_work(actor, row.call)
    ]


def keep_draft(*, actor: Actor, key: UUID, version: int | None, body: dict[str, Any] | None) -> dict[str, Any]:
    """Keep what a form holds, over what was kept at `version` (0: nothing); a body of None throws it away.

    version: None writes over whatever stands there: for whoever never read it.
    The same body again returns quietly. Raises Refused, Unknown, Invalid (`draft_too_large`, `draft_malformed`),
    Conflict (`version_conflict`: somebody else, or another desk, has written since; `draft` is what they wrote).
    """
    _require_plain(body)
    with events.transaction():
        call = _workable(actor, key)
        now = clock.now()
        fresh = {
            "centre_id": actor.centre, "call": call, "created_by": actor.ref,
            "changed_at": now, "changed_by": actor.ref, "changed_name": actor.name,
        }  # fmt: skip
        if not version:  # two desks that begin at once meet in one row
            Draft.objects.bulk_create([Draft(id=key, **fresh)], ignore_conflicts=True)
        row = _draft(actor, key, call, lock=True)
        if row is None:
            raise Conflict("version_conflict", draft=draft_form(key, None))
        if row.body == body and row.version:
            return draft_form(key, row)
        if version is not None and row.version != version:
            raise Conflict("version_conflict", draft=draft_form(key, row))
        row.body, row.version, row.desk = body, row.version + 1, actor.desk
        row.changed_at, row.changed_by, row.changed_name = now, actor.ref, actor.name
        row.save()
        return draft_form(key, row)


def clean_drafts() -> int:
    """Delete the drafts that nobody has touched for a week and whose call, if any, is closed; returns how many."""
    old = Draft.objects.filter(changed_at__lt=clock.now() - KEPT)
    gone = old.filter(call__isnull=True) | old.filter(call__state__in=(CallState.CLOSED, CallState.BLOCKED_IVR))
    deleted: int = Draft.objects.filter(id__in=gone.values("id")).delete()[0]
    return deleted


def draft_form(key: UUID, row: Draft | None) -> dict[str, Any]:
    """A draft as it travels, or the place of one."""
    return {
        "id": key,
        "body": row.body if row else None,
        "version": row.version if row else 0,
        "changed_at": row.changed_at if row else None,
        "by": row.changed_name if row else None,
        "desk": row.desk if row else None,
    }


def _workable(actor: Actor, key: UUID) -> Call | None:
    """The call of this id, if there is one: the draft is for who may work it."""
    if not Call.objects.filter(id=key).exists():
        actor.require(Right.CALL_WORK)
        return None
    call = call_for(actor, key)
    actor.require(Right.CALL_WORK)
    if not may_work(actor, call):
        raise Refused("not_allowed", operator=claimant(call))
    return call


def _draft(actor: Actor, key: UUID, call: Call | None, *, lock: bool = False) -> Draft | None:
    rows = Draft.objects.filter(id=key, centre=actor.centre)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    if row and call is None and row.created_by != actor.ref and actor.reach(Right.CALL_WORK) is not Reach.ANY:
        raise Unknown
    return row


def _require_plain(body: dict[str, Any] | None) -> None:
    if len(json_codec.dumps(body)) > LARGEST:
        raise Invalid.field("body", "draft_too_large")
    try:
        _look_at(body, DEEPEST)
    except ValueError:
        raise Invalid.field("body", "draft_malformed") from None


def _look_at(value: Any, depth: int) -> None:
    """Raise ValueError for what is nested too deeply."""
    if depth == 0:
        raise ValueError
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _look_at(inner, depth - 1)
