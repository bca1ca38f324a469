"""The locks of calls. A number goes before its calls: its data stands on the board items of all of them.

Rows that other rows point to are locked without their key (FOR NO KEY UPDATE): a foreign key is checked at commit,
behind the append, and must not wait there for somebody who waits for the append.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from accounts.roles import Reach, Right
from calls.models import Call, Number
from calls.queries.calls import call_for, claimant, may_work, visible_calls
from calls.states import OPEN
from core import sql
from core.errors import Busy, Refused, Unknown

_NEW_NUMBER = """
INSERT INTO calls_number (id, centre_id, e164, contact_safety) VALUES (%s, %s, %s, %s)
ON CONFLICT (centre_id, e164) DO NOTHING RETURNING id
"""
_LOCK_NUMBER = "WHERE t.centre_id = %s::uuid AND t.e164 = %s FOR NO KEY UPDATE"
_NUMBER_OF = "SELECT number_id FROM calls_call WHERE id = %s::uuid AND centre_id = %s::uuid"
_LOCK_CALLS = f"""
WHERE t.id = %s::uuid OR (t.number_id = %s::uuid AND t.state IN {sql.among(OPEN)})
ORDER BY t.id FOR NO KEY UPDATE OF t
"""


def lock_number(centre: UUID, e164: str | None) -> Number | None:
    """The locked row of a normalised telephone number, made where it is new; None for None."""
    if e164 is None:
        return None
    found = _number(centre, e164)
    if found is None:
        found = _make_number(centre, e164) or _number(centre, e164)
    return found


def _number(centre: UUID, e164: str) -> Number | None:
    found = sql.instances(Number, _LOCK_NUMBER, [centre, e164])
    return found[0] if found else None


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
    everyones = unseen or actor.reach(Right.CALL_SEE) is Reach.ANY
    if everyones:
        seen = sql.rows(_NUMBER_OF, [call, actor.centre])
    else:
        seen = list(visible_calls(actor).filter(id=call).values_list("number_id"))
    if not seen:
        raise Unknown
    [[number_id]] = seen
    [number] = sql.instances(Number, "WHERE t.id = %s::uuid FOR NO KEY UPDATE", [number_id]) if number_id else [None]
    locked = sql.instances(Call, _LOCK_CALLS, [call, number_id], related=("number",))
    [row] = [one for one in locked if one.id == call]
    if not everyones and not visible_calls(actor).filter(id=call).exists():
        raise Unknown  # somebody else took it between looking and locking
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
