"""Where the sound of a crew's emergency was stopped: an acknowledgement silences the desk that made it, no other."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.actors import Actor
from alarms import events as facts
from alarms.events import AlarmEvent
from alarms.models import Alarm
from core import clock

BY_DESK = frozenset({9})  # rules that every desk acknowledges for itself


def silence(alarm: Alarm, *, actor: Actor) -> bool:
    """Stop the sound of a locked alarm at the actor's desk; returns whether it was on there.

    A person who signs in at another desk hears it there again, and so does the next person at this desk. Rules that
    one acknowledgement silences everywhere, and keys, which have no desk: does nothing.
    """
    if alarm.rule not in BY_DESK or not actor.is_person:
        return False
    entry = {"user": str(actor.user), "desk": actor.desk}
    if entry in alarm.silenced:
        return False
    alarm.silenced = [*alarm.silenced, entry]
    alarm.save(update_fields=["silenced"])
    return True


def reopen_alarm(rule: int, subject: str, *, also: Iterable[str] = ()) -> bool:
    """Let the open alarm of a locked subject sound at every desk again; returns whether there is one.

    also: further subjects of its events from now on.
    """
    alarm = Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=rule, subject=subject)
    row = alarm.select_for_update().first()
    if row is None:
        return False
    now = clock.now()
    row.state, row.silenced, row.level_at = Alarm.State.OPEN, [], now
    row.also = sorted({*row.also, *also})
    row.save(update_fields=["state", "silenced", "level_at", "also"])
    facts.risen(AlarmEvent.ALARM_RETURNED, row, at=now)
    return True
