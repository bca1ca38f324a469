"""Reading the numbers that were reserved for blank cards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from core.errors import Unknown
from dispatch.models import Incident, NumberBlock

SHOWN = 20  # blocks, the newest first


def blocks_of(actor: Actor) -> list[dict[str, Any]]:
    """The centre's newest blocks: each with its numbers that no incident has yet, and how many have one."""
    blocks = list(NumberBlock.objects.filter(centre=actor.centre).order_by("-made_at")[:SHOWN])
    numbers = [number for block in blocks for number in block.numbers]
    used = set(Incident.objects.filter(number__in=numbers).values_list("number", flat=True))
    return [
        {
            "block": block,
            "free": [number for number in block.numbers if number not in used],
            "used": len(used.intersection(block.numbers)),
        }
        for block in blocks
    ]


def block_for(actor: Actor, block: UUID) -> NumberBlock:
    """A block of the actor's centre. Raises Unknown."""
    found = NumberBlock.objects.filter(centre=actor.centre, pk=block).first()
    if found is None:
        raise Unknown
    return found
