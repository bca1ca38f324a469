"""Operators: who is at a desk, and saying what one is doing."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from accounts.api import Request
from accounts.roles import Reach, Right
from calls.actions.operators import set_operator_state
from calls.queries.operators import operator_form_of, operator_forms
from calls.queries.shapes import OperatorForm
from calls.states import OperatorStatus
from core.types import Moment, Word

router = Router(tags=["operators"])


class OperatorList(Schema):
    """Everybody who is not offline: a room full."""

    items: list[OperatorForm]
    next: str | None


class OwnState(Schema):
    """What one is doing now; not_ready needs a reason."""

    state: OperatorStatus
    reason: Word | None = None
    at: Moment | None = None


@router.get("/operators", response=OperatorList, summary="Operators who are not offline")
def list_operators(request: Request) -> dict[str, Any]:
    """By how long they have been in their state. A key bound to an agency sees none: they are the centre's people."""
    whole = request.actor.require(Right.CALL_SEE) is Reach.ANY
    return {"items": [form.body for form in operator_forms(None).values()] if whole else [], "next": None}


@router.post("/operators/me/state", response=OperatorForm, summary="Say what one is doing now")
def set_own_state(request: Request, body: OwnState) -> OperatorForm:
    """Ready, not ready with a reason, supervising ...; on a call and wrap-up come by the calls."""
    operator = set_operator_state(actor=request.actor, state=body.state, reason=body.reason, at=body.at)
    return operator_form_of(operator)
