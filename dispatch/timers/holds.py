"""Rule 20: a caller is on hold; of a P1 incident's call after 15 s."""

from __future__ import annotations

from collections.abc import Collection

from alarms.conditions import Rule, Standing
from calls.domain.projection_update import HOLD_RULE
from calls.models import Call
from calls.states import CallState
from calls.timers import ids_of, lock_waiting
from dispatch.models import IncidentCall


def _standing(subjects: Collection[str]) -> dict[str, Standing]:
    calls = Call.objects.filter(id__in=ids_of(subjects), state=CallState.ON_HOLD).select_related("operator")
    links = IncidentCall.objects.filter(call__in=[call.id for call in calls]).select_related("incident")
    incidents = {link.call_id: link.incident for link in links}
    standing = {}
    for call in calls:
        incident, params = incidents.get(call.id), {"call": str(call.id), "channel": call.channel}
        if call.operator_id:
            params["operator"] = str(call.operator_id)
        if incident:
            params |= {"incident": str(incident.id), "number": str(incident.number)}
        standing[f"call:{call.id}"] = Standing(
            call.centre_id,
            incident.priority if incident else None,
            subjects=(f"incident:{incident.id}",) if incident else (),
            params=params,
        )
    return standing


RULES: tuple[Rule, ...] = (Rule(HOLD_RULE, lock=lock_waiting, standing=_standing),)
