"""Reading incidents: whose they are to see, who may read what is restricted. Their forms: `board_items`, `details`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from accounts.roles import Reach, Right, Role
from core import sql
from core.errors import Conflict, Refused, Unknown
from dispatch.models import Assignment, Incident, IncidentCall, Task
from dispatch.states import ACTIVE, NOT_OPEN, PRESENT, TASK_OPEN, IncidentState, TaskState

_CENTRES = frozenset({Right.INCIDENT_EDIT, Right.INCIDENT_STATE})
_RELATED = ("type", "centre", "owner")
_MERGED_INTO = f"""
SELECT id FROM dispatch_incident WHERE merged_into_id = ANY(%s::uuid[]) AND state = '{IncidentState.MERGED}'
"""  # noqa: S608 - a state of the table


def visible_incidents(actor: Actor) -> QuerySet[Incident]:
    """The incidents an actor may see: all of the centre; an agency's by its tasks and units; a crew's own.

    An agency has a part by a task that isn't withdrawn, or by a unit that is active or stacked; a crew by its unit.
    """
    found = Incident.objects.filter(centre_id=actor.centre)
    reach = actor.reach(Right.INCIDENT_SEE)
    if reach is Reach.ANY:
        return found
    if reach is Reach.NONE:
        return found.none()
    part = Q(pk__in=[])
    here = Assignment.objects.filter(incident=OuterRef("pk"), status__in=PRESENT)
    if agency := desk_agency(actor):
        tasks = Task.objects.filter(incident=OuterRef("pk"), agency=agency).exclude(state=TaskState.WITHDRAWN)
        part |= Q(Exists(tasks)) | Q(Exists(here.filter(unit__agency=agency)))
    if unit := crew_unit(actor):
        part |= Q(Exists(here.filter(unit=unit)))
    return found.filter(part)


def desk_agency(actor: Actor) -> UUID | None:
    """The agency that an actor speaks for: an agency desk's, or the one a key is bound to. Not a crew's."""
    return actor.agency if actor.is_key or Role.AGENCY_DESK in actor.roles else None


def crew_unit(actor: Actor) -> UUID | None:
    """The unit that an actor speaks for as its crew."""
    return actor.unit if Role.CREW in actor.roles else None


def incident_for(actor: Actor, incident: UUID, *, lock: bool = False, right: Right | None = None) -> Incident:
    """One incident that the actor may see, with its type, centre and owner; locked for a write if asked.

    right: what the actor wants to do with it. Raises Unknown (404), also to a person who may see none; Refused (403)
    for a right that is lacking, to a key before anything is looked up. Changing an incident or its state takes the
    centre's reach: one that many agencies work in is none's own.
    """
    if actor.is_key:
        actor.require(right or Right.INCIDENT_SEE)
    if actor.reach(Right.INCIDENT_SEE) is Reach.ANY:
        clause = f"WHERE t.id = %s::uuid AND t.centre_id = %s::uuid {'FOR NO KEY UPDATE OF t' if lock else ''}"
        rows = sql.instances(Incident, clause, [incident, actor.centre], related=_RELATED)
        row = rows[0] if rows else None
    else:
        found = visible_incidents(actor).filter(pk=incident)
        # As in core.sql: what a row points to that was waited for is read after it.
        found = found.select_for_update(no_key=True) if lock else found.select_related(*_RELATED)
        row = found.first()
    if row is None:
        raise Unknown
    if right and actor.require(right) is not Reach.ANY and right in _CENTRES:
        raise Refused("not_allowed", right=str(right))
    return row


def require_not_merged(incident: Incident) -> None:
    """Raise Conflict(`merged`), naming where it went, for a merged incident: it takes no writes."""
    if incident.state == IncidentState.MERGED:
        raise Conflict("merged", into=root_of(incident).id)


def require_state(incident: Incident, expected: str | None) -> None:
    """Raise Conflict(`moved_on`) if an incident has gone on from the state that somebody takes it to be in."""
    if expected and incident.state != expected:
        raise Conflict("moved_on", state=incident.state)


def require_open(incident: Incident) -> None:
    """Raise Conflict(`merged`) or Conflict(`incident_not_open`) unless the incident is open."""
    require_not_merged(incident)
    if incident.state in NOT_OPEN:
        raise Conflict("incident_not_open", state=incident.state)


def root_of(incident: Incident) -> Incident:
    """Where a merged incident has gone in the end; itself if it isn't merged."""
    while incident.state == IncidentState.MERGED and incident.merged_into:
        incident = incident.merged_into
    return incident


