"""The locks of calls. A number goes before its calls: its data stands on the board items of all of them.

Rows that other rows point to are locked without their key (FOR NO KEY UPDATE): a foreign key is checked at commit,
behind the append, and must not wait there for somebody who waits for the append.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from accounts.roles import Right
from calls.models import Call, Number
from calls.queries.calls import call_for, claimant, may_work, open_calls, visible_calls
from core.errors import Busy, Refused, Unknown

_NEW_NUMBER = """
INSERT INTO calls_number (id, centre_id, e164, contact_safety) VALUES (%s, %s, %s, %s)
ON CONFLICT (centre_id, e164) DO NOTHING RETURNING id
"""


def lock_number(centre: UUID, e164: str | None) -> Number | None:
    """The locked row of a normalised telephone number, made where it is new; None for None."""
    if e164 is None:
        return None
    mine = Number.objects.filter(centre_id=centre, e164=e164).select_for_update(no_key=True)
    found = mine.first()
    if found is None:
        found = _make_number(centre, e164) or mine.get()
    return found


def _make_number(centre: UUID, e164: str) -> Number | None:
    """A new number, locked by having been written; None where somebody else was first. Nearly every call has one."""
    made = Number(centre_id=centre, e164=e164)
    with connection.cursor() as cursor:
        cursor.execute(_NEW_NUMBER, [made.id, centre, e164, made.contact_safety])
        if cursor.fetchone() is None:
            return None
    made._state.adding, made._state.db = False, connection.alias
    return made


def lock_with_number(actor: Actor, call: UUID, *, unseen: bool = False) -> tuple[Call, Number | None]:
    """A call that the actor may see, its number, and the open calls of that number, all locked.

    unseen: for a key that may open incidents from calls without seeing calls. Raises Unknown, Busy.
    """
    calls = Call.objects.filter(centre_id=actor.centre) if unseen else visible_calls(actor)
    number_id = calls.filter(id=call).values_list("number_id", flat=True).first()
    number = Number.objects.select_for_update(no_key=True).get(id=number_id) if number_id else None
    rows = Call.objects.filter(id=call)
    if number:
        rows |= open_calls().filter(number=number).order_by()
    list(rows.order_by("id").select_for_update(no_key=True).values_list("id"))
    row = calls.select_related("number").filter(id=call).first()
    if row is None:
        raise Unknown
    if row.number_id != number_id:
        raise Busy  # an exchange sent another number between looking and locking: that one goes before its calls
    return row, number


def lock_workable(actor: Actor, call: UUID) -> Call:
    """The locked call if the actor may work it. Raises Unknown, or Refused with who has it."""
    return _require_work(actor, call_for(actor, call, lock=True, right=Right.CALL_WORK))


def lock_workable_with_number(actor: Actor, call: UUID) -> Call:
    """As `lock_workable`, with its number and the open calls of that number: for what changes all their forms."""
    actor.require_of_key(Right.CALL_SEE, Right.CALL_WORK)
    row, number = lock_with_number(actor, call)
    row.number = number
    return _require_work(actor, row)


def _require_work(actor: Actor, call: Call) -> Call:
    actor.require(Right.CALL_WORK)
    if not may_work(actor, call):
        raise Refused("not_allowed", operator=claimant(call))
    return call
