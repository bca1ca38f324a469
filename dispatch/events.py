"""The facts that dispatch states: each names everybody who has a part in its incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from core import events, sql
from core.events import Fact
from dispatch.models import Incident
from dispatch.states import PRESENT, TaskState

_PARTS = f"""
SELECT agency_id, NULL FROM dispatch_task WHERE incident_id = ANY(%s::uuid[]) AND state <> '{TaskState.WITHDRAWN}'
UNION
SELECT u.agency_id, u.id FROM dispatch_assignment s JOIN units_unit u ON u.id = s.unit_id
 WHERE s.incident_id = ANY(%s::uuid[]) AND s.status IN {sql.among(PRESENT)}
"""  # noqa: S608 - states of the tables


def parts_of(*incidents: UUID) -> set[str]:
    """The agencies and units that have a part in these incidents now, as subjects: one query.

    An agency has one by a task that isn't withdrawn, or by a unit that is active or stacked there.
    """
    ids = list(incidents)
    subjects: set[str] = set()
    for agency, unit in sql.rows(_PARTS, [ids, ids]):
        subjects.add(f"agency:{agency}")
        if unit:
            subjects.add(f"unit:{unit}")
    return subjects


def state(
    kind: str,
    incident: Incident,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    units: Iterable[UUID] = (),
    agencies: Iterable[UUID] = (),
    also: Iterable[str] = (),
    parts: Iterable[str] | None = None,
) -> Fact:
    """State a fact about an incident inside `transaction()`, after its rows are written.

    units, agencies: those that have lost their part with this fact, or whose form changes beside. also: further
    subjects ("call:<uuid>") whose form changes. parts: `parts_of` where the caller has it already.
    Raises ValueError for data that the log may not keep.
    """
    subjects = {
        f"incident:{incident.id}",
        *(parts_of(incident.id) if parts is None else parts),
        *(f"unit:{unit}" for unit in units),
        *(f"agency:{agency}" for agency in agencies),
        *also,
    }
    return events.append(kind, actor=actor.ref, desk=actor.desk, at=at, subjects=subjects, data=data)
