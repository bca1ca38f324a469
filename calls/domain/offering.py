"""To whom a waiting call is offered: to everybody at once, or to the operator who has been ready longest.

A centre with fewer call-takers on duty than `Centre.ring_all_below` rings all of them: their state stays ready, since
each can take any call. From there on a call rings one after the other, each for `Centre.offer_seconds`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.roles import Role
from calls.models import Call, Operator
from calls.states import OperatorStatus
from core import events, sql

OFFER_TIMER = "call.offer"
_ON_DUTY = f"""
SELECT c.ring_all_below, c.offer_seconds,
       (SELECT count(*) FROM calls_operator o JOIN accounts_user u ON u.id = o.user_id
         WHERE u.centre_id = c.id AND u.is_active AND u.roles @> ARRAY['{Role.CALL_TAKER}']
           AND o.state <> '{OperatorStatus.OFFLINE}')
  FROM accounts_centre c WHERE c.id = %s::uuid
"""  # noqa: S608 - codes of ours


def call_takers(centre: UUID) -> QuerySet[Operator]:
    """The call-takers of a centre who are on duty."""
    found = Operator.objects.filter(user__centre=centre, user__is_active=True)
    return found.filter(user__roles__contains=[Role.CALL_TAKER.value]).exclude(state=OperatorStatus.OFFLINE)


def to_all() -> dict[str, Any]:
    """An offer to every ready call-taker."""
    return {"all": True, "operators": [], "until": None}


def to_these(operators: Iterable[Operator], until: datetime) -> dict[str, Any]:
    """An offer to these operators, their persons loaded, until a moment."""
    names = [{"id": str(operator.user_id), "name": operator.user.name} for operator in operators]
    return {"all": False, "operators": names, "until": events.utc_text(until)}


def offered_operators(call: Call) -> set[UUID]:
    """The operators whom a call rings by name."""
    return {UUID(operator["id"]) for operator in (call.offered_to or {}).get("operators", ())}


def choose_offer(centre: UUID, now: datetime) -> dict[str, Any]:
    """Decide to whom a call is offered now; the operator chosen, if any, is locked.

    Somebody whom another transaction holds is passed over, not waited for: two calls at once ring two operators. Where
    nobody is ready the call is offered to all: whoever becomes ready first sees it.
    """
    [[below, seconds, count]] = sql.rows(_ON_DUTY, [centre])
    if count < below:
        return to_all()
    ready = call_takers(centre).filter(state=OperatorStatus.READY).order_by("since", "user_id")
    chosen = ready.select_related("user").select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    return to_these([chosen], now + timedelta(seconds=seconds)) if chosen else to_all()


def is_last_ready(operator: Operator) -> bool:
    """Whether no other call-taker of the centre is ready."""
    others = call_takers(operator.user.centre_id).filter(state=OperatorStatus.READY).exclude(pk=operator.pk)
    return not others.exists()
