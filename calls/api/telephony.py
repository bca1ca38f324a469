"""The exchange's door: what happens on the line, at least once and in any order."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field

from accounts.api import Request
from calls.actions.telephony import Told, note_heartbeat, take_telephony_event
from calls.states import TelephonyKind
from core.types import Moment, Word, clean_text

router = Router(tags=["telephony"])

Told200 = Annotated[str, AfterValidator(clean_text), Field(max_length=200)]
Address = Annotated[str, AfterValidator(clean_text), Field(max_length=2000)]


class TelephonyEvent(Schema):
    """One word of an exchange. `caller` is null when withheld; `agent` names a person by their number at the PBX."""

    source: Word
    call_ref: Word
    event: TelephonyKind
    at: Moment | None = None
    caller: Told200 | None = None
    called: Told200 | None = None
    agent: Told200 | None = None
    trunk: Told200 | None = None
    recording_url: Address | None = None


class Taken(Schema):
    """The call that the word belongs to."""

    call: UUID


class Heartbeat(Schema):
    """An exchange that lives, every 5 s."""

    source: Word


class Alive(Schema):
    """The heartbeat was noted."""

    source: str


@router.post("/telephony/events", response={202: Taken}, summary="What happened on the line")
def take_event(request: Request, body: TelephonyEvent) -> Status[dict[str, UUID]]:
    """Duplicates and late ones change nothing wrongly: a call is what its events, ordered by `at`, make of it."""
    call = take_telephony_event(actor=request.actor, told=Told(**body.model_dump()))
    return Status(202, {"call": call.id})


@router.post("/telephony/heartbeat", response={202: Alive}, summary="The exchange lives")
def take_heartbeat(request: Request, body: Heartbeat) -> Status[dict[str, str]]:
    """From its first heartbeat on, an exchange's silence is trouble."""
    note_heartbeat(actor=request.actor, source=body.source)
    return Status(202, {"source": body.source})