def may_read_details(actor: Actor, incident: Incident) -> bool:
    """Whether the actor may read the words and persons of an incident.

    See docs/rules/incident-types.md#restricted-incidents.

    Restricted ones: the call-taker who took one of its calls, a desk with an offered or accepted task, a crew while
    it is assigned; dispatchers, supervisors and auditors always. Others: whoever sees the incident.
    """
    if not incident.restricted:
        return True
    reach = actor.reach(Right.INCIDENT_RESTRICTED)
    if reach is Reach.OWN:
        return (
            (Role.CALL_TAKER in actor.roles and _took_a_call(actor, incident))
            or _has_task(desk_agency(actor), incident, TASK_OPEN)
            or _is_assigned(crew_unit(actor), incident)
        )
    return reach is Reach.ANY


def readable_by_centre(actor: Actor) -> Q:
    """Which incidents a person with the centre's view may read in full, by the rule of `may_read_details`.

    For filters over what a restricted incident hides, such as its callers' numbers.
    """
    reach = actor.reach(Right.INCIDENT_RESTRICTED)
    if reach is Reach.ANY:
        return Q()
    readable = Q(restricted=False)
    if reach is Reach.OWN and Role.CALL_TAKER in actor.roles:
        taken = IncidentCall.objects.filter(_taken_by(actor), incident=OuterRef("pk"))
        readable |= Q(Exists(taken))
    return readable


def may_see_numbers(actor: Actor, incident: Incident) -> bool:
    """Whether the actor may see its callers' numbers: an agency with an accepted task, a crew while assigned."""
    reach = actor.reach(Right.INCIDENT_NUMBER)
    if reach is Reach.OWN:
        return _has_task(desk_agency(actor), incident, (TaskState.ACCEPTED,)) or _is_assigned(
            crew_unit(actor), incident
        )
    return reach is Reach.ANY


def may_see_unsafe_numbers(actor: Actor) -> bool:
    """Whether the actor gets numbers that are unsafe to contact: the centre does, agencies and crews do not."""
    return actor.reach(Right.INCIDENT_NUMBER) is Reach.ANY


def _taken_by(actor: Actor) -> Q:
    return Q(call__operator=actor.user) | Q(call__claimed_by=actor.ref)


def _took_a_call(actor: Actor, incident: Incident) -> bool:
    return IncidentCall.objects.filter(_taken_by(actor), incident=incident).exists()


def _has_task(agency: UUID | None, incident: Incident, states: Collection[str]) -> bool:
    return bool(agency) and Task.objects.filter(incident=incident, agency=agency, state__in=states).exists()


def _is_assigned(unit: UUID | None, incident: Incident) -> bool:
    return bool(unit) and Assignment.objects.filter(incident=incident, unit=unit, status__in=ACTIVE).exists()


def readable_family(actor: Actor, incident: Incident, family: Sequence[UUID] | None = None) -> list[UUID]:
    """Those of `family_of` whose words the actor may read: each is judged by its own restriction too.

    family: `family_of` where the caller has it already.
    """
    if not may_read_details(actor, incident):
        return []
    family = family_of(incident) if family is None else family
    if len(family) == 1:
        return [incident.id]
    found = Incident.objects.filter(pk__in=family).order_by("number")
    return [each.id for each in found if may_read_details(actor, each)]


def family_of(incident: Incident) -> list[UUID]:
    """The incident and all that was merged into it, however far: their words stay visible here."""
    found, fresh = [incident.id], [incident.id]
    while fresh:
        fresh = [row[0] for row in sql.rows(_MERGED_INTO, [fresh]) if row[0] not in found]
        found += fresh
    return found


def locked_incidents(ids: Iterable[UUID]) -> dict[UUID, Incident]:
    """These incidents, locked in their order, with type, centre and owner. Inside `transaction()` only."""
    clause = "WHERE t.id = ANY(%s::uuid[]) ORDER BY t.id FOR NO KEY UPDATE OF t"
    return {row.id: row for row in sql.instances(Incident, clause, [list(ids)], related=_RELATED)}
