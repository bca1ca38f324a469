"""Reading operators: who is at a desk, and what they are doing now."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from accounts.actors import Actor
from calls.models import Call, Operator
from calls.queries.shapes import OperatorForm
from calls.states import IN_TALK, CallState, OperatorStatus
from core import sql
from core.registry import Form


def operator_form_of(operator: Operator) -> OperatorForm:
    """An operator as it travels; its person is loaded."""
    return {
        "id": operator.user_id,
        "name": operator.user.name,
        "desk": operator.desk,
        "roles": sorted(operator.user.roles),
        "state": operator.state,
        "reason": operator.reason,
        "since": operator.since,
        "call": operator.call_id,
    }


def operator_forms(ids: Collection[UUID] | None) -> dict[UUID, Form[OperatorForm]]:
    """The forms of all operators who are not offline, or of those of these people. One query."""
    clause, which = ("", []) if ids is None else ("AND t.user_id = ANY(%s::uuid[])", [list(ids)])
    clause = f"WHERE t.state <> '{OperatorStatus.OFFLINE}' {clause} ORDER BY t.since, t.user_id"
    found = sql.instances(Operator, clause, which, related=("user",))
    return {operator.user_id: Form(operator_form_of(operator)) for operator in found}


def calls_in_hand(actor: Actor) -> list[tuple[str, str]]:
    """(number, state) of the calls that a person has in talk, on hold or not yet filed, the oldest first."""
    states = (*IN_TALK, CallState.ENDED, CallState.DROPPED, CallState.WRAP_UP)
    found = Call.objects.filter(operator_id=actor.user, state__in=states) if actor.user else Call.objects.none()
    return [
        (call.number.e164 if call.number else "", str(CallState(call.state).label))
        for call in found.select_related("number").order_by("started_at")
    ]
