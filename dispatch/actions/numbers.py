"""Reserving incident numbers for blank cards."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, events
from core.errors import Conflict, Invalid, Refused
from dispatch.events import DispatchEvent
from dispatch.models import Incident, NumberBlock

__all__ = ["reserve_numbers"]

MOST = 200  # cards of one block


def reserve_numbers(*, actor: Actor, count: int) -> NumberBlock:
    """Take `count` numbers out of the sequence for blank cards; they are given to no incident but a late entry.

    A supervisor's. Raises Refused, Invalid(`count_out_of_range`).
    """
    if actor.require(Right.MEASURES) is not Reach.ANY:
        raise Refused("not_allowed", right=str(Right.MEASURES))
    if not 1 <= count <= MOST:
        raise Invalid.field("count", "count_out_of_range")
    with events.transaction():
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('dispatch_incident_number') FROM generate_series(1, %s)", [count])
            numbers = sorted(int(row[0]) for row in cursor.fetchall())
        block = NumberBlock.objects.create(
            centre_id=actor.centre,
            numbers=numbers,
            made_at=clock.now(),
            created_by=actor.ref,
            author_name=actor.name,
        )
        events.append(
            DispatchEvent.NUMBERS_RESERVED,
            actor=actor.ref,
            desk=actor.desk,
            subjects=[f"centre:{actor.centre}"],
            data={"block": block.id, "first": numbers[0], "last": numbers[-1], "count": count},
        )
    return block


def take_reserved(centre: UUID, number: int) -> int:
    """A reserved number that no incident has yet; its block stays locked until the transaction ends.

    Raises Invalid(`number_not_reserved`), Conflict(`number_taken`).
    """
    blocks = NumberBlock.objects.select_for_update(no_key=True).filter(centre_id=centre, numbers__contains=[number])
    if blocks.first() is None:
        raise Invalid.field("number", "number_not_reserved")
    taken = Incident.objects.filter(number=number).first()
    if taken is not None:
        raise Conflict("number_taken", incident=taken.id, number=str(number))
    return number
