"""The incidents that fit what somebody typed: a number, a telephone number in any writing, words of the place."""

from __future__ import annotations

from django.db.models import Q

from accounts.actors import Actor
from accounts.roles import Reach, Right
from calls.models import Call
from calls.queries.calls import calls_of_number
from core.types import BIGINT
from dispatch.models import IncidentCall
from dispatch.queries.incidents import readable_by_centre

# What three letters and more can be looked up by (the trigram index on the place).
SHORTEST_WORD = 3
# Fewer digits than this are an incident's number, never the end of a telephone number.
SHORTEST_PHONE = 5
_PHONE_SIGNS = frozenset("0123456789 +-().")


def search_filter(actor: Actor, typed: str) -> Q:
    """The incidents that fit, for whoever sees them anyway.

    Numbers of callers only for who may see those; of a restricted incident, for who may read it.

    Digits are an incident's number, and a telephone number where there are enough of them or a + or 0 begins it; words
    are those of the place, all of them, in any order.
    """
    text = typed.strip()
    digits = text.lstrip("#")
    if not set(text) <= _PHONE_SIGNS and not digits.isdecimal():
        return _of_place(text)
    found = Q(pk__in=[])
    if digits.isascii() and digits.isdecimal() and int(digits) <= BIGINT:
        found |= Q(number=int(digits))
    phone = "".join(sign for sign in text if sign.isdecimal())
    if len(phone) >= SHORTEST_PHONE and actor.reach(Right.INCIDENT_NUMBER) is Reach.ANY:
        calls = Call.objects.filter(calls_of_number(text))
        found |= Q(pk__in=IncidentCall.objects.filter(call__in=calls).values("incident")) & readable_by_centre(actor)
    return found


def _of_place(text: str) -> Q:
    words = text.split()
    if not any(len(word) >= SHORTEST_WORD for word in words):
        return Q(pk__in=[])
    found = Q()
    for word in words:
        found &= Q(location_text__icontains=word)
    return found
