"""Queries of calls: who may see and work them, and their board item but for the incident."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Reverse

from accounts.actors import DEMO, DEMO_ID, Actor
from accounts.roles import Reach, Right
from calls.models import Call, CallCorrection, CallLine, Number
from calls.numbers import ending, normalise
from calls.queries.shapes import CallForm, Offer, Ref, Safety
from calls.states import IN_TALK, OPEN, WAITING, CallState, ContactSafety
from core import sql
from core.errors import Unknown

# Strikes in 24 h from which a nuisance level begins: docs/rules/escalation.md#rule-15.
NUISANCE_LEVELS = (2, 3, 6)
STRIKES_COUNT_FOR = timedelta(hours=24)
_LINES = "WHERE t.call_id = %s::uuid ORDER BY t.at, t.id"
_CORRECTIONS = "WHERE t.call_id = %s::uuid ORDER BY t.made_at, t.id"
_STRIKES = """
SELECT count(*) FROM calls_strike WHERE number_id = %s::uuid AND at > %s::timestamptz AND at <= %s::timestamptz
"""
SHORTEST_ENDING = 4  # digits
MOST_NUMBERS = 100


def visible_calls(actor: Actor) -> QuerySet[Call]:
    """The calls an actor may see: all of the centre; a key bound to an agency those it has or made."""
    reach = actor.reach(Right.CALL_SEE)
    found = Call.objects.filter(centre_id=actor.centre)
    if reach is Reach.ANY:
        return found
    if reach is Reach.OWN:
        return found.filter(Q(claimed_by=actor.ref) | Q(created_by=actor.ref))
    return found.none()


def call_for(actor: Actor, call: UUID, *, lock: bool = False, right: Right = Right.CALL_SEE) -> Call:
    """One call that the actor may see, locked if asked; raises Unknown, or Refused for a key without the scope.

    right: what the actor wants to do with it, beside seeing it.
    """
    actor.require_of_key(Right.CALL_SEE, right)
    found = visible_calls(actor).filter(id=call)
    # What a row points to that was waited for is read after it: another one than when the statement began.
    found = found.select_for_update(no_key=True) if lock else found.select_related("number")
    row = found.first()
    if row is None:
        raise Unknown
    return row


def is_takeable(call: Call) -> bool:
    """Whether nobody has it yet, or who has it is passing it on."""
    return call.state in WAITING or call.claimed_by is None or call.state == CallState.TRANSFERRING


def may_work(actor: Actor, call: Call) -> bool:
    """Whether the actor may work this call (docs/rules/roles.md): their own, one that nobody has, or any."""
    reach = actor.reach(Right.CALL_WORK)
    return reach is Reach.ANY or (reach is Reach.OWN and (call.claimed_by == actor.ref or call.claimed_by is None))


def open_calls() -> QuerySet[Call]:
    """The calls that stand on the board, oldest first."""
    return Call.objects.filter(state__in=OPEN).order_by("started_at", "id")


def talking_calls(user: UUID) -> QuerySet[Call]:
    """The open lines of a person, the newest first."""
    return Call.objects.filter(operator_id=user, state__in=IN_TALK).order_by("-answered_at", "-id")


def calls_of_number(raw: str) -> Q:
    """Which calls a number written in any way means; where nobody has it, the numbers that end with its digits."""
    ids = list(Number.objects.filter(e164=normalise(raw)).values_list("id", flat=True))
    digits = ending(raw)
    if not ids and len(digits) >= SHORTEST_ENDING:
        backwards = Number.objects.annotate(backwards=Reverse("e164"))
        ids = list(backwards.filter(backwards__startswith=digits[::-1]).values_list("id", flat=True)[:MOST_NUMBERS])
    return Q(number__in=ids)


def history_of(actor: Actor, call: Call, limit: int = 20) -> list[Call]:
    """The last other calls of the same number that the actor may see, the newest first; none of a withheld one."""
    if call.number_id is None:
        return []
    return list(
        visible_calls(actor)
        .filter(number_id=call.number_id)
        .exclude(id=call.id)
        .select_related("number")
        .order_by("-started_at", "id")[:limit]
    )


def strikes_of(number: UUID, at: datetime) -> int:
    """How many strikes a number has in the 24 h before a moment."""
    [[count]] = sql.rows(_STRIKES, [number, at - STRIKES_COUNT_FOR, at])
    return int(count)


def nuisance_level(strikes: int) -> int:
    """0 none, 1 from two strikes in 24 h, 2 from three, 3 from six."""
    return sum(strikes >= least for least in NUISANCE_LEVELS)


def claimant(call: Call) -> Ref | None:
    """Who has a call, a person, a program or the demo, as {"id", "name"}; None where nobody has it."""
    if call.claimed_by is None:
        return None
    name = call.claimed_name or ""
    if call.claimed_by == DEMO:
        return {"id": DEMO_ID, "name": name}
    id_text = call.claimed_by.partition(":")[2]
    return {"id": UUID(id_text), "name": name} if id_text else None


def is_unsafe(number: Number | None) -> bool:
    """Whether a number must not be called back, texted or rated."""
    return number is not None and number.contact_safety == ContactSafety.UNSAFE


def safety_of(number: Number | None) -> Safety:
    """A number's contact safety as it travels; of a withheld one it is unknown."""
    safety = ContactSafety(number.contact_safety) if number else ContactSafety.UNKNOWN
    return {"safe_to_call_back": safety != ContactSafety.UNSAFE, "contact_safety": safety}


def call_bodies(calls: Iterable[Call]) -> dict[UUID, CallForm]:
    """The forms of calls with their numbers loaded, `incident` still null: dispatch knows."""
    return {call.id: _body(call) for call in calls}


def _body(call: Call) -> CallForm:
    number = call.number
    return {
        "id": call.id,
        "state": call.state,
        "channel": call.channel,
        "number": number.e164 if number else None,
        "started_at": call.started_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "operator": claimant(call),
        "incident": None,
        "nuisance": {"level": nuisance_level(call.strikes_24h), "strikes_24h": call.strikes_24h},
        "calls_before": call.calls_before,
        **safety_of(number),
        "offered_to": _offer_of(call),
        "language": call.language,
        "location": None,
        "disposition": call.disposition,
        "callback": None,
        "version": call.version,
    }


def _offer_of(call: Call) -> Offer | None:
    """Whom a waiting call rings: {"all", "operators": [{"id", "name"}], "until"}; None where it doesn't wait."""
    offer = call.offered_to
    if offer is None:
        return None
    until = datetime.fromisoformat(offer["until"]) if offer["until"] else None
    return {"all": offer["all"], "operators": offer["operators"], "until": until}


def call_details(call: Call) -> dict[str, Any]:
    """The fields of one call beside its board item: the caller, the lines and the corrections."""
    return {
        "caller_name": call.caller_name,
        "callback_number": call.callback_number,
        "called": call.called,
        "trunk": call.trunk,
        "closed_at": call.closed_at,
        "lines": [line_form(line) for line in sql.instances(CallLine, _LINES, [call.id])],
        "corrections": [
            {"id": row.id, "field": row.field, "old": row.old, "new": row.new, "made_at": row.made_at}
            for row in sql.instances(CallCorrection, _CORRECTIONS, [call.id])
        ],
    }


def line_form(line: CallLine) -> dict[str, Any]:
    """A line of words as it travels."""
    return {
        "id": line.id,
        "call": line.call_id,
        "at": line.at,
        "recorded_at": line.recorded_at,
        "by": line.author_name,
        "text": line.text,
    }
