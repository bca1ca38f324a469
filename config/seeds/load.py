"""Loading the shipped data into a place: only what is missing, once per version of the files."""

from __future__ import annotations

from django.db import connection

from accounts.actors import system_actor
from accounts.models import Centre
from config.events import SiteEvent
from config.seeds import sumenep
from config.seeds.defaults import load_centre, load_defaults
from core import clock, events
from core.data_files import digest
from core.models import Event

FACT = SiteEvent.DEFAULTS_LOADED


def load(*, people: bool) -> dict[str, int] | None:
    """Load the shipped defaults and, with `people`, Sumenep's invented stations, units, desks and people.

    What is there already, edited or not, stays as it is. Returns how many rows were added by kind, or None where
    this version of the files was loaded before (then nothing is written, and a row the site removed stays away).
    """
    version = digest(["defaults", "sumenep"])
    if _loaded(Centre.objects.order_by("code").first(), version, people=people):
        return None
    with events.transaction(), connection.cursor() as cursor:
        # A slow machine settles the places longer than a request may leave its transaction idle.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        centre = load_centre()
        if _loaded(centre, version, people=people):  # another process was faster
            return None
        actor = system_actor(centre.id, "defaults")
        at = clock.now()
        added = load_defaults(centre, by=actor.ref, at=at)
        subjects = {f"centre:{centre.id}"}
        if people:
            added["stations"] = len(sumenep.load_stations(centre))
            units = sumenep.load_units(centre, by=actor.ref, at=at)
            added["units"] = len(units)
            added["agency_desks"] = len(sumenep.load_desks(centre))
            added["people"] = len(sumenep.load_people(centre, at=at))
            subjects |= {f"unit:{unit.id}" for unit in units} | {f"agency:{unit.agency_id}" for unit in units}
        events.append(
            FACT,
            actor=actor.ref,
            subjects=subjects,
            at=at,
            data={"version": version, "with_people": people, "added": added},
        )
    return added


def _loaded(centre: Centre | None, version: str, *, people: bool) -> bool:
    if centre is None:
        return False
    last = (
        Event.objects.filter(subjects__contains=[f"centre:{centre.id}"], kind=FACT)
        .order_by("-seq")
        .values_list("data", flat=True)
        .first()
    )
    return last is not None and last["version"] == version and (last["with_people"] or not people)
