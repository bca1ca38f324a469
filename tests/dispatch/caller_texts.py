"""Short words for tests about incidents and their tasks, through the actions and through the endpoints."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from config.registry import registry
from core import clock, events
from core.models import Timer
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import Incident, Task
from dispatch.queries.board_items import incident_form_of

KOTA = Location("Jl. Diponegoro 12", -7.0056, 113.8594)
PLACE = {"text": "Jl. Diponegoro 12", "lat": -7.0056, "lng": 113.8594}


def opened(actor: Actor, **words: Any) -> Incident:
    """An incident that somebody opened."""
    words.setdefault("location", KOTA)
    return open_incident(actor=actor.at_desk("CT1"), **words)[0]


def form(incident: Incident) -> dict[str, Any]:
    """Its form, as it is in the database now."""
    row = Incident.objects.select_related("type", "centre", "owner").get(pk=incident.pk)
    return incident_form_of(row)


def task_of(incident: Incident, agency: str) -> Task:
    """The agency's newest task there."""
    return Task.objects.filter(incident=incident, agency__code=agency).order_by("-offered_at").first()


def states(incident: Incident) -> dict[str, str]:
    """The state of each agency's task."""
    return {task["agency"]: task["state"] for task in form(incident)["tasks"]}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem that an answer is; its status must be the one named."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    return answer.json()


def fire(kind: str) -> None:
    """Let what is due of a rule fire, as the clock does."""
    handler, now = registry.timers[kind], clock.now()
    due = list(Timer.objects.filter(kind=kind, state="armed", due_at__lte=now).order_by("due_at"))
    with events.transaction():
        got = handler.lock([timer.subject for timer in due])
        due = [timer for timer in due if timer.subject in got]
        Timer.objects.filter(pk__in=[timer.pk for timer in due]).update(state="fired")
        handler.fire(due, now)
