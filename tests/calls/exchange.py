"""A telephone exchange for tests, and the timers fired by hand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.actors import Actor
from accounts.queries import default_centre
from accounts.roles import Scope
from alarms.timers import handlers
from calls.actions.telephony import PbxEvent, take_telephony_event
from calls.models import Call, Operator
from calls.queries import live_kpis
from calls.states import TelephonyKind
from calls.timers import RULES, TIMERS
from core import clock
from core.firing.rounds import fire_due
from core.models import Event
from core.registry import Registry

CALLER = "+6281230987731"


def line_actor() -> Actor:
    """The key that an exchange speaks with."""
    key = f"key:{uuid.uuid4()}"
    return Actor(ref=key, name="pbx", centre=default_centre().id, scopes=frozenset({Scope.TELEPHONY}))


def program(name: str = "program") -> Actor:
    """A program with a call-taker's rights."""
    scopes = frozenset({Scope.CALLS, Scope.INCIDENTS})
    return Actor(ref=f"key:{uuid.uuid4()}", name=name, centre=default_centre().id, scopes=scopes)


@dataclass
class Exchange:
    """Sends the events of one call, at seconds from when it began."""

    start: datetime = field(default_factory=clock.now)
    caller: str | None = CALLER
    ref: str = field(default_factory=lambda: uuid.uuid4().hex)

    def say(self, event: str, seconds: float = 0, **more: Any) -> Call:
        pbx_event = PbxEvent(
            source="pbx",
            call_ref=self.ref,
            event=TelephonyKind(event),
            at=self.start + timedelta(seconds=seconds),
            **({"caller": self.caller} | more),
        )
        return take_telephony_event(actor=line_actor(), event=pbx_event)


def ringing(**more: Any) -> Call:
    """A call that rings now."""
    return Exchange(**more).say("ringing")


def again(call: Call) -> Call:
    """The call as it stands in the database."""
    return Call.objects.select_related("number").get(id=call.id)


def operator(actor: Actor) -> Operator:
    """The operator row of a person."""
    return Operator.objects.get(user_id=actor.user)


def let_timers_fire() -> None:
    """Fire the timers that are due now."""
    fire_due(
        Registry(
            kinds=(),
            timers=handlers(RULES) | TIMERS,
            positions=lambda _: [],
            kpis=live_kpis,
            recipients=lambda _: {},
            health={},
        )
    )


def kinds_about(call: Call) -> list[str]:
    """The kinds of the events about a call, in order."""
    events = Event.objects.filter(subjects__contains=[f"call:{call.id}"]).order_by("seq")
    return list(events.values_list("kind", flat=True))
