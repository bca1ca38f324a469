"""The alarms of an incident over HTTP, acknowledged together."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field

from accounts.api import Request
from alarms.queries import alarm_form_of
from core.types import Moment, Word
from dispatch.actions.incident_alarms import acknowledge_incident_alarms

router = Router(tags=["alarms"])

MOST = 1000


class GroupAcknowledgement(Schema):
    """Why, and which alarms were shown when the key was pressed; `name` where a key speaks for somebody.

    `levels`: the level at which each alarm was shown, by id; an alarm that has risen since is left open.
    """

    reason: Word
    name: Word | None = None
    seen: Annotated[list[UUID], Field(max_length=MOST)]
    levels: Annotated[dict[UUID, Annotated[int, Field(ge=1, le=9)]], Field(max_length=MOST)] | None = None
    at: Moment | None = None


@router.post("incidents/{uuid:incident}/alarms/acknowledge", summary="Take an incident's alarms on oneself")
def acknowledge(request: Request, incident: UUID, body: GroupAcknowledgement) -> dict[str, Any]:
    """Those in `seen` that the role may acknowledge; `rest` lists the others that are open, each with `why`.

    Rule 9 (a crew's emergency) and rule 2 (P1 without a unit) are acknowledged one by one.
    """
    done, left = acknowledge_incident_alarms(
        actor=request.actor,
        incident=incident,
        reason=body.reason,
        seen=set(body.seen),
        levels=body.levels,
        name=body.name,
        at=body.at,
    )
    return {
        "acknowledged": [alarm_form_of(alarm) for alarm in done],
        "rest": [alarm_form_of(one.alarm) | {"why": one.why} for one in left],
    }
