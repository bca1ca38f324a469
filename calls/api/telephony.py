"""Telephony events over HTTP: what happens on the line, at least once and in any order."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema, Status
from pydantic import BeforeValidator, Field

from accounts.api import Request
from accounts.queries import zone_of
from calls.actions.telephony import PbxEvent, note_heartbeat, take_telephony_event
from calls.states import TelephonyKind
from core.moments import read_machine_time
from core.types import Word, tolerant_text

router = Router(tags=["telephony"])


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _event(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


# What only describes a call never loses its ringing: it is cleaned or left out.
Described = Annotated[str | None, BeforeValidator(tolerant_text(200))]
Address = Annotated[str | None, BeforeValidator(tolerant_text(2000))]
Name = Annotated[Word, BeforeValidator(_as_text)]


class TelephonyEvent(Schema):
    """A telephony event. `caller` is null when withheld; `agent` names a person by their number at the PBX.

    `at`: RFC 3339, epoch seconds or milliseconds, without a zone the site's. A time that can't be read is taken at
    receipt; the source's figures in /healthz show it.
    """

    source: Name
    call_ref: Name
    event: Annotated[TelephonyKind, BeforeValidator(_event)]
    at: Annotated[Any, Field(json_schema_extra={"examples": ["2026-01-31T08:00:00+07:00"]})] = None
    caller: Described = None
    called: Described = None
    agent: Described = None
    trunk: Described = None
    recording_url: Address = None


class Taken(Schema):
    """The call that the event belongs to."""

    call: UUID


class Heartbeat(Schema):
    """A sign of life of an exchange, every 5 s."""

    source: Name


class Alive(Schema):
    """The heartbeat was noted."""

    source: str


@router.post("/telephony/events", response={202: Taken}, summary="What happened on the line")
def take_event(request: Request, body: TelephonyEvent) -> Status[dict[str, UUID]]:
    """Duplicates and late ones change nothing wrongly: a call is what its events, ordered by `at`, make of it."""
    sent = read_machine_time(body.at, lambda: zone_of(request.actor.centre))
    event = PbxEvent(
        **body.model_dump(exclude={"at"}),
        at=sent.at,
        at_text=sent.text if sent.error else None,
        at_error=sent.error,
    )
    return Status(202, {"call": take_telephony_event(actor=request.actor, event=event).id})


@router.post("/telephony/heartbeat", response={202: Alive}, summary="The exchange lives")
def take_heartbeat(request: Request, body: Heartbeat) -> Status[dict[str, str]]:
    """From its first heartbeat on, an exchange's silence is trouble."""
    note_heartbeat(actor=request.actor, source=body.source)
    return Status(202, {"source": body.source})
