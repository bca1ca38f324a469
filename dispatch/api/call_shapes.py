"""The shapes of calls as they travel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field

from calls.queries.shapes import CallForm, CallLocation, Nuisance
from calls.states import Channel
from calls.states import ContactSafety as ContactSafetyCode
from core import paging
from core.cleaning import clean_line
from core.types import Moment, Version, Word, Words
from dispatch.api.place_shapes import WarningForm
from dispatch.queries.shapes import IncidentForm

Digits = Annotated[str, AfterValidator(clean_line), Field(max_length=200)]
Language = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
_CHANNELS = {"whatsapp": "chat", "walk-in": "walk_in"}


def _channel(value: Any) -> Any:
    return _CHANNELS.get(value.lower(), value.lower()) if isinstance(value, str) else value


class NewCall(Schema):
    """A call opened by hand."""

    id: UUID | None = None
    channel: Annotated[Channel, BeforeValidator(_channel)] = Channel.VOICE
    number: Digits | None = None
    at: Moment | None = None


class CallEdit(Schema):
    """What is known of a call; what is left out stays. `version` as last read."""

    version: Version | None = None
    caller_name: Word | None = None
    callback_number: Digits | None = None
    language: Language | None = None
    safe_to_call_back: bool | None = None
    contact_safety: ContactSafetyCode | None = None


class Act(Schema):
    """When it happened, if not now."""

    at: Moment | None = None


class Answer(Act):
    """A claim; `take_over` takes it from whoever has it (supervisors)."""

    take_over: bool = False


class End(Act):
    """The end of a call; `act` is an id of the sender's by which `undo` knows it."""

    act: UUID | None = None


class Undo(Schema):
    """Which filing or end to take back, by the `act` it was sent with; none: whichever was last."""

    act: UUID | None = None


class Unlink(Schema):
    """The incident that the call is to be taken out of; none: whichever it is in."""

    incident: UUID | None = None


class Transfer(Act):
    """To whom: an operator's id or a number, as given."""

    to: Word | None = None


class Disposal(Act):
    """How it is filed, with a line of words if need be; `act` is an id by which `undo` knows it."""

    disposition: Word
    note: Words | None = None
    act: UUID | None = None


class Link(Act):
    """The incident that the call belongs to; `instead_of`: only if it still is in that one."""

    incident: UUID
    instead_of: UUID | None = None


class Line(Act):
    """A line of words."""

    id: UUID | None = None
    text: Words


class CallFilter(Schema):
    """Which calls: in a state ("open", "waiting" or a call state), since a moment, of a number written in any way."""

    state: Word | None = None
    since: Moment | None = None
    number: Digits | None = None
    cursor: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=paging.MAXIMUM_LIMIT)] | None = None


class ContextOf(Schema):
    """The place and the type as they stand in the form, before anything is sent."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    type: Word | None = None


class CallList(Schema):
    """A page of calls."""

    items: list[CallForm]
    next: str | None


class LineForm(Schema):
    """A line of words on a call, who wrote it, when it was heard and when it was recorded."""

    id: UUID
    call: UUID
    at: datetime
    recorded_at: datetime
    by: str
    text: str


class Correction(Schema):
    """What was changed on a closed call."""

    id: UUID
    field: str
    old: Any
    new: Any
    made_at: datetime


class CallDetails(CallForm):
    """A call with what the reader of one sees beside."""

    caller_name: str | None
    callback_number: str | None
    called: str | None
    trunk: str | None
    closed_at: datetime | None
    lines: list[LineForm] | None
    corrections: list[Correction] | None


class ContactSafety(Schema):
    """Whether the number may be called back."""

    safe_to_call_back: bool
    contact_safety: ContactSafetyCode
    unsafe_at: datetime | None


class Duplicate(Schema):
    """An open incident that the call may belong to, and why."""

    incident: IncidentForm
    reasons: list[str]
    metres: int | None


class CallContext(Schema):
    """What is known around a call."""

    call: CallForm
    history: list[CallForm]
    nuisance: Nuisance
    contact_safety: ContactSafety
    aml_fixes: list[CallLocation]
    place_warnings: list[WarningForm]
    duplicates: list[Duplicate]
